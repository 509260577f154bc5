"""Rules about this app that no single page could show."""

import re
from pathlib import Path

import peelian
from peelian.members import categories
from peelian.members.importing.columns import COLUMNS

PACKAGE = Path(peelian.__file__).parent
README = PACKAGE / "members" / "README.md"

# Who may touch equality answers: their table, the two doors they come in by, their erasure, the totals that other apps
# may have; insight reads them in aggregate, the demonstration makes some up
MAY = re.compile(
    r"members/(models|personal_data|erasing|equality|actions/joining|importing/staging|vendor_codes)\.py"
    r"|members/migrations/.*|insight/.*|config/bench/insight_reach\.py|.*demo.*|.*/tests/.*"
)


def test_equality_answers_are_joined_to_nobody():
    touching = {
        str(path.relative_to(PACKAGE))
        for path in PACKAGE.rglob("*")
        if path.suffix in {".py", ".html", ".txt", ".sql"}
        and re.search(r"EqualityAnswers|equalityanswers", path.read_text(encoding="utf-8"))
    }
    assert "members/models.py" in touching
    assert [name for name in sorted(touching) if not MAY.fullmatch(name)] == []


def test_every_column_of_the_file_is_documented_in_order():
    documented = re.findall(r"^\| `(\w+)` \|", README.read_text(encoding="utf-8"), re.M)
    assert tuple(documented) == COLUMNS


def test_every_category_is_documented():
    text = README.read_text(encoding="utf-8")
    for slug in [*categories.ETHNIC_GROUP, *categories.SEX, *categories.DISABILITY]:
        assert f"`{slug}`" in text, slug
    assert len(categories.ETHNIC_GROUP) == 19  # as the Census 2021


def test_language_codes_fit_their_column():
    assert max(map(len, categories.LANGUAGES)) <= 8
    assert categories.language("EN_gb") == "en-GB"
    assert categories.language("tlh") is None


def test_a_language_keeps_its_number() -> None:
    """The audience rows of a running installation hold them: after Zulu new ones follow, and nothing before moves."""
    first = list(categories.LANGUAGES)[: categories.LANGUAGE_NUMBERS["zu"]]
    assert first == sorted(first)
    assert len(first) == 136
