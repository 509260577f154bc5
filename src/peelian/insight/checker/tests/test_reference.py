"""docs/reference/checker.md says what there is: every kind, and everything that no rule sees."""

from __future__ import annotations

from pathlib import Path

import pytest

from peelian.insight.checker import CANNOT_SEE, KINDS

PAGE = (Path(__file__).parents[5] / "docs" / "reference" / "checker.md").read_text()


def test_every_kind_has_its_row_with_an_example():
    rows = [line.split("|") for line in PAGE.splitlines() if line.startswith("| `")]
    assert {row[1].strip(" `") for row in rows} == set(KINDS)
    assert all(len(row[3].strip()) > 8 for row in rows)


@pytest.mark.parametrize("unseen", CANNOT_SEE)
def test_what_no_rule_sees_is_listed(unseen: str):
    assert f"- {unseen}" in PAGE


def test_the_kinds_are_the_sixteen_that_were_agreed():
    assert set(KINDS) == {
        "column-total",
        "row-total",
        "residual",
        "wrong-base",
        "direction",
        "two-values",
        "non-monotone",
        "repeated-row",
        "damaged-digits",
        "definition",
        "missing-section",
        "denominator",
        "double-count",
        "ambiguous-cell",
        "not-supplied",
        "decimals",
    }
