"""Columns and rows against their totals.

A row or column is a total when its label is exactly "total", "grand total" or "all". "Total officers" and "Sub-
total" may be one too: there the figures decide, because "Total duty hours" above "Total duties" is a measure. The
parts may be all rows, the rows since the last total, the sub-totals, or the rows below; whichever of these fits
most columns is how the table adds up.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from peelian.insight.checker import dates, words
from peelian.insight.checker.cells import Cell
from peelian.insight.checker.document import Document
from peelian.insight.checker.figures import shown
from peelian.insight.checker.findings import Finding
from peelian.insight.checker.tables import Table

NEAR = Decimal("0.15")


@dataclass(frozen=True)
class Line:
    """A column read down, or a row read across: labels of its cells and the cells."""

    label: str
    unit: str
    labels: tuple[str, ...]
    cells: tuple[Cell, ...]
    is_rate: bool


@dataclass(frozen=True)
class Sum:
    """What one way of adding up gives for one line."""

    total: Cell
    parts: tuple[Cell, ...]
    labels: tuple[str, ...]
    value: Decimal
    tolerance: Decimal
    blanks: tuple[int, ...]
    unknown: int

    @property
    def gap(self) -> Decimal:
        return (self.total.value or Decimal(0)) - self.value

    @property
    def fits(self) -> bool:
        return abs(self.gap) <= self.tolerance or self.is_product

    @property
    def is_product(self) -> bool:
        """Whether the "total" is a price times a quantity."""
        known = [c.value for c in self.parts if c.value is not None]
        return len(known) == 2 and known[0] * known[1] == self.total.value

    @property
    def is_whole(self) -> bool:
        """Whether the parts are all there, so that the sum says something: unknown parts can only add."""
        return not self.unknown and not self.blanks


def check(document: Document) -> Iterator[Finding]:
    """column-total, row-total and residual, in every table that has a total."""
    for table in document.tables:
        if table.has_numbers:
            found = [*_along(document, table, down=True), *_along(document, table, down=False)]
            yield from (one.finding for one in found if not _is_echo(one, found))


@dataclass(frozen=True)
class Missed:
    """A total that its parts miss: its row and column, which way they run, by how much, and what is said of it."""

    row: int
    column: int
    down: bool
    gap: Decimal
    finding: Finding


def _is_echo(one: Missed, found: Sequence[Missed]) -> bool:
    """Whether a total only misses because one of its parts, itself a total the other way, is wrong by as much."""
    parts = [
        m.gap
        for m in found
        if m.down != one.down
        and ((m.column == one.column) if one.down else (m.row == one.row))
        and m is not one
        and (m.row, m.column) != (one.row, one.column)
    ]
    return bool(parts) and sum(parts) == -one.gap


def _lines(table: Table, down: bool) -> list[Line]:
    labels = tuple(row.label for row in table.rows)
    if down:
        return [
            Line(
                name,
                name,
                labels,
                tuple(table.column(i)),
                words.is_rate(name) or (dates.read(name) is None and _is_label_column(table, i)),
            )
            for i, name in enumerate(table.columns)
        ]
    return [Line(row.label, row.label, tuple(table.columns), row.cells, words.is_rate(row.label)) for row in table.rows]


def _is_label_column(table: Table, index: int) -> bool:
    return not table.numeric(index)


def _along(document: Document, table: Table, *, down: bool) -> Iterator[Missed]:
    lines = _lines(table, down)
    labels = lines[0].labels if lines else ()
    others = tuple(table.columns) if down else tuple(row.label for row in table.rows)
    counted = any(not line.is_rate and any(c.main for c in line.cells) for line in lines)  # the shares are of these
    for at, label in enumerate(labels):
        if not words.is_total_of(label):
            continue
        checked = [
            (i, line)
            for i, line in enumerate(lines)
            if line.cells[at].value is not None
            and (not line.is_rate or (_is_hundred(line, at) and not counted))
            and not (words.is_rate(label) and not words.is_total(label))
        ]
        ways = _ways(labels, at, lines)
        best = _best(document, [(i, line) for i, line in checked], at, ways)
        if best:
            yield from _report(document, table, at, best, down=down, exact=words.is_total(label), others=others)


def _is_hundred(line: Line, at: int) -> bool:
    """Whether a column of shares says itself that it adds up: its total is 100%, and each part is a percentage."""
    parts = [c.main for i, c in enumerate(line.cells) if i != at and c.main]
    return (
        line.cells[at].value == 100
        and words.is_share(line.label)
        and all(p.value >= 0 and not p.signed and p.unit == line.cells[at].unit for p in parts)
    )


def _ways(labels: Sequence[str], at: int, lines: Sequence[Line]) -> list[list[int]]:
    """The ways in which the cells of a line may add up to the one at `at`."""
    part = [
        i
        for i in range(len(labels))
        if i != at and not words.is_part_of_the_row_above(labels[i]) and _counts(labels[i])
    ]
    if (
        sum(words.is_total_of(labels[i]) for i in part) > 0
    ):  # rows without figures head the groups that have a sub-total
        heads = [i for i in part if not words.is_other(labels[i]) and all(line.cells[i].blank for line in lines)]
        part = [i for i in part if i not in heads]
    total = [i for i in part if words.is_total_of(labels[i])]
    plain = [i for i in part if i not in total]
    above = [i for i in plain if i < at]
    last = max((i for i in total if i < at), default=-1)
    ahead = min((i for i in total if i > at), default=len(labels))
    ways = [
        above,
        [i for i in plain if last < i < at],
        [i for i in total if i < at and not words.is_grand(labels[i])],
        [i for i in part if i < at and (i in total or i > last)],
        _groups_then_loose(labels, at, total, plain),
        [i for i in part if i < at],
    ]
    if not above or not any(lines[k].cells[i].value is not None for k in range(len(lines)) for i in above):
        ways += [[i for i in plain if i > at], [i for i in plain if at < i < ahead], [i for i in total if i > at]]
        ways += _blocks_below(labels, at, lines)
    unique: list[list[int]] = []
    for way in ways:
        if way and way not in unique:
            unique.append(way)
    return unique


def _counts(label: str) -> bool:
    """Whether a label can be a part: "Average" and "% of force" are not."""
    return not words.is_average(label)


def _groups_then_loose(labels: Sequence[str], at: int, total: list[int], plain: list[int]) -> list[int]:
    """Sub-totals, and rows that stand before the first of them or after the last: "A, B, Sub-total, C, Total"."""
    before = [i for i in total if i < at]
    if not before:
        return []
    first_group = min(before)
    start = max((i for i in range(first_group) if not labels[i].strip()), default=-1)
    return [i for i in range(at) if i in before or (i in plain and (i > before[-1] or i < start))]


def _blocks_below(labels: Sequence[str], at: int, lines: Sequence[Line]) -> list[list[int]]:
    """Under a total at the top: each run of rows between rows without figures, since one total may be split twice."""
    runs: list[list[int]] = [[]]
    for i in range(at + 1, len(labels)):
        empty = all(line.cells[i].value is None for line in lines)
        if empty and runs[-1]:
            runs.append([])
        elif not empty:
            runs[-1].append(i)
    return [run for run in runs if run and len(runs) > 1]


def _sum(document: Document, line: Line, at: int, way: Sequence[int]) -> Sum | None:
    """Add up one line in one way; None where there are not two numbers of the total's unit (or one, of one row)."""
    total = line.cells[at]
    parts = [line.cells[i] for i in way]
    known = [c for c in parts if c.value is not None]
    main = total.main
    if (
        main is None
        or len(known) < min(len(way), 2)
        or any(
            (c.unit == "%") != (main.unit == "%")
            or ((c.unit == "£") != (main.unit == "£") and main.unit != "" and c.unit != "")
            for c in known
        )
    ):
        return None
    if any(p.main and p.main.signed for p in known) != main.signed and main.unit == "%":
        return None
    value = sum((c.value or Decimal(0) for c in known), Decimal(0))
    accounting = sum(
        (-(c.value or Decimal(0)) if c.main and c.main.bracketed else (c.value or Decimal(0)) for c in known),
        Decimal(0),
    )
    if main.bracketed and accounting < 0:
        accounting = -accounting
    if abs(main.value - accounting) < abs(main.value - value):
        value = accounting
    blanks = tuple(i for i, c in enumerate(parts) if c.blank or (c.is_left_out and words.is_other(line.labels[way[i]])))
    unknown = sum(c.value is None and not c.blank for c in parts) - sum(not parts[i].blank for i in blanks)
    return Sum(
        total,
        tuple(parts),
        tuple(line.labels[i] for i in way),
        value,
        _tolerance(document, "%" if line.is_rate else main.unit, known, total),
        blanks,
        unknown,
    )


def _tolerance(document: Document, unit: str, known: Sequence[Cell], total: Cell) -> Decimal:
    """How far a sum of rounded figures may miss. Whole numbers and pence are exact unless the paper says it rounds."""
    if any(c.approximate for c in (*known, total)):
        return max(abs(total.value or Decimal(0)) / 10, Decimal(1))
    places = [c.ulp for c in known]
    pence = unit == "£" and max([*places, total.ulp]) == Decimal("0.01")
    whole = all(place == 1 for place in (*places, total.ulp)) and unit != "%"
    if (pence or whole) and not document.is_rounded:
        return Decimal(0)
    coarse = max(places)
    if document.is_rounded and whole:
        coarse = max(
            (Decimal(10) ** k for k in range(4) if all((c.value or 0) % 10**k == 0 for c in known)), default=Decimal(1)
        )
    limit = min(Decimal(len(known) + 1) / 2, Decimal("0.9") * Decimal(len(known) + 1).sqrt())
    return coarse * limit + (total.ulp / 2 if total.ulp > coarse else Decimal(0))


Checked = list[tuple[int, Line]]


def _best(document: Document, checked: Checked, at: int, ways: Sequence[Sequence[int]]) -> list[tuple[int, Sum]]:
    """The way of adding up that fits most lines; a line that another way fits is left out of it."""
    tried = []
    alone: set[int] = set()
    for way in ways:
        sums = [(i, found) for i, line in checked if (found := _sum(document, line, at, way))]
        if len(way) == 1:  # a sub-total of one row is that row; but no total is held to one row
            alone |= {i for i, s in sums if s.fits}
        elif sums:
            tried.append(
                (
                    sum(s.fits for _, s in sums),
                    -sum(min(abs(s.gap), Decimal(10**6)) for _, s in sums if not s.fits),
                    sums,
                )
            )
    if not tried:
        return []
    chosen = max(tried, key=lambda t: (t[0], t[1]))[2]
    fitted = alone | {i for _, _, sums in tried for i, s in sums if s.fits}
    return [(i, s) for i, s in chosen if s.fits or i not in fitted]


def _report(
    document: Document,
    table: Table,
    at: int,
    sums: Sequence[tuple[int, Sum]],
    *,
    down: bool,
    exact: bool,
    others: Sequence[str],
) -> Iterator[Missed]:
    fits = [s for _, s in sums if s.fits]
    wrong = [(i, s) for i, s in sums if not s.fits]
    listed = f"{table.title} {document.heading(table.section)}"
    for i, total in wrong:
        row, column = (at, i) if down else (i, at)
        place = table.place(table.rows[row], column)
        if (finding := _residual(document, table, total, place, table.rows[row].line)) is not None:
            yield Missed(row, column, down, total.gap, finding)
        elif _is_wrong(
            total,
            len(fits),
            len(sums),
            exact=exact,
            summed=exact and words.label(table.columns[column] if not down else table.rows[row].label) != "all",
            period=dates.read(others[i]) is not None,
            selection=words.is_selection(listed),
        ):
            said = _mismatch(document, total, place, table.rows[row].line, down=down)
            yield Missed(row, column, down, total.gap, said)


def _residual(document: Document, table: Table, total: Sum, place: str, line: int) -> Finding | None:
    """One part is not printed, and the total says what it must be."""
    if len(total.blanks) != 1 or total.unknown or total.gap <= 0:
        return None
    name = words.plain(total.labels[total.blanks[0]]) or "the blank row"
    main = total.total.main
    assert main is not None
    share = 100 * total.gap / main.value
    return Finding(
        document.name,
        f"{place}, part {name}",
        "residual",
        "",
        shown(total.gap, main.ulp, main.unit),
        f"The other parts sum to {shown(total.value, main.ulp, main.unit)} of "
        f"{shown(main.value, main.ulp, main.unit)}, "
        f"so {name} is {shown(total.gap, main.ulp, main.unit)} ({share:.1f}%) and is not printed.",
        line,
    )


def _is_wrong(total: Sum, fits: int, of: int, *, exact: bool, summed: bool, period: bool, selection: bool) -> bool:
    """Whether a mismatch is a contradiction, and not a total of something else or an average. "Total" is hardly an
    average; "All" may be one.
    """
    value = total.total.value or Decimal(0)
    known = [c.value for c in total.parts if c.value is not None]
    if not total.is_whole and total.gap >= 0:
        return False  # what is not printed may be the rest
    if total.total.unit == "%" and not (value == 100 or _is_near(total)):
        return False
    if value != 0 and min(known) <= value <= max(known) and len(known) > 1 and not (fits >= 2 and period):
        if not (fits and summed and all(c.ulp == 1 for c in total.parts)):
            return _is_slip(total) and not _is_average(total, known)
        return not _is_average(total, known)
    if selection and total.gap > 0 and not fits:
        return False
    if exact:
        return bool(fits) or of <= 2 or _is_near(total)
    return 2 * fits >= of if of > 1 else _is_near(total)


def _is_near(total: Sum) -> bool:
    return abs(total.gap) <= NEAR * max(abs(total.value), abs(total.total.value or Decimal(0)))


def _is_average(total: Sum, known: Sequence[Decimal]) -> bool:
    mean = sum(known, Decimal(0)) / len(known)
    return abs((total.total.value or Decimal(0)) - mean) <= max(total.total.ulp, abs(mean) / 20)


def _is_slip(total: Sum) -> bool:
    """Whether one digit, or two changed places, make the difference; or it is small."""
    printed, right = str(abs(total.total.value or 0)), str(abs(total.value))
    return one_slip(printed, right) or (_is_near(total) and abs(total.value) > 20)


def one_slip(printed: str, right: str) -> bool:
    """One digit changed, left out, doubled or two neighbours exchanged."""
    if printed == right or len(right) < 2:
        return False
    if len(printed) == len(right):
        differ = [i for i, (a, b) in enumerate(zip(printed, right, strict=True)) if a != b]
        return len(differ) == 1 or (
            len(differ) == 2
            and differ[1] == differ[0] + 1
            and printed[differ[0]] == right[differ[1]]
            and printed[differ[1]] == right[differ[0]]
        )
    short, long = sorted((printed, right), key=len)
    return len(long) - len(short) == 1 and any(long[:i] + long[i + 1 :] == short for i in range(len(long)))


def _mismatch(document: Document, total: Sum, place: str, line: int, *, down: bool) -> Finding:
    main = total.total.main
    assert main is not None
    ulp = min([main.ulp, *(c.ulp for c in total.parts if c.value is not None)])
    expected = shown(total.value, ulp, main.unit)
    parts = sum(c.value is not None for c in total.parts)
    more = "more" if total.gap > 0 else "less"
    return Finding(
        document.name,
        place,
        "column-total" if down else "row-total",
        shown(main.value, main.ulp, main.unit),
        expected,
        f"The {parts} parts sum to {expected}; what is printed is {shown(abs(total.gap), ulp, main.unit)} {more}.",
        line,
    )
