"""Every page of the documentation is there where it is named, and is named where one looks for it."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")), *sorted((ROOT / "src").rglob("README.md"))]
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")  # of files, without the place inside


def linked(page: Path) -> set[Path]:
    return {(page.parent / target).resolve() for target in LINK.findall(page.read_text())}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_link_leads_to_a_file(page: Path) -> None:
    assert [str(target) for target in sorted(linked(page)) if not target.exists()] == []


@pytest.mark.parametrize(
    ("index", "pages"),
    [("README.md", "docs/how-to"), ("README.md", "docs/reference"), ("docs/decisions/README.md", "docs/decisions")],
)
def test_an_index_names_each_page(index: str, pages: str) -> None:
    named = linked(ROOT / index)
    assert [page.name for page in sorted((ROOT / pages).glob("[!R]*.md")) if page.resolve() not in named] == []
