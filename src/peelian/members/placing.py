"""Writes of members_audience: the rows that members.audience reads, made from members, places and addresses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from django.db import connection, transaction

from peelian.core.database import prepared
from peelian.members.categories import LANGUAGE_NUMBERS
from peelian.places import queries as places

CHUNK = 50_000
_Positions = np.ndarray[tuple[int, int], np.dtype[np.int64]]

# Chosen channels; none chosen: email, else text, else voice
_LANGUAGES = f"string_to_array('{','.join(LANGUAGE_NUMBERS)}', ',')"  # each at the place of its number
_ROWS = f"""
INSERT INTO members_audience (member_id, kind, language, reachable, channels, promotion, lon, lat, organisations,
                              area_id, cell, interests, home_area_id, home_lon, home_lat)
WITH usable AS (
    SELECT m.id, coalesce(array_position({_LANGUAGES}, m.language::text), 0) AS language, m.promotion,
           m.organisations, m.interests, m.longitude, m.latitude, m.area_id, m.cell,
           m.channels AS chosen,
           (CASE WHEN m.confirmed_at IS NULL THEN 0 ELSE
                (CASE WHEN e.suppression = '' THEN 1 ELSE 0 END)
              | (CASE WHEN t.suppression = '' THEN 2 ELSE 0 END)
              | (CASE WHEN t.suppression = '' OR l.suppression = '' THEN 4 ELSE 0 END) END)::smallint AS reachable
      FROM members_member m
      LEFT JOIN contacts_address e ON e.id = m.email_id
      LEFT JOIN contacts_address t ON t.id = m.mobile_id
      LEFT JOIN contacts_address l ON l.id = m.landline_id
     WHERE m.left_at IS NULL AND m.restricted_at IS NULL AND m.id {{members}}
), ready AS (
    SELECT *, CASE WHEN chosen <> 0 THEN chosen & reachable WHEN reachable & 1 <> 0 THEN 1
                   WHEN reachable & 2 <> 0 THEN 2 ELSE reachable & 4 END AS channels FROM usable
)
SELECT id, 0, language, reachable, channels, promotion, longitude, latitude, organisations, area_id, cell, interests,
       NULL, NULL, NULL
  FROM ready
UNION ALL
SELECT r.id, 1, r.language, r.reachable, r.channels, r.promotion, p.longitude, p.latitude, r.organisations,
       p.area_id, p.cell, r.interests, r.area_id, r.longitude, r.latitude
  FROM ready r JOIN members_place p ON p.member_id = r.id
"""

_ROWS_OF_ONE = _ROWS.format(members="= %(member)s") + "RETURNING id, lon, lat"

_BORDER = """
INSERT INTO members_audience (member_id, kind, language, reachable, channels, promotion, lon, lat, organisations,
                              area_id, cell, interests, home_area_id, home_lon, home_lat)
SELECT a.member_id, 2, a.language, a.reachable, a.channels, a.promotion, a.lon, a.lat, a.organisations, x.area_id, NULL,
       a.interests, CASE a.kind WHEN 0 THEN a.area_id ELSE a.home_area_id END,
       CASE a.kind WHEN 0 THEN a.lon ELSE a.home_lon END, CASE a.kind WHEN 0 THEN a.lat ELSE a.home_lat END
  FROM unnest(%s::bigint[], %s::bigint[]) AS x(row_id, area_id) JOIN members_audience a ON a.id = x.row_id
"""


@transaction.atomic(savepoint=False)
def refresh(member_ids: Sequence[int] | None = None) -> None:
    """Make the audience rows of these members anew, or everybody's."""
    with connection.cursor() as cursor:
        if member_ids is None:
            cursor.execute("DELETE FROM members_audience")
            cursor.execute(_ROWS.format(members="IS NOT NULL"))
        else:
            ids = list(member_ids)
            cursor.execute("DELETE FROM members_audience WHERE member_id = ANY(%s)", [ids])
            cursor.execute(_ROWS.format(members="= ANY(%(members)s)"), {"members": ids})
        _add_borders(member_ids)


def begin(member_id: int) -> None:
    """Make the audience rows of one who has none yet, as `refresh` does."""
    with prepared() as cursor:
        cursor.execute(_ROWS_OF_ONE, {"member": member_id})
        rows = np.array([row for row in cursor.fetchall() if row[1] is not None], np.int64).reshape(-1, 3)
    _border(rows)


def _add_borders(member_ids: Sequence[int] | None) -> None:
    """A row more for people exactly on the border of two areas of a kind, so that both reach them."""
    condition = "AND kind < 2" + ("" if member_ids is None else " AND member_id = ANY(%(members)s)")
    for rows in _positions("members_audience", "lon", "lat", condition, member_ids):
        _border(rows)


def _border(rows: _Positions) -> None:
    touched = places.areas_touched(rows[:, 1], rows[:, 2]) if len(rows) else []
    if touched:
        with connection.cursor() as cursor:
            cursor.execute(_BORDER, [[int(rows[at, 0]) for at, _ in touched], [area for _, area in touched]])


def compact() -> None:
    """After very many changes: indexes without gaps, and pages known to hold only what everybody may see, so that the
    next question is answered by an index alone. Waits for no one; not inside a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("REINDEX TABLE CONCURRENTLY members_audience")
        cursor.execute("VACUUM (ANALYZE) members_audience, members_member, contacts_address")


@transaction.atomic
def replace_areas() -> None:
    """Find everybody's lowest administrative area again, after the areas have changed, and refresh the audience."""
    for table in ("members_member", "members_place"):
        for rows in _positions(table, "longitude", "latitude", "", None):
            areas = places.lowest_areas(rows[:, 1], rows[:, 2])
            with connection.cursor() as cursor:
                cursor.execute(
                    f"UPDATE {table} t SET area_id = nullif(x.area_id, 0)"
                    " FROM unnest(%s::bigint[], %s::bigint[]) AS x(id, area_id)"
                    " WHERE t.id = x.id AND t.area_id IS DISTINCT FROM nullif(x.area_id, 0)",
                    [rows[:, 0].tolist(), areas.tolist()],
                )
    refresh()


def _positions(
    table: str, lon: str, lat: str, condition: str, member_ids: Sequence[int] | None
) -> Iterator[_Positions]:
    """Arrays of (id, longitude, latitude) in chunks, in order of id."""
    after = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT id, {lon}, {lat} FROM {table} WHERE id > %(after)s AND {lon} IS NOT NULL {condition}"
                " ORDER BY id LIMIT %(chunk)s",
                {"after": after, "chunk": CHUNK, "members": list(member_ids or [])},
            )
            rows = cursor.fetchall()
        if not rows:
            return
        yield np.array(rows, np.int64)
        if len(rows) < CHUNK:
            return
        after = rows[-1][0]
