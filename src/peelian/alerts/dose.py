"""Dose: how many alerts about crime each resident was handed in the last 30 days.

A finished send is added within minutes; every night all doses are counted anew from the ledger, which drops what is
older and mends what bounced since.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.cache import cache
from django.db import connection, transaction

from peelian.accounts.models import Staff
from peelian.accounts.queries import scope_area_ids
from peelian.core import clock
from peelian.delivery.queries import HANDED
from peelian.places.models import Area

DAYS = 30
MANY = 8  # alerts about crime in 30 days: two a week
SMALLEST_SHOWN = 5
KEPT = 600  # seconds
# The columns of Doses, of people each with their alerts in "o"
COUNTED = f"count(*), coalesce(sum(o.alerts), 0), count(*) FILTER (WHERE o.alerts >= {MANY})"
_HANDED = tuple(map(int, HANDED))
_LOCK = "SELECT pg_advisory_xact_lock(7305)"  # adding and counting anew wait for each other

_SENDS = """
SELECT a.send_id FROM alerts_alert a JOIN members_topic t ON t.id = a.topic_id JOIN delivery_send s ON s.id = a.send_id
 WHERE t.about_crime AND NOT a.practice AND a.sent_at >= %(since)s AND s.finished_at IS NOT NULL
"""
_ADD = f"""
INSERT INTO alerts_dose AS dose (member_id, alerts)
SELECT d.member_id, 1 FROM delivery d JOIN members_member m ON m.id = d.member_id
 WHERE d.send_id = %(send)s AND d.state IN {_HANDED} GROUP BY d.member_id ORDER BY d.member_id
ON CONFLICT (member_id) DO UPDATE SET alerts = dose.alerts + 1
"""
_COUNT_ANEW = f"""
DROP TABLE IF EXISTS new_dose;
CREATE TEMPORARY TABLE new_dose ON COMMIT DROP AS
SELECT d.member_id, count(DISTINCT d.send_id)::smallint AS alerts
  FROM delivery d JOIN members_member m ON m.id = d.member_id
 WHERE d.send_id = ANY(%(sends)s) AND d.state IN {_HANDED} GROUP BY d.member_id;
DELETE FROM alerts_dose o WHERE NOT EXISTS (SELECT 1 FROM new_dose n WHERE n.member_id = o.member_id);
INSERT INTO alerts_dose AS o (member_id, alerts) SELECT member_id, alerts FROM new_dose
ON CONFLICT (member_id) DO UPDATE SET alerts = excluded.alerts WHERE o.alerts <> excluded.alerts;
"""


@dataclass(frozen=True)
class Doses:
    """Of some people: how many they are, alerts about crime to them altogether, and how many got MANY or more."""

    people: int
    alerts: int
    many: int

    @property
    def mean(self) -> float | None:
        return self.alerts / self.people if self.people else None


@dataclass(frozen=True)
class AreaDoses:
    area: Area
    doses: Doses

    @property
    def shown(self) -> bool:
        """Whether so many people live there that figures point at nobody."""
        return self.doses.people >= SMALLEST_SHOWN


def keep_up() -> int:
    """Add what was finished since the last time; returns how many sends. Safe to run twice or at once."""
    with connection.cursor() as cursor:
        cursor.execute(f"{_SENDS} AND NOT EXISTS (SELECT 1 FROM alerts_dosesend x WHERE x.send_id = s.id)", _since())
        new = [row[0] for row in cursor.fetchall()]
    return sum(_add(send) for send in new)


@transaction.atomic
def _add(send_id: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_LOCK)
        cursor.execute("INSERT INTO alerts_dosesend (send_id) VALUES (%s) ON CONFLICT DO NOTHING", [send_id])
        new = bool(cursor.rowcount)
        if new:
            cursor.execute(_ADD, {"send": send_id})
        return new


@transaction.atomic
def count_anew(now: datetime | None = None) -> None:
    """All doses from the ledger, as they should be NOW; only rows that change are written."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK)
        cursor.execute(_SENDS, _since(now))
        sends = [row[0] for row in cursor.fetchall()]
        cursor.execute(_COUNT_ANEW, {"sends": sends})
        cursor.execute("DELETE FROM alerts_dosesend WHERE send_id <> ALL(%s)", [sends])
        cursor.execute(
            "INSERT INTO alerts_dosesend (send_id) SELECT unnest(%s::bigint[]) ON CONFLICT DO NOTHING", [sends]
        )


_BEFORE = f"""
SELECT o.member_id, o.alerts - (x.member_id IS NOT NULL)::int
  FROM alerts_dose o LEFT JOIN (
       SELECT DISTINCT d.member_id FROM delivery d JOIN alerts_dosesend c ON c.send_id = d.send_id
        WHERE d.send_id = %(send)s AND d.member_id = ANY(%(members)s) AND d.state IN {_HANDED}
  ) x ON x.member_id = o.member_id
 WHERE o.member_id = ANY(%(members)s)
"""


def before(*, send_id: int | None, member_ids: Sequence[int]) -> dict[int, int]:
    """The doses of these members without what one send added to them; who is not in it had none."""
    with connection.cursor() as cursor:
        cursor.execute(_BEFORE, {"send": send_id, "members": list(member_ids)})
        return dict(cursor.fetchall())


def _since(now: datetime | None = None) -> dict[str, datetime]:
    return {"since": (now or clock.now()) - timedelta(days=DAYS)}


def by_neighbourhood(staff: Staff) -> list[AreaDoses]:
    """Of the people who live in each neighbourhood of the person's scope, highest mean first; ten minutes old at most,
    as it reads all members."""
    scope = scope_area_ids(staff)
    found: dict[int, Doses] = cache.get_or_set("alerts.dose", _by_area, KEPT) or {}
    areas = Area.objects.filter(pk__in=found).only("pk", "code", "name", "kind")
    rows = [AreaDoses(area, found[area.pk]) for area in areas if scope is None or area.pk in scope]
    return sorted(rows, key=lambda row: (not row.shown, -(row.doses.mean or 0), row.area.name))


def _by_area() -> dict[int, Doses]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {COUNTED}, h.area_id FROM members_audience h LEFT JOIN alerts_dose o ON o.member_id = h.member_id"
            " WHERE h.kind = 0 AND h.area_id IS NOT NULL AND h.reachable > 0 GROUP BY h.area_id"
        )
        return {area: Doses(people, alerts, many) for people, alerts, many, area in cursor.fetchall()}
