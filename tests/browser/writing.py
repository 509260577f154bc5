"""How a PCSO writes an alert and has it approved, step by step, with JavaScript and without."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.looking import Person

WARD = "Curlewstead"
TOPIC = "Vehicle crime"
HAPPENING = """Three vans were broken into on Mill Lane between 11pm on Monday and 5am on Tuesday. Tools were taken.

- The vans were parked in the street
- Nobody was hurt"""
DOING = "We walk Mill Lane every evening this week. On Thursday we speak with the people who park there."
CAN_DO = "Take your tools indoors at night. If you saw something, reply to this message or call **101**."
COUNT = ".p-audience__count"


def begin(officer: Person) -> str:
    """Start a draft; returns its reference."""
    officer.open("/staff/alerts/new/")
    officer.press("Start writing")
    return officer.page.url.split("/")[-3]


def write(officer: Person, title: str) -> None:
    officer.fill("Title", title)
    officer.page.get_by_label("Type", exact=True).select_option(label=TOPIC)
    officer.fill("What is happening", HAPPENING)
    officer.fill("What we are doing", DOING)
    officer.fill("What you can do", CAN_DO)


def draw_around_the_middle(officer: Person, *, reach: float = 0.12) -> None:
    """Draw a shape of five corners on the map with the mouse, REACH of the map's width from its middle."""
    page = officer.page
    officer.button("Draw a shape").click()
    page.locator("#draw-map").scroll_into_view_if_needed()
    box = page.locator("#draw-map").bounding_box()
    assert box
    x, y, r = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, box["width"] * reach
    corners = [(x - r, y - r / 2), (x, y - r), (x + r, y - r / 3), (x + r / 2, y + r), (x - r * 0.8, y + r * 0.7)]
    for corner in [*corners, corners[0]]:
        page.mouse.move(*corner, steps=3)
        page.mouse.click(*corner)
    expect(page.locator("#shapes li")).to_have_count(1)


def count(officer: Person) -> int:
    """The number of people in the panel."""
    said = officer.page.locator(COUNT).inner_text()
    return int("".join(re.findall(r"\d", said)) or 0)


def wait_for_count(officer: Person, *, not_: str) -> int:
    expect(officer.page.locator(COUNT)).not_to_have_text(not_)
    return count(officer)


def wait_until_saved(officer: Person) -> None:
    expect(officer.page.locator("#save-state")).to_contain_text("Saved")
    officer.page.wait_for_load_state("networkidle")
