"""What the observations of a measure say: by month, by years that end with each month, since the baseline, beside the
group. Plain arithmetic over rows that were read before; no reading here."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from peelian.core import clock, wording
from peelian.core.periods import Period
from peelian.core.statistics import percentage_change
from peelian.insight.models import MeasureDefinition, Observation

IN_A_YEAR: Final = {"month": 12, "quarter": 4, "year": 1}
NO_UPDATE: Final = Observation.Status.NO_UPDATE


@dataclass(frozen=True)
class Point:
    """A figure of a series. `value` is None where there is none ("no update")."""

    period: Period
    value: float | None
    numerator: float | None = None
    denominator: float | None = None
    status: str = Observation.Status.FINAL
    note: str = ""
    group_value: float | None = None
    nation_value: float | None = None
    version: int = 1  # of the definition it was measured by


def points(rows: Iterable[Observation]) -> list[Point]:
    """Observations in order of time."""
    made = [
        Point(
            row.period, row.value, row.numerator, row.denominator, row.status, row.note, row.group_value,
            row.nation_value, row.definition.version,
        )
        for row in rows
    ]  # fmt: skip
    return sorted(made, key=lambda point: (point.period.end, point.period.start))


def latest(series: Sequence[Point]) -> Point | None:
    """The newest point that has a figure."""
    return next((point for point in reversed(series) if point.value is not None), None)


def at(series: Sequence[Point], period: Period) -> Point | None:
    return next((point for point in series if point.period == period), None)


def year_ending(definition: MeasureDefinition, series: Sequence[Point]) -> list[Point]:
    """For each observation that completes a year, the year that ends with it. Empty for what does not add up, and for
    what is observed by years already (the series is that). A year with a gap is left out."""
    size = IN_A_YEAR[definition.frequency]
    if size == 1:
        return list(series)
    if not definition.adds_up:
        return []
    made = []
    for last in range(size - 1, len(series)):
        parts = series[last - size + 1 : last + 1]
        whole = all(later.period.start == before.period.after for before, later in itertools.pairwise(parts))
        if whole and all(part.numerator is not None for part in parts):
            made.append(_together(definition, parts))
    return made


def _together(definition: MeasureDefinition, parts: Sequence[Point]) -> Point:
    numerator = sum(part.numerator or 0.0 for part in parts)
    bases = [part.denominator for part in parts if part.denominator is not None]
    denominator = sum(bases) if definition.base_adds_up else (bases[-1] if bases else None)
    settled = all(part.status != Observation.Status.PROVISIONAL for part in parts)
    return Point(
        Period(parts[0].period.start, parts[-1].period.end),
        definition.value_of(numerator, denominator),
        numerator,
        denominator if bases else None,
        Observation.Status.FINAL if settled else Observation.Status.PROVISIONAL,
    )


def per_1000(point: Point, people: float | None) -> float | None:
    """A count as a rate per 1,000 of the people who live there; None without a population."""
    if point.numerator is None or not people:
        return None
    return 1000 * point.numerator / people


# Change and comparison ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Change:
    """From one figure to another. `percent` is None for what is a percentage itself (its change is in points) and where
    the first figure is nought."""

    first: Point
    last: Point
    difference: float
    percent: float | None
    in_points: bool
    places: int
    exact: bool = False  # counts, which are printed as they are

    @property
    def said(self) -> str:
        """ "up 36%, from 66 to 90", "down 3.0 percentage points, from 75.0 to 72.0"."""
        way = "up" if self.difference > 0 else "down"
        ends = f"from {_number(self.first.value, self.places)} to {_number(self.last.value, self.places)}"
        if self.difference == 0:
            return f"unchanged at {_number(self.last.value, self.places)}"
        if self.in_points:
            return f"{way} {points_said(self.difference, self.places)}, {ends}"
        if self.percent is None:
            return f"{way}, {ends}"
        return f"{way} {_percent(self.percent, self.first.value, self.last.value, self.places, self.exact)}, {ends}"


def _percent(percent: float, first: float | None, last: float | None, places: int, exact: bool) -> str:
    """With a decimal only where the figures as they are printed bear one out: who divides them has to find the same."""
    off = 0.0 if exact or not first else 100 * 0.5 * 10**-places / abs(first) * (1 + abs((last or 0) / first))
    return f"{abs(percent):.{0 if off > 0.05 else 1}f}%"


def _apart(last: float, first: float, places: int) -> float:
    """By how many points two percentages differ as they are printed: who subtracts them has to find the same."""
    return round(round(last, places) - round(first, places), places)


def points_said(points: float, places: int) -> str:
    return f"{abs(points):.{places}f} percentage {'point' if abs(points) == 1 else 'points'}"


def _number(value: float | None, places: int) -> str:
    return wording.number(value, places)


def change(definition: MeasureDefinition, first: Point, last: Point) -> Change | None:
    """How much LAST is above FIRST. The base of a percentage is always the first figure: from 1,232 to 1,094 is a fall
    of 11.2%, not of 13%."""
    if first.value is None or last.value is None:
        return None
    in_points = definition.per == 100
    difference = last.value - first.value if not in_points else _apart(last.value, first.value, definition.places)
    share = None if in_points else percentage_change(last.value, first.value)
    percent = None if share is None else 100 * share
    return Change(first, last, difference, percent, in_points, definition.places, definition.is_count)


def since_baseline(definition: MeasureDefinition, series: Sequence[Point]) -> Change | None:
    """From the baseline to the newest comparable figure: a year to a year where the baseline is one, else like to
    like."""
    baseline = definition.baseline
    if baseline is None:
        return None
    both = [*series, *year_ending(definition, series)]
    alike = [point for point in both if point.period.kind == baseline.kind]
    first, last = at(alike, baseline), latest(sorted(alike, key=lambda point: point.period.end))
    if first is None or last is None or first.period == last.period:
        return None
    return change(definition, first, last)


def on_year_before(definition: MeasureDefinition, series: Sequence[Point]) -> Change | None:
    """The newest figure beside that of the same period a year before, by which seasons cancel out."""
    last = latest(series)
    first = at(series, last.period.year_before()) if last else None
    return change(definition, first, last) if first and last else None


@dataclass(frozen=True)
class Beside:
    """A figure beside another force's or the nation's."""

    name: str
    theirs: float
    ours: float
    places: int
    in_points: bool
    exact: bool = False

    @property
    def percent(self) -> float | None:
        return 100 * (self.ours - self.theirs) / self.theirs if self.theirs else None

    @property
    def said(self) -> str:
        """ "most similar forces: 107 (ours is 16% lower)"."""
        gap = self.ours - self.theirs if not self.in_points else _apart(self.ours, self.theirs, self.places)
        theirs = _number(self.theirs, self.places)
        if gap == 0:
            return f"{self.name}: {theirs}, the same as ours"
        way = "higher" if gap > 0 else "lower"
        if self.in_points:
            return f"{self.name}: {theirs} (ours is {points_said(gap, self.places)} {way})"
        much = (
            ""
            if self.percent is None
            else _percent(self.percent, self.theirs, self.ours, self.places, self.exact) + " "
        )
        return f"{self.name}: {theirs} (ours is {much}{way})"


def beside(definition: MeasureDefinition, point: Point | None) -> list[Beside]:
    """A figure with those of the group and the nation, where they are known."""
    if point is None or point.value is None:
        return []
    known = ((definition.group_name, point.group_value), (definition.nation_name, point.nation_value))
    in_points = definition.per == 100
    return [
        Beside(name, theirs, point.value, definition.places, in_points, definition.is_count)
        for name, theirs in known
        if theirs is not None and name
    ]


def better(definition: MeasureDefinition, difference: float) -> bool | None:
    """Whether a difference is to the good; None where neither way is, or there is no difference."""
    if not difference or not definition.good:
        return None
    return (difference > 0) == (definition.good == MeasureDefinition.Good.UP)


def against_target(definition: MeasureDefinition, point: Point | None) -> str:
    """ "The target is 75 by Wednesday 1 January 2020: 3.0 short of it." Empty without a target."""
    if definition.target is None:
        return ""
    by = f" by {wording.uk_date(definition.target_by)}" if definition.target_by else ""
    target = f"The target is {_number(definition.target, definition.places)}{by}"
    if point is None or point.value is None:
        return f"{target}. There is no figure to hold against it."
    gap = point.value - definition.target
    met = gap <= 0 if definition.good == MeasureDefinition.Good.DOWN else gap >= 0
    if definition.target_by and not met and definition.target_by < clock.today():
        return f"{target}, which is over: {_number(abs(gap), definition.places)} short of it."
    return f"{target}: {'reached' if met else _number(abs(gap), definition.places) + ' short of it'}."
