"""The funnel within which areas of different size are expected to lie when they are all alike."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

from peelian.core.statistics.proportions import log_binomial

WARNING, ACTION = 0.95, 0.998  # about two and three standard deviations: the usual two pairs of limits
_SMOOTH = 400.0  # variance of the count from which the normal limits differ by less than can be drawn


@dataclass(frozen=True)
class Limits:
    """For one base: the rates between which 95% and 99.8% of areas of that size lie when all are alike."""

    base: float
    low: float
    high: float
    lowest: float
    highest: float

    def side(self, rate: float) -> int:
        """1 and -1 beyond the 99.8% limits, otherwise 0: at 95% one area in twenty lies outside by chance alone."""
        return (rate > self.highest) - (rate < self.lowest)


def funnel_limits(rate: float, bases: Sequence[float], *, poisson: bool = False) -> list[Limits]:
    """Limits around RATE (a proportion, or events per head with POISSON) for each of BASES.

    D. J. Spiegelhalter (2005), Statistics in Medicine 24, 1185-1202, appendix A.1.1: exact binomial or Poisson, between
    the two nearest counts in proportion; where counts are many, the normal limits. Raises ValueError for a base of
    nought and for a rate that cannot be.
    """
    if rate < 0 or (rate > 1 and not poisson) or not math.isfinite(rate):
        raise ValueError(f"{rate} is no rate")
    if any(base <= 0 for base in bases):
        raise ValueError("a limit needs a base")
    found: dict[float, Limits] = {}
    for base in bases:
        if base not in found:
            tails = ((1 - WARNING) / 2, (1 + WARNING) / 2, (1 - ACTION) / 2, (1 + ACTION) / 2)
            found[base] = Limits(base, *(_limit(rate, base, tail, poisson) for tail in tails))
    return [found[base] for base in bases]


def _limit(rate: float, base: float, tail: float, poisson: bool) -> float:
    if rate == 0 or (rate == 1 and not poisson):
        return rate
    variance = base * rate * (1 if poisson else 1 - rate)
    if variance > _SMOOTH:
        wide = NormalDist().inv_cdf(tail) * math.sqrt(variance) / base
        return max(0.0, rate + wide) if poisson else min(1.0, max(0.0, rate + wide))
    if not poisson and rate > 0.5:  # from the other side, so that few are counted
        return 1 - _limit(1 - rate, base, 1 - tail, poisson)
    top = math.inf if poisson else round(base)
    reached, at = 0.0, 0
    while True:
        chance = math.exp(_log_chance(at, rate, base, poisson))
        if reached + chance > tail or at >= top:
            break
        reached, at = reached + chance, at + 1
    if chance <= 0:
        return at / base
    between = at - (reached + chance - tail) / chance  # from the count below, in proportion
    return min(max(0.0, between / base), 1.0 if not poisson else math.inf)


def _log_chance(count: int, rate: float, base: float, poisson: bool) -> float:
    if poisson:
        return count * math.log(rate * base) - rate * base - math.lgamma(count + 1)
    return log_binomial(count, round(base), rate)
