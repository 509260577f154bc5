"""What staff read: events of their teams and areas."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from peelian.accounts import queries as accounts
from peelian.accounts.models import Staff, Team
from peelian.core import clock
from peelian.events.errors import NoSuchEvent, NoSuchRow
from peelian.events.models import Event, RaisedIssue
from peelian.places import queries as places
from peelian.places.models import Area

HEAVY = ("area__boundary", "area__cover", "area__outline")  # large, and not wanted in lists


def events_for(staff: Staff) -> QuerySet[Event]:
    """The events of the teams in the person's scope, and those in an area of it."""
    found = Event.objects.select_related("area", "team").defer(*HEAVY)
    ids = accounts.scope_area_ids(staff)
    if ids is None:
        return found
    return found.filter(Q(team__in=accounts.teams_in_scope(staff)) | Q(area__in=ids))


def event_for(staff: Staff, ref: str) -> Event:
    """One event to read; NoSuchEvent when out of scope."""
    found = events_for(staff).select_related("series", "author", "alert").filter(ref=ref).first()
    if found is None:
        raise NoSuchEvent
    return found


def own_event_for(staff: Staff, ref: str) -> Event:
    """One event to change: of a team in the person's scope."""
    found = event_for(staff, ref)
    if not teams_to_plan_for(staff).filter(pk=found.team_id).exists():
        raise NoSuchEvent
    return found


def teams_to_plan_for(staff: Staff) -> QuerySet[Team]:
    """The teams whose events the person plans and mends: their own and those that look after their areas."""
    return accounts.teams_in_scope(staff)


def areas_to_plan_in(staff: Staff) -> QuerySet[Area]:
    """The areas an event may be for, the largest kinds first."""
    ids = accounts.scope_area_ids(staff)
    return places.current_areas(within=ids).filter(kind__in=Area.ADMINISTRATIVE).defer("outline", "boundary", "cover")


def listed(staff: Staff, which: str, *, kind: str = "", team: Team | None = None) -> QuerySet[Event]:
    """Events by WHICH: upcoming (the next first), figures (over, and nobody has said how many came; the oldest first),
    mine (the next first), past (the last first), drafts."""
    now = clock.now()
    found = events_for(staff)
    if kind:
        found = found.filter(kind=kind)
    if team is not None:
        found = found.filter(team=team)
    if which == "figures":
        return _without_figures(found)
    if which == "mine":
        return found.filter(Q(author=staff) | Q(actions__owner=staff), ends_at__gt=now).distinct().order_by(*NEXT)
    if which == "past":
        return found.filter(ends_at__lte=now).order_by("-starts_at", "-pk")
    if which == "drafts":
        return found.filter(state=Event.State.DRAFT).order_by(*NEXT)
    return found.filter(ends_at__gt=now).exclude(state=Event.State.DRAFT).order_by(*NEXT)


NEXT = ("starts_at", "pk")


def _without_figures(found: QuerySet[Event]) -> QuerySet[Event]:
    return found.filter(ends_at__lte=clock.now(), attended=None, state=Event.State.PUBLISHED).order_by(*NEXT)


def without_figures(staff: Staff) -> QuerySet[Event]:
    """Events of the person's own teams that are over and of which nobody has said how many came, the oldest first."""
    return _without_figures(events_for(staff).filter(team__people=staff).distinct())


def following(event: Event) -> QuerySet[Event]:
    """The later events of its series that still take place; none without a series."""
    if event.series_id is None:
        return Event.objects.none()
    later = Event.objects.filter(series=event.series_id, starts_at__gt=event.starts_at)
    return later.exclude(state=Event.State.CANCELLED).order_by(*NEXT)


def raised_for(staff: Staff, pk: int) -> RaisedIssue:
    """One thing that was raised at an event in the person's scope."""
    found = RaisedIssue.objects.select_related("event").filter(pk=pk, event__in=events_for(staff)).first()
    if found is None:
        raise NoSuchRow
    return found
