"""The ledger's statements, on raw psycopg connections: claim a chunk, record what became of it, set a batch aside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from psycopg import AsyncConnection

from peelian.delivery.models import Reason, State

# What the claim decides, in the order in which reasons are given. A send without an organisation (codes, confirmations,
# answers) asks only whether the address is stopped.
_DECIDE = """
CASE WHEN a.suppression <> '' THEN 'suppressed'
     WHEN s.organisation_id IS NULL THEN ''
     WHEN m.id IS NULL OR m.left_at IS NOT NULL THEN 'left'
     WHEN m.confirmed_at IS NULL THEN 'unconfirmed'
     WHEN d.address_id NOT IN (coalesce(m.email_id, 0), coalesce(m.mobile_id, 0), coalesce(m.landline_id, 0))
          THEN 'left'
     WHEN m.organisations & (1 << o.bit) = 0 THEN 'left'
     WHEN s.topic_bit IS NOT NULL AND m.interests & (1::bigint << s.topic_bit) = 0 THEN 'left'
     WHEN s.promotion AND NOT m.promotion THEN 'left'
     WHEN coalesce((SELECT t.channels FROM members_topicchannel t JOIN members_topic x ON x.id = t.topic_id
                     WHERE t.member_id = m.id AND x.bit = s.topic_bit), nullif(m.channels, 0), 7)
          & d.channel = 0 THEN 'left'
     ELSE '' END
"""
# An email that a killed worker had claimed goes again; a text or call becomes unknown, for a person to look at
CLAIM = f"""
WITH picked AS (
    SELECT d.send_id, d.address_id, a.value, d.state AS was, {_DECIDE} AS reason
      FROM delivery d
      JOIN delivery_send s ON s.id = d.send_id AND s.state = 'sending'
      JOIN contacts_address a ON a.id = d.address_id
      LEFT JOIN members_member m ON m.id = d.member_id
      LEFT JOIN accounts_organisation o ON o.id = s.organisation_id
     WHERE d.send_id = %(send)s AND d.address_id > %(after)s AND d.address_id <= %(last)s AND d.state IN (0, 1)
     ORDER BY d.address_id LIMIT %(size)s
), claimed AS (
    UPDATE delivery d
       SET state = CASE WHEN d.channel <> 1 AND p.was = 1 THEN 6 WHEN p.reason = '' THEN 1 ELSE 5 END,
           reason = p.reason, changed_at = now()
      FROM picked p WHERE d.send_id = p.send_id AND d.address_id = p.address_id
    RETURNING d.address_id, d.channel, d.state, p.value
), tallied AS (
    INSERT INTO delivery_tally (send_id, channel, state, n)
    SELECT %(send)s, channel, state, count(*) FROM claimed WHERE state <> 1 GROUP BY channel, state
)
SELECT address_id, channel, state, value FROM claimed ORDER BY address_id
"""
RECORD = """
WITH recorded AS (
    UPDATE delivery d SET state = x.state, reason = x.reason, tries = d.tries + x.tried, changed_at = now()
      FROM unnest(%(keys)s::bigint[], %(states)s::smallint[], %(reasons)s::text[], %(tried)s::smallint[])
           AS x(key, state, reason, tried)
     WHERE d.send_id = %(send)s AND d.address_id = x.key AND d.state = 1
    RETURNING d.channel, d.state
)
INSERT INTO delivery_tally (send_id, channel, state, n)
SELECT %(send)s, channel, state, count(*) FROM recorded WHERE state > 1 GROUP BY channel, state
"""
GIVE_UP = """
WITH ended AS (
    UPDATE delivery SET state = %(state)s, reason = %(reason)s, changed_at = now()
     WHERE send_id = %(send)s AND address_id BETWEEN %(first)s AND %(last)s AND state IN (0, 1) AND tries >= %(tries)s
    RETURNING channel
), tallied AS (
    INSERT INTO delivery_tally (send_id, channel, state, n)
    SELECT %(send)s, channel, %(state)s, count(*) FROM ended GROUP BY channel
)
SELECT count(*) FROM ended
"""
# How many are left and how soon to come back: the fewest tries so far decide
LEFT = """
SELECT count(*), coalesce(min(tries), 0) FROM delivery
 WHERE send_id = %(send)s AND address_id BETWEEN %(first)s AND %(last)s AND state IN (0, 1)
"""


@dataclass(frozen=True)
class Claimed:
    address_id: int
    channel: int
    value: str


@dataclass(frozen=True)
class Outcome:
    """What to record of one delivery. `tried` is 1 where the attempt counts towards giving up."""

    key: int
    state: State
    reason: Reason = Reason.NONE
    tried: int = 1


async def claim(
    connection: AsyncConnection, send_id: int, after: int, last: int, size: int
) -> tuple[list[Claimed], int | None]:
    """Claim up to SIZE of a send's deliveries beyond address AFTER. Returns those to hand over and the last
    address seen; None when there is nothing left or the send no longer goes on."""
    cursor = await connection.execute(CLAIM, {"send": send_id, "after": after, "last": last, "size": size})
    rows = await cursor.fetchall()
    to_go = [Claimed(address, channel, value) for address, channel, state, value in rows if state == State.CLAIMED]
    return to_go, rows[-1][0] if rows else None


async def record(connection: AsyncConnection, send_id: int, outcomes: Sequence[Outcome]) -> None:
    """Write outcomes to the ledger and their deltas to the tally, in one statement."""
    if outcomes:
        values: dict[str, Any] = {
            "send": send_id,
            "keys": [outcome.key for outcome in outcomes],
            "states": [int(outcome.state) for outcome in outcomes],
            "reasons": [str(outcome.reason) for outcome in outcomes],
            "tried": [outcome.tried for outcome in outcomes],
        }
        await connection.execute(RECORD, values)
