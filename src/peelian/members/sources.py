"""How people joined, in numbers: registrations, confirmations and who is still with us thirty days later, by where they
came from. Pages read members_sourcetally; `count`, a job, reads the members."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from peelian.core import clock

STAYING = timedelta(days=30)
# Each member who has not been erased (an erased one has no source), with what is counted of them. Who cannot be reached
# by anything is found from the stopped addresses, which are few. `lost` is the moment they left or the last of their
# addresses stopped; an address that works again was not lost.
_FACTS = """
SELECT m.campaign_id, coalesce(c.officer_id, d.staff_id) AS officer_id, m.area_id, m.source,
       date_trunc('month', m.joined_on)::date AS month, m.confirmed_at,
       least(m.left_at, CASE WHEN (m.email_id IS NULL OR e.id IS NOT NULL) AND (m.mobile_id IS NULL OR t.id IS NOT NULL)
                              AND (m.landline_id IS NULL OR v.id IS NOT NULL)
                        THEN greatest(e.suppressed_at, t.suppressed_at, v.suppressed_at) END) AS lost
  FROM members_member m
  LEFT JOIN members_campaign c ON c.id = m.campaign_id
  LEFT JOIN (SELECT DISTINCT ON (member_id) member_id, staff_id FROM members_doorstepsignup
              WHERE member_id IS NOT NULL ORDER BY member_id, received_at) d ON d.member_id = m.id
  LEFT JOIN stopped e ON e.id = m.email_id
  LEFT JOIN stopped t ON t.id = m.mobile_id
  LEFT JOIN stopped v ON v.id = m.landline_id
 WHERE m.source <> ''
"""
_COUNTED = """
WITH stopped AS (SELECT id, suppressed_at FROM contacts_address WHERE suppression <> '')
SELECT campaign_id, officer_id, area_id, source, month, count(*), count(confirmed_at),
       count(*) FILTER (WHERE confirmed_at <= %(ripe)s),
       count(*) FILTER (WHERE confirmed_at <= %(ripe)s
                          AND (lost IS NULL OR lost >= confirmed_at + %(staying)s::interval))
  FROM ({facts}) AS facts GROUP BY 1, 2, 3, 4, 5
"""
_COLUMNS = "campaign_id, officer_id, area_id, source, month, joined, confirmed, measured, stayed"
_KEY = "campaign_id, officer_id, area_id, source, month"


@transaction.atomic
def count() -> int:
    """Count everybody anew; returns into how many rows. One read of all members: a job, never a page.

    A million members, fifty campaigns and five years take about a second; the page then reads 250 rows (measured in
    November 2026 on two shared cores)."""
    now = clock.now()
    with connection.cursor() as cursor:
        # Two counts at once would leave the numbers twice; and nobody may be erased between reading and writing
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('members.sources'))")
        cursor.execute("DELETE FROM members_sourcetally WHERE NOT erased")
        cursor.execute(
            f"INSERT INTO members_sourcetally ({_COLUMNS}, erased, counted_at)"
            f" SELECT *, false, %(now)s FROM ({_COUNTED.format(facts=_FACTS)}) AS counted",
            {"now": now, "ripe": now - STAYING, "staying": f"{STAYING.days} days"},
        )
        made = cursor.rowcount
        cursor.execute(
            f"WITH gone AS (DELETE FROM members_sourcetally WHERE erased RETURNING *)"
            f" INSERT INTO members_sourcetally ({_COLUMNS}, erased, counted_at)"
            f" SELECT {_KEY}, sum(joined), sum(confirmed), sum(measured), sum(stayed), true, %s"
            f" FROM gone GROUP BY {_KEY}",
            [now],
        )
    return int(made)


def note_erased(ids: Sequence[int]) -> None:
    """These members are about to be erased: keep what they add to the numbers, and take it off the last count of the
    living, which still has them in it. In the caller's transaction.

    They have left, so how long they stayed is known at once, also of who confirmed less than thirty days ago."""
    now, counted = clock.now(), counted_at()
    facts = f"{_FACTS} AND m.id = ANY(%(ids)s)"
    insert = f"INSERT INTO members_sourcetally ({_COLUMNS}, erased, counted_at)"
    kept = f"WITH kept ({_COLUMNS}) AS ({_COUNTED.format(facts=facts)}) {insert}"
    given: dict[str, Any] = {"ids": list(ids), "now": now, "staying": f"{STAYING.days} days"}
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('members.sources'))")
        cursor.execute(f"{kept} SELECT *, true, %(now)s FROM kept", given | {"ripe": now})
        if counted:
            cursor.execute(
                f"{kept} SELECT {_KEY}, -joined, -confirmed, -measured, -stayed, false, %(now)s FROM kept",
                given | {"ripe": counted - STAYING},
            )


def counted_at() -> datetime | None:
    """When everybody was counted last."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(counted_at) FROM members_sourcetally WHERE NOT erased AND joined > 0")
        row = cursor.fetchone()
    return row[0] if row else None
