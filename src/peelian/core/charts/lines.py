"""Series over time: lines with ranges, side by side when they are many, and a line as small as a word."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from django.utils.safestring import SafeString, mark_safe

from peelian.core.charts.drawing import (
    LINES,
    SIZE,
    Drawing,
    Scale,
    clean,
    n,
    painted,
    some,
    spread,
    tick_words,
    ticks,
    width_of,
)
from peelian.core.charts.model import NUMBER, Chart, Column, Table, Unit, words

MOST_TOGETHER: Final = len(LINES)
HEIGHT: Final = 250
FOOT: Final = 26  # px for the words under the axis
FLAT: Final = 1e-9  # a series whose values differ by less never changes


@dataclass(frozen=True)
class Series:
    """VALUES[i] stands at LABELS[i]; None is a gap, never a nought. LOW and HIGH are the ends of its intervals."""

    name: str
    values: Sequence[float | None]
    low: Sequence[float | None] = ()
    high: Sequence[float | None] = ()


def line(
    key: str,
    title: str,
    labels: Sequence[str],
    series: Sequence[Series],
    *,
    unit: Unit = NUMBER,
    target: float | None = None,
    target_name: str = "Target",
    from_zero: bool = True,
    noun: str = "Period",
    finding: str = "",
    note: str = "",
    table: Table | None = None,
) -> Chart:
    """One to four series in one picture, more of them each in its own on the same scale. FROM_ZERO False lets the axis
    begin near the values, for figures that are never near nought. NOUN heads the column of labels."""
    shown = [_clean(one) for one in series]
    for one in shown:
        if len(one.values) != len(labels):
            raise ValueError(f"{one.name} has {len(one.values)} values for {len(labels)} labels")
    table = table or (_table(title, labels, shown, unit, noun) if shown else Table(title, [noun], []))
    nothing = _nothing(labels, shown, unit)
    if nothing:
        return Chart(key, title, nothing, table, None, note)
    view = _View(key, labels, shown, unit, target, target_name, from_zero)
    return Chart(key, title, finding or _what_lines_say(labels, shown, unit), table, view.paint, note)


def _clean(one: Series) -> Series:
    def finite(values: Sequence[float | None]) -> list[float | None]:
        return [v if v is not None and math.isfinite(v) else None for v in values]

    return replace(one, values=finite(one.values), low=finite(one.low), high=finite(one.high))


def _nothing(labels: Sequence[str], series: Sequence[Series], unit: Unit) -> str:
    given = [(labels[i], v) for one in series for i, v in enumerate(one.values) if v is not None]
    if not given:
        return "There is nothing to show yet."
    if not any(v for _, v in given):
        whole = all(v is not None for one in series for v in one.values)
        return f"{unit.said(0).capitalize()} {'throughout' if whole else 'wherever a figure is told'}."
    if all(sum(v is not None for v in one.values) < 2 for one in series):
        said = [
            f"{f'{one.name}, ' if len(series) > 1 else ''}{labels[i]}: {unit.said(v)}"
            for one in series
            for i, v in enumerate(one.values)
            if v is not None
        ]
        return f"{'; '.join(said)}. One period is too short for a line."
    return ""


def _what_lines_say(labels: Sequence[str], series: Sequence[Series], unit: Unit) -> str:
    """From where to where each goes; of many, which end highest and lowest."""
    ends = []
    for one in series:
        there = [(i, v) for i, v in enumerate(one.values) if v is not None]
        if there:
            ends.append((one.name, there[0], there[-1], max(there, key=lambda pair: pair[1])))
    if len(ends) == 1:
        _, (first, a), (last, b), (peak, top) = ends[0]
        high = f", highest {unit.short(top)} in {labels[peak]}" if peak not in (first, last) else ""
        return f"From {unit.said(a)} ({labels[first]}) to {unit.said(b)} ({labels[last]}){high}."
    ends.sort(key=lambda end: -end[2][1])
    if len(ends) > MOST_TOGETHER:
        top_end, low_end = ends[0], ends[-1]
        return (
            f"Of {len(ends)}, {top_end[0]} ends highest ({unit.said(top_end[2][1])}, {labels[top_end[2][0]]}) and "
            f"{low_end[0]} lowest ({unit.said(low_end[2][1])})."
        )
    said = "; ".join(f"{name} {unit.short(a)} to {unit.short(b)}" for name, (_, a), (_, b), _ in ends)
    return f"From {labels[0]} to {labels[-1]}: {said}{f' {unit.name}' if unit.name else ''}."


def _table(title: str, labels: Sequence[str], series: Sequence[Series], unit: Unit, noun: str) -> Table:
    columns: list[Column | str] = [words(noun)]
    for one in series:
        columns.append(Column(one.name, unit))
        if one.low:
            columns += [Column(f"{one.name}, from", unit), Column(f"{one.name}, to", unit)]
    rows: list[list[str | float | None]] = []
    for i, label in enumerate(labels):
        cells: list[str | float | None] = [label]
        for one in series:
            cells.append(one.values[i])
            if one.low:
                cells += [one.low[i], one.high[i]]
        rows.append(cells)
    return Table(title, columns, rows)


@dataclass(frozen=True)
class _View:
    key: str
    labels: Sequence[str]
    series: Sequence[Series]
    unit: Unit
    target: float | None
    target_name: str
    from_zero: bool

    def paint(self, width: int) -> str:
        if len(self.series) > MOST_TOGETHER:
            return self._side_by_side(width)
        return self._together(width)

    def _steps(self, most: int = 5) -> list[float]:
        values = [v for one in self.series for part in (one.values, one.low, one.high) for v in part if v is not None]
        if self.target is not None:
            values.append(self.target)
        return axis(values, self.from_zero, most, self.unit)

    def _together(self, width: int) -> str:
        steps = self._steps()
        left = max(width_of(said, 13) for said in tick_words(steps, self.unit)) + 10
        named = len(self.series) > 1
        ends = 1.06 * max(width_of(one.name) for one in self.series) + 18 if named else 0  # bold
        beside = named and ends < 0.3 * width
        target = width_of(f"{self.target_name} {self.unit.short(self.target)}", 13) if self.target is not None else 0
        drawing = Drawing(width, 0)
        top = 12.0 if beside or not named else self._key(drawing, width)
        x = Scale(0, len(self.labels) - 1, left + 6, width - max(12.0, ends if beside else 0))
        y = Scale(steps[0], steps[-1], top + HEIGHT, top)
        for one in self.series:
            _range(drawing, one, x, y)
        frame(drawing, steps, self.labels, x, y, self.unit, left, width)
        if self.target is not None:
            drawing.line(left, y(self.target), x.end, y(self.target), "muted", 1.5, "1 3")
            words_there = f"{self.target_name} {self.unit.short(self.target)}"
            drawing.text(max(left + 4, x.end - target), y(self.target) - 6, words_there, colour="muted", size=13,
                         halo=True)  # fmt: skip
        for at, one in enumerate(self.series):
            _curve(drawing, one, at, x, y)
        if beside:
            self._names(drawing, x, y)
        drawing.height = top + HEIGHT + FOOT
        return drawing.svg(self.key)

    def _key(self, drawing: Drawing, width: int) -> float:
        """What each line is, above the picture, where there is no room beside it."""
        left, top = 0.0, 8.0
        for at, one in enumerate(self.series):
            colour, dash, shape = LINES[at]
            need = 36 + width_of(one.name) + 16
            if left and left + need > width:
                left, top = 0.0, top + 22
            drawing.line(left, top, left + 28, top, colour, 2.5, dash)
            drawing.mark(left + 14, top, shape, colour)
            drawing.text(left + 34, top + 5, one.name)
            left += need
        return top + 24

    def _names(self, drawing: Drawing, x: Scale, y: Scale) -> None:
        there = [(at, one, last) for at, one in enumerate(self.series) if (last := _last(one)) is not None]
        wanted = [y(value) + 5 for _, _, (_, value) in there]
        for (at, one, _), place in zip(there, spread(wanted, SIZE + 3, y.end + 5, y.start + 4), strict=True):
            drawing.text(x.end + 12, place, one.name, colour=LINES[at][0], bold=True)

    def _side_by_side(self, width: int) -> str:
        across = 3 if width > 480 else 1
        steps = self._steps(3)
        ticks_said = tick_words(steps, self.unit)
        left = max(width_of(said, 12) for said in ticks_said) + 8
        gap, tall, head = 18.0, 84.0, 30.0
        room = (width - gap * (across - 1)) / across
        drawing = Drawing(width, 0)
        for at, one in enumerate(self.series):
            at_x, at_y = (at % across) * (room + gap), (at // across) * (head + tall + 34)
            x = Scale(0, len(self.labels) - 1, at_x + left, at_x + room - 8)
            y = Scale(steps[0], steps[-1], at_y + head + tall, at_y + head)
            drawing.text(at_x, at_y + 15, one.name, bold=True)
            for step, said in zip(steps, ticks_said, strict=True):
                drawing.line(x.start - 4, y(step), x.end + 4, y(step))
                drawing.text(x.start - 8, y(step) + 4, said, anchor="end", colour="muted", size=12)
            for i, anchor in ((0, "start"), (len(self.labels) - 1, "end")):
                drawing.text(x(i), y.start + 17, self.labels[i], anchor=anchor, colour="muted", size=12)  # type: ignore[arg-type]
            _range(drawing, one, x, y)
            _curve(drawing, one, 0, x, y)
        rows = math.ceil(len(self.series) / across)
        drawing.height = rows * (head + tall + 34)
        return drawing.svg(self.key)


def axis(values: Sequence[float], from_zero: bool, most: int = 5, unit: Unit = NUMBER) -> list[float]:
    """The steps of an axis that shows VALUES. Around a share that never changes they reach five points up and down, and
    not beyond the whole; of what is counted there are no halves, so that no step is smaller than one."""
    low, high = min(values), max(values)
    if unit.kind == "share" and high - low < FLAT and 0 <= low <= 1:
        low, high = max(0.0, low - 0.05), min(1.0, high + 0.05)
    if from_zero or low <= 0 <= high:
        low, high = min(0.0, low), max(0.0, high)
    return ticks(low, high, most, least=1.0 if unit.whole else 0.0)


def frame(
    drawing: Drawing,
    steps: Sequence[float],
    labels: Sequence[str],
    x: Scale,
    y: Scale,
    unit: Unit,
    left: float,
    width: float,
) -> None:
    """Grid, both axes' words; the axis at nought darker than the grid."""
    for step, said in zip(steps, tick_words(steps, unit), strict=True):
        drawing.line(left, y(step), x.end, y(step), "edge" if step == 0 else "line")
        drawing.text(left - 6, y(step) + 5, said, anchor="end", colour="muted", size=13)
    for i in some(labels, x.end - x.start, 13):
        half = width_of(labels[i], 13) / 2 + 2
        place = min(max(x(i), half), width - half)
        drawing.text(place, y.start + 20, labels[i], anchor="middle", colour="muted", size=13)


def _last(one: Series) -> tuple[int, float] | None:
    return next(((i, v) for i, v in reversed(list(enumerate(one.values))) if v is not None), None)


def _range(drawing: Drawing, one: Series, x: Scale, y: Scale) -> None:
    """The intervals as a band, broken where they are."""
    run: list[tuple[int, float, float]] = []
    for i in range(len(one.values) + 1):
        low = one.low[i] if i < len(one.low) else None
        high = one.high[i] if i < len(one.high) else None
        if low is not None and high is not None:
            run.append((i, low, high))
            continue
        if len(run) > 1:
            there = [(x(i), y(high)) for i, _, high in run]
            back = [(x(i), y(low)) for i, low, _ in reversed(run)]
            drawing.shape([*there, *back], "step-2", 0.6)
        run = []


def _curve(drawing: Drawing, one: Series, at: int, x: Scale, y: Scale) -> None:
    colour, dash, shape = LINES[at]
    drawing.path([None if v is None else (x(i), y(v)) for i, v in enumerate(one.values)], colour, 2.5, dash)
    few = len(one.values) <= 13
    last = _last(one)
    for i, v in enumerate(one.values):
        alone = v is not None and _alone(one.values, i)
        if v is not None and (few or alone or (last and i == last[0])):
            drawing.mark(x(i), y(v), shape, colour)


def _alone(values: Sequence[float | None], i: int) -> bool:
    before = values[i - 1] if i else None
    after = values[i + 1] if i + 1 < len(values) else None
    return before is None and after is None


def sparkline(values: Sequence[float | None], said: str, *, width: int = 96, height: int = 24) -> SafeString:
    """A line as high as a word, for a cell of a table. SAID is its text alternative ("from 4 to 9 over twelve
    months"). Empty when there are not two values: the number beside it says all."""
    there = [(i, v) for i, v in enumerate(values) if v is not None and math.isfinite(v)]
    if len(there) < 2:
        return SafeString("")
    low, high = min(v for _, v in there), max(v for _, v in there)
    x = Scale(0, len(values) - 1, 4, width - 5)
    y = Scale(low, high, height - 5, 5)
    way = "L".join(f"{n(x(i))} {n(y(v))}" for i, v in there)
    i, v = there[-1]
    curve = f'<path d="M{way}" {painted(fill=None, stroke="brand")} stroke-width="1.5"/>'
    return mark_safe(  # noqa: S308  the only words in it are escaped
        f'<svg xmlns="http://www.w3.org/2000/svg" class="p-spark" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}" role="img" aria-label="{clean(said)}">{curve}'
        f'<circle cx="{n(x(i))}" cy="{n(y(v))}" r="3" {painted(fill="brand")}/></svg>'
    )
