"""Texts and calls of which nobody knows whether they went: the carrier is asked, for an hour.

They are those in hand when a worker died, and those whose answer never came. None is repeated unless its carrier says,
by our reference, that it never had it, and long enough after; none is taken for another that went to the same number at
about the same time. What stays unknown is listed for a person.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple, Protocol, runtime_checkable

import structlog
from django.db import connection, transaction

from peelian.audit.actions import SYSTEM, record
from peelian.core import clock, jobs, limits
from peelian.delivery import claim, receipts
from peelian.delivery.actions import QUEUES
from peelian.delivery.carriers import registry
from peelian.delivery.database import Connections, in_thread
from peelian.delivery.handover import GIVE_UP_AFTER, MOST_TRIES
from peelian.delivery.models import Channel, Lane, Reason, Send, State
from peelian.delivery.receipts import Report

log = structlog.get_logger("peelian.delivery")
ASKED_FOR = timedelta(hours=1)
# A send whose last message waited for a resident's week, and then as long as it may, is no older
OLDEST = timedelta(days=claim.HELD_DAYS + 2)
SETTLED = timedelta(minutes=5)  # before a carrier's "never had it" counts: an order may still be on its way inside
AT_ONCE, AT_A_TIME = 2_000, 8  # deliveries in one run, questions under way
NEAR = timedelta(minutes=5)  # an order of which nobody heard was given that long at most before it was noted
RUN_SECONDS = 30.0  # for one carrier; the rest is asked the next time

# Sends with something unknown, by their tallies: there is no index on a delivery's state
_SENDS = """
SELECT t.send_id, sum(t.n)::bigint FROM delivery_tally t JOIN delivery_send s ON s.id = t.send_id
 WHERE s.created_at >= %s AND t.state = %s AND t.channel <> %s GROUP BY t.send_id HAVING sum(t.n) > 0 ORDER BY t.send_id
"""
_UNKNOWN = """
SELECT d.send_id, d.address_id, d.carrier, a.value, d.changed_at
  FROM delivery d JOIN contacts_address a ON a.id = d.address_id
 WHERE d.send_id = %s AND d.state = %s AND d.channel <> %s AND d.changed_at >= %s ORDER BY d.address_id LIMIT %s
"""
# Of these deliveries, those that have another to the same address by the same channel, which was in hand or beyond when
# they were. A delivery's time only moves forward, so what has not moved since is of no account.
_OTHERS = f"""
WITH near AS MATERIALIZED (
    SELECT id FROM delivery_send WHERE created_at >= %(oldest)s AND (finished_at IS NULL OR finished_at >= %(since)s)
)
SELECT DISTINCT u.send_id, u.address_id
  FROM unnest(%(sends)s::bigint[], %(addresses)s::bigint[]) AS u(send_id, address_id)
  JOIN delivery d ON d.send_id = u.send_id AND d.address_id = u.address_id
  JOIN near n ON n.id <> d.send_id
  JOIN delivery o ON o.send_id = n.id AND o.address_id = d.address_id AND o.channel = d.channel
   AND o.changed_at >= d.changed_at - %(near)s AND o.state NOT IN ({State.QUEUED}, {State.NOT_SENT}, {State.DIGEST})
"""
_AGAIN = f"""
WITH again AS (
    UPDATE delivery SET state = {State.QUEUED}, changed_at = now()
     WHERE send_id = %(send)s AND address_id = ANY(%(addresses)s) AND state = {State.UNKNOWN} AND tries < {MOST_TRIES}
    RETURNING address_id, channel, carrier
), tallied AS (
    INSERT INTO delivery_tally (send_id, channel, carrier, state, n)
    SELECT %(send)s, channel, carrier, {State.UNKNOWN}, -count(*) FROM again GROUP BY channel, carrier
)
UPDATE delivery_batch b SET done_at = NULL
 WHERE b.send_id = %(send)s
   AND EXISTS (SELECT 1 FROM again a WHERE a.address_id BETWEEN b.first_address AND b.last_address)
RETURNING b.id
"""
_STILL_UNKNOWN = "SELECT address_id FROM delivery WHERE send_id = %s AND address_id = ANY(%s) AND state = %s"


class Unknown(NamedTuple):
    send_id: int
    address_id: int
    carrier: int | None
    recipient: str
    since: datetime
    alone: bool = True  # no other delivery of ours could be meant by a message to this recipient at about that time


@runtime_checkable
class Finder(Protocol):
    """What a carrier offers that can be asked what became of a message."""

    async def find(self, send_id: int, address_id: int, recipient: str, since: datetime, alone: bool) -> Report | None:
        """A report as its receipt would bring it, or None where it never had the message. LookupError: it cannot say,
        now or at all."""


async def run(connections: Connections) -> int:
    """Ask about everything that became unknown within the last hour; returns how many are known now."""
    by_carrier: dict[int, list[Unknown]] = {}
    for one in await in_thread(_unknown):
        if one.carrier is not None:
            by_carrier.setdefault(one.carrier, []).append(one)
    if not by_carrier:
        return 0
    ids = await in_thread(registry.row_ids)
    found = 0
    for named in (one for channel in (Channel.TEXT, Channel.VOICE) for one in registry.configured(channel)):
        waiting = by_carrier.get(ids[named.name, named.channel], [])
        if waiting:
            found += await _ask_carrier(named, ids[named.name, named.channel], waiting, connections)
    return found


async def _ask_carrier(
    named: registry.Named, carrier_id: int, waiting: Sequence[Unknown], connections: Connections
) -> int:
    carrier = registry.make(named, Lane.TRANSACTIONAL, connections)
    try:
        if not isinstance(carrier, Finder):
            return 0
        answers = await _ask_all(carrier, waiting)
    finally:
        await carrier.close()
    reports = [answer for answer in answers if isinstance(answer, Report)]
    never_had = [one for one, answer in zip(waiting, answers, strict=True) if answer is None]
    found = await in_thread(receipts.apply, reports, carrier=carrier_id)
    return found + await in_thread(_send_again, never_had)


async def _ask_all(carrier: Finder, waiting: Sequence[Unknown]) -> list[Report | LookupError | None]:
    """What the carrier says of each; whoever has no answer in time is asked again the next time."""
    places = asyncio.Semaphore(AT_A_TIME)
    asking = [asyncio.create_task(_ask(carrier, one, places)) for one in waiting]
    _, late = await asyncio.wait(asking, timeout=RUN_SECONDS)
    for task in late:
        task.cancel()
    await asyncio.gather(*late, return_exceptions=True)
    return [LookupError() if task in late else task.result() for task in asking]


async def _ask(carrier: Finder, one: Unknown, places: asyncio.Semaphore) -> Report | LookupError | None:
    async with places:
        try:
            return await carrier.find(one.send_id, one.address_id, one.recipient, one.since, one.alone)
        except LookupError as problem:
            return problem
        except Exception as problem:  # its words could hold an address
            log.error("carrier could not be asked", error=type(problem).__name__)
            return LookupError()


def _unknown() -> list[Unknown]:
    """What became unknown within the last hour. A send in which there is nothing of the kind is read once."""
    found: list[Unknown] = []
    now = clock.now()
    with connection.cursor() as cursor:
        cursor.execute(_SENDS, [now - OLDEST, State.UNKNOWN, Channel.EMAIL])
        for send_id, number in cursor.fetchall():
            nothing = f"unknown:{send_id}:{number}"
            if len(found) >= AT_ONCE or limits.is_remembered(nothing):
                continue
            left = AT_ONCE - len(found)
            cursor.execute(_UNKNOWN, [send_id, State.UNKNOWN, Channel.EMAIL, now - ASKED_FOR, left])
            rows = cursor.fetchall()
            found += [Unknown(*row) for row in rows]
            if not rows:
                limits.remember(nothing, lasts=GIVE_UP_AFTER)
    return _marked(found) if found else []


def _marked(found: list[Unknown]) -> list[Unknown]:
    """The same, with whether each stands alone."""
    asked: dict[str, Any] = {
        "sends": [one.send_id for one in found],
        "addresses": [one.address_id for one in found],
        "since": min(one.since for one in found) - NEAR,
        "oldest": clock.now() - OLDEST,
        "near": NEAR,
    }
    with connection.cursor() as cursor:
        cursor.execute(_OTHERS, asked)
        others = set(cursor.fetchall())
    return [one._replace(alone=(one.send_id, one.address_id) not in others) for one in found]


def _send_again(never_had: Sequence[Unknown]) -> int:
    """What a carrier never had goes again, once it has been unknown for long enough."""
    before = clock.now() - SETTLED
    by_send: dict[int, list[int]] = {}
    for one in never_had:
        if one.since < before:
            by_send.setdefault(one.send_id, []).append(one.address_id)
    return sum(_put_back(send_id, addresses) for send_id, addresses in sorted(by_send.items()))


@transaction.atomic
def _put_back(send_id: int, addresses: list[int]) -> int:
    """Put deliveries back into their send's queue, which goes on for them if it had ended. After too many tries they
    have failed."""
    send = Send.objects.select_for_update().get(pk=send_id)
    with connection.cursor() as cursor:
        cursor.execute(_AGAIN, {"send": send_id, "addresses": addresses})
        batches = [row[0] for row in cursor.fetchall()]
        cursor.execute(_STILL_UNKNOWN, [send_id, addresses, State.UNKNOWN])
        left = [row[0] for row in cursor.fetchall()]
    if batches:
        record("send.reopened", "send", send_id, by=SYSTEM, deliveries=len(addresses) - len(left))
        if send.state == Send.State.SENT:
            send.state, send.finished_at = Send.State.SENDING, None
            send.save(update_fields=["state", "finished_at"])
        each = [{"batch_id": batch} for batch in batches]
        jobs.enqueue_many("delivery.batch", each, queue=QUEUES[Lane(send.lane)])
    now = clock.now()
    failed = [Report(send_id, address, State.FAILED, Reason.GAVE_UP, "never-had-it", now) for address in left]
    receipts.apply(failed, carrier=None)
    return len(addresses)
