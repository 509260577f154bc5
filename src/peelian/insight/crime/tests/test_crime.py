"""Police open data: read in each of its forms, counted by area, type and month, weighed, and set against the ground."""

from datetime import date
from pathlib import Path

import pytest
import shapely
from django.core.management import call_command
from django.db import transaction

from peelian.audit.actions import COMMAND_LINE
from peelian.audit.models import Event
from peelian.core.periods import Period
from peelian.insight import rollups
from peelian.insight.crime import actions, queries, types
from peelian.insight.crime.errors import NoGround, NoWeights
from peelian.insight.models import CrimeCount, CrimeFile, CrimePoint
from peelian.places.actions import area_from
from peelian.places.errors import FileRefused
from peelian.places.models import Area
from peelian.places.tests.factories import SIDE, SOUTH, WEST, make_area, make_grid, square

pytestmark = pytest.mark.django_db
HEAD = ("Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type,"
        "Last outcome category,Context")  # fmt: skip
AUGUST, SEPTEMBER = Period.month(2021, 8), Period.month(2021, 9)
OURS = "Testshire Police"


def at(column: float, row: float = 0.5) -> tuple[str, str]:
    """A place on the grid of squares, as the files write it."""
    return f"{WEST + column * SIDE:.6f}", f"{SOUTH + row * SIDE:.6f}"


def crime(kind: str, place: tuple[str, str] = ("", ""), month: str = "2021-08", by: str = OURS) -> str:
    return f",{month},{by},{by},{place[0]},{place[1]},On or near High Street,,,{kind},,"


def write(folder: Path, *rows: str, head: str = HEAD, name: str = "2021-08-testshire-street.csv") -> Path:
    path = folder / name
    path.write_text("\n".join([head, *rows, ""]), encoding="utf-8")
    return path


def load(folder: Path, *rows: str, **options):
    return actions.import_crime([write(folder, *rows)], by=COMMAND_LINE, **options)


def counted(code: str, *kinds: str, period: Period = AUGUST) -> int | None:
    return queries.crime_counts(Area.objects.get(code=code).pk, kinds or None, period).total


# Reading and counting -------------------------------------------------------------------------------------------------


def test_crimes_are_counted_in_every_area_that_holds_them(tmp_path):
    make_grid()
    make_area("I", square(0, 0, 2, 1).buffer(0.001), "impact-area")
    done = load(
        tmp_path, *[crime("Burglary", at(0.5))] * 3, crime("Robbery", at(1.5)), crime("Anti-social behaviour", at(2.5)),
        crime("Burglary"), crime("Drugs", at(40)),
    )  # fmt: skip
    (file,) = done.files
    assert (file.rows, file.counted, file.outside, file.without_place, file.types) == (7, 5, 1, 1, "2013-05")
    assert [counted(code) for code in ("F", "P0", "W00", "P1", "P2", "I")] == [4, 3, 3, 1, 0, 4]
    assert counted("P2", "anti-social-behaviour") == 1
    assert queries.crime_counts(None, ["burglary"], AUGUST).by_month == {date(2021, 8, 1): 3}
    ids = dict(Area.objects.values_list("code", "pk"))
    by_area = queries.crimes_by_area([ids["W00"], ids["W10"], ids["W20"]], None, AUGUST)
    assert by_area == {ids["W00"]: 3, ids["W10"]: 1, ids["W20"]: 0}


def test_rows_that_are_alike_are_different_crimes_and_a_file_twice_is_one_file(tmp_path):
    make_grid()
    rows = [crime("Burglary", at(0.5))] * 4
    first, second = load(tmp_path, *rows), load(tmp_path, *rows)
    assert (first.unchanged, second.unchanged, counted("F")) == (0, 1, 4)
    assert list(CrimePoint.objects.values_list("n", flat=True)) == [4]
    revised = load(tmp_path, *rows, crime("Burglary", at(1.5)))
    assert (revised.replaced, counted("F"), CrimeFile.objects.count()) == (1, 5, 1)
    assert Event.objects.filter(verb="crime.imported").count() == 3


def test_on_a_shared_border_a_crime_lies_in_one_ward_only(tmp_path):
    make_grid()
    load(tmp_path, crime("Burglary", at(1)))
    assert [counted(code) for code in ("W00", "W10", "P0", "P1", "F")] == [1, 0, 1, 0, 1]


def test_the_eight_columns_of_2011_are_on_the_national_grid(tmp_path):
    # Trafalgar Square, by the Ordnance Survey's own converter: 51.508 N, 0.128 W at TQ 300 804
    make_area("F", shapely.box(-0.130, 51.506, -0.126, 51.510), "force")
    head = "Month,Reported by,Falls within,Easting,Northing,Location,Crime type,Context"
    rows = [f"2011-02,{OURS},{OURS},530000.0,180400.0,On or near a square,Violent crime,"]
    rows.append(f"2011-02,{OURS},{OURS},0,0,No Location,Robbery,")
    actions.import_crime([write(tmp_path, *rows, head=head)], by=COMMAND_LINE)
    (file,) = queries.files()
    assert (file.rows, file.counted, file.without_place, file.types) == (2, 1, 1, "2010-12")
    assert counted("F", "violent-crime", period=Period.month(2011, 2)) == 1


def test_outcomes_and_searches_are_counted_apart(tmp_path):
    make_grid()
    x, y = at(0.5)
    outcomes = write(
        tmp_path, f"a1,2021-08,{OURS},{OURS},{x},{y},On or near High Street,,,Suspect charged", name="o.csv",
        head="Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Outcome type",
    )  # fmt: skip
    searches = write(
        tmp_path, f"Person search,2021-08-14T21:05:00+00:00,,,{y},{x},Male,18-24,,,Misuse of Drugs Act 1971,,,,",
        head="Type,Date,Part of a policing operation,Policing operation,Latitude,Longitude,Gender,Age range,"
        "Self-defined ethnicity,Officer-defined ethnicity,Legislation,Object of search,Outcome,"
        "Outcome linked to object of search,Removal of more than just outer clothing",
        name="2021-08-west-testshire-stop-and-search.csv",
    )  # fmt: skip
    actions.import_crime([outcomes, searches], by=COMMAND_LINE)
    assert [(file.dataset, file.reported_by, file.counted) for file in queries.files()] == [
        ("outcomes", OURS, 1),
        ("stop-and-search", "West testshire", 1),
    ]
    for dataset, kind in (("outcomes", "suspect-charged"), ("stop-and-search", "person-search")):
        assert queries.crime_counts(None, [kind], AUGUST, dataset=dataset).total == 1
    # Nothing of the person is kept: no age, no sex, no ethnicity, no crime's number
    assert {field.name for field in CrimePoint._meta.fields} == {"id", "file", "kind", "longitude", "latitude", "n"}


def test_when_borders_move_the_hourly_job_counts_by_the_new_ones(tmp_path):
    make_grid()
    load(tmp_path, crime("Burglary", at(1.5)))
    assert counted("P0") == 0
    moved = area_from(square(0, 0, 2, 2), kind="policing-area", code="P0", name="P0")
    with transaction.atomic():  # a transaction number of its own, by which a change of areas is known
        Area.objects.filter(code="P0").update(boundary=moved.boundary)
    rollups.refresh(rollups.rollups["crime.counts"])
    assert (counted("P0"), counted("F")) == (1, 1)
    before = list(CrimeCount.objects.values_list("pk", flat=True))
    rollups.refresh(rollups.rollups["crime.counts"])
    assert list(CrimeCount.objects.values_list("pk", flat=True)) == before


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (crime("Piracy", at(0)), "Crime type: 'Piracy' is no type of crime that data.police.uk has had."),
        (crime("Burglary", month="2021-13"), "Month: '2021-13' does not begin with a year and a month, like 2021-08."),
        (crime("Burglary", ("east", "52")), "Longitude, Latitude: 'east' and '52' are not two numbers."),
        (crime("Burglary", ("408", "284")), "Longitude, Latitude: 408 and 284 are no place in the country."),
        (crime("Burglary", at(0), by=""), "Reported by: it is empty."),
        (crime("", at(0)), "Crime type: it is empty."),
        (crime("Burglary", ("nan", "nan")), "Longitude, Latitude: nan and nan are no place in the country."),
    ],
)  # fmt: skip
def test_a_bad_row_is_named_and_nothing_is_counted(tmp_path, row, sentence):
    make_grid()
    with pytest.raises(FileRefused) as caught:
        load(tmp_path, crime("Burglary", at(0.5)), row)
    name = "2021-08-testshire-street.csv"
    assert str(caught.value).splitlines() == [f"{name}, line 3: {sentence}", "1 bad row: nothing was imported."]
    assert not CrimeFile.objects.exists()
    assert load(tmp_path, crime("Burglary", at(0.5)), row, skip_bad=tmp_path / "bad.csv").bad == 1


@pytest.mark.parametrize(
    ("head", "rows", "sentence"),
    [
        ("a,b", ["1,2"], "this is no file of data.police.uk"),
        (HEAD, [], "has no rows below its head"),
        (HEAD, ["1,2"], "line 2: 2 fields, and the head has 12"),
        ("Month,Reported by,Crime type", ["2021-08,X,Drugs"], "there are no columns Longitude and Latitude"),
        ("Type,Date,Legislation,Latitude,Longitude", ["a,2021-08,b,1,2"], "does not say whose searches these are"),
    ],
)
def test_a_file_that_is_none_of_these_is_refused(tmp_path, head, rows, sentence):
    with pytest.raises(FileRefused, match=sentence):
        actions.import_crime([write(tmp_path, *rows, head=head, name="x.csv")], by=COMMAND_LINE)


# Months, types and weights --------------------------------------------------------------------------------------------


def test_a_period_with_a_month_missing_or_of_other_types_has_no_total(tmp_path):
    make_grid()
    load(tmp_path, crime("Burglary", at(0.5)), crime("Robbery", at(0.5)))
    both = Period(AUGUST.start, SEPTEMBER.end)
    found = queries.crime_counts(None, ["burglary"], both)
    assert (found.total, found.counted, found.says) == (None, 1, "No file of crime is loaded for September 2021.")
    # A neighbour's file says nothing about what the force itself recorded
    load(tmp_path, crime("Burglary", at(0.5), month="2021-09", by="Transport Police"))
    assert queries.crime_counts(None, ["burglary"], both).missing == (SEPTEMBER.start,)
    assert queries.crimes_by_area([1], ["burglary"], both) == {}
    load(tmp_path, crime("Burglary", at(0.5), month="2012-08"))
    early = queries.neighbourhood_crime(None, Period.month(2012, 8))
    assert (early.total, early.counted) == (None, 1)
    assert early.says == "Crime was published by other types in August 2012."
    assert queries.neighbourhood_crime(None, AUGUST).total == 2


def test_the_lists_of_types_are_those_that_were_published():
    assert [(one.version, len(one.types)) for one in types.LISTS] == [("2010-12", 6), ("2011-09", 11), ("2013-05", 14)]
    assert types.of_month(date(2013, 4, 1)).version == "2011-09"
    assert types.of_month(date(2026, 1, 1)).version == "2013-05"
    assert types.of_types({"theft-from-the-person"}, date(2013, 4, 1)).version == "2013-05"
    assert set(types.NEIGHBOURHOOD) <= set(types.LISTS[-1].types)


def test_severity_has_a_version_and_says_what_it_could_not_weigh(tmp_path):
    make_grid()
    load(tmp_path, *[crime("Burglary", at(0.5))] * 3, crime("Robbery", at(0.5)), crime("Anti-social behaviour", at(0)))
    with pytest.raises(NoWeights):
        queries.crime_severity(None, AUGUST)
    weights = write(tmp_path, "Burglary,438", head="crime_type,weight", name="weights.csv")
    assert actions.import_severity(weights, version="2020", by=COMMAND_LINE) == 1
    part = queries.crime_severity(None, AUGUST)
    assert (part.score, part.weighed, part.unweighed) == (None, 1314, {"robbery": 1})
    write(tmp_path, "Burglary,438", "robbery,746", head="crime_type,weight", name="weights.csv")
    actions.import_severity(weights, version="2024", by=COMMAND_LINE)
    whole = queries.crime_severity(None, AUGUST)
    assert (whole.version, whole.score, whole.per_crime) == ("2024", 2060, 515)
    assert queries.crime_severity(None, AUGUST, "2020").unweighed == {"robbery": 1}
    assert queries.severity_versions() == ["2024", "2020"]
    assert queries.crime_severity(None, SEPTEMBER).score is None


def test_bad_weights_are_named(tmp_path):
    weights = write(tmp_path, "Burglary,-1", "Piracy,2", "Robbery,nan", head="crime_type,weight", name="w.csv")
    with pytest.raises(FileRefused) as caught:
        actions.import_severity(weights, version="x", by=COMMAND_LINE)
    assert [line.partition(": ")[2] for line in str(caught.value).splitlines()[:3]] == [
        "weight: '-1' is not a number of 0 or more.",
        "crime_type: 'piracy' is no type of crime that data.police.uk has had.",
        "weight: 'nan' is not a number of 0 or more.",
    ]


# Impact areas ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("crime", "ground", "times"), [(0.25, 0.07, "3.57"), (0.30, 0.07, "4.29"), (0.33, 0.07, "4.71")]
)
def test_C21_p35_a_quarter_of_crime_in_seven_hundredths_of_the_force(crime, ground, times):
    assert f"{queries.concentration(crime, ground):.2f}" == times
    with pytest.raises(NoGround):
        queries.concentration(crime, 0)


def test_impact_areas_hold_more_crime_than_ground(tmp_path):
    make_grid(columns=10, rows=1)
    ids = [make_area("I1", square(0, 0), "impact-area").pk, make_area("I2", square(1, 0), "impact-area").pk]
    load(tmp_path, *[crime("Burglary", at(0.5))] * 3, *[crime("Burglary", at(1.5))] * 2, *[crime("Drugs", at(5.5))] * 5)
    found = queries.impact(ids, None, AUGUST)
    assert (found.crimes, found.of_crimes) == (5, 10)
    assert found.share_of_ground == pytest.approx(0.2, rel=1e-6)
    assert found.times == pytest.approx(2.5, rel=1e-6)
    # Over one another: ground and crime count once
    ids.append(make_area("I3", square(0, 0, 2), "impact-area").pk)
    again = queries.impact(ids, None, AUGUST)
    assert (again.crimes, again.km2) == (5, pytest.approx(found.km2))
    assert queries.impact(ids, None, SEPTEMBER) is None
    assert queries.impact([], None, AUGUST) is None


def test_square_kilometres_are_those_of_the_ground():
    # A degree square at the equator: 12,308.78 km2 on WGS84 (C. F. F. Karney, GeographicLib, Planimeter)
    assert queries.square_kilometres(shapely.box(0, 0, 1, 1)) == pytest.approx(12_308.78, abs=0.01)


def test_the_commands_say_what_they_did(tmp_path, capsys):
    make_grid()
    path = write(tmp_path, crime("Burglary", at(0.5)), crime("Burglary"), crime("Drugs", at(40)))
    call_command("import_crime", str(path))
    assert capsys.readouterr().out.splitlines() == [
        "2021-08, Testshire Police: 3 rows, 1 in the force’s area, 1 outside, 1 without a place.",
        "1 new month.",
    ]
    call_command("import_crime", str(path))
    assert capsys.readouterr().out.splitlines()[1] == "no new months, 1 unchanged."
    weights = write(tmp_path, "Burglary,438", head="crime_type,weight", name="weights.csv")
    call_command("import_severity", str(weights), weights="2024")
    assert capsys.readouterr().out == "1 type of crime weighed by 2024.\n"
