"""What everybody may read of events, priorities and promises."""

from __future__ import annotations

from datetime import time
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from peelian.api import geojson
from peelian.api.v1 import paging, schemas
from peelian.api.v1.open_data import MAP, brief, public_area
from peelian.api.v1.router import router
from peelian.core import clock
from peelian.events import queries as events
from peelian.events.models import Event
from peelian.places import queries as places
from peelian.places.models import Area
from peelian.priorities import queries as priorities
from peelian.priorities.models import Priority, Promise

UNITS = 10**7  # of a degree


@router.get("/events", response=schemas.EventPage, summary="Meetings and events")
def list_events(
    request: HttpRequest, area: schemas.Code = "", since: schemas.Day | None = None, cursor: schemas.Cursor = ""
) -> dict[str, Any]:
    """What ends from now on, or from the day SINCE, the next first: of an area and all below it."""
    rows = events.public_events(
        area=public_area(area) if area else None, since=clock.london(since, time(0)) if since else None
    )
    found, following = paging.by_time(request, rows, "starts_at", cursor, oldest_first=True)
    return {"items": [_event(one) for one in found], "next": following}


@router.get("/events.geojson", response=None, summary="Events on a map", openapi_extra=MAP)
def map_of_events(request: HttpRequest, area: schemas.Code = "") -> HttpResponse:
    """Those to come, 500 at most; one whose place is not on the map has no geometry."""
    rows = events.public_events(area=public_area(area) if area else None)
    return geojson.answer([(_point(one), _event(one)) for one in rows[:500]])


@router.get("/events/{ref}", response=schemas.Event, summary="One event")
def one_event(request: HttpRequest, ref: str) -> dict[str, Any]:
    return _event(events.public_event(ref))


def _event(event: Event) -> dict[str, Any]:
    base = settings.PEELIAN_BASE_URL
    return {
        "ref": event.ref,
        "title": event.title,
        "kind": event.kind,
        "state": event.state,
        "summary": event.summary,
        "starts_at": event.starts_at,
        "ends_at": event.ends_at,
        "team": event.team.slug,
        "area": brief(event.area),
        "venue": event.venue or None,
        "address": event.address or None,
        "postcode": event.postcode or None,
        "longitude": event.longitude / UNITS if event.longitude is not None else None,
        "latitude": event.latitude / UNITS if event.latitude is not None else None,
        "access": event.access,
        "online": event.online_url or None,
        "languages": event.languages or None,
        "takes_sign_ups": event.takes_sign_ups,
        "page": base + event.get_absolute_url(),
        "calendar": base + reverse("events:file", args=[event.ref]),
    }


def _point(event: Event) -> dict[str, Any] | None:
    if event.longitude is None or event.latitude is None:
        return None
    return {"type": "Point", "coordinates": [event.longitude / UNITS, event.latitude / UNITS]}


@router.get("/priorities", response=schemas.PriorityPage, summary="Priorities")
def list_priorities(request: HttpRequest, area: schemas.Code = "") -> dict[str, Any]:
    """What was agreed for an area, the areas below it and the list it is on; without an area for the force."""
    return {"items": [_priority(one) for one in _agreed(area)]}


@router.get("/priorities.geojson", response=None, summary="Priorities on a map", openapi_extra=MAP)
def map_of_priorities(request: HttpRequest, area: schemas.Code = "") -> HttpResponse:
    """Each with the border of the area whose list it is on."""
    found = _agreed(area)
    drawn = Area.objects.filter(pk__in={one.sector_id for one in found}).values_list("pk", "outline")
    outlines = dict(drawn)
    return geojson.answer([(outlines.get(one.sector_id), _priority(one)) for one in found])


def _agreed(code: str) -> list[Priority]:
    area = public_area(code) if code else places.force()
    return priorities.public_priorities(area) if area else []


def _priority(priority: Priority) -> dict[str, Any]:
    return {
        "ref": priority.ref,
        "title": priority.title,
        "doing": priority.doing or None,
        "area": brief(priority.sector),
        "since": priority.opened_on,
        "reviewed": priority.reviewed_on,
    }


@router.get("/promises", response=schemas.PromisePage, summary="Promises")
def list_promises(request: HttpRequest, area: schemas.Code = "", cursor: schemas.Cursor = "") -> dict[str, Any]:
    """What we said we would do, the newest first: of an area and all below it."""
    rows = priorities.public_promises(public_area(area) if area else None).select_related("area", "team")
    found, following = paging.by_time(request, rows, "published_at", cursor)
    return {"items": [_promise(one) for one in found], "next": following}


@router.get("/promises/{ref}", response=schemas.Promise, summary="One promise")
def one_promise(request: HttpRequest, ref: str) -> dict[str, Any]:
    return _promise(priorities.public_promise(ref))


def _promise(promise: Promise) -> dict[str, Any]:
    return {
        "ref": promise.ref,
        "said": promise.said,
        "channel": promise.channel,
        "will_do": promise.will_do,
        "due_on": promise.due_on,
        "first_due_on": promise.first_due_on,
        "state": promise.state,
        "overdue_days": promise.overdue,
        "did": promise.did or None,
        "ended_on": promise.ended_on,
        "in_time": promise.in_time,
        "area": brief(promise.area),
        "team": promise.team.slug,
        "published_at": promise.published_at,
        "page": settings.PEELIAN_BASE_URL + promise.get_absolute_url(),
    }
