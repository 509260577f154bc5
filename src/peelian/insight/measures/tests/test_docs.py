"""docs/reference/measures.md lists the measures that Peelian computes, as they are."""

from __future__ import annotations

import re
from pathlib import Path

from peelian.core.measures import measures
from peelian.insight.measures.reading import COLUMNS

PAGE = Path(__file__).resolve().parents[5] / "docs" / "reference" / "measures.md"


def test_the_page_lists_the_measures_that_are_registered():
    text = PAGE.read_text(encoding="utf-8")
    for code, one in measures.items():
        row = f"| `{code}` | {one.definition} | {one.unit} | {one.denominator} | {'yes' if one.kinds else ''} |"
        assert row.replace("|  |", "| |") in text, code
    assert set(re.findall(r"^\| `([a-z-]+)` \|", text, re.M)) - set(measures) <= set(COLUMNS)


def test_the_page_says_what_each_column_holds():
    text = PAGE.read_text(encoding="utf-8")
    assert [name for name in COLUMNS if f"`{name}`" not in text] == []
