"""Borders as maps draw them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from peelian.places.models import Area

LIGHT_UNITS = 10_000  # to the degree: 11 m from north to south, 7 m from west to east


def feature(area: Area) -> dict[str, Any]:
    properties = {"code": area.code, "name": area.name, "kind": area.kind}
    return {"type": "Feature", "properties": properties, "geometry": area.outline}


def feature_collection(areas: Iterable[Area]) -> bytes:
    """GeoJSON of the simplified outlines, largest kind first so that small areas lie on top."""
    drawn = {"type": "FeatureCollection", "features": [feature(area) for area in _largest_first(areas)]}
    return json.dumps(drawn, separators=(",", ":"), ensure_ascii=False).encode()


def light(areas: Iterable[Area]) -> list[tuple[str, str, list[list[list[int]]]]]:
    """Code, name and polygons of each in half the bytes of GeoJSON, largest kind first: of a ring the first point, then
    the steps from point to point, longitude and latitude in turn, in LIGHT_UNITS."""
    return [
        (area.code, area.name, [[_steps(ring) for ring in one] for one in _polygons(area)])
        for area in _largest_first(areas)
    ]


def _largest_first(areas: Iterable[Area]) -> list[Area]:
    order = {kind: rank for rank, kind in enumerate(Area.Kind.values)}
    return sorted(areas, key=lambda area: (order[area.kind], area.name))


def _polygons(area: Area) -> list[list[list[list[float]]]]:
    drawn = area.outline or {}
    return [drawn["coordinates"]] if drawn.get("type") == "Polygon" else drawn.get("coordinates", [])


def _steps(ring: list[list[float]]) -> list[int]:
    steps, x, y = [], 0, 0
    for longitude, latitude, *_ in ring:
        now = round(longitude * LIGHT_UNITS), round(latitude * LIGHT_UNITS)
        steps += [now[0] - x, now[1] - y]
        x, y = now
    return steps
