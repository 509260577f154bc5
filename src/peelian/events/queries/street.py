"""Reads of the log of the street: one's own, one's teams', and what can be chosen with one tap."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet, Sum

from peelian.accounts import queries as accounts
from peelian.accounts.models import Staff, Team
from peelian.core import clock
from peelian.events.errors import NoSuchRow
from peelian.events.models import Spot, StreetContact
from peelian.places import queries as places
from peelian.places.models import Area

SPOTS = 5
SHIFT_ENDS = timedelta(hours=5)  # after midnight on a London clock
HEAVY = ("area__boundary", "area__cover", "area__outline")


def shift_day() -> date:
    """The day of the shift that goes on now."""
    return (clock.now().astimezone(clock.LONDON) - SHIFT_ENDS).date()


def teams_of(staff: Staff) -> list[Team]:
    """The teams that somebody's contacts count for: their own."""
    return list(Team.objects.filter(people=staff).order_by("name"))


def spots_of(team: Team) -> list[Spot]:
    """The places a team used last, the last first."""
    return list(Spot.objects.filter(team=team).select_related("area").defer(*HEAVY).order_by("-used_at")[:SPOTS])


def wards_of(team: Team) -> list[Area]:
    """The neighbourhoods that a team looks after, by name; a team of the whole force may choose any."""
    ids = list(team.areas.values_list("pk", flat=True))
    found = places.neighbourhoods()
    if ids:
        found = found.filter(pk__in=places.with_descendants(ids))
    return list(found.defer("boundary", "cover", "outline").order_by("name", "code"))


def last_of(staff: Staff) -> StreetContact | None:
    """What somebody logged last in this shift: the next is often like it."""
    return StreetContact.objects.filter(staff=staff, shift_day=shift_day()).first()


def contacts_for(staff: Staff) -> QuerySet[StreetContact]:
    """Of the teams in the person's scope, and in areas of it, the last first."""
    found = StreetContact.objects.select_related("area", "team", "spot", "staff").defer(*HEAVY)
    ids = accounts.scope_area_ids(staff)
    if ids is None:
        return found
    return found.filter(Q(team__in=accounts.teams_in_scope(staff)) | Q(area__in=ids))


def contact_for(staff: Staff, pk: int) -> StreetContact:
    found = contacts_for(staff).filter(pk=pk).first()
    if found is None:
        raise NoSuchRow
    return found


def own_contact(staff: Staff, pk: int) -> StreetContact:
    """One that the person logged themselves; NoSuchRow for anybody else's."""
    found = contacts_for(staff).filter(pk=pk, staff=staff).first()
    if found is None:
        raise NoSuchRow
    return found


@dataclass(frozen=True)
class Today:
    """What somebody logged in this shift."""

    contacts: int
    people: int


def today(staff: Staff) -> Today:
    rows = StreetContact.objects.filter(staff=staff, shift_day=shift_day())
    return Today(rows.count(), rows.aggregate(n=Sum("people"))["n"] or 0)
