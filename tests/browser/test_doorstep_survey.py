"""A survey is taken from door to door: a round is made, and an officer asks with a signal that comes and goes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import Force
from tests.browser.keyboard import tab_through
from tests.browser.looking import DESK, PHONE, Person, until
from tests.browser.phone import Phone, a_phone

pytestmark = pytest.mark.browser
Makes = Callable[..., Person]
DOORS = "/staff/surveys/door/"
NARROW = (PHONE,)
ANSWERED = (
    "SELECT count(*) FROM surveys_answered a JOIN surveys_roundstreet s ON s.id = %s"
    " JOIN surveys_round r ON r.id = s.round_id WHERE a.survey_id = r.survey_id"
)
WORDS = ("Quillon", "Zebedee", "Undine")  # what they say, each once


def a_street(phone: Phone) -> int:
    """A street of the demonstration with enough doors to visit, by its number."""
    enough = (
        "SELECT s.id FROM surveys_roundstreet s JOIN surveys_round r ON r.id = s.round_id"
        " JOIN surveys_survey v ON v.id = r.survey_id AND v.state = 'open'"
        " JOIN surveys_rounddoor d ON d.street_id = s.id AND d.outcome = ''"
        " GROUP BY s.id HAVING count(*) > 3 ORDER BY count(*) DESC LIMIT 1"
    )
    return int(phone.force.sql(enough)[0][0])


def answered(phone: Phone, street: int) -> int:
    return int(phone.force.sql(ANSWERED, street)[0][0])


def done(phone: Phone, street: int) -> int:
    rows = phone.force.sql("SELECT count(*) FROM surveys_rounddoor WHERE street_id = %s AND outcome = 'done'", street)
    return int(rows[0][0])


def to_visit(phone: Phone) -> list[str]:
    """The numbers of the doors that can be seen."""
    found = phone.page.locator(".streets__list--doors .streets__number:visible")
    return found.all_inner_texts()


def opened(phone: Phone, street: int) -> None:
    """On the page of the street, which the phone keeps from now on with the questions."""
    phone.page.goto(f"{DOORS}{street}/")
    phone.is_ready()
    for path in ("", f"{street}/", f"{street}/ask/en/", f"{street}/ask/ur/"):
        phone.keeps(f"{DOORS}{path}")


def ask(phone: Phone, words: str) -> None:
    """Put the questions at the first door that is to be visited, and keep the answers."""
    page = phone.page
    phone.person.go(page.get_by_role("button", name=re.compile("^Ask at ")))
    page.locator(".q-question input").first.check()
    page.locator("textarea").first.fill(words)
    phone.person.go(page.get_by_role("button", name="Keep these answers"))


def test_three_offline_reloaded_session_expired_first_answer_lost(browser: Browser, force: Force) -> None:
    with a_phone(browser, force) as phone:
        phone.sign_in("sergeant", to=DOORS)
        street = a_street(phone)
        opened(phone, street)
        before, visited, doors = answered(phone, street), done(phone, street), to_visit(phone)

        phone.lose_signal()
        phone.says("No signal")
        ask(phone, WORDS[0])
        phone.says("1 waiting to be sent")
        assert to_visit(phone) == doors[1:]
        phone.page.reload()  # without a signal: the page that the phone keeps
        phone.says("1 waiting to be sent")
        assert to_visit(phone) == doors[1:]
        for number, words in enumerate(WORDS[1:], 2):
            ask(phone, words)
            phone.says(f"{number} waiting to be sent")
        phone.person.look("survey-door-offline", widths=NARROW)
        assert phone.waiting() == 3
        kept = " ".join(phone.kept()).lower()
        assert not [word for word in WORDS if word.lower() in kept]
        sizes = {len(json.loads(row)["sealed"]) for row in phone.kept() if '"sealed"' in row}
        assert len(sizes) == 1  # their length tells nothing either

        phone.end_session()
        phone.find_signal()
        phone.says("You are signed out")
        phone.person.look("survey-door-signed-out", widths=NARROW)
        phone.wire.lose_answer_to(f"POST {DOORS}send/".encode())
        phone.person.follow("Sign in to send 3 waiting visits")
        phone.sign_in_again("sergeant")
        until(lambda: phone.wire.lost == 1, "the answer is lost")
        assert answered(phone, street) == before + 3  # the server has them
        phone.says("3 waiting to be sent")  # the phone does not know
        phone.page.evaluate("() => window.dispatchEvent(new Event('online'))")
        phone.says("3 visits sent")
        assert phone.waiting() == 0
        assert (answered(phone, street), done(phone, street)) == (before + 3, visited + 3)  # once each
        until(lambda: to_visit(phone) == doors[3:], "the doors are done")
        phone.person.look("survey-door-sent", widths=NARROW)


def test_marks_without_a_signal_and_a_correction(browser: Browser, force: Force) -> None:
    with a_phone(browser, force) as phone:
        phone.sign_in("sergeant", to=DOORS)
        street = a_street(phone)
        opened(phone, street)
        page, doors = phone.page, to_visit(phone)
        phone.lose_signal()
        phone.says("No signal")
        page.get_by_role("button", name=re.compile("^Not in")).first.click()
        phone.says("1 waiting to be sent")
        page.get_by_role("button", name=re.compile("^Refused")).first.click()
        phone.says("2 waiting to be sent")
        assert to_visit(phone) == doors[2:]
        page.get_by_role("button", name="Remove").last.click()
        page.get_by_role("button", name="Remove for good").click()
        until(lambda: to_visit(phone) == doors[1:], "the door is to be visited again")
        kept = [json.loads(row) for row in phone.kept() if '"sealed"' in row]
        assert "not-in" not in json.dumps(kept)
        phone.find_signal()
        phone.says("Sent")
        until(lambda: "Not in, come back" in page.locator("#door-lists").inner_text(), "what the server knows")
        assert to_visit(phone) == doors[1:]
        phone.person.look("survey-door-not-in", widths=NARROW)


def test_an_answer_that_was_refused_is_corrected_where_it_was_given(browser: Browser, force: Force) -> None:
    """A place that nobody can find, typed without a signal: everything else that was said stands in the form again."""
    with a_phone(browser, force) as phone:
        phone.sign_in("sergeant", to=DOORS)
        street = a_street(phone)
        opened(phone, street)
        page, doors = phone.page, to_visit(phone)
        before, visited = answered(phone, street), done(phone, street)
        phone.lose_signal()
        phone.says("No signal")
        phone.person.go(page.get_by_role("button", name=f"Ask at {doors[0]}"))
        first, where = page.locator(".q-question input").first, page.get_by_label(re.compile("^Where "))
        first.check()
        where.fill("Nowhere at all")
        page.locator("textarea").first.fill(WORDS[0])
        phone.person.go(page.get_by_role("button", name="Keep these answers"))
        phone.says("1 waiting to be sent")

        phone.find_signal()
        phone.says("1 visit needs a correction")
        assert (to_visit(phone), answered(phone, street), done(phone, street)) == (doors[1:], before, visited)
        assert page.locator(".door__list-what").all_inner_texts() == [f"{doors[0]} needs a correction"]
        phone.person.look("survey-door-to-correct", widths=NARROW)
        phone.person.go(page.get_by_role("button", name="Correct it"))
        page.locator(".govuk-error-summary", has_text="There is a problem").wait_for()
        assert first.is_checked()
        assert (where.input_value(), page.locator("textarea").first.input_value()) == ("Nowhere at all", WORDS[0])
        assert page.locator(".door__list-what", has_text="in the form below").count() == 1
        assert page.get_by_role("button", name="Correct it").count() == 0  # it would undo what is typed here
        phone.person.look("survey-door-correcting")
        page.locator(".govuk-error-summary a").click()
        assert where.evaluate("box => box === document.activeElement")
        where.fill("")
        phone.person.go(page.get_by_role("button", name="Keep these answers"))
        phone.says("Sent")
        assert phone.waiting() == 0
        assert (answered(phone, street), done(phone, street)) == (before + 1, visited + 1)  # once
        until(lambda: to_visit(phone) == doors[1:], "the door is done")


@pytest.mark.parametrize("scripts", [True, False], ids=["script", "noscript"])
def test_a_round_is_made_and_visited(staff: Makes, scripts: bool) -> None:
    name = "survey-door" if scripts else "noscript-survey-door"
    sergeant = staff("sergeant", to="/staff/surveys/", scripts=scripts, width=DESK)
    sergeant.go(sergeant.page.get_by_role("link", name=re.compile("^At your door")).first)
    sergeant.follow("At the door")
    sergeant.look(f"{name}-rounds")
    sergeant.press("Make a round")
    sergeant.fill("Name of the round", f"Willow {name}")
    sergeant.page.get_by_label(re.compile("^Addresses")).fill("Willow Way: 1 to 9 odd, 12a\nMill Lane: Mrs Poe")
    sergeant.press("Make the round")
    sergeant.look(f"{name}-round-wrong")
    sergeant.page.get_by_label(re.compile("^Addresses")).fill("Willow Way: 1 to 9 odd, 12a\nMill Lane: 2, 4")
    sergeant.press("Make the round")
    assert "8 addresses" in sergeant.page.locator("main").inner_text()
    sergeant.look(f"{name}-round")

    officer = staff("sergeant", to=DOORS, scripts=scripts, width=PHONE)
    officer.look(f"{name}-streets")
    if scripts:
        tab_through(officer)
    round_ = officer.page.locator(f"p:has-text('Willow {name}') + .streets__list")
    officer.go(round_.get_by_role("link", name=re.compile("^Willow Way")))
    marked(officer, "Not in", "Not in, come back")
    marked(officer, "Refused", "Visited")
    officer.look(f"{name}-street")
    if scripts:
        officer.page.reload()
        tab_through(officer)
    officer.go(officer.page.get_by_role("button", name=re.compile("^Ask at ")))
    if scripts:
        tab_through(officer)
    officer.press("Keep these answers") if not scripts else officer.button("Keep these answers").click()
    officer.page.locator(".govuk-error-summary").wait_for()
    officer.look(f"{name}-questions-wrong")
    officer.follow("اردو")
    officer.look(f"{name}-questions-ur")
    officer.page.locator(".q-question input").first.check()
    officer.press("Keep these answers")
    assert officer.heading == "Willow Way"
    due = officer.page.locator(".streets__list--doors .streets__number:visible")
    until(lambda: due.count() == 3, "three doors are left")


def marked(officer: Person, button: str, heading: str) -> None:
    """Press what came of the visit to the first door; with script the page stays."""
    if officer.scripts:
        officer.button(button).click()
        officer.page.locator("#door-status", has_text="Sent").wait_for()
        officer.page.locator("#door-lists", has_text=heading).wait_for()
    else:
        officer.press(button)
    assert heading in officer.page.locator("main").inner_text()


def test_a_street_and_its_questions_in_the_dark(staff: Makes) -> None:
    officer = staff("sergeant", to=DOORS, width=PHONE, dark=True)
    officer.look("survey-door-streets-dark")
    officer.go(officer.page.locator(".streets__link").first)
    officer.look("survey-door-street-dark")
    officer.go(officer.page.get_by_role("button", name=re.compile("^Ask at ")))
    officer.look("survey-door-questions-dark")
