"""A number and its growth over a year, beside the number of a year before: in one paper, or in two checked together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from peelian.insight.checker import cells, words
from peelian.insight.checker.dates import Date
from peelian.insight.checker.document import Document, Sentence
from peelian.insight.checker.figures import Figure, shown
from peelian.insight.checker.findings import Finding
from peelian.insight.checker.rules.statements import GROWTH, PEOPLE, Statement, statements

_A_YEAR = re.compile(
    r"\b(?:in|over|during|within|on)\s(?:the\s)?(?:last|past|previous)?\s?(?:\{t\d+\}|year|twelve months)"
    r"|\b(?:on|since|from|than|compared (?:to|with)|against)\s(?:the\s)?(?:last|previous|a)\s(?:year|twelve "
    r"months)|\bover the year\b|\byear on year\b|\bannually\b",
    re.I,
)
_YEAR_AGO = re.compile(
    r"\b(?:a|one|the) year (?:before|earlier|ago|previously)\b|\blast year\b|\b(?:twelve|12) months "
    r"(?:before|earlier|ago)\b|\bprevious year\b|\bthe year before\b|\bthis time last year\b",
    re.I,
)


_HAVE = re.compile(r"\b(?:we have|there are|has|have)(?: now| currently)? \{n(?P<number>\d+)\} (?P<noun>[a-z]+)")
_MORE = re.compile(r"^\s(?:more|higher|up)\b", re.I)


@dataclass(frozen=True)
class Total:
    """How many there were at a date, in a sentence or under a label such as "Current Total Users"."""

    document: Document
    line: int
    value: Decimal
    text: str
    subject: frozenset[str]
    when: Date | None
    year_ago: bool


def check_together(documents: Sequence[Document]) -> Iterator[Finding]:
    """two-values: A number and how much it grew in a year, beside the number of a year before."""
    said = [s for document in documents for s in statements(document)]
    totals = [*_year_before(documents), *_totals_of(documents, said)]
    for document in documents:
        for block in document.by_block.values():
            for at, sentence in enumerate(block):
                before = block[at - 1] if at else None
                yield from _grown(document, sentence, before, totals)


def _grown(
    document: Document, sentence: Sentence, before: Sentence | None, totals: Sequence[Total]
) -> Iterator[Finding]:
    reading = sentence.reading
    for figure in reading.figures:
        if (
            figure.unit not in {"", "£"}
            or not (
                GROWTH.search(sentence.text[: figure.start])
                or figure.signed
                or _MORE.match(sentence.text[figure.end :])
            )
            or not _A_YEAR.search(reading.masked)
        ):
            continue
        candidates = [
            f
            for f in (*reading.figures, *(before.reading.figures if before else ()))
            if f is not figure and f.unit == figure.unit and not f.signed
        ]
        now = next((f for f in candidates if f.value > figure.value), None)
        if now is None:
            continue
        subject = frozenset(words.stems(f"{reading.masked} {document.heading(sentence.section)}"))
        earliest, latest = now.low - figure.high, now.high - figure.low
        for total in totals:
            if not _was_a_year_before(document, sentence, total) or (
                total.line == sentence.line and total.value in {now.value, figure.value}
            ):
                continue
            if not (total.subject & subject) or not Decimal("0.5") * latest <= total.value <= 2 * latest:
                continue
            if not earliest * Decimal("0.98") <= total.value <= latest * Decimal("1.02"):
                implied = now.value - figure.value
                where = (
                    f"line {total.line}" if total.document is document else f"{total.document.name}, line {total.line}"
                )
                yield Finding(
                    document.name,
                    f"line {sentence.line}",
                    "two-values",
                    f"{now.text} after an increase of {figure.text}",
                    f"an increase of about {shown(now.value - total.value)}",
                    f"{now.text} less {figure.text} is {shown(implied)} a year before; {where} gives "
                    f"{total.text} for then.",
                    sentence.line,
                )
                return


def _was_a_year_before(document: Document, sentence: Sentence, total: Total) -> bool:
    if total.document is document:
        if total.year_ago:
            return True
        now = _dated(sentence) or document.date
        return bool(total.when and now and 10 <= now.months() - total.when.months() <= 14)
    then, now = total.when or total.document.date, document.date
    return bool(then and now and 10 <= now.months() - then.months() <= 14)


def _dated(sentence: Sentence) -> Date | None:
    """The one month that a sentence speaks of."""
    dated = {d.date for d in sentence.reading.dates if d.date.year and d.date.month}
    return dated.pop() if len(dated) == 1 else None


def _year_before(documents: Sequence[Document]) -> Iterator[Total]:
    """ "53,408 a year before", "there were 53,408 in October 2018"."""
    for document in documents:
        for sentence in document.sentences:
            ago = bool(_YEAR_AGO.search(sentence.text))
            dated = [d.date for d in sentence.reading.dates if d.date.year and d.date.month]
            for figure in sentence.reading.figures:
                if (
                    figure.unit not in {"", "£"}
                    or figure.signed
                    or figure.value < 50
                    or GROWTH.search(sentence.text[: figure.start])
                ):
                    continue
                if (ago and _closest_is_ago(sentence, figure)) or (dated and len(sentence.reading.figures) == 1):
                    subject = frozenset(words.stems(f"{sentence.reading.masked} {document.heading(sentence.section)}"))
                    yield Total(
                        document, sentence.line, figure.value, figure.text, subject, dated[0] if dated else None, ago
                    )


def _closest_is_ago(sentence: Sentence, figure: Figure) -> bool:
    """Whether "a year before" belongs to this figure: it is the nearest one to the words."""
    match = _YEAR_AGO.search(sentence.text)
    assert match is not None
    distance = {f: min(abs(match.start() - f.end), abs(f.start - match.end())) for f in sentence.reading.figures}
    return min(distance, key=lambda f: distance[f]) is figure


def _totals_of(documents: Sequence[Document], said: Sequence[Statement]) -> Iterator[Total]:
    """Totals of today in other papers: statements, and labelled lines such as "Current Total Users: 53408"."""
    for document in documents:
        for block in document.blocks:
            match = re.match(r"^(?P<label>(?:current |total )+[A-Za-z ]{3,40}):\s*(?P<value>[\d,]+)$", block.text, re.I)
            value = cells.read(match["value"]).value if match else None
            if match and value is not None:
                yield Total(
                    document,
                    block.line,
                    value,
                    match["value"],
                    frozenset({*words.stems(match["label"]), *words.stems(document.heading(block.section))}),
                    None,
                    False,
                )
        for sentence in document.sentences:
            for match in _HAVE.finditer(sentence.reading.masked):
                figure = sentence.reading.figures[int(match["number"])]
                if words.stem(match["noun"]) in PEOPLE and not figure.unit and not figure.sense:
                    subject = frozenset(words.stems(f"{sentence.reading.masked} {document.heading(sentence.section)}"))
                    yield Total(document, sentence.line, figure.value, figure.text, subject, None, False)
    for one in said:
        if one.noun == "people" or one.noun in PEOPLE:
            yield Total(
                one.document,
                one.sentence.line,
                one.figure.value,
                one.figure.text,
                frozenset({*words.stems(one.sentence.text)}),
                None,
                False,
            )
