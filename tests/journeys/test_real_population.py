"""The population and the crime of a real force, read by the commands' own actions, against pandas and shapely alone.

The data are open data and are not part of this repository (PEELIAN_TEST_DATA names their folder). One test asks
everything, because loading costs most of the time.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from peelian.audit.actions import COMMAND_LINE
from peelian.core.periods import Period
from peelian.insight.crime import actions as crime_actions
from peelian.insight.crime import queries as crime
from peelian.places import actions, queries
from peelian.places.models import Area
from peelian.places.readers import read_areas
from tests.journeys.test_west_midlands import DATA, DRAWN

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(
        not DATA.is_dir() and os.environ.get("CI") != "true", reason=f"no real data in PEELIAN_TEST_DATA ({DATA})"
    ),
]
BIRMINGHAM, LADYWOOD = "E08000025", "E05011151"
CENSUS = {
    "sex": "population_sex_lsoa21_census2021.csv",
    "ethnic-group-5": "ethnicity5_lsoa21_census2021.csv",
    "religion": "religion_lsoa21_census2021.csv",
    "disability": "disability_lsoa21_census2021.csv",
    "english": "english_proficiency_lsoa21_census2021.csv",
}
GROUPS = {
    "asian": "Asian, Asian British or Asian Welsh",
    "black": "Black, Black British, Black Welsh, Caribbean or African",
    "mixed": "Mixed or Multiple ethnic groups",
    "other": "Other ethnic group",
    "white": "White",
}


def boundaries(name: str) -> list[tuple[dict[str, Any], Any]]:
    features = json.loads((DATA / "boundaries" / name).read_text())["features"]
    return [(one["properties"], shapely.geometry.shape(one["geometry"])) for one in features]


def put_areas(name: str, kind: str, vintage: str) -> None:
    """As an import reads them, but without their covers: those find members, take most of the time, and are made from
    these files by test_west_midlands."""
    rows = []
    for row in read_areas(DATA / "boundaries" / name, code_field="code", name_field="name"):
        west, south, east, north = (round(part * 1e7) for part in row.geometry.bounds)
        middle = row.geometry.representative_point()
        rows.append(
            Area(
                kind=kind, code=row.code, name=row.name, vintage=vintage, boundary=shapely.to_wkb(row.geometry),
                outline={}, longitude=middle.x, latitude=middle.y, west=west, south=south, east=east, north=north,
                cover=b"",
            )
        )  # fmt: skip
    Area.objects.bulk_create(rows)


def load_everything(tmp_path: Path) -> None:
    for name, kind in (("force", "force"), ("lads", "policing-area"), ("wards", "ward"), ("lsoa21", "small-area")):
        put_areas(f"west-midlands-{name}.geojson", kind, "2021" if kind == "small-area" else "2025")
    postcodes = DATA / "postcodes" / "west-midlands-postcodes.csv"
    actions.import_postcodes(postcodes, by=COMMAND_LINE, skip_bad=tmp_path / "bad.csv")
    given = {"by": COMMAND_LINE, "boundary_vintage": "2021"}
    for topic, name in CENSUS.items():
        actions.import_census(DATA / "census" / name, topic=topic, vintage="2021", **given)
    actions.import_census(DATA / "deprivation" / "imd2025_lsoa21.csv", topic="deprivation", vintage="2025", **given)
    actions.import_census(DATA / "oac" / "oac2021_lsoa21_dominant.csv", topic="oac", vintage="2021", **given)


def shares_by_postcode(frame: Any, shape: Any, small: list[tuple[dict[str, Any], Any]]) -> Any:
    """LSOA → the share of its postcodes that lie in a shape, by shapely and pandas alone. The postcode's LSOA is where
    it lies among the boundaries, not what its file says."""
    import pandas as pd

    points = shapely.points(frame.longitude, frame.latitude)
    holder, at = shapely.STRtree(points).query([geometry for _, geometry in small], predicate="intersects")
    codes = np.array([properties["code"] for properties, _ in small])
    held = pd.DataFrame({"lsoa": codes[holder], "point": at, "size": shapely.area([small[i][1] for i in holder])})
    held = held.sort_values("size").drop_duplicates("point")
    held["inside"] = shapely.intersects_xy(shape, frame.longitude.values[held.point], frame.latitude.values[held.point])
    return held.groupby("lsoa").inside.mean()


def test_the_population_of_birmingham_and_of_a_drawing_is_what_pandas_finds(tmp_path: Path) -> None:
    import pandas as pd

    load_everything(tmp_path)
    census = pd.read_csv(DATA / "census" / CENSUS["ethnic-group-5"]).set_index("lsoa21_code")
    imd = pd.read_csv(DATA / "deprivation" / "imd2025_lsoa21.csv").set_index("lsoa21_code")
    sex = pd.read_csv(DATA / "census" / CENSUS["sex"]).set_index("lsoa21_code")
    postcodes = pd.read_csv(DATA / "postcodes" / "west-midlands-postcodes.csv").dropna(subset=["latitude"])
    small = boundaries("west-midlands-lsoa21.geojson")
    city, ward = queries.area(BIRMINGHAM), queries.area(LADYWOOD)

    # The city is made of whole small areas: exact, whatever the borders drawn
    people = queries.population(city.pk, "ethnic-group-5")
    expected = census[census.lad_code == BIRMINGHAM]
    assert {code: people.people(code) for code in GROUPS} == {c: expected[name].sum() for c, name in GROUPS.items()}
    assert (people.estimated, people.covered) == (0, 1)
    assert queries.population(queries.force().pk, "ethnic-group-5").total == 2_919_639

    # A ward takes the share of each small area's postcodes that lie in it
    shape = next(geometry for properties, geometry in boundaries("west-midlands-wards.geojson")
                 if properties["code"] == LADYWOOD)  # fmt: skip
    share = shares_by_postcode(postcodes, shape, small).reindex(census.index).fillna(0)
    found = queries.population(ward.pk, "ethnic-group-5")
    for code, name in GROUPS.items():
        assert found.people(code) == pytest.approx((census[name] * share).sum(), abs=1)
    total = census[list(GROUPS.values())].sum(axis=1)
    split = (share > 0) & (share < 1)
    assert found.estimated == pytest.approx((total * share)[split].sum() / (total * share).sum(), abs=1e-6)

    # A drawing takes the small areas that lie mostly in it, whole
    drawn = shapely.Polygon(DRAWN)
    inside = shares_by_postcode(postcodes, drawn, small).reindex(census.index).fillna(0)
    whole = inside[inside >= 0.5].index
    people = queries.population_of_shape(drawn, "ethnic-group-5")
    assert people.areas == len(whole) > 50
    assert {code: people.people(code) for code in GROUPS} == {c: census.loc[whole, n].sum() for c, n in GROUPS.items()}
    deprived = queries.population_of_shape(drawn, "deprivation")
    counted = (sex["Female"] + sex["Male"]).loc[whole]
    assert deprived.score == pytest.approx((imd.IMD_score.loc[whole] * counted).sum() / counted.sum(), abs=1e-6)
    assert deprived.people("1") == counted[imd.IMD_decile.loc[whole] == 1].sum()
    oac = pd.read_csv(DATA / "oac" / "oac2021_lsoa21_dominant.csv").set_index("geography_code")
    fours = counted[oac.Supergroup.loc[whole] == 4].sum()
    assert queries.population_of_shape(drawn, "oac").people("4") == fours

    crime_is_what_pandas_counts()


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
