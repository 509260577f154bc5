"""The log of the street: three taps, and a day to mend what was said."""

from __future__ import annotations

from typing import Any

import numpy as np
from django.db import transaction

from peelian.accounts.models import Staff, Team
from peelian.audit.actions import record
from peelian.core import clock
from peelian.events import errors
from peelian.events.models import Spot, StreetContact
from peelian.events.queries import street as queries
from peelian.members.queries_doorstep import running_hotspot
from peelian.places import queries as places
from peelian.places.models import Area

Size = StreetContact.Size


@transaction.atomic
def log_contact(
    *, by: Staff, team: Team, kind: str, size: str, area: Area | None = None, spot: Spot | None = None,
    point: tuple[int, int] | None = None,
) -> StreetContact:  # fmt: skip
    """One talk, where it was: a SPOT of the team, a POINT (1e-7 degree) or a whole AREA. Raises OutsideOurArea,
    NotYourTeam."""
    if not team.people.filter(pk=by.pk).exists():
        raise errors.NotYourTeam
    if spot is not None:
        point, area = (spot.longitude, spot.latitude), spot.area
        Spot.objects.filter(pk=spot.pk).update(used_at=clock.now())
    elif point is not None:
        area = area_at(*point)
    if area is None:
        raise errors.OutsideOurArea
    made = StreetContact.objects.create(
        staff=by, team=team, kind=kind, size=size, people=StreetContact.COUNTS_AS[Size(size)], spot=spot, area=area,
        at=clock.now(), shift_day=queries.shift_day(), hotspot=running_hotspot(*point) if point else None,
        longitude=point[0] if point else None, latitude=point[1] if point else None,
    )  # fmt: skip
    record("street.logged", "street", made.pk, by=by, team=team.pk, area=area.pk, people=made.people)
    return made


def area_at(longitude: int, latitude: int) -> Area | None:
    """The lowest administrative area that holds a point; None outside of all."""
    pk = int(places.lowest_areas(np.array([longitude]), np.array([latitude]))[0])
    return Area.objects.filter(pk=pk).first() if pk else None


@transaction.atomic
def mend_contact(*, contact: StreetContact, by: Staff, said: str, place: str = "", **changes: Any) -> StreetContact:
    """What they said, in words of no name, and how the PLACE is called, so that the team can choose it again; kind and
    size too. By who logged it, for a day. Raises TooLate."""
    found = StreetContact.objects.select_for_update().get(pk=contact.pk)
    if not found.may_be_mended_by(by):
        raise errors.TooLate
    found.said = said.strip()
    for name in ("kind", "size"):
        setattr(found, name, changes.get(name) or getattr(found, name))
    found.people = StreetContact.COUNTS_AS[Size(found.size)]
    if place.strip() and found.longitude is not None:
        found.spot = _named(found, place.strip())
    found.save()
    record("street.mended", "street", found.pk, by=by, said=bool(found.said))
    return found


def _named(contact: StreetContact, label: str) -> Spot:
    at = {"longitude": contact.longitude, "latitude": contact.latitude, "area": contact.area}
    return Spot.objects.update_or_create(
        team=contact.team, label=label, defaults={**at, "used_at": clock.now()}
    )[0]  # fmt: skip


@transaction.atomic
def remove_contact(*, contact: StreetContact, by: Staff) -> None:
    """Logged by mistake. By who logged it, for a day. Raises TooLate."""
    if not contact.may_be_mended_by(by):
        raise errors.TooLate
    record("street.removed", "street", contact.pk, by=by)
    contact.delete()
