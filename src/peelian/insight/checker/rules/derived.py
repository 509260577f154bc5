"""Columns worked out from others: differences, changes in per cent, shares of a base and shares of a whole.

What a column is, is read from its own rows: where most rows agree that it is B − A, or A in per cent of one whole,
the rows that do not agree are wrong. A column that fits nothing says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import permutations

from peelian.insight.checker import tables, words
from peelian.insight.checker.document import Document
from peelian.insight.checker.figures import shown
from peelian.insight.checker.findings import Finding
from peelian.insight.checker.rules.totals import one_slip
from peelian.insight.checker.tables import Row, Table

MOST = Decimal("0.6")
MOST_COLUMNS = 30  # a wider table is data, not a paper's: comparing each three columns would take minutes
TASTE = 40  # rows after which a way that fits few is given up


@dataclass(frozen=True)
class Way:
    """One way of working a column out of two others."""

    name: str
    work: Callable[[Decimal, Decimal], Decimal | None]
    percent: bool


def _change(old: Decimal, new: Decimal) -> Decimal | None:
    return 100 * (new - old) / old if old else None


def _other_change(old: Decimal, new: Decimal) -> Decimal | None:
    return 100 * (new - old) / new if new else None


def _share(part: Decimal, whole: Decimal) -> Decimal | None:
    return 100 * part / whole if whole and 0 <= part <= whole else None


def _ratio(part: Decimal, base: Decimal) -> Decimal | None:
    return part / base if base else None


def _per_thousand(part: Decimal, base: Decimal) -> Decimal | None:
    return 1000 * part / base if base else None


RATIO = Way("the average", _ratio, False)
PER_THOUSAND = Way("the rate per 1,000", _per_thousand, False)
DIFFERENCE = Way("the difference", lambda a, b: b - a, False)
CHANGE = Way("the change", _change, True)
SHARE = Way("the share", _share, True)


_NAMED = re.compile(
    r"\b(?:change|gap|difference|variance|movement|net|balance|growth|increase|decrease|remaining|share|rate)\b|%|\+/-",
    re.I,
)


_RATE = re.compile(r"\b(?:average|mean|per|rate|ratio)\b", re.I)


def check(document: Document) -> Iterator[Finding]:
    """row-total, direction, wrong-base and denominator in columns (and rows) worked out of two others."""
    for table in document.tables:
        for view in (table, turned(table)):
            if view is None or not view.has_numbers:
                continue
            told: set[tuple[int, ...]] = set()
            order = sorted(range(len(view.columns)), key=lambda i: (not _NAMED.search(view.columns[i]), -i))
            for target in order:
                yield from _column(document, table, view, target, told)


def turned(table: Table, least: int = 3) -> Table | None:
    """The table with its rows as columns, so that one rule reads both ways; None where that says nothing."""
    if len(table.rows) < least or len(table.columns) < least or len(table.rows) > MOST_COLUMNS:
        return None
    rows = [
        Row(table.rows[0].line, name, tuple(row.cells[i] for row in table.rows)) for i, name in enumerate(table.columns)
    ]
    return Table(table.line, table.corner, [row.label for row in table.rows], rows, table.title, table.section)


def _column(
    document: Document, table: Table, view: Table, target: int, told: set[tuple[int, ...]]
) -> Iterator[Finding]:
    """`told` holds the columns of relations already reported: a + c = b is also b − a = c."""
    mains = [row.cells[target].main for row in view.rows]
    printed = [m for m in mains if m is not None]
    if len(printed) < 3 or len(view.columns) > MOST_COLUMNS:
        return
    units = [_unit(view, i) for i in range(len(view.columns))]
    percent = 2 * sum(m.unit == "%" for m in printed) > len(printed) or "%" in view.columns[target]
    if (
        not percent
        and len(printed) < 5
        and not _RATE.search(view.columns[target])
        and not _NAMED.search(view.columns[target])
    ):
        return  # too few to tell a difference from chance
    ways = [CHANGE, SHARE] if percent else [DIFFERENCE]
    if not percent and _RATE.search(view.columns[target]):
        ways = [RATIO, PER_THOUSAND]
    sources = [i for i in range(len(view.columns)) if i != target and view.numeric(i)]
    best: tuple[int, Way, int, int, list[Row]] | None = None
    for way in [*ways, *([DIFFERENCE] if percent else [])]:
        for a, b in permutations(sources, 2):
            if not _comparable(units, a, b, target, way) or (
                way in {RATIO, PER_THOUSAND} and any(_RATE.search(view.columns[i]) for i in (a, b))
            ):
                continue
            fits, misses = _fit(view, target, a, b, way)
            if fits >= max(3, int(MOST * (fits + len(misses)) + Decimal("0.999"))) and (best is None or fits > best[0]):
                best = (fits, way, a, b, misses)
    if best is not None and best[4] and _is_evidence(view, target, best):
        _, way, a, b, misses = best
        if tuple(sorted((a, b, target))) in told:
            return
        told.add(tuple(sorted((a, b, target))))
        for row in misses:
            yield _miss(document, table, view, row, target, a, b, way)


def _comparable(units: Sequence[str], a: int, b: int, target: int, way: Way) -> bool:
    first, second = units[a], units[b]
    if way is DIFFERENCE:
        return first == second and (units[target] in {first, ""} or first == "")
    return first == second and first != "%"


def _unit(view: Table, index: int) -> str:
    found = [c.unit for c in view.column(index) if c.main]
    return max(set(found), key=found.count) if found else ""


def _fit(view: Table, target: int, a: int, b: int, way: Way) -> tuple[int, list[Row]]:
    fits = 0
    misses: list[Row] = []
    for row in view.rows:
        worked = _worked(row, target, a, b, way)
        if worked is None:
            continue
        if fits + len(misses) == TASTE and 2 * fits < TASTE:
            return 0, []
        if _agrees(row, target, a, b, worked, way):
            fits += 1
        else:
            misses.append(row)
    return fits, misses


def _worked(row: Row, target: int, a: int, b: int, way: Way) -> Decimal | None:
    main, first, second = row.cells[target].main, row.cells[a].value, row.cells[b].value
    if main is None or first is None or second is None:
        return None
    return way.work(first, second)


def _agrees(row: Row, target: int, a: int, b: int, worked: Decimal, way: Way) -> bool:
    main = row.cells[target].main
    assert main is not None
    slack = main.ulp / 2 + Decimal("0.0001")
    if way is DIFFERENCE:
        sources = row.cells[a].ulp, row.cells[b].ulp
        exact = all(u == 1 for u in (*sources, main.ulp)) and row.cells[a].unit != "%"
        slack = Decimal(0) if exact else max(*sources, main.ulp)
    bracketed = -main.value if main.bracketed else main.value
    return abs(main.value - worked) <= slack or abs(bracketed - worked) <= slack


def _is_evidence(view: Table, target: int, best: tuple[int, Way, int, int, list[Row]]) -> bool:
    """Whether agreement is more than chance: the rows that agree are not all the same, nor nothing."""
    fits, way, a, b, misses = best
    if way is DIFFERENCE and not _NAMED.search(view.columns[target]) and (fits < 5 or len(misses) > 1):
        return False  # among many small numbers some are differences of others by chance
    agreeing = [row for row in view.rows if row not in misses and _worked(row, target, a, b, way) is not None]
    values = {row.cells[target].value for row in agreeing}
    return len(values) >= (2 if way in {RATIO, PER_THOUSAND} else 3) and (
        len(misses) <= 2 or 3 * len(misses) <= len(agreeing)
    )


def _miss(document: Document, table: Table, view: Table, row: Row, target: int, a: int, b: int, way: Way) -> Finding:
    main = row.cells[target].main
    worked = _worked(row, target, a, b, way)
    assert main is not None
    assert worked is not None
    old, new = row.cells[a].value or Decimal(0), row.cells[b].value or Decimal(0)
    unit = "%" if way.percent or main.unit == "%" else main.unit
    expected = shown(worked, main.ulp, unit)
    kind, why = "row-total", f"{words.plain(view.columns[b])} less {words.plain(view.columns[a])} is {expected}."
    if (worked and main.value == -worked) or abs(main.value + worked) <= main.ulp / 2:
        kind, why = (
            "direction",
            f"From {row.cells[a].text} to {row.cells[b].text} is {expected}: the sign is the other way round.",
        )
    elif way is CHANGE:
        kind = "wrong-base"
        other = _other_change(old, new)
        right = other is not None and abs(other - main.value) <= main.ulp / 2
        why = f"From {row.cells[a].text} to {row.cells[b].text} is {expected}." + (
            " The figure printed is right on the other base." if right else ""
        )
    elif way in {RATIO, PER_THOUSAND}:
        kind = "denominator"
        why = f"{way.name.capitalize()} of {row.cells[a].text} by {row.cells[b].text} is {expected}."
    elif way is SHARE:
        kind = "denominator"
        why = f"{row.cells[a].text} of {row.cells[b].text} is {expected}."
    return Finding(
        document.name,
        _place(table, view, row, target),
        kind,
        row.cells[target].text,
        expected,
        why,
        _line(table, view, row, target),
    )


def _place(table: Table, view: Table, row: Row, target: int) -> str:
    if view is table:
        return table.place(row, target)
    return table.place(table.rows[target], view.rows.index(row))


def _line(table: Table, view: Table, row: Row, target: int) -> int:
    return row.line if view is table else table.rows[target].line


# Shares of one whole ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Whole:
    """The number that a column of shares takes as 100%, with the rows that agree on it."""

    value: Decimal
    agreeing: int
    rows: int


def check_shares(document: Document) -> Iterator[Finding]:
    """damaged-digits: shares that do not belong to their counts, by the whole on which the other rows agree."""
    wholes: dict[tuple[str, ...], dict[tuple[int, int], Whole]] = {}
    for table in document.tables:
        key = tuple(words.label(c) for c in table.columns)
        for share in range(len(table.columns)):
            for count in range(len(table.columns)):
                if _are_share_and_count(table, share, count) and (found := whole(table, share, count)):
                    wholes.setdefault(key, {})[(share, count)] = found
    for table in document.tables:
        found_here = wholes.get(tuple(words.label(c) for c in table.columns), {})
        taken: set[int] = set()
        for (share, count), base in sorted(found_here.items(), key=lambda item: -item[1].agreeing):
            if share not in taken:
                taken.add(share)
                yield from _damaged(document, table, share, count, base)


def _are_share_and_count(table: Table, share: int, count: int) -> bool:
    if share == count or not table.numeric(share) or not table.numeric(count):
        return False
    shares = [c.main for c in table.column(share) if c.main]
    is_share = (
        sum(m.unit == "%" for m in shares) * 2 > len(shares)
        or "%" in table.columns[share]
        or "per cent" in table.columns[share].casefold()
    )
    counts = [c.main for c in table.column(count) if c.main]
    signed = any(m.signed for m in shares)
    return (
        is_share
        and not signed
        and all(0 <= m.value <= 100 for m in shares)
        and all(m.unit in {"", "£"} and m.ulp >= Decimal("0.01") for m in counts)
        and "%" not in table.columns[count]
    )


Pair = tuple[Row, Decimal, Decimal, Decimal]


def _pairs(table: Table, share: int, count: int) -> list[Pair]:
    found: list[Pair] = []
    for row in table.rows:
        part, main = row.cells[count].value, row.cells[share].main
        if part is not None and main is not None and part > 0:
            found.append((row, part, main.value, main.ulp))
    return found


def whole(table: Table, share: int, count: int) -> Whole | None:
    """The whole on which most rows agree: near enough for two rows in five, to the printed place for at least two
    of them.

    It must be at least what the rows count together (shares of one whole cannot count more than it), and the rows
    that agree must differ by a factor of three, because figures that are all alike agree by chance.
    """
    pairs = [p for p in _pairs(table, share, count) if not words.is_total_of(p[0].label)]
    if len(pairs) < 4 or len(pairs) > 400:
        return None
    counted = sum((p[1] for p in pairs), Decimal(0))
    best: dict[tuple[int, int], list[Decimal]] = {}
    for candidate in _candidates(pairs):
        if candidate < counted * Decimal("0.98"):
            continue
        exact = [p for p in pairs if _is_exact(p, candidate)]
        near = [p for p in pairs if p[2] and abs(100 * p[1] / candidate - p[2]) <= max(p[2] * Decimal("0.15"), p[3])]
        spread = [p[1] for p in near if p[2] > 0]
        if len(exact) < 2 or len(near) < max(3, -(-2 * len(pairs) // 5)) or max(spread) < 3 * min(spread):
            continue
        best.setdefault((len(exact), len(near)), []).append(candidate)
    if not best:
        return None
    most = max(best)
    return Whole(best[most][len(best[most]) // 2], most[0], len(pairs))


def _is_exact(pair: Pair, candidate: Decimal) -> bool:
    _, part, share, ulp = pair
    return abs(100 * part / candidate - share) <= ulp / 2 * Decimal("1.001")


def _candidates(pairs: Sequence[Pair]) -> list[Decimal]:
    """Wholes worth trying: the ends and the middle of what each row's rounded share allows."""
    found: set[Decimal] = set()
    for _, part, share, ulp in pairs:
        for value in (share, share - ulp / 2 * Decimal("0.999"), share + ulp / 2 * Decimal("0.999")):
            if value > 0:
                found.add((100 * part / value).quantize(Decimal("0.01")))
    found.add(sum((p[1] for p in pairs), Decimal(0)))
    return sorted(found)


def _damaged(document: Document, table: Table, share: int, count: int, base: Whole) -> Iterator[Finding]:
    for row, part, printed, ulp in _pairs(table, share, count):
        right = 100 * part / base.value
        if words.is_total_of(row.label) or abs(right - printed) <= ulp * Decimal("1.5"):
            continue
        expected = shown(right, ulp, "%")
        slip = one_slip(f"{printed:.{max(-int(ulp.as_tuple().exponent), 0)}f}", expected.rstrip("%"))
        reading = f" One digit read wrong makes {shown(printed, ulp, '%')} of it." if slip else ""
        yield Finding(
            document.name,
            table.place(row, share),
            "damaged-digits",
            shown(printed, ulp, "%"),
            expected,
            f"{shown(part)} of {shown(base.value.quantize(Decimal(1)))}, the whole on which "
            f"{base.agreeing} other rows agree, is {expected}.{reading}",
            row.line,
        )


__all__ = ["check", "check_shares", "tables", "turned", "whole"]
