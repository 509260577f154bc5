"""Charts whose rows are things with names: bars, and dots with intervals."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from peelian.core.charts.drawing import SIZE, Drawing, Scale, folded, shortened, tick_words, ticks, width_of
from peelian.core.charts.model import NUMBER, SHARE_1, Chart, Column, Table, Unit, words
from peelian.core.wording import listed, number

ROW = 30
LABEL_SHARE = 0.34  # of the width, at most, for the names on the left
FEWEST_FOR_A_CHART = 2  # one row is a sentence


@dataclass(frozen=True)
class Bar:
    """VALUE None is "not known" and has no bar. `aside` stands after the value, such as its base: "of 1,204"."""

    label: str
    value: float | None
    low: float | None = None
    high: float | None = None
    aside: str = ""


@dataclass(frozen=True)
class Dot:
    """An estimate with its interval, perhaps against a target. `verdict` is said in words beside it; `clear` draws the
    dot full (hollow where there is no clear difference)."""

    label: str
    value: float | None
    low: float | None = None
    high: float | None = None
    target: float | None = None
    verdict: str = ""
    clear: bool = True


def known(value: float | None) -> float | None:
    """What is not a finite number is not known."""
    return value if value is not None and math.isfinite(value) else None


def bars(
    key: str,
    title: str,
    rows: Sequence[Bar],
    *,
    unit: Unit = NUMBER,
    noun: str = "",
    ordered: bool = True,
    finding: str = "",
    note: str = "",
    table: Table | None = None,
) -> Chart:
    """Lengths to compare: largest first unless ORDERED is False (days of the week, ratings). NOUN heads the column of
    names. Fewer than two values, or nothing but zeros, is a sentence and no drawing."""
    shown = [replace(row, value=known(row.value), low=known(row.low), high=known(row.high)) for row in rows]
    if ordered:
        shown.sort(key=lambda row: (row.value is None, -(row.value or 0)))
    given = [row for row in shown if row.value is not None]
    table = table or _bar_table(title, shown, unit, noun)
    nothing = _nothing([(row.label, row.value) for row in given], unit, len(rows))
    if nothing:
        return Chart(key, title, nothing, table, None, note)
    most, least = max(given, key=lambda r: r.value or 0), min(given, key=lambda r: r.value or 0)
    finding = finding or (
        f"{most.label} has most, {unit.said(most.value)}; {least.label} has least, {unit.said(least.value)}."
    )
    return Chart(key, title, finding, table, lambda width: _draw_bars(key, shown, unit, width), note)


def _nothing(given: Sequence[tuple[str, float | None]], unit: Unit, asked: int) -> str:
    """The sentence that stands where a chart would be empty or would show one thing only."""
    if not given:
        return "There is nothing to show yet." if not asked else "None of these is known."
    if not any(value for _, value in given):
        return f"All of them are {unit.said(0)}." if len(given) > 1 else f"{given[0][0]}: {unit.said(0)}."
    if len(given) < FEWEST_FOR_A_CHART:
        return f"{given[0][0]}: {unit.said(given[0][1])}."
    return ""


def _bar_table(title: str, rows: Sequence[Bar], unit: Unit, noun: str) -> Table:
    columns: list[Column | str] = [words(noun or "What"), Column(unit.name.capitalize() or "Value", unit)]
    body: list[list[str | float | None]] = [[row.label, row.value] for row in rows]
    if any(row.low is not None for row in rows):
        columns += [Column("From", unit), Column("To", unit)]
        body = [[*cells, row.low, row.high] for cells, row in zip(body, rows, strict=True)]
    if any(row.aside for row in rows):
        columns.append(words("Base"))
        body = [[*cells, row.aside] for cells, row in zip(body, rows, strict=True)]
    return Table(title, columns, body)


def _draw_bars(key: str, rows: Sequence[Bar], unit: Unit, width: int) -> str:
    stacked = width < 480  # the name above its bar
    names = 0.0 if stacked else min(width * LABEL_SHARE, max(width_of(row.label) for row in rows) + 12)
    ends = [f"{unit.short(row.value)}{f' {row.aside}' if row.aside else ''}" for row in rows]
    room = max(width_of(end, SIZE) for end in ends) + 10
    values = [v for row in rows for v in (row.value, row.low, row.high) if v is not None]
    below = room if min(values) < 0 else 0
    scale = Scale(min(0.0, *values), max(0.0, *values), names + below, width - room)
    drawing, top = Drawing(width, 0), 4.0
    step = 46 if stacked else _step([row.label for row in rows], names)
    for row, end in zip(rows, ends, strict=True):
        bar = top + (20 if stacked else (step - 20) / 2)
        _name(drawing, row.label, top + (0 if stacked else (step - ROW) / 2), names, stacked, width)
        if row.value is None:
            drawing.text(scale(0) + 4, bar + 14, "not known", colour="muted")
        else:
            _bar(drawing, row, scale, bar, end)
        top += step
    drawing.line(scale(0), 2, scale(0), top, "edge")
    drawing.height = top + 2
    return drawing.svg(key)


def _step(labels: Sequence[str], room: float) -> float:
    """How high a row is: where names take two lines, so high that those of two rows stand apart."""
    return ROW + 8 if any(len(folded(label, room - 12)) > 1 for label in labels) else ROW


def _name(drawing: Drawing, label: str, top: float, room: float, stacked: bool, width: float) -> None:
    if stacked:
        size = SIZE if width_of(label, SIZE) <= width else 12
        drawing.text(0, top + 14, shortened(label, width, size), size=size)
        return
    lines = folded(label, room - 12)
    first = top + 19 - (len(lines) - 1) * 7
    for i, line in enumerate(lines):
        drawing.text(room - 10, first + i * 14, line, anchor="end", size=SIZE if len(lines) == 1 else 13)


def _bar(drawing: Drawing, row: Bar, scale: Scale, top: float, end: str) -> None:
    value = row.value or 0.0
    start, stop = sorted((scale(0), scale(value)))
    drawing.rect(start, top, max(1.0, stop - start) if value else 0, 20, "accent")
    edge = stop
    if row.low is not None and row.high is not None:
        whisker(drawing, scale(row.low), scale(row.high), top + 10)
        edge = max(stop, scale(row.high))
    if value < 0:
        drawing.text(min(start, scale(row.low) if row.low is not None else start) - 6, top + 15, end, anchor="end")
    else:
        drawing.text(edge + 6, top + 15, end)


def whisker(drawing: Drawing, low: float, high: float, y: float) -> None:
    """An interval, readable over a bar and beside it."""
    for colour, width in (("surface", 4.5), ("ink", 1.5)):
        drawing.line(low, y, high, y, colour, width)
        for end in (low, high):
            drawing.line(end, y - 4, end, y + 4, colour, width)


def dots(
    key: str,
    title: str,
    rows: Sequence[Dot],
    *,
    unit: Unit = SHARE_1,
    noun: str = "",
    target_name: str = "Target",
    ordered: bool = False,
    finding: str = "",
    note: str = "",
    table: Table | None = None,
) -> Chart:
    """Estimates with their intervals, each against its target where it has one (an upright stroke). Full dots differ
    clearly, hollow ones do not."""
    shown = [
        replace(row, value=known(row.value), low=known(row.low), high=known(row.high), target=known(row.target))
        for row in rows
    ]
    if ordered:
        shown.sort(key=lambda row: (row.value is None, -(row.value or 0)))
    table = table or _dot_table(title, shown, unit, noun, target_name)
    if not any(row.value is not None for row in shown):
        return Chart(key, title, _nothing([], unit, len(rows)), table, None, note)
    return Chart(
        key,
        title,
        finding or _what_dots_say(shown, unit, target_name),
        table,
        lambda width: _draw_dots(key, shown, unit, target_name, width),
        note,
    )


def _what_dots_say(rows: Sequence[Dot], unit: Unit, target_name: str) -> str:
    against = [row for row in rows if row.value is not None and row.target is not None]
    if not against:
        given = [row for row in rows if row.value is not None]
        return f"{listed([f'{row.label} {unit.said(row.value)}' for row in given[:4]])}."
    over = [r.label for r in against if r.clear and (r.value or 0) > (r.target or 0)]
    under = [r.label for r in against if r.clear and (r.value or 0) < (r.target or 0)]
    name = target_name.lower()
    said = [f"Above {name}: {listed(over)}." if over else "", f"Below {name}: {listed(under)}." if under else ""]
    rest = len(against) - len(over) - len(under)
    if rest:
        said.append(f"No clear difference: {number(rest)} of {number(len(against))}.")
    return " ".join(part for part in said if part)


def _dot_table(title: str, rows: Sequence[Dot], unit: Unit, noun: str, target_name: str) -> Table:
    columns = [words(noun or "What"), Column("Estimate", unit), Column("From", unit), Column("To", unit)]
    body: list[list[str | float | None]] = [[row.label, row.value, row.low, row.high] for row in rows]
    if any(row.target is not None for row in rows):
        columns.append(Column(target_name, unit))
        body = [[*cells, row.target] for cells, row in zip(body, rows, strict=True)]
    if any(row.verdict for row in rows):
        columns.append(words("What it says"))
        body = [[*cells, row.verdict] for cells, row in zip(body, rows, strict=True)]
    return Table(title, columns, body)


def _draw_dots(key: str, rows: Sequence[Dot], unit: Unit, target_name: str, width: int) -> str:
    stacked = width < 480
    names = 0.0 if stacked else min(width * LABEL_SHARE, max(width_of(row.label) for row in rows) + 12)
    verdicts = max((width_of(row.verdict, 13) for row in rows), default=0) if not stacked else 0
    values = [v for r in rows for v in (r.value, r.low, r.high, r.target) if v is not None]
    floor = 0.0 if unit.kind == "share" and min(values) < 0.25 else min(values)
    steps = ticks(min(floor, *values), max(values), 5 if not stacked else 3)
    ends = [width_of(said, 13) / 2 for said in tick_words(steps, unit)]
    scale = Scale(steps[0], steps[-1], max(names + 8, ends[0]), width - max(ends[-1], verdicts + 14 if verdicts else 0))
    drawing, top = Drawing(width, 0), 6.0
    top = _dot_key(drawing, rows, target_name, names, top)
    step = 48 if stacked else ROW
    end = top + step * len(rows)
    for tick, said in zip(steps, tick_words(steps, unit), strict=True):
        drawing.line(scale(tick), top, scale(tick), end + 4)
        drawing.text(scale(tick), end + 20, said, anchor="middle", colour="muted", size=13)
    for row in rows:
        _dot_row(drawing, row, scale, top, names, stacked, width)
        top += step
    drawing.height = end + 28
    return drawing.svg(key)


def _dot_key(drawing: Drawing, rows: Sequence[Dot], target_name: str, left: float, top: float) -> float:
    """What the stroke and the hollow dot mean, where they occur."""
    x, said = left + 8, False
    if any(row.target is not None for row in rows):
        drawing.line(x, top, x, top + 14, "urgent", 3)
        drawing.text(x + 8, top + 12, target_name, colour="muted", size=13)
        x, said = x + 26 + width_of(target_name, 13), True
    if any(not row.clear for row in rows if row.value is not None):
        drawing.mark(x + 4, top + 7, "circle", "brand", hollow=True)
        drawing.text(x + 14, top + 12, "No clear difference", colour="muted", size=13)
        said = True
    return top + 26 if said else top


def _dot_row(drawing: Drawing, row: Dot, scale: Scale, top: float, names: float, stacked: bool, width: float) -> None:
    y = top + (31 if stacked else 14)
    if stacked:
        words_there = f"{row.label}: {row.verdict}" if row.verdict else row.label
        size = SIZE if width_of(words_there, SIZE) <= width else 12
        drawing.text(0, top + 16, shortened(words_there, width, size), size=size, halo=True)
    else:
        _name(drawing, row.label, top, names, stacked, width)
        drawing.text(scale.end + 10, y + 5, row.verdict, size=13, colour="muted")
    if row.value is None:
        drawing.text(scale.start, y + 5, "not known", colour="muted", size=13)
        return
    if row.low is not None and row.high is not None:
        drawing.line(scale(row.low), y, scale(row.high), y, "brand", 2.5)
    if row.target is not None:
        drawing.line(scale(row.target), y - 9, scale(row.target), y + 9, "urgent", 3)
    drawing.mark(scale(row.value), y, "circle", "brand", 5, hollow=not row.clear)
