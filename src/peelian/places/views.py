"""The areas of the force, for staff. Everybody who may read areas sees all of them: a border is no secret."""

from __future__ import annotations

from functools import lru_cache
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


@require_safe
@needs(PERMISSION)
def area_list(request: HttpRequest) -> HttpResponse:
    found_by_kind = dict(queries.current_areas().order_by().values_list("kind").annotate(n=Count("pk")))
    kinds = [kind for kind in Area.Kind if kind in found_by_kind]
    words = request.GET.get("q", "").strip()[:100]
    usual = Area.Kind.WARD if Area.Kind.WARD in kinds else kinds[0] if kinds else None
    kind = next((kind for kind in kinds if kind == request.GET.get("kind")), usual)
    areas = queries.page_of_areas(kind, words, request.GET.get("after", ""), ROWS + 1) if kind else []
    more = len(areas) > ROWS
    kept = {"kind": kind or "", **({"q": words} if words else {})}
    context = {
        "kinds": [(one, plural(one), found_by_kind[one]) for one in kinds],
        "kind": kind,
        "kind_said": plural(kind) if kind else "",
        "words": words,
        "areas": areas[:ROWS],
        "next_url": f"?{urlencode(kept | {'after': areas[ROWS - 1].code})}" if more else "",
        "first_url": f"?{urlencode(kept)}" if request.GET.get("after") else "",
    }
    return render(request, "places/list.html", context)


@require_safe
@needs(PERMISSION)
def area_detail(request: HttpRequest, code: str) -> HttpResponse:
    area = queries.area(code)
    living = next((ask(area.pk) for ask in hooks.living_in.values()), None)
    context = {
        "area": area,
        "kind_said": area.get_kind_display(),
        "above": queries.ancestors(area),
        "below": queries.below(area),
        "living": living,
        "channels": _channels(living) if living else [],
    }
    return render(request, "places/detail.html", context)


def _channels(living: hooks.Living) -> list[dict[str, str]]:
    words = {"email": "By email", "text": "By text", "voice": "By phone call"}
    return [{"key": words.get(name, name), "value": wording.people(n)} for name, n in living.by_channel.items()]


def plural(kind: str) -> str:
    """Wards, Policing areas."""
    return f"{Area.Kind(kind).label}s"


def _outlines_tag(request: HttpRequest) -> str:
    """Changes whenever an area does: the tag of the outlines that a browser may keep."""
    return f'"{"-".join(str(part) for part in queries.version())}-{request.GET.get("kind", "")[:20]}"'


@require_safe
@needs(PERMISSION)
@cache_control(private=True, max_age=FRESH)
@condition(etag_func=_outlines_tag)
def areas_geojson(request: HttpRequest) -> HttpResponse:
    kind = request.GET.get("kind", "")
    if kind and kind not in Area.Kind.values:
        raise NotFound
    body = _outlines(kind, queries.version(), connection.settings_dict["NAME"])
    return HttpResponse(body, content_type="application/geo+json")


@lru_cache(maxsize=16)
def _outlines(kind: str, version: tuple[int, ...], database: str) -> bytes:
    return outlines.feature_collection(queries.current_areas(kind or None))
