"""Real geography and its tables, read once for the tests that work with them: the West Midlands as open data.

The data are not part of this repository; PEELIAN_TEST_DATA names their folder. Without them these tests are skipped,
but not in CI, which has them.
"""

from __future__ import annotations

import json
import os
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from peelian.places.models import Area
from peelian.places.readers import read_areas

DATA = Path(os.environ["PEELIAN_TEST_DATA"])
POSTCODES = DATA / "postcodes" / "west-midlands-postcodes.csv"
BIRMINGHAM, LADYWOOD = "E08000025", "E05011151"
# Drawn by hand over the border of Birmingham and Sandwell, with a bay in it
DRAWN = shapely.Polygon(
    [(-1.992, 52.482), (-1.99, 52.515), (-1.955, 52.505), (-1.93, 52.52), (-1.915, 52.485), (-1.945, 52.492),
     (-1.95, 52.46), (-1.985, 52.478)]
)  # fmt: skip
ETHNIC_5 = {
    "asian": "Asian, Asian British or Asian Welsh",
    "black": "Black, Black British, Black Welsh, Caribbean or African",
    "mixed": "Mixed or Multiple ethnic groups",
    "white": "White",
    "other": "Other ethnic group",
}

needed = pytest.mark.skipif(
    not DATA.is_dir() and os.environ.get("CI") != "true", reason=f"no real data in PEELIAN_TEST_DATA ({DATA})"
)


def boundary_file(name: str) -> Path:
    """force, lads, wards, msoa21 or lsoa21."""
    return DATA / "boundaries" / f"west-midlands-{name}.geojson"


@cache
def shapes(name: str) -> Any:
    """Code → shape, of a boundary file: a pandas Series."""
    import pandas as pd

    features = json.loads(boundary_file(name).read_text())["features"]
    return pd.Series({one["properties"]["code"]: shapely.geometry.shape(one["geometry"]) for one in features})


@cache
def table(path: str, code: str = "lsoa21_code") -> Any:
    """A table by its areas' codes, from a path below the folder of data."""
    import pandas as pd

    return pd.read_csv(DATA / path).set_index(code)


@cache
def homes() -> Any:
    """The postcodes that have a position, each with the LSOA in whose border it lies (of two that meet there the
    smaller), whatever its file says: columns postcode, longitude, latitude, lsoa."""
    import pandas as pd

    postcodes = pd.read_csv(POSTCODES).dropna(subset=["latitude"]).reset_index(drop=True)
    small = shapes("lsoa21")
    tree = shapely.STRtree(shapely.points(postcodes.longitude, postcodes.latitude))
    holder, at = tree.query(small.to_numpy(), predicate="intersects")
    pairs = pd.DataFrame({"lsoa": small.index[holder], "at": at, "size": shapely.area(small.to_numpy())[holder]})
    pairs = pairs.sort_values("size").drop_duplicates("at").set_index("at").lsoa
    return postcodes[["postcode", "longitude", "latitude"]].join(pairs, how="inner")


def lies_in(shape: Any) -> Any:
    """For each of the homes whether it lies in a shape."""
    shapely.prepare(shape)
    found = homes()
    return shapely.intersects_xy(shape, found.longitude.to_numpy(), found.latitude.to_numpy())


def share_inside(shape: Any) -> Any:
    """LSOA → the share of its postcodes that lie in a shape, by shapely and pandas alone."""
    return homes().assign(inside=lies_in(shape)).groupby("lsoa").inside.mean()


def put_areas(name: str, kind: str, vintage: str) -> None:
    """As an import reads them, but without their covers, which take most of its time and serve audiences alone:
    test_west_midlands makes them from these files."""
    rows = []
    for row in read_areas(boundary_file(name), code_field="code", name_field="name"):
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


def people_of_postcodes(people: Any) -> Any:
    """Of each home its share of the PEOPLE (by LSOA) of its LSOA."""
    found = homes()
    return people.reindex(found.lsoa).to_numpy() / found.groupby("lsoa").postcode.transform("size").to_numpy()


def as_drawn() -> dict[str, Any]:
    """The drawing as GeoJSON."""
    return {"type": "Polygon", "coordinates": [np.asarray(DRAWN.exterior.coords).tolist()]}
