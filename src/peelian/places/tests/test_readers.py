"""Files of areas as they come: right, odd, broken. Refusals are sentences naming file, feature and field."""

import json
import os
from pathlib import Path

import numpy as np
import pyogrio
import pytest
import shapely
from pyproj import Transformer
from shapely import MultiPolygon, Polygon, box

from peelian.places.readers import FileProblem, read_areas

BOUNDARIES = Path(os.environ.get("PEELIAN_TEST_DATA", "../shared/data")) / "boundaries"
PARK = box(-1.9, 52.4, -1.8, 52.5)
QUAY = box(-1.8, 52.4, -1.7, 52.5)
BOW_TIE = Polygon([(-1.9, 52.4), (-1.8, 52.5), (-1.8, 52.4), (-1.9, 52.5)])
GRID = Transformer.from_crs(4326, 27700, always_xy=True)


def on_the_grid(shape):
    """The shape in metres of the British National Grid."""
    return shapely.transform(shape, lambda xy: np.column_stack(GRID.transform(xy[:, 0], xy[:, 1])))


def feature(shape, **properties):
    geometry = json.loads(shapely.to_geojson(shape)) if hasattr(shape, "geom_type") else shape
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def collection(*features, **members):
    return {"type": "FeatureCollection", **members, "features": list(features)}


def two(**members):
    return collection(
        feature(PARK, code="W1", name="Park", sector="S1"),
        feature(QUAY, code="W2", name="Quay", sector="S1"),
        **members,
    )


@pytest.fixture
def saved(tmp_path):
    """Write a GeoJSON file and return its path."""

    def save(content, name="areas.geojson"):
        path = tmp_path / name
        path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
        return path

    return save


def geopackage(path, shapes, crs="EPSG:4326", layer="areas", append=False, **fields):
    pyogrio.raw.write(
        path,
        shapely.to_wkb(np.array(shapes, object)),
        [np.array(values, object) for values in fields.values()],
        list(fields),
        layer=layer,
        crs=crs,
        geometry_type="Unknown",
        append=append,
    )
    return path


def problem(path, **fields):
    with pytest.raises(FileProblem) as caught:
        read_areas(path, **fields)
    return str(caught.value)


def test_geojson_is_read_with_its_parents(saved):
    first, second = read_areas(saved(two()), parent_field="sector")
    assert (first.number, first.code, first.name, first.parent_code) == (1, "W1", "Park", "S1")
    assert first.geometry.equals(PARK)
    assert first.repaired is None
    assert second.properties == {"code": "W2", "name": "Quay", "sector": "S1"}


def test_parents_are_read_only_when_asked_for(saved):
    assert [row.parent_code for row in read_areas(saved(two()))] == [None, None]


@pytest.mark.parametrize(
    "properties",
    [
        {"WD25CD": "E1", "WD25NM": "Park", "LAD25CD": "E2"},
        {"other": 1, "Code": "E1", "Name": "Park"},
        {"id": "E1", "name": "Park"},
        {"LAD25CD": "E2", "code": "E1", "name": "Park", "WD25NM": "no"},
    ],
)
def test_usual_field_names_are_guessed(saved, properties):
    (row,) = read_areas(saved(collection(feature(PARK, **properties))))
    assert (row.code, row.name) == ("E1", "Park")


def test_number_codes_and_letters_beyond_ascii_come_through(saved):
    (row,) = read_areas(
        saved(collection(feature(PARK, nummer=12, called="Ynys Môn"))),
        code_field="nummer",
        name_field="called",
    )
    assert (row.code, row.name) == ("12", "Ynys Môn")


def test_a_byte_order_mark_does_no_harm(saved):
    assert len(read_areas(saved("\ufeff" + json.dumps(two())))) == 2


@pytest.mark.parametrize("name", ["EPSG:27700", "urn:ogc:def:crs:EPSG::27700"])
def test_old_style_crs_in_metres_is_converted(saved, name):
    crs = {"type": "name", "properties": {"name": name}}
    content = collection(feature(on_the_grid(PARK), code="W1", name="Park"), crs=crs)
    (row,) = read_areas(saved(content))
    assert shapely.hausdorff_distance(row.geometry, PARK) < 1e-6


@pytest.mark.parametrize("name", ["urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326"])
def test_old_style_crs_in_degrees_changes_nothing(saved, name):
    rows = read_areas(saved(two(crs={"type": "name", "properties": {"name": name}})))
    assert rows[0].geometry.equals(PARK)


def test_metres_without_a_crs_are_refused(saved):
    text = problem(saved(collection(feature(on_the_grid(PARK), code="W1", name="Park"))))
    assert text.startswith("areas.geojson, feature 1: its coordinates cannot be degrees: 4")
    assert "British National Grid" in text


@pytest.mark.parametrize(
    ("crs", "sentence"),
    [
        ({"type": "name", "properties": {"name": "EPSG:999999"}}, "EPSG:999999, is not known"),
        ({"type": "name", "properties": {"name": "EPSG:4978"}}, "cannot be turned into WGS84"),
        ({"type": "name", "properties": {}}, "does not name a coordinate system"),
        (None, "does not name a coordinate system"),
    ],
)
def test_a_crs_that_cannot_be_converted_is_refused(saved, crs, sentence):
    text = problem(saved(two(crs=crs)))
    assert text.startswith("areas.geojson: its c")
    assert sentence in text


def test_coordinates_far_outside_a_system_are_refused(saved):
    crs = {"type": "name", "properties": {"name": "EPSG:27700"}}
    shape = shapely.transform(PARK, lambda xy: xy * 1e12)
    assert "feature 1: its coordinates" in problem(saved(collection(feature(shape, code="W1", name="P"), crs=crs)))


def test_geopackage_on_the_grid(tmp_path):
    path = geopackage(tmp_path / "a.gpkg", [on_the_grid(PARK)], "EPSG:27700", WD25CD=["E1"], WD25NM=["Park"])
    (row,) = read_areas(path)
    assert (row.code, row.name) == ("E1", "Park")
    assert shapely.hausdorff_distance(row.geometry, PARK) < 1e-6


@pytest.mark.filterwarnings("ignore:'crs' was not provided")
def test_geopackage_without_a_crs_is_refused(tmp_path):
    path = geopackage(tmp_path / "a.gpkg", [PARK], None, code=["E1"], name=["Park"])
    assert problem(path).startswith("a.gpkg")
    assert "coordinate system" in problem(path)


def test_geopackage_with_two_layers_names_them(tmp_path):
    path = geopackage(tmp_path / "a.gpkg", [PARK], layer="wards", code=["E1"], name=["Park"])
    geopackage(path, [PARK], layer="sectors", append=True, code=["E1"], name=["Park"])
    assert problem(path) == "a.gpkg has 2 layers (wards, sectors); save the one you mean by itself."


KML = """<?xml version="1.0" encoding="UTF-8"?>
<kml xmlns="http://www.opengis.net/kml/2.2"><Document><Folder><name>Wards</name>
<Placemark><name>Park</name><ExtendedData><Data name="code"><value>W1</value></Data></ExtendedData>
<Polygon><outerBoundaryIs><LinearRing><coordinates>
-1.9,52.4,0 -1.8,52.4,0 -1.8,52.5,0 -1.9,52.5,0 -1.9,52.4,0
</coordinates></LinearRing></outerBoundaryIs></Polygon>
</Placemark></Folder></Document></kml>"""


def test_kml_is_read(saved):
    (row,) = read_areas(saved(KML, "areas.kml"))
    assert (row.code, row.name) == ("W1", "Park")
    assert row.geometry.equals(PARK)


def test_broken_kml_is_refused(saved):
    assert problem(saved(KML[:300], "areas.kml")).startswith("areas.kml could not be read as KML")


def test_repairs_are_told(saved):
    ring = shapely.get_coordinates(QUAY)[:-1].tolist()
    content = collection(
        feature(BOW_TIE, code="W1", name="Bow"),
        feature({"type": "Polygon", "coordinates": [ring]}, code="W2", name="Open"),
        feature(PARK, code="W3", name="Fine"),
    )
    bow, unclosed, fine = read_areas(saved(content))
    assert bow.repaired.startswith("Its line crossed itself near 52.45000, -1.85000")
    assert shapely.is_valid(bow.geometry)
    assert unclosed.geometry.equals(QUAY)
    assert fine.repaired is None


def test_multipolygons_and_collections_of_polygons_are_areas(saved):
    both = MultiPolygon([PARK, box(-1.7, 52.4, -1.6, 52.5)])
    gathered = {"type": "GeometryCollection", "geometries": [json.loads(shapely.to_geojson(PARK))]}
    rows = read_areas(saved(collection(feature(both, code="a", name="A"), feature(gathered, code="b", name="B"))))
    assert rows[0].geometry.equals(both)
    assert rows[1].geometry.equals(PARK)


@pytest.mark.parametrize(
    ("shape", "sentence"),
    [
        (None, "it has no shape."),
        ({"type": "Polygon", "coordinates": []}, "its shape is empty."),
        ({"type": "Polygon", "coordinates": "here"}, "it has no shape."),
        (shapely.Point(-1.9, 52.4), "its shape is a Point; an area must be a polygon."),
        (
            shapely.LineString([(-1.9, 52.4), (-1.8, 52.4)]),
            "its shape is a LineString; an area must be a polygon.",
        ),
        (
            Polygon([(-1.9, 52.4), (-1.8, 52.4), (-1.7, 52.4)]),
            "The shape encloses no ground: it is a line or a point.",
        ),
    ],
)
def test_what_is_not_an_area_is_named_by_number(saved, shape, sentence):
    content = collection(feature(PARK, code="W1", name="Park"), feature(shape, code="W2", name="Odd"))
    assert problem(saved(content)) == f"areas.geojson, feature 2: {sentence}"


def test_fields_that_are_not_there_are_named_with_those_that_are(saved):
    path = saved(two())
    assert problem(path, code_field="WARD") == "areas.geojson has no field WARD. Its fields are: code, name, sector."
    assert problem(path, parent_field="LAD").startswith("areas.geojson has no field LAD.")
    bare = saved(collection(feature(PARK, colour="red")))
    assert problem(bare) == "areas.geojson: no field looks like a code. Name it with --code. Its fields are: colour."


def test_empty_codes_long_names_and_repeated_codes_are_all_told_at_once(saved):
    content = collection(
        feature(PARK, code="W1", name="Park"),
        feature(PARK, code=None, name="Nothing"),
        feature(PARK, code="W3", name="x" * 121),
        feature(PARK, code="W1", name="Park again"),
    )
    assert problem(saved(content)).split("\n") == [
        "areas.geojson, feature 2: its field code is empty.",
        "areas.geojson, feature 3: its field name has 121 characters; at most 120 fit.",
        "areas.geojson, feature 4: its code, W1, is also that of feature 1.",
    ]


def test_a_long_list_of_problems_is_cut(saved):
    text = problem(saved(collection(*[feature(None, code=str(i), name="a") for i in range(50)])))
    assert len(text.split("\n")) == 21
    assert text.endswith("And 30 more like these.")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (
            '{"type": "FeatureCollection",\n "features": [',
            "areas.geojson, line 2, column 15: this is not GeoJSON.",
        ),
        ("", "areas.geojson, line 1, column 1: this is not GeoJSON."),
        ("[]", "areas.geojson is JSON, but not a GeoJSON FeatureCollection."),
        (
            '{"type": "FeatureCollection"}',
            "areas.geojson is a GeoJSON FeatureCollection without its list of features.",
        ),
        ('{"type": "FeatureCollection", "features": []}', "areas.geojson has no areas in it."),
        ("[" * 100_000, "areas.geojson is not GeoJSON: its brackets are nested too deeply."),
        ('{"type": "FeatureCollection", "features": [3, "x"]}', None),
    ],
)
def test_malformed_geojson_is_refused(saved, content, sentence):
    text = problem(saved(content))
    assert text == sentence if sentence else text.startswith("areas.geojson")


def test_another_encoding_is_refused_with_its_line(tmp_path):
    path = tmp_path / "areas.geojson"
    path.write_bytes(json.dumps(two(), ensure_ascii=False, indent=1).replace("Quay", "Quäy").encode("latin-1"))
    assert "a letter is not in UTF-8. Save the file as UTF-8." in problem(path)
    assert problem(path).startswith("areas.geojson, line ")


@pytest.mark.parametrize("name", ["areas.shp", "areas", "areas.csv"])
def test_other_kinds_of_file_are_refused(saved, name):
    assert problem(saved("code,name", name)) == (
        f"{name} is not a file of areas: use GeoJSON, KML or GeoPackage (.gpkg)."
    )


def test_files_that_are_missing_or_only_pretend_are_refused(saved, tmp_path):
    assert problem(tmp_path / "gone.geojson") == "gone.geojson was not found."
    assert problem(saved("hello", "fake.gpkg")).startswith("fake.gpkg could not be read as GeoPackage")


@pytest.mark.skipif(not BOUNDARIES.is_dir(), reason="PEELIAN_TEST_DATA is not there")
@pytest.mark.parametrize(
    ("name", "count"),
    [("force", 1), ("lads", 7), ("wards", 192), ("msoa21", 357), ("lsoa21", 1_719), ("lsoa11", 1_680)],
)
def test_real_boundaries_come_in_whole(name, count):
    rows = read_areas(BOUNDARIES / f"west-midlands-{name}.geojson")
    assert len(rows) == count
    assert len({row.code for row in rows}) == count
    assert all(shapely.is_valid(row.geometry) for row in rows)
    if name == "wards":
        parents = read_areas(BOUNDARIES / "west-midlands-wards.geojson", parent_field="lad_code")
        assert len({row.parent_code for row in parents}) == 7
