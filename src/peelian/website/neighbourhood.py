"""What a neighbourhood's page says in figures: how people rate what we send, how many we reach, and the crime that the
police publish. Each with what it is of, and nothing where too few stand behind it.

All of it follows from what insight keeps, so it is worked out once after each refresh and not for each page.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db import connection
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from peelian.core import charts, clock, wording
from peelian.core.charts import Chart, Column, Series, Table
from peelian.core.periods import Period, last_whole_month
from peelian.core.statistics import Estimate, change_in_counts, clustered_mean
from peelian.core.suppression import suppress_tree
from peelian.insight.crime import queries as crime
from peelian.insight.crime import types
from peelian.insight.crime.queries import Month
from peelian.insight.kept import kept
from peelian.insight.reach import told
from peelian.places import queries as places
from peelian.places.models import Area

SCALE: Final = 6  # the highest rating
FEWEST_ALERTS: Final = 4  # that were rated; from fewer no interval follows
YEARS: Final = 2  # of crime by month
COMMON: Final = 3  # types of crime that are named
COUNTED_IN: Final = ("sex", "age", "ethnic-group-5")  # tables of the population that count everybody, best first
RATINGS: Final = "panels.alerts"  # the rollup
_LABELS: Final = {
    "bicycle-theft": _("bicycle theft"),
    "burglary": _("burglary"),
    "criminal-damage-and-arson": _("criminal damage and arson"),
    "drugs": _("drugs"),
    "other-crime": _("other crime"),
    "other-theft": _("other theft"),
    "possession-of-weapons": _("possession of weapons"),
    "public-disorder-and-weapons": _("public disorder and weapons"),
    "public-order": _("public order"),
    "robbery": _("robbery"),
    "shoplifting": _("shoplifting"),
    "theft-from-the-person": _("theft from the person"),
    "vehicle-crime": _("vehicle crime"),
    "violence-and-sexual-offences": _("violence and sexual offences"),
    "violent-crime": _("violent crime"),
}


# Ratings --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Rated:
    """The mean of so many ratings of 1 to 6, of twelve months, with its 95% interval."""

    mean: float
    low: float
    high: float
    base: int

    @property
    def said(self) -> str:
        return gettext("%(mean)s of 6") % {"mean": f"{self.mean:.1f}"}

    @property
    def between(self) -> tuple[str, str]:
        return f"{self.low:.1f}", f"{self.high:.1f}"


# A row for each area: the ratings of each alert about it and their sums
_RATED = """
SELECT a, array_agg(r.n), array_agg(r.total)
  FROM (SELECT k.areas, sum(d.ratings) AS n, sum(d.rating_total) AS total
          FROM insight_alertday d JOIN insight_alertcount k ON k.alert_id = d.alert_id
         WHERE d.day BETWEEN %s AND %s AND d.ratings > 0 GROUP BY k.alert_id) r
 CROSS JOIN unnest(r.areas) a GROUP BY a"""


def rated(area: Area) -> Rated | None:
    """How people rated alerts about an area in the last twelve whole months; None where fewer than five did, where the
    figure beside those around it would give such a small one away, or where fewer than four alerts were rated, which
    say nothing of how far chance goes."""
    end = last_whole_month(clock.today())
    year = Period.year_to(end.start.year, end.start.month)
    return kept("website.rated", year.name, (RATINGS,), lambda: _rated(year)).get(area.pk)


def _rated(year: Period) -> dict[int, Rated]:
    """Area → how it is rated, of areas of which it may be told."""
    with connection.cursor() as cursor:
        cursor.execute(_RATED, [year.start, year.end])
        by_alert = {area: (ratings, totals) for area, ratings, totals in cursor.fetchall()}
    parents = dict(Area.objects.filter(pk__in=by_alert, parent__in=by_alert).values_list("pk", "parent_id"))
    counts = {area: int(sum(ratings)) for area, (ratings, _totals) in by_alert.items()}
    shown = suppress_tree(counts, {area: above for area, above in parents.items() if above is not None})
    found = {area: _mean(*by_alert[area]) for area, n in shown.items() if n}
    return {area: mean for area, mean in found.items() if mean is not None}


def _mean(ratings: list[int], totals: list[int]) -> Rated | None:
    """Those who rate one alert are alike, so that the interval goes by alerts. None where they are too few."""
    if len(ratings) < FEWEST_ALERTS:
        return None
    found = clustered_mean([int(total) for total in totals], [int(n) for n in ratings])
    return Rated(found.value, max(1.0, found.low), min(float(SCALE), found.high), found.base)


# Reach ----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Reached:
    """So many members who can be reached, of so many people who live there by a table of the population."""

    members: int
    residents: int
    source: str

    @property
    def one_in(self) -> int:
        """About 1 in so many people; at least 1."""
        return max(1, round(self.residents / self.members))


def reached(area: Area) -> Reached | None:
    """How many of an area get our messages; None where it may not be told, or nobody knows how many live there."""
    members = told.totals("contactable").get(area.pk)
    if not members:
        return None
    residents, source = residents_of(area)
    return Reached(members, residents, source) if residents and members <= residents else None


def residents_of(area: Area) -> tuple[int, str]:
    """How many people live in an area, and which table says so; 0 where none does."""
    for topic in COUNTED_IN:
        people = places.population(area.pk, topic)
        if people is not None and people.total:
            return people.total, " ".join(part for part in (people.source or "", people.vintage) if part)
    return 0, ""


# Crime ----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Crime:
    """Crime in an area as the police publish it, over twelve months up to the newest that is loaded.

    `change` is from the twelve months before, None where one of the months is missing. `per_1000` and `force_per_1000`
    are of the people who live there.
    """

    until: date
    crimes: int | None
    before: int | None
    change: Estimate | None
    residents: int
    source: str
    force_per_1000: float | None
    common: list[tuple[str, int]]
    chart: Chart

    @property
    def per_1000(self) -> float | None:
        return 1000 * self.crimes / self.residents if self.crimes is not None and self.residents else None

    @property
    def verdict(self) -> str:
        """more, fewer or no clear change; empty where the years cannot be compared."""
        if self.change is None:
            return ""
        return "more" if self.change.low > 0 else "fewer" if self.change.high < 0 else "unclear"

    @property
    def changed_by(self) -> str:
        """ "12%", without a sign."""
        return f"{abs(self.change.value):.0%}" if self.change else ""

    @property
    def between(self) -> tuple[str, str]:
        """The ends of the interval without a sign, the smaller change first."""
        assert self.change is not None
        low, high = sorted((abs(self.change.low), abs(self.change.high)))
        return f"{low:.0%}", f"{high:.0%}"


def crime_in(area: Area) -> Crime | None:
    """None where no month of crime is loaded."""
    newest = crime.newest_month()
    if newest is None:
        return None
    year = Period.year_to(newest.year, newest.month)
    span = Period(Period.year_to(newest.year - YEARS + 1, newest.month).start, year.end)
    known = crime.months_of(area.pk, span)
    lately, earlier = _of_all(known, year), _of_all(known, year.year_before())
    change = change_in_counts(lately, earlier) if lately is not None and earlier is not None else None
    residents, source = residents_of(area)
    return Crime(
        newest, lately, earlier, change, residents, source, _of_the_force(area, year), _common(known, year),
        _by_month(area, known, span),
    )  # fmt: skip


def _of_all(known: dict[date, Month], period: Period) -> int | None:
    """All crime of a period; None where a month of it is not loaded."""
    months = [known.get(month.start) for month in period.months()]
    return None if None in months else sum(month.crimes for month in months if month)


def _of_the_force(area: Area, year: Period) -> float | None:
    force = places.force()
    if force is None or force.pk == area.pk:
        return None
    crimes = _of_all(crime.months_of(force.pk, year), year)
    residents, _source = residents_of(force)
    return 1000 * crimes / residents if crimes is not None and residents else None


def _common(known: dict[date, Month], year: Period) -> list[tuple[str, int]]:
    sums: dict[str, int] = {}
    for month in year.months():
        for kind, n in (known[month.start].by_kind if month.start in known else {}).items():
            if kind != types.NOT_CRIME and kind != "other-crime":
                sums[kind] = sums.get(kind, 0) + n
    most = sorted(sums.items(), key=lambda row: (-row[1], row[0]))[:COMMON]
    return [(str(_LABELS.get(kind, types.label(kind).lower())), n) for kind, n in most if n]


def _by_month(area: Area, known: dict[date, Month], span: Period) -> Chart:
    starts = [month.start for month in span.months()]
    starts = starts[next((at for at, start in enumerate(starts) if start in known), 0) :]
    values = [known[start].crimes if start in known else None for start in starts]
    labels = [_month(start) for start in starts]
    title = gettext("Crimes by month")
    caption = gettext("Crimes in %(area)s by month") % {"area": area.name}
    columns = [charts.words(gettext("Month")), Column(gettext("Crimes"))]
    table = Table(caption, columns, [list(row) for row in zip(labels, values, strict=True)])
    return charts.line(
        "crime", title, labels, [Series(gettext("Crimes"), values)], noun=gettext("Month"), table=table,
        finding=_finding(labels, values),
    )  # fmt: skip


def _month(start: date) -> str:
    """Oct 2018; in other languages the whole name."""
    return f"{start:%b %Y}" if (get_language() or "en").startswith("en") else wording.month_and_year(start)


def _finding(labels: list[str], values: list[int | None]) -> str:
    """What one sees: the fewest, the most and the newest."""
    there = [(value, label) for value, label in zip(values, labels, strict=True) if value is not None]
    if not there:
        return ""
    (least, at_least), (most, at_most) = min(there), max(there)
    last, at_last = there[-1]
    figures = {"least": least, "least_month": at_least, "most": most, "most_month": at_most, "last": last}
    said = gettext(
        "Between %(least)s (%(least_month)s) and %(most)s (%(most_month)s) a month; %(last)s in %(last_month)s."
    )
    return said % (figures | {"last_month": at_last})
