"""The ledger's statements for the worker. A batch's rows are only touched by whoever holds the batch's lock.

What is put into their text here are our own constants; values go by parameters.
"""

from __future__ import annotations

from collections.abc import Iterable

from peelian.delivery.models import Reason, State

# Locks of batches: this word's bytes above, the batch's id below
LOCK_BASE = int.from_bytes(b"peel", "big") << 32
TAKE_LOCK = "SELECT pg_try_advisory_lock(%s)"
RELEASE_LOCK = "SELECT pg_advisory_unlock(%s)"

READ_BATCH = """
SELECT b.id, b.send_id, b.first_address, b.last_address, b.done_at IS NOT NULL,
       s.renderer, s.object_id, s.lane, s.state, s.created_at, s.practice
  FROM delivery_batch b JOIN delivery_send s ON s.id = b.send_id WHERE b.id = %s
"""

# Claimed by a worker that is no more, or by a claim whose answer never reached us. Email goes again under its
# Message-ID, unless it was recalled meanwhile; a text or call may have gone, so nobody may repeat it.
RESET = f"""
WITH orphans AS (
    UPDATE delivery d SET changed_at = now(),
           state = CASE WHEN d.channel = 1 AND s.state <> 'recalled' THEN {State.QUEUED} ELSE {State.UNKNOWN} END
      FROM delivery_send s
     WHERE s.id = d.send_id AND d.send_id = %(send)s AND d.address_id BETWEEN %(first)s AND %(last)s
       AND d.state = {State.CLAIMED} AND d.address_id <> ALL(%(held)s::bigint[])
    RETURNING d.channel, d.carrier, d.state
)
INSERT INTO delivery_tally (send_id, channel, carrier, state, n)
SELECT %(send)s, channel, carrier, state, count(*) FROM orphans WHERE state > 1 GROUP BY channel, carrier, state
"""

CHANNELS = f"""
SELECT DISTINCT channel FROM delivery
 WHERE send_id = %(send)s AND address_id BETWEEN %(first)s AND %(last)s AND state = {State.QUEUED} ORDER BY channel
"""

# Of the mail domains that have a limit, how many of the batch wait for each; of all others together under an empty name
LIMITED = f"""
SELECT CASE WHEN split_part(a.value, '@', 2) = ANY(%(domains)s) THEN split_part(a.value, '@', 2) ELSE '' END, count(*)
  FROM delivery d LEFT JOIN contacts_address a ON a.id = d.address_id
 WHERE d.send_id = %(send)s AND d.address_id BETWEEN %(first)s AND %(last)s AND d.state = {State.QUEUED}
   AND d.channel = %(channel)s GROUP BY 1
"""

RECORD = f"""
WITH recorded AS (
    UPDATE delivery d SET state = x.state, reason = x.reason, tries = x.tries, changed_at = now()
      FROM unnest(%(keys)s::bigint[], %(states)s::smallint[], %(reasons)s::text[], %(tries)s::smallint[])
           AS x(key, state, reason, tries)
     WHERE d.send_id = %(send)s AND d.address_id = x.key AND d.state = {State.CLAIMED}
    RETURNING d.channel, d.carrier, d.state
)
INSERT INTO delivery_tally (send_id, channel, carrier, state, n)
SELECT %(send)s, channel, carrier, state, count(*) FROM recorded WHERE state > 1 GROUP BY channel, carrier, state
"""

# A recalled send: what never went
STOP = f"""
WITH stopped AS (
    UPDATE delivery SET state = {State.NOT_SENT}, reason = '{Reason.RECALLED}', changed_at = now()
     WHERE send_id = %(send)s AND address_id BETWEEN %(first)s AND %(last)s AND state = {State.QUEUED}
    RETURNING channel
)
INSERT INTO delivery_tally (send_id, channel, state, n)
SELECT %(send)s, channel, {State.NOT_SENT}, count(*) FROM stopped GROUP BY channel
"""

# The send's state now, how many of the batch are left, and the fewest tries among those that were tried
LEFT = f"""
SELECT (SELECT state FROM delivery_send WHERE id = %(send)s), count(*),
       coalesce(min(tries) FILTER (WHERE tries > 0), 0) FROM delivery
 WHERE send_id = %(send)s AND address_id BETWEEN %(first)s AND %(last)s AND state IN ({State.QUEUED}, {State.CLAIMED})
"""
# How many of a batch wait as their residents asked, from when the first may go and until the last may; written where it
# is no longer so
KEEP_RESTING = """
UPDATE delivery_batch b SET resting = x.n, resting_from = x.first, resting_until = x.last
  FROM (SELECT %(n)s::int AS n, %(first)s::timestamptz AS first, %(last)s::timestamptz AS last) x
 WHERE b.id = %(batch)s AND (b.resting, b.resting_from, b.resting_until) IS DISTINCT FROM (x.n, x.first, x.last)
"""
CLOSE_BATCH = "UPDATE delivery_batch SET done_at = now() WHERE id = %s AND done_at IS NULL"
ANY_BATCH_LEFT = "SELECT EXISTS (SELECT 1 FROM delivery_batch WHERE send_id = %s AND done_at IS NULL)"
STILL_SENDING = "SELECT id FROM delivery_send WHERE id = ANY(%s) AND state = 'sending'"


def array(elements: Iterable[object]) -> str:
    """Numbers, or our own words in double quotes, as PostgreSQL writes an array: a tenth of what psycopg takes to."""
    return f"{{{','.join(map(str, elements))}}}"
