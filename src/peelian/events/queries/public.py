"""What everybody may read: published events, and cancelled ones until their day has passed."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db.models import Q, QuerySet

from peelian.core import clock
from peelian.events.errors import NoSuchEvent
from peelian.events.models import Event
from peelian.events.queries.staff import HEAVY, NEXT
from peelian.places import queries as places
from peelian.places.models import Area


def public_events(area: Area | None = None, since: datetime | None = None) -> QuerySet[Event]:
    """Events that residents may know of, that end after SINCE (now): the next first. An AREA means it and all below
    it."""
    found = _shown(since)
    return found.filter(area__in=places.with_descendants([area.pk])) if area else found


def around(area: Area, since: datetime | None = None) -> QuerySet[Event]:
    """The same of an area with all below it and of the areas it lies in: what somebody who lives there may go to."""
    above = [one.pk for one in places.ancestors(area)]
    return _shown(since).filter(Q(area__in=places.with_descendants([area.pk])) | Q(area__in=above))


def _shown(since: datetime | None) -> QuerySet[Event]:
    found = Event.objects.filter(public=True, ends_at__gt=since or clock.now()).exclude(state=Event.State.DRAFT)
    return found.select_related("area", "team").defer(*HEAVY).order_by(*NEXT)


def public_event(ref: str) -> Event:
    """One of them, also when it is over; NoSuchEvent for drafts and for what is not public."""
    found = (
        Event.objects.select_related("area", "team")
        .defer("area__boundary", "area__cover")
        .filter(ref=ref, public=True)
        .first()
    )
    if found is None or not found.is_shown:
        raise NoSuchEvent
    return found


def is_still(event: Event) -> bool:
    """Whether it is as it was when its page was made: not called off, moved or taken from the website meanwhile."""
    return Event.objects.filter(pk=event.pk, public=True, state=event.state, changed_at=event.changed_at).exists()


def neighbourhood_of(postcode: str) -> Area | None:
    """The neighbourhood that holds a postcode; None when we know neither."""
    known = places.postcode(postcode)
    if known is None:
        return None
    holding = places.areas_holding(known.longitude, known.latitude, kind=settings.PEELIAN_NEIGHBOURHOOD_KIND)
    return holding[-1] if holding else None


def public_area(code: str) -> Area:
    """An area that has a page of its own: an administrative one."""
    area = places.area(code)
    if area.kind not in Area.ADMINISTRATIVE:
        raise NoSuchEvent
    return area
