"""How people joined, for a page: read from the tallies (members.sources)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q, Sum
from django.db.models.query import QuerySet

from peelian.accounts import queries as accounts
from peelian.accounts.models import Staff
from peelian.core import clock, statistics
from peelian.members import queries_campaigns, sources
from peelian.members.models import Campaign, DoorstepSignUp, SourceTally

LEAST = 5  # below this a number of people is not told
SUMS = ("joined", "confirmed", "measured", "stayed")
WORDS = {"web": "Web, by no link of ours", "import": "Import from a list", **dict(DoorstepSignUp.Source.choices)}
KINDS = {str(value): str(label) for value, label in Campaign.Kind.choices}
PERIODS = {"": "Since the beginning", "12": "The last 12 months", "3": "The last 3 months"}


@dataclass(frozen=True)
class Row:
    """One line: what it is about and the four numbers."""

    name: str
    joined: int
    confirmed: int
    measured: int
    stayed: int
    url_of: int = 0  # a campaign's number

    @property
    def confirming(self) -> statistics.Estimate | None:
        return _share(self.confirmed, self.joined)

    @property
    def staying(self) -> statistics.Estimate | None:
        return _share(self.stayed, self.measured)


@dataclass(frozen=True)
class Sources:
    """All of it. `ways` are for the areas in the person's scope, the rest for the campaigns of their teams."""

    ways: list[Row]
    kinds: list[Row]
    campaigns: list[Row]
    officers: list[Row]
    counted_at: datetime | None

    def parts(self) -> list[tuple[str, str, list[Row]]]:
        return [
            ("Every way of joining", "Where", self.ways),
            ("By kind of campaign", "Kind", self.kinds),
            ("By campaign", "Campaign", self.campaigns),
            ("By officer", "Officer", self.officers),
        ]


def _share(part: int, whole: int) -> statistics.Estimate | None:
    """A share with its interval; None where either number is too small to be told."""
    if whole < LEAST or 0 < part < LEAST:
        return None
    return statistics.proportion(part, whole)


def sources_for(staff: Staff, period: str = "") -> Sources:
    """How people joined, as far as the person's areas and teams go; PERIOD is of PERIODS, by the month of joining."""
    tallies = SourceTally.objects.all()
    since = _since(period)
    if since:
        tallies = tallies.filter(month__gte=since)
    scope = accounts.scope_area_ids(staff)
    here = tallies if scope is None else tallies.filter(area__in=scope)
    campaigns = {one.pk: one for one in queries_campaigns.campaigns_for(staff)}
    ours = tallies.filter(campaign__in=list(campaigns))
    people = dict(queries_campaigns.officers_to_choose(staff).values_list("pk", "name"))
    by_campaign = [Row(campaigns[pk].name, *numbers, url_of=pk) for pk, numbers in _grouped(ours, "campaign").items()]
    officers = _grouped(tallies.filter(officer__in=list(people)), "officer")
    return Sources(
        ways=_sorted(_ways(here)),
        kinds=_sorted(Row(KINDS[kind], *numbers) for kind, numbers in _grouped(ours, "campaign__kind").items()),
        campaigns=_sorted(by_campaign),
        officers=_sorted(Row(people[pk] or "No name given", *numbers) for pk, numbers in officers.items()),
        counted_at=sources.counted_at(),
    )


def _ways(tallies: QuerySet[SourceTally]) -> Iterable[Row]:
    """How somebody came, once each: whom an officer signed up for a campaign came by the officer."""
    links = Q(campaign__isnull=False) & ~Q(source__in=DoorstepSignUp.Source.values)
    by_link = _grouped(tallies.filter(links), "erased")
    if by_link:
        yield Row("By a campaign’s link or code", *map(sum, zip(*by_link.values(), strict=True)))
    for source, numbers in _grouped(tallies.exclude(links), "source").items():
        yield Row(WORDS.get(source, source), *numbers)


def _grouped(tallies: QuerySet[SourceTally], by: str) -> dict[Any, tuple[int, int, int, int]]:
    rows = tallies.values_list(by).annotate(*(Sum(name) for name in SUMS)).order_by()
    return {row[0]: row[1:] for row in rows if any(row[1:])}


def _sorted(rows: Iterable[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: (-row.joined, row.name))


def _since(period: str) -> date | None:
    """The first of the month with which the period begins."""
    if period not in PERIODS or not period:
        return None
    today = clock.today()
    months = today.year * 12 + today.month - 1 - (int(period) - 1)
    return date(months // 12, months % 12 + 1, 1)
