"""One narrow row for each alert that went out: how it reads, and what came back so far. Practice is never in it."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection

from peelian.alerts import wording
from peelian.alerts.actions.responding import LINK_LASTS
from peelian.alerts.models import Alert, Rollup
from peelian.core import clock
from peelian.delivery.queries import HANDED

STILL_MOVES = LINK_LASTS + timedelta(days=30)  # after sending; then every link has expired
AT_ONCE = 2_000  # alerts that are read through in one run

_COUNTS = f"""
UPDATE alerts_rollup r SET handed = x.handed, ratings = x.ratings, rating_total = x.total, replies = x.replies,
       visits = x.visits, "left" = x.left_it
  FROM (SELECT a.id,
               coalesce((SELECT sum(t.n) FROM delivery_tally t
                          WHERE t.send_id = a.send_id AND t.state IN {tuple(map(int, HANDED))}), 0) AS handed,
               coalesce(g.n, 0) AS ratings, coalesce(g.total, 0) AS total,
               coalesce(p.replies, 0) AS replies, coalesce(p.visits, 0) AS visits, coalesce(p.left_it, 0) AS left_it
          FROM alerts_alert a
          LEFT JOIN LATERAL (SELECT count(*) AS n, sum(value) AS total FROM alerts_rating WHERE alert_id = a.id) g
                 ON true
          LEFT JOIN LATERAL (SELECT sum(n) FILTER (WHERE kind = 'reply') AS replies,
                                    sum(n) FILTER (WHERE kind = 'visit') AS visits,
                                    sum(n) FILTER (WHERE kind = 'left') AS left_it
                               FROM alerts_response WHERE alert_id = a.id) p ON true
         WHERE a.sent_at >= %(since)s AND a.send_id IS NOT NULL AND NOT a.practice) x
 WHERE r.alert_id = x.id
   AND (r.handed, r.ratings, r.rating_total, r.replies, r.visits, r."left")
       IS DISTINCT FROM (x.handed, x.ratings, x.total, x.replies, x.visits, x.left_it)
"""


def roll_up(*, everything: bool = False) -> int:
    """Read through what is new and count what moved; safe to run twice or at once. Returns how many rows changed.
    EVERYTHING counts old alerts too, whose links have expired."""
    new = Alert.objects.filter(sent_at__isnull=False, send__isnull=False, practice=False, rollup=None)
    made = [_read(alert) for alert in new.order_by("pk")[:AT_ONCE]]
    Rollup.objects.bulk_create(made, ignore_conflicts=True)
    since = clock.now() - (timedelta(days=36_500) if everything else STILL_MOVES)
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, {"since": since})
        return len(made) + int(cursor.rowcount)


def _read(alert: Alert) -> Rollup:
    parts = [alert.happening, alert.doing, alert.can_do]
    return Rollup(alert=alert, complete=all(part.strip() for part in parts), ease=wording.measure(*parts).ease)
