"""A PCSO signs people up at their doors, with a signal that comes and goes, on a phone that changes hands."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import Force
from tests.browser.looking import PHONE, Person, until
from tests.browser.phone import Known, Phone, a_phone

pytestmark = pytest.mark.browser
DOORSTEP = "/staff/members/doorstep/"
NARROW = (PHONE,)
PEOPLE = [("Quillon", "quillon@door.example"), ("Zebedee", "zebedee@door.example"), ("Undine", "undine@door.example")]


def signed_up(force: Known) -> list[str]:
    emails = [email for _, email in PEOPLE]
    rows = force.sql(
        "SELECT a.value FROM members_member m JOIN contacts_address a ON a.id = m.email_id"
        " JOIN members_doorstepsignup d ON d.member_id = m.id WHERE a.value = ANY(%s) ORDER BY a.value",
        emails,
    )
    return [row[0] for row in rows]


def sign_up(phone: Phone, name: str, email: str) -> None:
    page = phone.page
    page.get_by_label("First name").fill(name)
    page.get_by_label("Email", exact=True).fill(email)
    page.get_by_label("Postcode").fill(phone.force.postcode)
    page.locator("input[name=organisations]").first.check()
    page.get_by_label("I read this out").check()
    page.get_by_role("button", name="Sign them up").click()


def test_three_offline_reloaded_session_expired_first_answer_lost(browser: Browser, force: Force) -> None:
    with a_phone(browser, force) as phone:
        phone.sign_in("pcso", to=DOORSTEP)
        phone.is_ready()
        phone.person.look("doorstep", widths=NARROW)
        phone.page.get_by_role("button", name="Sign them up").click()
        phone.person.look("doorstep-wrong", widths=NARROW)
        phone.lose_signal()
        phone.says("No signal")
        sign_up(phone, *PEOPLE[0])
        phone.says("1 waiting to be sent")
        phone.page.reload()  # without a signal: the page that the phone keeps
        assert phone.person.heading == "Sign somebody up"
        phone.says("1 waiting to be sent")
        for number, person in enumerate(PEOPLE[1:], 2):
            sign_up(phone, *person)
            phone.says(f"{number} waiting to be sent")
        phone.person.look("doorstep-offline", widths=NARROW)
        assert phone.waiting() == 3
        kept = " ".join(phone.kept())
        assert not [word for person in PEOPLE for word in person if word.lower() in kept.lower()]

        phone.end_session()
        phone.find_signal()
        phone.says("You are signed out")
        phone.person.look("doorstep-signed-out", widths=NARROW)
        phone.wire.lose_answer_to(f"POST {DOORSTEP}send/".encode())
        phone.person.follow("Sign in to send 3 waiting sign-ups")
        phone.sign_in_again("pcso")
        until(lambda: phone.wire.lost == 1, "the answer is lost")
        assert signed_up(phone.force) == sorted(email for _, email in PEOPLE)  # the server has them
        phone.says("3 waiting to be sent")  # the phone does not know
        phone.page.evaluate("() => window.dispatchEvent(new Event('online'))")
        phone.says("3 sign-ups sent")
        assert phone.waiting() == 0
        assert signed_up(phone.force) == sorted(email for _, email in PEOPLE)  # once each
        phone.person.look("doorstep-sent", widths=NARROW)


def test_the_phone_changes_hands(browser: Browser, force: Force) -> None:
    with a_phone(browser, force) as phone:
        phone.sign_in("pcso", to=DOORSTEP)
        phone.is_ready()
        leave_one(phone, "Quillon")
        phone.end_session()
        phone.find_signal()
        phone.sign_in("sergeant", to=DOORSTEP)  # on the same phone
        until(lambda: phone.waiting() == 0, "what the first one left is gone")

        phone.is_ready()
        leave_one(phone, "Zebedee")
        phone.wire.mend()  # a signal, but the page has not noticed
        phone.page.get_by_role("button", name="Sign out").click()
        phone.says("not sent yet. Signing out deletes it")
        phone.person.look("doorstep-leaving", widths=NARROW)
        phone.person.context.set_offline(False)
        until(lambda: phone.waiting() == 0, "it is sent first, since there is a signal")

        phone.page.evaluate(f"() => caches.open('doorstep-x').then((one) => one.put('{DOORSTEP}x', new Response('x')))")
        phone.page.goto("/staff/")
        phone.person.press("Sign out")
        assert "/login/" in phone.page.url
        kept = [row for row in phone.kept() if row != "{}" and "htmx-current-path" not in row]
        assert kept == []  # nothing is left on the phone
        assert not phone.page.evaluate("() => navigator.serviceWorker.getRegistrations().then((all) => all.length)")
        phone.person.hear_nothing_wrong()


def test_after_a_day_nothing_is_left(browser: Browser, force: Force) -> None:
    with a_phone(browser, force) as phone:
        phone.sign_in("pcso", to=DOORSTEP)
        phone.is_ready()
        leave_one(phone, "Undine")
        assert phone.waiting() == 1
        ends = max(json.loads(row)["ends"] for row in phone.kept() if '"ends"' in row)
        phone.page.clock.set_system_time(ends / 1000 + 1)
        phone.page.reload()
        phone.says("could not be sent within 24 hours")
        assert phone.waiting() == 0
        phone.person.hear_nothing_wrong()


def leave_one(phone: Phone, name: str) -> None:
    phone.lose_signal()
    phone.says("No signal")
    sign_up(phone, name, f"{name.lower()}@left.example")
    phone.says("1 waiting to be sent")


@pytest.mark.parametrize("scripts", [True, False], ids=["script", "noscript"])
def test_streets(force: Force, staff: Callable[..., Person], scripts: bool) -> None:
    pcso = staff("pcso", scripts=scripts, width=PHONE)
    name = "" if scripts else "noscript-"
    street = f"{name.capitalize()}Elm Grove"
    pcso.open(f"{DOORSTEP}streets/")
    pcso.look(f"{name}streets-demo")
    pcso.follow("Add a street")
    pcso.press("Put it on the list")
    pcso.look(f"{name}street-add-wrong", widths=NARROW)
    pcso.page.get_by_label("Name of the street").fill(street)
    pcso.page.get_by_label("Any postcode in it").fill(Known(force).postcode)
    pcso.page.get_by_label(re.compile("Numbers to visit")).fill("1 to 9 odd, 12a")
    pcso.press("Put it on the list")
    pcso.follow(street)
    for number, outcome in (("1", "Done"), ("3", "No answer"), ("5", "Refused")):
        pcso.follow(number)
        pcso.press(outcome)
    pcso.page.get_by_label("Door number").fill("Mrs Poe")
    pcso.press("Done")
    pcso.look(f"{name}street", widths=NARROW)
    pcso.open(f"{DOORSTEP}streets/")
    pcso.look(f"{name}streets")
    pcso.follow(street)
    pcso.follow("Sign somebody up here")
    pcso.look(f"{name}doorstep-here")
    if not scripts:
        pcso.page.get_by_label("Landline").fill("01632 960123")
        pcso.page.locator("input[name=organisations]").first.check()
        pcso.page.get_by_label("I read this out").check()
        pcso.press("Sign them up")
        assert "One message is on its way" in pcso.page.locator("main").inner_text()
    pcso.follow("Type a code")
    pcso.press("They said yes")
    pcso.look(f"{name}doorstep-code")


def test_saying_yes_by_a_code(somebody: Callable[..., Person]) -> None:
    resident = somebody(width=PHONE)
    resident.open("/register/code/")
    resident.fill("Mobile or landline number", "07700 900123")
    resident.fill("Six-figure code", "000000")
    resident.press("Yes, send me messages")
    assert "That is not the code of that number" in resident.page.locator(".govuk-error-summary").inner_text()
    resident.look("register-code", widths=NARROW)
