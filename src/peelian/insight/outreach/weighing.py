"""Several sources laid over one another: each as a rank, the ranks added up by weights, and how far the order depends
on the weights. No table and no person here, only numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

DRAWS, SEED = 1_000, 54
MOST = 10  # so many wards are "the highest" and "the lowest"
FIRM = 0.9  # of the draws
OFTEN = 0.5
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def percentiles(values: Sequence[float]) -> list[float]:
    """The rank of each as a share of all, (rank − ½) ÷ n, equal values sharing their ranks: between 0 and 1, and one
    half on average however skewed the values are."""
    found = np.asarray(values, float)
    if not len(found):
        return []
    order = np.sort(found)
    below, upto = np.searchsorted(order, found, "left"), np.searchsorted(order, found, "right")
    return [float(one) for one in (below + upto) / 2 / len(found)]


def edge(wards: int) -> int:
    """How many wards are "the highest": ten, or a third where there are few."""
    return min(MOST, wards // 3)


@dataclass(frozen=True)
class Stood:
    """How one ward stands: its place by the chosen weights (1 is the highest), in what share of random weightings it is
    among the highest and the lowest, and its place with each part left out."""

    place: int
    high: float
    low: float
    without: dict[str, int]

    def places(self) -> tuple[int, int]:
        """The highest and the lowest place it takes when a part is left out, or none."""
        every = [self.place, *self.without.values()]
        return min(every), max(every)

    def said(self, most: int) -> str:
        """Whether its place among the highest depends on the weights."""
        best, worst = self.places()
        if self.place <= most and self.high >= FIRM and worst <= most:
            return "firm"
        if self.place <= most or self.high >= OFTEN or best <= most:
            return "depends on the weights"
        return ""


def composite(parts: Sequence[Sequence[float]], weights: Sequence[float]) -> list[float]:
    """For each ward the mean of its parts (rows are wards) by weight, 0 to 1. Raises ValueError without a weight."""
    chosen = np.asarray(weights, float)
    if not chosen.sum() > 0:
        raise ValueError("no part has a weight")
    return [float(one) for one in np.asarray(parts, float).reshape(-1, len(chosen)) @ (chosen / chosen.sum())]


def sensitivity(names: Sequence[str], parts: Sequence[Sequence[float]], weights: Sequence[float]) -> list[Stood]:
    """Each ward under 1,000 weightings drawn evenly from all there are (Dirichlet with every parameter one, always the
    same draws), and under the chosen weights with each part left out in turn."""
    rows = np.asarray(parts, float).reshape(-1, len(names))
    chosen = np.asarray(weights, float)
    most, place = edge(len(rows)), _places(rows @ chosen)
    drawn = _places(rows @ _weightings(len(names)).T)
    high, low = (drawn <= most).mean(axis=1), (drawn > len(rows) - most).mean(axis=1)
    without: dict[str, Ints] = {}
    for at, name in enumerate(names):
        rest = np.where(np.arange(len(names)) == at, 0.0, chosen)
        if chosen[at] > 0 and rest.sum() > 0:
            without[name] = _places(rows @ rest)
    return [
        Stood(int(place[i]), float(high[i]), float(low[i]), {name: int(found[i]) for name, found in without.items()})
        for i in range(len(rows))
    ]


def _places(sums: Floats) -> Ints:
    """1 for the highest of each column; of equals the first row comes first."""
    order = np.argsort(-np.round(sums, 12), axis=0, kind="stable")
    places = np.empty_like(order)
    np.put_along_axis(places, order, np.arange(1, len(sums) + 1).reshape(-1, *[1] * (sums.ndim - 1)), axis=0)
    return places.astype(np.int64)


@lru_cache(maxsize=8)
def _weightings(parts: int) -> Floats:
    return np.random.default_rng(SEED).dirichlet(np.ones(parts), DRAWS)
