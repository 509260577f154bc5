"""The small area of each member's home, found again for those who moved and, when small areas change, for everybody."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from django.db.backends.utils import CursorWrapper
from numpy.typing import NDArray

from peelian.places import queries as places

CHUNK = 200_000
# A sum of the position: the position itself stands in the member's row, and nowhere else
_HOME = "hashint8extended((m.longitude::bigint << 32) # (m.latitude::bigint & 4294967295), %(version)s)"
_MOVED = f"""
SELECT s.member_id, m.longitude, m.latitude, {_HOME}
  FROM insight_standing s JOIN members_member m ON m.id = s.member_id
 WHERE s.home IS DISTINCT FROM {_HOME}
"""
_WITHOUT = """
UPDATE insight_standing s SET home = NULL, small_area_id = NULL FROM members_member m
 WHERE m.id = s.member_id AND s.home IS NOT NULL AND m.longitude IS NULL
"""


def place(cursor: CursorWrapper) -> int:
    """Find the small areas of homes that are new or have moved. Returns how many those were."""
    version = places.version_of_small_areas()
    cursor.execute(_WITHOUT)
    cursor.execute(_MOVED + " AND m.longitude IS NOT NULL", {"version": version})
    moved = np.array(cursor.fetchall(), np.int64).reshape(-1, 4)
    if not len(moved):
        return 0
    ids, shapes = places.small_area_shapes()
    cursor.execute("CREATE TEMPORARY TABLE reach_placed (member_id bigint, area_id bigint, home bigint) ON COMMIT DROP")
    for first in range(0, len(moved), CHUNK):
        part = moved[first : first + CHUNK]
        at = holding(shapes, part[:, 1], part[:, 2])
        found = np.where(at >= 0, np.append(ids, 0)[at], 0)
        with cursor.copy("COPY reach_placed FROM STDIN") as stream:
            rows = zip(part[:, 0].tolist(), found.tolist(), part[:, 3].tolist(), strict=True)
            stream.write("".join(f"{member}\t{area or chr(92) + 'N'}\t{home}\n" for member, area, home in rows))
    cursor.execute("ANALYZE reach_placed")
    cursor.execute(
        "UPDATE insight_standing s SET small_area_id = p.area_id, home = p.home FROM reach_placed p"
        " WHERE p.member_id = s.member_id"
    )
    cursor.execute("DROP TABLE reach_placed")
    return len(moved)


def holding(shapes: list[Any], longitudes: NDArray[np.int64], latitudes: NDArray[np.int64]) -> NDArray[np.int64]:
    """For each point (units of 1e-7 degree) the place of the first shape that holds it, the border counting; -1 where
    none does."""
    found = np.full(len(longitudes), -1, np.int64)
    if shapes:
        points: Any = shapely.points(longitudes, latitudes)
        tree = shapely.STRtree(points)
        holder, held = tree.query(np.array(shapes), predicate="intersects")
        found[held[::-1]] = holder[::-1]  # the last write wins: the first shape in the list writes last
    return found
