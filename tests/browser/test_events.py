"""A resident signs up for an event without script, and an officer logs a talk with three taps on a phone."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.looking import PHONE, Person

pytestmark = pytest.mark.browser


def test_a_place_at_an_event_and_a_talk_in_three_taps(
    somebody: Callable[..., Person], staff: Callable[..., Person]
) -> None:
    resident = somebody(scripts=False)
    resident.open("/events/?kind=forum")
    resident.look("events-list")
    resident.go(resident.page.locator(".ev-item:not(.ev-item--cancelled) a").last)
    resident.look("event")
    resident.go(resident.page.locator("main a.govuk-button"))
    resident.fill("Your email address", "coming@home.example")
    resident.look("event-sign-up")
    resident.press("I am coming")
    assert resident.heading == "Look at your email"

    officer = staff("sergeant", to="/staff/events/street/", width=PHONE, scripts=False)
    officer.look("street-log")
    officer.page.locator("#kind-shop").check()
    officer.page.locator("[id^=place-area]").first.check()
    officer.press("2 to 5")
    assert officer.heading == "It is kept"
    officer.look("street-kept", widths=(PHONE,))
    officer.open("/staff/events/?which=past")
    officer.go(officer.page.locator(".ev-item__title a"))
    officer.look("event-staff")
