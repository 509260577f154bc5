"""The page: paste or choose, and read what was found beside its line. Nothing is kept."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from peelian.accounts.roles import Role
from peelian.accounts.tests.factories import make_staff, sign_in
from peelian.audit.models import Event
from peelian.insight.checker import read_pasted
from peelian.insight.checker.beside import beside
from peelian.insight.checker.findings import Finding

pytestmark = pytest.mark.django_db
WRONG = "Ward,2022,2023\nNorth,10,20\nSouth,31,41\nTotal,41,62\n"


@pytest.fixture
def analyst(client):
    sign_in(client, make_staff(Role.ANALYST))
    return client


def test_what_is_pasted_is_checked_and_not_kept(analyst, django_assert_max_num_queries):
    before = Event.objects.count()
    with django_assert_max_num_queries(12):
        page = analyst.post(reverse("insight_staff:check"), {"text": WRONG}).content.decode()
    assert "1 contradiction in what was pasted" in page
    assert "The 2 parts sum to 61; what is printed is 1 more." in page
    assert Event.objects.count() == before


def test_an_invented_paper_shows_what_is_found_and_where(analyst):
    page = analyst.get(reverse("insight_staff:check") + "?example")
    kinds = [finding.kind for finding in page.context["findings"]]
    assert kinds == ["direction", "column-total", "wrong-base", "non-monotone", "two-values"]
    assert "5 contradictions in an invented paper" in page.content.decode()


def test_a_file_is_checked_by_its_kind(analyst):
    file = SimpleUploadedFile("wards.csv", WRONG.encode())
    page = analyst.post(reverse("insight_staff:check"), {"text": "", "file": file}).content.decode()
    assert "1 contradiction in wards.csv" in page
    file = SimpleUploadedFile("paper.md", b"Loans rose by 20% from 500 to 600.\n")
    assert (
        "Nothing in paper.md contradicts itself"
        in analyst.post(reverse("insight_staff:check"), {"file": file}).content.decode()
    )


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"text": " "}, "Paste a paper or a table, or choose a file"),
        ({"text": "x" * 300_001}, "Paste at most 300,000 characters"),
        ({"file": b"\x89PNG\x00"}, "photo.csv is not a text file. Save it as CSV or as Markdown first"),
        ({"file": b"a" * 1_000_001}, "That file is larger than 1 MB"),
    ],
)
def test_what_cannot_be_read_gets_a_sentence(analyst, given, sentence):
    if "file" in given:
        given = {"file": SimpleUploadedFile("photo.csv", given["file"])}
    assert sentence in analyst.post(reverse("insight_staff:check"), given).content.decode()


def test_markup_is_shown_as_text(analyst):
    page = analyst.post(
        reverse("insight_staff:check"), {"text": "Loans <script>alert(1)</script> fell from 500 to 600.\n"}
    ).content.decode()
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert(1)" not in page


def test_passages_hold_each_line_once_with_its_findings():
    lines = ["one", "", "two", *["quiet"] * 9, "three"]
    found = [
        Finding("f", "line 3", "direction", "up", "down", "Why.", 3),
        Finding("f", "line 13", "decimals", "1", "2", "Why.", 13),
    ]
    passages = beside(lines, found)
    assert [(p.first, p.last, len(p.findings), p.is_folded) for p in passages] == [
        (1, 1, 0, False),
        (3, 3, 1, False),
        (4, 12, 0, True),
        (13, 13, 1, False),
    ]


@pytest.mark.parametrize(
    ("text", "is_table"),
    [
        (WRONG, True),
        ("a\tb\n1\t2\n", True),
        ("Loans fell, and rose, in May.\n\nThen, later, nothing more was said of them at all.\n", False),
        ("| a | b |\n|---|---|\n| 1 | 2 |\n", False),
    ],
)
def test_pasted_rows_are_told_from_a_paper(text, is_table):
    assert (not read_pasted(text).blocks) is is_table
