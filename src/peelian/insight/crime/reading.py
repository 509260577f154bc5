"""Files of data.police.uk: street crime (twelve columns, and the eight of 2011), outcomes, and stop and search."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path

import numpy as np

from peelian.insight.crime import types
from peelian.insight.models import CrimeFile
from peelian.places.actions import BadRow
from peelian.places.errors import FileRefused

Dataset = CrimeFile.Dataset
STREET = ("Month", "Reported by", "Crime type")
OUTCOMES = ("Month", "Reported by", "Outcome type")
SEARCHES = ("Type", "Date", "Legislation")
FROM_NAME = re.compile(r"\d{4}-\d{2}-(?P<force>[a-z][a-z-]*?)-stop-and-search", re.I)
# Great Britain with room to spare, in metres of the National Grid
GRID = (-100_000, 800_000, -100_000, 1_400_000)


@dataclass
class Month:
    """One month of one force in a file. `points`: (kind, longitude, latitude in 1e-7 degree) → how many."""

    month: date
    reported_by: str
    rows: int = 0
    without_place: int = 0
    points: Counter[tuple[str, int, int]] = field(default_factory=Counter)
    kinds: set[str] = field(default_factory=set)


@dataclass
class Read:
    dataset: str
    sha256: str
    months: dict[tuple[date, str], Month] = field(default_factory=dict)
    bad: list[BadRow] = field(default_factory=list)


class _Wrong(ValueError):
    """What is wrong with a row; the message names its field."""


@dataclass(frozen=True)
class _Columns:
    """Where in a row things stand; -1 where the file has no such column."""

    month: int
    force: int
    kind: int
    x: int
    y: int
    grid: bool  # x and y are eastings and northings, not degrees


def read(path: Path, *, reported_by: str = "") -> Read:
    """Everything in the file, counted by kind and point; rows that cannot be used are in `bad`. Rows that are alike are
    different crimes: the published places are moved to a few points of the map. Raises FileRefused."""
    content = _bytes(path)
    found, rows = _rows(path, content)
    dataset, columns = found
    done = Read(dataset, hashlib.sha256(content).hexdigest())
    by_name = FROM_NAME.search(path.name)
    usual = reported_by or (by_name["force"].replace("-", " ").capitalize() if by_name else "")
    if dataset == Dataset.SEARCHES and not usual:
        raise FileRefused(f"{path.name} does not say whose searches these are. Name the force with --reported-by.")
    grid: list[tuple[Month, str, float, float]] = []
    for line, row in rows:
        try:
            _take(done, columns, row, usual, grid)
        except _Wrong as problem:
            done.bad.append(BadRow(line, str(problem), row))
    _place(grid)
    if not done.months and not done.bad:
        raise FileRefused(f"{path.name} has no rows below its head.")
    return done


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as problem:
        raise FileRefused(f"{path.name} was not found.") from problem
    except OSError as problem:
        raise FileRefused(f"{path.name} cannot be read: {problem.strerror}.") from problem


def _rows(path: Path, content: bytes) -> tuple[tuple[str, _Columns], list[tuple[int, list[str]]]]:
    try:
        reader = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
        head = next(reader, [])
        found = _dataset(path, head)
        rows = []
        for row in reader:
            if len(row) == len(head):
                rows.append((reader.line_num, row))
            elif any(cell.strip() for cell in row):
                raise FileRefused(
                    f"{path.name}, line {reader.line_num}: {len(row)} fields, and the head has {len(head)}."
                )
    except UnicodeDecodeError as problem:
        raise FileRefused(f"{path.name} is not UTF-8 text. Save it as CSV UTF-8.") from problem
    except csv.Error as problem:
        raise FileRefused(f"{path.name}, line {reader.line_num}: this is not CSV: {problem}.") from problem
    return found, rows


def _dataset(path: Path, head: list[str]) -> tuple[str, _Columns]:
    at = {name.strip(): number for number, name in enumerate(head)}
    for dataset, wanted, kind in (
        (Dataset.STREET, STREET, "Crime type"),
        (Dataset.OUTCOMES, OUTCOMES, "Outcome type"),
        (Dataset.SEARCHES, SEARCHES, "Type"),
    ):
        if not set(wanted) <= set(at):
            continue
        grid = "Longitude" not in at
        x, y = ("Easting", "Northing") if grid else ("Longitude", "Latitude")
        if x not in at or y not in at:
            raise FileRefused(f"{path.name}, line 1: there are no columns Longitude and Latitude.")
        month = at["Date"] if dataset == Dataset.SEARCHES else at["Month"]
        return str(dataset), _Columns(month, at.get("Reported by", -1), at[kind], at[x], at[y], grid)
    raise FileRefused(
        f"{path.name}, line 1: this is no file of data.police.uk. Street crime has the columns {', '.join(STREET)};"
        f" outcomes {', '.join(OUTCOMES)}; stop and search {', '.join(SEARCHES)}."
    )


def _take(done: Read, at: _Columns, row: list[str], usual: str, grid: list[tuple[Month, str, float, float]]) -> None:
    month = _month(row[at.month], "Date" if done.dataset == Dataset.SEARCHES else "Month")
    force = row[at.force].strip() if at.force >= 0 else ""
    kind = _kind(done.dataset, row[at.kind])
    place = _position(row[at.x], row[at.y], grid=at.grid)
    if not (force or usual):
        raise _Wrong("Reported by: it is empty.")
    key = month, (force or usual)[:80]
    of = done.months.get(key)
    if of is None:
        of = done.months[key] = Month(*key)
    of.rows += 1
    of.kinds.add(kind)
    if place is None:
        of.without_place += 1
    elif at.grid:
        grid.append((of, kind, *place))
    else:
        of.points[kind, round(place[0] * 1e7), round(place[1] * 1e7)] += 1


@lru_cache(maxsize=2048)  # a file says the same few again and again
def _month(text: str, column: str) -> date:
    found = re.match(r"(\d{4})-(\d{2})(?!\d)", text.strip())
    try:
        if found is None:
            raise ValueError
        return date(int(found[1]), int(found[2]), 1)
    except ValueError:
        raise _Wrong(f"{column}: {text.strip()[:30]!r} does not begin with a year and a month, like 2021-08.") from None


@lru_cache(maxsize=2048)
def _kind(dataset: str, text: str) -> str:
    label = text.strip()
    code = types.code_of(label)
    if not code:
        raise _Wrong(f"{'Crime type' if dataset == Dataset.STREET else 'Outcome type'}: it is empty.")
    if dataset == Dataset.STREET and code not in types.LABELS:
        raise _Wrong(f"Crime type: {label[:60]!r} is no type of crime that data.police.uk has had.")
    return code


def _position(x: str, y: str, *, grid: bool) -> tuple[float, float] | None:
    """Both numbers, or None for a row that says no place."""
    x, y = x.strip(), y.strip()
    if not x and not y:
        return None
    names = ("Easting", "Northing") if grid else ("Longitude", "Latitude")
    try:
        found = float(x), float(y)
    except ValueError:
        raise _Wrong(f"{names[0]}, {names[1]}: {x[:20]!r} and {y[:20]!r} are not two numbers.") from None
    west, east, south, north = GRID if grid else (-180, 180, -90, 90)
    if not (west <= found[0] <= east and south <= found[1] <= north):
        raise _Wrong(f"{names[0]}, {names[1]}: {x[:20]} and {y[:20]} are no place in the country.")
    if grid and not any(found):
        return None  # how the files of 2011 write "no location"
    return found


def _place(grid: list[tuple[Month, str, float, float]]) -> None:
    """Eastings and northings of the National Grid as degrees, all at once."""
    if not grid:
        return
    from pyproj import Transformer

    to_wgs84 = Transformer.from_crs(27700, 4326, always_xy=True)
    longitude, latitude = to_wgs84.transform([row[2] for row in grid], [row[3] for row in grid])
    x, y = np.rint(np.array([longitude, latitude]) * 1e7).astype(np.int64).tolist()
    for (of, kind, _, _), lon, lat in zip(grid, x, y, strict=True):
        of.points[kind, lon, lat] += 1
