"""Writes of areas and postcodes: imports, and what follows from them."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from django.db import connection, transaction

from peelian.audit.actions import Actor, record
from peelian.core import clock
from peelian.places import covers, hooks, queries
from peelian.places.bad_rows import BadRow as BadRow
from peelian.places.bad_rows import refuse_or_set_aside as refuse_or_set_aside
from peelian.places.cells import cover
from peelian.places.census import import_census as import_census
from peelian.places.census import people_moved as people_moved
from peelian.places.errors import FileRefused
from peelian.places.geometry import simplify_for_map, to_units
from peelian.places.models import Area
from peelian.places.readers import AreaRow, read_areas

MAP_TOLERANCE_M = 12
SAME_AREA = 1e-6  # areas below make up an area when what differs is less than this share of it


@dataclass
class Imported:
    """What an import did, for the person who ran it."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    ended: int = 0
    bad: int = 0
    repaired: list[str] = field(default_factory=list)


@transaction.atomic
def import_areas(
    path: Path,
    *,
    kind: str,
    by: Actor,
    code_field: str | None = None,
    name_field: str | None = None,
    parent_field: str | None = None,
    skip_bad: Path | None = None,
    replace: bool = False,
    vintage: str = "",
) -> Imported:
    """Read areas of one kind from a file and keep them by code; all or nothing, unless SKIP_BAD names a file for the
    features that cannot be used, each with its reason. With REPLACE the file holds all there are of the kind: areas
    that it lacks end today. VINTAGE is that of the boundaries, as their owner calls it.

    Members' areas follow in the same transaction. Raises places.readers.FileProblem or NoSuchArea with a sentence.
    """
    bad: list[tuple[int, str]] | None = None if skip_bad is None else []
    rows = read_areas(path, code_field=code_field, name_field=name_field, parent_field=parent_field, bad=bad)
    refuse_or_set_aside(path, [BadRow(number, reason, []) for number, reason in bad or []], skip_bad)
    done = Imported(bad=len(bad or []))
    for row in rows:
        _keep(row, kind, vintage, done)
    if replace:
        gone = Area.objects.filter(kind=kind, valid_to=None).exclude(code__in=[row.code for row in rows])
        done.ended = gone.update(valid_to=clock.today())
    settle_tree()
    people_moved()
    for hook in hooks.areas_changed.values():
        hook()
    record(
        "areas.imported",
        "areas",
        kind,
        by=by,
        new=done.new,
        changed=done.changed,
        ended=done.ended,
        repaired=len(done.repaired),
    )
    return done


def _keep(row: AreaRow, kind: str, vintage: str, done: Imported) -> None:
    """Insert the area, or bring it up to date when its boundary, name or parent is another."""
    parent = queries.area(row.parent_code) if row.parent_code else None
    if row.repaired:
        done.repaired.append(f"{row.name} ({row.code}): {row.repaired}")
    old = Area.objects.filter(code=row.code, valid_to=None).first()
    if old is not None and old.kind != kind:
        raise FileRefused(f"{row.code} is a {old.get_kind_display().lower()} already; it cannot also be a {kind}.")
    new = area_from(row.geometry, kind=kind, code=row.code, name=row.name)
    new.parent, new.parent_given = parent, parent is not None
    new.vintage = vintage or (old.vintage if old else "")
    if old is None:
        new.valid_from = clock.today()
        new.save()
        done.new += 1
    elif (bytes(old.boundary), old.name, old.parent_given, old.vintage) == (
        new.boundary,
        new.name,
        new.parent_given,
        new.vintage,
    ) and (not new.parent_given or old.parent_id == new.parent_id):
        done.unchanged += 1
    else:
        new.pk, new.valid_from, new.boundary_changed_at = old.pk, old.valid_from, old.boundary_changed_at
        if bytes(old.boundary) != new.boundary:
            new.boundary_changed_at = clock.now()
        new.save(force_update=True)
        done.changed += 1


def area_from(geometry: queries.Shape, *, kind: str, code: str, name: str) -> Area:
    """An unsaved area with everything that follows from its shape (snapped, in degrees)."""
    label = geometry.representative_point()
    west, south = to_units(*geometry.bounds[:2])
    east, north = to_units(*geometry.bounds[2:])
    return Area(
        kind=kind,
        code=code,
        name=name,
        boundary=shapely.to_wkb(shapely.normalize(geometry)),
        outline=simplify_for_map(geometry, MAP_TOLERANCE_M),
        longitude=label.x,
        latitude=label.y,
        west=west,
        south=south,
        east=east,
        north=north,
        cover=covers.pack(cover(geometry)),
    )


def settle_tree() -> None:
    """Find the parents that no file named, by where an area lies, and which areas membership can answer for.

    An area's parent is the smallest area of a larger administrative kind that holds a point inside it.
    """
    areas = list(Area.objects.filter(valid_to=None, kind__in=Area.ADMINISTRATIVE).defer("cover"))
    rank = {kind: number for number, kind in enumerate(Area.ADMINISTRATIVE)}
    shapes = {area.pk: shapely.from_wkb(bytes(area.boundary)) for area in areas}
    for area in areas:
        if not area.parent_given or area.parent_id not in shapes:
            above = [
                other
                for other in areas
                if rank[Area.Kind(other.kind)] < rank[Area.Kind(area.kind)]
                and shapely.intersects_xy(shapes[other.pk], area.longitude, area.latitude)
            ]
            area.parent = max(above, key=lambda other: rank[Area.Kind(other.kind)], default=None)
    for area in areas:
        below = [shapes[other.pk] for other in areas if other.parent_id == area.pk]
        area.by_membership = not below or _same(shapely.union_all(below), shapes[area.pk])
    Area.objects.bulk_update(areas, ["parent", "by_membership"])


def _same(one: Any, other: Any) -> bool:
    return bool(one.symmetric_difference(other).area <= SAME_AREA * other.area)


@transaction.atomic
def import_postcodes(path: Path, *, by: Actor, skip_bad: Path | None = None) -> Imported:
    """Read `postcode,latitude,longitude[,…]`; a row without a position is a bad row.

    All or nothing, unless SKIP_BAD names a file for the bad rows, each with its line and reason.
    """
    done = Imported()
    bad: list[BadRow] = []
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.new_postcode")
        cursor.execute("CREATE TEMP TABLE new_postcode (code varchar(7), longitude int, latitude int) ON COMMIT DROP")
        with cursor.copy("COPY new_postcode FROM STDIN") as copy:
            read = sum(1 for row in _postcode_rows(path, bad) if copy.write_row(row) is None)
        refuse_or_set_aside(path, bad, skip_bad)
        cursor.execute(
            "WITH kept AS (INSERT INTO places_postcode AS p (code, longitude, latitude)"
            " SELECT DISTINCT ON (code) code, longitude, latitude FROM new_postcode"
            " ON CONFLICT (code) DO UPDATE SET longitude = excluded.longitude, latitude = excluded.latitude"
            " WHERE (p.longitude, p.latitude) <> (excluded.longitude, excluded.latitude)"
            " RETURNING xmax = 0 AS new) SELECT count(*) FILTER (WHERE new), count(*) FILTER (WHERE NOT new) FROM kept"
        )
        done.new, done.changed = cursor.fetchone()
    done.unchanged, done.bad = read - done.new - done.changed, len(bad)
    if done.new or done.changed:
        people_moved()
    record("postcodes.imported", "postcodes", path.name[:60], by=by, new=done.new, changed=done.changed, bad=done.bad)
    return done


def _postcode_rows(path: Path, bad: list[BadRow]) -> Iterator[tuple[str, int, int]]:
    """(code, longitude, latitude) of each good line, positions in units of 1e-7 degree; the bad ones go to BAD."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            missing = {"postcode", "latitude", "longitude"} - set(reader.fieldnames or [])
            if missing:
                raise FileRefused(f"{path.name}, line 1: there is no column named {', '.join(sorted(missing))}.")
            for row in reader:
                try:
                    yield _postcode_row(row)
                except ValueError as problem:
                    bad.append(
                        BadRow(
                            reader.line_num,
                            str(problem),
                            [row[name] or "" for name in reader.fieldnames or []],
                        )
                    )
    except UnicodeDecodeError as problem:
        raise FileRefused(f"{path.name} is not UTF-8 text. Save it as CSV UTF-8.") from problem
    except (OSError, csv.Error) as problem:
        raise FileRefused(f"{path.name} cannot be read: {problem}.") from problem


def _postcode_row(row: dict[str, str]) -> tuple[str, int, int]:
    code = queries.postcode_code(row["postcode"] or "")
    if not 5 <= len(code) <= 7 or not code.isalnum():
        raise ValueError(f"postcode {row['postcode']!r} is not a postcode.")
    if not (row["latitude"] or "").strip() or not (row["longitude"] or "").strip():
        raise ValueError(f"postcode {row['postcode']} has no position.")
    try:
        longitude, latitude = float(row["longitude"]), float(row["latitude"])
    except ValueError:
        raise ValueError(f"the position of {row['postcode']} is not two numbers.") from None
    if not (np.isfinite(longitude) and np.isfinite(latitude) and abs(longitude) <= 180 and abs(latitude) <= 90):
        raise ValueError(f"the position of {row['postcode']} is not in degrees.")
    return (code, *to_units(longitude, latitude))
