"""Where the residents of small areas live, and which share of them lives in each larger area: population-weighted best
fit. Worked out when areas, postcodes or tables change, so that no page has to.

The points of a small area stand for its residents. They are its postcodes; where no postcodes are loaded, the middles
of the smaller areas in it, each with its people; else a point inside it. In a small area that holds smaller ones (an
MSOA its LSOAs) postcodes weigh as much as the people of the smallest area around them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from django.db import connection
from django.db.models import Exists, OuterRef, Q
from numpy.typing import NDArray

from peelian.places.cells import in_units, to_units
from peelian.places.models import Area, LivingPoint, Population, Postcode, Share, SmallArea
from peelian.places.statistics import analyze

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

WHOLE = 1e-9  # so much less than all of a small area is all of it
SLIVER = 0.01  # of a small area's ground: borders are drawn simplified, and may differ by that much


@dataclass(frozen=True)
class _Units:
    """The small areas, from the smallest to the largest; boundaries in whole units of 1e-7 degree."""

    ids: Ints
    shapes: list[Any]
    middles: Ints  # a point inside each: longitude, latitude
    finest: NDArray[np.bool_]


@dataclass(frozen=True)
class _Points:
    """Points that stand for residents. `finest` is the place in `_Units` of the smallest area that holds each."""

    longitude: Ints
    latitude: Ints
    weight: Floats
    finest: Ints


def refresh() -> None:
    """Make points and shares anew from the areas, postcodes and tables there are; in the caller's transaction."""
    for model in (Share, LivingPoint, SmallArea):
        model.objects.all().delete()
    units = _units()
    if not len(units.ids):
        return
    people = _people(units.ids)
    points, by_postcode = _points(units, people)
    held = _held(units, points)
    _write_small_areas(units, people, by_postcode, held)
    rows = _living_points(units, points, held)
    _copy(
        LivingPoint, ("unit_id", "longitude", "latitude", "weight"), zip(*(row.tolist() for row in rows), strict=True)
    )
    _write_shares(units, *rows)
    analyze(SmallArea, LivingPoint, Share)


def _units() -> _Units:
    """Those of today, and those of yesterday that a table still speaks of."""
    rows = list(
        Area.objects.filter(kind=Area.Kind.SMALL_AREA)
        .filter(Q(valid_to=None) | Exists(Population.objects.filter(area=OuterRef("pk"))))
        .values_list("pk", "boundary", "longitude", "latitude", "valid_to")
    )
    shapes: list[Any] = [in_units(shapely.from_wkb(bytes(row[1]))) for row in rows]  # type: ignore[arg-type]
    order = np.argsort(shapely.area(shapes), kind="stable") if rows else np.array([], np.int64)
    ordered = [shapes[at] for at in order]
    shapely.prepare(ordered)
    middles = np.array([to_units(rows[at][2], rows[at][3]) for at in order], np.int64).reshape(-1, 2)
    current = np.array([rows[at][4] is None for at in order], bool)
    return _Units(
        np.array([rows[at][0] for at in order], np.int64), ordered, middles, _finest(ordered, middles) & current
    )


def _finest(shapes: list[Any], middles: Ints) -> NDArray[np.bool_]:
    """Which have no smaller one in them: none of those whose middle they hold is smaller (they come in that order)."""
    if not shapes:
        return np.array([], bool)
    tree = _tree(middles)
    holder, held = tree.query(np.array(shapes), predicate="intersects")
    above = np.zeros(len(shapes), bool)
    above[holder[held < holder]] = True
    return ~above


def _people(ids: Ints) -> Floats:
    """The people of each small area by the newest table that counts all of them; not a number where none does."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT ON (p.area_id) p.area_id, sum(p.people)"
            " FROM places_population p JOIN places_populationtable t ON t.id = p.table_id"
            " WHERE t.counts = 'people' AND t.topic <> 'households' AND p.area_id = ANY(%s)"
            " GROUP BY p.area_id, t.id, t.year, t.topic"
            # Tables of one year differ by a few people, and some leave out small children: sex and age have everybody
            " ORDER BY p.area_id, t.year DESC, t.topic NOT IN ('sex', 'age'), sum(p.people) DESC",
            [ids.tolist()],
        )
        found = {int(area): float(people) for area, people in cursor.fetchall()}
    return np.array([found.get(area, np.nan) for area in ids.tolist()])


def _points(units: _Units, people: Floats) -> tuple[_Points, NDArray[np.bool_]]:
    """Every point, weighted by people, and which of the finest small areas have postcodes."""
    rows = np.array(list(Postcode.objects.values_list("longitude", "latitude")), np.int64).reshape(-1, 2)
    finest = np.flatnonzero(units.finest)
    at = _first_holding([units.shapes[place] for place in finest], rows)
    rows, at = rows[at >= 0], finest[at[at >= 0]] if len(finest) else at[:0]
    has = np.bincount(at, minlength=len(units.ids)) > 0
    bare = finest[~has[finest]]
    where = np.concatenate([rows, units.middles[bare]])
    owner = np.concatenate([at, bare]).astype(np.int64)
    each = np.bincount(owner, minlength=len(units.ids))
    known = units.finest & np.isfinite(people)
    # Where a few have no figure, their points weigh as much as the mean of the others
    usual = people[known].sum() / max(each[known].sum(), 1) if known.any() else 1.0
    worth = np.where(known, people / np.maximum(each, 1), usual)
    return _Points(where[:, 0], where[:, 1], worth[owner], owner), has


def _first_holding(shapes: list[Any], points: Ints) -> Ints:
    """For each point the place of the first shape that holds it; -1 where none does."""
    found = np.full(len(points), -1, np.int64)
    if not shapes or not len(points):
        return found
    tree = _tree(points)
    holder, held = tree.query(np.array(shapes), predicate="intersects")
    # The last write wins: the first shape in the list writes last
    found[held[::-1]] = holder[::-1]
    return found


def _held(units: _Units, points: _Points) -> list[Ints]:
    """For each small area the points that are its own: of the finest those assigned to them, else all in it; of one
    that has none, nobody's, nothing."""
    order = np.argsort(points.finest, kind="stable")
    starts = np.searchsorted(points.finest[order], np.arange(len(units.ids) + 1))
    held = [order[starts[at] : starts[at + 1]] for at in range(len(units.ids))]
    above = np.flatnonzero(~units.finest)
    if len(above):
        tree = _tree(np.column_stack([points.longitude, points.latitude]))
        for at in above:
            held[at] = np.sort(tree.query(units.shapes[at], predicate="intersects"))
    return held


def _living_points(units: _Units, points: _Points, held: list[Ints]) -> tuple[Ints, Ints, Ints, Floats]:
    """Rows of LivingPoint: small area, longitude, latitude, weight. A small area without a point gets its middle."""
    columns: list[tuple[Any, Any, Any, Any]] = []
    for at, mine in enumerate(held):
        weight = points.weight[mine]
        if not len(mine) or weight.sum() <= 0:
            middle = units.middles[at]
            columns.append(([units.ids[at]], [middle[0]], [middle[1]], [1.0]))
        else:
            columns.append(
                (
                    np.full(len(mine), units.ids[at]),
                    points.longitude[mine],
                    points.latitude[mine],
                    weight / weight.sum(),
                )
            )
    unit, longitude, latitude, share = (np.concatenate(parts) for parts in zip(*columns, strict=True))
    return unit.astype(np.int64), longitude.astype(np.int64), latitude.astype(np.int64), share.astype(np.float64)


def _write_small_areas(units: _Units, people: Floats, by_postcode: NDArray[np.bool_], held: list[Ints]) -> None:
    rows = []
    for at, mine in enumerate(held):
        how = SmallArea.How.POSTCODES if by_postcode[at] else SmallArea.How.INTERIOR
        if not units.finest[at] and len(mine):
            how = SmallArea.How.LOWER
        count = float(people[at]) if np.isfinite(people[at]) else None
        rows.append((int(units.ids[at]), bool(units.finest[at]), how, count))
    _copy(SmallArea, ("area_id", "finest", "how", "people"), rows)


def _write_shares(units: _Units, unit: Ints, longitude: Ints, latitude: Ints, weight: Floats) -> None:
    """Which share of each small area lives in each other area; a small area of one point is split by its ground."""
    place = {int(one): at for at, one in enumerate(units.ids)}
    owner = np.array([place[int(one)] for one in unit], np.int64)
    single = np.bincount(owner, minlength=len(units.ids)) == 1
    tree = _tree(np.column_stack([longitude, latitude]))
    finest = set(units.ids[units.finest].tolist())
    rows: list[tuple[int, int, float, bool]] = []
    asked = Area.objects.filter(valid_to=None).exclude(pk__in=finest).values_list("pk", "boundary")
    for area, boundary in asked.iterator(chunk_size=200):
        shape = in_units(shapely.from_wkb(bytes(boundary)))  # type: ignore[arg-type]
        shapely.prepare(shape)
        inside = tree.query(shape, predicate="intersects")
        weights = np.bincount(owner[inside], weights=weight[inside], minlength=len(units.ids))
        for at in np.flatnonzero(weights > 0).tolist():
            share = min(float(weights[at]), 1.0)
            split = share < 1 - WHOLE or (bool(single[at]) and _sticks_out(units.shapes[at], shape))
            if int(units.ids[at]) != area:
                rows.append((int(units.ids[at]), area, 1.0 if share > 1 - WHOLE else share, split))
    _copy(Share, ("unit_id", "area_id", "weight", "split"), rows)


def _tree(points: Ints) -> shapely.STRtree:
    found: Any = shapely.points(points)
    return shapely.STRtree(found)


def _sticks_out(unit: Any, area: Any) -> bool:
    return bool(shapely.difference(unit, area).area > SLIVER * unit.area)


def _copy(model: Any, columns: tuple[str, ...], rows: Iterable[Iterable[Any]]) -> None:
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {model._meta.db_table} ({', '.join(columns)}) FROM STDIN") as stream,
    ):
        for row in rows:
            stream.write_row(list(row))
