"""What waits for residents' digests: sends that they are over their limit for. What a digest says is its renderer's."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from peelian.core import clock
from peelian.delivery import actions, costs
from peelian.delivery.models import DigestItem, Lane, Reason, Send

WAITS = timedelta(days=14)  # at most, for somebody who can be reached by no email and no text

# What is waiting, and where its member's digest goes now: by email, or where they have none by text. Of somebody on
# holiday it goes on waiting
_READY = """
SELECT i.member_id, i.send_id, CASE WHEN x.channels & 1 <> 0 THEN m.email_id ELSE m.mobile_id END AS address_id,
       CASE WHEN x.channels & 1 <> 0 THEN 1 ELSE 2 END AS channel
  FROM delivery_digestitem i JOIN members_member m ON m.id = i.member_id
  JOIN members_audience x ON x.member_id = m.id AND x.kind = 0 AND x.channels & 3 <> 0
  LEFT JOIN members_pace p ON p.member_id = m.id
  LEFT JOIN members_holiday v ON v.member_id = m.id AND %(today)s BETWEEN v.first_day AND v.last_day
 WHERE v.member_id IS NULL AND i.settled_at IS NULL AND i.at < %(before)s AND i.send_id = ANY(%(sends)s)
   AND coalesce(p.digest, 'weekly') = %(kind)s
"""
_ROWS = (
    f"SELECT DISTINCT ON (address_id) address_id, member_id, channel FROM ({_READY}) r ORDER BY 1, channel, member_id"
)
_SETTLE = f"""
UPDATE delivery_digestitem i SET settled_at = now(), digest_id = %(digest)s, address_id = r.address_id
  FROM ({_READY}) r WHERE i.member_id = r.member_id AND i.send_id = r.send_id
"""
# Whoever has left, or wants no more of its sender or type
_UNWANTED = f"""
UPDATE delivery_digestitem i SET settled_at = now(), reason = '{Reason.LEFT}'
  FROM delivery_send s LEFT JOIN accounts_organisation o ON o.id = s.organisation_id, members_member m
 WHERE i.settled_at IS NULL AND s.id = i.send_id AND m.id = i.member_id
   AND (m.left_at IS NOT NULL OR m.organisations & (1 << o.bit) = 0
        OR m.interests & (1::bigint << s.topic_bit::int) = 0)
"""
_OUT_OF_REACH = f"""
UPDATE delivery_digestitem i SET settled_at = now(), reason = '{Reason.LIMIT}'
 WHERE i.settled_at IS NULL AND i.at < %(before)s AND NOT EXISTS (
       SELECT 1 FROM members_audience x WHERE x.member_id = i.member_id AND x.kind = 0 AND x.channels & 3 <> 0)
"""


def waiting() -> list[int]:
    """The sends that somebody's digest waits with."""
    found = DigestItem.objects.filter(settled_at=None).order_by("send_id")
    return list(found.values_list("send_id", flat=True).distinct())


@transaction.atomic
def drop(*, send_ids: Sequence[int], reason: Reason, digest: Send | None = None, members: Sequence[int] = ()) -> int:
    """Take sends out of the digests they wait for, or, for these members, out of one that has been opened; the reason
    is kept. Returns how many items."""
    items = DigestItem.objects.filter(send_id__in=send_ids)
    items = items.filter(digest=digest, member_id__in=members) if digest else items.filter(settled_at=None)
    return items.update(settled_at=clock.now(), digest=None, reason=reason)


@transaction.atomic
def drop_unwanted(now: datetime) -> None:
    """Take out what its member does not want any more, and what has waited for somebody out of reach."""
    with connection.cursor() as cursor:
        cursor.execute(_UNWANTED)
        cursor.execute(_OUT_OF_REACH, {"before": now - WAITS})


@transaction.atomic
def open_digest(
    *, renderer: str, object_id: int, kind: str, before: datetime, sends: Sequence[int], text_parts: int = 1
) -> Send | None:
    """Open a send with what of SENDS has waited since BEFORE for the digests of KIND (members.models.Pace.Digest), one
    message to an address. None where there is nothing. Whoever has such a transaction open makes others wait."""
    values: dict[str, Any] = {"before": before, "sends": list(sends), "kind": kind, "today": clock.today()}
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(7309)")
        cursor.execute(f"SELECT EXISTS ({_READY})", values)
        if not cursor.fetchone()[0]:
            return None
        send = actions.open_send(
            renderer=renderer,
            object_id=object_id,
            lane=Lane.ROUTINE,
            rows=(_ROWS, values),
            text_parts=text_parts,
        )
        cursor.execute(_SETTLE, values | {"digest": send.pk})
    costs.book(send, area=None)
    return send


# A household with one address gets one digest, with what waited for any of them
_ITEMS = """
SELECT q.member_id, array_agg(DISTINCT i.send_id ORDER BY i.send_id DESC)
  FROM unnest(%(members)s::bigint[]) AS q(member_id)
  JOIN members_member m ON m.id = q.member_id
 CROSS JOIN LATERAL (SELECT m.id UNION SELECT o.id FROM members_member o WHERE o.email_id = m.email_id
                     UNION SELECT o.id FROM members_member o WHERE o.mobile_id = m.mobile_id) h(id)
  JOIN delivery_digestitem i ON i.member_id = h.id AND i.digest_id = %(digest)s
  JOIN delivery d ON d.send_id = i.digest_id AND d.address_id = i.address_id AND d.member_id = q.member_id
 GROUP BY q.member_id
"""


def contents(digest_id: int, member_ids: Sequence[int]) -> dict[int, tuple[int, ...]]:
    """Member → the sends in their digest; those without any are left out."""
    with connection.cursor() as cursor:
        cursor.execute(_ITEMS, {"members": list(member_ids), "digest": digest_id})
        return {member: tuple(sends) for member, sends in cursor.fetchall()}
