"""Proportions and means, of people one by one or in clusters, and how one differs from another or from a target."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

LEVEL = 0.95


@dataclass(frozen=True)
class Estimate:
    """A figure (most are rates from 0 to 1) with its interval, and what it rests on. `method` is the words a page may
    print."""

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


def student(level: float, freedom: int) -> float:
    """The two-sided critical value of Student's t: 2.228 for 95% and 10 degrees of freedom.

    The Cornish-Fisher expansion 26.7.5 of M. Abramowitz and I. A. Stegun, Handbook of Mathematical Functions (1964).
    For 95%, 0.01 too small at 3 degrees of freedom and right to three places from 5 on. Raises ValueError below 3.
    """
    if freedom < 3:
        raise ValueError(f"{freedom} degrees of freedom are too few")
    z = NormalDist().inv_cdf((1 + level) / 2)
    terms: list[float] = [
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    ]
    return z + sum(term / float(freedom) ** power for power, term in enumerate(terms, 1))


def clustered_mean(totals: Sequence[float], sizes: Sequence[int], *, level: float = LEVEL) -> Estimate:
    """A mean of people who come in clusters: TOTALS[i] is the sum of SIZES[i] values in each.

    The ratio estimator with its variance between clusters (W. G. Cochran, Sampling Techniques, 3rd ed. 1977, section
    2.11) and Student's t for one fewer than there are clusters. With a value in each cluster it is the usual interval
    of a mean. Raises ValueError for fewer than four clusters or none with a value.
    """
    base, clusters = sum(sizes), len(sizes)
    if not base:
        raise ValueError("no values")
    mean = sum(totals) / base
    squares = sum((total - mean * size) ** 2 for total, size in zip(totals, sizes, strict=True))
    error = math.sqrt(clusters / (clusters - 1) * squares) / base if clusters > 1 else math.inf
    half = student(level, clusters - 1) * error
    return Estimate(mean, mean - half, mean + half, base, "Student’s interval, by alert")


@dataclass(frozen=True)
class Difference(Estimate):
    """How much more a figure is than another, with its interval. `clear` when the interval leaves out nothing. Its base
    is of both together."""

    base: int = 0
    method: str = ""

    @property
    def clear(self) -> bool:
        return self.low > 0 or self.high < 0


def difference(later: Estimate, earlier: Estimate) -> Difference:
    """LATER minus EARLIER, two independent estimates, from their own intervals.

    R. G. Newcombe (1998), Statistics in Medicine 17, 873-890, method 10, for two proportions with score intervals;
    G. Y. Zou and A. Donner (2008), Statistics in Medicine 27, 1693-1702, for any two estimates.
    """
    value = later.value - earlier.value
    low = value - math.hypot(later.value - later.low, earlier.high - earlier.value)
    high = value + math.hypot(later.high - later.value, earlier.value - earlier.low)
    return Difference(value, low, high, later.base + earlier.base, "Newcombe’s hybrid score interval")


def newcombe(later: int, later_base: int, earlier: int, earlier_base: int, *, level: float = LEVEL) -> Difference:
    """LATER of LATER_BASE less EARLIER of EARLIER_BASE: the difference of two proportions, as a share of one.

    R. G. Newcombe (1998), Statistics in Medicine 17, 873-890, method 10. Raises ValueError for an empty base.
    """
    return difference(proportion(later, later_base, level=level), proportion(earlier, earlier_base, level=level))


def two_proportion_p(later: int, later_base: int, earlier: int, earlier_base: int) -> float:
    """The two-sided p-value that two proportions are the same: Fisher's exact test where a cell of the table would be
    expected below five (W. G. Cochran, Biometrics 10, 1954, 417-451), otherwise the score test with the pooled
    proportion, which is Pearson's chi-squared without a correction. Raises ValueError for an empty base."""
    for part, base in ((later, later_base), (earlier, earlier_base)):
        _check(part, base)
    together, whole = later + earlier, later_base + earlier_base
    if together in (0, whole):
        return 1.0
    if min(later_base, earlier_base) * min(together, whole - together) / whole < FEW:
        return _fisher(later, later_base, together, whole)
    pooled = together / whole
    error = math.sqrt(pooled * (1 - pooled) * (1 / later_base + 1 / earlier_base))
    return _both_tails((later / later_base - earlier / earlier_base) / error)


def exact_or_score_p(part: int, base: int, share: float) -> float:
    """The two-sided p-value that PART of BASE comes from a target SHARE that is itself certain: the exact binomial test
    where fewer than ten would be expected on either side (every outcome no likelier than this one counts, as in R's
    binom.test), otherwise the score test. Raises ValueError for an empty base or a share outside 0 to 1."""
    _check(part, base)
    if not 0 <= share <= 1:
        raise ValueError(f"{share} is no share")
    if share in (0, 1):
        return 1.0 if part == base * share else 0.0
    if min(share, 1 - share) * base < 2 * FEW:
        return _binomial(part, base, share)
    return _both_tails((part / base - share) / math.sqrt(share * (1 - share) / base))


FEW = 5
_SAME = 1 + 1e-7  # two probabilities this near each other are the same, as R has it


def _check(part: int, base: int) -> None:
    if base <= 0 or not 0 <= part <= base:
        raise ValueError(f"{part} of {base} is no proportion")


def _both_tails(z: float) -> float:
    return math.erfc(abs(z) / math.sqrt(2))


def log_choose(whole: int, part: int) -> float:
    return math.lgamma(whole + 1) - math.lgamma(part + 1) - math.lgamma(whole - part + 1)


def log_binomial(part: int, base: int, share: float) -> float:
    """The logarithm of the probability of PART of BASE at SHARE."""
    return log_choose(base, part) + part * math.log(share) + (base - part) * math.log1p(-share)


def _binomial(part: int, base: int, share: float) -> float:
    if share > 0.5:  # so that few are expected, and the sums below are short
        return _binomial(base - part, base, 1 - share)
    seen = math.exp(log_binomial(part, base, share))
    mode = min(base, int((base + 1) * share))
    total = 0.0
    for first, step in ((mode, -1), (mode + 1, 1)):
        at = first
        while 0 <= at <= base:
            chance = math.exp(log_binomial(at, base, share))
            if chance <= seen * _SAME:
                total += chance
            if chance == 0 or (chance <= seen and chance < 1e-18 * max(total, seen)):
                break
            at += step
    return min(1.0, total)


def _fisher(part: int, base: int, together: int, whole: int) -> float:
    """Every table with these totals that is no likelier than this one."""

    def chance(at: int) -> float:
        return math.exp(log_choose(together, at) + log_choose(whole - together, base - at) - log_choose(whole, base))

    seen = chance(part)
    tables = range(max(0, base - (whole - together)), min(base, together) + 1)
    return min(1.0, sum(c for at in tables if (c := chance(at)) <= seen * _SAME))
