"""Points of police data counted by the areas that hold them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import shapely
from django.db import connection
from numpy.typing import NDArray

from peelian.insight.models import CrimeCount, CrimeFile, CrimePoint
from peelian.places import queries as places
from peelian.places.geometry import in_units
from peelian.places.models import Area

Ints = NDArray[np.int64]


class Ground:
    """The areas of today, asked again and again which of them hold points. Of two areas of one administrative kind that
    meet at a point it lies in the first by code, as everywhere; other kinds may lie over one another."""

    def __init__(self) -> None:
        rows = list(Area.objects.filter(valid_to=None).order_by("code").values_list("pk", "kind", "boundary"))
        shapes: list[Any] = [in_units(shapely.from_wkb(bytes(row[2]))) for row in rows]  # type: ignore[arg-type]
        shapely.prepare(shapes)
        self.ids = np.array([row[0] for row in rows], np.int64)
        self.shapes = np.array(shapes, object)
        self.tier = np.array([_tier(row[1]) for row in rows], np.int64)
        self.force = np.array([row[1] == Area.Kind.FORCE for row in rows], bool)
        self.version = version()

    def holding(self, longitude: Ints, latitude: Ints) -> tuple[Ints, Ints]:
        """Pairs (place of an area in `ids`, place of a point)."""
        points: Any = shapely.points(longitude, latitude)
        area, point = shapely.STRtree(points).query(self.shapes, predicate="intersects")
        tree = np.flatnonzero(self.tier[area] >= 0)
        # One area of each administrative kind for a point: the first, since areas come by code
        order = tree[np.lexsort((area[tree], point[tree], self.tier[area[tree]]))]
        pair = np.stack([self.tier[area[order]], point[order]])
        first = np.ones(len(order), bool)
        first[1:] = (pair[:, 1:] != pair[:, :-1]).any(axis=0)
        kept = np.sort(np.concatenate([order[first], np.flatnonzero(self.tier[area] < 0)]))
        return area[kept], point[kept]


def _tier(kind: str) -> int:
    return list(Area.ADMINISTRATIVE).index(Area.Kind(kind)) if kind in Area.ADMINISTRATIVE else -1


def version() -> str:
    """Of the areas that files are counted by."""
    return "-".join(str(part) for part in places.version())


def count(files: Sequence[CrimeFile], ground: Ground) -> None:
    """Count the points of these files anew, in the caller's transaction."""
    for file in files:
        CrimeCount.objects.filter(file=file).delete()
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT kind, longitude, latitude, n FROM insight_crimepoint WHERE file_id = %s ORDER BY id", [file.pk]
            )
            rows = cursor.fetchall()
        _count_one(file, rows, ground)


def _count_one(file: CrimeFile, rows: list[tuple[str, int, int, int]], ground: Ground) -> None:
    kinds = sorted({row[0] for row in rows})
    kind_at = {kind: at for at, kind in enumerate(kinds)}
    kind = np.array([kind_at[row[0]] for row in rows], np.int64)
    where, n = np.array([row[1:3] for row in rows], np.int64).reshape(-1, 2), np.array([r[3] for r in rows], np.int64)
    spots, spot = np.unique(where, axis=0, return_inverse=True)
    # Kinds and how many at each spot, so that each spot is looked for once
    at_spot = np.zeros((len(spots), max(len(kinds), 1)), np.int64)
    np.add.at(at_spot, (spot.ravel(), kind), n)
    area, point = ground.holding(spots[:, 0], spots[:, 1]) if len(spots) else (kind[:0], kind[:0])
    sums = np.zeros((len(ground.ids), at_spot.shape[1]), np.int64)
    np.add.at(sums, area, at_spot[point])
    found = zip(*np.nonzero(sums), strict=True)
    copy(
        CrimeCount,
        ("file_id", "area_id", "kind", "n"),
        ((file.pk, int(ground.ids[at]), kinds[k], int(sums[at, k])) for at, k in found),
    )
    inside = np.zeros(len(spots), bool)
    inside[point[ground.force[area]]] = True
    placed = int(n.sum())
    # Without a force's own area nobody can say what is outside it
    file.counted = int(at_spot[inside].sum()) if ground.force.any() else placed
    file.outside = placed - file.counted
    file.areas_version = ground.version
    file.save(update_fields=["counted", "outside", "areas_version"])


def put_points(file: CrimeFile, points: Iterable[tuple[tuple[str, int, int], int]]) -> None:
    """Write the points of a file that has none yet."""
    rows = ((file.pk, kind, longitude, latitude, n) for (kind, longitude, latitude), n in points)
    copy(CrimePoint, ("file_id", "kind", "longitude", "latitude", "n"), rows)


def copy(model: Any, columns: tuple[str, ...], rows: Iterable[tuple[int | str, ...]]) -> None:
    """Numbers, and codes of letters, digits and hyphens (types.code_of), in which COPY's text has nothing to escape."""
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {model._meta.db_table} ({', '.join(columns)}) FROM STDIN") as stream,
    ):
        stream.write("".join("\t".join(map(str, row)) + "\n" for row in rows))
