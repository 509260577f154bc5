"""`peelian bench crime`: a month of police open data, imported as a whole process, again, and asked for by area."""

from __future__ import annotations

import csv
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from django.db import connection

from peelian.config.bench.report import Result, half_and_most
from peelian.config.bench.scratch import SEED, Scratch, environment
from peelian.config.demo import residents
from peelian.core.periods import Period
from peelian.insight.crime import queries as crime_queries
from peelian.insight.crime import types
from peelian.places.models import Area

CRIMES, POINTS, MONTH = 35_000, 9_000, Period.month(2025, 6)
ASKED = 200


def run(scratch: Scratch) -> Result:
    """By wards and small areas; the month's file is like one of a force of three million people."""
    result = Result(f"crime: a month of {CRIMES:,} rows", ("what", "of", "measured", "unit", "at most"))
    small = _small_areas(scratch)
    areas = f"{Area.objects.filter(valid_to=None).count():,} areas"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{MONTH.name}-bench-street.csv"
        _write_month(path, scratch)
        first, second = _import(path), _import(path)
    counted = crime_queries.crime_counts(None, None, MONTH)
    assert not counted.says, counted.says
    assert counted.counted > 0.8 * CRIMES, "the month was not counted"
    connection.ensure_connection()
    seconds = []
    for area in (small * ASKED)[:ASKED]:
        began = time.perf_counter()
        crime_queries.crime_counts(area, types.NEIGHBOURHOOD, MONTH)
        seconds.append(time.perf_counter() - began)
    half, most = half_and_most(seconds)
    rows = f"{CRIMES:,} rows, {areas}"
    Area.objects.filter(pk__in=small).delete()
    result.rows = [
        ("import a month, start of Python included", rows, round(first, 2), "s", "3 s"),
        ("import it again", rows, round(second, 2), "s", ""),
        ("crime of an area, p50", f"{ASKED} questions", half, "ms", ""),
        ("crime of an area, p95", f"{ASKED} questions", most, "ms", "300 ms"),
    ]
    return result


def _small_areas(scratch: Scratch) -> list[int]:
    """Four to a ward, without their covers, which nobody here asks for."""
    _ = scratch.places
    rng = np.random.default_rng(SEED)
    rows = []
    for one in (part for ward in scratch.ground.wards for part in residents.parts_of(rng, ward)):
        middle = one.shape.representative_point()
        west, south, east, north = np.rint(np.array(one.shape.bounds) * 1e7).astype(int).tolist()
        rows.append(
            Area(
                kind=Area.Kind.SMALL_AREA, code=one.code, name=one.name, boundary=shapely.to_wkb(one.shape),
                outline={}, longitude=middle.x, latitude=middle.y, west=west, south=south, east=east, north=north,
                cover=b"",
            )
        )  # fmt: skip
    return [area.pk for area in Area.objects.bulk_create(rows)]


def _write_month(path: Path, scratch: Scratch) -> None:
    """As data.police.uk publishes a month: many rows to a point, one in fifty without a place."""
    rng = np.random.default_rng(SEED)
    spots = [(lon / 1e7, lat / 1e7) for ward in scratch.ground.wards for _, lon, lat in ward.postcodes]
    chosen = rng.choice(len(spots), POINTS, replace=False) if len(spots) > POINTS else np.arange(len(spots))
    at = rng.choice(chosen, CRIMES, p=(weight := rng.gamma(0.6, 1, len(chosen))) / weight.sum()).tolist()
    labels = list(types.LISTS[-1].types.values())
    kinds, nowhere = rng.integers(0, len(labels), CRIMES).tolist(), (rng.random(CRIMES) < 0.02).tolist()
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["Crime ID", "Month", "Reported by", "Falls within", "Longitude", "Latitude", "Location",
                         "LSOA code", "LSOA name", "Crime type", "Last outcome category", "Context"])  # fmt: skip
        for number in range(CRIMES):
            place = ("", "") if nowhere[number] else tuple(f"{part:.6f}" for part in spots[at[number]])
            row: list[Any] = [
                f"{number:064x}",
                MONTH.name,
                "Bench Police",
                "Bench Police",
                *place,
                "On or near High Street",
            ]
            writer.writerow([*row, "", "", labels[kinds[number]], "Under investigation", ""])


def _import(path: Path) -> float:
    began = time.monotonic()
    command = [sys.executable, "-m", "peelian.config.cli", "import", "crime", str(path)]
    done = subprocess.run(command, env=environment(), capture_output=True, text=True)
    if done.returncode:
        raise AssertionError(f"the import failed: {done.stderr.strip() or done.stdout.strip()}")
    return time.monotonic() - began
