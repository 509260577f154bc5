"""Many comparisons at once: which of them stand, and how wide their intervals must be."""

from __future__ import annotations

import math
from collections.abc import Sequence

Q = 0.05  # of the differences that a table calls clear, at most one in twenty is expected to be none


def adjusted(ps: Sequence[float]) -> list[float]:
    """Each p-value as the smallest Q at which it would stand (R's p.adjust, method BH)."""
    if any(not 0 <= p <= 1 for p in ps):  # also refuses what is not a number
        raise ValueError("a p-value is between 0 and 1")
    order = sorted(range(len(ps)), key=lambda i: ps[i], reverse=True)
    found, least = [1.0] * len(ps), 1.0
    for place, i in zip(range(len(ps), 0, -1), order, strict=True):
        least = min(least, ps[i] * len(ps) / place)
        found[i] = least
    return found


def benjamini_hochberg(ps: Sequence[float], q: float = Q) -> list[bool]:
    """Which of the p-values stand when false discoveries are to be at most Q of the discoveries.

    Y. Benjamini and Y. Hochberg (1995), Journal of the Royal Statistical Society B 57, 289-300: the largest k with
    p(k) <= k/m x Q, and all below it. Raises ValueError for what is no p-value.
    """
    order = sorted(range(len(ps)), key=lambda i: ps[i])
    if any(not 0 <= p <= 1 for p in ps):
        raise ValueError("a p-value is between 0 and 1")
    stand = max((k for k, i in enumerate(order, 1) if ps[i] <= k / len(ps) * q * (1 + 1e-12)), default=0)
    kept = set(order[:stand])
    return [i in kept for i in range(len(ps))]


def fcr_level(rejected: int, tests: int, q: float = Q) -> float:
    """The level of the intervals that go with REJECTED of TESTS: 1 - REJECTED x Q / TESTS. Of the intervals printed for
    those, at most Q are then expected to miss.

    Y. Benjamini and D. Yekutieli (2005), Journal of the American Statistical Association 100, 71-81. With none
    rejected, the level that one would have had. Raises ValueError when more are rejected than tested.
    """
    if tests < 1 or not 0 <= rejected <= tests:
        raise ValueError(f"{rejected} of {tests} tests")
    return 1 - max(1, rejected) * q / tests


def level_words(level: float) -> str:
    """95%, 99.7%: an interval's level as it is printed, never rounded up to 100%."""
    places = 0 if abs(level * 100 - round(level * 100)) < 1e-9 else 1
    while math.isclose(round(level * 100, places), 100) and level < 1 and places < 6:
        places += 1
    return f"{level * 100:.{places}f}%"
