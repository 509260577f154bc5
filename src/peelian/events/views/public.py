"""What everybody may read of events: the list, a page, calendar files. Nothing here reads a session or sets a
cookie."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from peelian.core import keyset, wording
from peelian.core.for_everybody import for_everybody
from peelian.core.languages import in_address
from peelian.core.painting import only_while, painted
from peelian.events import calendars, queries
from peelian.events.forms.public import FindForm
from peelian.events.models import Event
from peelian.events.queries import cafe, coming
from peelian.events.queries.public import public_area
from peelian.places.models import Area

IN_A_FEED = 300
NARROWING = ("postcode", "kind", "area")


@for_everybody
def listed(request: HttpRequest) -> HttpResponse:
    form = FindForm(request.GET)
    area = _area(request, form)
    events = queries.around(area) if area else queries.public_events()
    kind = form.cleaned_data.get("kind") if form.is_valid() else ""
    if kind:
        events = events.filter(kind=kind)
    kept = {name: request.GET[name] for name in NARROWING if request.GET.get(name)}
    kept_too = {"lang": code} if (code := in_address().code) else {}
    page = keyset.page(events if form.is_valid() else events.none(), "starts_at", request.GET.get("page", ""),
                       oldest_first=True)  # fmt: skip
    context = {
        "section": "events",
        "filter": form,
        "events": page.rows,
        "area": area,
        "narrowed": bool(kept),
        "is_part": "page" in request.GET,
        "clear_url": request.path if kept else "",
        **page.links({**kept, **kept_too}),
    }
    return render(request, "events/public/list.html", context)


def _area(request: HttpRequest, form: FindForm) -> Area | None:
    if form.is_valid() and form.neighbourhood:
        return form.neighbourhood
    code = request.GET.get("area", "")
    return public_area(code) if code else None


@require_safe
@painted
def page(request: HttpRequest, ref: str) -> HttpResponse:
    event = queries.public_event(ref)
    open_ = event.takes_sign_ups and event.state == Event.State.PUBLISHED and not event.has_begun
    context = {
        "section": "events",
        "event": event,
        "cancelled": event.state == Event.State.CANCELLED,
        "postcode": calendars.shown_postcode(event),
        "point": _point(event),
        "outline": json.dumps({"type": "Feature", "properties": {}, "geometry": event.area.outline}),
        "taken": coming.taken(event) if open_ else None,
        "open": open_,
        "back": cafe.back(event) if event.kind == Event.Kind.CAFE else None,
        "minutes": event.minutes if event.minutes_published_at else "",
        "about": _about(event),
        "address": f"{settings.PEELIAN_BASE_URL}{event.get_absolute_url()}",
        "language": in_address(),
    }
    response = render(request, "events/public/page.html", context)
    only_while(response, partial(queries.is_still, event), copies=True)
    return response


def _about(event: Event) -> str:
    """What it is, when and where, for those to whom somebody passes it on."""
    said = f"{event.get_kind_display()}, {wording.uk_range(event.starts_at, event.ends_at)}"
    return ", ".join(part for part in (said, event.venue, event.area.name) if part)


def _point(event: Event) -> str:
    """Where it is, as GeoJSON for the map."""
    if event.longitude is None or event.latitude is None:
        return ""
    at = [event.longitude / 1e7, event.latitude / 1e7]
    feature: dict[str, Any] = {"type": "Feature", "properties": {"name": event.venue or event.title}}
    return json.dumps({**feature, "geometry": {"type": "Point", "coordinates": at}})


@for_everybody
def file(request: HttpRequest, ref: str) -> HttpResponse:
    """One event for a calendar, cancelled or not."""
    event = queries.public_event(ref)
    return _as_file(calendars.calendar([event]), f"{event.ref}.ics")


@for_everybody
def area_feed(request: HttpRequest, code: str) -> HttpResponse:
    """The events of an area, all below it and those it lies in; a calendar may follow it."""
    area = public_area(code)
    name = _("Police events in %(area)s") % {"area": area.name}
    return _as_file(calendars.calendar(queries.around(area)[:IN_A_FEED], name), f"{area.code}.ics")


def _as_file(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response
