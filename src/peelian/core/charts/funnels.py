"""The funnel plot: areas of different size, and which of them differ by more than their size explains."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from peelian.core.charts.drawing import Drawing, Scale, n, painted, shortened, tick_words, ticks, width_of
from peelian.core.charts.lines import FOOT, frame
from peelian.core.charts.model import PER_1000, SHARE_1, Chart, Column, Table, Unit, words
from peelian.core.statistics.funnel import Limits, funnel_limits
from peelian.core.statistics.process import Good
from peelian.core.statistics.proportions import proportion
from peelian.core.statistics.rates import rate as rate_of
from peelian.core.wording import listed, number

TALL: Final = 300
MOST_NAMED: Final = 6  # on either side, in the picture and in the finding
CURVE: Final = 48  # places at which the limits are worked out for their curves


@dataclass(frozen=True)
class Point:
    """PART of BASE: members of people, crimes for people. Without a base it stands in the table alone."""

    label: str
    part: int
    base: int


def funnel(
    key: str,
    title: str,
    points: Sequence[Point],
    *,
    per: int | None = None,
    rate: float | None = None,
    noun: str = "Area",
    nouns: str = "areas",
    part: str = "Number",
    base: str = "People",
    good: Good | None = None,
    finding: str = "",
    note: str = "",
) -> Chart:
    """Not a ranking: each area's share (or events for every PER people, then Poisson) against its base, within the
    limits of chance around RATE, by default the one of all together. Beyond the 99.8% limits an area is named. GOOD is
    the better side, for the colours alone."""
    scale, unit = per or 1, Unit(f"per {per:,}", 1) if per and per != 1000 else PER_1000 if per else SHARE_1
    there = [p for p in points if p.base > 0 and (per or p.part <= p.base)]
    middle = rate if rate is not None else _all(there)
    table, sides = _table(title, points, there, middle, per, unit, (noun, part, base))
    if len(there) < 3 or not middle:
        said = "There is nothing to show yet." if not there else f"A funnel needs at least three {nouns} and one event."
        return Chart(key, title, said, table, None, note)
    said = finding or _what_it_says(there, sides, unit.said(middle * scale), nouns)
    view = _View(key, there, sides, middle, scale, unit, bool(per), base, good)
    note = f"{note} Dashed lines: 95% and 99.8% limits of chance for {nouns} of each size.".strip()
    return Chart(key, title, said, table, view.paint, note)


def _all(points: Sequence[Point]) -> float:
    people = sum(p.base for p in points)
    return sum(p.part for p in points) / people if people else 0.0


def _table(
    title: str,
    points: Sequence[Point],
    there: Sequence[Point],
    middle: float,
    per: int | None,
    unit: Unit,
    heads: tuple[str, str, str],
) -> tuple[Table, list[int]]:
    limits = funnel_limits(middle, [p.base for p in there], poisson=bool(per))
    sides = [one.side(p.part / p.base) for p, one in zip(there, limits, strict=True)]
    verdict = dict(zip(map(id, there), sides, strict=True))
    rows: list[list[str | float | None]] = []
    for p in points:
        if id(p) not in verdict:
            rows.append([p.label, p.part, p.base, None, None, None, "no rate without a base"])
            continue
        found = rate_of(p.part, p.base, per=per) if per else proportion(p.part, p.base)
        said = {1: "higher", -1: "lower", 0: "no clear difference"}[verdict[id(p)]]
        rows.append([p.label, p.part, p.base, found.value, found.low, found.high, said])
    name, part, base = heads
    columns = [words(name), Column(part), Column(base), Column("Rate" if per else "Share", unit)]
    columns += [Column("From", unit), Column("To", unit), words("Against all")]
    return Table(title, columns, rows), sides


def _what_it_says(points: Sequence[Point], sides: Sequence[int], middle: str, nouns: str) -> str:
    def named(side: int, word: str) -> str:
        out = [p for p, s in zip(points, sides, strict=True) if s == side]
        labels = [p.label for p in sorted(out, key=lambda p: -side * p.part / p.base)]
        if not labels:
            return ""
        shown = listed([*labels[:MOST_NAMED], *([f"{len(labels) - MOST_NAMED} more"] * (len(labels) > MOST_NAMED))])
        return f"{word} than chance explains: {shown}."

    rest = sum(side == 0 for side in sides)
    parts = [named(1, "Higher"), named(-1, "Lower")]
    other = "other " if rest < len(sides) else ""
    of_all = f"{number(rest)} of {number(len(sides))} {nouns} do not differ clearly from all together ({middle})."
    parts.append(f"The {other}{of_all}" if rest else f"All together: {middle}.")
    return " ".join(one for one in parts if one)


@dataclass(frozen=True)
class _View:
    key: str
    points: Sequence[Point]
    sides: Sequence[int]
    middle: float
    scale: int
    unit: Unit
    poisson: bool
    base: str
    good: Good | None

    def paint(self, width: int) -> str:
        largest = max(p.base for p in self.points)
        smallest = min(p.base for p in self.points)
        across = ticks(0, largest, 5 if width > 480 else 3)
        curve = self._curve(smallest, largest)
        values = [p.part / p.base for p in self.points]
        top = max(max(values), min(curve[0].highest, 1.5 * max(values), 3 * self.middle)) * self.scale
        steps = ticks(0, top)
        left = max(width_of(said, 13) for said in tick_words(steps, self.unit)) + 10
        x = Scale(0, across[-1], left + 4, width - 14)
        y = Scale(steps[0], steps[-1], 12 + TALL, 12)
        drawing = Drawing(width, 12 + TALL + FOOT + 20)
        frame(drawing, steps, [], x, y, self.unit, left, width)
        for tick in across:
            place = min(max(x(tick), left), width - width_of(number(tick), 13) / 2)
            drawing.text(place, y.start + 20, number(tick), anchor="middle", size=13, colour="muted")
        drawing.text(x.end, y.start + 40, self.base, anchor="end", size=13, colour="muted")
        self._limits(drawing, curve, x, y)
        self._dots(drawing, x, y)
        return drawing.svg(self.key)

    def _curve(self, smallest: int, largest: int) -> list[Limits]:
        span = math.log(largest / smallest) if largest > smallest else 0.0
        bases = [smallest * math.exp(span * i / (CURVE - 1)) for i in range(CURVE)]
        return funnel_limits(self.middle, bases if self.poisson else [max(1, round(b)) for b in bases],
                             poisson=self.poisson)  # fmt: skip

    def _limits(self, drawing: Drawing, curve: Sequence[Limits], x: Scale, y: Scale) -> None:
        ceiling = y.high / self.scale
        for side, thick, dash in (
            ("low", 1, "2 3"),
            ("high", 1, "2 3"),
            ("lowest", 1.5, "6 4"),
            ("highest", 1.5, "6 4"),
        ):
            way = [(x(one.base), getattr(one, side)) for one in curve]
            drawing.path([(px, y(v * self.scale)) if v <= ceiling else None for px, v in way], "edge", thick, dash)
        drawing.line(x.start, y(self.middle * self.scale), x.end, y(self.middle * self.scale), "ink", 1.5)
        said = f"All {self.unit.short(self.middle * self.scale)}"
        drawing.text(x.end, y(self.middle * self.scale) - 6, said, anchor="end", size=13, halo=True)

    def _dots(self, drawing: Drawing, x: Scale, y: Scale) -> None:
        """First those within, then the names, then those beyond, so that no name lies on a mark."""
        out: list[tuple[float, float, int, str]] = []
        for p, side in zip(self.points, self.sides, strict=True):
            px, py = x(p.base), y(p.part / p.base * self.scale)
            if side:
                out.append((px, py, side, p.label))
            else:
                drawing.add(f'<circle cx="{n(px)}" cy="{n(py)}" r="3.2" {painted(fill="edge")} opacity="0.75"/>')
        self._names(drawing, out, y(self.middle * self.scale))
        for px, py, side, _ in out:
            better = self.good is not None and (side > 0) == (self.good == "up")
            colour = "brand" if self.good is None else "accent" if better else "urgent"
            drawing.mark(px, py, "triangle" if side > 0 else "down", colour, 5.5)

    def _names(self, drawing: Drawing, out: Sequence[tuple[float, float, int, str]], middle: float) -> None:
        """The furthest from the middle first, as many as have room beside their marks."""
        taken = [(px - 8, px + 8, py) for px, py, _, _ in out]  # left, right, middle
        left = {1: MOST_NAMED, -1: MOST_NAMED}
        for px, py, side, label in sorted(out, key=lambda one: -abs(one[1] - middle)):
            said = shortened(label, 170, 13)
            wide = width_of(said, 13)
            for start in (px + 9, px - 9 - wide):
                free = not any(start < b and a < start + wide and abs(py - at) < 13 for a, b, at in taken)
                if free and left[side] and start >= 0 and start + wide <= drawing.width:
                    taken.append((start, start + wide, py))
                    left[side] -= 1
                    drawing.text(start, py + 5, said, size=13, halo=True)
                    break
