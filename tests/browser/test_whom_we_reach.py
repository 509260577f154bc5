"""Whom we reach, from the first page of Insight to a ward on a phone."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tests.browser.looking import PHONE, Person

pytestmark = pytest.mark.browser
Makes = Callable[..., Person]
INSIGHT = "/staff/insight/"


def test_from_the_force_to_a_ward_and_who_joins_there(staff: Makes) -> None:
    analyst, sergeant = staff("analyst", to=INSIGHT), staff("sergeant", to=INSIGHT, width=PHONE, scripts=False)
    analyst.follow("Whom we reach")
    analyst.look("whom-we-reach")
    analyst.page.get_by_label("Compared by").select_option("age")
    analyst.press("Show")
    assert "by age" in analyst.page.locator("h2").first.inner_text().lower()
    analyst.look("whom-we-reach-by-age")
    analyst.open(f"{INSIGHT}sign-ups/")
    analyst.look("sign-ups")
    analyst.open(f"{INSIGHT}wards/")
    analyst.look("wards-beside-each-other")

    sergeant.follow("Whom we reach")
    assert re.fullmatch("Whom we reach in .+ sector", sergeant.heading)
    sergeant.page.get_by_label("Members who are").select_option("received")
    sergeant.press("Show")
    sergeant.look("whom-we-reach-on-a-phone")
    sergeant.open(f"{INSIGHT}wards/")
    sergeant.look("wards-on-a-phone")
