"""GeoJSON as RFC 7946 has it: WGS84, outer rings against the clock, holes with it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

import shapely
from django.http import HttpResponse

MEDIA_TYPE = "application/geo+json"


def answer(features: Iterable[tuple[Mapping[str, Any] | None, Mapping[str, Any]]]) -> HttpResponse:
    """A collection of (geometry or None, properties)."""
    found = [{"type": "Feature", "geometry": wound(shape), "properties": said} for shape, said in features]
    collection = {"type": "FeatureCollection", "features": found}
    return HttpResponse(json.dumps(collection, ensure_ascii=False, default=str), content_type=MEDIA_TYPE)


def wound(geometry: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """A geometry with its rings in the order of the standard (section 3.1.6)."""
    if not geometry:
        return None
    shape: Any = shapely.from_geojson(json.dumps(geometry))
    return dict(shapely.geometry.mapping(shapely.orient_polygons(shape)))
