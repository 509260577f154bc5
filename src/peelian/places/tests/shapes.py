"""Shapes to try, positions around them, and a table of people to ask covers about."""

import json
import os
from pathlib import Path

import h3.api.basic_int as h3
import numpy as np
import pytest
import shapely
from django.db import connection
from hypothesis import strategies as st
from shapely import Polygon, box

from peelian.places import cells
from peelian.places.geometry import GeometryError, cover, snap

BOUNDARIES = Path(os.environ.get("PEELIAN_TEST_DATA", "../shared/data")) / "boundaries"
needs_data = pytest.mark.skipif(not BOUNDARIES.is_dir(), reason="PEELIAN_TEST_DATA is not there")
UNIT = 1e-7
HOME = (-18_900_000, 524_800_000)  # in units


def shapes_of(name):
    content = json.loads((BOUNDARIES / name).read_text())
    return [snap(shapely.geometry.shape(feature["geometry"])) for feature in content["features"]]


class People:
    """A table of positions in the database, to ask covers about."""

    def __init__(self, lon, lat):
        self.lon, self.lat = np.asarray(lon, np.int64), np.asarray(lat, np.int64)
        self.cells = cells.cells_of(self.lon, self.lat)
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE IF EXISTS people")
            cursor.execute("CREATE TEMP TABLE people (id int, lon int, lat int, cell bigint)")
            rows = zip(range(len(self.lon)), self.lon, self.lat, self.cells, strict=True)
            with cursor.copy("COPY people FROM STDIN") as copy:
                copy.write("".join(f"{a}\t{b}\t{c}\t{d}\n" for a, b, c, d in rows))
            cursor.execute("CREATE INDEX ON people (cell) INCLUDE (id, lon, lat)")
            cursor.execute("ANALYZE people")

    def within(self, shape, **options):
        """Ids that the database finds in the shape; an id found twice comes twice."""
        sql, params = cover(shape, **options).rows_sql("people", "a.id")
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            return sorted(row[0] for row in cursor.fetchall())

    def counted(self, shape, **options):
        """As `within`, asked as a large shape is when it is counted."""
        with pytest.MonkeyPatch.context() as patch, connection.cursor() as cursor:
            patch.setattr(cells, "LARGE", 0)
            found = []
            for sql, params in cover(shape, **options).counting_sql("people", "a.id"):
                cursor.execute(sql, params)
                found += [row[0] for row in cursor.fetchall() if row[0] is not None]
            return sorted(found)

    def expected(self, shape):
        """Ids in the shape by shapely's slow road: a point object each, no prepared geometry."""
        whole = cells.in_units(shape)
        return np.flatnonzero(shapely.covers(whole, shapely.points(self.lon, self.lat))).tolist()


def positions_near(shape, random, count=400):
    """Positions around a shape: at random, on every corner, on and beside the middle of every edge."""
    whole = cells.in_units(shape)
    west, south, east, north = whole.bounds
    margin = max(east - west, north - south) // 5 + 300
    lon = random.integers(int(west - margin), int(east + margin), count)
    lat = random.integers(int(south - margin), int(north + margin), count)
    points, ring = shapely.get_coordinates(shapely.get_rings(shapely.get_parts(whole)), return_index=True)
    middles = ((points[1:] + points[:-1]) / 2)[ring[1:] == ring[:-1]]
    exact = np.vstack([points, middles[(middles == np.rint(middles)).all(axis=1)]]).astype(np.int64)
    beside = np.vstack([exact + step for step in ((0, 1), (1, 0), (0, -1), (-1, 0))])
    every = np.vstack([np.column_stack([lon, lat]), exact, beside, critical_positions(shape, random)])
    return every[:, 0], every[:, 1]


def critical_positions(shape, random):
    """Positions at and beside the heights where the border test turns, within each border cell's reach."""
    edges = cover(shape).edges
    owner = np.repeat(np.arange(len(edges.lo)), edges.last - edges.first + 1)
    middle = np.array([h3.cell_to_latlng(cell) for cell in edges.lo.tolist()]).reshape(-1, 2)[owner, 1] / UNIT
    found = [np.empty((0, 2), np.int64)]
    for heights in (edges.low, edges.high, edges.flip):
        real = np.flatnonzero(np.abs(heights) < 900_000_000)[:40]
        for step in (-1, 0, 1):
            lon = middle[real] + random.integers(-4_000, 4_000, len(real))
            found.append(np.column_stack([lon, heights[real] + step]).astype(np.int64))
    return np.vstack(found)


@st.composite
def shapes(draw):
    """Valid shapes from 20 cm to 50 km, on a coarse grid: with holes, parts, islands in holes, slivers."""
    step = 2 * draw(st.sampled_from([1, 25, 600, 5_000, 40_000, 170_000]))
    corner = st.tuples(st.integers(0, 16), st.integers(0, 16))
    rings = draw(st.lists(st.lists(corner, min_size=3, max_size=9, unique=True), min_size=1, max_size=3))
    parts = [shapely.make_valid(Polygon(np.array(ring) * step + HOME)) for ring in rings]
    if draw(st.booleans()):
        thin = draw(st.integers(1, 3))
        x, y = HOME
        parts.append(Polygon([(x, y), (x + 16 * step, y + 9 * step), (x + 16 * step, y + 9 * step + thin)]))
    whole = parts[0]
    for part in parts[1:]:  # where two lie on top of each other there is a hole
        whole = shapely.symmetric_difference(whole, part)
    try:
        return snap(shapely.transform(whole, lambda xy: xy * UNIT))
    except GeometryError:
        return snap(box(HOME[0] * UNIT, HOME[1] * UNIT, (HOME[0] + step) * UNIT, (HOME[1] + step) * UNIT))
