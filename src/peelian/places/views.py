"""The areas of the force, for staff. A border and a name are no secret, and maps draw all of them; how many live there
is, so that the pages of areas are for those whose scope holds the area. To others it is not found."""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

from django.db import connection
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import condition, require_safe

from peelian.audit.door import needs
from peelian.core import wording
from peelian.core.errors import NotFound
from peelian.places import hooks, outlines, queries
from peelian.places.models import Area

PERMISSION = "places.read"
ROWS = 50
FRESH = 60  # seconds that a browser may keep the outlines before it asks again


def own_areas(request: HttpRequest) -> frozenset[int] | None:
    """The ids of the areas that the person works in, those below included; None for the whole force."""
    staff: Any = request.user  # accounts lies above: what a person is is not known here, only that they have a scope
    roots = list(staff.scope.values_list("pk", flat=True))
    return queries.with_descendants(roots) if roots else None


@require_safe
@needs(PERMISSION)
def area_list(request: HttpRequest) -> HttpResponse:
    scope = own_areas(request)
    every = queries.current_areas(within=scope)
    found_by_kind = dict(every.order_by().values_list("kind").annotate(n=Count("pk")))
    kinds = [kind for kind in Area.Kind if kind in found_by_kind]
    words = request.GET.get("q", "").strip()[:100]
    usual = Area.Kind.WARD if Area.Kind.WARD in kinds else kinds[0] if kinds else None
    kind = next((kind for kind in kinds if kind == request.GET.get("kind")), usual)
    after = request.GET.get("after", "")
    areas = queries.page_of_areas(kind, words, after, ROWS + 1, within=scope) if kind else []
    more = len(areas) > ROWS
    kept = {"kind": kind or "", **({"q": words} if words else {})}
    context = {
        "kinds": [(one, plural(one), found_by_kind[one]) for one in kinds],
        "kind": kind,
        "kind_said": plural(kind) if kind else "",
        "words": words,
        "areas": areas[:ROWS],
        "next_url": f"?{urlencode(kept | {'after': areas[ROWS - 1].code})}" if more else "",
        "first_url": f"?{urlencode(kept)}" if after else "",
        "bounded": scope is not None,
    }
    return render(request, "places/list.html", context)


@require_safe
@needs(PERMISSION)
def area_detail(request: HttpRequest, code: str) -> HttpResponse:
    scope = own_areas(request)
    area = queries.area(code, within=scope)
    living = next((ask(area.pk) for ask in hooks.living_in.values()), None)
    context = {
        "area": area,
        "kind_said": area.get_kind_display(),
        "above": [(one, _opens(one, scope)) for one in queries.ancestors(area)],
        "below": queries.below(area),
        "living": living,
        "channels": _channels(living) if living else [],
        "bounded": scope is not None,
    }
    return render(request, "places/detail.html", context)


def _opens(area: Area, scope: frozenset[int] | None) -> bool:
    """Whether the page of the area is there for somebody of that scope."""
    return area.valid_to is None and (scope is None or area.pk in scope)


def _channels(living: hooks.Living) -> list[dict[str, str]]:
    words = {"email": "By email", "text": "By text", "voice": "By phone call"}
    return [{"key": words.get(name, name), "value": wording.people(n)} for name, n in living.by_channel.items()]


def plural(kind: str) -> str:
    """Wards, Policing areas."""
    return f"{Area.Kind(kind).label}s"


def _outlines_tag(request: HttpRequest) -> str:
    """Changes whenever an area does, or the person's own: the tag of the outlines that a browser may keep."""
    mine = _mine(request)
    own = "" if mine is None else sha256(repr(sorted(mine)).encode()).hexdigest()[:16]
    return f'"{"-".join(str(part) for part in queries.version())}-{request.GET.get("kind", "")[:20]}-{own}"'


def _mine(request: HttpRequest) -> frozenset[int] | None:
    """The areas to draw: the person's own where ?mine=1 asks for them, otherwise all (None)."""
    return own_areas(request) if request.GET.get("mine") else None


@require_safe
@needs(PERMISSION)
@cache_control(private=True, max_age=FRESH)
@condition(etag_func=_outlines_tag)
def areas_geojson(request: HttpRequest) -> HttpResponse:
    """The borders of all areas of a kind, for everybody (alerts may be drawn outside of one's own), without counts."""
    kind = request.GET.get("kind", "")
    if kind and kind not in Area.Kind.values:
        raise NotFound
    mine = _mine(request)
    if mine is None:
        body = _outlines(kind, queries.version(), connection.settings_dict["NAME"])
    else:
        body = outlines.feature_collection(queries.current_areas(kind or None, within=mine))
    return HttpResponse(body, content_type="application/geo+json")


@lru_cache(maxsize=16)
def _outlines(kind: str, version: tuple[int, ...], database: str) -> bytes:
    return outlines.feature_collection(queries.current_areas(kind or None))
