"""The answers as a file of one row each, and the codebook that explains it.

No row says whose it is: no name, address, member, area or invitation, not the row's own id; rows stand in the order of
their answers, not of their coming. Of an anonymous survey the day is as coarse as the survey keeps it. Free texts are
read on their own page, and a place on the map is not given: both can say who somebody is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from peelian.core import wording
from peelian.surveys import definition
from peelian.surveys.definition import DONT_KNOW, KINDS, Question, say
from peelian.surveys.models import Answer, How, Survey

GIVEN = (*definition.CHOSEN, definition.RATING)
MANY = " "  # between the codes of several answers


@dataclass(frozen=True)
class Variable:
    """One column of the file. `codes` are what may stand in it and what each means."""

    name: str
    words: str
    kind: str
    codes: list[tuple[str, str]]
    note: str = ""


def codebook(survey: Survey, asked: Sequence[Question]) -> list[Variable]:
    """Every column of the file, and every question that is not in it, in turn."""
    day = "The day it was answered"
    if survey.is_anonymous:
        day = "The day, or the first of its week or month, or of the survey, where fewer than ten answered on it"
    found = [Variable("day", day, "Date", []), Variable("version", "Version of the questions", "Number", [])]
    found.append(Variable("how", "The way it was answered", "One of several", [(h.value, str(h.label)) for h in How]))
    for one in asked:
        found += _variables(one)
    return found


def _variables(one: Question) -> Iterator[Variable]:
    kind, note = KINDS.get(one.kind, one.kind), one.source
    codes = [(code, _label(one, code)) for code in one.codes]
    if one.kind == definition.GRID:
        for row in one.rows:
            yield Variable(f"{one.key}.{row.code}", f"{say(one.text)}: {say(row.text)}", kind, codes, note)
    elif one.kind in GIVEN:
        several = "Codes with a space between them." if one.kind == definition.MULTIPLE else ""
        good = f"Counts as good: {wording.listed([one.label(code) for code in one.good])}." if one.good else ""
        yield Variable(one.key, say(one.text), kind, codes, " ".join(part for part in (several, good, note) if part))
    else:
        yield Variable(one.key, say(one.text), kind, [], "Not in the file: it could say who somebody is.")


def _label(one: Question, code: str) -> str:
    return "Don’t know" if code == DONT_KNOW else one.label(code)


def columns(asked: Sequence[Question]) -> list[str]:
    names = [variable.name for one in asked if one.kind in GIVEN for variable in _variables(one)]
    return ["day", "version", "how", *names]


def rows(survey: Survey, asked: Sequence[Question]) -> Iterator[list[object]]:
    """Every answer that can be read, in the order of what was answered; ids are random and do not stand in it."""
    found = Answer.objects.filter(survey=survey).order_by("answers", "day", "pk")
    taken = [one for one in asked if one.kind in GIVEN]
    for day, version, how, answers in found.values_list("day", "version__number", "how", "answers").iterator(2_000):
        cells: list[object] = [day.isoformat(), version, how]
        for one in taken:
            value = answers.get(one.key)
            if one.kind == definition.GRID:
                lines = value if isinstance(value, dict) else {}
                cells += [lines.get(row.code, "") for row in one.rows]
            elif isinstance(value, list):
                cells.append(MANY.join(str(code) for code in value))
            else:
                cells.append("" if value is None else value)
        yield cells


def codebook_rows(survey: Survey, asked: Sequence[Question]) -> Iterator[list[object]]:
    """One row for each code of each column; one for a column without codes."""
    for one in codebook(survey, asked):
        for code, label in one.codes or [("", "")]:
            yield [one.name, one.words, one.kind, code, label, one.note]
