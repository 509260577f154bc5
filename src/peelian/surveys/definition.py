"""What a questionnaire asks: the dataclasses that the rest of the app works with, and how they are stored (JSON).

A page or a question may hang on answers given on earlier pages. A text may repeat an earlier answer: "You said
{how_safe}." `reading` reads what is stored, and says what is wrong with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

SINGLE, MULTIPLE, LIKERT, RATING, TEXT, GRID, PLACE = "single", "multiple", "likert", "rating", "text", "grid", "place"
KINDS = {
    SINGLE: "One of several",
    MULTIPLE: "As many as apply",
    LIKERT: "A scale, such as agree to disagree",
    RATING: "0 to 10",
    TEXT: "Their own words",
    GRID: "Several things on one scale",
    PLACE: "A place on the map",
}
CHOSEN = (SINGLE, MULTIPLE, LIKERT, GRID)  # have options
ASKABLE = (SINGLE, MULTIPLE, LIKERT, RATING)  # pages may hang on them
DONT_KNOW = "dk"  # the code of "don’t know", which stands apart from a scale
HIGHEST = 10
LONGEST_TEXT = 2_000  # characters of a free answer
MOST_PAGES, MOST_QUESTIONS, MOST_OPTIONS, MOST_ROWS = 30, 80, 60, 20
LONGEST = {"text": 500, "hint": 500, "title": 120, "intro": 2_000, "option": 200, "end": 60}
ENGLISH = "en"
PIPE = re.compile(r"\{([a-z][a-z0-9_]{0,29})\}")

Words = Mapping[str, str]  # language → words; English is always there where there are any


def say(words: Words, language: str = "") -> str:
    """In a language, or in English where nobody translated it."""
    return words.get(language) or words.get(ENGLISH, "")


def said_in(words: Words, language: str) -> str:
    """The language that `say` answers in, for a lang attribute."""
    return language if words.get(language) else ENGLISH


@dataclass(frozen=True)
class Option:
    code: str
    text: Words
    alone: bool = False  # "none of these": with no other


@dataclass(frozen=True)
class Condition:
    """Of the answers to an earlier question, one of these."""

    question: str
    answers: tuple[str, ...]


@dataclass(frozen=True)
class Question:
    """`good` are the codes that count as the good end of a scale, for results. `source` says where a question of the
    library comes from, `item` which it is, so that waves and forces can be compared."""

    key: str
    kind: str
    text: Words
    hint: Words = field(default_factory=dict)
    required: bool = False
    options: tuple[Option, ...] = ()
    rows: tuple[Option, ...] = ()
    dont_know: bool = False
    good: tuple[str, ...] = ()
    low: Words = field(default_factory=dict)
    high: Words = field(default_factory=dict)
    show: tuple[Condition, ...] = ()
    item: str = ""
    source: str = ""

    @property
    def codes(self) -> tuple[str, ...]:
        """Every answer that can be chosen, "don’t know" among them."""
        found = (
            tuple(str(n) for n in range(HIGHEST + 1)) if self.kind == RATING else tuple(o.code for o in self.options)
        )
        return (*found, DONT_KNOW) if self.dont_know else found

    def label(self, code: str, language: str = "") -> str:
        """An answer in words."""
        return next((say(option.text, language) for option in self.options if option.code == code), code)


@dataclass(frozen=True)
class Page:
    key: str
    title: Words = field(default_factory=dict)
    intro: Words = field(default_factory=dict)
    show: tuple[Condition, ...] = ()
    questions: tuple[Question, ...] = ()


@dataclass(frozen=True)
class Questionnaire:
    pages: tuple[Page, ...] = ()

    @property
    def questions(self) -> list[Question]:
        return [question for page in self.pages for question in page.questions]

    def page(self, key: str) -> Page | None:
        return next((page for page in self.pages if page.key == key), None)

    def question(self, key: str) -> Question | None:
        return next((question for question in self.questions if question.key == key), None)

    def page_of(self, key: str) -> Page | None:
        """The page that a question stands on."""
        return next((page for page in self.pages if any(q.key == key for q in page.questions)), None)

    def texts(self) -> Iterator[tuple[str, str, Words]]:
        """Everything that residents read and a translator writes: (address, what it is, words)."""
        for page in self.pages:
            yield f"{page.key}|title", "Title of the page", page.title
            yield f"{page.key}|intro", "Words at the head of the page", page.intro
            for one in page.questions:
                at = f"{page.key}|{one.key}"
                yield f"{at}|text", "Question", one.text
                yield f"{at}|hint", "Hint", one.hint
                yield f"{at}|low", "What 0 means", one.low
                yield f"{at}|high", "What 10 means", one.high
                for row in one.rows:
                    yield f"{at}|rows|{row.code}", "Line", row.text
                for option in one.options:
                    yield f"{at}|options|{option.code}", "Answer", option.text


# Storing ----------------------------------------------------------------------------------------------------------


def store(found: Questionnaire) -> dict[str, Any]:
    """As JSON, without what is empty; `parse` reads it back to the same."""
    return {"pages": [_stored_page(page) for page in found.pages]}


def _stored_page(page: Page) -> dict[str, Any]:
    made: dict[str, Any] = {"key": page.key, "title": dict(page.title), "intro": dict(page.intro)}
    made |= {"show": _stored_show(page.show), "questions": [_stored_question(one) for one in page.questions]}
    return {name: value for name, value in made.items() if value or name == "questions"}


def _stored_question(one: Question) -> dict[str, Any]:
    made: dict[str, Any] = {
        "key": one.key, "kind": one.kind, "text": dict(one.text), "hint": dict(one.hint), "required": one.required,
        "options": [_stored_option(option) for option in one.options],
        "rows": [_stored_option(row) for row in one.rows],
        "dont_know": one.dont_know, "good": list(one.good), "low": dict(one.low), "high": dict(one.high),
        "show": _stored_show(one.show), "item": one.item, "source": one.source,
    }  # fmt: skip
    return {name: value for name, value in made.items() if value or name == "text"}


def _stored_option(option: Option) -> dict[str, Any]:
    made: dict[str, Any] = {"code": option.code, "text": dict(option.text)}
    return made | ({"alone": True} if option.alone else {})


def _stored_show(show: Sequence[Condition]) -> list[dict[str, Any]]:
    return [{"question": one.question, "answers": list(one.answers)} for one in show]
