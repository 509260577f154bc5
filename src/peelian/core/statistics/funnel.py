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
            found[base] = Limits(base, *_limits(rate, base, _TAILS, poisson))
    return [found[base] for base in bases]


_TAILS = ((1 - WARNING) / 2, (1 + WARNING) / 2, (1 - ACTION) / 2, (1 + ACTION) / 2)


def _limits(rate: float, base: float, tails: Sequence[float], poisson: bool) -> list[float]:
    if rate == 0 or (rate == 1 and not poisson):
        return [rate for _ in tails]
    if not poisson and rate > 0.5:  # from the other side, so that few are counted
        return [1 - limit for limit in _limits(1 - rate, base, [1 - tail for tail in tails], poisson)]
    variance = base * rate * (1 if poisson else 1 - rate)
    if variance > _SMOOTH:
        wide = [NormalDist().inv_cdf(tail) * math.sqrt(variance) / base for tail in tails]
        return [max(0.0, rate + one) if poisson else min(1.0, max(0.0, rate + one)) for one in wide]
    return [_between(rate, base, tail, poisson) for tail in tails]


def _between(rate: float, base: float, tail: float, poisson: bool) -> float:
    """The count below which TAIL lies, in proportion between it and the one before."""
    mean = rate * base
    at = max(0, int(mean - 9 * math.sqrt(mean) - 9))  # what is left out has a chance of less than 1e-15
    top = math.inf if poisson else round(base)
    reached, chance = 0.0, math.exp(_log_chance(at, rate, base, poisson))
    while reached + chance <= tail and at < top:
        reached += chance
        chance *= mean / (at + 1) if poisson else (round(base) - at) / (at + 1) * rate / (1 - rate)
        at += 1
    if chance <= 0:
        return at / base
    return max((at - (reached + chance - tail) / chance) / base, 0.0)


def _log_chance(count: int, rate: float, base: float, poisson: bool) -> float:
    if poisson:
        return count * math.log(rate * base) - rate * base - math.lgamma(count + 1)
    return log_binomial(count, round(base), rate)
