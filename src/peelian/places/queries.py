"""Reads of areas and postcodes: which areas hold a point, what lies below an area, how an area is asked about."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import shapely
from django.conf import settings
from django.db import connection
from django.db.models import Q, QuerySet
from numpy.typing import NDArray

from peelian.core.database import changes, prepared
from peelian.core.errors import NotFound
from peelian.places.cells import in_units
from peelian.places.models import Area, Postcode, SmallArea
from peelian.places.population import Category as Category
from peelian.places.population import Change as Change
from peelian.places.population import People as People
from peelian.places.population import Topic as Topic
from peelian.places.population import across as across
from peelian.places.population import compare as compare
from peelian.places.population import figures_of_small_areas as figures_of_small_areas
from peelian.places.population import finest_of_shape as finest_of_shape
from peelian.places.population import how_fitted as how_fitted
from peelian.places.population import population as population
from peelian.places.population import population_of_shape as population_of_shape
from peelian.places.population import populations as populations
from peelian.places.population import shapes_of_small_areas as shapes_of_small_areas
from peelian.places.population import small_areas as small_areas
from peelian.places.population import tables as tables
from peelian.places.population import topics as topics
from peelian.places.population import wards_of_small_areas as wards_of_small_areas

Shape = shapely.Polygon | shapely.MultiPolygon
A_FEW = 100  # points


class NoSuchArea(NotFound):
    """There is no area of that code."""


def current_areas(kind: str | None = None, *, within: frozenset[int] | None = None) -> QuerySet[Area]:
    """The areas in force today, of one kind or all, without their boundaries; of those WITHIN (ids; None: all)."""
    found = Area.objects.filter(valid_to=None).defer("boundary", "cover")
    if within is not None:
        found = found.filter(pk__in=within)
    return found.filter(kind=kind) if kind else found


def area(code: str, *, within: frozenset[int] | None = None) -> Area:
    """The current area of that code, one of those WITHIN (ids; None: all); NoSuchArea otherwise."""
    found = current_areas(within=within).filter(code=code).first()
    if found is None:
        raise NoSuchArea(f"There is no area of the code {code}.")
    return found


def force() -> Area | None:
    """The force's own area, once imported."""
    return current_areas(Area.Kind.FORCE).first()


def version() -> tuple[int, ...]:
    """Changes with every change of an area: for what is made from areas and kept."""
    return (changes(Area),)


def version_of_tables() -> tuple[object, ...]:
    """Changes when a table of the population is loaded, loaded anew or removed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), max(id), max(loaded_at), (SELECT count(*) FROM places_residents)"
            " FROM places_populationtable"
        )
        return tuple(cursor.fetchone())


def version_of_small_areas() -> int:
    """Changes with the finest small areas and their borders: for what is found by those and kept."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(hashtextextended(string_agg(a.id || ':' || coalesce(a.boundary_changed_at::text, ''), ','"
            " ORDER BY a.id), 0), 0) FROM places_smallarea s JOIN places_area a ON a.id = s.area_id WHERE s.finest"
        )
        return int(cursor.fetchone()[0])


def small_area_shapes() -> tuple[NDArray[np.int64], list[Any]]:
    """The ids and boundaries (whole units) of the finest small areas, by code."""
    finest = Area.objects.filter(pk__in=SmallArea.objects.filter(finest=True).values("area_id"))
    rows = finest.order_by("code").values_list("pk", "boundary")
    shapes: list[Any] = [in_units(shapely.from_wkb(bytes(boundary))) for _, boundary in rows]  # type: ignore[arg-type]
    shapely.prepare(shapes)
    return np.array([pk for pk, _ in rows], np.int64), shapes


def small_area_shapes_at(points: Iterable[tuple[int, int]]) -> tuple[NDArray[np.int64], list[Any]]:
    """The same of those only that can hold one of a few POINTS (1e-7 degree), by the rectangles they lie in."""
    wanted = list(points)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT a.id FROM unnest(%s::int[], %s::int[]) AS p(x, y) JOIN places_area a"
            " ON a.west <= p.x AND a.east >= p.x AND a.south <= p.y AND a.north >= p.y"
            " JOIN places_smallarea s ON s.area_id = a.id AND s.finest",
            [[x for x, _ in wanted], [y for _, y in wanted]],
        )
        ids = [row[0] for row in cursor.fetchall()]
    rows = list(Area.objects.filter(pk__in=ids).order_by("code").values_list("pk", "boundary"))
    shapes: list[Any] = [in_units(shapely.from_wkb(bytes(boundary))) for _, boundary in rows]  # type: ignore[arg-type]
    return np.array([pk for pk, _ in rows], np.int64), shapes


def page_of_areas(kind: str, words: str, after: str, size: int, *, within: frozenset[int] | None) -> list[Area]:
    """Up to SIZE areas of a kind by name, whose name or code holds WORDS, after the area of the code AFTER; of those
    WITHIN (ids; None: all)."""
    found = current_areas(kind, within=within).select_related("parent")
    if words:
        found = found.filter(Q(name__icontains=words) | Q(code__iexact=words))
    last = current_areas(kind, within=within).filter(code=after).first() if after else None
    if last is not None:
        found = found.filter(Q(name__gt=last.name) | Q(name=last.name, code__gt=last.code))
    return list(found.order_by("name", "code")[:size])


def below(area: Area) -> list[Area]:
    """The areas directly below one, by name."""
    return list(current_areas().filter(parent=area).order_by("name", "code"))


def neighbourhoods() -> QuerySet[Area]:
    """The areas that residents call theirs: of the kind the force names."""
    return current_areas(settings.PEELIAN_NEIGHBOURHOOD_KIND)


def with_descendants(area_ids: Iterable[int]) -> frozenset[int]:
    """The given administrative areas and all below them, by id."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH RECURSIVE below AS (SELECT id FROM places_area WHERE id = ANY(%s)"
            " UNION SELECT a.id FROM places_area a JOIN below b ON a.parent_id = b.id) SELECT id FROM below",
            [list(area_ids)],
        )
        return frozenset(row[0] for row in cursor.fetchall())


def among(area_ids: Iterable[int]) -> dict[int, int]:
    """Area → which of the given ones it is or lies in, the nearest where they lie in one another; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH RECURSIVE below AS (SELECT id, id AS given, 0 AS depth FROM places_area WHERE id = ANY(%s) UNION ALL"
            " SELECT a.id, b.given, b.depth + 1 FROM places_area a JOIN below b ON a.parent_id = b.id)"
            " SELECT id, given FROM below ORDER BY depth DESC",
            [list(area_ids)],
        )
        return dict(cursor.fetchall())


def ancestors(area: Area) -> list[Area]:
    """The areas above one, from the force down to its parent."""
    above: list[Area] = []
    parent_id = area.parent_id
    while parent_id:
        parent = current_areas().filter(pk=parent_id).first() or Area.objects.get(pk=parent_id)
        above.insert(0, parent)
        parent_id = parent.parent_id
    return above


def shape(area: Area) -> Shape:
    """The area's boundary as a shape in degrees."""
    boundary = Area.objects.values_list("boundary", flat=True).get(pk=area.pk)
    return shapely.from_wkb(bytes(boundary))  # type: ignore[return-value]


def areas_holding(longitude: int, latitude: int, *, kind: str | None = None) -> list[Area]:
    """Every current area, of one KIND or all, that holds a point (units of 1e-7 degree; on the border counts), the
    largest first."""
    near = Area.objects.filter(
        valid_to=None, west__lte=longitude, east__gte=longitude, south__lte=latitude, north__gte=latitude
    )
    if kind:
        near = near.filter(kind=kind)
    holding = []
    for candidate in near:
        boundary = in_units(shapely.from_wkb(bytes(candidate.boundary)))  # type: ignore[arg-type]
        if shapely.intersects_xy(boundary, longitude, latitude):
            holding.append((boundary.area, candidate))
    return [found for _, found in sorted(holding, key=lambda pair: -pair[0])]


def postcode(text: str) -> Postcode | None:
    """The postcode somebody typed, in any case and spacing; None when we do not know it."""
    with prepared() as cursor:
        cursor.execute("SELECT code, longitude, latitude FROM places_postcode WHERE code = %s", [postcode_code(text)])
        found = cursor.fetchone()
    return Postcode.from_db(connection.alias, ("code", "longitude", "latitude"), found) if found else None


def postcode_code(text: str) -> str:
    """A postcode as it is stored: capitals without spaces."""
    return re.sub(r"\s+", "", text).upper()[:7]


@dataclass(frozen=True)
class _Lowest:
    """The administrative areas, the smallest kind first and by code within it, ready to be asked about many points.

    Shapes are in whole units: in degrees a point on a slanting edge can fall to either side by rounding.
    """

    ids: list[int]
    kinds: list[str]
    shapes: list[Shape]
    boxes: shapely.STRtree
    edges: shapely.STRtree

    def first_holding(self, longitudes: NDArray[Any], latitudes: NDArray[Any]) -> NDArray[np.int64]:
        """For each point (units) the place in the list of the first area that holds it; -1 where none does.

        Each shape is asked about the points in its box only, found in points sorted by longitude: 1,000,000 points
        in 192 wards take under a second. A few points are asked which boxes they are in.
        """
        if len(longitudes) <= A_FEW:
            return self._first_of_a_few(longitudes, latitudes)
        order = np.argsort(longitudes, kind="stable")
        x, y = longitudes[order], latitudes[order]
        first = np.full(len(x), -1, np.int64)
        for place, shape in enumerate(self.shapes):
            west, south, east, north = shape.bounds
            at = np.arange(np.searchsorted(x, west, "left"), np.searchsorted(x, east, "right"))
            at = at[(first[at] < 0) & (y[at] >= south) & (y[at] <= north)]
            first[at[shapely.intersects_xy(shape, x[at], y[at])]] = place
        result = np.empty_like(first)
        result[order] = first
        return result

    def _first_of_a_few(self, longitudes: NDArray[Any], latitudes: NDArray[Any]) -> NDArray[np.int64]:
        first = np.full(len(longitudes), -1, np.int64)
        points, near = self.boxes.query(shapely.points(longitudes, latitudes))
        for point, place in sorted(zip(points.tolist(), near.tolist(), strict=True)):
            if first[point] < 0 and shapely.intersects_xy(self.shapes[place], longitudes[point], latitudes[point]):
                first[point] = place
        return first


def _lowest() -> _Lowest:
    """The index, made again when the areas have changed."""
    return _lowest_at(version(), connection.settings_dict["NAME"])


@lru_cache(maxsize=2)
def _lowest_at(version: tuple[int, ...], database: str) -> _Lowest:
    order = {kind: rank for rank, kind in enumerate(reversed(Area.ADMINISTRATIVE))}
    rows = Area.objects.filter(valid_to=None, kind__in=Area.ADMINISTRATIVE).values_list(
        "pk", "kind", "code", "boundary"
    )
    kept = sorted(rows, key=lambda row: (order[Area.Kind(row[1])], row[2]))
    shapes: list[Any] = [in_units(shapely.from_wkb(bytes(row[3]))) for row in kept]  # type: ignore[arg-type]
    shapely.prepare(shapes)
    ends, ring = shapely.get_coordinates(shapely.get_rings(shapes), return_index=True)
    same = ring[:-1] == ring[1:]
    edges: Any = shapely.linestrings(np.stack([ends[:-1][same], ends[1:][same]], axis=1))
    ids, kinds = [row[0] for row in kept], [row[1] for row in kept]
    return _Lowest(ids, kinds, shapes, shapely.STRtree(shapes), shapely.STRtree(edges))


def lowest_areas(longitudes: NDArray[Any], latitudes: NDArray[Any]) -> NDArray[np.int64]:
    """For each point (units), the id of the smallest kind of administrative area that holds it; 0 where none does.

    On the border of two of a kind, the first by code.
    """
    index = _lowest()
    first = index.first_holding(np.asarray(longitudes), np.asarray(latitudes))
    return np.array([*index.ids, 0], np.int64)[first]


def areas_touched(longitudes: NDArray[Any], latitudes: NDArray[Any]) -> list[tuple[int, int]]:
    """(index of a point, area id) for points exactly on a border: every area of the point's lowest kind that it touches
    besides the one that `lowest_areas` names."""
    index = _lowest()
    x, y = np.asarray(longitudes), np.asarray(latitudes)
    on_a_line = np.unique(index.edges.query(shapely.points(x, y), predicate="intersects")[0])
    if not len(on_a_line):
        return []
    first = index.first_holding(x[on_a_line], y[on_a_line])
    touched = []
    for place, shape in enumerate(index.shapes):
        alike = np.array([index.kinds[other] == index.kinds[place] and other != place for other in first], bool)
        held = alike & shapely.intersects_xy(shape, x[on_a_line], y[on_a_line])
        touched += [(int(at), index.ids[place]) for at in on_a_line[held]]
    return touched
