"""How much waits, by lane and channel, and since when.

Of sends: what was frozen into those that have an open batch, less what their tallies say is done. Of codes and
confirmations: their jobs, one for each message.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from peelian.contacts.models import Address
from peelian.delivery.actions import CHANNELS
from peelian.delivery.models import Channel, Lane, Send

_SENDS = """
SELECT s.lane, s.state, c.channel, s.created_at, c.frozen - coalesce(sum(t.n), 0)
  FROM delivery_send s
 CROSS JOIN LATERAL (VALUES (1, s.recipients - s.texts - s.calls), (2, s.texts), (4, s.calls)) c(channel, frozen)
  LEFT JOIN delivery_tally t ON t.send_id = s.id AND t.channel = c.channel
 WHERE s.id IN (SELECT send_id FROM delivery_batch WHERE done_at IS NULL) AND s.job_id IS NULL
   AND s.state IN ('sending', 'paused') AND c.frozen > 0
 GROUP BY s.id, c.channel, c.frozen HAVING c.frozen > coalesce(sum(t.n), 0)
"""
_SINGLES = """
SELECT a.kind, count(*), min((SELECT min(e.at) FROM procrastinate_events e WHERE e.job_id = j.id))
  FROM procrastinate_jobs j JOIN contacts_address a ON a.id = (j.args ->> 'address_id')::bigint
 WHERE j.task_name = 'delivery.transactional' AND j.status IN ('todo', 'doing') GROUP BY a.kind
"""


@dataclass(frozen=True)
class Queue:
    """Messages by (lane, channel), those that go now and those that somebody holds. `oldest`: when the longest-waiting
    send was opened, or job enqueued, by lane; what is held does not count there."""

    waiting: Counter[tuple[Lane, Channel]]
    held: Counter[tuple[Lane, Channel]]
    oldest: dict[Lane, datetime]

    def of(self, channel: Channel) -> int:
        return sum(self.waiting[lane, channel] for lane in Lane)

    @property
    def total(self) -> int:
        return sum(self.waiting.values())

    @property
    def total_held(self) -> int:
        return sum(self.held.values())

    @property
    def since(self) -> datetime | None:
        return min(self.oldest.values(), default=None)


def read() -> Queue:
    """The queue as it is; two statements, whatever its size."""
    queue = Queue(Counter(), Counter(), {})
    with connection.cursor() as cursor:
        cursor.execute(_SENDS)
        for lane, state, channel, since, number in cursor.fetchall():
            _add(queue, Lane(lane), Channel(channel), int(number), since, held=state == Send.State.PAUSED)
        cursor.execute(_SINGLES)
        for kind, number, since in cursor.fetchall():
            _add(queue, Lane.TRANSACTIONAL, CHANNELS[Address.Kind(kind)], number, since)
    return queue


def _add(
    queue: Queue, lane: Lane, channel: Channel, number: int, since: datetime | None, *, held: bool = False
) -> None:
    (queue.held if held else queue.waiting)[lane, channel] += number
    if since is not None and not held:
        queue.oldest[lane] = min(since, queue.oldest.get(lane, since))
