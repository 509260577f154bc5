"""The claim: in one statement a worker takes a share of a batch, and asks all that may keep a message back.

What a resident may set is asked now and not when the audience was frozen: consent, what may come by which channel and
when, how much in a week, and whether they are on holiday. The week's row of a member is what two sends at once meet on;
rows are taken in order of member, so that none waits for the other in a circle.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings

from peelian.core import clock
from peelian.delivery.models import Channel, Priority, Reason, State
from peelian.delivery.queries import at_home_sql

HELD_DAYS = 14  # for those who can have no digest, a message over their limit waits that long at most
DAYS_AHEAD = 8  # hours that open in none of the coming days never do

# On holiday today, and nobody else who uses the address is at home and wants it (a household gets one copy, which names
# one of them)
_AT_HOME = at_home_sql(address="a.id", member="m.id", mask="s.organisation_mask", topic="s.topic_bit")
_AWAY = f"v.member_id IS NOT NULL AND NOT (s.priority = {Priority.URGENT} AND v.urgent_passes) AND NOT {_AT_HOME}"
# Why this one is not sent; empty where it is. Codes, confirmations and answers (the transactional lane) ask only
# whether the address is stopped.
_WHY_NOT = f"""
CASE WHEN a.id IS NULL THEN '{Reason.LEFT}'
     WHEN a.suppression <> '' THEN '{Reason.SUPPRESSED}'
     WHEN s.lane = 'transactional' OR d.member_id IS NULL THEN ''
     WHEN m.id IS NULL OR m.left_at IS NOT NULL THEN '{Reason.LEFT}'
     WHEN m.confirmed_at IS NULL THEN '{Reason.UNCONFIRMED}'
     WHEN a.id NOT IN (coalesce(m.email_id, 0), coalesce(m.mobile_id, 0), coalesce(m.landline_id, 0))
          AND NOT EXISTS (SELECT FROM members_helper h WHERE h.member_id = m.id AND h.address_id = a.id
                             AND h.begun_at IS NOT NULL AND h.ended_at IS NULL)
     THEN '{Reason.LEFT}'
     WHEN s.organisation_id IS NOT NULL AND m.organisations & s.organisation_mask = 0 THEN '{Reason.LEFT}'
     WHEN s.topic_bit IS NOT NULL AND m.interests & (1::bigint << s.topic_bit) = 0 THEN '{Reason.LEFT}'
     WHEN s.promotion AND NOT m.promotion THEN '{Reason.LEFT}'
     WHEN coalesce((SELECT t.channels FROM members_topicchannel t JOIN members_topic x ON x.id = t.topic_id
                     WHERE t.member_id = m.id AND x.bit = s.topic_bit), nullif(m.channels, 0), 7)
          & d.channel = 0 THEN '{Reason.LEFT}'
     WHEN m.restricted_at IS NOT NULL THEN '{Reason.RESTRICTED}'
     WHEN {_AWAY} THEN '{Reason.HOLIDAY}'
     WHEN s.counted AND s.priority < CASE d.channel WHEN {Channel.EMAIL} THEN p.email_from
                                     WHEN {Channel.TEXT} THEN p.text_from ELSE p.voice_from END
     THEN '{Reason.THRESHOLD}'
     ELSE '' END
"""
# Whether the member's hours and limit hold for it; of an address that is no member's, the installation's quiet hours
_PACED = f"""
s.counted AND s.lane <> 'transactional'
AND NOT (s.priority = {Priority.URGENT} AND coalesce(p.urgent_passes, true))
"""
# The member's own hours for the channel: open now, shut now, or null where there are none
_HOURS = """
SELECT bool_or(x.weekdays & %(weekday)s::int <> 0 AND %(clock)s::time >= x.opens AND %(clock)s::time < x.closes) AS open
  FROM members_channelhours x WHERE x.member_id = d.member_id AND x.channel = d.channel
"""
# Quiet hours: the member's own; for texts and calls else the installation's, unless they have hours for the channel
_QUIET = f"""
SELECT CASE WHEN p.quiet_from IS NOT NULL THEN p.quiet_from
            WHEN d.channel <> {Channel.EMAIL} AND h.open IS NULL THEN %(quiet_from)s::time END AS since,
       CASE WHEN p.quiet_from IS NOT NULL THEN p.quiet_until ELSE %(quiet_until)s::time END AS until
"""
_DAY = "(%(today)s::date + n)"
# The first moment from now on at which the hours are open and not quiet: one where hours open or quiet ones end
_OPENING = f"""
SELECT min(c.at) FROM (
    SELECT {clock.sql_instant(_DAY, "x.opens")} AS at, x.opens AS shown
      FROM generate_series(0, {DAYS_AHEAD}) n, members_channelhours x
     WHERE x.member_id = d.member_id AND x.channel = d.channel AND x.weekdays & {clock.sql_weekday_bit(_DAY)} <> 0
     UNION ALL
    SELECT {clock.sql_instant(_DAY, "q.until")}, q.until FROM generate_series(0, {DAYS_AHEAD}) n
     WHERE q.since IS NOT NULL AND (h.open IS NULL OR EXISTS (
           SELECT 1 FROM members_channelhours x
            WHERE x.member_id = d.member_id AND x.channel = d.channel AND q.until >= x.opens AND q.until < x.closes
              AND x.weekdays & {clock.sql_weekday_bit(_DAY)} <> 0))
) c WHERE c.at > %(now)s::timestamptz AND coalesce({clock.sql_within("c.shown", "q.since", "q.until")}, false) IS FALSE
"""
_CLOSED = f"h.open IS FALSE OR {clock.sql_within('%(clock)s::time', 'q.since', 'q.until')}"

# A claim of emails need not be on disk before it is answered: were it lost with the server, they would be claimed
# again, as those of a killed worker are. A text or call may go once only, so its claim has to outlast everything.
_DURABLE = f"""
CASE WHEN %(channel)s = {Channel.EMAIL} THEN set_config('synchronous_commit', 'off', true) END AS durable
"""
# What was begun, or waits for a digest, is asked by scalar subqueries: an EXISTS may become a hash of the whole table.
# Every row that may go now, or not, and why; of a limited mail domain as many as are allowed
_PICKED = f"""
sending AS MATERIALIZED (
    SELECT s.*, 1 << o.bit AS organisation_mask, {_DURABLE} FROM delivery_send s
      LEFT JOIN accounts_organisation o ON o.id = s.organisation_id WHERE s.id = %(send)s AND s.state = 'sending'
), picked AS MATERIALIZED (
    SELECT d.address_id, d.member_id, d.tries, a.value, m.language, s.created_at, {_WHY_NOT} AS reason,
           w.paced AND c.closed AS closed, CASE WHEN w.paced AND c.closed THEN ({_OPENING}) END AS opening,
           CASE WHEN w.paced THEN p.weekly_limit END AS most_a_week
      FROM (SELECT * FROM delivery
             WHERE send_id = %(send)s AND address_id > %(after)s AND address_id <= %(last)s
               AND channel = %(channel)s AND state = {State.QUEUED}
             ORDER BY address_id LIMIT %(most)s) d
     CROSS JOIN sending s
      LEFT JOIN contacts_address a ON a.id = d.address_id
      LEFT JOIN members_member m ON m.id = d.member_id
      LEFT JOIN members_pace p ON p.member_id = d.member_id
      LEFT JOIN members_holiday v ON v.member_id = d.member_id
                                 AND %(today)s::date BETWEEN v.first_day AND v.last_day
     CROSS JOIN LATERAL (SELECT {_PACED} AS paced) w
      LEFT JOIN LATERAL ({_HOURS}) h ON w.paced
     CROSS JOIN LATERAL ({_QUIET}) q
     CROSS JOIN LATERAL (SELECT {_CLOSED} AS closed) c
), asked AS MATERIALIZED (
    SELECT p.*, CASE WHEN reason = '' AND closed AND opening IS NULL THEN '{Reason.THRESHOLD}' ELSE reason END AS why,
           {{held}} AS held,
           most_a_week IS NOT NULL AND (tries > 0 OR coalesce((
               SELECT true FROM delivery_memberweek w
                WHERE w.member_id = p.member_id AND w.week < %(week)s::date AND %(send)s = ANY(w.sends) LIMIT 1),
               false)) AS begun,
           most_a_week IS NOT NULL AND coalesce((
               SELECT true FROM delivery_digestitem i WHERE i.member_id = p.member_id AND i.send_id = %(send)s),
               false) AS digested
      FROM picked p {{limits}}
)
"""
_HELD = """
coalesce(count(*) FILTER (WHERE reason = '' AND closed IS NOT TRUE)
         OVER (PARTITION BY l.name ORDER BY p.address_id) > l.allowed, false)
"""
_LIMITS = """
LEFT JOIN unnest(%(domains)s::text[], %(allowed)s::int[]) l(name, allowed) ON l.name = split_part(p.value, '@', 2)
"""
# A send is one entry in a member's week, by however many channels and tries it comes
_WEIGHED = """
weighed AS (
    INSERT INTO delivery_memberweek AS w (member_id, week, sends)
    SELECT DISTINCT member_id, %(week)s::date, ARRAY[%(send)s::bigint] FROM asked
     WHERE why = '' AND closed IS NOT TRUE AND NOT held AND most_a_week > 0 AND NOT begun AND NOT digested
     ORDER BY member_id
    ON CONFLICT (member_id, week) DO UPDATE
       SET sends = CASE WHEN %(send)s = ANY(w.sends) THEN w.sends ELSE w.sends || excluded.sends END
     WHERE %(send)s = ANY(w.sends)
        OR cardinality(w.sends) < (SELECT weekly_limit FROM members_pace l WHERE l.member_id = w.member_id)
    RETURNING member_id
)
"""
_HAS_A_DIGEST = f"""
EXISTS (SELECT 1 FROM members_audience x
         WHERE x.member_id = p.member_id AND x.kind = 0 AND x.channels & {Channel.EMAIL | Channel.TEXT} <> 0)
"""
_CLAIM = f"""
WITH {_PICKED}, {_WEIGHED}, decided AS MATERIALIZED (
    SELECT p.*, CASE WHEN why <> '' THEN {State.NOT_SENT}
                     WHEN closed OR held THEN {State.QUEUED}
                     WHEN digested THEN {State.DIGEST}
                     WHEN most_a_week IS NULL OR begun OR w.member_id IS NOT NULL THEN {State.CLAIMED}
                     WHEN {_HAS_A_DIGEST} THEN {State.DIGEST}
                     WHEN %(next_week)s::timestamptz > created_at + interval '{HELD_DAYS} days' THEN {State.NOT_SENT}
                     ELSE {State.QUEUED} END AS now_is,
           CASE WHEN closed THEN opening WHEN NOT held THEN %(next_week)s::timestamptz END AS again_at
      FROM asked p LEFT JOIN weighed w ON w.member_id = p.member_id
), claimed AS (
    UPDATE delivery d SET changed_at = now(), state = p.now_is,
           reason = CASE WHEN p.now_is <> {State.NOT_SENT} THEN '' WHEN p.why = '' THEN '{Reason.LIMIT}' ELSE p.why END,
           carrier = CASE WHEN p.now_is = {State.CLAIMED} THEN %(carrier)s::smallint ELSE d.carrier END
      FROM decided p
     WHERE d.send_id = %(send)s AND d.address_id = p.address_id AND d.state = {State.QUEUED}
       AND p.now_is <> {State.QUEUED}
    RETURNING d.address_id, d.member_id, p.tries, p.value, p.language, d.state
), digest AS (
    INSERT INTO delivery_digestitem (member_id, send_id, address_id, at, reason)
    SELECT DISTINCT ON (member_id) member_id, %(send)s::bigint, address_id, %(now)s::timestamptz, '' FROM claimed
     WHERE state = {State.DIGEST} ORDER BY member_id, address_id
    ON CONFLICT DO NOTHING
), tallied AS (
    INSERT INTO delivery_tally (send_id, channel, state, n)
    SELECT %(send)s, %(channel)s, state, count(*) FROM claimed WHERE state <> {State.CLAIMED} GROUP BY state
)
SELECT address_id, member_id, tries, value, state, NULL::timestamptz AS again_at, language FROM claimed
 UNION ALL
SELECT address_id, member_id, tries, value, {State.QUEUED}, again_at, language FROM decided
 WHERE now_is = {State.QUEUED}
"""
CLAIM = _CLAIM.format(held="false", limits="")
# With at most so many (allowed) of each of these mail domains; what is over stays queued, without a time
CLAIM_LIMITED = _CLAIM.format(held=_HELD, limits=_LIMITS)


def moment(now: datetime) -> dict[str, Any]:
    """What the claim has to know of the time, for its parameters."""
    here = now.astimezone(clock.LONDON)
    quiet = settings.PEELIAN_QUIET_HOURS or (None, None)
    return {
        "now": now,
        "today": here.date(),
        "clock": here.time(),
        "weekday": clock.weekday_bit(here.date()),
        "week": clock.week_start(here.date()),
        "next_week": clock.next_week(now),
        "quiet_from": quiet[0],
        "quiet_until": quiet[1],
    }
