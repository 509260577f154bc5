"""How people joined, for a page: read from the tallies (members.sources).

Ways, kinds, campaigns and officers stand beside each other and add up to each other, so what is small is hidden in all
of them together (core.suppression), in a tree: everybody, ways, kinds, campaigns, and what each officer brought to one.
Two periods differ by those who joined in between, so every number is rounded besides.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import Q, Sum
from django.db.models.query import QuerySet

from peelian.accounts import queries as accounts
from peelian.accounts.models import Staff
from peelian.core import clock, statistics
from peelian.core.suppression import suppress_rows
from peelian.members import queries_campaigns, sources
from peelian.members.models import Campaign, DoorstepSignUp, SourceTally

SUMS = ("joined", "confirmed", "measured", "stayed")
WORDS = {"web": "Web, by no link of ours", "import": "Import from a list", **dict(DoorstepSignUp.Source.choices)}
KINDS = {str(value): str(label) for value, label in Campaign.Kind.choices}
STEP = 5  # what this page's numbers are rounded to
PERIODS = {"": "Since the beginning", "12": "The last 12 months", "3": "The last 3 months"}


Key = tuple[Any, ...]  # what a line is, and which: ("campaign", 7)
EVERYBODY: Key = ("everybody",)
LINK: Key = ("way", "link")
Numbers = tuple[int, int, int, int]
Told = tuple[int | None, int | None, int | None, int | None]


@dataclass(frozen=True)
class Row:
    """One line: what it is about and the four numbers, None where one is not told."""

    name: str
    joined: int | None
    confirmed: int | None
    measured: int | None
    stayed: int | None
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


def _share(part: int | None, whole: int | None) -> statistics.Estimate | None:
    """A share with its interval; None where either number is not told."""
    return None if part is None or not whole else statistics.proportion(part, whole)


def tell(counts: Mapping[Key, Numbers], parents: Mapping[Key, Key]) -> dict[Key, Told]:
    """Each line's numbers, None where one is small or would give a small one away. Each column counts some of those
    whom the one before it counts."""
    rows = suppress_rows(counts, parents, (None, 0, 1, 2))
    return {key: (joined, confirmed, measured, stayed) for key, (joined, confirmed, measured, stayed) in rows.items()}


def rounded(told: Told) -> Told:
    """To the nearest STEP, as statistics of students are: what two periods differ by says nothing of fewer (Higher
    Education Statistics Agency, Rounding and suppression to anonymise statistics)."""
    joined, confirmed, measured, stayed = (None if n is None else (n + STEP // 2) // STEP * STEP for n in told)
    return joined, confirmed, measured, stayed


def sources_for(staff: Staff, period: str = "") -> Sources:
    """How people joined, as far as the person's areas and teams go; PERIOD is of PERIODS, by the month of joining."""
    found = counted_for(staff, period)
    told, campaigns, people = tell(found.counts, found.parents), found.campaigns, found.people
    told = {key: rounded(numbers) for key, numbers in told.items()}
    officers = {pk: _together([told[key] for key in told if key[0] == "part" and key[-1] == pk]) for pk in people}
    return Sources(
        ways=_rows(told, "way", WORDS | {"link": "By a campaign’s link or code"}),
        kinds=_rows(told, "kind", KINDS),
        campaigns=_rows(told, "campaign", {pk: one.name for pk, one in campaigns.items()}),
        officers=_sorted(Row(people[pk] or "No name given", *told) for pk, told in officers.items() if told),
        counted_at=sources.counted_at(),
    )


class Counted(NamedTuple):
    """The numbers of every line, and of what officers brought to it; which line is part of which; names by number."""

    counts: dict[Key, Numbers]
    parents: dict[Key, Key]
    campaigns: dict[int, Campaign]
    people: dict[int, str]


def counted_for(staff: Staff, period: str = "") -> Counted:
    """What `sources_for` tells of, as it is. A kind of campaign may count people whom the line above it does not: from
    other areas, or signed up by an officer. Its parts are taken for all of it then, which hides more."""
    tallies = SourceTally.objects.all()
    since = _since(period)
    if since:
        tallies = tallies.filter(month__gte=since)
    campaigns = {one.pk: one for one in queries_campaigns.campaigns_for(staff)}
    people = dict(queries_campaigns.officers_to_choose(staff).values_list("pk", "name"))
    scope = accounts.scope_area_ids(staff)
    here = tallies if scope is None else tallies.filter(area__in=scope)
    ours = tallies.filter(campaign__in=list(campaigns))
    # Whom an officer signed up for a campaign came by the officer
    by_link = Q(campaign__isnull=False) & ~Q(source__in=DoorstepSignUp.Source.values)
    links = _grouped(here.filter(by_link), "erased").values()
    counts: dict[Key, Numbers] = {LINK: _sum(links)} if links else {}
    counts |= {("way", way): n for (way,), n in _grouped(here.exclude(by_link), "source").items()}
    parents = dict.fromkeys(counts, EVERYBODY)
    for (kind,), numbers in _grouped(ours, "campaign__kind").items():
        counts["kind", kind], parents["kind", kind] = numbers, LINK
    for (pk,), numbers in _grouped(ours, "campaign").items():
        counts["campaign", pk], parents["campaign", pk] = numbers, ("kind", campaigns[pk].kind)
    brought = tallies.filter(officer__in=list(people))
    for (pk, way, officer), numbers in _grouped(brought, "campaign", "source", "officer").items():
        counts["part", pk, way, officer] = numbers
        parents["part", pk, way, officer] = ("campaign", pk) if pk else ("way", way)
    counts[EVERYBODY] = _sum([counts[key] for key, above in parents.items() if above == EVERYBODY])
    parents = {key: above for key, above in parents.items() if above in counts}
    return Counted(counts, parents, campaigns, people)


def _grouped(tallies: QuerySet[SourceTally], *by: str) -> dict[Key, Numbers]:
    rows = tallies.values_list(*by).annotate(*(Sum(name) for name in SUMS)).order_by()
    return {row[: len(by)]: row[len(by) :] for row in rows if any(row[len(by) :])}


def _sum(rows: Iterable[Numbers]) -> Numbers:
    joined, confirmed, measured, stayed = map(sum, zip((0, 0, 0, 0), *rows, strict=True))
    return joined, confirmed, measured, stayed


def _together(parts: Iterable[Told]) -> Told | None:
    """What an officer brought in all: told only where every part of it is. None where it is nothing."""
    rows = list(parts)
    if not rows:
        return None
    joined, confirmed, measured, stayed = (
        None if None in column else sum(count or 0 for count in column) for column in zip(*rows, strict=True)
    )
    return joined, confirmed, measured, stayed


def _rows(told: Mapping[Key, Told], what: str, names: Mapping[Any, str]) -> list[Row]:
    return _sorted(
        Row(names.get(key[1], key[1]), *numbers, url_of=key[1] if what == "campaign" else 0)
        for key, numbers in told.items()
        if key[0] == what
    )


def _sorted(rows: Iterable[Row]) -> list[Row]:
    """Most first; those that are not told come last by name, so that their place says nothing."""
    return sorted(rows, key=lambda row: (row.joined is None, -(row.joined or 0), row.name))


def campaigns_not_told(staff: Staff) -> set[int]:
    """The campaigns whose numbers no other page tells either, since the beginning."""
    found = counted_for(staff)
    told = tell(found.counts, found.parents)
    return {key[1] for key, numbers in told.items() if key[0] == "campaign" and None in numbers[:2]}


def _since(period: str) -> date | None:
    """The first of the month with which the period begins."""
    if period not in PERIODS or not period:
        return None
    today = clock.today()
    months = today.year * 12 + today.month - 1 - (int(period) - 1)
    return date(months // 12, months % 12 + 1, 1)
