"""The rollup of outreach: how many people officers signed up and in which time, by source and by where they live."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.backends.utils import CursorWrapper

from peelian.core import clock
from peelian.insight.outreach.ground import small_areas_holding
from peelian.members import queries_doorstep as doorstep

WINDOW = timedelta(days=730)
NAME = "outreach.tally"
_LONDON = "({} AT TIME ZONE 'Europe/London')::date"
# A session is one person's day with one source. Doors where nobody joined show that somebody was there; of other
# sources a day without a sign-up leaves no trace. A session divides among the places of its sign-ups.
_SESSIONS = f"""
WITH signed AS (
    SELECT d.staff_id, {_LONDON.format("d.agreed_at")} AS day, d.source::text AS source,
           coalesce(m.area_id, 0) AS area_id, coalesce(s.small_area_id, 0) AS small_area_id, 1 AS n
      FROM members_doorstepsignup d LEFT JOIN members_member m ON m.id = d.member_id
      LEFT JOIN insight_standing s ON s.member_id = d.member_id
     WHERE d.received_at >= %(since)s AND d.staff_id IS NOT NULL
), knocked AS (
    SELECT DISTINCT o.staff_id, o.day, 'door', coalesce(t.area_id, 0), coalesce(g.small_area_id, 0), 0
      FROM members_door o JOIN members_street t ON t.id = o.street_id
      LEFT JOIN outreach_streets g ON g.street_id = t.id
     WHERE o.day >= %(since)s::date AND o.staff_id IS NOT NULL
), cells AS (
    SELECT staff_id, day, source, area_id, small_area_id, sum(n) AS n
      FROM (SELECT * FROM signed UNION ALL SELECT * FROM knocked) every GROUP BY 1, 2, 3, 4, 5
), shared AS (
    SELECT *, CASE WHEN sum(n) OVER w > 0 THEN n / sum(n) OVER w ELSE 1.0 / count(*) OVER w END AS session
      FROM cells WINDOW w AS (PARTITION BY staff_id, day, source)
)
INSERT INTO insight_outreachtally (source, area_id, small_area_id, sign_ups, sessions, recorded, hours)
SELECT source, area_id, small_area_id, sum(n), sum(session), 0, 0 FROM shared c
 WHERE NOT EXISTS (SELECT FROM insight_outreachplan p JOIN insight_outreachofficer f ON f.plan_id = p.id
                    WHERE p.recorded_at IS NOT NULL AND f.staff_id = c.staff_id AND p.day = c.day
                      AND p.source = c.source)
 GROUP BY 1, 2, 3
"""
_RECORDED = """
INSERT INTO insight_outreachtally AS kept (source, area_id, small_area_id, sign_ups, sessions, recorded, hours)
SELECT p.source, l.area_id, l.small_area_id, 0, 0, sum(l.sign_ups), sum(l.hours_spent)
  FROM insight_outreachplan p JOIN insight_outreachplace l ON l.plan_id = p.id
 WHERE p.recorded_at IS NOT NULL AND l.hours_spent > 0 AND p.day >= %(since)s::date GROUP BY 1, 2, 3
ON CONFLICT (source, area_id, small_area_id) DO UPDATE SET recorded = excluded.recorded, hours = excluded.hours
"""


def refresh_tally(cursor: CursorWrapper, since: datetime | None) -> None:
    """Two years of sign-ups by officers, counted anew: they are few beside the members."""
    window: dict[str, Any] = {"since": clock.now() - WINDOW}
    cursor.execute("CREATE TEMPORARY TABLE outreach_streets (street_id bigint, small_area_id bigint) ON COMMIT DROP")
    streets = doorstep.places_of_streets()
    held = small_areas_holding([where for _, where in streets])
    rows = [(pk, unit) for (pk, _), unit in zip(streets, held, strict=True) if unit]
    if rows:
        cursor.executemany("INSERT INTO outreach_streets VALUES (%s, %s)", rows)
    cursor.execute("DELETE FROM insight_outreachtally")
    cursor.execute(_SESSIONS, window)
    cursor.execute(_RECORDED, window)
    cursor.execute("DROP TABLE outreach_streets")
