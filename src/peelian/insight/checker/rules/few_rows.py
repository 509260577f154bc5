"""Columns worked out of others in tables too short for a majority of their rows to say so: there the names say it.

"% change" beside two columns of figures is their change, "Share" above a total is a share of that total.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from peelian.insight.checker import dates, words
from peelian.insight.checker.cells import Piece
from peelian.insight.checker.document import Document
from peelian.insight.checker.figures import shown
from peelian.insight.checker.findings import Finding
from peelian.insight.checker.rules.derived import whole
from peelian.insight.checker.rules.totals import one_slip
from peelian.insight.checker.tables import Row, Table, in_time

_CHANGE = re.compile(
    r"\b(?:change|growth|increase|decrease|reduction|variance|movement|difference|gap|up or down)\b|\+/-", re.I
)


def check(document: Document) -> Iterator[Finding]:
    """wrong-base, direction and damaged-digits in columns whose name and neighbours say what they are."""
    for table in document.tables:
        for target, name in enumerate(table.columns):
            sources = _sources(table, target) if _CHANGE.search(name) else None
            if sources:
                yield from _changes(document, table, target, *sources)
        yield from _shares_of_total(document, table)


def _sources(table: Table, target: int) -> tuple[int, int] | None:
    """The old and the new column of a change: the only two of counts. Dates say which is which, else the rows do."""
    counts = [
        i
        for i, name in enumerate(table.columns)
        if i != target and table.numeric(i) and not _CHANGE.search(name) and not words.is_total(name)
    ]
    dated = [i for i in counts if dates.read(words.plain(table.columns[i]))]
    chosen = dated if len(dated) == 2 else counts
    if len(chosen) != 2:
        return None
    if order := in_time([table.columns[i] for i in chosen]):
        return chosen[order[0]], chosen[order[1]]
    first, last = chosen
    onwards, backwards = (
        sum(_agrees(table, row, target, *way) for row in table.rows) for way in ((first, last), (last, first))
    )
    return None if onwards == backwards else (first, last) if onwards > backwards else (last, first)


def _worked(table: Table, row: Row, target: int, first: int, last: int) -> tuple[Decimal, Decimal | None] | None:
    """The change from one column to the other, and in per cent also that on the other base; None without figures."""
    main, old, new = row.cells[target].main, row.cells[first].main, row.cells[last].main
    if main is None or old is None or new is None or old.unit != new.unit or not old.value:
        return None
    step = new.value - old.value
    if old.unit == "%" and abs(main.value - 100 * step / old.value) <= main.ulp:
        return None  # per cent of a percentage
    if old.unit == "%" or not _in_per_cent(table, target):
        return step, None
    return 100 * step / old.value, 100 * step / new.value if new.value else None


def _in_per_cent(table: Table, target: int) -> bool:
    return "%" in table.columns[target] or any(c.unit == "%" for c in table.column(target))


def _printed(table: Table, target: int, main: Piece, worked: Decimal) -> Decimal:
    """A change as it is meant: with its arrow, and, in a column where none has a sign, in the direction worked out."""
    if main.signed or main.arrow:
        return -main.value if main.arrow == "down" and not main.signed else main.value
    signed = any(c.main and c.main.value < 0 for c in table.column(target))
    return main.value if signed else main.value.copy_sign(worked)


def _agrees(table: Table, row: Row, target: int, first: int, last: int) -> bool:
    main, worked = row.cells[target].main, _worked(table, row, target, first, last)
    return main is not None and worked is not None and _is(main, _printed(table, target, main, worked[0]), worked[0])


def _changes(document: Document, table: Table, target: int, first: int, last: int) -> Iterator[Finding]:
    for row in table.rows:
        main, found = row.cells[target].main, _worked(table, row, target, first, last)
        if main is None or found is None or _agrees(table, row, target, first, last):
            continue
        worked, other = found
        printed = _printed(table, target, main, worked)
        expected = shown(worked, main.ulp, "%" if _in_per_cent(table, target) else main.unit)
        told = f"From {row.cells[first].text} to {row.cells[last].text} is {expected}"
        if other is not None and _is(main, printed, other):
            why = f"{told}. The figure printed is right on the other base."
            yield _finding(document, table, row, target, "wrong-base", expected, why)
        elif _is(main, -printed, worked):
            why = f"{told}: the sign is the other way round."
            yield _finding(document, table, row, target, "direction", expected, why)


def _is(main: Piece, printed: Decimal, worked: Decimal) -> bool:
    return abs(printed - worked) <= main.ulp / 2 * Decimal("1.001")


def _finding(document: Document, table: Table, row: Row, target: int, kind: str, expected: str, why: str) -> Finding:
    return Finding(document.name, table.place(row, target), kind, row.cells[target].text, expected, why, row.line)


def _shares_of_total(document: Document, table: Table) -> Iterator[Finding]:
    """A share that is not its count's of the total printed below, though those of the other rows are."""
    total = next((row for row in table.rows if words.is_total(row.label)), None)
    if total is None:
        return
    for share, name in enumerate(table.columns):
        if not words.is_share(name):
            continue
        for count in range(len(table.columns)):
            base = total.cells[count].value
            if count == share or words.is_rate(table.columns[count]) or not base or whole(table, share, count):
                continue
            rows = [
                r for r in table.rows if r is not total and r.cells[share].main and r.cells[count].value is not None
            ]
            wrong = [r for r in rows if not _is_share(r, share, count, base)]
            if len(wrong) != 1 or len(rows) < 3:
                continue
            row, main = wrong[0], wrong[0].cells[share].main
            assert main is not None
            right = shown(100 * (row.cells[count].value or Decimal(0)) / base, main.ulp, "%")
            slip = one_slip(shown(main.value, main.ulp), right.rstrip("%"))
            why = (
                f"{row.cells[count].text} of {total.cells[count].text} is {right}, as the other rows are shares of it."
            )
            yield _finding(document, table, row, share, "damaged-digits" if slip else "wrong-base", right, why)


def _is_share(row: Row, share: int, count: int, base: Decimal) -> bool:
    main = row.cells[share].main
    assert main is not None
    return abs(100 * (row.cells[count].value or Decimal(0)) / base - main.value) <= main.ulp * Decimal("1.001")
