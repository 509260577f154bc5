"""The named methods by which figures are estimated. Each gives an interval with its estimate, names its source, and is
checked against a published example (core/tests/test_statistics.py).

Nothing here imports SciPy: a web process would pay seconds for it at its start.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

LEVEL = 0.95


@dataclass(frozen=True)
class Estimate:
    """A rate from 0 to 1 with its interval, and what it rests on. `method` is the words a page may print."""

    value: float
    low: float
    high: float
    base: int  # the denominator
    method: str

    def of(self, number: int) -> tuple[float, float, float]:
        """How many that would be among NUMBER: expected, low, high."""
        return self.value * number, self.low * number, self.high * number


def wilson(successes: float, base: float, *, level: float = LEVEL) -> tuple[float, float]:
    """The score interval for a proportion: SUCCESSES of BASE, both also as effective numbers (not whole).

    E. B. Wilson (1927), Journal of the American Statistical Association 22, 209-212; R. G. Newcombe (1998), Statistics
    in Medicine 17, 857-872, method 3. Raises ValueError for an empty base or a part larger than its whole.
    """
    if base <= 0 or not 0 <= successes <= base:
        raise ValueError(f"{successes} of {base} is no proportion")
    z = NormalDist().inv_cdf((1 + level) / 2)
    share = successes / base
    centre = (share + z * z / (2 * base)) / (1 + z * z / base)
    half = z / (1 + z * z / base) * math.sqrt(share * (1 - share) / base + z * z / (4 * base * base))
    return max(0.0, centre - half), min(1.0, centre + half)


def proportion(successes: int, base: int, *, level: float = LEVEL) -> Estimate:
    """A proportion of independent people with its score interval."""
    low, high = wilson(successes, base, level=level)
    return Estimate(successes / base, low, high, base, "Wilson score interval")


def clustered_proportion(successes: Sequence[int], bases: Sequence[int], *, level: float = LEVEL) -> Estimate:
    """A proportion of people who come in clusters, such as those who got one alert: SUCCESSES[i] of BASES[i] in each.

    People of one cluster are alike, so that each tells less than an independent one. The variance between clusters
    (W. G. Cochran, Sampling Techniques, 3rd ed. 1977, section 3.12) over the binomial one is the design effect. The
    score interval is taken at the effective sample size, base ÷ design effect (E. L. Korn and B. I. Graubard, Survey
    Methodology 24, 1998, 193-201, who do so with the exact interval). The design effect never counts as less than
    one, so that the interval is wide rather than narrow. Raises ValueError without a base.
    """
    base, hits = sum(bases), sum(successes)
    rate = hits / base if base else 0.0
    design = max(1.0, _design_effect(successes, bases, rate))
    low, high = wilson(hits / design, base / design, level=level)
    return Estimate(rate, low, high, base, "Wilson score interval, allowing for differences between alerts")


def _design_effect(successes: Sequence[int], bases: Sequence[int], rate: float) -> float:
    """Variance between clusters over the variance of as many independent people; one where neither can be told."""
    clusters, base = len(bases), sum(bases)
    binomial = rate * (1 - rate) / base
    if clusters < 2 or binomial == 0:
        return 1.0
    squares = sum((hits - rate * size) ** 2 for hits, size in zip(successes, bases, strict=True))
    return clusters / (clusters - 1) * squares / base**2 / binomial
