"""Making those who answered stand for those who were asked: weights, what they cost, and when they cannot be had."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from peelian.core.statistics.proportions import LEVEL, Estimate, wilson
from peelian.core.wording import listed

NEAR_ENOUGH: Final = 1e-6  # of all weights: how far a margin may be from its target
MOST_ROUNDS: Final = 500


class CannotWeight(ValueError):
    """No weights meet these targets. The message is a sentence for a page."""


@dataclass(frozen=True)
class Kish:
    """How many people of equal weight would tell as much, and by how much the weights widen every interval."""

    effective: float
    design_effect: float


def kish(weights: Sequence[float]) -> Kish:
    """L. Kish, Survey Sampling (1965), section 11.7: effective size = (sum of weights)² / sum of squared weights.
    Raises ValueError for no weights, all nought, or one below nought."""
    squares = math.fsum(w * w for w in weights)
    if not squares or any(w < 0 for w in weights):
        raise ValueError("weights are above nought")
    effective = math.fsum(weights) ** 2 / squares
    return Kish(effective, len(weights) / effective)


@dataclass(frozen=True)
class Round:
    """One round of raking: how far the margin that was furthest off still is (as a share of everybody), and how many
    weights were cut to the limits."""

    number: int
    gap: float
    dimension: str
    trimmed: int


@dataclass(frozen=True)
class Raked:
    """Weights, in the order of the people, with mean one (about one where they were cut to their limits); the log of
    how they came about; `met` when every target is."""

    weights: tuple[float, ...]
    rounds: tuple[Round, ...]
    met: bool

    @property
    def kish(self) -> Kish:
        return kish(self.weights)

    def said(self) -> str:
        """What a page says about them."""
        last, cost = self.rounds[-1], self.kish
        rounds = "1 round" if last.number == 1 else f"{last.number} rounds"
        how = f"Weights met every target after {rounds}." if self.met else (
            f"Weights were held within their limits; after {rounds} they miss “{last.dimension}” by "
            f"{100 * last.gap:.1f} percentage points."
        )  # fmt: skip
        return (
            f"{how} They run from {min(self.weights):.2f} to {max(self.weights):.2f}, and "
            f"{len(self.weights):,} answers tell as much as {cost.effective:,.0f} with equal weights would "
            f"(design effect {cost.design_effect:.2f})."
        )


def rake(
    people: Mapping[str, Sequence[str]],
    targets: Mapping[str, Mapping[str, float]],
    *,
    weights: Sequence[float] | None = None,
    limits: tuple[float, float] | None = None,
) -> Raked:
    """Weights with which PEOPLE (for each dimension the category of each person) have the TARGETS (for each dimension
    the share, or number, of each category), starting from WEIGHTS or from one each.

    Iterative proportional fitting: W. E. Deming and F. F. Stephan (1940), Annals of Mathematical Statistics 11,
    427-444. LIMITS (0.3, 3) hold each weight within so many times the one it started from, in each round (D. Izrael,
    M. P. Battaglia and M. R. Frankel, SAS Global Forum 2009, paper 247); targets may then be missed by a little, which
    `met` and the log say. Raises CannotWeight, in words: a category with a target and nobody in it, people without a
    target, targets that contradict each other.
    """
    shares = _checked(people, targets)
    names = list(shares)
    size = len(people[names[0]])
    start = [1.0] * size if weights is None else [float(w) for w in weights]
    if len(start) != size or any(not math.isfinite(w) or w <= 0 for w in start):
        raise CannotWeight("Every person needs a weight above nought to start from.")
    of_person = list(zip(*(people[name] for name in names), strict=True))
    cells: dict[tuple[str, ...], float] = {}
    for cell, weight in zip(of_person, start, strict=True):
        cells[cell] = cells.get(cell, 0.0) + weight
    factors, rounds, met = _fit(cells, names, shares, limits)
    mean = math.fsum(start) / size
    found = tuple(w / mean * factors[cell] for cell, w in zip(of_person, start, strict=True))
    return Raked(found, tuple(rounds), met)


def _checked(
    people: Mapping[str, Sequence[str]], targets: Mapping[str, Mapping[str, float]]
) -> dict[str, dict[str, float]]:
    """The targets as shares that sum to one."""
    if not targets or set(targets) != set(people):
        raise CannotWeight("The people and the targets do not have the same dimensions.")
    if len({len(column) for column in people.values()}) != 1 or not next(iter(people.values())):
        raise CannotWeight("There is nobody to weight.")
    for name, wanted in targets.items():
        if any(not math.isfinite(v) or v < 0 for v in wanted.values()) or not sum(wanted.values()):
            raise CannotWeight(f"The targets of “{name}” are no shares.")
        have = set(people[name])
        if lost := [category for category, value in wanted.items() if value > 0 and category not in have]:
            raise CannotWeight(
                f"Nobody who answered is “{listed(lost)}” ({name}), so no weight can make up for them. "
                "Join the category with another."
            )
        if extra := sorted(category for category in have if not wanted.get(category)):
            raise CannotWeight(f"There are people who are “{listed(extra)}” ({name}), and no target for them.")
    return {name: {c: v / sum(w.values()) for c, v in w.items() if v} for name, w in targets.items()}


def _fit(
    cells: Mapping[tuple[str, ...], float],
    names: Sequence[str],
    shares: Mapping[str, Mapping[str, float]],
    limits: tuple[float, float] | None,
) -> tuple[dict[tuple[str, ...], float], list[Round], bool]:
    """The factor of each cell of people who are alike in every dimension, the log, and whether the targets are met."""
    total = math.fsum(cells.values())
    fitted = {cell: weight / total for cell, weight in cells.items()}
    rounds: list[Round] = []
    before: dict[tuple[str, ...], float] = {}
    for number in range(1, MOST_ROUNDS + 1):
        for at, name in enumerate(names):
            have = _margin(fitted, at)
            fitted = {cell: share * shares[name][cell[at]] / have[cell[at]] for cell, share in fitted.items()}
        cut = _trim(fitted, cells, total, limits) if limits else 0
        gap, worst = max(
            (abs(have.get(category, 0.0) - wanted), name)
            for at, name in enumerate(names)
            for have in (_margin(fitted, at),)
            for category, wanted in shares[name].items()
        )
        rounds.append(Round(number, gap, worst, cut))
        if gap < NEAR_ENOUGH:
            return _factors(fitted, cells, total), rounds, True
        if limits and before and all(abs(fitted[c] - before[c]) < 1e-12 for c in fitted):
            return _factors(fitted, cells, total), rounds, False
        before = fitted
    if limits:
        return _factors(fitted, cells, total), rounds, False
    raise CannotWeight(
        f"The targets contradict each other for the people who answered: after {MOST_ROUNDS} rounds “{worst}” is still "
        f"{100 * gap:.1f} percentage points off. Some combinations of categories have nobody in them; join categories."
    )


def _margin(fitted: Mapping[tuple[str, ...], float], at: int) -> dict[str, float]:
    sums: dict[str, float] = {}
    for cell, share in fitted.items():
        sums[cell[at]] = sums.get(cell[at], 0.0) + share
    return sums


def _factors(
    fitted: Mapping[tuple[str, ...], float], cells: Mapping[tuple[str, ...], float], total: float
) -> dict[tuple[str, ...], float]:
    return {cell: share * total / cells[cell] for cell, share in fitted.items()}


def _trim(
    fitted: dict[tuple[str, ...], float],
    cells: Mapping[tuple[str, ...], float],
    total: float,
    limits: tuple[float, float],
) -> int:
    """Cut to the limits, in place; how many cells were."""
    cut = 0
    for cell, share in fitted.items():
        factor = share * total / cells[cell]
        within = min(max(factor, limits[0]), limits[1])
        if abs(within - factor) > 1e-12:
            fitted[cell] = within * cells[cell] / total
            cut += 1
    return cut


def post_stratify(counts: Mapping[str, int], shares: Mapping[str, float]) -> dict[str, float]:
    """For each category the weight with which COUNTS of those who answered have the SHARES of everybody: share of
    everybody ÷ share of those who answered (D. Holt and T. M. F. Smith, Journal of the Royal Statistical Society A 142,
    1979, 33-46). Raises CannotWeight where a category has a share and no answer, or the other way round."""
    answered = [category for category, count in counts.items() if count > 0]
    wanted = _checked({"category": answered}, {"category": shares})["category"]
    whole = sum(counts.values())
    return {category: wanted[category] * whole / counts[category] for category in answered}


@dataclass(frozen=True)
class Stratum:
    """Of BASE who answered in a category, PART said yes; SHARE of everybody is in it."""

    name: str
    part: int
    base: int
    share: float


def post_stratified(strata: Sequence[Stratum], *, level: float = LEVEL) -> Estimate:
    """The proportion of everybody, from answers that are weighted up to each category's share.

    Variance of a stratified mean (W. G. Cochran, Sampling Techniques, 3rd ed. 1977, section 5A.9); the score interval
    at the size that a plain sample of the same variance would have. Raises CannotWeight where somebody's category has
    no answers.
    """
    whole = math.fsum(s.share for s in strata)
    if lost := [s.name for s in strata if s.share > 0 and s.base == 0]:
        raise CannotWeight(f"Nobody who answered is “{listed(lost)}”. Join the category with another.")
    if whole <= 0 or any(not 0 <= s.part <= s.base or s.share < 0 for s in strata):
        raise CannotWeight("These are no shares of everybody.")
    used = [s for s in strata if s.share > 0]
    base = sum(s.base for s in used)
    value = min(1.0, math.fsum(s.share / whole * s.part / s.base for s in used))
    variance = math.fsum((s.share / whole) ** 2 * _variance(s) for s in used)
    effective = min(float(base), value * (1 - value) / variance) if variance and 0 < value < 1 else _flat(used, whole)
    low, high = wilson(value * effective, effective, level=level)
    return Estimate(value, low, high, base, "Wilson score interval at the effective size, weighted by category")


def _variance(s: Stratum) -> float:
    rate = s.part / s.base
    return rate * (1 - rate) / max(1, s.base - 1)


def _flat(strata: Sequence[Stratum], whole: float) -> float:
    """The effective size where all said yes or none did, so that no variance is seen: as the weights alone have it."""
    return 1 / math.fsum((s.share / whole) ** 2 / s.base for s in strata)
