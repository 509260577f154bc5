"""Cells and covers, each against brute force; the border test as PostgreSQL really runs it."""

import math

import h3.api.basic_int as h3
import numpy as np
import pytest
import shapely
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely import MultiPolygon, Polygon, box

from peelian.places import cells
from peelian.places.geometry import GeometryError, cover, covers_units, snap
from peelian.places.tests.shapes import HOME, UNIT, People, needs_data, positions_near, shapes, shapes_of


def in_ranges(ids, ranges):
    """Which ids are in sorted ranges, both ends included."""
    if not ranges:
        return np.zeros(len(ids), bool)
    lo, hi = np.array(ranges).T
    place = np.searchsorted(lo, ids, side="right") - 1
    return (place >= 0) & (ids <= hi[place])


@pytest.mark.django_db
@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(shape=shapes(), seed=st.integers(0, 2**32))
def test_the_database_finds_exactly_the_people_in_a_shape(shape, seed):
    people = People(*positions_near(shape, np.random.default_rng(seed)))
    expected = people.expected(shape)
    assert people.within(shape) == expected
    assert people.counted(shape) == expected
    assert np.flatnonzero(covers_units(shape, people.lon, people.lat)).tolist() == expected


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(shape=shapes(), seed=st.integers(0, 2**32), max_cells=st.sampled_from([1, 60, 400]))
def test_coarser_borders_give_the_same_answer(shape, seed, max_cells):
    people = People(*positions_near(shape, np.random.default_rng(seed)))
    expected = people.expected(shape)
    assert people.within(shape, max_cells=max_cells) == expected
    assert people.counted(shape, max_cells=max_cells) == expected


@pytest.mark.django_db
def test_counting_holds_for_cells_with_one_edge_with_two_and_with_many():
    """A star of forty points in a wide square: cells along the square, at its corners, and around the star."""
    x, y = HOME
    turns = np.linspace(0, 2 * np.pi, 80, endpoint=False)
    reach = np.where(np.arange(80) % 2, 9_000, 30_000)
    star = np.rint(np.column_stack([np.cos(turns), np.sin(turns)]) * reach[:, None]) + HOME
    square = [(x - 400_000, y - 400_000), (x + 400_000, y - 400_000), (x + 400_000, y + 400_000)]
    whole = Polygon([*square, (x - 400_000, y + 400_000)], [star])
    shape = snap(shapely.transform(whole, lambda xy: xy * UNIT))
    edges = cover(shape, max_cells=1_000).edges
    assert {1, 2, 12} <= set(np.minimum(edges.last - edges.first + 1, 12).tolist())
    people = People(*positions_near(shape, np.random.default_rng(4), 4_000))
    assert people.counted(shape, max_cells=1_000) == people.expected(shape)


@pytest.mark.django_db
def test_a_large_drawing_is_counted_by_several_processes():
    """What keeps a statement to one process shows in its plan alone: the answer would be right, and late."""
    shape = snap(box(-1.96, 52.4, -1.84, 52.5))
    people = People(*positions_near(shape, np.random.default_rng(6), 60_000))
    sql, params = cover(shape, max_cells=1_000).counting_sql("people_kept", "a.id")[0]
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE people_kept AS TABLE people")  # a temporary table is never read in parallel
        cursor.execute("CREATE INDEX ON people_kept (cell) INCLUDE (id, lon, lat)")
        cursor.execute("ANALYZE people_kept")
        cursor.execute(f"EXPLAIN SELECT count(id) FROM ({sql}) q", params)
        plan = "\n".join(row[0] for row in cursor.fetchall())
        cursor.execute(f"SELECT count(id) FROM ({sql}) q", params)
        found = cursor.fetchone()[0]
    assert found == len(people.expected(shape))
    assert "Parallel Append" in plan
    assert "Seq Scan" not in plan


@pytest.mark.django_db
def test_a_hole_with_an_island_counts_edges_as_inside():
    x, y = HOME
    outer = [(x, y), (x + 90_000, y), (x + 90_000, y + 90_000), (x, y + 90_000)]
    hole = [
        (x + 20_000, y + 20_000),
        (x + 70_000, y + 20_000),
        (x + 70_000, y + 70_000),
        (x + 20_000, y + 70_000),
    ]
    island = box(x + 40_000, y + 40_000, x + 50_000, y + 50_000)
    shape = shapely.transform(MultiPolygon([Polygon(outer, [hole]), island]), lambda xy: xy * UNIT)
    inside = [
        (x, y),
        (x + 45_000, y),
        (x + 20_000, y + 50_000),
        (x + 10_000, y + 10_000),
        (x + 45_000, y + 45_000),
        (x + 40_000, y + 45_000),
    ]
    outside = [(x - 1, y), (x + 20_001, y + 50_000), (x + 30_000, y + 30_000), (x + 39_999, y + 45_000)]
    people = People(*np.array(inside + outside).T)
    assert people.within(shape) == list(range(len(inside)))


@pytest.mark.django_db
@pytest.mark.parametrize("slope", [1, -1])
@pytest.mark.parametrize("flipped", [False, True])
def test_an_edge_through_the_reference_point_of_a_cell_is_no_riddle(slope, flipped):
    """The one place where the border test cannot stand; it steps down a unit."""
    cell = cells.cell_of(*HOME)
    box_around = (HOME[0] - 6_000, HOME[1] - 6_000, HOME[0] + 6_000, HOME[1] + 6_000)
    west, south, east, north = box_around
    # A line of this slope through (east + 1/2, south - 1/2), from far left to far right.
    line = [(east + step, south + slope * step - (slope + 1) // 2) for step in (-20_000, 20_000)]
    third = (line[0][0], line[1][1]) if flipped else (line[1][0], line[0][1])
    shape = shapely.transform(Polygon([*line, third]), lambda xy: xy * UNIT)
    near = cells._Near(np.array([cell]), 11, *(np.array([edge]) for edge in box_around))
    edges = cells._border_edges(shape, near)
    covering = cells.Cover(inside=[], border=[(cell, cell)], edges=edges)
    random = np.random.default_rng(2)
    lon, lat = random.integers(west, east, 3_000), random.integers(south, north, 3_000)
    diagonal = np.arange(-6_000, 0, 5)
    lon, lat = np.r_[lon, east + diagonal], np.r_[lat, south + slope * diagonal - (slope + 1) // 2]
    kept = (cells.cells_of(lon, lat) == cell) & (lat >= south)
    people = People(lon[kept], lat[kept])
    sql, params = covering.rows_sql("people", "a.id")
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        found = sorted(row[0] for row in cursor.fetchall())
    assert found == people.expected(shape)


@pytest.mark.django_db
@needs_data
def test_every_real_area_finds_exactly_its_people():
    random = np.random.default_rng(5)
    areas = shapes_of("west-midlands-wards.geojson")
    lots = shapes_of("west-midlands-lads.geojson") + shapes_of("west-midlands-force.geojson")
    near = [positions_near(shape, random, 100) for shape in areas]
    people = People(np.concatenate([lon for lon, _ in near]), np.concatenate([lat for _, lat in near]))
    for shape in areas + lots:
        assert people.within(shape) == np.flatnonzero(covers_units(shape, people.lon, people.lat)).tolist()


@needs_data
def test_no_cell_of_a_real_ward_is_on_the_wrong_side():
    """192 wards and 20,000 positions each: inside ranges hold nobody else, and nobody is missed."""
    random = np.random.default_rng(11)
    for shape in shapes_of("west-midlands-wards.geojson"):
        west, south, east, north = (round(edge / UNIT) for edge in shape.bounds)
        lon = random.integers(west - 20_000, east + 20_000, 20_000)
        lat = random.integers(south - 20_000, north + 20_000, 20_000)
        ids, covered, covering = cells.cells_of(lon, lat), covers_units(shape, lon, lat), cover(shape)
        inside, border = in_ranges(ids, covering.inside), in_ranges(ids, covering.border)
        assert not (inside & border).any()
        assert covered[inside].all()
        assert not covered[~inside & ~border].any()
        assert inside.sum() > border.sum() * 2


@settings(max_examples=150, deadline=None)
@given(lon=st.floats(-8.5, 2), lat=st.floats(49.5, 61), resolution=st.integers(0, 11), seed=st.integers(0, 2**32))
def test_a_circle_holds_everybody_below_its_cell(lon, lat, resolution, seed):
    """Children stick out of their parent: positions are drawn around the cell and kept if below it."""
    cell = h3.latlng_to_cell(lat, lon, resolution)
    (middle_lat,), (middle_lon,), (radius,) = cells._circles(np.array([cell]), resolution, 0.6)
    random = np.random.default_rng(seed)
    size = h3.average_hexagon_edge_length(resolution, "km") / 111 * 1.4
    lats = middle_lat + random.uniform(-size, size, 3_000)
    lons = middle_lon + random.uniform(-size, size, 3_000) / math.cos(math.radians(middle_lat))
    keep = np.abs(lats) < 88
    ids = cells.cells_of(np.rint(lons[keep] / UNIT), np.rint(lats[keep] / UNIT))
    lo, hi = cells.range_of(cell)
    below = (ids >= lo) & (ids <= hi)
    assert below.any()
    away = np.hypot((lons[keep] - middle_lon) * 0.6, lats[keep] - middle_lat)[below]
    assert away.max() <= radius


@given(
    lon=st.integers(-90_000_000, 30_000_000),
    lat=st.integers(490_000_000, 615_000_000),
    level=st.integers(0, 11),
)
def test_a_range_is_exactly_the_descendants(lon, lat, level):
    cell = cells.cell_of(lon, lat)
    parent = h3.cell_to_parent(cell, level)
    lo, hi = cells.range_of(parent)
    assert lo <= cell <= hi < 2**63
    assert h3.cell_to_parent(lo, level) == h3.cell_to_parent(hi, level) == parent
    assert cells.cells_of(np.array([lon]), np.array([lat])).tolist() == [cell]
    if level >= 8:
        children = sorted(h3.cell_to_children(parent, 11))
        assert (children[0], children[-1]) == (lo, hi)


def test_neighbouring_ranges_become_one():
    parent = h3.cell_to_parent(cells.cell_of(*HOME), 7)
    children = np.array(h3.cell_to_children(parent, 9), np.int64)
    np.random.default_rng(1).shuffle(children)
    assert cells._merge([cells._ranges(children, 9)]) == [cells.range_of(parent)]
    without = np.array([child for child in children if child != sorted(children)[20]])
    assert len(cells._merge([cells._ranges(without, 9)])) == 2


@pytest.mark.parametrize(("lon", "lat"), [(10.5, 64.7), (-179.0, 10.0), (0.0, 0.0), (30.0, -70.0)])
def test_covers_hold_away_from_home_too(lon, lat):
    """A pentagon lies near the first; the others are other faces, the equator, and far south."""
    shape = snap(box(lon - 0.4, lat - 0.3, lon + 0.4, lat + 0.3))
    random = np.random.default_rng(3)
    lons, lats = random.uniform(lon - 0.5, lon + 0.5, 20_000), random.uniform(lat - 0.4, lat + 0.4, 20_000)
    lons, lats = np.rint(lons / UNIT).astype(int), np.rint(lats / UNIT).astype(int)
    ids, covered, covering = cells.cells_of(lons, lats), covers_units(shape, lons, lats), cover(shape)
    inside = in_ranges(ids, covering.inside)
    assert covered[inside].all()
    assert not covered[~inside & ~in_ranges(ids, covering.border)].any()


def test_a_country_is_covered_with_few_cells():
    covering = cover(snap(box(-8, 50, 2, 60)), max_cells=3_000)
    assert len(covering.edges.lo) < 3_000
    assert in_ranges(np.array([cells.cell_of(*HOME)]), covering.inside).all()


def test_too_wide_or_empty_shapes_have_no_cover():
    with pytest.raises(GeometryError, match="wider than 60 degrees"):
        cover(box(-100, 10, 100, 20))
    with pytest.raises(GeometryError, match="empty"):
        cover(Polygon())
