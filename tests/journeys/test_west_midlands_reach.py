"""Whom a force would reach, on real geography: the representation of Birmingham, and of a shape drawn over the border
to Sandwell, beside the same worked out from the files alone by pandas, shapely and SciPy.

The data are open data and are not part of this repository (PEELIAN_TEST_DATA names their folder); the members are
invented, at real postcodes.
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely
from scipy import stats

from peelian.audit.actions import COMMAND_LINE
from peelian.config.demo.writing import copy
from peelian.contacts.models import Address
from peelian.core import clock
from peelian.insight import rollups
from peelian.insight.reach.representation import Representation, representation
from peelian.insight.reach.rollups import SIGN_UPS, STAGES
from peelian.members import audience
from peelian.members.models import EqualityAnswers, Member
from peelian.places import actions, queries
from peelian.places.cells import cells_of
from peelian.places.models import Area
from tests.journeys.real_data import (
    BIRMINGHAM,
    DATA,
    DRAWN,
    ETHNIC_5,
    POSTCODES,
    needed,
    put_areas,
    shapes,
    share_inside,
    table,
)  # fmt: skip

MEMBERS = 50_000
STORED = {"asian": "asian-indian", "black": "black-caribbean", "mixed": "mixed-other", "white": "white-british",
          "other": "arab", "": ""}  # fmt: skip

pytestmark = [pytest.mark.django_db, needed]


def ground() -> None:
    """Postcodes come last: each table after them would have them divided anew."""
    put_areas("force", "force", "2025")
    put_areas("lads", "policing-area", "2025")
    put_areas("lsoa21", "small-area", "2021")
    actions.settle_tree()
    actions.area_from(DRAWN, kind="drawn", code="drawn", name="Over the border").save()
    census = DATA / "census" / "ethnicity5_lsoa21_census2021.csv"
    actions.import_census(
        census, topic="ethnic-group-5", by=COMMAND_LINE, vintage="2021", source="Census 2021", code_field="lsoa21_code"
    )
    actions.import_postcodes(POSTCODES, by=COMMAND_LINE, skip_bad=Path(os.devnull))


def members() -> pd.DataFrame:
    """Invented: at a real postcode or near it, of a group that is not that of the neighbourhood; a quarter silent."""
    rng = np.random.default_rng(2021)
    postcodes = pd.read_csv(POSTCODES)
    postcodes = postcodes[(postcodes.in_force_area == 1) & postcodes.latitude.notna()]
    chosen = postcodes.sample(MEMBERS, replace=True, random_state=7)[["longitude", "latitude"]].to_numpy()
    at = np.rint((chosen + rng.normal(0, 0.0006, chosen.shape)) * 1e7).astype(np.int64)
    group = rng.choice(list(STORED), MEMBERS, p=[0.12, 0.06, 0.03, 0.51, 0.03, 0.25])
    return pd.DataFrame({"x": at[:, 0], "y": at[:, 1], "group": group})


def write(people: pd.DataFrame) -> None:
    x, y = people.x.to_numpy(), people.y.to_numpy()
    areas, cells = queries.lowest_areas(x, y).tolist(), cells_of(x, y).tolist()
    first, now, today = 10_000_000, clock.now().isoformat(), clock.today().isoformat()
    ids = range(first, first + len(people))
    copy(
        Address, ("id", "kind", "value", "suppression"), ((n, 1, f"resident{n}@westmidlands.example", "") for n in ids)
    )
    same = ("", "", "", "", "en", -1, 0, 1, False, False, "web", today, now)
    copy(
        Member,
        ("id", "email_id", "longitude", "latitude", "cell", "area_id", "first_name", "last_name", "street_address",
         "postcode", "language", "interests", "channels", "organisations", "promotion", "young", "source", "joined_on",
         "confirmed_at"),
        (
            (n, n, lon, lat, cell, area or None, *same)
            for n, lon, lat, cell, area in zip(ids, x.tolist(), y.tolist(), cells, areas, strict=True)
        ),
    )  # fmt: skip
    copy(
        EqualityAnswers,
        ("member_id", "sex", "ethnic_group", "disability", "origin_code"),
        ((n, "", STORED[group], "", "") for n, group in zip(ids, people.group, strict=True) if group),
    )
    audience.refresh()


def inside(shape: shapely.Geometry, people: pd.DataFrame) -> pd.DataFrame:
    shapely.prepare(shape)
    return people[shapely.intersects_xy(shape, people.x.to_numpy() / 1e7, people.y.to_numpy() / 1e7)]


def by_pandas(residents: pd.Series, there: pd.DataFrame) -> pd.DataFrame:
    """The whole table again: shares, gaps, rates, ratios, tests taken together, and their intervals."""
    table = pd.DataFrame({"people": residents, "members": there.group.value_counts()}).loc[list(ETHNIC_5)]
    base = table.members.sum()
    table["target"], table["actual"] = table.people / table.people.sum(), table.members / base
    table["gap"], table["ratio"] = table.actual - table.target, table.actual / table.target
    table["rate"] = 1000 * table.members / table.people
    z = table.gap / np.sqrt(table.target * (1 - table.target) / base)
    table["clear"] = stats.false_discovery_control(2 * stats.norm.sf(z.abs()), method="bh") <= 0.05
    level = 1 - max(1, table.clear.sum()) * 0.05 / len(table)
    ends = [
        stats.binomtest(int(n), int(base)).proportion_ci(confidence_level=level, method="wilson") for n in table.members
    ]
    table["low"], table["high"] = [end.low for end in ends] - table.target, [end.high for end in ends] - table.target
    return table


def assert_agrees(shown: Representation, expected: pd.DataFrame, residents_within: float) -> None:
    assert shown.refused == ""
    found = pd.DataFrame(
        {
            row.group.code: {
                "people": row.group.people, "members": row.group.members, "target": row.target,
                "actual": row.actual.value, "gap": row.gap, "ratio": row.ratio, "rate": row.rate, "low": row.low,
                "high": row.high,
            }
            for row in shown.table.rows
        }
    ).T  # fmt: skip
    pd.testing.assert_series_equal(found.members, expected.members.astype(float), check_names=False)
    pd.testing.assert_series_equal(
        found.people, expected.people.astype(float), check_names=False, rtol=residents_within, atol=1
    )
    again = by_pandas(found.people, pd.DataFrame({"group": np.repeat(found.index, found.members.astype(int))}))
    for column in ("target", "actual", "gap", "ratio", "rate", "low", "high"):
        pd.testing.assert_series_equal(found[column], again[column], check_names=False, rtol=1e-9, atol=1e-12)
    assert [row.clear for row in shown.table.rows] == again.clear.tolist()


def test_birmingham_and_a_drawn_shape_agree_with_pandas() -> None:
    people = members()
    ground()
    write(people)
    for rollup in (SIGN_UPS, STAGES):
        rollups.refresh(rollup)
    census = table("census/ethnicity5_lsoa21_census2021.csv")
    census = census.rename(columns={label: code for code, label in ETHNIC_5.items()})

    city = inside(shapes("lads")[BIRMINGHAM], people)
    shown = representation(Area.objects.get(code=BIRMINGHAM), "ethnic-group-5", "registered")
    residents = census[census.lad_code == BIRMINGHAM][list(ETHNIC_5)].sum()
    assert_agrees(shown, by_pandas(residents, city), residents_within=0.005)  # postcodes on generalised borders
    assert shown.told.not_said == (city.group == "").sum()

    mostly = share_inside(DRAWN)
    lsoas = sorted(mostly[mostly >= 0.5].index)
    assert len(lsoas) > 20
    there = inside(shapely.union_all(shapes("lsoa21")[lsoas].to_numpy()), people)
    shown = representation(Area.objects.get(code="drawn"), "ethnic-group-5", "registered")
    assert_agrees(shown, by_pandas(census.loc[lsoas, list(ETHNIC_5)].sum(), there), residents_within=0)
    assert shown.people.areas == len(lsoas)
