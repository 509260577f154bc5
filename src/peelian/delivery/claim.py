"""The claim: in one statement a worker takes a share of a batch, and everything that may keep a message back is asked."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from peelian.delivery.models import Reason, State

# Why this one is not sent, asked now and not when the audience was frozen; empty where it is. Codes, confirmations and
# answers (the transactional lane) ask only whether the address is stopped.
_WHY_NOT = f"""
CASE WHEN a.id IS NULL THEN '{Reason.LEFT}'
     WHEN a.suppression <> '' THEN '{Reason.SUPPRESSED}'
     WHEN s.lane = 'transactional' OR d.member_id IS NULL THEN ''
     WHEN m.id IS NULL OR m.left_at IS NOT NULL THEN '{Reason.LEFT}'
     WHEN m.confirmed_at IS NULL THEN '{Reason.UNCONFIRMED}'
     WHEN a.id NOT IN (coalesce(m.email_id, 0), coalesce(m.mobile_id, 0), coalesce(m.landline_id, 0))
     THEN '{Reason.LEFT}'
     WHEN s.organisation_id IS NOT NULL AND m.organisations & (1 << o.bit) = 0 THEN '{Reason.LEFT}'
     WHEN s.topic_bit IS NOT NULL AND m.interests & (1::bigint << s.topic_bit) = 0 THEN '{Reason.LEFT}'
     WHEN s.promotion AND NOT m.promotion THEN '{Reason.LEFT}'
     WHEN coalesce((SELECT t.channels FROM members_topicchannel t JOIN members_topic x ON x.id = t.topic_id
                     WHERE t.member_id = m.id AND x.bit = s.topic_bit), nullif(m.channels, 0), 7)
          & d.channel = 0 THEN '{Reason.LEFT}'
     ELSE '' END
"""
CLAIM = f"""
WITH picked AS MATERIALIZED (
    SELECT d.address_id, d.tries, a.value, {_WHY_NOT} AS reason
      FROM (SELECT * FROM delivery
             WHERE send_id = %(send)s AND address_id > %(after)s AND address_id <= %(last)s
               AND channel = %(channel)s AND state = {State.QUEUED}
             ORDER BY address_id LIMIT %(most)s) d
      JOIN delivery_send s ON s.id = d.send_id AND s.state = 'sending'
      LEFT JOIN accounts_organisation o ON o.id = s.organisation_id
      LEFT JOIN contacts_address a ON a.id = d.address_id
      LEFT JOIN members_member m ON m.id = d.member_id
), claimed AS (
    UPDATE delivery d SET changed_at = now(), reason = p.reason, carrier = %(carrier)s::smallint,
           state = CASE WHEN p.reason = '' THEN {State.CLAIMED} ELSE {State.NOT_SENT} END
      FROM picked p WHERE d.send_id = %(send)s AND d.address_id = p.address_id AND d.state = {State.QUEUED}
    RETURNING d.address_id, d.member_id, p.tries, p.value, d.state
), tallied AS (
    INSERT INTO delivery_tally (send_id, channel, state, n)
    SELECT %(send)s, %(channel)s, {State.NOT_SENT}, count(*) FROM claimed
     WHERE state = {State.NOT_SENT} HAVING count(*) > 0
)
SELECT address_id, member_id, tries, value, state, NULL::timestamptz AS again_at FROM claimed
"""


def moment(now: datetime) -> dict[str, Any]:
    """What the claim has to know of the time, for its parameters."""
    return {}
