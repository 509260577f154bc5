"""Measures that Peelian can compute by itself. The app that owns the figures describes each in its ready(); insight
keeps what comes out, with its history, and writes the pages and the board paper."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from peelian.core.periods import Period
from peelian.core.registries import Registry

Good = Literal["up", "down"] | None
Frequency = Literal["month", "quarter", "year"]
Status = Literal["provisional", "final", "no-update"]


@dataclass(frozen=True)
class Observation:
    """What a measure was in one period. Its value is numerator ÷ denominator × `per` of the measure, or the numerator
    where it counts; worked out in one place, `Measure.value`, so that no two pages differ. "no-update" is an answer,
    "not supplied this time", and has no numerator."""

    numerator: float | None
    denominator: float | None = None
    status: Status = "final"
    note: str = ""  # a caveat of this one figure, in a sentence


# From (period, area id or None for the whole force) to what it was, or None where there is nothing to say
Compute = Callable[[Period, int | None], Observation | None]


@dataclass(frozen=True)
class Measure:
    """What is measured and how. `per` is what a ratio is multiplied by: 1 for a mean, 100 for per cent, 1000 for a rate
    per 1,000 people; None where the figure is a count and has no denominator.

    `good` says which way is better; None where neither is. `frequency` is that of the observations: `compute` is asked
    for such periods only. `kinds` are the kinds of areas it is computed for beside the whole force, and `compute_areas`
    does all of them at once where that is quicker: from a period to what it was by area id. `adds_up` says that months
    may be summed to a year, `base_adds_up` that their denominators may too: crimes of twelve months do, the
    population does not. `as_it_stands` marks what is counted at one moment (people registered): a past month cannot be
    computed again. `changed_since` names the periods to compute where they do not simply follow the calendar, such as
    figures published months later; it is given the moment of the refresh before, or None at the first.
    """

    code: str
    name: str
    aim: str
    definition: str
    unit: str
    numerator: str
    denominator: str
    source: str
    frequency: Frequency = "month"
    good: Good = None
    compute: Compute | None = None
    per: int | None = None
    places: int = 0  # decimals it is printed with
    adds_up: bool = True
    base_adds_up: bool = True
    as_it_stands: bool = False
    kinds: Sequence[str] = ()
    compute_areas: Callable[[Period], Mapping[int, Observation]] | None = None
    changed_since: Callable[[datetime | None], Sequence[Period]] | None = None

    def value(self, observation: Observation) -> float | None:
        """The figure that is printed; None for "no update" and for a denominator of zero, of which nothing is a
        share."""
        return ratio(observation.numerator, observation.denominator, self.per)


def ratio(numerator: float | None, denominator: float | None, per: int | None) -> float | None:
    """NUMERATOR for a count (PER is None), else NUMERATOR ÷ DENOMINATOR × PER; None where there is no such number."""
    if numerator is None or per is None:
        return numerator
    return numerator / denominator * per if denominator else None


# Under the measure's code; filled by apps in ready(); insight.measures keeps and shows them
measures: Registry[Measure] = Registry("measures")


def register(measure: Measure) -> Measure:
    """Add a measure under its own code."""
    return measures.add(measure.code, measure)


@dataclass(frozen=True)
class Kept:
    """The newest figure that is kept of a measure in one place: the number, the same in words ("72.0%"), what it is a
    figure of ("March 2026"), and whether it is provisional."""

    value: float
    said: str
    period: str
    provisional: bool = False


# From a measure's code and an area's id (None: the whole force) to its newest figure, or None where there is none.
# Filled by whoever keeps observations; read by programmes that work towards a target
kept_figures: Registry[Callable[[str, int | None], Kept | None]] = Registry("kept_figures")


def newest(code: str, area_id: int | None = None) -> Kept | None:
    """The newest figure that anybody keeps of a measure; None where nobody keeps one."""
    for read in kept_figures.values():
        if (found := read(code, area_id)) is not None:
            return found
    return None
