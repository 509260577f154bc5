"""Shapes on the grid, mended where they can be, drawn by hand, and simple for the map."""

import json
import math

import h3.api.basic_int as h3
import numpy as np
import pytest
import shapely
from hypothesis import given
from shapely import Polygon

from peelian.places import cells, geometry
from peelian.places.geometry import GeometryError, covers_units, drawn_polygon, repair, snap
from peelian.places.tests.shapes import UNIT, needs_data, shapes, shapes_of

BOW_TIE = [[-1.9, 52.4], [-1.8, 52.5], [-1.8, 52.4], [-1.9, 52.5], [-1.9, 52.4]]
SQUARE = [[-1.9, 52.4], [-1.8, 52.4], [-1.8, 52.5], [-1.9, 52.5], [-1.9, 52.4]]


def polygon(rings):
    return {"type": "Polygon", "coordinates": rings}


def test_units_are_exact_both_ways():
    assert cells.to_units(-1.8904321, 52.4862451) == (-18_904_321, 524_862_451)
    assert cells.from_units(-18_904_321, 524_862_451) == (-1.8904321, 52.4862451)


def test_exactly_on_a_slanting_line_is_inside_although_degrees_cannot_say_so():
    shape = snap(Polygon([(-1.9, 52.4), (-1.8, 52.5), (-1.9, 52.5)]))
    steps = np.arange(0, 1_000_000, 7)
    lon, lat = -19_000_000 + steps, 524_000_000 + steps
    assert covers_units(shape, lon, lat).all()
    assert not covers_units(shape, lon + 1, lat).any()
    assert not shapely.intersects_xy(shape, lon * UNIT, lat * UNIT).all()


@given(shape=shapes())
def test_snapping_twice_changes_nothing_and_stays_valid(shape):
    assert shapely.is_valid(shape)
    assert shapely.is_valid(cells.in_units(shape))
    assert snap(shape).equals_exact(shape)
    assert snap(shapely.from_wkb(shapely.to_wkb(shape))).equals_exact(shape)


def test_snapping_drops_what_is_narrower_than_the_grid():
    with pytest.raises(GeometryError, match="encloses no ground"):
        snap(Polygon([(-1.9, 52.4), (-1.9 + 1e-9, 52.4), (-1.9, 52.4 + 1e-9)]))


def test_a_proper_shape_needs_no_repair():
    mended, sentence = repair(Polygon(SQUARE))
    assert sentence is None
    assert mended.equals(Polygon(SQUARE))


def test_a_bow_tie_is_mended_and_named():
    mended, sentence = repair(Polygon(BOW_TIE))
    assert sentence == (
        "Its line crossed itself near 52.45000, -1.85000 (latitude, longitude), like a bow-tie;"
        " the parts on both sides were kept."
    )
    assert mended.area == pytest.approx(0.005)


def test_repeated_points_are_counted():
    _, sentence = repair(Polygon([SQUARE[0], *SQUARE, SQUARE[-1]]))
    assert sentence == "2 points given twice in a row were dropped."


def test_a_hole_outside_is_named():
    _, sentence = repair(Polygon(SQUARE, [[(-1.7, 52.4), (-1.6, 52.4), (-1.6, 52.5)]]))
    assert sentence.startswith("It had a hole outside its outline")


@pytest.mark.parametrize("bad", [Polygon(), shapely.LineString([(0, 0), (1, 1)])])
def test_nothing_to_mend_is_an_error(bad):
    with pytest.raises(GeometryError, match=r"empty|encloses no ground"):
        repair(bad)


@pytest.mark.parametrize(
    "wrap",
    [
        lambda shape: shape,
        json.dumps,
        lambda shape: json.dumps(shape).encode(),
        lambda shape: {"type": "Feature", "properties": {}, "geometry": shape},
        lambda shape: {"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": shape}]},
        lambda shape: {"type": "MultiPolygon", "coordinates": [shape["coordinates"]]},
    ],
)
def test_a_drawing_is_taken_in_every_wrapping(wrap):
    assert drawn_polygon(wrap(polygon([SQUARE]))).equals(Polygon(SQUARE))


def test_a_drawing_may_leave_its_ring_open_and_carry_heights():
    assert drawn_polygon(polygon([[[*point, 3.0] for point in SQUARE[:-1]]])).equals(Polygon(SQUARE))


@pytest.mark.parametrize(
    ("drawing", "sentence"),
    [
        (polygon([BOW_TIE]), "The line crosses itself near 52.45000, -1.85000"),
        (polygon([]), "The shape is empty"),
        (polygon([[]]), "The shape is empty"),
        ({"type": "Feature", "geometry": None}, "The shape is empty"),
        (polygon([SQUARE[:2]]), "fewer than 3 corners"),
        (polygon([[SQUARE[0]] * 9]), "fewer than 3 corners"),
        (polygon([[[-1.9, 52.4], [-1.8, 52.4], [-1.7, 52.4]]]), "not a proper outline|crosses itself"),
        (polygon([[[-1.9 + i / 1e5, 52.4] for i in range(10_100)]]), "more than 10,000 points"),
        (
            '{"type": "Polygon", "coordinates": [[[NaN, 52.4], [1, 52], [1, 53]]]}',
            "Point 1 .* not a pair of numbers",
        ),
        (polygon([[[-1.9, 52.4], [True, None], [1, 53]]]), "Point 2 .* not a pair of numbers"),
        (polygon([[[10**400, 52.4], [1, 52], [1, 53]]]), "Point 1 .* not a pair of numbers"),
        (polygon([[[400000, 290000], [410000, 290000], [410000, 300000]]]), "not in degrees"),
        (polygon([[[52.4, -1.9], [52.5, -1.9], [52.5, -1.8]]]), "wrong way round"),
        (polygon([[[13.4, 52.5], [13.5, 52.5], [13.5, 52.6]]]), "outside the United Kingdom"),
        ({"type": "Point", "coordinates": [-1.9, 52.4]}, "must be a polygon, and this is a Point"),
        ({"type": "Polygon"}, "no coordinates"),
        ({"type": "FeatureCollection", "features": []}, "One shape is needed, and there are 0"),
        ({"type": "FeatureCollection", "features": [{}, {}]}, "there are 2"),
        ("hello", "not GeoJSON"),
        ("[" * 100_000, "not GeoJSON"),
        ([1, 2], "not GeoJSON"),
        ({}, "must be a polygon"),
    ],
)
def test_a_drawing_that_cannot_be_used_says_why(drawing, sentence):
    with pytest.raises(GeometryError, match=sentence):
        drawn_polygon(drawing)


@pytest.mark.parametrize("metres", [30, 500, 20_000])
def test_a_circle_is_as_wide_as_it_says(metres):
    ring = shapely.get_coordinates(geometry.circle(-1.9, 52.48, metres))
    away = [h3.great_circle_distance((52.48, -1.9), (lat, lon), unit="m") for lon, lat in ring]
    assert len(ring) == 65
    assert away == pytest.approx([metres] * 65, rel=1e-3, abs=0.02)


def test_a_circle_of_nothing_is_an_error():
    with pytest.raises(GeometryError, match="more than 0 metres"):
        geometry.circle(-1.9, 52.48, 0)


@needs_data
def test_a_simple_outline_stays_near_the_real_one():
    (force,) = shapes_of("west-midlands-force.geojson")
    outline = geometry.simplify_for_map(force, 50)
    simple = shapely.geometry.shape(outline)
    assert outline["type"] == "Polygon"
    assert len(outline["coordinates"][0]) < shapely.get_num_coordinates(force) * 0.6
    assert shapely.hausdorff_distance(simple, force) * 111_195 < 50 / math.cos(math.radians(52.5)) + 2
    assert all(number == round(number, 5) for point in outline["coordinates"][0] for number in point)
