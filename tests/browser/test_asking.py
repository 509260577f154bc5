"""Asking people to answer: victims from a list, with a mistake in the file that is mended; a sample that somebody else
approves; a reminder. By keyboard, in the dark and on paper where people do so."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browser.looking import DESK, PHONE, SCREENSHOTS, Person

pytestmark = pytest.mark.browser
Makes = Callable[..., Person]
SURVEYS = "/staff/surveys/"
HEAD = "reference,crime_type,date,safe_to_contact,email,mobile,area,age,child,domestic_abuse"
PEOPLE = [
    f"BROWSER/{number},{'Robbery' if number % 3 else 'Criminal damage'},2026-08-1{number % 9},yes,"
    f"asked.{number}@browser.example,,,,,"
    for number in range(1, 15)
]
WRONG = [HEAD, *PEOPLE[:3], PEOPLE[3].replace("2026-08", "last August"), *PEOPLE[4:]]
RIGHT = [HEAD, *PEOPLE, "BROWSER/90,Rape,2026-08-11,yes,not@browser.example,,,,,"]


def a_file(folder: Path, rows: list[str]) -> Path:
    found = folder / "people.csv"
    found.write_text("\n".join([*rows, ""]))
    return found


def an_open_survey(person: Person, begin: str) -> str:
    """Made by pressing what there is to press; its address."""
    person.open(f"{SURVEYS}new/")
    person.page.get_by_label(begin, exact=True).first.check()
    person.press("Make a draft")
    home = person.page.url
    person.open(f"{home}open/")
    person.press("Open the survey")
    return home.removeprefix(person.base)


def test_victims_are_asked_from_a_list_whose_mistake_is_mended(staff: Makes, tmp_path: Path) -> None:
    lead = staff("communications", to=SURVEYS)
    home = an_open_survey(lead, "How we dealt with what happened to you")
    lead.open(f"{home}lists/")
    lead.look("lists-none")
    lead.page.get_by_label("The list, as CSV").set_input_files(a_file(tmp_path, WRONG))
    lead.press("Bring the people in")
    lead.look("lists-wrong")
    said = lead.page.locator(".govuk-error-summary").inner_text()
    assert "line 5" in said
    assert "date" in said
    lead.page.get_by_label("The list, as CSV").set_input_files(a_file(tmp_path, RIGHT))
    lead.press("Look it through")
    lead.look("lists-looked-through")
    lead.page.get_by_label("The list, as CSV").set_input_files(a_file(tmp_path, RIGHT))
    lead.press("Bring the people in")
    lead.look("list")
    print_of(lead, "list")
    lead.press("Check and send the invitation")
    lead.look("list-check")
    by_keyboard(lead, "Send to 14 people")
    assert "On its way to 14 addresses" in lead.page.locator("main").inner_text()
    lead.press("Remind those who have not answered")
    lead.look("list-remind-too-early")
    assert "less than 5 days before" in lead.page.locator("main").inner_text()
    by_telephone(lead, home)
    lead.open(f"{home}results/list/")
    lead.look("list-results")


def by_telephone(lead: Person, home: str) -> None:
    lead.open(f"{home}call/")
    lead.press("Look up and begin")
    lead.look("call-wrong")
    lead.fill("Reference, email address or mobile number", "browser/7")
    lead.page.get_by_label("Why do you look them up?").select_option("asked")
    lead.press("Look up and begin")
    lead.look("call-page")
    for group in lead.page.get_by_role("group").all():
        if group.get_by_role("radio").count():
            group.get_by_role("radio").first.check()
    lead.press("Continue")
    lead.look("call-second-page")


def test_a_list_that_was_reminded_once_is_reminded_again_in_the_dark(staff: Makes) -> None:
    lead = staff("communications", to=SURVEYS, dark=True)
    link = lead.page.get_by_role("link", name="How we dealt with what happened to you", exact=True)
    lead.open(f"{SURVEYS}?state=open")
    homes = [one.get_attribute("href") for one in link.all()]
    for home in homes:  # the demonstration's, which has a list
        lead.open(f"{home}results/list/")
        if lead.page.get_by_text("how many of the list answered").count():
            break
    lead.look("list-results-dark")
    lead.open(f"{home}lists/")
    lead.go(lead.page.locator("tbody th a"))
    lead.look("list-reminded-dark")
    lead.press("Remind those who have not answered")
    lead.look("list-remind-dark")
    lead.press("Send the reminder to")
    lead.look("list-reminded-twice-dark")
    assert "There is no third reminder" in lead.page.locator("main").inner_text()


def test_a_sample_by_strata_is_approved_by_somebody_else(staff: Makes) -> None:
    sergeant, lead = staff("sergeant", to=SURVEYS), staff("communications")
    home = an_open_survey(sergeant, "Confidence in the police")
    sergeant.open(f"{home}invite/")
    sergeant.page.get_by_label("Everybody in the force’s area").check()
    sergeant.fill("How many people, drawn by lot", "40")
    sergeant.page.get_by_label("Strata by where they live").select_option("sector")
    sergeant.page.get_by_label("Strata by how they take part").select_option("since")
    sergeant.fill("Seed", "1829")
    sergeant.look("sample")
    sergeant.press("Check and send")
    sergeant.look("sample-check")
    sergeant.press("Ask for approval")
    sergeant.look("sample-waits")
    sergeant.follow("An invitation to")
    sergeant.look("sample-waits-for")
    path = sergeant.page.url.removeprefix(sergeant.base)
    lead.open(path)
    lead.look("sample-approve")
    assert "two reminders without asking again" in lead.page.locator("main").inner_text()
    by_keyboard(lead, "Approve: send to")
    lead.open(f"{home}invitations/")
    lead.look("sample-sent")
    print_of(lead, "sample-sent")
    lead.follow("Reminders")
    lead.look("sample-remind-too-early")


def by_keyboard(person: Person, button: str) -> None:
    """Reached by Tab alone, with a focus that shows, and pressed."""
    named = re.compile(f"^{re.escape(button)}")
    for _ in range(80):
        person.page.keyboard.press("Tab")
        at = person.page.locator("button:focus")
        if at.count() and named.match(at.inner_text().strip()):
            break
    else:
        raise AssertionError(f"Tab never came to {button}")
    shown = at.evaluate("one => getComputedStyle(one).outlineStyle + getComputedStyle(one).boxShadow")
    assert shown != "nonenone"
    with person.page.expect_navigation():
        person.page.keyboard.press("Enter")


def print_of(person: Person, name: str) -> None:
    """As on paper: nothing to press, and no wider than the sheet."""
    page = person.page
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 794, "height": 1123})  # A4 at 96 dots an inch
    assert page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth") <= 0
    page.screenshot(path=SCREENSHOTS / f"{name}-print.png", full_page=True, caret="initial")
    page.emulate_media(media="screen")
    page.set_viewport_size({"width": DESK if person.width != PHONE else PHONE, "height": 800})
