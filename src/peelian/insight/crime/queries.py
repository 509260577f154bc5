"""Reads of crime: counts by area, type and month, severity, and how much of it lies in a small part of the ground."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import shapely
from django.db import connection

from peelian.core.periods import Period
from peelian.insight.crime import types
from peelian.insight.crime.errors import NoGround, NoWeights
from peelian.insight.models import CrimeFile, SeverityWeight
from peelian.places import queries as places
from peelian.places.geometry import covers_units
from peelian.places.models import Area

CRIME = tuple(code for code in types.LABELS if code != types.NOT_CRIME)


@dataclass(frozen=True)
class Counts:
    """How many of each kind were published for an area over some months.

    `missing` are months of the period without a file, `unlike` those whose list of types lacks one of the kinds asked
    for: with either the sum is not the period's, and `total` is None.
    """

    by_kind: dict[str, int]
    by_month: dict[date, int]
    missing: tuple[date, ...] = ()
    unlike: tuple[date, ...] = ()

    @property
    def counted(self) -> int:
        """What was counted, whether or not it is all."""
        return sum(self.by_kind.values())

    @property
    def total(self) -> int | None:
        return None if self.missing or self.unlike else self.counted

    @property
    def says(self) -> str:
        """Why there is no total; empty where there is one."""
        if self.missing:
            return f"No file of crime is loaded for {_months(self.missing)}."
        if self.unlike:
            return f"Crime was published by other types in {_months(self.unlike)}."
        return ""


def crime_counts(
    area_id: int | None, kinds: Iterable[str] | None, period: Period, *, dataset: str = CrimeFile.Dataset.STREET
) -> Counts:
    """Crimes of these kinds (None: every type but anti-social behaviour) in an area (None: the force's) in the months
    of a period, by kind and by month."""
    asked, months = list(CRIME if kinds is None else kinds), [month.start for month in period.months()]
    force = places.force()
    if area_id is None and force is None:
        return Counts({}, {}, tuple(months))
    files = _own_files(dataset, months)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT f.month, c.kind, sum(c.n) FROM insight_crimefile f JOIN insight_crimecount c ON c.file_id = f.id"
            " WHERE f.dataset = %s AND f.month = ANY(%s) AND c.area_id = %s AND c.kind = ANY(%s) GROUP BY 1, 2",
            [dataset, months, area_id if area_id is not None or force is None else force.pk, asked],
        )
        rows = [(month, kind, int(n)) for month, kind, n in cursor.fetchall()]
    by_kind = {kind: sum(n for _, other, n in rows if other == kind) for kind in asked}
    by_month = {month: sum(n for other, _, n in rows if other == month) for month in months if month in files}
    lists = {one.version: one for one in types.LISTS}
    by_list = dataset == CrimeFile.Dataset.STREET and kinds is not None  # all types of all lists are all crime
    unlike = [m for m in by_month if by_list and any(kind not in lists[files[m]].types for kind in asked)]
    return Counts(by_kind, by_month, tuple(m for m in months if m not in files), tuple(unlike))


@dataclass(frozen=True)
class Month:
    """One month of an area as the force itself reported it: crimes by kind, and the kinds that its list can have."""

    start: date
    by_kind: Mapping[str, int]
    listed: frozenset[str]

    def of(self, kinds: Sequence[str]) -> int | None:
        """Crimes of these kinds; None where the month's list lacks one of them."""
        return sum(self.by_kind.get(kind, 0) for kind in kinds) if self.listed.issuperset(kinds) else None

    @property
    def crimes(self) -> int:
        """Of every kind: all lists together are all crime."""
        return sum(n for kind, n in self.by_kind.items() if kind != types.NOT_CRIME)


def months_of(area_id: int, period: Period) -> dict[date, Month]:
    """The months of a period that are loaded, each with its street crime by kind."""
    starts = [month.start for month in period.months()]
    files, lists = _own_files(CrimeFile.Dataset.STREET, starts), {one.version: one for one in types.LISTS}
    found: dict[date, dict[str, int]] = {start: {} for start in files}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT f.month, c.kind, sum(c.n) FROM insight_crimefile f JOIN insight_crimecount c ON c.file_id = f.id"
            " WHERE f.dataset = %s AND f.month = ANY(%s) AND c.area_id = %s GROUP BY 1, 2",
            [CrimeFile.Dataset.STREET, list(files), area_id],
        )
        for start, kind, n in cursor.fetchall():
            found[start][kind] = int(n)
    return {start: Month(start, found[start], frozenset(lists[files[start]].types)) for start in files}


def newest_month() -> date | None:
    """The newest month of street crime that the force itself reported and that is loaded."""
    every = CrimeFile.objects.filter(dataset=CrimeFile.Dataset.STREET).values_list("month", flat=True).distinct()
    return max(_own_files(CrimeFile.Dataset.STREET, list(every)), default=None)


def weights(version: str) -> dict[str, float]:
    """How much a crime of each kind weighs by one version of weights."""
    return dict(SeverityWeight.objects.filter(version=version).values_list("kind", "weight"))


def crimes_by_area(
    area_ids: Sequence[int], kinds: Iterable[str] | None, period: Period, *, dataset: str = CrimeFile.Dataset.STREET
) -> dict[int, int]:
    """The same for many areas at once: area → crimes of these kinds; 0 where there were none. Empty where a month of
    the period has no file."""
    months = [month.start for month in period.months()]
    if len(_own_files(dataset, months)) < len(months):
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.area_id, sum(c.n) FROM insight_crimefile f JOIN insight_crimecount c ON c.file_id = f.id"
            " WHERE f.dataset = %s AND f.month = ANY(%s) AND c.area_id = ANY(%s) AND c.kind = ANY(%s) GROUP BY 1",
            [dataset, months, list(area_ids), list(CRIME if kinds is None else kinds)],
        )
        return dict.fromkeys(area_ids, 0) | {area: int(n) for area, n in cursor.fetchall()}


def _own_files(dataset: str, months: Sequence[date]) -> dict[date, str]:
    """Month → list of types, of the months that the force itself reported: whoever reported most of what is here."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT month, types FROM insight_crimefile WHERE dataset = %s AND month = ANY(%s) AND reported_by = ("
            " SELECT reported_by FROM insight_crimefile WHERE dataset = %s GROUP BY 1 ORDER BY sum(counted) DESC, 1"
            " LIMIT 1)",
            [dataset, list(months), dataset],
        )
        return dict(cursor.fetchall())


def neighbourhood_crime(area_id: int | None, period: Period) -> Counts:
    """Burglary, robbery, vehicle crime and theft from the person (C21 ¶35). There is none before May 2013: theft from
    the person was not published by itself."""
    return crime_counts(area_id, types.NEIGHBOURHOOD, period)


# Severity -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Severity:
    """The weights of all crimes added up. `unweighed` are types that were counted and have no weight: they are missing
    from the score, which then is too low, and `score` None."""

    version: str
    weighed: float
    crimes: int
    unweighed: dict[str, int]
    says: str = ""

    @property
    def score(self) -> float | None:
        return None if self.unweighed or self.says else self.weighed

    @property
    def per_crime(self) -> float | None:
        """The mean weight: whether crime became worse, apart from whether it became more."""
        return None if self.score is None or not self.crimes else self.score / self.crimes


def severity_versions() -> list[str]:
    """The newest first."""
    rows = SeverityWeight.objects.order_by("-loaded_at", "version").values_list("version", flat=True)
    return list(dict.fromkeys(rows))


def crime_severity(area_id: int | None, period: Period, version: str | None = None) -> Severity:
    """The severity of crime in an area over a period, by one version of weights or the newest. Raises NoWeights."""
    chosen = version or next(iter(severity_versions()), "")
    weights = dict(SeverityWeight.objects.filter(version=chosen).values_list("kind", "weight"))
    if not weights:
        raise NoWeights
    counts = crime_counts(area_id, None, period)
    found = {kind: n for kind, n in counts.by_kind.items() if n}
    unweighed = {kind: n for kind, n in found.items() if kind not in weights}
    weighed = sum(weights.get(kind, 0.0) * n for kind, n in found.items())
    return Severity(chosen, weighed, sum(found.values()), unweighed, counts.says)


# Impact areas ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Impact:
    """How much of the crime lies in how much of the ground."""

    crimes: int
    of_crimes: int
    km2: float
    of_km2: float

    @property
    def share_of_crime(self) -> float:
        return self.crimes / self.of_crimes

    @property
    def share_of_ground(self) -> float:
        return self.km2 / self.of_km2

    @property
    def times(self) -> float:
        return concentration(self.share_of_crime, self.share_of_ground)


def concentration(share_of_crime: float, share_of_ground: float) -> float:
    """How many times as much crime there is as on the same ground on average: 25% in 7% is 3.57 times (C21 ¶35-37).
    Raises NoGround for a share of no ground."""
    if not share_of_ground:
        raise NoGround
    return share_of_crime / share_of_ground


def impact(area_ids: Sequence[int], kinds: Iterable[str] | None, period: Period) -> Impact | None:
    """How crime concentrates in some areas (the impact areas, say) of the force's. Ground that two of them share counts
    once, and so does the crime on it. None where a month has no file, or nothing was counted."""
    force, asked = places.force(), None if kinds is None else list(kinds)
    if force is None or not area_ids:
        return None
    every = crime_counts(None, asked, period)
    if every.total is None or not every.total:
        return None
    shapes = [shapely.from_wkb(boundary) for boundary in _boundaries(area_ids)]
    own = places.shape(force)
    joined = shapely.intersection(shapely.union_all(shapes), own)
    apart = sum(shape.area for shape in shapes) <= joined.area * (1 + 1e-9)
    crimes = (
        sum(crimes_by_area(area_ids, asked, period).values())
        if apart
        else _in_shape(joined, list(CRIME if asked is None else asked), period)
    )
    return Impact(crimes, every.total, square_kilometres(joined), square_kilometres(own))


def _boundaries(area_ids: Sequence[int]) -> Iterable[bytes]:
    return [bytes(boundary) for boundary in Area.objects.filter(pk__in=area_ids).values_list("boundary", flat=True)]


def _in_shape(shape: shapely.Geometry, kinds: Sequence[str], period: Period) -> int:
    """By the points of the map themselves: for areas that lie over one another."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.longitude, p.latitude, sum(p.n) FROM insight_crimepoint p JOIN insight_crimefile f"
            " ON f.id = p.file_id WHERE f.dataset = %s AND f.month = ANY(%s) AND p.kind = ANY(%s) GROUP BY 1, 2",
            [CrimeFile.Dataset.STREET, [month.start for month in period.months()], list(kinds)],
        )
        rows = cursor.fetchall()
    found = np.array([[int(part) for part in row] for row in rows], np.int64).reshape(-1, 3)
    inside = covers_units(shape, found[:, 0], found[:, 1])  # type: ignore[arg-type]
    return int(found[:, 2][inside].sum())


def square_kilometres(shape: shapely.Geometry) -> float:
    """Of a shape in degrees, on the WGS84 ellipsoid."""
    from pyproj import Geod

    area, _ = Geod(ellps="WGS84").geometry_area_perimeter(shapely.orient_polygons(shape))
    return abs(float(area)) / 1e6


def files() -> list[CrimeFile]:
    """What is loaded, the newest month first."""
    return list(CrimeFile.objects.all())


def _months(months: Sequence[date]) -> str:
    shown = [f"{month:%B %Y}" for month in months[:3]]
    more = len(months) - 3
    return ", ".join(shown) + (f" and {more} more" if more > 0 else "")
