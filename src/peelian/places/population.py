"""Reads of the population: who lives in an area or a drawn shape, by topic. Asked through places.queries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np
import shapely
from django.db import connection
from django.db.models import Exists, OuterRef
from numpy.typing import NDArray

from peelian.places import topics as words
from peelian.places.cells import in_units
from peelian.places.models import Area, LivingPoint, PopulationTable, Residents, Share, SmallArea

Shape = shapely.Polygon | shapely.MultiPolygon
_HEAVY = ("area__boundary", "area__cover", "area__outline")
MOSTLY = 0.5  # a small area is answered with a drawn shape when at least so much of its people live in it


@dataclass(frozen=True)
class Category:
    """One category and how many people. `answers` are the values under which members' own answers are stored."""

    code: str
    label: str
    people: int
    answers: tuple[str, ...] = ()


@dataclass(frozen=True)
class People:
    """Who lives somewhere, by the categories of one topic.

    `estimated` is the share of the people that rests on best fit, 0 to 1; `covered` the share of the place that the
    table speaks of; `areas` how many small areas a drawn shape was answered by; `score` the mean score (of deprivation,
    say) of its people's small areas. `notes` are sentences that belong beside every figure.
    """

    topic: str
    label: str
    categories: list[Category]
    estimated: float
    vintage: str
    boundary_vintage: str
    source: str
    covered: float = 1.0
    areas: int = 0
    score: float | None = None
    notes: list[str] = field(default_factory=list)

    @property
    def total(self) -> int:
        return sum(category.people for category in self.categories)

    def people(self, code: str) -> int:
        """Of one category; 0 where it is not there."""
        return next((category.people for category in self.categories if category.code == code), 0)


@dataclass(frozen=True)
class Topic:
    """A topic with tables: the newest vintage and its source, and all vintages from the newest."""

    code: str
    label: str
    vintage: str
    source: str
    vintages: list[str]


@dataclass(frozen=True)
class Change:
    """Two answers of one topic about one place, the older first; `note` says what differs besides the people."""

    before: People
    after: People
    note: str

    def of(self, code: str) -> int:
        return self.after.people(code) - self.before.people(code)


def topics(area_id: int | None = None) -> list[Topic]:
    """What tables are loaded about, in the order of pages; with an area what they can answer about it."""
    loaded = PopulationTable.objects.order_by("-year", "-loaded_at")
    if area_id is not None:
        loaded = loaded.filter(Exists(Residents.objects.filter(table=OuterRef("pk"), area_id=area_id)))
    found: dict[str, list[PopulationTable]] = {}
    for table in loaded:
        found.setdefault(table.topic, []).append(table)
    ordered = sorted(found.items(), key=lambda pair: (words.ORDER.get(pair[0], len(words.ORDER)), pair[0]))
    return [
        Topic(code, words.kind(code).label, of[0].vintage, of[0].source, [table.vintage for table in of])
        for code, of in ordered
    ]


def tables() -> list[PopulationTable]:
    """Every loaded table, by topic, the newest vintage first."""
    found = PopulationTable.objects.order_by("-year", "-loaded_at")
    return sorted(found, key=lambda table: (words.ORDER.get(table.topic, len(words.ORDER)), table.topic))


def population(area_id: int, topic: str, vintage: str | None = None) -> People | None:
    """Who lives in an area, by one topic: of that VINTAGE, or by the newest table that can answer; None where none can.

    Figures published for larger areas are never divided among the smaller ones in them.
    """
    asked = Residents.objects.filter(area_id=area_id, table__topic=topic).select_related("table", "area")
    if vintage is not None:
        asked = asked.filter(table__vintage=vintage)
    row = asked.defer(*_HEAVY).order_by("-table__year", "-table__loaded_at").first()
    if row is None:
        return None
    return _people(row.table, row.figures, row.estimated, row.covered, row.score, area=row.area)


def populations(area_ids: Sequence[int], topic: str, vintage: str | None = None) -> dict[int, People]:
    """`population` of many areas in one question: for tables of wards. Areas without an answer are left out."""
    asked = Residents.objects.filter(area_id__in=area_ids, table__topic=topic).select_related("table", "area")
    if vintage is not None:
        asked = asked.filter(table__vintage=vintage)
    found: dict[int, People] = {}
    for row in asked.defer(*_HEAVY).order_by("table__year", "table__loaded_at"):
        found[row.area_id] = _people(row.table, row.figures, row.estimated, row.covered, row.score, area=row.area)
    return found


def population_of_shape(geometry: Shape, topic: str, vintage: str | None = None) -> People | None:
    """Who lives in a drawn shape (degrees), by whole small areas and nothing finer: those of which at least half the
    residents live in it. None where no table of small areas can answer, or none of them lies mostly in the shape."""
    for table in PopulationTable.objects.filter(topic=topic).order_by("-year", "-loaded_at"):
        if vintage is not None and table.vintage != vintage:
            continue
        ground = _ground_of(table)
        inside = _mostly_in(geometry, ground) if len(ground.ids) else {}
        if inside:
            return _of_small_areas(table, inside)
    return None


def small_areas(where: int | Shape) -> list[tuple[int, float]]:
    """(small area, share of its residents) of an area (its id), or of a drawn shape: there always whole ones."""
    if isinstance(where, int):
        of = Share.objects.filter(area_id=where, unit__in=SmallArea.objects.filter(finest=True).values("area_id"))
        found = [(unit, weight) for unit, weight in of.order_by("unit_id").values_list("unit_id", "weight")]
        own = SmallArea.objects.filter(area_id=where, finest=True).exists()
        return [(where, 1.0)] if own and not found else found
    return [(unit, 1.0) for unit in sorted(_mostly_in(where, _ground(None)))]


def finest_of_shape(geometry: Shape, topic: str, vintage: str | None = None) -> list[int]:
    """The finest small areas in those by which `population_of_shape` answers: who counts something else there counts
    the same ground."""
    for table in PopulationTable.objects.filter(topic=topic).order_by("-year", "-loaded_at"):
        if vintage is not None and table.vintage != vintage:
            continue
        ground = _ground_of(table)
        if inside := list(_mostly_in(geometry, ground) if len(ground.ids) else {}):
            finest = SmallArea.objects.filter(finest=True)
            within = Share.objects.filter(area__in=inside, unit__in=finest.values("area_id"), weight__gte=MOSTLY)
            whole = finest.filter(area__in=inside).values_list("area_id", flat=True)
            return sorted({*whole, *within.values_list("unit_id", flat=True)})
    return []


def shapes_of_small_areas() -> dict[int, list[int]]:
    """Of each current area that is no administrative one, the finest small areas that are mostly in it."""
    own = Area.objects.filter(valid_to=None).exclude(kind__in=[*Area.ADMINISTRATIVE, Area.Kind.SMALL_AREA])
    finest = SmallArea.objects.filter(finest=True).values("area_id")
    rows = Share.objects.filter(area__in=own, unit__in=finest, weight__gte=MOSTLY - 1e-9).values_list("area", "unit")
    found: dict[int, list[int]] = {}
    for area, unit in rows:
        found.setdefault(area, []).append(unit)
    return found


def wards_of_small_areas() -> dict[int, set[int]]:
    """Of each of the smallest administrative areas, the finest small areas whose residents live mostly in it."""
    lowest = Area.objects.filter(valid_to=None, kind__in=Area.ADMINISTRATIVE)
    lowest = lowest.exclude(pk__in=lowest.exclude(parent=None).values("parent"))
    finest = SmallArea.objects.filter(finest=True).values("area_id")
    rows = Share.objects.filter(area__in=lowest, unit__in=finest, weight__gte=MOSTLY - 1e-9).values_list("area", "unit")
    found: dict[int, set[int]] = {}
    for area, unit in rows:
        found.setdefault(area, set()).add(unit)
    return found


def compare(area_id: int, topic: str, earlier: str, later: str) -> Change | None:
    """One area in two vintages of a topic; None where one of them cannot answer."""
    before, after = population(area_id, topic, earlier), population(area_id, topic, later)
    return None if before is None or after is None else Change(before, after, across(before, after))


def across(one: People, other: People) -> str:
    """What a page says beside two answers that are compared: that they are of different years, boundaries, categories
    or sources. Empty when they are alike."""
    said = []
    if one.vintage != other.vintage:
        said.append(f"figures of {one.vintage or 'a year not given'} and of {other.vintage or 'a year not given'}")
    if one.boundary_vintage != other.boundary_vintage:
        borders = one.boundary_vintage or "a year not given", other.boundary_vintage or "a year not given"
        said.append(f"small areas as their borders were in {borders[0]} and in {borders[1]}")
    if one.topic == other.topic and {c.code for c in one.categories} ^ {c.code for c in other.categories}:
        said.append("categories that are not the same")
    return f"This compares {_listed(said)}: some of the difference may be in how they were counted." if said else ""


def how_fitted(area_id: int) -> dict[str, int]:
    """How many of the small areas that a border divides were divided by postcodes, by smaller areas, by one point."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT s.how, count(*) FROM places_share share JOIN places_smallarea s ON s.area_id = share.unit_id"
            " WHERE share.area_id = %s AND share.split GROUP BY s.how",
            [area_id],
        )
        return dict(cursor.fetchall())


def _people(
    table: PopulationTable,
    figures: dict[str, float],
    estimated: float,
    covered: float,
    score: float | None,
    *,
    area: Area | None = None,
    areas: int = 0,
) -> People:
    kind = words.kind(table.topic)
    whole = rounded([figures.get(code, 0.0) for code, _ in table.labels])
    categories = [
        Category(code, label, people, kind.answers.get(code, (code,)))
        for (code, label), people in zip(table.labels, whole, strict=True)
    ]
    notes = list(_notes(table, covered, area))
    return People(
        table.topic, kind.label, categories, estimated, table.vintage, table.boundary_vintage, table.source,
        covered, areas, score, notes,
    )  # fmt: skip


def _notes(table: PopulationTable, covered: float, area: Area | None) -> Iterable[str]:
    if covered < 0.995:
        yield f"The table speaks of {covered:.0%} of the people here; the others are missing from these figures."
    if table.boundaries_changed:
        n = table.boundaries_changed
        yield (
            f"The border of {n:,} of the table’s areas has changed since it was loaded: the figures are those of the"
            " old border until the table is loaded again."
        )
    mine = area.vintage if area else ""
    if mine and table.boundary_vintage and mine != table.boundary_vintage:
        yield f"The border here is of {mine}; the figures are of small areas as they were in {table.boundary_vintage}."


def rounded(values: Sequence[float]) -> list[int]:
    """Whole numbers that add up to the rounded sum (largest remainders), so that parts and total agree on a page."""
    floors = [int(value // 1) for value in values]
    short = round(sum(values)) - sum(floors)
    by_remainder = sorted(range(len(values)), key=lambda at: floors[at] - values[at])
    for at in by_remainder[:short]:
        floors[at] += 1
    return floors


def _listed(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


# Drawn shapes ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Ground:
    """The points of some small areas: `owner` is each point's place in `ids`. In units, sorted by longitude."""

    ids: list[int]
    longitude: NDArray[np.int64]
    latitude: NDArray[np.int64]
    weight: NDArray[np.float64]
    owner: NDArray[np.int64]


def _mostly_in(geometry: Shape, ground: _Ground) -> dict[int, float]:
    """Small area → share of its residents in the shape, for those that are mostly in it."""
    shape = in_units(geometry)
    west, south, east, north = shape.bounds
    x, y = ground.longitude, ground.latitude
    at = np.arange(np.searchsorted(x, west, "left"), np.searchsorted(x, east, "right"))
    at = at[(y[at] >= south) & (y[at] <= north)]
    shapely.prepare(shape)
    at = at[shapely.intersects_xy(shape, x[at].astype(float), y[at].astype(float))]
    weights = np.bincount(ground.owner[at], weights=ground.weight[at], minlength=len(ground.ids))
    return {ground.ids[one]: float(min(weights[one], 1.0)) for one in np.flatnonzero(weights >= MOSTLY - 1e-9)}


def _of_small_areas(table: PopulationTable, inside: dict[int, float]) -> People:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.area_id, p.category, coalesce(p.people, s.people)::float, p.score FROM places_population p"
            " LEFT JOIN places_smallarea s ON s.area_id = p.area_id WHERE p.table_id = %s AND p.area_id = ANY(%s)"
            " AND coalesce(p.people, s.people) IS NOT NULL",
            [table.pk, list(inside)],
        )
        rows = cursor.fetchall()
    figures: dict[str, float] = {}
    for _, category, people, _ in rows:
        figures[category] = figures.get(category, 0.0) + people
    total = sum(figures.values())
    split = sum(people for area, _, people, _ in rows if inside[area] < 1 - 1e-9)
    scored = [(people, score) for _, _, people, score in rows if score is not None]
    score = sum(people * score for people, score in scored) / total if scored and total else None
    estimated = 1.0 if table.counts == PopulationTable.Counts.POSTCODES else split / total if total else 0.0
    return _people(table, figures, estimated, 1.0, score, areas=len({row[0] for row in rows}))


def _ground_of(table: PopulationTable) -> _Ground:
    return _ground(table.pk)


def _ground(table_id: int | None) -> _Ground:
    """The points of a table's small areas, or of the finest there are; kept until areas, postcodes or tables change."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM places_livingpoint")  # made anew, with new ids, at each change
        version = cursor.fetchone()[0]
    loaded = PopulationTable.objects.filter(pk=table_id or 0).values_list("loaded_at", flat=True).first()
    return _ground_at(table_id, (version, loaded), connection.settings_dict["NAME"])


@lru_cache(maxsize=8)
def _ground_at(table_id: int | None, version: tuple[Any, ...], database: str) -> _Ground:
    points = LivingPoint.objects.filter(unit_id__in=SmallArea.objects.filter(finest=True).values("area_id"))
    if table_id is not None:
        named = SmallArea.objects.extra(
            where=["area_id IN (SELECT area_id FROM places_population WHERE table_id = %s)"], params=[table_id]
        )
        # The smallest that it names: a table may have LSOAs and the MSOAs that they add up to
        smallest = named.filter(finest=True) if named.filter(finest=True).exists() else named
        points = LivingPoint.objects.filter(unit_id__in=smallest.values("area_id"))
    sql, values = (
        points.order_by("longitude").values("unit_id", "longitude", "latitude", "weight").query.sql_with_params()
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        rows = np.array(cursor.fetchall(), np.float64).reshape(-1, 4)  # ids are exact below 2^53
    ids, owner = np.unique(rows[:, 0].astype(np.int64), return_inverse=True)
    return _Ground(ids.tolist(), rows[:, 1].astype(np.int64), rows[:, 2].astype(np.int64), rows[:, 3], owner)


def figures_of_small_areas(area_ids: Sequence[int], topic: str, vintage: str) -> dict[int, dict[str, float]]:
    """Small area → people by category, of one table. Of a table of classes all its people are of its one class. Without
    a figure it is left out."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.area_id, p.category, coalesce(p.people, s.people)::float FROM places_population p"
            " JOIN places_populationtable t ON t.id = p.table_id"
            " LEFT JOIN places_smallarea s ON s.area_id = p.area_id WHERE t.topic = %s AND t.vintage = %s"
            " AND p.area_id = ANY(%s) AND coalesce(p.people, s.people) IS NOT NULL",
            [topic, vintage, list(area_ids)],
        )
        found: dict[int, dict[str, float]] = {}
        for area, category, people in cursor.fetchall():
            found.setdefault(area, {})[category] = people
        return found
