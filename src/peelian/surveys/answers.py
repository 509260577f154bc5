"""What somebody's answers open and close: which pages and questions they see, and what is kept at the end.

Answers map a question's key to: a code (single, likert), a whole number or "dk" (rating), a list of codes (multiple),
rows to codes (grid), words (text), {"cell", "typed"} (place). Only what somebody sees counts: an answer to a question
that a later change of mind has hidden opens nothing and is not kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from peelian.core import wording
from peelian.surveys import definition
from peelian.surveys.definition import Condition, Page, Question, Questionnaire, Words

Answers = Mapping[str, Any]
LONGEST_REPEATED = 100  # characters of an earlier answer inside a question


def seen(asked: Questionnaire, given: Answers) -> list[Page]:
    """The pages somebody with these answers sees, each with the questions they see; pages stand in their order."""
    counted: dict[str, Any] = {}
    found = []
    for page in asked.pages:
        if not _holds(page.show, counted):
            continue
        questions = tuple(one for one in page.questions if _holds(one.show, counted))
        counted |= {one.key: given[one.key] for one in questions if is_answered(given.get(one.key))}
        if questions or page.intro:
            found.append(replace(page, questions=questions))
    return found


def kept(asked: Questionnaire, given: Answers) -> dict[str, Any]:
    """The answers to what somebody sees."""
    keys = [one.key for page in seen(asked, given) for one in page.questions]
    return {key: given[key] for key in keys if is_answered(given.get(key))}


def is_answered(value: Any) -> bool:
    return value not in (None, "", [], {}) and value != {"cell": "", "typed": ""}


def _holds(show: Sequence[Condition], given: Answers) -> bool:
    """Every condition; of one condition, any of its answers."""
    return all(any(code in one.answers for code in _codes(given.get(one.question))) for one in show)


def _codes(value: Any) -> list[str]:
    if value is None:
        return []
    return [str(one) for one in value] if isinstance(value, list) else [str(value)]


def fill(words: Words, asked: Questionnaire, given: Answers, language: str) -> str:
    """Words with the earlier answers they repeat; plain text, which pages escape."""

    def repeated(found: Any) -> str:
        question = asked.question(found[1])
        value = given.get(found[1])
        if question is None or not is_answered(value):
            return "…"
        return in_words(question, value, language)[:LONGEST_REPEATED]

    return definition.PIPE.sub(repeated, definition.say(words, language))


def in_words(question: Question, value: Any, language: str = "") -> str:
    """One answer as people read it back."""
    if not is_answered(value):
        return _("Not answered")
    if question.kind == definition.PLACE:
        return str(value.get("typed") or _("A place on the map"))
    if question.kind == definition.GRID:
        rows = {row.code: definition.say(row.text, language) for row in question.rows}
        said = [f"{rows.get(row, row)}: {_label(question, code, language)}" for row, code in value.items()]
        return "\n".join(said)
    if question.kind == definition.MULTIPLE:
        return wording.listed([_label(question, code, language) for code in value])
    if question.kind == definition.TEXT:
        return str(value)
    return _label(question, str(value), language)


def _label(question: Question, code: str, language: str) -> str:
    return dont_know() if code == definition.DONT_KNOW else question.label(code, language)


def dont_know() -> str:
    return _("Don’t know")


def split(asked: Questionnaire, given: Answers) -> tuple[dict[str, Any], dict[str, str]]:
    """As it is stored for good: (answers, free texts). Of a place only the cell is left."""
    answers: dict[str, Any] = {}
    texts: dict[str, str] = {}
    for key, value in given.items():
        question = asked.question(key)
        if question is None:
            continue
        if question.kind == definition.TEXT:
            texts[key] = str(value)
        elif question.kind == definition.PLACE:
            answers[key] = value["cell"]
        else:
            answers[key] = value
    return answers, texts
