"""Weights with which those who answered have the ages, sexes and ethnic groups of an area's residents.

Only for surveys that ask for them: what we know of the invited never meets an answer. A group too thin to be weighted
up is joined with another, which the page says. Weights are of a combination of answers, not of a person.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from peelian.core import wording
from peelian.core.statistics import CannotWeight, rake
from peelian.core.statistics.weighting import Round
from peelian.places import queries as places
from peelian.places.models import Area
from peelian.places.population import People
from peelian.surveys.analysis.designs import Design
from peelian.surveys.analysis.tallies import NOT_DRAWN, Cell, Tallies
from peelian.surveys.definition import Question, say

TOPICS = {"you.age": "age", "you.sex": "sex", "you.ethnicity": "ethnic-group-5"}
FEWEST_IN_GROUP = 5
MOST_MISSED = 0.05  # of everybody: by how much weights within their limits may miss a target and still be used
LIMITS: dict[str, tuple[float, float] | None] = {"3": (0.3, 3.0), "5": (0.2, 5.0), "none": None}
LIMIT_WORDS = {
    "3": "0.3 to 3 times",
    "5": "0.2 to 5 times",
    "none": "Not limited",
}


@dataclass(frozen=True)
class Dimension:
    """A question that an area's residents were asked too. `shares` are theirs by the survey's codes, not yet joined."""

    topic: str
    label: str
    key: str
    labels: Mapping[str, str]
    shares: Mapping[str, float]
    source: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Weighting:
    """Weights of a person by cell, and how they came about. Without `weights`, `refused` says why."""

    dimensions: list[Dimension]
    weights: dict[Cell, float] = field(default_factory=dict)
    rounds: tuple[Round, ...] = ()
    met: bool = False
    people: int = 0  # who can be weighted
    without: int = 0  # who gave no answer to what they are weighted by
    effective: float = 0.0
    joined: tuple[str, ...] = ()
    refused: str = ""
    missed: tuple[str, float] = ("", 0.0)  # the target that is furthest off, and by which share of everybody

    @property
    def design_effect(self) -> float:
        return self.people / self.effective if self.effective else 0.0

    @property
    def least(self) -> float:
        return min(self.weights.values(), default=0.0)

    @property
    def most(self) -> float:
        return max(self.weights.values(), default=0.0)

    @property
    def gap_words(self) -> str:
        """How far the margin that is furthest off is: 1.3 percentage points, in “Age”."""
        name, gap = self.missed
        return f"{100 * gap:.1f} percentage points (“{name}”)"

    @property
    def without_words(self) -> str:
        return "Fewer than 5" if 0 < self.without < 5 else f"{self.without:,}"

    @property
    def log(self) -> list[dict[str, object]]:
        """The first rounds and the last, for a table."""
        kept = [*self.rounds] if len(self.rounds) <= 12 else [*self.rounds[:10], self.rounds[-1]]
        return [
            {"number": one.number, "gap": f"{100 * one.gap:.4f}", "dimension": one.dimension, "trimmed": one.trimmed}
            for one in kept
        ]


def asked_of_residents(asked: Sequence[Question]) -> dict[str, Question]:
    """By topic, the questions of the survey that residents were asked by the census."""
    return {TOPICS[one.item]: one for one in asked if one.item in TOPICS}


def dimensions(asked: Sequence[Question], area: Area) -> list[Dimension]:
    """Those questions for which the population of the area is loaded."""
    found = []
    for topic, one in asked_of_residents(asked).items():
        people = places.population(area.pk, topic)
        if people is not None and people.total:
            found.append(_dimension(topic, one, people))
    return found


def _dimension(topic: str, one: Question, people: People) -> Dimension:
    labels = {option.code: say(option.text) for option in one.options}
    notes: tuple[str, ...] = tuple(people.notes)
    if topic == "age":
        counts, split = by_bands({c.code: float(c.people) for c in people.categories}, list(labels))
        if split:
            notes += (f"Residents of {wording.listed(split)} are shared among the ages by year, evenly.",)
    else:
        counts = {code: float(people.people(code)) for code in labels}
    whole = sum(counts.values())
    shares = {code: number / whole for code, number in counts.items()} if whole else {}
    return Dimension(topic, people.label, one.key, labels, shares, f"{people.source}, {people.vintage}", notes)


def by_bands(residents: Mapping[str, float], bands: Sequence[str]) -> tuple[dict[str, float], list[str]]:
    """Residents by the census's ages as residents by a question's bands ("16-24", "75"); and which of the census's
    lie across two bands, so that their years were shared out evenly. Who is younger than the first band is left out."""
    spans = {band: span for band in bands if (span := _years(band, last=band == bands[-1]))}
    found = dict.fromkeys(spans, 0.0)
    split = []
    for code, number in residents.items():
        years = _years(code, last="+" in code)
        if years is None:
            continue
        first, end = years[0], min(years[1], years[0] + 20)
        parts = {band: len(range(max(first, span[0]), min(end, span[1]) + 1)) for band, span in spans.items()}
        for band, part in parts.items():
            found[band] += number * part / (end - first + 1)
        if any(0 < part < end - first + 1 for part in parts.values()):
            split.append(code)
    return found, split


def _years(band: str, *, last: bool) -> tuple[int, int] | None:
    numbers = [int(one) for one in re.findall(r"\d+", band)]
    if not numbers or len(numbers) > 2:
        return None
    return numbers[0], numbers[1] if len(numbers) == 2 else 150 if last else numbers[0]


def join(counts: Mapping[str, int], shares: Mapping[str, float], *, ordered: bool) -> dict[str, tuple[str, ...]]:
    """For each code the group it is weighted in: groups in which fewer than FEWEST_IN_GROUP answered are joined, ages
    with the thinner neighbour, others with the smallest of the rest."""
    codes = [code for code, share in shares.items() if share > 0]
    groups: list[tuple[str, ...]] = [(code,) for code in codes]
    size = {group: sum(counts.get(code, 0) for code in group) for group in groups}
    while len(groups) > 1 and min(size[group] for group in groups) < FEWEST_IN_GROUP:
        at = min(range(len(groups)), key=lambda i: size[groups[i]])
        others = [i for i in (at - 1, at + 1) if 0 <= i < len(groups)] if ordered else [
            i for i in range(len(groups)) if i != at
        ]  # fmt: skip
        other = min(others, key=lambda i: size[groups[i]])
        first, second = sorted((at, other))
        both = groups[first] + groups[second]
        size[both] = size[groups[first]] + size[groups[second]]
        groups[first] = both
        del groups[second]
    return {code: group for group in groups for code in group}


def weigh(found: Tallies, wanted: Sequence[Dimension], limits: str = "3", design: Design | None = None) -> Weighting:
    """Weights for people counted by the questions of WANTED, in that order. With a DESIGN, of which the stratum stands
    at the end of each cell, they begin with the inverse of the chance with which each was drawn."""
    used = list(wanted)
    if not used and design is None:
        return Weighting([], refused="Nothing of this area’s residents is known that people were asked here.")
    base = {cell: _base(cell, design) for cell in found.people}
    whole = {cell: n for cell, n in found.people.items() if _known(cell, used) and base[cell]}
    if not used:
        return _of_design(found, whole, base)
    without = found.number - sum(whole.values())
    groups, joined, dropped = _groups(whole, used)
    cells = list(whole)
    kept = [at for at in range(len(used)) if at not in dropped]
    if not cells or not kept:
        return Weighting(used, without=without, joined=tuple(joined), refused=(
            "Too few answered the questions that weights need: nobody who answered differs in them."
        ))  # fmt: skip
    people = {used[at].label: [_name(groups[at][cell[at]], used[at]) for cell in cells] for at in kept}
    targets: dict[str, dict[str, float]] = {used[at].label: {} for at in kept}
    for at in kept:
        of = targets[used[at].label]
        for code, group in groups[at].items():
            name = _name(group, used[at])
            of[name] = of.get(name, 0.0) + used[at].shares[code]
    start = [whole[cell] * base[cell] for cell in cells]
    try:
        raked = rake(people, targets, weights=start, limits=LIMITS[limits])
    except CannotWeight as problem:
        return Weighting(used, without=without, joined=tuple(joined), refused=str(problem))
    mean = sum(start) / len(start)
    weights = {cell: w * mean / whole[cell] for cell, w in zip(cells, raked.weights, strict=True)}
    if design is not None:  # about one, so that they can be read
        stands_for = sum(weights[cell] * n for cell, n in whole.items()) / sum(whole.values())
        weights = {cell: weight / stands_for for cell, weight in weights.items()}
    effective = _effective(weights, whole)
    missed = ("", 0.0) if raked.met else _missed(people, targets, raked.weights)
    if missed[1] > MOST_MISSED:
        return Weighting(
            used, rounds=raked.rounds, people=sum(whole.values()), without=without, joined=tuple(joined),
            missed=missed, refused=(
                f"Within these limits the weights still miss “{missed[0]}” by {100 * missed[1]:.1f} percentage points."
                f" Beyond {100 * MOST_MISSED:.0f} nothing weighted is shown: those who answered are too unlike the"
                " residents. Choose wider limits or fewer targets."
            ),
        )  # fmt: skip
    return Weighting(
        used, weights, raked.rounds, raked.met, sum(whole.values()), without, effective, tuple(joined), missed=missed
    )


def _base(cell: Cell, design: Design | None) -> float:
    """How many people one of this cell stands for before raking; nought where nobody knows."""
    if design is None:
        return 1.0
    return design.weight(None if cell[-1] == NOT_DRAWN else cell[-1]) or 0.0


def _of_design(found: Tallies, whole: Mapping[Cell, int], base: Mapping[Cell, float]) -> Weighting:
    """The weights of the chances alone, about one."""
    people = sum(whole.values())
    if not people:
        return Weighting([], refused="Nobody of the sample has answered yet.")
    mean = sum(base[cell] * n for cell, n in whole.items()) / people
    weights = {cell: base[cell] / mean for cell in whole}
    effective = _effective(weights, whole)
    return Weighting([], weights, met=True, people=people, without=found.number - people, effective=effective)


def _effective(weights: Mapping[Cell, float], whole: Mapping[Cell, int]) -> float:
    squares = sum(weights[cell] ** 2 * number for cell, number in whole.items())
    return sum(weights[cell] * number for cell, number in whole.items()) ** 2 / squares


def _missed(
    people: Mapping[str, Sequence[str]], targets: Mapping[str, Mapping[str, float]], weights: Sequence[float]
) -> tuple[str, float]:
    """The dimension in which the weighted shares are furthest from their target, and how far."""
    whole, worst = sum(weights), ("", 0.0)
    for name, wanted in targets.items():
        have = dict.fromkeys(wanted, 0.0)
        for group, weight in zip(people[name], weights, strict=True):
            have[group] += weight
        of = sum(wanted.values())
        gap = max(abs(have[group] / whole - share / of) for group, share in wanted.items())
        worst = (name, gap) if gap > worst[1] else worst
    return worst


def _known(cell: Cell, used: Sequence[Dimension]) -> bool:
    return all(one.shares.get(code, 0) > 0 for code, one in zip(cell, used, strict=False))


def _groups(
    whole: Mapping[Cell, int], used: Sequence[Dimension]
) -> tuple[list[dict[str, tuple[str, ...]]], list[str], set[int]]:
    """For each dimension the group of each code; sentences for what was joined; the dimensions that say nothing."""
    found, said, dropped = [], [], set()
    for at, one in enumerate(used):
        counts: Counter[str] = Counter()
        for cell, number in whole.items():
            counts[cell[at]] += number
        groups = join(counts, one.shares, ordered=one.topic == "age")
        found.append(groups)
        several = [group for group in dict.fromkeys(groups.values()) if len(group) > 1]
        if len(set(groups.values())) < 2:
            dropped.add(at)
            said.append(f"{one.label}: too few of all but one group answered, so it is left out.")
            continue
        said += [
            f"{one.label}: {wording.listed([f'“{one.labels[code]}”' for code in group])} count as one group, because"
            f" fewer than {FEWEST_IN_GROUP} of one of them answered."
            for group in several
        ]
    return found, said, dropped


def _name(group: tuple[str, ...], one: Dimension) -> str:
    return " or ".join(one.labels[code] for code in group)
