"""Shapes on the map: read, mended, checked, drawn small, and asked who is in them.

Coordinates are WGS84 degrees (longitude, latitude), rounded to 1e-7 degree by `snap`. The H3 side
is in `cells`; its names are part of this module's front door.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from peelian.places.cells import (
    RESOLUTION,
    UNITS_PER_DEGREE,
    Area,
    Cover,
    GeometryError,
    cell_of,
    cells_of,
    cover,
    from_units,
    in_units,
    range_of,
    to_units,
)

__all__ = [
    "RESOLUTION",
    "UNITS_PER_DEGREE",
    "Area",
    "Cover",
    "GeometryError",
    "cell_of",
    "cells_of",
    "circle",
    "cover",
    "covers_units",
    "drawn_polygon",
    "from_units",
    "in_units",
    "range_of",
    "repair",
    "simplify_for_map",
    "snap",
    "to_units",
]

MAX_VERTICES = 10_000
# West, south, east, north of the United Kingdom with room to spare.
UK = (-9.0, 49.0, 3.0, 61.5)
# Metres in a degree of latitude on a sphere of the Earth's mean radius, 6,371,008.8 m.
METRES_PER_DEGREE = 111_195.08


def covers_units(geometry: Area, lon: NDArray[Any], lat: NDArray[Any]) -> NDArray[np.bool_]:
    """Which positions (whole units) are in the shape; exactly on its line counts as in.

    Done in units, where every coordinate is a whole number, not in degrees: there a position exactly on
    a slanting line is a little off it after rounding to binary.
    """
    shape = in_units(geometry)
    shapely.prepare(shape)
    inside: NDArray[np.bool_] = shapely.intersects_xy(shape, np.asarray(lon, float), np.asarray(lat, float))
    return inside


def snap(geometry: BaseGeometry) -> Area:
    """The shape on the 1e-7 degree grid, still valid; parts narrower than the grid go."""
    scaled = shapely.transform(geometry, lambda xy: np.rint(xy * UNITS_PER_DEGREE))
    if not shapely.is_valid(scaled):
        scaled = shapely.set_precision(shapely.make_valid(scaled), 1.0)
    return shapely.transform(_polygonal(scaled), lambda xy: xy / UNITS_PER_DEGREE)


def repair(geometry: BaseGeometry) -> tuple[Area, str | None]:
    """A valid snapped polygon or multipolygon, and a sentence about what was wrong with it, if anything."""
    if geometry.is_empty:
        raise GeometryError("The shape is empty.")
    coordinates = shapely.get_coordinates(geometry)
    if not np.isfinite(coordinates).all():
        raise GeometryError("The shape has a coordinate that is not a number.")
    if shapely.is_valid(geometry):
        return snap(geometry), _repeated_points(geometry)
    reason = shapely.is_valid_reason(geometry)
    return snap(shapely.make_valid(geometry)), _what_was_wrong(reason)


def drawn_polygon(geojson: dict[str, Any] | str | bytes) -> Area:
    """The polygon of a drawing or a file, or a `GeometryError` that tells its author what is wrong with it.

    Takes a Polygon, a MultiPolygon, a Feature of one, or a FeatureCollection of one feature.
    """
    polygons = [_drawn_rings(rings) for rings in _polygon_parts(_loaded(geojson))]
    if not polygons:
        raise GeometryError("The shape is empty. Draw a line around the place.")
    if sum(len(ring) for rings in polygons for ring in rings) > MAX_VERTICES:
        raise GeometryError(f"The shape has more than {MAX_VERTICES:,} points. Use a simpler one.")
    shapes = [Polygon(rings[0], rings[1:]) for rings in polygons]
    shape = shapes[0] if len(shapes) == 1 else MultiPolygon(shapes)
    if not shapely.is_valid(shape):
        raise GeometryError(_crossing(shapely.is_valid_reason(shape)))
    return snap(shape)


def simplify_for_map(geometry: Area, tolerance_m: float) -> dict[str, Any]:
    """GeoJSON for a map: points within `tolerance_m` metres of the line dropped, five decimals (1 m)."""
    scale = math.cos(math.radians((geometry.bounds[1] + geometry.bounds[3]) / 2))
    level = shapely.transform(geometry, lambda xy: xy * (scale, 1.0))
    level = shapely.simplify(level, tolerance_m / METRES_PER_DEGREE, preserve_topology=True)
    simple = shapely.transform(level, lambda xy: np.round(xy / (scale, 1.0), 5))
    outline: dict[str, Any] = json.loads(shapely.to_geojson(simple))
    return outline


def circle(lon: float, lat: float, metres: float, points: int = 64) -> Polygon:
    """A polygon of `points` corners, all `metres` from the centre on a sphere.

    Each corner is the standard "destination point" of spherical trigonometry.
    """
    if not (math.isfinite(metres) and metres > 0):
        raise GeometryError("The circle needs a distance of more than 0 metres.")
    arc = math.radians(metres / METRES_PER_DEGREE)
    bearing = np.linspace(0, 2 * np.pi, points, endpoint=False)
    start = math.radians(lat)
    north = np.arcsin(math.sin(start) * math.cos(arc) + math.cos(start) * math.sin(arc) * np.cos(bearing))
    east = np.arctan2(
        np.sin(bearing) * math.sin(arc) * math.cos(start), math.cos(arc) - math.sin(start) * np.sin(north)
    )
    shape = snap(Polygon(np.column_stack([lon + np.degrees(east), np.degrees(north)])))
    assert isinstance(shape, Polygon)
    return shape


def _polygonal(geometry: BaseGeometry) -> Area:
    """The polygons among the parts; lines and points that mending left over are dropped."""
    parts = shapely.get_parts(geometry)
    if any(part.geom_type == "GeometryCollection" or "Multi" in part.geom_type for part in parts):
        parts = np.concatenate([shapely.get_parts(part) for part in parts])
    polygons = [part for part in parts if isinstance(part, Polygon) and not part.is_empty]
    if not polygons:
        raise GeometryError("The shape encloses no ground: it is a line or a point.")
    return polygons[0] if len(polygons) == 1 else _joined(polygons)


def _joined(polygons: Sequence[Polygon]) -> Area:
    """One valid shape of polygons that may touch."""
    together = MultiPolygon(polygons)
    if shapely.is_valid(together):
        return together
    united = shapely.union_all(polygons, grid_size=1.0)
    assert isinstance(united, Polygon | MultiPolygon)
    return united


def _repeated_points(geometry: BaseGeometry) -> str | None:
    points, ring = shapely.get_coordinates(shapely.get_rings(shapely.get_parts(geometry)), return_index=True)
    same = (points[1:] == points[:-1]).all(axis=1) & (ring[1:] == ring[:-1])
    return f"{same.sum()} points given twice in a row were dropped." if same.any() else None


_FAULTS = {
    "Self-intersection": "Its line crossed itself{place}, like a bow-tie; the parts on both sides were kept.",
    "Ring Self-intersection": "Its line touched itself{place}; it was split there.",
    "Hole lies outside shell": "It had a hole outside its outline{place}; the hole became ground.",
    "Holes are nested": "It had a hole inside a hole{place}; they were sorted out.",
    "Nested shells": "It had a part inside another part{place}; they were sorted out.",
    "Duplicate Rings": "It had the same ring twice{place}; one was dropped.",
    "Too few points in geometry component": "It had a ring of fewer than 3 corners{place}, now dropped.",
    "Interior is disconnected": "Its holes cut it into pieces{place}; the pieces were kept.",
}


def _what_was_wrong(reason: str) -> str:
    """Our sentence for a reason of GEOS, which reads `Self-intersection[-1.5 52.4]`."""
    fault, _, where = reason.partition("[")
    return _FAULTS.get(fault, "Its line was not a proper outline{place}; it was mended.").format(place=_near(where))


def _near(where: str) -> str:
    try:
        lon, lat = (float(number) for number in where.rstrip("]").split()[:2])
    except ValueError:
        return ""
    return f" near {lat:.5f}, {lon:.5f} (latitude, longitude)"


def _crossing(reason: str) -> str:
    fault, _, where = reason.partition("[")
    if "elf-intersection" in fault:
        return f"The line crosses itself{_near(where)}. Move a corner so that it goes once around the place."
    return f"The line is not a proper outline{_near(where)}: {fault.lower()}. Draw it again."


def _loaded(geojson: dict[str, Any] | str | bytes) -> dict[str, Any]:
    """The geometry object inside whatever kind of GeoJSON this is."""
    if not isinstance(geojson, dict):
        try:
            geojson = json.loads(geojson)
        except (TypeError, ValueError, RecursionError):
            raise GeometryError("The shape could not be read: it is not GeoJSON.") from None
    if isinstance(geojson, dict) and geojson.get("type") == "FeatureCollection":
        features = geojson.get("features")
        if not isinstance(features, list) or len(features) != 1:
            count = len(features) if isinstance(features, list) else 0
            raise GeometryError(f"One shape is needed, and there are {count}.")
        geojson = features[0]
    if isinstance(geojson, dict) and geojson.get("type") == "Feature":
        geojson = geojson.get("geometry") or {"type": "Polygon", "coordinates": []}
    if not isinstance(geojson, dict):
        raise GeometryError("The shape could not be read: it is not GeoJSON.")
    return geojson


def _polygon_parts(geometry: dict[str, Any]) -> list[Any]:
    """The list of rings of each polygon, not yet looked at."""
    kind, coordinates = geometry.get("type"), geometry.get("coordinates")
    if kind not in ("Polygon", "MultiPolygon"):
        raise GeometryError(f"The shape must be a polygon, and this is {_named(kind)}.")
    if not isinstance(coordinates, list):
        raise GeometryError("The shape has no coordinates.")
    if not coordinates:
        return []
    return [coordinates] if kind == "Polygon" else coordinates


def _named(kind: Any) -> str:
    return f"a {kind}"[:40] if isinstance(kind, str) and kind else "something else"


def _drawn_rings(rings: Any) -> list[NDArray[np.float64]]:
    """The rings of one polygon as arrays, each checked."""
    if not isinstance(rings, list) or not rings:
        raise GeometryError("The shape is empty. Draw a line around the place.")
    return [_drawn_ring(ring) for ring in rings]


def _drawn_ring(ring: Any) -> NDArray[np.float64]:
    if not isinstance(ring, list) or not ring:
        raise GeometryError("The shape is empty. Draw a line around the place.")
    if len(ring) > MAX_VERTICES + 1:
        raise GeometryError(f"The shape has more than {MAX_VERTICES:,} points. Use a simpler one.")
    points = np.array([_drawn_point(point, number) for number, point in enumerate(ring, 1)])
    if len(np.unique(np.rint(points * UNITS_PER_DEGREE), axis=0)) < 3:
        raise GeometryError("The shape has fewer than 3 corners. Draw at least 3.")
    return points


def _drawn_point(point: Any, number: int) -> tuple[float, float]:
    numbers = point[:2] if isinstance(point, list) else []
    if len(numbers) < 2 or not all(type(part) in (int, float) for part in numbers):
        raise GeometryError(f"Point {number} of the shape is not a pair of numbers.")
    lon, lat = (float(part) if abs(part) < 1e300 else math.inf for part in numbers)
    if not (math.isfinite(lon) and math.isfinite(lat)):
        raise GeometryError(f"Point {number} of the shape is not a pair of numbers.")
    if abs(lon) > 180 or abs(lat) > 90:
        raise GeometryError(
            f"Point {number} of the shape is not in degrees: longitude {lon:g}, latitude {lat:g}."
            " Longitude goes from -180 to 180 and latitude from -90 to 90."
        )
    if not (UK[0] <= lon <= UK[2] and UK[1] <= lat <= UK[3]):
        hint = " Are longitude and latitude the wrong way round?" if _in_uk(lat, lon) else ""
        raise GeometryError(
            f"Point {number} of the shape is outside the United Kingdom: longitude {lon:g}, latitude {lat:g}.{hint}"
        )
    return lon, lat


def _in_uk(lon: float, lat: float) -> bool:
    return UK[0] <= lon <= UK[2] and UK[1] <= lat <= UK[3]
