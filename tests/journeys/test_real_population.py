"""The population and the crime of a real force, read by the commands' own actions, against pandas and shapely alone.

One test asks everything, because loading costs most of the time.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from peelian.audit.actions import COMMAND_LINE
from peelian.core.periods import Period
from peelian.insight.crime import actions as crime_actions
from peelian.insight.crime import queries as crime
from peelian.members.categories import ETHNIC_GROUP
from peelian.places import actions, queries
from peelian.places.models import Area
from tests.journeys.real_data import (
    BIRMINGHAM,
    DATA,
    DRAWN,
    ETHNIC_5,
    LADYWOOD,
    POSTCODES,
    homes,
    lies_in,
    needed,
    people_of_postcodes,
    put_areas,
    shapes,
    share_inside,
    table,
)  # fmt: skip

pytestmark = [pytest.mark.django_db, needed]
CENSUS = {
    "sex": "population_sex_lsoa21_census2021.csv",
    "ethnic-group-5": "ethnicity5_lsoa21_census2021.csv",
    "religion": "religion_lsoa21_census2021.csv",
    "disability": "disability_lsoa21_census2021.csv",
    "english": "english_proficiency_lsoa21_census2021.csv",
    "age": "age_5year_msoa21_census2021.csv",
}
NINETEEN = "census/ethnicity19_lad_census2021.csv"
CLASSES = ("City prosperity", "Suburban stability", "Modest traditions")  # invented, as is who has which


def load_everything(tmp_path: Path) -> None:
    """Postcodes come last: each table of people after them would have them divided anew."""
    put_areas("force", "force", "2025")
    put_areas("lads", "policing-area", "2025")
    put_areas("wards", "ward", "2025")
    put_areas("msoa21", "small-area", "2021")
    put_areas("lsoa21", "small-area", "2021")
    given: dict[str, Any] = {"by": COMMAND_LINE, "boundary_vintage": "2021"}
    for topic, name in CENSUS.items():
        code = "msoa21_code" if topic == "age" else "lsoa21_code"
        actions.import_census(DATA / "census" / name, topic=topic, vintage="2021", code_field=code, **given)
    nineteen = tmp_path / "nineteen.csv"
    as_rows(DATA / NINETEEN).to_csv(nineteen, index=False)
    actions.import_census(nineteen, topic="ethnic-group-19", vintage="2021", by=COMMAND_LINE)
    actions.import_postcodes(POSTCODES, by=COMMAND_LINE, skip_bad=tmp_path / "bad.csv")
    actions.import_census(DATA / "deprivation" / "imd2025_lsoa21.csv", topic="deprivation", vintage="2025", **given)
    actions.import_census(DATA / "oac" / "oac2021_lsoa21_dominant.csv", topic="oac", vintage="2021", **given)


def as_rows(path: Path) -> Any:
    """The numbers of a table with percentages between them, as `area_code,category,people`."""
    import pandas as pd

    found = pd.read_csv(path)
    found = found[found.ethnic_group.str.endswith("(number)")]
    return found.rename(columns={"ltla21_code": "area_code", "ethnic_group": "category", "value": "people"})[
        ["area_code", "category", "people"]
    ]


def test_the_population_of_birmingham_and_of_a_drawing_is_what_pandas_finds(tmp_path: Path) -> None:
    load_everything(tmp_path)
    census = table(f"census/{CENSUS['ethnic-group-5']}")
    imd = table("deprivation/imd2025_lsoa21.csv")
    sex = table(f"census/{CENSUS['sex']}")
    city, ward = queries.area(BIRMINGHAM), queries.area(LADYWOOD)

    # The city is made of whole small areas: exact, whatever the borders drawn
    people = queries.population(city.pk, "ethnic-group-5")
    expected = census[census.lad_code == BIRMINGHAM]
    assert {code: people.people(code) for code in ETHNIC_5} == {c: expected[name].sum() for c, name in ETHNIC_5.items()}
    assert (people.estimated, people.covered) == (0, 1)
    assert queries.population(queries.force().pk, "ethnic-group-5").total == 2_919_639

    # A ward takes the share of each small area's postcodes that lie in it
    share = share_inside(shapes("wards")[LADYWOOD]).reindex(census.index).fillna(0)
    found = queries.population(ward.pk, "ethnic-group-5")
    for code, name in ETHNIC_5.items():
        assert found.people(code) == pytest.approx((census[name] * share).sum(), abs=1)
    total = census[list(ETHNIC_5.values())].sum(axis=1)
    split = (share > 0) & (share < 1)
    assert found.estimated == pytest.approx((total * share)[split].sum() / (total * share).sum(), abs=1e-6)

    # A drawing takes the small areas that lie mostly in it, whole
    inside = share_inside(DRAWN).reindex(census.index).fillna(0)
    whole = inside[inside >= 0.5].index
    people = queries.population_of_shape(DRAWN, "ethnic-group-5")
    assert people.areas == len(whole) > 50
    drawn = {code: people.people(code) for code in ETHNIC_5}
    assert drawn == {c: census.loc[whole, n].sum() for c, n in ETHNIC_5.items()}
    deprived = queries.population_of_shape(DRAWN, "deprivation")
    counted = (sex["Female"] + sex["Male"]).loc[whole]
    assert deprived.score == pytest.approx((imd.IMD_score.loc[whole] * counted).sum() / counted.sum(), abs=1e-6)
    assert deprived.people("1") == counted[imd.IMD_decile.loc[whole] == 1].sum()
    oac = table("oac/oac2021_lsoa21_dominant.csv", "geography_code")
    fours = counted[oac.Supergroup.loc[whole] == 4].sum()
    assert queries.population_of_shape(DRAWN, "oac").people("4") == fours

    ages_of_middle_areas_are_what_pandas_finds(city, ward, sex["Female"] + sex["Male"])
    nineteen_groups_stand_for_the_authorities_that_the_table_names(city, ward)
    classes_of_postcodes_are_counted_by_who_lives_there(tmp_path, city, ward, sex["Female"] + sex["Male"])
    crime_is_what_pandas_counts()


def ages_of_middle_areas_are_what_pandas_finds(city: Area, ward: Area, people: Any) -> None:
    """The table stops at MSOAs, which lie around the LSOAs: their people live where the LSOAs' people do."""
    ages = table(f"census/{CENSUS['age']}", "msoa21_code")
    bands = [name for name in ages if name.startswith("age_")]
    found = queries.population(city.pk, "age")
    expected = ages[ages.lad_code == BIRMINGHAM][bands].sum()
    assert [one.code for one in found.categories] == [*(f"{at}-{at + 4}" for at in range(0, 90, 5)), "90+"]
    assert [one.people for one in found.categories] == pytest.approx(expected.tolist(), rel=0.002)
    assert found.total == pytest.approx(expected.sum(), rel=0.002)

    weight = people_of_postcodes(people)
    in_ward = lies_in(shapes("wards")[LADYWOOD])
    here = dict.fromkeys(bands, 0.0)
    for code, shape in shapes("msoa21").items():
        mine = lies_in(shape)
        part = weight[mine & in_ward].sum() / weight[mine].sum()
        for band in bands if part else ():
            here[band] += part * ages.loc[code, band]
    found = queries.population(ward.pk, "age")
    assert [one.people for one in found.categories] == pytest.approx(list(here.values()), abs=1)
    assert 0 < found.estimated <= 1


def nineteen_groups_stand_for_the_authorities_that_the_table_names(city: Area, ward: Area) -> None:
    """The categories are those under which members' own answers are stored; nothing smaller is guessed from them."""
    rows = as_rows(DATA / NINETEEN)
    found = queries.population(city.pk, "ethnic-group-19")
    assert {one.code for one in found.categories} == set(ETHNIC_GROUP)
    here = rows[rows.area_code == BIRMINGHAM]
    assert sorted(one.people for one in found.categories) == sorted(here.people.astype(int))
    said = {"asian-pakistani": "Pakistani", "white-roma": "Roma", "arab": "Arab", "black-other": "Other Black"}
    for code, name in said.items():
        (number,) = here[here.category.str.endswith(f": {name} (number)")].people
        assert found.people(code) == number
    assert (found.estimated, found.covered) == (0, 1)
    assert queries.population(ward.pk, "ethnic-group-19") is None


def classes_of_postcodes_are_counted_by_who_lives_there(tmp_path: Path, city: Area, ward: Area, people: Any) -> None:
    """A vendor's file of postcodes, made here: each stands for its share of its small area's people."""
    import numpy as np

    places = homes()
    chosen = np.random.default_rng(7).integers(0, 3, len(places))
    coded = places.assign(mosaic=np.array(list("ABC"))[chosen], label=np.array(CLASSES)[chosen])
    coded = coded.assign(people=people_of_postcodes(people))
    for topic, column in (("mosaic", "mosaic"), ("acorn", "code")):
        file = tmp_path / f"{topic}.csv"
        coded.rename(columns={"mosaic": column})[["postcode", column, "label"]].to_csv(file, index=False)
        done = actions.import_census(file, topic=topic, vintage="2024", by=COMMAND_LINE)
        assert done.rows == len(coded)
    units = coded.pivot_table(index="lsoa", columns="mosaic", values="people", aggfunc="sum").fillna(0)
    for area, name in ((city, "lads"), (ward, "wards")):
        share = share_inside(shapes(name)[area.code]).reindex(units.index).fillna(0)
        expected = units.mul(share, axis=0).sum()
        for topic in ("mosaic", "acorn"):
            found = queries.population(area.pk, topic)
            # People of a class in a small area are rounded to whole ones
            assert [one.people for one in found.categories] == pytest.approx(expected.tolist(), rel=0.003)
            assert [(one.code, one.label) for one in found.categories] == list(zip("abc", CLASSES, strict=True))
            assert found.estimated == 1


def crime_is_what_pandas_counts() -> None:
    """Both vintages of the files; the second of them are of neighbours, with few crimes in the area."""
    import pandas as pd

    files = sorted((DATA / "police-data").glob("2*-street.csv"))
    assert len(files) == 5
    done = crime_actions.import_crime(files, by=COMMAND_LINE)
    said = {file.reported_by: (file.rows, file.counted, file.outside, file.without_place) for file in done.files}
    assert said == {
        "West Midlands Police": (25_558, 25_541, 17, 0),
        "British Transport Police": (3_663, 112, 3_551, 0),
        "Staffordshire Police": (7_257, 24, 7_186, 47),
        "Warwickshire Police": (4_386, 30, 4_269, 87),
        "West Mercia Police": (10_599, 34, 10_550, 15),
    }
    again = crime_actions.import_crime(files, by=COMMAND_LINE)
    assert (again.unchanged, again.replaced) == (5, 0)
    placed = pd.read_csv(DATA / "police-data" / "DERIVED_2011-02-west-midlands-street_geocoded.csv")
    february = Period.month(2011, 2)
    expected = placed[placed.local_authority == "Birmingham"].groupby("Crime type").size()
    counts = crime.crime_counts(queries.area(BIRMINGHAM).pk, ["burglary", "robbery", "violent-crime"], february)
    assert counts.by_kind == {
        "burglary": expected["Burglary"], "robbery": expected["Robbery"], "violent-crime": expected["Violent crime"],
    }  # fmt: skip
    wards = dict(Area.objects.filter(kind="ward").values_list("pk", "code"))
    by_ward = placed[placed["Crime type"] == "Burglary"].groupby("ward_code").size().to_dict()
    found = crime.crimes_by_area(list(wards), ["burglary"], february)
    # A point may lie within a millimetre of a border, where degrees and the grid round differently
    assert sum(abs(n - by_ward.get(wards[pk], 0)) for pk, n in found.items()) <= 2
