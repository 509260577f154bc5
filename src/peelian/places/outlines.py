"""Borders as maps draw them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from peelian.places.models import Area


def feature(area: Area) -> dict[str, Any]:
    properties = {"code": area.code, "name": area.name, "kind": area.kind}
    return {"type": "Feature", "properties": properties, "geometry": area.outline}


def feature_collection(areas: Iterable[Area]) -> bytes:
    """GeoJSON of the simplified outlines, largest kind first so that small areas lie on top."""
    order = {kind: rank for rank, kind in enumerate(Area.Kind.values)}
    ordered = sorted(areas, key=lambda area: (order[area.kind], area.name))
    drawn = {"type": "FeatureCollection", "features": [feature(area) for area in ordered]}
    return json.dumps(drawn, separators=(",", ":"), ensure_ascii=False).encode()
