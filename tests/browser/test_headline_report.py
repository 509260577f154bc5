"""From a measure to a paper: read the chart, see who has to write, open the paper, let what was found stand."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.looking import PHONE, Person

pytestmark = pytest.mark.browser
Makes = Callable[..., Person]
MEASURES, WRITING, PAPERS = "/staff/insight/measures/", "/staff/insight/measures/writing/", "/staff/insight/papers/"


def test_from_a_measure_to_a_paper(staff: Makes) -> None:
    analyst, administrator = staff("analyst", to=MEASURES), staff("administrator")
    analyst.look("measures")
    analyst.follow("Burglaries recorded")
    assert analyst.page.locator("#series svg").count() == 2  # one for wide places, one for narrow ones
    analyst.look("measure")
    analyst.open(WRITING)
    analyst.look("commentary-waiting")
    analyst.open(f"{MEASURES}import/")
    analyst.look("measures-import")
    analyst.open(f"{PAPERS}new/")
    analyst.look("paper-new")
    analyst.open(PAPERS)
    analyst.look("papers")
    waiting = administrator.open(PAPERS).locator(".p-list__item", has_text="Waiting to be signed").get_by_role("link")
    administrator.go(waiting)
    administrator.look("paper", widths=(PHONE,))
    while administrator.page.get_by_role("button", name="Let it stand").count():
        administrator.page.get_by_label("Why does it stand?").first.fill("As its source prints it")
        administrator.press("Let it stand")
    assert "Aim: Less burglary and robbery" in administrator.page.locator("article.paper").inner_text()
