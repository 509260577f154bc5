"""What counts as a member's part in the conversation: for each stage of the funnel, SQL that finds who took part since
a moment. A programme that asks residents something (a survey) adds its own line.

Each gives `member_id, on_day`. An address that several share is taken for its longest-standing member, except what was
sent: one copy for a household reaches all of it.
"""

from __future__ import annotations

from dataclasses import dataclass

from peelian.delivery.queries import HANDED

_HANDED = ", ".join(str(int(state)) for state in HANDED)
_LONDON = "({} AT TIME ZONE 'Europe/London')::date"


@dataclass(frozen=True)
class Source:
    """`column` is that of Standing; `named` is what a page calls it."""

    column: str
    named: str
    sql: str  # with %(since)s


# The sends that ended since then; sends to one (codes, answers, letters) are no reach. A send lasts days at most
RECEIVED = Source(
    "received_on",
    "messages to many",
    f"""
    WITH got AS (
        SELECT d.address_id, max({_LONDON.format("s.finished_at")}) AS on_day
          FROM delivery_send s JOIN delivery d ON d.send_id = s.id
         WHERE s.job_id IS NULL AND NOT s.practice AND s.finished_at >= %(since)s
           AND s.created_at >= %(since)s::timestamptz - interval '30 days' AND d.state IN ({_HANDED})
         GROUP BY d.address_id
    )
    SELECT m.id AS member_id, got.on_day FROM got JOIN members_member m ON m.email_id = got.address_id
    UNION ALL SELECT m.id, got.on_day FROM got JOIN members_member m ON m.mobile_id = got.address_id
    UNION ALL SELECT m.id, got.on_day FROM got JOIN members_member m ON m.landline_id = got.address_id""",
)
_FIRST_OF_ADDRESS = """
    (SELECT min(m.id) FROM members_member m
      WHERE (m.email_id = {0} OR m.mobile_id = {0} OR m.landline_id = {0}) AND m.left_at IS NULL)"""
RATED = Source(
    "replied_on",
    "ratings",
    f"SELECT {_FIRST_OF_ADDRESS.format('r.address_id')} AS member_id, {_LONDON.format('r.at')} AS on_day"
    " FROM alerts_rating r WHERE r.at >= %(since)s",
)
WROTE = Source(
    "replied_on",
    "words to a team",
    f"SELECT coalesce(t.member_id, {_FIRST_OF_ADDRESS.format('t.address_id')}) AS member_id,"
    f" {_LONDON.format('c.at')} AS on_day"
    " FROM conversations_thread t JOIN conversations_message c ON c.thread_id = t.id"
    " WHERE t.last_at >= %(since)s AND c.at >= %(since)s AND c.how NOT IN ('staff', 'notice')",
)
SOURCES: list[Source] = [RECEIVED, RATED, WROTE]  # of "answered_on" there is none until there are surveys
