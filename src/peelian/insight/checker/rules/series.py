"""Series in time that only add up, and therefore cannot fall."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from statistics import median

from peelian.insight.checker import dates, tables, words
from peelian.insight.checker.cells import Cell
from peelian.insight.checker.document import Document, Sentence
from peelian.insight.checker.figures import shown
from peelian.insight.checker.findings import Finding
from peelian.insight.checker.tables import Table

_ADDS_UP = re.compile(
    r"\bcumulative(?:ly)?\b|\brunning total\b|\bto date\b|\bso far\b|\byear[- ]to[- ]date\b|\bytd\b"
    r"|\bsince (?:launch|the launch|opening|the start|it began)\b|\baccumulated\b|\bin total since\b",
    re.I,
)
_YEAR_TO_DATE = re.compile(r"\byear[- ]to[- ]date\b|\bytd\b|\bthis year so far\b", re.I)
_MAY_ADD_UP = re.compile(
    r"\bsign[- ]?ups?\b|\bsigned up\b|\bjoined\b|\bregistered\b|\bregistrations?\b|\benrol(?:led|ments?)\b"
    r"|\bsubscribed\b|\bsubscriptions?\b|\brecruited\b",
    re.I,
)
_EACH_PERIOD = re.compile(
    r"\b(?:per|each|every|in the|by) (?:day|week|month|quarter|year)\b|\b(?:daily|weekly|monthly|quarterly"
    r"|annual|new|net)\b",
    re.I,
)


@dataclass(frozen=True)
class Series:
    name: str
    labels: tuple[str, ...]
    cells: tuple[Cell, ...]
    places: tuple[str, ...]
    lines: tuple[int, ...]

    def steps(self) -> list[tuple[int, Decimal, Decimal]]:
        """Index, value before and value, for each pair of neighbours with numbers."""
        known = [(i, c.value) for i, c in enumerate(self.cells) if c.value is not None]
        return [(j, a, b) for (_, a), (j, b) in pairwise(known) if a is not None and b is not None]


def check(document: Document) -> Iterator[Finding]:
    """non-monotone: falls of series that say they add up, or plainly do."""
    for table in document.tables:
        for group in _series(table):
            above = document.words_above(table)
            words_of_all = f"{table.title} {above} {table.corner} {document.heading(table.section)} {table.notes}"
            for one in group:
                said = _ADDS_UP.search(f"{words_of_all} {one.name}") and not _is_change(one.name)
                if said or _plainly_adds_up(group, words_of_all):
                    yield from _falls(document, one, restarts=bool(_YEAR_TO_DATE.search(f"{words_of_all} {one.name}")))

    for sentence in document.sentences:
        if re.search(r"\bcumulative(?:ly)?\b|\brunning total\b", sentence.text, re.I):
            yield from _told(document, sentence)


def _told(document: Document, sentence: Sentence) -> Iterator[Finding]:
    """ "The cumulative number was 410 in May, 455 in June and 440 in July." """
    reading = sentence.reading
    counts = [f for f in reading.figures if not f.unit and not f.signed and not f.sense]
    told = [(f, next((d for d in reading.dates if 0 <= d.start - f.end <= 12), None)) for f in counts]
    months = [d.date.year * 12 + d.date.month for _, d in told if d]
    if len(told) < 3 or len(months) < len(told) or sorted(months) != months or len(set(months)) < len(months):
        return
    for (before, _), (after, _) in pairwise(told):
        if after.value < before.value:
            yield Finding(
                document.name,
                f"line {sentence.line}",
                "non-monotone",
                after.text,
                f"at least {before.text}",
                f"What is cumulative adds up and cannot fall, and goes from {before.text} to {after.text}.",
                sentence.line,
            )


def _is_change(name: str) -> bool:
    return bool(
        re.search(r"\b(?:change|average|mean|rate|per|%|in (?:the )?month|monthly|weekly|this month)\b|%", name, re.I)
    )


def _series(table: Table) -> Iterator[list[Series]]:
    """The columns of a table whose rows are dates, or the rows of one whose columns are."""
    rows = [row for row in table.rows if not words.is_total_of(row.label)]
    order = tables.in_time([row.label for row in rows])
    if order and len(order) >= 3:
        ordered = [rows[i] for i in order]
        yield [
            Series(
                name,
                tuple(r.label for r in ordered),
                tuple(r.cells[i] for r in ordered),
                tuple(table.place(r, i) for r in ordered),
                tuple(r.line for r in ordered),
            )
            for i, name in enumerate(table.columns)
            if not words.is_total(name) or len(table.columns) == 1
        ]
    keep = [i for i, name in enumerate(table.columns) if dates.read(words.plain(name))]
    across = tables.in_time([table.columns[i] for i in keep]) if len(keep) >= 3 else None
    if across:
        at = [keep[i] for i in across]
        yield [
            Series(
                row.label,
                tuple(table.columns[i] for i in at),
                tuple(row.cells[i] for i in at),
                tuple(table.place(row, i) for i in at),
                tuple(row.line for _ in at),
            )
            for row in table.rows
        ]


def _plainly_adds_up(group: Sequence[Series], said: str) -> bool:
    """Sign-ups by month may be new ones or all so far. All so far move by a few per cent and hardly ever down."""
    if not _MAY_ADD_UP.search(said) or _EACH_PERIOD.search(said):
        return False
    steps = [(a, b) for one in group for _, a, b in one.steps() if a > 0]
    if len(group) < 2 or len(steps) < 8:
        return False
    rising = sum(b >= a for a, b in steps)
    moved = median(float(abs(b - a) / a) for a, b in steps)
    return rising >= 0.7 * len(steps) and moved <= 0.05


def _falls(document: Document, series: Series, *, restarts: bool) -> Iterator[Finding]:
    highest = Decimal(-1)
    for i, before, after in series.steps():
        date = dates.read(words.plain(series.labels[i]))
        highest = max(highest, before)
        if restarts and date and date.month in {1, 4}:
            highest = after
            continue
        if after < before:
            cell = series.cells[i]
            unit = cell.unit
            yield Finding(
                document.name,
                series.places[i],
                "non-monotone",
                shown(after, cell.ulp, unit),
                f"at least {shown(before, cell.ulp, unit)}",
                f"{words.plain(series.name) or 'The series'} adds up and cannot fall, and goes from "
                f"{shown(before, cell.ulp, unit)} to {shown(after, cell.ulp, unit)}.",
                series.lines[i],
            )
