"""Writes of sends: freeze an audience into the ledger, pause, resume, recall."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import connection, transaction

from peelian.audit.actions import Actor, record
from peelian.core import clock, jobs
from peelian.delivery import hooks, queries
from peelian.delivery.errors import SendEnded
from peelian.delivery.models import Batch, Lane, Send

BATCH = 1_000
QUEUES = {Lane.TRANSACTIONAL: jobs.TRANSACTIONAL, Lane.URGENT: jobs.URGENT, Lane.ROUTINE: jobs.ROUTINE}

_FREEZE = """
INSERT INTO delivery (send_id, address_id, member_id, channel, changed_at)
SELECT %(send)s, r.address_id, r.member_id, r.channel, now() FROM ({rows}) r ORDER BY r.address_id
"""
_BATCHES = """
INSERT INTO delivery_batch (send_id, number, first_address, last_address, size)
SELECT %(send)s, number, min(address_id), max(address_id), count(*)
  FROM (SELECT address_id, (row_number() OVER (ORDER BY address_id) - 1) / %(size)s AS number
          FROM delivery WHERE send_id = %(send)s) d
 GROUP BY number ORDER BY number RETURNING id
"""


@transaction.atomic
def open_send(
    *,
    renderer: str,
    object_id: int,
    lane: Lane,
    rows: tuple[str, Mapping[str, Any]],
    organisation_id: int | None = None,
    topic_bit: int | None = None,
    promotion: bool = False,
) -> Send:
    """Freeze an audience in the caller's transaction: ledger rows, batches and their jobs.

    ROWS is SQL with named parameters for `address_id, member_id, channel`, an address once. Nobody at all ends at once.
    """
    send = Send.objects.create(
        renderer=renderer,
        object_id=object_id,
        lane=lane,
        organisation_id=organisation_id,
        topic_bit=topic_bit,
        promotion=promotion,
    )
    sql, values = rows
    with connection.cursor() as cursor:
        cursor.execute(_FREEZE.format(rows=sql), {**dict(values), "send": send.pk})
        send.recipients = cursor.rowcount
        cursor.execute(_BATCHES, {"send": send.pk, "size": BATCH})
        batches = [row[0] for row in cursor.fetchall()]
    send.save(update_fields=["recipients"])
    jobs.enqueue_many("delivery.batch", [{"batch_id": batch} for batch in batches], queue=QUEUES[Lane(lane)])
    if not batches:
        finish(send.pk)
    return send


@transaction.atomic
def finish(send_id: int) -> bool:
    """Mark a send as sent once none of its batches is left; true for the one caller that did."""
    if Batch.objects.filter(send_id=send_id, done_at=None).exists():
        return False
    going = Send.objects.filter(pk=send_id, state=Send.State.SENDING)
    done = going.update(state=Send.State.SENT, finished_at=clock.now())
    if done:
        send = Send.objects.get(pk=send_id)
        for hook in hooks.send_finished.values():
            hook(send)
    return bool(done)


@transaction.atomic
def pause(*, send_id: int, by: Actor) -> None:
    """Hold what is not handed over yet."""
    _move(send_id, Send.State.SENDING, Send.State.PAUSED)
    record("send.paused", "send", send_id, by=by)


@transaction.atomic
def resume(*, send_id: int, by: Actor) -> None:
    """Go on where it was paused."""
    _move(send_id, Send.State.PAUSED, Send.State.SENDING)
    send = Send.objects.get(pk=send_id)
    left = send.batches.filter(done_at=None).values_list("pk", flat=True)
    jobs.enqueue_many("delivery.batch", [{"batch_id": pk} for pk in left], queue=QUEUES[Lane(send.lane)])
    record("send.resumed", "send", send_id, by=by)
    finish(send_id)


@transaction.atomic
def recall(*, send_id: int, by: Actor) -> int:
    """Stop what is not handed over. Returns how many were still waiting; a few of them may be on the wire this
    moment."""
    found = Send.objects.filter(pk=send_id, state__in=[Send.State.SENDING, Send.State.PAUSED])
    if not found.update(state=Send.State.RECALLED, finished_at=clock.now()):
        raise SendEnded
    waiting = queries.outcomes(send_id).waiting
    jobs.enqueue("delivery.settle", send_id=send_id)
    record("send.recalled", "send", send_id, by=by, waiting=waiting)
    return waiting


def settle_recalled(*, send_id: int) -> None:
    """Give every delivery of a recalled send that never went its outcome, a batch at a time."""
    send = Send.objects.get(pk=send_id)
    left = send.batches.filter(done_at=None).values_list("pk", flat=True)
    jobs.enqueue_many("delivery.batch", [{"batch_id": pk} for pk in left], queue=QUEUES[Lane(send.lane)])


def send_one(*, renderer: str, object_id: int, address_id: int, member_id: int | None = None) -> Send:
    """Send one message to one address in the transactional lane."""
    sql = (
        "SELECT id AS address_id, %(member)s::bigint AS member_id,"
        " CASE kind WHEN 1 THEN 1 WHEN 2 THEN 2 ELSE 4 END AS channel"
        " FROM contacts_address WHERE id = %(address)s"
    )
    return open_send(
        renderer=renderer,
        object_id=object_id,
        lane=Lane.TRANSACTIONAL,
        rows=(sql, {"address": address_id, "member": member_id}),
    )


def _move(send_id: int, before: Send.State, after: Send.State) -> None:
    if not Send.objects.filter(pk=send_id, state=before).update(state=after):
        raise SendEnded
