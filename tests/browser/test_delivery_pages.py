"""The pages of the delivery engine: what runs, limits, costs, stopped addresses; a send that is paused, resumed and
recalled; and a resident who wants less."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

import pytest

from tests.browser import writing
from tests.browser.looking import PHONE, Person, until

pytestmark = pytest.mark.browser
Makes = Callable[..., Person]
SCRIPTS = pytest.mark.parametrize("scripts", [True, False], ids=["script", "noscript"])
DELIVERY = "/staff/delivery/"
WRONG = ".govuk-error-summary"


@SCRIPTS
def test_whoever_watches_over_delivery(staff: Makes, scripts: bool) -> None:
    administrator = staff("administrator", scripts=scripts)
    name = "" if scripts else "noscript-"
    operations(administrator, name)
    limits(administrator, name)
    costs(administrator, name)
    stopped(administrator, name)
    unreachable(administrator, name)


def operations(administrator: Person, name: str) -> None:
    administrator.open(DELIVERY)
    administrator.look(f"{name}operations")
    failed = administrator.page.locator("main a[href*='/failed/']").first
    if failed.count():
        administrator.go(failed)
        administrator.look(f"{name}operations-failed")
        assert "@" not in administrator.page.locator("main table").inner_text().replace("…@", "").replace("•@", "")


def limits(administrator: Person, name: str) -> None:
    administrator.open(f"{DELIVERY}limits/add/")
    administrator.look(f"{name}limit-add")
    administrator.go(administrator.page.locator("main form button").first)
    assert administrator.page.locator(WRONG).is_visible()
    administrator.look(f"{name}limit-wrong")
    administrator.page.get_by_role("radio", name=re.compile("mail domain", re.I)).first.check()
    administrator.fill("Mail domain", f"{name or 'with-'}limits.example")
    administrator.fill("At most this many a second", "20")
    administrator.go(administrator.page.locator("main form button").first)
    assert f"{name or 'with-'}limits.example" in administrator.page.locator("main").inner_text()
    administrator.look(f"{name}limits")


def costs(administrator: Person, name: str) -> None:
    administrator.open(f"{DELIVERY}costs/")
    administrator.look(f"{name}costs")
    for page in ("price", "budget"):
        administrator.open(f"{DELIVERY}costs/{page}/")
        administrator.look(f"{name}costs-{page}")
        administrator.go(administrator.page.locator("main form button").first)
        assert administrator.page.locator(WRONG).is_visible()
        administrator.look(f"{name}costs-{page}-wrong")


def stopped(administrator: Person, name: str) -> None:
    administrator.open(f"{DELIVERY}suppressed/")
    administrator.look(f"{name}stopped")
    administrator.open(f"{DELIVERY}suppressed/stop/")
    administrator.look(f"{name}stop")
    administrator.go(administrator.page.locator("main form button").first)
    assert administrator.page.locator(WRONG).is_visible()
    administrator.look(f"{name}stop-wrong")
    administrator.open(f"{DELIVERY}suppressed/")
    one = administrator.page.locator("main table a, main .p-list a").first
    if one.count():
        administrator.go(one)
        administrator.look(f"{name}free")


def unreachable(administrator: Person, name: str) -> None:
    administrator.open("/staff/members/unreachable/")
    administrator.look(f"{name}unreachable")
    administrator.open("/staff/members/unreachable/residents/")
    administrator.look(f"{name}unreachable-residents")


def test_a_send_is_paused_resumed_and_recalled(staff: Makes) -> None:
    pcso, administrator = staff("pcso"), staff("administrator")
    writing.begin(pcso)
    writing.write(pcso, "Copper pipes taken from a building site")
    pcso.page.get_by_label(writing.WARD, exact=True).first.check()
    writing.wait_for_count(pcso, not_="Nobody yet")
    writing.wait_until_saved(pcso)
    with one_a_minute(administrator):
        pcso.press("Check and send")
        pcso.press("Send to")
        here = pcso.page.url
        for way, name in (("Pause", "pause"), ("Go on sending", "resume")):
            until(partial(may, pcso, here, way), f"the alert can {name}")
            pcso.follow(way)
            pcso.look(f"send-{name}")
            pcso.go(pcso.page.locator("main form button").first)
        administrator.open(DELIVERY)
        administrator.look("operations-limited")
        pcso.open(here)
        pcso.follow("Stop the rest of this alert")
        pcso.look("send-recall")
        pcso.go(pcso.page.locator("main form button").last)
        assert not pcso.page.get_by_role("link", name="Go on sending").count()
        pcso.look("send-recalled")


def may(officer: Person, here: str, way: str) -> bool:
    return officer.open(here).get_by_role("link", name=way).count() > 0


@contextmanager
def one_a_minute(administrator: Person) -> Iterator[None]:
    """So few emails, by the carrier that keeps them, that there is time to pause a send."""
    administrator.open(f"{DELIVERY}limits/add/")
    administrator.page.get_by_role("radio", name=re.compile("outbox", re.I)).check()
    administrator.fill("At most this many a minute", "1")
    administrator.press("Add the limit")
    try:
        yield
    finally:
        administrator.open(DELIVERY)
        administrator.go(administrator.page.get_by_role("link", name=re.compile("^Remove the limit of .*outbox", re.I)))
        administrator.look("limit-remove")
        administrator.press("Remove the limit")


@SCRIPTS
def test_a_resident_sets_a_pace(staff: Makes, somebody: Makes, scripts: bool) -> None:
    postman, resident = staff("administrator"), somebody(width=PHONE, scripts=scripts)
    name = "" if scripts else "noscript-"
    signed_in(resident, postman, f"{name or 'with-'}pace@letterbox.example")
    resident.open("/me/pace/")
    resident.look(f"{name}pace")
    resident.page.get_by_role("radio", name=re.compile("my own", re.I)).check()
    for label in ("My own begin at", "And end at"):
        resident.page.get_by_label(label).select_option(index=3)
    resident.go(resident.page.locator("main form button").first)
    assert resident.page.locator(WRONG).is_visible(), "quiet hours that begin and end at once are none"
    resident.look(f"{name}pace-wrong")
    resident.page.get_by_label("And end at").select_option(index=9)
    resident.go(resident.page.locator("main form button").first)
    assert not resident.page.locator(WRONG).count()
    resident.look(f"{name}pace-saved")


def signed_in(resident: Person, postman: Person, email: str) -> None:
    """Join, confirm and be on one's own page."""
    resident.open("/register/")
    resident.page.get_by_label("18 or over").check()
    resident.press("Go on")
    resident.press("Go on")
    resident.fill("Email address", email)
    resident.page.locator("input[name=organisations]").first.check()
    resident.press("Go on")
    resident.press("Join")
    resident.open(newest(postman, email, r"https?://\S+/register/confirm/\S+"))
    resident.press("Yes, send me messages")
    resident.context.clear_cookies()
    resident.open("/me/")
    resident.fill("Email address or telephone number", email)
    resident.press("Send me a code")
    resident.fill("Six-figure code", newest(postman, email, r"\b\d{6}\b"))
    resident.press("Go on")


def newest(postman: Person, email: str, what: str) -> str:
    found: list[str] = []

    def has_come() -> bool:
        postman.open("/outbox/")
        first = postman.page.locator("main .p-list__item").first
        if not first.count() or email not in first.inner_text():
            return False
        postman.go(first.get_by_role("link"))
        found[:] = re.findall(what, postman.page.locator(".p-preview:not(.p-preview--email)").inner_text())
        return bool(found)

    until(has_come, f"the email to {email} in the outbox")
    return found[0]
