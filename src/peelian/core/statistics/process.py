"""XmR charts: what a series does by itself, and when it does something else.

Limits as W. A. Shewhart's charts for single values have them: the mean plus and minus 2.66 mean moving ranges (D. J.
Wheeler, Understanding Variation, 2nd ed. 2000, appendix). Rules, variation and assurance as in NHS England's Making
Data Count (Strengthening your decisions, 2019, and its spreadsheet, which the R package NHSRplotthedots of the NHS-R
community reproduces): one point beyond a limit; seven in a row above or below the mean; seven in a row that rise or
fall; two of three in a row beyond two thirds of the way to the same limit. Unlike that package, and like the
spreadsheet, no moving range is left out for being large.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal

FACTOR: Final = 2.66  # 3 / 1.128, the mean range of two values from one normal distribution in standard deviations
NEAR: Final = FACTOR * 2 / 3
RUN: Final = 7
FEWEST: Final = 8  # a run of seven has to be able to stand out from something
FIRM: Final = 12  # below this, Making Data Count calls the limits trial limits

Rule = Literal["beyond", "run", "trend", "near"]
Good = Literal["up", "down"]
Variation = Literal["common", "improving", "concerning", "higher", "lower"]
Assurance = Literal["pass", "fail", "hit-or-miss", "changed"]


class TooShort(ValueError):
    """A series that no limits can be drawn for. Its message is a sentence for a page."""


@dataclass(frozen=True)
class Limits:
    """What a baseline says. Two numbers, so that it can be kept and later points be held against it."""

    centre: float
    moving_range: float  # the mean of the differences between neighbours, without their signs

    @property
    def upper(self) -> float:
        return self.centre + FACTOR * self.moving_range

    @property
    def lower(self) -> float:
        return self.centre - FACTOR * self.moving_range

    @property
    def near_upper(self) -> float:
        return self.centre + NEAR * self.moving_range

    @property
    def near_lower(self) -> float:
        return self.centre - NEAR * self.moving_range


@dataclass(frozen=True)
class Signal:
    """Something that chance alone hardly does. `points` are places in the series, in order; `high` when they lie above
    the mean or rise."""

    rule: Rule
    points: tuple[int, ...]
    high: bool

    def said(self, labels: Sequence[str]) -> str:
        """Feb 2018 is below the lower limit."""
        first, last = labels[self.points[0]], labels[self.points[-1]]
        if self.rule == "beyond":
            return f"{first} is {'above the upper' if self.high else 'below the lower'} limit"
        if self.rule == "run":
            return f"{len(self.points)} in a row {'above' if self.high else 'below'} the mean, {first} to {last}"
        if self.rule == "trend":
            return f"{len(self.points)} in a row {'rising' if self.high else 'falling'}, {first} to {last}"
        many = "two of three" if len(self.points) == 2 else f"{len(self.points)} close together"
        return f"{many} near the {'upper' if self.high else 'lower'} limit, {first} to {last}"


@dataclass(frozen=True)
class XmR:
    """A series with its limits. `trial` when the baseline is shorter than twelve points."""

    values: tuple[float | None, ...]
    limits: Limits
    baseline: range
    signals: tuple[Signal, ...]
    trial: bool

    @property
    def centre(self) -> float:
        return self.limits.centre

    @property
    def upper(self) -> float:
        return self.limits.upper

    @property
    def lower(self) -> float:
        return self.limits.lower

    @property
    def special(self) -> dict[int, bool]:
        """The places that some signal holds, and whether it is a high one."""
        return {at: signal.high for signal in reversed(self.signals) for at in signal.points}

    def variation(self, good: Good | None = None) -> Variation:
        """What the latest point belongs to: nothing but chance, or a change, and whether that is a good one."""
        known = [at for at, value in enumerate(self.values) if value is not None]
        latest = next((signal for signal in self.signals if known and known[-1] in signal.points), None)
        if latest is None:
            return "common"
        if good is None:
            return "higher" if latest.high else "lower"
        return "improving" if latest.high == (good == "up") else "concerning"

    def assurance(self, target: float, good: Good) -> Assurance:
        """Whether the process, unless it changes, meets TARGET: always, never, or now and then by chance; "changed"
        where the latest value does what, by the limits, it never does."""
        if self.lower <= target <= self.upper:
            return "hit-or-miss"
        always = (target < self.lower) == (good == "up")
        latest = next((value for value in reversed(self.values) if value is not None), None)
        if latest is not None and always != (latest >= target if good == "up" else latest <= target):
            return "changed"
        return "pass" if always else "fail"


VARIATION_WORDS: Final[dict[Variation, str]] = {
    "common": "No clear change: the latest value is within what this series does by itself.",
    "improving": "A clear change for the better.",
    "concerning": "A clear change for the worse.",
    "higher": "A clear change: higher than before.",
    "lower": "A clear change: lower than before.",
}
ASSURANCE_WORDS: Final[dict[Assurance, str]] = {
    "pass": "The target will be met each time, unless something changes.",
    "fail": "The target will not be met, unless something changes.",
    "hit-or-miss": "The target will be met at some times and missed at others, by chance alone.",
    "changed": "Whether the target will be met, limits from after the change will say: these are from before it.",
}


def xmr(values: Sequence[float | None], *, baseline: int | range | Limits | None = None) -> XmR:
    """VALUES in order of time, None for a period without one, against limits from all of them, from a BASELINE (the
    first so many points, or those of a range of places) or from Limits kept earlier.

    A gap breaks runs, and no moving range is taken over it. Raises TooShort, with a sentence, for a baseline of fewer
    than eight values or a gap after each of them.
    """
    points = tuple(value if value is not None and math.isfinite(value) else None for value in values)
    if isinstance(baseline, Limits):
        limits, over = baseline, range(0)
        trial = False
    else:
        over = _places(points, baseline)
        limits, trial = _limits([points[at] for at in over])
    return XmR(points, limits, over, tuple(_signals(points, limits)), trial)


def _places(points: Sequence[float | None], baseline: int | range | None) -> range:
    if baseline is None:
        return range(len(points))
    if isinstance(baseline, int):
        return range(min(baseline, len(points)))
    return range(max(0, baseline.start), min(baseline.stop, len(points)))


def _limits(points: Sequence[float | None]) -> tuple[Limits, bool]:
    known = [value for value in points if value is not None]
    if len(known) < FEWEST:
        have = f"has {len(known)}" if known else "has none"
        raise TooShort(f"Limits need at least {FEWEST} values, and this series {have}.")
    ranges = [abs(b - a) for a, b in pairwise(points) if a is not None and b is not None]
    if not ranges:
        raise TooShort("Limits need values that follow each other, and in this series there is a gap after each.")
    return Limits(math.fsum(known) / len(known), math.fsum(ranges) / len(ranges)), len(known) < FIRM


def _signals(points: Sequence[float | None], limits: Limits) -> Iterator[Signal]:
    for at, value in enumerate(points):
        if value is not None and (_sign(value - limits.upper) > 0 or _sign(limits.lower - value) > 0):
            yield Signal("beyond", (at,), value > limits.centre)
    sides = [None if value is None else _sign(value - limits.centre) for value in points]
    for places in _runs(sides):
        yield Signal("run", places, sides[places[0]] == 1)
    steps = [None if a is None or b is None else _sign(b - a) for a, b in pairwise(points)]
    for places in _runs(steps, RUN - 1):
        yield Signal("trend", (*places, places[-1] + 1), steps[places[0]] == 1)
    yield from _near(points, sides, limits)


def _sign(value: float) -> int:
    """Nought for what is only rounding: a series that never changes has no signal."""
    return (value > 1e-9) - (value < -1e-9)


def _runs(signs: Sequence[int | None], least: int = RUN) -> Iterator[tuple[int, ...]]:
    """Places of each stretch of at least so many equal signs; nought and gaps are no sign."""
    start = 0
    for at in range(len(signs) + 1):
        if at < len(signs) and at > start and signs[at] == signs[start]:
            continue
        if at - start >= least and signs[start]:
            yield tuple(range(start, at))
        start = at


def _near(points: Sequence[float | None], sides: Sequence[int | None], limits: Limits) -> Iterator[Signal]:
    near = [
        value is not None and (limits.near_upper < value <= limits.upper or limits.lower <= value < limits.near_lower)
        for value in points
    ]
    stretch: list[int] = []  # windows that overlap are one signal
    for at in range(len(points) - 2):
        three = range(at, at + 3)
        there = [i for i in three if near[i]]
        if len(there) >= 2 and {sides[i] for i in three} in ({1}, {-1}):
            if stretch and stretch[-1] not in there:
                yield Signal("near", tuple(stretch), sides[stretch[0]] == 1)
                stretch = []
            stretch += [i for i in there if i not in stretch]
    if stretch:
        yield Signal("near", tuple(stretch), sides[stretch[0]] == 1)
