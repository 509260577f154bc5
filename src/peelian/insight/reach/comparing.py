"""Members against the population, category by category: target and actual share, gap, rate, ratio, and whether the gap
is one.

    target = people of the category ÷ all people;  actual = its members ÷ members who said;  gap = actual − target

as in the Origins report of November 2018 (Engagement, appendix A). Under-represented and predominant follow from the
sign of the gap, where it is clear at all: the p-values of a table are taken together (Benjamini and Hochberg, 5%), and
the interval printed for every row has the level that goes with that (Benjamini and Yekutieli).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from peelian.core.statistics import Estimate, benjamini_hochberg, exact_or_score_p, fcr_level, proportion, wilson
from peelian.insight.reach.dimensions import SHORT

UNDER, OVER, UNCLEAR = "under-represented", "predominant", "no clear difference"
NOT_TOLD, NOBODY = "not told", "nobody of this group in the population table"


@dataclass(frozen=True)
class Group:
    """One category: its people in the population, and its members; None where they are too few to be told."""

    code: str
    label: str
    people: int
    members: int | None

    @property
    def short(self) -> str:
        """The label for charts and sentences."""
        return SHORT.get(self.code, self.label)


@dataclass(frozen=True)
class Row:
    """What is said of a group. Shares are of one, `gap` is a difference of shares (0.027 is 2.7 percentage points);
    what cannot be worked out is None, and `verdict` says why."""

    group: Group
    target: float | None
    actual: Estimate | None  # with its own 95% interval
    low: float | None = None  # of the gap, at the level of the table
    high: float | None = None
    verdict: str = ""

    @property
    def gap(self) -> float | None:
        return None if self.actual is None or self.target is None else self.actual.value - self.target

    @property
    def rate(self) -> float | None:
        """Members per 1,000 people."""
        members, people = self.group.members, self.group.people
        return None if members is None or not people else 1000 * members / people

    @property
    def ratio(self) -> float | None:
        """Actual over target share: 1 is parity."""
        return None if self.actual is None or not self.target else self.actual.value / self.target

    @property
    def clear(self) -> bool:
        return self.verdict in (UNDER, OVER)


@dataclass(frozen=True)
class Comparison:
    """A table. `base` are the members who said, `people` the population; `level` is that of the gaps' intervals."""

    rows: list[Row]
    base: int
    people: int
    level: float | None  # None where nothing could be tested
    tests: int

    @property
    def under(self) -> list[Row]:
        """The under-represented, the widest gap first."""
        return sorted((row for row in self.rows if row.verdict == UNDER), key=lambda row: row.gap or 0)

    @property
    def over(self) -> list[Row]:
        return sorted((row for row in self.rows if row.verdict == OVER), key=lambda row: -(row.gap or 0))


def compare(groups: Sequence[Group], *, base: int, people: int) -> Comparison:
    """The table of these groups. BASE and PEOPLE count also whom no group names. With a base or a population of nought
    there are no shares, and no verdicts."""
    rows = [_row(group, base, people) for group in groups]
    tested = [at for at, row in enumerate(rows) if row.actual is not None and row.target]
    if not tested:
        return Comparison(rows, base, people, None, 0)
    ps = [exact_or_score_p(rows[at].group.members or 0, base, rows[at].target or 0.0) for at in tested]
    stand = benjamini_hochberg(ps)
    level = fcr_level(sum(stand), len(ps))
    for at, clear in zip(tested, stand, strict=True):
        rows[at] = _judged(rows[at], base, level, clear)
    return Comparison(rows, base, people, level, len(ps))


def _row(group: Group, base: int, people: int) -> Row:
    target = group.people / people if people else None
    if group.members is None:
        return Row(group, target, None, verdict=NOT_TOLD)
    actual = proportion(group.members, base) if base else None
    return Row(group, target, actual, verdict=NOBODY if target is not None and not group.people else "")


def _judged(row: Row, base: int, level: float, clear: bool) -> Row:
    """With its interval at the table's level and its verdict.

    The score interval leaves the target out exactly when the score test says so at that level. Where few would be
    expected an exact test decided instead: then the two may disagree by a hair, a gap counts as clear only by both, and
    the interval of one that is not clear reaches to the target."""
    target = row.target or 0.0
    low, high = (end - target for end in wilson(row.group.members or 0, base, level=level))
    if clear and (low > 0 or high < 0):
        return Row(row.group, row.target, row.actual, low, high, OVER if low > 0 else UNDER)
    return Row(row.group, row.target, row.actual, min(low, 0.0), max(high, 0.0), UNCLEAR)
