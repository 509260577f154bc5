"""A resident signs up for an event without script, an officer logs a talk with three taps on a phone, and a World Café
goes from planning to what is given back."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import expect

from peelian.core import clock
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


def test_a_world_cafe_from_planning_to_what_is_given_back(
    somebody: Callable[..., Person], staff: Callable[..., Person]
) -> None:
    begins = datetime.now(clock.LONDON) - timedelta(minutes=30)
    officer = staff("sergeant", to="/staff/events/new/")
    page = officer.page
    page.locator("#id_kind").select_option("cafe")
    officer.fill("Title", "World Café on the green")
    page.locator("#id_day").fill(f"{begins:%Y-%m-%d}")
    page.locator("#id_starts").fill(f"{begins:%H:%M}")
    page.locator("#id_ends").fill(f"{begins + timedelta(hours=2):%H:%M}")
    page.locator("#id_area").select_option(index=1)
    page.locator("#id_venue").fill("The bandstand")
    page.locator("#pin summary").click()
    officer.button("Put the pin in the middle").click()
    expect(page.locator("#pin-said")).to_have_text("The pin is where you put it.")
    officer.look("event-pin")
    officer.press("Keep as a draft")
    ref = page.url.rstrip("/").rsplit("/", 1)[-1]
    officer.press("Publish")

    resident = somebody(width=PHONE)
    resident.open(f"/events/{ref}/")
    resident.page.locator("details[data-point] summary").click()
    expect(resident.page.locator(".leaflet-tooltip")).to_have_text("The bandstand")
    resident.look("event-map")

    officer.open(f"/staff/events/{ref}/cafe/")
    officer.fill("Questions", "What makes you feel safe here?\nWhat would you change?")
    officer.fill("Who takes notes at each table", "PCSO\nYouth service")
    officer.look("cafe-set-up")
    officer.press("Keep questions and tables")
    officer.open(f"/staff/events/{ref}/cafe/codes/")
    officer.look("cafe-codes")
    table = page.locator(".ev-codes a").first.get_attribute("href")
    assert table

    host = somebody(width=PHONE, scripts=False)
    host.open(table)
    for said in ("Light on the path to the school", "Neighbours who say good morning"):
        host.fill("What was said?", said)
        host.press("Keep the note")
    host.look("cafe-table")

    officer.open(f"/staff/events/{ref}/cafe/notes/")
    officer.fill("What was said?", "The lamps by the bridge are out")
    officer.press("Keep the note")
    for note in page.locator(".ev-notes label").filter(has_text=re.compile("Light|lamps")).all():
        note.click()
    officer.fill("Theme of the ticked notes", "Light")
    officer.press("Put them under it")
    officer.look("cafe-notes")
    officer.open(f"/staff/events/{ref}/cafe/back/")
    officer.fill("What did we learn?", "The way to school is the darkest.")
    page.locator("#id_theme").select_option(label="Light")
    officer.press("Keep it")
    page.locator("#id_story").fill("The council mends the lamps by May.")
    officer.press("Publish it")
    officer.look("cafe-back")

    officer.open(f"/staff/events/{ref}/named/")
    page.locator("#id_name").fill("Ann Other")
    page.locator("#id_agreed").check()
    page.locator("#id_email").fill("ann@home.example")
    page.locator("#id_wants_back").check()
    officer.go(page.locator("main form button[type=submit]"))
    officer.open(f"/staff/events/{ref}/cafe/back/")
    officer.press("Tell those who asked to hear")
    assert "Those who asked to hear were told" in page.locator("main").inner_text()
    reader = somebody(width=PHONE, scripts=False)  # who has not kept the page from before
    reader.open(f"/events/{ref}/?anew=1")  # nor takes what the server keeps of it for half a minute
    reader.look("cafe-public")
    assert "The way to school is the darkest." in reader.page.locator("main").inner_text()
