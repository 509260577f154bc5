"""The twenty contradictions of systems.md 14: found in the papers' words, found in other words, silent when put
right."""

from __future__ import annotations

import pytest

from peelian.insight.checker import check_documents
from peelian.insight.checker.document import from_csv, from_markdown
from peelian.insight.checker.findings import Finding
from peelian.insight.checker.tests.cases import CASES, Case, Expected

BY_NAME = pytest.mark.parametrize("case", CASES, ids=[f"{c.number:02}-{c.name}" for c in CASES])


def checked(texts: tuple[str, ...], *, csv: bool) -> list[Finding]:
    read = from_csv if csv else from_markdown
    return check_documents([read(text, f"paper-{i}.{'csv' if csv else 'md'}") for i, text in enumerate(texts)])


def said(findings: list[Finding]) -> set[Expected]:
    return {Expected(f.kind, f.printed, f.expected) for f in findings}


@BY_NAME
def test_found_in_the_papers_words(case: Case):
    found = said(checked(case.paper, csv=case.csv))
    assert set(case.in_paper) <= found


@BY_NAME
def test_found_in_other_words_and_nothing_else(case: Case):
    assert said(checked(case.invented, csv=case.csv)) == set(case.in_invented)


@BY_NAME
def test_silent_when_it_is_put_right(case: Case):
    assert [f.as_line() for f in checked(case.corrected, csv=case.csv)] == []


def test_all_twenty_are_here():
    assert [case.number for case in CASES] == list(range(1, 21))
