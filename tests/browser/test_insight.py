"""Insight as an analyst walks through it, by script and without: every page that the overview names, one neighbourhood,
one team, and the figures behind a chart."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tests.browser.looking import Person

pytestmark = pytest.mark.browser
Makes = Callable[..., Person]
OVERVIEW = "/staff/insight/"


@pytest.mark.parametrize("scripts", [True, False], ids=["script", "noscript"])
def test_an_analyst_reads_what_there_is(staff: Makes, scripts: bool) -> None:
    analyst = staff("analyst", scripts=scripts)
    name = "" if scripts else "noscript-"
    analyst.open(OVERVIEW)
    analyst.look(f"{name}insight")
    paths = [one.get_attribute("href") or "" for one in analyst.page.locator(".p-insight-list a").all()]
    assert f"{OVERVIEW}panels/" in paths
    for path in paths:
        analyst.open(path)
        analyst.look(f"{name}insight-{path.rstrip('/').rpartition('/')[2]}")


def test_figures_behind_a_chart_and_a_neighbourhood(staff: Makes) -> None:
    sergeant = staff("sergeant")
    sergeant.open(f"{OVERVIEW}panels/")
    months = sergeant.page.locator("#months")
    months.get_by_text("Show the figures").click()
    assert months.locator("table").is_visible()
    sergeant.look("insight-panel-open")
    sergeant.open(f"{OVERVIEW}engagement/")
    sergeant.go(sergeant.page.locator("#neighbourhoods tbody a").first)
    sergeant.look("insight-neighbourhood")
    sergeant.open(f"{OVERVIEW}engagement/")
    sergeant.go(sergeant.page.get_by_role("button", name=re.compile("Stop the weekly email")))
    assert "You get no weekly email any more" in sergeant.page.locator("main").inner_text()
