"""Rates of many small groups, each drawn towards what all of them have in common: the more, the less is known of it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from peelian.core.statistics.proportions import LEVEL, Estimate

METHOD: Final = "empirical Bayes, gamma-Poisson"
_LEAST, _MOST = math.log(1e-3), math.log(1e5)  # of the prior's shape, when it is looked for
_GOLDEN = (math.sqrt(5) - 1) / 2


@dataclass(frozen=True)
class Shrunk:
    """What is believed of a rate after COUNT events in an EXPOSURE (of hours, say): a gamma distribution with this
    shape and rate. `weight` is how much of the estimate is the group's own rate, 0 to 1."""

    shape: float
    rate: float
    count: int
    exposure: float

    @property
    def mean(self) -> float:
        return self.shape / self.rate

    @property
    def weight(self) -> float:
        return min(1.0, self.exposure / self.rate)

    def estimate(self, *, level: float = LEVEL) -> Estimate:
        """The rate with its interval. That the prior was itself estimated is not in it: with few groups it is somewhat
        too narrow (C. N. Morris 1983, Journal of the American Statistical Association 78, 47-55)."""
        low, high = (gamma_quantile(tail, self.shape) / self.rate for tail in _tails(level))
        return Estimate(self.mean, low, high, self.count, METHOD)

    def expected(self, exposure: float, *, level: float = LEVEL) -> Estimate:
        """How many events the next EXPOSURE will have: whole numbers between which they lie (negative binomial).
        Raises ValueError for an exposure below nought."""
        if exposure < 0:
            raise ValueError(f"{exposure} is no exposure")
        share = self.rate / (self.rate + exposure)
        low, high = (_negative_binomial_quantile(tail, self.shape, share) for tail in _tails(level))
        return Estimate(self.mean * exposure, low, high, self.count, METHOD)


def gamma_poisson(counts: Sequence[int], exposures: Sequence[float]) -> list[Shrunk]:
    """Each group's rate, COUNTS[i] events in EXPOSURES[i], with the others' as its prior.

    Rates are drawn from a gamma distribution, fitted to all groups by maximum likelihood (the counts are then negative
    binomial): D. Clayton and J. Kaldor, Biometrics 43 (1987), 671-681, section 3.1. A group without exposure gets what
    all have in common. No estimate is held surer than all records together: where groups differ no more than by chance
    each gets the common rate with that certainty. Raises ValueError where nothing was exposed at all.
    """
    if len(counts) != len(exposures) or any(n < 0 for n in counts) or any(not e >= 0 for e in exposures):
        raise ValueError("counts and exposures are nought or more, and as many of the one as of the other")
    known = [(n, e) for n, e in zip(counts, exposures, strict=True) if e > 0]
    whole = sum(e for _, e in known)
    if not known:
        raise ValueError("a rate needs an exposure")
    every = sum(n for n, _ in known)
    shape, mean = _prior(known)
    if every == 0 or shape / mean >= whole:
        return [Shrunk(every + 0.5, whole, n, e) for n, e in zip(counts, exposures, strict=True)]
    return [Shrunk(shape + n, shape / mean + e, n, e) for n, e in zip(counts, exposures, strict=True)]


def _prior(known: Sequence[tuple[int, float]]) -> tuple[float, float]:
    """Shape and mean of the gamma distribution under which the counts are likeliest."""

    def unlikely(log_shape: float) -> float:
        shape = math.exp(log_shape)
        return -_likelihood(known, shape, _mean(known, shape))

    shape = math.exp(_lowest(unlikely, _LEAST, _MOST))
    return shape, _mean(known, shape)


def _mean(known: Sequence[tuple[int, float]], shape: float) -> float:
    """The likeliest mean for this shape: each group's rate weighed by how much it tells."""
    mean = max(sum(n for n, _ in known), 0.5) / sum(e for _, e in known)
    for _ in range(200):
        before = mean
        mean = max(sum(n for n, _ in known), 0.5) / sum((n + shape) * e / (shape + e * mean) for n, e in known)
        if abs(mean - before) <= 1e-12 * before:
            break
    return mean


def _likelihood(known: Sequence[tuple[int, float]], shape: float, mean: float) -> float:
    return sum(
        math.lgamma(n + shape) - math.lgamma(shape)
        + shape * math.log(shape / (shape + e * mean)) + n * math.log(e * mean / (shape + e * mean))
        for n, e in known
    )  # fmt: skip


def _lowest(of: Callable[[float], float], low: float, high: float) -> float:
    """Where a function of one valley is lowest, by golden section."""
    a, b = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
    at_a, at_b = of(a), of(b)
    while high - low > 1e-7:
        if at_a <= at_b:
            high, b, at_b = b, a, at_a
            a = high - _GOLDEN * (high - low)
            at_a = of(a)
        else:
            low, a, at_a = a, b, at_b
            b = low + _GOLDEN * (high - low)
            at_b = of(b)
    return (low + high) / 2


def _tails(level: float) -> tuple[float, float]:
    return (1 - level) / 2, (1 + level) / 2


@lru_cache(maxsize=4096)  # a list of places has few rates, and asks for each many times
def gamma_quantile(share: float, shape: float) -> float:
    """Below which this SHARE of a gamma distribution of rate one lies."""
    low, high = 0.0, shape + 1
    while _gamma_below(high, shape) < share:
        high *= 2
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if _gamma_below(middle, shape) < share else (low, middle)
        if high - low <= 1e-12 * high:
            break
    return (low + high) / 2


def _gamma_below(x: float, shape: float) -> float:
    """The regularised incomplete gamma function: by its series, or beyond the mean by its continued fraction
    (W. H. Press and others, Numerical Recipes, 3rd ed. 2007, section 6.2)."""
    if x <= 0:
        return 0.0
    front = math.exp(shape * math.log(x) - x - math.lgamma(shape))
    if x < shape + 1:
        term = total = 1 / shape
        n = shape
        while abs(term) > abs(total) * 1e-16:
            n += 1
            term *= x / n
            total += term
        return total * front
    b, c = x + 1 - shape, 1e300
    d = 1 / b
    h = d
    for i in range(1, 10_000):
        a = -i * (i - shape)
        b += 2
        d = 1 / (a * d + b or 1e-300)
        c = b + a / c or 1e-300
        h *= d * c
        if abs(d * c - 1) < 1e-15:
            break
    return 1 - front * h


def _negative_binomial_quantile(share: float, shape: float, chance: float) -> float:
    """The least whole number that leaves at least this SHARE at or below it."""
    if chance >= 1:
        return 0.0
    k, log_term = 0, shape * math.log(chance)
    below = math.exp(log_term)
    most = (shape * (1 - chance) / chance + 10) * 100  # far beyond any tail; ends where rounding would not
    while below < share - 1e-12 and k < most:
        k += 1
        log_term += math.log((shape + k - 1) / k * (1 - chance))
        below += math.exp(log_term)
    return float(k)
