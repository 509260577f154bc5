"""What a team sent in the past four weeks and means to send in the next four: week by week, where nothing is, and what
comes too close to something else about the same area and type."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta

from django.db.models import Q

from peelian.accounts.models import Team
from peelian.alerts.audience import clauses_of
from peelian.alerts.models import Alert
from peelian.core import clock, wording
from peelian.places import queries as places
from peelian.places.models import Area

PAST, NEXT = 4, 4  # weeks before and after this one
MOST = 3_000  # alerts that are looked at: all teams of a large force in nine weeks
_MIDNIGHT = time()
LEVELS = 5  # of administrative areas, one above the other


@dataclass(frozen=True)
class Entry:
    """One alert on its day."""

    alert: Alert
    day: date
    areas: frozenset[int]  # with those above them
    own: frozenset[int]

    def clashes(self, other: Entry, days: int) -> bool:
        """Whether OTHER is about the same type and an area that this one shares, within so many days. An update to the
        same alert is meant to follow it."""
        if self.alert.topic_id is None or self.alert.topic_id != other.alert.topic_id:
            return False
        if abs((self.day - other.day).days) > days or _root(self.alert) == _root(other.alert):
            return False
        return bool(self.own & other.areas or other.own & self.areas)


@dataclass(frozen=True)
class Clash:
    entry: Entry
    other: Entry

    @property
    def sentence(self) -> str:
        gap = abs((self.entry.day - self.other.day).days)
        when = "on the same day as" if not gap else f"{wording.plural_count(gap, 'day')} from"
        whose = "" if self.entry.alert.team_id == self.other.alert.team_id else f" of {self.other.alert.team.name}"
        return f"“{self.entry.alert}” is {when} “{self.other.alert}”{whose}: same area and type."


@dataclass
class Week:
    """Monday to Sunday."""

    first: date
    entries: list[Entry] = field(default_factory=list)
    clashes: list[Clash] = field(default_factory=list)

    @property
    def last(self) -> date:
        return self.first + timedelta(days=6)

    @property
    def is_this(self) -> bool:
        return self.first <= clock.today() <= self.last

    @property
    def is_past(self) -> bool:
        return self.last < clock.today()

    @property
    def gap(self) -> str:
        if self.entries:
            return ""
        return "Nothing went out" if self.is_past else "Nothing is planned"

    @property
    def days_left(self) -> list[date]:
        """On which a draft may be begun for."""
        days = [self.first + timedelta(days=number) for number in range(7)]
        return [day for day in days if day >= clock.today()]


@dataclass(frozen=True)
class OtherTeam:
    team: Team
    sent: int  # in the weeks shown
    planned: int
    last: date | None


def weeks(team: Team, teams: Sequence[Team], *, near: int) -> tuple[list[Week], list[OtherTeam]]:
    """The nine weeks of TEAM, and in a line each what the other TEAMS do. Clashes are looked for among all of them. The
    number of queries depends on nothing."""
    today = clock.today()
    monday = today - timedelta(days=today.weekday() + 7 * PAST)
    found = [Week(monday + timedelta(weeks=number)) for number in range(PAST + 1 + NEXT)]
    entries = _entries(teams, found[0].first - timedelta(days=14), found[-1].last + timedelta(days=14))
    own = [entry for entry in entries if entry.alert.team_id == team.pk]
    for week in found:
        week.entries = [entry for entry in own if week.first <= entry.day <= week.last]
        week.clashes = [
            Clash(entry, other)
            for entry in week.entries
            for other in entries
            if entry.clashes(other, near) and not _is_told_already(entry, other, own)
        ]
    shown = [entry for entry in entries if found[0].first <= entry.day <= found[-1].last]
    return found, [_other(one, shown) for one in teams if one.pk != team.pk]


def _is_told_already(entry: Entry, other: Entry, own: Sequence[Entry]) -> bool:
    """Two of one team clash once: the later says so."""
    return other in own and (other.day, other.alert.pk) > (entry.day, entry.alert.pk)


def _other(team: Team, entries: Iterable[Entry]) -> OtherTeam:
    of_it = [entry for entry in entries if entry.alert.team_id == team.pk]
    sent = [entry for entry in of_it if entry.alert.sent_at]
    return OtherTeam(team, len(sent), len(of_it) - len(sent), max((entry.day for entry in sent), default=None))


def _entries(teams: Sequence[Team], first: date, last: date) -> list[Entry]:
    """Alerts that went out, are to go or are meant for a day between FIRST and LAST, in order of day."""
    began, ended = clock.london(first, _MIDNIGHT), clock.london(last + timedelta(days=1), _MIDNIGHT)
    out = Q(sent_at__gte=began, sent_at__lt=ended)
    timed = Q(sent_at=None, scheduled_for__gte=began, scheduled_for__lt=ended)
    meant = Q(sent_at=None, scheduled_for=None, planned_for__gte=first, planned_for__lte=last)
    rows = Alert.objects.filter(out | timed | meant, team__in=teams, practice=False).exclude(state="withdrawn")
    rows = (
        rows.select_related("team", "topic", "first").prefetch_related("areas", "first__areas").order_by("-pk")[:MOST]
    )
    alerts = list(rows)
    own = _areas(alerts)
    above = _above(frozenset().union(*own.values()) if own else frozenset())
    found = [
        Entry(alert, _day(alert), own[alert.pk] | {up for one in own[alert.pk] for up in above[one]}, own[alert.pk])
        for alert in alerts
    ]
    return sorted(found, key=lambda entry: (entry.day, entry.alert.pk))


def _day(alert: Alert) -> date:
    moment = alert.sent_at or alert.scheduled_for
    if moment is not None:
        return moment.astimezone(clock.LONDON).date()
    assert alert.planned_for is not None
    return alert.planned_for


def _root(alert: Alert) -> int:
    return alert.first_id or alert.pk


def _areas(alerts: Sequence[Alert]) -> dict[int, frozenset[int]]:
    """Alert → the areas it is about: as they were when it went out, else as its audience names them."""
    named = {alert.pk: _codes(alert) for alert in alerts if alert.sent_at is None}
    wanted = set().union(*named.values()) if named else set()
    known = dict(places.current_areas().filter(code__in=wanted).values_list("code", "pk"))
    shown = {alert.pk: _shown(alert) or (_shown(alert.first) if alert.first else frozenset()) for alert in alerts}
    return {
        alert.pk: shown[alert.pk] or frozenset(known[code] for code in named.get(alert.pk, ()) if code in known)
        for alert in alerts
    }


def _shown(alert: Alert) -> frozenset[int]:
    return frozenset(one.area_id for one in alert.areas.all())


def _codes(alert: Alert) -> set[str]:
    return {
        str(value)
        for raw in clauses_of(alert.audience)
        if isinstance(raw, dict) and raw.get("kind") == "areas" and raw.get("effect") == "include"
        for value in raw.get("values") or []
    }


def _above(ids: frozenset[int]) -> dict[int, set[int]]:
    """Area → every area it lies in, by a query for each level."""
    parents: dict[int, int | None] = {}
    level = set(ids)
    for _ in range(LEVELS):
        if not level:
            break
        rows = dict(Area.objects.filter(pk__in=level).values_list("pk", "parent_id"))
        parents |= rows
        level = {parent for parent in rows.values() if parent is not None and parent not in parents}
    found: dict[int, set[int]] = {}
    for one in ids:
        up, lies_in = parents.get(one), set[int]()
        while up is not None and up not in lies_in:
            lies_in.add(up)
            up = parents.get(up)
        found[one] = lies_in
    return found
