"""Rows that repeat another row's numbers under another name, in one table or across tables; and dates that stand
twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from peelian.insight.checker import dates, words
from peelian.insight.checker.document import Document
from peelian.insight.checker.findings import Finding
from peelian.insight.checker.rules.totals import one_slip
from peelian.insight.checker.tables import Row, Table

MOST_ROWS = 300  # longer tables are data, where rows repeat by chance
DIGITS = 6  # how many telling digits must agree before a repetition is none of chance


@dataclass(frozen=True)
class Numbers:
    """A row's numbers under their columns: counts, and shares and rates apart."""

    table: Table
    row: Row
    key: str
    columns: tuple[str, ...]
    counts: tuple[Decimal | None, ...]
    rates: tuple[Decimal | None, ...]


def check(document: Document) -> Iterator[Finding]:
    """repeated-row and, for a date that stands twice in one table, two-values."""
    rows = [row for table in _short(document) for row in _rows(table)]
    told: set[int] = set()
    for i, one in enumerate(rows):
        for other in rows[:i]:
            if other.key == one.key or id(one.row) in told or not one.key or not other.key:
                continue
            if _same(one, other) or (one.table is not other.table and _nearly(one, other)):
                told.add(id(one.row))
                yield _finding(document, one, other)
    for table in document.tables:
        yield from _dates_twice(document, table)


def check_together(documents: Sequence[Document]) -> Iterator[Finding]:
    """repeated-row across papers; and two-values, where two tables alike give one date differently."""
    for at, document in enumerate(documents):
        for earlier in documents[:at]:
            for table in _short(document):
                for before in _short(earlier):
                    yield from _across(document, table, earlier, before)


def _across(document: Document, table: Table, earlier: Document, before: Table) -> Iterator[Finding]:
    rows, theirs = list(_rows(table)), list(_rows(before))
    if not rows or not theirs or rows[0].columns != theirs[0].columns:
        return
    if words.label(table.corner) == words.label(before.corner):
        yield from _revised(document, table, earlier, before)
    names = {row.key for row in theirs}
    for one in rows:
        for other in theirs:
            if one.key and other.key and one.key not in names and _same(one, other):
                yield _finding(document, one, other, f"{earlier.name}, line {other.row.line}")


def _revised(document: Document, table: Table, earlier: Document, before: Table) -> Iterator[Finding]:
    """Two tables of one thing by date that agree at most dates, and not at one."""
    first = {words.label(row.label): row for row in before.rows if (d := dates.read(words.plain(row.label))) and d.year}
    pairs = [(first[key], row) for row in table.rows if (key := words.label(row.label)) in first]
    differ = [(a, b) for a, b in pairs if [c.value for c in a.cells] != [c.value for c in b.cells]]
    if 2 * len(differ) > len(pairs):
        return
    for old, new in differ:
        yield from _two_values(document, table, old, new, f"{earlier.name}, line {old.line}")


def _two_values(document: Document, table: Table, first: Row, row: Row, where: str) -> Iterator[Finding]:
    """Values of ROW other than those of FIRST, which stands WHERE and is of the same thing."""
    for i, (a, b) in enumerate(zip(first.cells, row.cells, strict=True)):
        if a.value is not None and b.value is not None and a.value != b.value:
            why = f"{where} gives {a.text} for {words.plain(row.label)}."
            yield Finding(document.name, table.place(row, i), "two-values", b.text, a.text, why, row.line)


def _short(document: Document) -> list[Table]:
    return [table for table in document.tables if len(table.rows) <= MOST_ROWS]


def _rows(table: Table) -> Iterator[Numbers]:
    columns = tuple(words.label(column) for column in table.columns)
    for row in table.rows:
        if not words.is_total_of(row.label):
            yield _numbers(table, row, columns)


def _numbers(table: Table, row: Row, columns: tuple[str, ...]) -> Numbers:
    counts, rates = [], []
    for i, cell in enumerate(row.cells):
        is_count = cell.value is not None and cell.unit != "%" and cell.ulp >= 1 and not words.is_rate(table.columns[i])
        counts.append(cell.value if is_count else None)
        rates.append(cell.value if cell.value is not None and not is_count else None)
    return Numbers(table, row, words.label(row.label), columns, tuple(counts), tuple(rates))


def _telling(value: Decimal) -> int:
    """How many digits of a number tell something: 100 tells one, 1,358 four."""
    return len(value.normalize().as_tuple().digits) if value else 0


def _same_columns(one: Numbers, other: Numbers) -> bool:
    return one.table is other.table or one.columns == other.columns


def _same(one: Numbers, other: Numbers) -> bool:
    """All counts agree, at least two of them; or all numbers of a row, at least three, where it has one count or none.

    A count and the share worked out of it are one number, not two.
    """
    if not _same_columns(one, other):
        return False
    left, right = [c for c in one.counts if c is not None], [c for c in other.counts if c is not None]
    if len(left) < 2 or len(right) < 2:
        left = [v for v in (*one.counts, *one.rates) if v is not None]
        right = [v for v in (*other.counts, *other.rates) if v is not None]
        if len(left) < 3:
            return False
    return len(left) >= 2 and left == right and len(set(left)) > 1 and sum(_telling(v) for v in left) >= DIGITS


def _nearly(one: Numbers, other: Numbers) -> bool:
    """Two rows of like tables whose counts are the same or one slip apart, and that share a telling number: a copy
    read badly.
    """
    if not _same_columns(one, other) or dates.read(one.row.label):
        return False
    pairs = [(a, b) for a, b in zip(one.counts, other.counts, strict=True) if a is not None and b is not None]
    shares = [(a, b) for a, b in zip(one.rates, other.rates, strict=True) if a is not None and b is not None]
    if len(pairs) < 2 or min(_telling(a) for a, _ in pairs) < 3 or sum(len(str(a)) for a, _ in pairs) < 7:
        return False
    close = all(a == b or one_slip(str(a), str(b)) or abs(a - b) <= max(a, b) / 1000 for a, b in pairs)
    return close and any(a == b and _telling(a) >= 3 for a, b in (*pairs, *shares))


def _finding(document: Document, one: Numbers, other: Numbers, where: str = "") -> Finding:
    numbers = ", ".join(c.text for c in one.row.cells if c.value is not None)
    theirs = ", ".join(c.text for c in other.row.cells if c.value is not None)
    exact = [c for c in one.counts if c is not None] == [c for c in other.counts if c is not None]
    how = "the same figures" if exact else f"nearly the same figures ({theirs})"
    name = words.plain(other.row.label)
    return Finding(
        document.name,
        f"line {one.row.line}, row {words.plain(one.row.label)}",
        "repeated-row",
        numbers,
        f"figures other than those of {name}",
        f"Row {name} ({where or f'line {other.row.line}'}) has {how}: one of the two is the other's.",
        one.row.line,
    )


def _dates_twice(document: Document, table: Table) -> Iterator[Finding]:
    """A date that stands twice in a table, with two values."""
    if any(not table.numeric(i) and any(c.text for c in table.column(i)) for i in range(len(table.columns))):
        return  # another column of labels tells the rows apart
    seen: dict[str, Row] = {}
    for row in table.rows:
        date = dates.read(words.plain(row.label))
        if date is None or not date.year:
            continue
        first = seen.setdefault(words.label(row.label), row)
        if first is row:
            continue
        yield from _two_values(document, table, first, row, f"Line {first.line}")
