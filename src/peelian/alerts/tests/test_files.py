"""Alert files: what they say, and each mistake with file, line and field."""

import json
from pathlib import Path

import pytest

from peelian.alerts import files
from peelian.alerts.errors import FileProblem
from peelian.alerts.tests import factories as make

pytestmark = pytest.mark.django_db

FRONT = "title: Vans broken into\ntype: vehicle-crime\nareas: [W00]\n"
BODY = "## What is happening\n\nVans.\n\n## What we are doing\n\nPatrols.\n\n## What you can do\n\nLock up.\n"


def write(folder: Path, front: str = FRONT, body: str = BODY) -> Path:
    path = folder / "alert.md"
    path.write_text(f"---\n{front}---\n\n{body}", encoding="utf-8")
    return path


def refused(path: Path) -> str:
    with pytest.raises(FileProblem) as problem:
        files.read(path)
    assert str(problem.value).startswith(str(path))
    return str(problem.value).removeprefix(str(path))


def test_a_file_with_every_field(tmp_path):
    shape = make.drawn(0, 0, 1, 1)["polygon"]
    (tmp_path / "shapes").mkdir()
    feature = {"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {}, "geometry": shape}]}
    (tmp_path / "shapes" / "lane.geojson").write_text(json.dumps(feature))
    front = (
        "title: 'Vans: three broken into'\ntype: vehicle-crime\npriority: important\nareas:\n  - W00\n  - 007\n"
        "polygon: shapes/lane.geojson\nexclude_areas: W01\ngroups: [dog-walkers]\n"
        "languages: [ur, no]\nchannels: [email, text]\n"
    )
    read = files.read(write(tmp_path, front, BODY.replace("Vans.", "Vans.\n\n```\n## What we are doing\n```")))
    assert (read.topic.slug, read.fields["title"], read.fields["priority"], read.fields["channels"]) == (
        "vehicle-crime", "Vans: three broken into", "important", 3,
    )  # fmt: skip
    assert read.fields["audience"] == {
        "clauses": [
            {"effect": "include", "kind": "areas", "values": ["W00", "007"]},
            {"effect": "include", "kind": "polygon", "polygon": shape},
            {"effect": "must", "kind": "groups", "values": ["dog-walkers"]},
            {"effect": "must", "kind": "languages", "values": ["ur", "no"]},
            {"effect": "exclude", "kind": "areas", "values": ["W01"]},
        ]
    }
    assert read.fields["happening"] == "Vans.\n\n```\n## What we are doing\n```"
    assert (read.fields["doing"], read.fields["can_do"]) == ("Patrols.", "Lock up.")


def test_what_is_not_said_has_plain_defaults(tmp_path):
    read = files.read(write(tmp_path))
    assert (read.fields["priority"], read.fields["channels"], read.team) == ("routine", 7, "")
    group = files.read(write(tmp_path, "title: a\ntype: other\ngroups: [dogs]\n"))
    assert group.fields["audience"]["clauses"] == [{"effect": "include", "kind": "groups", "values": ["dogs"]}]


def test_windows_line_ends_a_byte_order_mark_and_other_cases_of_headings_are_fine(tmp_path):
    path = tmp_path / "alert.md"
    text = f"---\n{FRONT}---\n\n{BODY}".replace("What you can do", "what You can do").replace("\n", "\r\n")
    path.write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert files.read(path).fields["can_do"] == "Lock up."


@pytest.mark.parametrize(
    ("front", "said"),
    [
        ("title: a\ntype: [x\n", ", line 3: the front matter is not YAML: "),
        ("title: a\n\ttype: x\n", ", line 3: the front matter is not YAML: "),
        ("- a\n", ", line 2: the front matter holds no fields"),
        ("type: other\nareas: [W00]\n", ", line 1, field title: the alert has no title."),
        ("title:\ntype: other\n", ", line 2, field title: the alert has no title."),
        ("title: a\nareas: [W00]\n", ", line 1, field type: the alert has no type."),
        (
            "title: a\ntype: burglary\n",
            ", line 3, field type: there is no type “burglary”. The types are residential-burglary,",
        ),
        (
            "title: a\ntype: other\npriority: high\n",
            ", line 4, field priority: “high” is none of routine, important, urgent.",
        ),
        (
            "title: a\ntype: other\nchannels: [email, fax]\n",
            ", line 4, field channels: “fax” is none of email, text, voice.",
        ),
        ("title: a\nwards: [W00]\n", ", line 3, field wards: there is no such field. The fields are title, type,"),
        ("title: a\ntitle: b\n", ", line 3, field title: the field stands there twice."),
        ("title: [a]\n", ", line 2, field title: one value is needed here, not a list."),
        ("title: a\ntype: other\nareas: [[W00]]\n", ", line 4, field areas: a list of words is needed here."),
        ("title: a\ntype: other\npolygon: none.geojson\n", ", line 4, field polygon: the file "),
    ],
)
def test_each_mistake_in_the_front_matter_names_line_and_field(tmp_path, front, said):
    found = refused(write(tmp_path, front))
    assert found.startswith(said), found


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (BODY.replace("## What we are doing\n\nPatrols.\n", ""), ": the heading “## What we are doing” is missing."),
        (
            BODY.replace("What you can do", "What next"),
            ", line 15: the heading “## What next” is not one of the three.",
        ),
        (BODY + "\n## What you can do\n\nMore.\n", ", line 19: the heading “## What you can do” stands there twice."),
        (BODY.replace("Patrols.", ""), ", line 11: nothing stands under “## What we are doing”."),
        ("Hello\n\n" + BODY, ", line 7: text stands before the first heading."),
        ("", ": the heading “## What is happening” is missing."),
    ],
)
def test_each_mistake_in_the_body_names_the_heading(tmp_path, body, said):
    assert refused(write(tmp_path, body=body)) == said


def test_files_that_are_not_there_not_text_or_not_alerts(tmp_path):
    assert refused(tmp_path / "none.md") == " cannot be read: no such file or directory."
    assert refused(tmp_path) == " cannot be read: is a directory."
    path = tmp_path / "alert.md"
    path.write_bytes(f"---\ntitle: caf\xe9\n---\n{BODY}".encode("latin-1"))
    assert refused(path) == ", line 2: the file is not UTF-8. Save it as UTF-8 and try again."
    path.write_text("# Hello\n")
    assert "does not begin with front matter" in refused(path)
    path.write_text("---\ntitle: a\n")
    assert "the front matter has no end" in refused(path)
    path.write_text("---\n" + "a" * 1_000_001)
    assert refused(path) == ": the file is larger than 1 MB."


@pytest.mark.parametrize(
    ("shape", "said"),
    [
        ({"type": "Polygon", "coordinates": []}, "The shape is empty. Draw a line around the place."),
        (
            {"type": "Polygon", "coordinates": [[[-2, 52], [-1.99, 52.01], [-1.99, 52], [-2, 52.01], [-2, 52]]]},
            "The line crosses itself near 52.00500, -1.99500 (latitude, longitude).",
        ),
        (
            {"type": "Polygon", "coordinates": [[[400000, 280000], [401000, 280000], [401000, 281000]]]},
            "Point 1 of the shape is not in degrees",
        ),
        (
            {"type": "Polygon", "coordinates": [], "crs": {"properties": {"name": "urn:ogc:def:crs:EPSG::27700"}}},
            "is in the coordinate system urn:ogc:def:crs:EPSG::27700; longitude and latitude (WGS84) are needed.",
        ),
        ({"type": "LineString", "coordinates": [[-2, 52], [-1.99, 52]]}, "a polygon, and this is a LineString."),
    ],
)  # fmt: skip
def test_each_mistake_in_a_polygon_names_both_files_and_the_field(tmp_path, shape, said):
    (tmp_path / "lane.geojson").write_text(json.dumps(shape))
    found = refused(write(tmp_path, "title: a\ntype: other\npolygon: lane.geojson\n"))
    assert found.startswith(", line 4, field polygon: ")
    assert str(tmp_path / "lane.geojson") in found
    assert said in found


@pytest.mark.parametrize(
    "content", [b"{", b"", b'{"name": "caf\xe9"}', '{"type": "Polygon"}'.encode("utf-16"), b"[" * 100_000]
)
def test_a_polygon_that_is_not_geojson(tmp_path, content):
    (tmp_path / "lane.geojson").write_bytes(content)
    found = refused(write(tmp_path, "title: a\ntype: other\npolygon: lane.geojson\n"))
    assert found == f", line 4, field polygon: the file {tmp_path / 'lane.geojson'} is not GeoJSON."
