"""What alerts do to worry: those who got one beside those held out of it by lot, pooled over alerts of a type and over
how many alerts people had before.

For each alert as many are asked of one arm as of the other, so that the pooled shares differ by nothing but the alert
and chance (and who answers). Differences of shares have Newcombe's interval; of many comparisons Benjamini and Hochberg
decide which stand, and the intervals are at the level that goes with that (core.statistics). Leaving out that people
of one alert are alike makes the intervals wide rather than narrow: the arms share their alerts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from django.db import connection
from django.db.models import Sum

from peelian.core import clock
from peelian.core.statistics import (
    LEVEL,
    Difference,
    Estimate,
    benjamini_hochberg,
    fcr_level,
    newcombe,
    proportion,
    two_proportion_p,
)
from peelian.core.suppression import small
from peelian.members.models import Topic
from peelian.surveys.pulse import asked
from peelian.surveys.pulse.models import Arm, Dose, PulseProgramme, PulseSlice

FEWEST = 50  # with an opinion in each arm: an interval from fewer spans more than 30 points
NO_CLEAR = "no clear difference"
MORE = {asked.WORRY: "more worried than those held out", asked.INFORMED: "better informed than those held out"}
LESS = {asked.WORRY: "less worried than those held out", asked.INFORMED: "worse informed than those held out"}
TITLES = {asked.WORRY: "Very or fairly worried about crime", asked.INFORMED: "Very or fairly well informed"}
_COUNTS = """
SELECT stratum, answers->>'worry', answers->>'informed', count(*) FROM surveys_answer
 WHERE survey_id = %(survey)s AND day >= %(since)s AND stratum <> '' GROUP BY 1, 2, 3
"""
# topic slug, arm, dose, question → how many with an opinion, and how many of them at COUNTED
Key = tuple[str, str, str, str]


@dataclass(frozen=True)
class Side:
    """One arm of a comparison: how many answered with an opinion, how many of them are worried (or informed)."""

    base: int = 0
    part: int = 0

    @property
    def told(self) -> bool:
        """Enough to estimate from, and nobody pointed at."""
        return self.base >= FEWEST and not small(self.part) and not small(self.base - self.part)

    @property
    def share(self) -> Estimate | None:
        return proportion(self.part, self.base) if self.told else None


@dataclass(frozen=True)
class Comparison:
    """One row: those who got an alert, those held out, the difference where it may be said."""

    label: str
    got: Side
    held: Side
    question: str
    difference: Difference | None = None
    stands: bool = False
    level: float = LEVEL

    @property
    def verdict(self) -> str:
        if self.difference is None:
            return self.why_not
        if not (self.stands and self.difference.clear):
            return NO_CLEAR
        return MORE[self.question] if self.difference.value > 0 else LESS[self.question]

    @property
    def clear(self) -> bool:
        return self.difference is not None and self.stands and self.difference.clear

    @property
    def why_not(self) -> str:
        """Why there is no difference; empty where there is one."""
        if self.difference is not None:
            return ""
        if not self.held.base:
            return "nobody was held out, or fewer than ten of them answered"
        if min(self.got.base, self.held.base) < FEWEST:
            return f"too few yet: {self.got.base:,} and {self.held.base:,} answers, {FEWEST} of each are needed"
        return "all but a few gave the same answer: they could be recognised"


@dataclass(frozen=True)
class Pooled:
    """Everything that has left the box since a day."""

    since: date
    counts: Mapping[Key, Side] = field(default_factory=dict)
    topics: Sequence[Topic] = ()

    @property
    def answers(self) -> int:
        """Answers to the first question with an opinion, all arms."""
        return sum(one.base for key, one in self.counts.items() if key[3] == asked.WORRY)

    def side(self, question: str, arms: Sequence[str], *, topic: str = "", dose: str = "") -> Side:
        base = part = 0
        for (slug, arm, had, asks), one in self.counts.items():
            if asks == question and arm in arms and topic in ("", slug) and dose in ("", had):
                base, part = base + one.base, part + one.part
        return Side(base, part)

    def _row(self, question: str, label: str, **of: str) -> Comparison:
        got, held = (self.side(question, [arm], **of) for arm in (Arm.GOT, Arm.HELD))
        return Comparison(label, got, held, question)

    def altogether(self, question: str) -> Comparison:
        return judged([self._row(question, "All of these types")])[0]

    def by_type(self, question: str) -> list[Comparison]:
        return judged([self._row(question, one.name, topic=one.slug) for one in self.topics])

    def by_dose(self, question: str) -> list[Comparison]:
        return judged([self._row(question, str(one.label), dose=one.value) for one in Dose])


def judged(rows: Sequence[Comparison]) -> list[Comparison]:
    """Each with its difference where both arms may be told, at the level that goes with how many stand."""
    tested = [at for at, row in enumerate(rows) if row.got.told and row.held.told]
    if not tested:
        return list(rows)
    four = {at: (rows[at].got.part, rows[at].got.base, rows[at].held.part, rows[at].held.base) for at in tested}
    stand = benjamini_hochberg([two_proportion_p(*four[at]) for at in tested])
    level = fcr_level(sum(stand), len(tested))
    found = list(rows)
    for at, stands in zip(tested, stand, strict=True):
        found[at] = replace(
            rows[at], difference=newcombe(*four[at], level=level), stands=stands, level=level
        )  # fmt: skip
    return found


def pooled(programme: PulseProgramme, since: date | None = None) -> Pooled:
    """The answers of the last twelve months; types in the order in which residents see them."""
    since = since or year_ago()
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, {"survey": programme.survey_id, "since": since})
        rows = cursor.fetchall()
    bases, parts = Counter[Key](), Counter[Key]()
    for stratum, worry, informed, number in rows:
        for question, said in ((asked.WORRY, worry), (asked.INFORMED, informed)):
            if said not in (None, "dk"):
                slug, arm, dose = stratum.split("/")
                bases[slug, arm, dose, question] += number
                parts[slug, arm, dose, question] += number if said in asked.COUNTED else 0
    slugs = {key[0] for key in bases}
    topics = list(Topic.objects.filter(slug__in=slugs).order_by("bit"))
    return Pooled(since, {key: Side(base, parts[key]) for key, base in bases.items()}, topics)


def year_ago() -> date:
    """The first of this month a year ago."""
    today = clock.today()
    return today.replace(year=today.year - 1, day=1)


@dataclass(frozen=True)
class Response:
    """How many of those asked in one arm answered, of the rounds that are over."""

    label: str
    asked: int
    answered: int

    @property
    def share(self) -> Estimate | None:
        told = self.asked and not small(self.answered)
        return proportion(self.answered, self.asked) if told else None


def responses(since: date) -> list[Response]:
    """By arm: a difference here would mean that the alert itself decides who answers."""
    found = PulseSlice.objects.filter(round__counted=True, round__opened_at__date__gte=since).order_by()
    sums = {row["arm"]: row for row in found.values("arm").annotate(a=Sum("asked"), n=Sum("answered"))}
    return [Response(str(arm.label), sums[arm]["a"], sums[arm]["n"]) for arm in Arm if arm in sums]
