"""Counts of events and their rates, and how much one count is above another."""

from __future__ import annotations

import math
from statistics import NormalDist

from peelian.core.statistics.proportions import LEVEL, Estimate, wilson

EXACT_BELOW = 10  # Public Health England: exact limits for counts below ten, Byar's for others


def poisson_interval(count: int, *, level: float = LEVEL) -> tuple[float, float]:
    """Limits for a COUNT of events that happen independently: exact below ten, otherwise Byar's approximation.

    N. E. Breslow and N. E. Day, Statistical Methods in Cancer Research II (IARC 1987), 69; Public Health England,
    Technical guide: confidence intervals (2018), appendices 1 and 2. Raises ValueError below nought.
    """
    if count < 0:
        raise ValueError(f"{count} is no count")
    if count >= EXACT_BELOW:
        z = NormalDist().inv_cdf((1 + level) / 2)
        low = count * (1 - 1 / (9 * count) - z / (3 * math.sqrt(count))) ** 3
        more = count + 1
        return low, more * (1 - 1 / (9 * more) + z / (3 * math.sqrt(more))) ** 3
    tail = (1 - level) / 2
    low = _mean_with(count - 1, 1 - tail) if count else 0.0
    return low, _mean_with(count, tail)


def _mean_with(count: int, chance: float) -> float:
    """The mean at which COUNT or fewer have this CHANCE."""

    def at_most(mean: float) -> float:
        return sum(math.exp(k * math.log(mean) - mean - math.lgamma(k + 1)) for k in range(count + 1))

    low, high = 1e-12, 100.0
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if at_most(middle) > chance else (low, middle)
    return (low + high) / 2


def rate(count: int, base: float, *, per: int = 1_000, level: float = LEVEL) -> Estimate:
    """COUNT events for every PER of BASE. For people who are or are not something, `proportion` is the method.
    Raises ValueError without a base."""
    if base <= 0:
        raise ValueError("a rate needs a base")
    low, high = poisson_interval(count, level=level)
    method = "exact Poisson interval" if count < EXACT_BELOW else "Byar’s interval"
    return Estimate(count / base * per, low / base * per, high / base * per, round(base), method)


def rate_ratio(count: int, base: float, other: int, other_base: float, *, level: float = LEVEL) -> Estimate | None:
    """How many times the OTHER rate this one is. None where the other count is nought: no number is that many times
    nothing.

    Given how many events there were in all, those of the first are binomial; the score interval of that share gives
    the ratio's (K. J. Rothman, S. Greenland and T. L. Lash, Modern Epidemiology, 3rd ed. 2008, chapter 14).
    Raises ValueError without a base or below nought.
    """
    if base <= 0 or other_base <= 0 or count < 0 or other < 0:
        raise ValueError("a ratio needs two counts with their bases")
    if other == 0:
        return None
    low, high = (share / (1 - share) * other_base / base for share in wilson(count, count + other, level=level))
    value = count / base / (other / other_base)
    return Estimate(value, low, high, count + other, "score interval of a ratio of counts")


def percentage_change(later: float, earlier: float) -> float | None:
    """The change from EARLIER to LATER as a share of EARLIER: 0.6 for "+60%". None from nought, which has no
    percentage. The base is always the earlier value: 1,232 to 1,094 is -11.2%, not -12.6%."""
    if not earlier or not math.isfinite(later) or not math.isfinite(earlier):
        return None
    return (later - earlier) / abs(earlier)


def change_in_counts(
    later: int, earlier: int, *, bases: tuple[float, float] = (1, 1), level: float = LEVEL
) -> Estimate | None:
    """The same of two counts of independent events, with its interval; BASES are the later and the earlier one's
    population or days, where they differ. None from nought."""
    ratio = rate_ratio(later, bases[0], earlier, bases[1], level=level)
    if ratio is None:
        return None
    return Estimate(ratio.value - 1, ratio.low - 1, ratio.high - 1, ratio.base, ratio.method)


def concentration(share: float, of_share: float) -> float | None:
    """How many times its part something is: 25% of the crime in 7% of the area is 3.57 times. None for no part."""
    return share / of_share if of_share > 0 else None
