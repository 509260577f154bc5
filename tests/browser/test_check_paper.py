"""A paper is checked: pasted, read beside what contradicts it, put right."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.looking import Person

pytestmark = pytest.mark.browser
PAPER = """# Specials in 2023

In 2017/18 1,094 young people entered the criminal justice system for the first time. This was a reduction of 13%
from 2015/16 when the figure stood at 1,232.

Each month's report is read by the board. It names who gave how many hours.

The hours come from the duty sheet.

Officers are asked to sign off their duties within a week.

What is late is added to its own month.

| SLA compliance | Apr-23 | May-23 | Jun-23 |
|---|---|---|---|
| Active, under 16 hours | 61 | 47 | 58 |
| Active, over 16 hours | 68 | 130 | 111 |
| In training | 15 | 14 | 30 |
| Not operational | 35 | 32 | 40 |
| Leave of absence | 16 | 15 | 11 |
| Total special constables | 247 | 238 | 250 |
"""


def test_a_paper_is_checked_beside_its_lines(staff: Callable[..., Person]) -> None:
    analyst = staff("analyst")
    analyst.open("/staff/insight/check/")
    analyst.look("check-paper-empty")
    analyst.press("Check it")
    analyst.look("check-paper-nothing-given")
    analyst.fill("Paste a paper or a table", PAPER)
    analyst.press("Check it")
    assert analyst.page.locator("#found").inner_text() == "2 contradictions in what was pasted"
    assert analyst.page.locator(".p-check__row--found dd").all_inner_texts() == ["13%", "11.2%", "247", "195"]
    analyst.look("check-paper-found")
    analyst.fill("Paste a paper or a table", PAPER.replace("13%", "11%").replace("| 68 |", "| 120 |"))
    analyst.press("Check it")
    assert analyst.page.locator("#found").inner_text() == "Nothing in what was pasted contradicts itself"
