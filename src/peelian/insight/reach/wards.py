"""The wards of an area beside each other: members for every 1,000 residents, as a funnel and not a ranking; and the
wards clearly below the rest, with what is known of why, for tasking (Engagement, November 2018, paragraphs 30 and 31).

The paper leaves open of whom its rates are; here they are of all residents, children included.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from peelian.core import charts, wording
from peelian.core.charts import Chart
from peelian.core.charts.funnels import Point
from peelian.core.statistics import funnel_limits, rate
from peelian.core.suppression import SMALL
from peelian.insight import queries
from peelian.insight.reach import told
from peelian.insight.reach.comparing import Row
from peelian.insight.reach.dimensions import EVERYBODY
from peelian.insight.reach.representation import NAMED, STAGES, Stage, representation
from peelian.places import queries as places
from peelian.places.models import Area
from peelian.places.queries import People

RESIDENTS = ("sex", "age", "ethnic-group-5", "disability", "ethnic-group-19")  # tables that count everybody, best first
MADE_UP_OF = ("ethnic-group-5", "age", "deprivation")  # by which a low ward is explained
ROLLUPS = (told.ROLLUP, "reach.sign-ups")
LATELY = timedelta(days=90)
PER = 1000
MOST_NAMED = 5  # wards for tasking


@dataclass(frozen=True)
class Low:
    """A ward clearly below the others: how many members short of the common rate, and why, in sentences."""

    area: Area
    rate: float
    low: float
    high: float
    base: int
    short: int
    why: list[str]


@dataclass(frozen=True)
class Wards:
    area: Area
    stage: Stage
    as_of: datetime | None
    refused: str = ""
    chart: Chart | None = None
    lowest: list[Low] | None = None  # the most members short first, MOST_NAMED of them
    further: int = 0  # others beyond the limits
    common: float = 0.0  # members for every 1,000 residents in all of them together
    residents: str = ""  # of which table
    untold: tuple[str, ...] = ()  # wards of which nothing is told


def wards(area: Area, stage: str) -> Wards:
    """AREA is one that the person may see. Its neighbourhoods, of whatever kind the force names."""
    shown = Wards(area, STAGES[stage], queries.as_of(told.ROLLUP))
    below = _neighbourhoods(area)
    if STAGES[stage].missing or shown.as_of is None or not below:
        return Wards(area, shown.stage, shown.as_of, refused=_why_not(shown))
    people = _residents([one.pk for one in below])
    members = told.totals(stage)
    known = [(one, members.get(one.pk), people.get(one.pk)) for one in below]
    points = [(one, n, who) for one, n, who in known if n is not None and who is not None and who.total >= max(n, 1)]
    if not points:
        return Wards(area, shown.stage, shown.as_of, refused=_no_residents(area))
    part, base = sum(n for _, n, _ in points), sum(who.total for _, _, who in points)
    chart = charts.funnel(
        "wards", f"{shown.stage.label} members for every {PER:,} residents",
        [Point(one.name, n, who.total) for one, n, who in points],
        per=PER, noun="Ward", nouns="wards", part="Members", base="Residents",
    )  # fmt: skip
    source = points[0][2]
    named = source.source or "the loaded table"
    named = named if not source.vintage or source.vintage in named else f"{named} ({source.vintage})"
    lowest, further = _lowest(area, stage, points, part / base)
    there = {one.pk for one, _, _ in points}
    untold = tuple(one.name for one in below if one.pk not in there)
    return Wards(area, shown.stage, shown.as_of, "", chart, lowest, further, PER * part / base, named, untold)


def _neighbourhoods(area: Area) -> list[Area]:
    ids = places.with_descendants([area.pk])
    return list(places.neighbourhoods().filter(pk__in=ids).order_by("name", "code"))


def _why_not(shown: Wards) -> str:
    if shown.stage.missing:
        return shown.stage.missing
    if shown.as_of is None:
        return "Members have not been counted yet. It happens by itself within the hour."
    return f"There are no wards in {shown.area.name} to set beside each other."


def _no_residents(area: Area) -> str:
    return (
        f"No table of the population says how many people live in the wards of {area.name}, so there are no rates. An"
        " administrator loads one with: peelian import census FILE.csv --topic sex"
    )


def _residents(area_ids: Sequence[int]) -> dict[int, People]:
    """Residents of each by the first table that knows any of them."""
    for topic in RESIDENTS:
        if found := places.populations(area_ids, topic):
            return found
    return {}


def _lowest(area: Area, stage: str, points: Sequence[tuple[Area, int, People]], common: float) -> tuple[list[Low], int]:
    """Those beyond the 99.8% limits of chance, the most members short first, and how many more there are."""
    limits = funnel_limits(common, [who.total for _, _, who in points], poisson=True)
    low = [(one, n, who) for (one, n, who), limit in zip(points, limits, strict=True) if limit.side(n / who.total) < 0]
    if not low or not common:
        return [], 0
    low.sort(key=lambda row: row[1] - common * row[2].total)
    reasons = _Reasons(area, stage, [one.pk for one, _, _ in points], {one.pk: who.total for one, _, who in points})
    found = []
    for one, n, who in low[:MOST_NAMED]:
        estimate = rate(n, who.total, per=PER)
        short = round(common * who.total - n)
        found.append(Low(one, estimate.value, estimate.low, estimate.high, who.total, short, reasons.of(one)))
    return found, max(0, len(low) - MOST_NAMED)


class _Reasons:
    """What is different about a ward: that more of its residents are of groups that the whole area reaches too little,
    and how many joined lately. Named as what goes together, not as causes."""

    def __init__(self, area: Area, stage: str, wards: list[int], residents: dict[int, int]) -> None:
        self.residents = residents
        self.lately = _joined_lately(wards)
        self.groups: list[tuple[str, set[str], float, dict[int, People]]] = []
        for topic in MADE_UP_OF:
            shown = representation(area, topic, stage)
            if shown.table is None or not shown.table.under or shown.people is None:
                continue
            codes = {row.group.code for row in shown.table.under}
            part = sum(one.people for one in shown.people.categories if one.code in codes) / shown.people.total
            self.groups.append((_named(shown.label, shown.table.under), codes, part, places.populations(wards, topic)))

    def of(self, ward: Area) -> list[str]:
        said = []
        for names, codes, part, populations in self.groups:
            who = populations.get(ward.pk)
            here = (
                sum(one.people for one in who.categories if one.code in codes) / who.total if who and who.total else 0
            )
            if here > part * 1.1:
                said.append(
                    f"{here:.0%} of its residents are of groups that are under-represented in the whole area, where"
                    f" they are {part:.0%} ({names})."
                )
        said.append(self._joining(ward))
        return said

    def _joining(self, ward: Area) -> str:
        here, all_here = self.lately.get(ward.pk, 0), sum(self.lately.values())
        if here < SMALL or not all_here:
            return f"Fewer than five people joined here in the last {LATELY.days} days."
        usual = PER * all_here / sum(self.residents.values())
        mine = PER * here / self.residents[ward.pk]
        return (
            f"In the last {LATELY.days} days {here:,} joined, {mine:.1f} for every {PER:,} residents; in all of the"
            f" area {usual:.1f}."
        )


def _named(topic: str, rows: Sequence[Row]) -> str:
    """ "deprivation, by tenths of England: 8, 7 and 4": a tenth by itself would say nothing."""
    more = [f"{len(rows) - NAMED} more"] if len(rows) > NAMED else []
    return f"{topic[:1].lower()}{topic[1:]}: {wording.listed([*(row.group.short for row in rows[:NAMED]), *more])}"


def _joined_lately(wards: list[int]) -> dict[int, int]:
    since = queries.as_of_day("reach.sign-ups") - LATELY
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT area_id, sum(joined)::int FROM insight_signup WHERE dimension = %s AND day > %s"
            " AND NOT whole_month AND area_id = ANY(%s) GROUP BY 1",
            [EVERYBODY, since, wards],
        )
        return dict(cursor.fetchall())
