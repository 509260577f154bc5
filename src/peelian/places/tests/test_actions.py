"""Imports of areas and postcodes, the tree they settle into, and which areas hold a point."""

import datetime as dt
import json
from pathlib import Path

import pytest
import shapely
from django.core.management import CommandError, call_command
from django.db import transaction

from peelian.audit.actions import COMMAND_LINE
from peelian.audit.models import Event
from peelian.core import clock
from peelian.places import actions, covers, queries
from peelian.places.cells import cover
from peelian.places.errors import FileRefused
from peelian.places.models import Area, Postcode
from peelian.places.readers import FileProblem
from peelian.places.tests.factories import make_grid, square

pytestmark = pytest.mark.django_db


def geojson(path: Path, features: list[tuple[dict[str, str], shapely.Geometry]]) -> Path:
    """A GeoJSON file of (properties, shape)."""
    written = [
        {"type": "Feature", "properties": properties, "geometry": json.loads(shapely.to_geojson(shape))}
        for properties, shape in features
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": written}))
    return path


def wards(path: Path, names: dict[str, shapely.Geometry]) -> Path:
    return geojson(path, [({"code": code, "name": f"Ward {code}"}, shape) for code, shape in names.items()])


def test_an_import_is_kept_by_code_and_audited(tmp_path):
    file = wards(tmp_path / "wards.geojson", {"A": square(0, 0), "B": square(1, 0)})
    first = actions.import_areas(file, kind="ward", by=COMMAND_LINE)
    again = actions.import_areas(file, kind="ward", by=COMMAND_LINE)
    wards(file, {"A": square(0, 0), "B": square(1, 0, 2, 1)})
    third = actions.import_areas(file, kind="ward", by=COMMAND_LINE)
    assert [(done.new, done.changed, done.unchanged) for done in (first, again, third)] == [
        (2, 0, 0),
        (0, 0, 2),
        (0, 1, 1),
    ]
    assert Event.objects.filter(verb="areas.imported", actor_label="command line").count() == 3


def test_parents_are_found_on_the_map_whatever_the_order(tmp_path):
    actions.import_areas(
        wards(tmp_path / "w.geojson", {"A": square(0, 0), "B": square(1, 0)}), kind="ward", by=COMMAND_LINE
    )
    actions.import_areas(wards(tmp_path / "f.geojson", {"F": square(0, 0, 2, 1)}), kind="force", by=COMMAND_LINE)
    assert {ward.parent.code for ward in Area.objects.filter(kind="ward")} == {"F"}
    actions.import_areas(wards(tmp_path / "p.geojson", {"P": square(0, 0)}), kind="policing-area", by=COMMAND_LINE)
    assert {ward.code: ward.parent.code for ward in Area.objects.filter(kind="ward")} == {"A": "P", "B": "F"}
    assert [area.code for area in queries.ancestors(queries.area("A"))] == ["F", "P"]


def test_an_area_larger_than_what_lies_below_it_is_not_asked_by_membership():
    grid = make_grid(2, 1)
    assert grid["F"].by_membership
    Area.objects.filter(code="W10").delete()
    actions.settle_tree()
    assert Area.objects.get(code="P1").by_membership  # nothing below: it answers for itself
    Area.objects.filter(code="P1").delete()
    actions.settle_tree()
    assert not Area.objects.get(code="F").by_membership


def test_a_parent_that_does_not_exist_is_named(tmp_path):
    file = geojson(tmp_path / "w.geojson", [({"code": "A", "name": "A", "up": "NOPE"}, square(0, 0))])
    with pytest.raises(queries.NoSuchArea, match="NOPE"):
        actions.import_areas(file, kind="ward", parent_field="up", by=COMMAND_LINE)
    assert not Area.objects.exists()


def test_one_code_cannot_be_two_kinds(tmp_path):
    file = wards(tmp_path / "w.geojson", {"A": square(0, 0)})
    actions.import_areas(file, kind="ward", by=COMMAND_LINE)
    with pytest.raises(FileRefused, match="A is a ward already"):
        actions.import_areas(file, kind="sector", by=COMMAND_LINE)


def test_the_command_refuses_a_file_that_is_not_there():
    with pytest.raises(CommandError, match=r"nowhere\.geojson was not found"):
        call_command("import_areas", "nowhere.geojson", "--kind", "ward")


def test_a_cover_survives_packing():
    made = cover(square(0, 0, 2, 1))
    kept = covers.unpack(covers.pack(made))
    assert (kept.inside, kept.border) == (made.inside, made.border)
    assert all((getattr(kept.edges, name) == getattr(made.edges, name)).all() for name in made.edges.__slots__)


def test_which_areas_hold_a_point():
    make_grid(2, 1)
    middle = [area.code for area in queries.areas_holding(-19_950_000, 520_050_000)]
    border = [area.code for area in queries.areas_holding(-19_900_000, 520_050_000)]
    assert middle[0] == "F"
    assert set(middle) == {"F", "P0", "W00"}
    assert set(border) == {"F", "P0", "P1", "W00", "W10"}
    assert queries.areas_holding(0, 0) == []


POSTCODES = "postcode,latitude,longitude,more\nZY1 1AA,52.005,-1.995,x\nzy11ab,52.006,-1.996,y\n"


def test_postcodes_are_found_however_they_are_typed(tmp_path):
    (file := tmp_path / "p.csv").write_text(POSTCODES)
    done = actions.import_postcodes(file, by=COMMAND_LINE)
    again = actions.import_postcodes(file, by=COMMAND_LINE)
    assert (done.new, again.new, again.unchanged) == (2, 0, 2)
    found = queries.postcode(" zy1 1Ab ")
    assert found is not None
    assert found.shown == "ZY1 1AB"
    assert queries.postcode("nonsense") is None


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("ZY1 1AC,,", "postcode ZY1 1AC has no position"),
        ("ZY1 1AC,north,west", "not two numbers"),
        ("ZY1 1AC,91,0", "not in degrees"),
        ("ZY,52,-1.9", "is not a postcode"),
    ],
)
def test_a_bad_row_is_named_and_nothing_is_imported_unless_set_aside(tmp_path, line, reason):
    (file := tmp_path / "p.csv").write_text(POSTCODES + line + ",z\n")
    with pytest.raises(FileRefused, match=rf"p\.csv, line 4: .*{reason}"):
        actions.import_postcodes(file, by=COMMAND_LINE)
    assert not Postcode.objects.exists()
    done = actions.import_postcodes(file, by=COMMAND_LINE, skip_bad=tmp_path / "bad.csv")
    assert (done.new, done.bad) == (2, 1)
    assert reason in (tmp_path / "bad.csv").read_text()


@pytest.mark.parametrize(
    "spoilt",
    [
        b'postcode,latitude,longitude\nZY1 1AC,52,-1.9\nZY1 1AD,"52,-1.9\n',
        b"postcode,latitude,longitude\nZY1 1AC,52,-1.9\nZY1 1AD,5\x002,-1.9\n",
        "postcode,latitude,longitude\nZY1 1AC,52,-1.9\n".encode("utf-16"),
        b"postcode,latitude,longitude\nZY1 1AC,52,-1.9\nZ\xdd1 1AD,52,-1.9\n",
        b"postcode,latitude,longitude\nZY1 1AC\n",
        b"",
    ],
    ids=["open quotation mark", "NUL", "UTF-16", "Latin-1", "too few fields", "empty"],
)
def test_a_spoilt_file_is_named_and_the_postcodes_we_have_stay(tmp_path, spoilt):
    (file := tmp_path / "p.csv").write_text(POSTCODES)
    actions.import_postcodes(file, by=COMMAND_LINE)
    file.write_bytes(spoilt)
    with pytest.raises(FileRefused, match=r"^p\.csv"), transaction.atomic():
        actions.import_postcodes(file, by=COMMAND_LINE)
    assert sorted(Postcode.objects.values_list("code", flat=True)) == ["ZY11AA", "ZY11AB"]


def test_a_file_without_its_columns_or_not_in_utf8_is_refused(tmp_path):
    (file := tmp_path / "p.csv").write_text("code,lat\nx,1\n")
    with pytest.raises(FileRefused, match="no column named latitude, longitude, postcode"):
        actions.import_postcodes(file, by=COMMAND_LINE)
    file.write_bytes("postcode,latitude,longitude\nZÝ1 1AA,1,1\n".encode("latin-1"))
    with pytest.raises(FileRefused, match="not UTF-8"):
        actions.import_postcodes(file, by=COMMAND_LINE)


def test_a_bad_feature_can_be_set_aside(tmp_path):
    file = wards(tmp_path / "w.geojson", {"A": square(0, 0), "B": shapely.Point(-1.9, 52)})
    with pytest.raises(FileProblem, match=r"w\.geojson, feature 2: .*polygon"):
        actions.import_areas(file, kind="ward", by=COMMAND_LINE)
    assert not Area.objects.exists()
    done = actions.import_areas(file, kind="ward", by=COMMAND_LINE, skip_bad=tmp_path / "bad.csv")
    assert (done.new, done.bad) == (1, 1)
    assert "polygon" in (tmp_path / "bad.csv").read_text()


def test_areas_begin_when_they_come_and_end_when_a_whole_file_lacks_them(tmp_path):
    file = wards(tmp_path / "w.geojson", {"A": square(0, 0), "B": square(1, 0)})
    actions.import_areas(file, kind="ward", by=COMMAND_LINE)
    Area.objects.update(valid_from="2019-04-01")
    wards(file, {"A": square(0, 0, 2, 1)})
    assert actions.import_areas(file, kind="ward", by=COMMAND_LINE).ended == 0
    assert queries.area("B")
    wards(file, {"A": square(0, 0), "C": square(1, 0)})
    assert actions.import_areas(file, kind="ward", by=COMMAND_LINE, replace=True).ended == 1
    dates = {area.code: (area.valid_from, area.valid_to) for area in Area.objects.all()}
    then, today = dt.date(2019, 4, 1), clock.today()
    assert dates == {"A": (then, None), "B": (then, today), "C": (today, None)}
    assert [area.code for area in queries.areas_holding(-19_850_000, 520_050_000)] == ["C"]
    with pytest.raises(queries.NoSuchArea):
        queries.area("B")


def test_below_an_area_that_has_ended_the_next_one_up_is_above(tmp_path):
    features = [({"code": "A", "name": "Ward A", "up": "S"}, square(0, 0))]
    actions.import_areas(wards(tmp_path / "f.geojson", {"F": square(0, 0, 2, 1)}), kind="force", by=COMMAND_LINE)
    actions.import_areas(wards(tmp_path / "s.geojson", {"S": square(0, 0)}), kind="sector", by=COMMAND_LINE)
    actions.import_areas(geojson(tmp_path / "w.geojson", features), kind="ward", parent_field="up", by=COMMAND_LINE)
    other = wards(tmp_path / "s.geojson", {"T": square(1, 0)})
    actions.import_areas(other, kind="sector", by=COMMAND_LINE, replace=True)
    assert queries.area("A").parent.code == "F"


def test_bad_postcodes_go_to_a_file_that_can_be_written_and_is_not_the_source(tmp_path):
    file = tmp_path / "postcodes.csv"
    file.write_text("postcode,latitude,longitude\nAB1 2CD,,\n")
    with pytest.raises(FileRefused, match="is the file that is imported"), transaction.atomic():
        actions.import_postcodes(file, by=COMMAND_LINE, skip_bad=file)
    assert file.read_text().startswith("postcode,")
    with pytest.raises(FileRefused, match="cannot be written"):
        actions.import_postcodes(file, by=COMMAND_LINE, skip_bad=tmp_path / "none" / "bad.csv")
