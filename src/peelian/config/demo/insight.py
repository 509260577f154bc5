"""What insight's jobs would have counted during the demonstration's year, and the rollups of today."""

from __future__ import annotations

from django.db import connection

from peelian.core import clock
from peelian.core.periods import last_whole_month
from peelian.insight.panels.queries import months_up_to
from peelian.insight.rollups import refresh_all

# Nobody counted then: whoever had joined by the last day of a month, with the share of today's in trouble
_STOOD = """
INSERT INTO insight_standingday (day, area_id, members, comms_issues, incommunicado, contacted)
SELECT %(day)s, m.area_id, count(*), round(count(*) * 0.007), round(count(*) * 0.005), round(count(*) * 0.78)
  FROM members_member m
 WHERE m.joined_on <= %(day)s AND m.confirmed_at IS NOT NULL AND m.left_at IS NULL GROUP BY m.area_id
"""


def write() -> None:
    """Last of all, when everything else has been written."""
    with connection.cursor() as cursor:
        for month in months_up_to(last_whole_month(clock.today())):
            cursor.execute(_STOOD, {"day": month.end})
    refresh_all()
