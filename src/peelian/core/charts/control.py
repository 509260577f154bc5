"""The XmR chart: a series between its limits, what is unusual in it marked by shape and said in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from peelian.core.charts.drawing import SIZE, Drawing, Scale, spread, tick_words, told_apart, width_of
from peelian.core.charts.lines import FOOT, HEIGHT, Series, axis, frame, line
from peelian.core.charts.model import NUMBER, Chart, Column, Table, Unit, words
from peelian.core.statistics.process import (
    ASSURANCE_WORDS,
    VARIATION_WORDS,
    Good,
    Limits,
    Signal,
    TooShort,
    XmR,
    xmr,
)
from peelian.core.wording import listed

MOST_SAID: Final = 4  # signals that the finding names; the table marks them all
TRIAL: Final = "There are fewer than twelve values to take limits from, so they are on trial."


def control_chart(
    key: str,
    title: str,
    labels: Sequence[str],
    values: Sequence[float | None],
    *,
    unit: Unit = NUMBER,
    baseline: int | range | Limits | None = None,
    target: float | None = None,
    good: Good | None = None,
    noun: str = "Period",
    finding: str = "",
    note: str = "",
) -> Chart:
    """An XmR chart of VALUES (statistics.xmr has the rules). GOOD is which way is better; with a TARGET it also says
    whether that is met by more than luck. A series too short for limits is a plain line that says so."""
    if len(values) != len(labels):
        raise ValueError(f"{len(values)} values for {len(labels)} labels")
    try:
        found = xmr(values, baseline=baseline)
    except TooShort as short:
        plain = line(key, title, labels, [Series(title, values)], unit=unit, noun=noun, from_zero=False, note=note)
        return replace(plain, finding=f"{finding or plain.finding} {short}")
    if not any(value is not None for value in found.values):
        return Chart(key, title, "There is nothing to show yet.", Table(title, [noun], []), None, note)
    said = finding or what_it_says(found, labels, target, good)
    if found.trial:
        note = f"{note} {TRIAL}".strip()
    view = _View(key, labels, found, unit, target, good)
    return Chart(key, title, said, _table(title, labels, found, unit, noun), view.paint, note)


def what_it_says(found: XmR, labels: Sequence[str], target: float | None = None, good: Good | None = None) -> str:
    """Variation, what is unusual, and, apart from it, assurance."""
    parts = [VARIATION_WORDS[found.variation(good)]]
    if found.signals:
        signals = _worth_saying(found.signals)
        last = signals[-MOST_SAID:]
        more = f"; and {len(signals) - len(last)} more before" if len(last) < len(signals) else ""
        parts.append(f"Unusual: {'; '.join(signal.said(labels) for signal in last)}{more}.")
    else:
        parts.append("Nothing in the series is unusual.")
    if target is not None and good is not None:
        parts.append(ASSURANCE_WORDS[found.assurance(target, good)])
    return " ".join(parts)


def _worth_saying(signals: Sequence[Signal]) -> list[Signal]:
    """In order of time, without those whose points another one holds already."""
    kept: list[Signal] = []
    held: set[int] = set()
    order = {"run": 0, "trend": 1, "beyond": 2, "near": 3}
    for signal in sorted(signals, key=lambda s: order[s.rule]):
        if signal.rule == "beyond" or not held.issuperset(signal.points):
            kept.append(signal)
            held.update(signal.points)
    return sorted(kept, key=lambda s: (s.points[0], s.points[-1]))


def _table(title: str, labels: Sequence[str], found: XmR, unit: Unit, noun: str) -> Table:
    why: dict[int, list[str]] = {}
    short = {
        "beyond": "beyond the limit",
        "run": "in a run",
        "trend": "in a trend",
        "near": "two of three near a limit",
    }
    for signal in found.signals:
        for at in signal.points:
            why.setdefault(at, []).append(short[signal.rule])
    rows = [
        (label, value, listed(list(dict.fromkeys(why.get(at, []))))) for at, (label, value) in
        enumerate(zip(labels, found.values, strict=True))
    ]  # fmt: skip
    more = replace(unit, places=unit.places + 1) if unit.kind in ("number", "share") else unit
    from_to = (
        f"{labels[found.baseline.start]} to {labels[found.baseline.stop - 1]}" if found.baseline else "an earlier time"
    )
    note = (
        f"Mean {more.said(found.centre)}, limits {more.said(found.lower)} and {more.said(found.upper)}: the mean plus "
        f"and minus 2.66 mean moving ranges, from the values of {from_to}. Rules of Making Data Count."
    )
    return Table(title, [words(noun), Column("Value", unit), words("Unusual")], rows, note)


def _style(name: str) -> tuple[str, float, str]:
    """Colour, thickness and dashes of a line."""
    return {"Mean": ("ink", 1.5, ""), "Target": ("accent", 2.0, "9 3 2 3")}.get(name, ("edge", 1.5, "5 4"))


@dataclass(frozen=True)
class _View:
    key: str
    labels: Sequence[str]
    found: XmR
    unit: Unit
    target: float | None
    good: Good | None

    def paint(self, width: int) -> str:
        found, narrow = self.found, width < 480
        lines = [("Upper limit", found.upper), ("Mean", found.centre), ("Lower limit", found.lower)]
        if self.target is not None:
            lines.append(("Target", self.target))
        known = [value for value in found.values if value is not None]
        steps = axis([*known, *(value for _, value in lines)], from_zero=False, unit=self.unit)
        figures = told_apart([value for _, value in lines], self.unit)
        names = [f"{name} {said}" for (name, _), said in zip(lines, figures, strict=True)]
        right = 12.0 if narrow else max(width_of(name, 13) for name in names) + 20
        left = max(width_of(said, 13) for said in tick_words(steps, self.unit)) + 10
        drawing = Drawing(width, 0)
        top = self._key(drawing) + 12
        if narrow:
            top += self._named(drawing, lines, names, top - 12)
        if self._baseline_ends:
            top += 16
        x = Scale(0, max(1, len(self.labels) - 1), left + 8, width - right)
        y = Scale(steps[0], steps[-1], top + HEIGHT, top)
        frame(drawing, steps, self.labels, x, y, self.unit, left, width)
        self._lines(drawing, lines, [] if narrow else names, x, y, left)
        self._points(drawing, x, y)
        drawing.height = top + HEIGHT + FOOT
        return drawing.svg(self.key)

    def _key(self, drawing: Drawing) -> float:
        """What the two shapes mean, where they occur."""
        special, left = self.found.special, 0.0
        for high, shape, said in ((True, "triangle", "Unusually high"), (False, "down", "Unusually low")):
            if high in special.values():
                drawing.mark(left + 7, 9, shape, self._colour(high), 5.5)
                drawing.text(left + 18, 14, said, size=13, colour="muted")
                left += 40 + width_of(said, 13)
        return 20.0 if left else 0.0

    def _named(self, drawing: Drawing, lines: Sequence[tuple[str, float]], names: Sequence[str], top: float) -> float:
        """On a phone the lines are named above the picture, where no point can lie on the words; how high that is."""
        across, down = 0.0, 0.0
        for (name, _), said in zip(lines, names, strict=True):
            wide = 30 + width_of(said, 13)
            if across and across + wide > drawing.width:
                across, down = 0.0, down + SIZE + 6
            drawing.line(across, top + down + 10, across + 22, top + down + 10, *_style(name))
            drawing.text(across + 28, top + down + 14, said, size=13, colour="muted")
            across += wide + 14
        return down + SIZE + 8

    def _colour(self, high: bool) -> str:
        if self.good is None:
            return "urgent"
        return "accent" if high == (self.good == "up") else "urgent"

    def _lines(
        self,
        drawing: Drawing,
        lines: Sequence[tuple[str, float]],
        names: Sequence[str],
        x: Scale,
        y: Scale,
        left: float,
    ) -> None:
        for name, value in lines:
            drawing.line(left, y(value), x.end + 4, y(value), *_style(name))
        if names:
            places = spread([y(value) + 5 for _, value in lines], SIZE + 2, y.end + 5, y.start + 5)
            for (name, _), said, place in zip(lines, names, places, strict=True):
                drawing.text(x.end + 12, place, said, size=13, colour="accent" if name == "Target" else "muted")
        if last := self._baseline_ends:
            at, said = (x(last - 1) + x(last)) / 2, f"Baseline to {self.labels[last - 1]}"
            drawing.line(at, y.end - 4, at, y.start, "edge", 1, "2 3")
            # Above the picture, so that it lies on no line
            drawing.text(max(at, width_of(said, 12)), y.end - 8, said, anchor="end", size=12, colour="muted")

    @property
    def _baseline_ends(self) -> int:
        """How many values the baseline has; 0 where it is all of them, or there is none."""
        baseline = self.found.baseline
        return baseline.stop if baseline and baseline.stop < len(self.labels) else 0

    def _points(self, drawing: Drawing, x: Scale, y: Scale) -> None:
        special = self.found.special
        way = [None if value is None else (x(at), y(value)) for at, value in enumerate(self.found.values)]
        drawing.path(way, "brand", 2)
        for at, place in enumerate(way):
            if place is None:
                continue
            if at in special:
                shape = "triangle" if special[at] else "down"
                drawing.mark(*place, shape, self._colour(special[at]), 6)
            else:
                drawing.mark(*place, "circle", "brand", 3.5 if len(way) <= 40 else 2.5)
