"""Where to go first, and where an hour helps most: from the overlay to a plan and what came of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.looking import Person
from tests.browser.writing import draw_around_the_middle

pytestmark = pytest.mark.browser


def test_from_the_overlay_to_a_plan(staff: Callable[..., Person]) -> None:
    analyst = staff("analyst")
    analyst.open("/staff/insight/overlay/?topic=deprivation&group=1&group=2")
    assert analyst.page.get_by_text("The list for tasking").count() == 1
    analyst.look("outreach-overlay")
    analyst.open("/staff/insight/outreach/")
    analyst.look("outreach-planner")
    analyst.page.locator("input[name=place]").first.check()
    analyst.press("Plan the ticked places")
    analyst.look("outreach-new")
    analyst.press("Save the plan")
    assert "Choose" in analyst.page.locator(".govuk-error-summary").inner_text()
    draw_within(analyst)
    analyst.open("/staff/insight/outreach/plans/")
    analyst.go(analyst.page.locator("tbody a").last)
    assert "Signed up" in analyst.page.locator("thead").inner_text()
    analyst.look("outreach-plan")


def draw_within(analyst: Person) -> None:
    """A shape drawn on the map, saved, and planned within."""
    analyst.open("/staff/insight/outreach/shapes/")
    analyst.page.get_by_label("Name of the shape").fill("The estate")
    analyst.page.get_by_label("Team").select_option(index=1)
    draw_around_the_middle(analyst)
    assert analyst.page.locator("#shapes").inner_text().split() == ["Shape", "1", "Remove"]
    analyst.look("outreach-shapes")
    analyst.press("Save the shape")
    assert "within The estate" in analyst.page.locator("h1").inner_text()
