"""Writing an alert under other conditions: all wrong, by keyboard alone, on a phone, in the dark, for the README."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser import writing
from tests.browser.keyboard import tab_through
from tests.browser.looking import PHONE, PROJECT, Person, for_readme

pytestmark = pytest.mark.browser
Makes = Callable[..., Person]
PARTS = ["What is happening", "What we are doing", "What you can do"]
PICTURE = PROJECT / "docs" / "images" / "compose.png"
MOST_BYTES = 400_000


def test_every_field_wrong(staff: Makes) -> None:
    """Each is named in the summary and beside the field, and what was typed is still there."""
    pcso = staff("pcso", to="/staff/alerts/")
    writing.begin(pcso)
    page = pcso.page
    page.get_by_label("Title", exact=True).evaluate("(box) => { box.removeAttribute('maxlength'); }")
    pcso.fill("Title", "Tools taken " * 40)
    for part in PARTS:
        page.get_by_label(part, exact=True).evaluate("(box) => { box.removeAttribute('maxlength'); }")
        pcso.fill(part, "word " * 3_000)
    pcso.press("Check and send")
    expect(page.locator(".govuk-error-summary li")).to_have_count(4)
    assert page.get_by_label("Title", exact=True).input_value().startswith("Tools taken Tools taken")
    pcso.look("compose-wrong")


def test_by_keyboard_alone(staff: Makes) -> None:
    pcso = staff("pcso", to="/staff/alerts/")
    writing.begin(pcso)
    page = pcso.page
    reached = tab_through(pcso)
    assert len(reached) > 40
    page.get_by_label(writing.WARD, exact=True).first.focus()
    page.keyboard.press("Space")
    writing.wait_for_count(pcso, not_="Nobody yet")
    page.get_by_role("button", name="Draw a shape").press("Enter")
    for key in ("ArrowRight", "ArrowDown", "ArrowLeft"):
        page.get_by_role("button", name="Point in the middle").press("Enter")
        page.locator("#draw-map").press(key)
    page.get_by_role("button", name="Point in the middle").press("Enter")
    page.locator("#draw-map").press("Enter")
    expect(page.locator("#shapes li")).to_have_count(1)


def test_on_a_phone_in_four_steps(staff: Makes) -> None:
    pcso = staff("pcso", to="/staff/alerts/", width=PHONE, dark=True)
    writing.begin(pcso)
    page = pcso.page
    pcso.fill("Title", "Lights out in the underpass")
    page.get_by_label("Type", exact=True).select_option(label=writing.TOPIC)
    pcso.button("Next: what you say").click()
    for part in PARTS:
        pcso.fill(part, "The lamps have been out since Monday. We asked the council to mend them.")
    pcso.look("compose-step-2-dark", widths=(PHONE,))
    pcso.button("Next: who gets it").click()
    page.get_by_label(writing.WARD, exact=True).first.check()
    expect(page.locator("#foot-count")).not_to_have_text("Nobody yet")
    pcso.look("compose-step-3-dark", widths=(PHONE,))
    pcso.button("Next: how it goes").click()
    pcso.look("compose-step-4-dark")
    writing.wait_until_saved(pcso)
    pcso.go(page.locator(".p-compose__foot").get_by_role("button", name="Check and send"))
    assert pcso.heading == "Check and send"
    pcso.look("check-dark")


if for_readme():  # PEELIAN_README_SCREENSHOT=1

    def test_picture_for_the_readme(staff: Makes) -> None:
        """The page as it is used: written, ticked, drawn and counted."""
        pcso = staff("pcso", to="/staff/alerts/")
        writing.begin(pcso)
        page = pcso.page
        writing.write(pcso, "Tools taken from vans on Mill Lane")
        page.get_by_label(writing.WARD, exact=True).first.check()
        said = page.locator(writing.COUNT).inner_text()
        writing.draw_around_the_middle(pcso, reach=0.08)
        writing.wait_for_count(pcso, not_=said)
        writing.wait_until_saved(pcso)
        page.set_viewport_size({"width": 1280, "height": 960})
        page.locator("#draw-title").evaluate(
            "(title) => scrollTo(0, title.getBoundingClientRect().top + scrollY - 400)"
        )
        PICTURE.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=PICTURE, caret="initial")
        assert PICTURE.stat().st_size <= MOST_BYTES
