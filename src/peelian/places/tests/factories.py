"""Small areas for tests: squares of a hundredth of a degree in a grid near 52°N, 2°W."""

from __future__ import annotations

from copy import deepcopy
from functools import cache
from typing import Any

import shapely

from peelian.places import actions
from peelian.places.geometry import snap
from peelian.places.models import Area

WEST, SOUTH, SIDE = -2.0, 52.0, 0.01


def square(column: int, row: int, width: int = 1, height: int = 1) -> shapely.Polygon:
    """WIDTH by HEIGHT squares of the grid, the lower left one at (COLUMN, ROW)."""
    west, south = round(WEST + column * SIDE, 7), round(SOUTH + row * SIDE, 7)
    return shapely.box(west, south, round(west + width * SIDE, 7), round(south + height * SIDE, 7))


@cache
def _built(wkb: bytes, kind: str, code: str, name: str) -> Area:
    return actions.area_from(snap(shapely.from_wkb(wkb)), kind=kind, code=code, name=name)


def save_area(code: str, geometry: Any, kind: str = "ward", name: str = "", parent: Area | None = None) -> Area:
    """One area. Its cover is worked out once for all tests: the same squares come again and again."""
    area = deepcopy(_built(shapely.to_wkb(geometry), kind, code, name or f"Area {code}"))
    area.parent = parent
    area.save()
    return area


def make_area(code: str, geometry: Any, kind: str = "ward", name: str = "") -> Area:
    """One area, its place in the tree found on the map."""
    area = save_area(code, geometry, kind, name)
    actions.settle_tree()
    area.refresh_from_db()
    return area


def make_grid(columns: int = 3, rows: int = 2) -> dict[str, Area]:
    """A force "F" of COLUMNS policing areas "P0"…, each a column of ROWS wards "W00", "W01"… (column, row)."""
    areas = {"F": save_area("F", square(0, 0, columns, rows), "force", "Testshire")}
    for column in range(columns):
        areas[f"P{column}"] = save_area(f"P{column}", square(column, 0, 1, rows), "policing-area")
        for row in range(rows):
            code = f"W{column}{row}"
            areas[code] = save_area(code, square(column, row), "ward", f"Ward {column}{row}")
    actions.settle_tree()
    found = Area.objects.in_bulk([area.pk for area in areas.values()])
    return {code: found[area.pk] for code, area in areas.items()}
