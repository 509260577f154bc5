"""Writes of sends: freeze an audience into the ledger, pause, resume, recall."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.db import connection, transaction

from peelian.audit.actions import SYSTEM, Actor, record
from peelian.contacts.models import Address
from peelian.core import clock, jobs
from peelian.delivery import costs, hooks, queries
from peelian.delivery.errors import SendEnded
from peelian.delivery.models import Batch, Channel, Delivery, Lane, Priority, Send, State

BATCH = 1_000  # addresses
QUEUES = {Lane.TRANSACTIONAL: jobs.TRANSACTIONAL, Lane.URGENT: jobs.URGENT, Lane.ROUTINE: jobs.ROUTINE}
CHANNELS = {
    Address.Kind.EMAIL: Channel.EMAIL,
    Address.Kind.MOBILE: Channel.TEXT,
    Address.Kind.LANDLINE: Channel.VOICE,
}

# Cut by hand and not by format(): the caller's SQL may hold braces, and has its own kind of parameters
_FREEZE = (
    "INSERT INTO delivery (send_id, address_id, member_id, channel, changed_at)"
    " SELECT {send}, r.address_id, r.member_id, r.channel, now() FROM (",
    ") r ORDER BY r.address_id",
)
_BATCHES = """
WITH cut AS MATERIALIZED (
    SELECT number, min(address_id) AS first, max(address_id) AS last, count(*) AS size,
           count(*) FILTER (WHERE channel = 2) AS texts, count(*) FILTER (WHERE channel = 4) AS calls
      FROM (SELECT address_id, channel,
                   CASE WHEN place <= %(first)s THEN 0
                        ELSE (place - %(first)s - 1) / %(size)s + (%(first)s > 0)::int END AS number
              FROM (SELECT address_id, channel, row_number() OVER (ORDER BY address_id) AS place
                      FROM delivery WHERE send_id = %(send)s) p) d
     GROUP BY number
), made AS (
    INSERT INTO delivery_batch (send_id, number, first_address, last_address, size)
    SELECT %(send)s, number, first, last, size FROM cut ORDER BY number RETURNING number, id
)
SELECT number, made.id, texts, calls FROM made JOIN cut USING (number) ORDER BY number
"""


@transaction.atomic
def open_send(
    *,
    renderer: str,
    object_id: int,
    lane: Lane,
    rows: tuple[str, Mapping[str, Any] | Sequence[Any]],
    organisation_id: int | None = None,
    topic_bit: int | None = None,
    promotion: bool = False,
    priority: Priority = Priority.ROUTINE,
    counted: bool = False,
    text_parts: int = 1,
    language_parts: Mapping[str, int] | None = None,
    first_stage: int | None = None,
    stage_minutes: int | None = None,
    practice: bool = False,
) -> Send:
    """Freeze an audience in the caller's transaction: ledger rows, batches and their jobs.

    ROWS is SQL for `address_id, member_id, channel`, an address once, with its parameters. Nobody at all ends at once.
    COUNTED: it counts in residents' weekly limits and waits for their quiet hours. With FIRST_STAGE so many go first;
    then it waits until somebody resumes it or STAGE_MINUTES have passed. PRACTICE goes by the simulator alone.
    """
    send = Send.objects.create(
        renderer=renderer, object_id=object_id, lane=lane, organisation_id=organisation_id, topic_bit=topic_bit,
        promotion=promotion, priority=priority, counted=counted, text_parts=text_parts, first_stage=first_stage,
        language_parts=dict(language_parts or {}), practice=practice,
        stage_minutes=stage_minutes if first_stage else None,
    )  # fmt: skip
    batches = _freeze(send, *rows)
    _enqueue(send, batches[:1] if first_stage else batches)
    if not batches:
        finish(send.pk)
        send.refresh_from_db()
    return send


def _freeze(send: Send, sql: str, values: Mapping[str, Any] | Sequence[Any]) -> list[int]:
    """Write the ledger's rows, cut them into batches, and count what goes which way; returns the batches in turn."""
    with connection.cursor() as cursor:
        cursor.execute(_FREEZE[0].replace("{send}", str(send.pk)) + sql + _FREEZE[1], values)
        send.recipients = cursor.rowcount
        cursor.execute(_BATCHES, {"send": send.pk, "size": BATCH, "first": send.first_stage or 0})
        cut = cursor.fetchall()
    send.texts, send.calls = sum(row[2] for row in cut), sum(row[3] for row in cut)
    send.save(update_fields=["recipients", "texts", "calls"])
    return [row[1] for row in cut]


# A row that a worker has at this moment goes as it was claimed, and nobody waits for the other
_RENAMED = f"""
UPDATE delivery d SET member_id = %(to)s
  FROM (SELECT send_id, address_id FROM delivery
         WHERE send_id = %(send)s AND address_id = %(address)s AND member_id = %(member)s
           AND state IN ({State.QUEUED}, {State.DIGEST}) FOR UPDATE SKIP LOCKED) q
 WHERE d.send_id = q.send_id AND d.address_id = q.address_id RETURNING d.state
"""
_DIGEST_TOO = """
INSERT INTO delivery_digestitem (member_id, send_id, address_id, at, reason)
SELECT %(to)s, send_id, address_id, at, '' FROM delivery_digestitem
 WHERE member_id = %(member)s AND send_id = %(send)s AND settled_at IS NULL
ON CONFLICT DO NOTHING
"""


@transaction.atomic
def pass_on(*, copy: queries.Waiting, to: int, by: Actor = SYSTEM) -> bool:
    """Put the name of another member on a copy that has not gone, whose settings and hours then hold for it. False
    where it has gone meanwhile, or a worker has it."""
    values = {"to": to, "send": copy.send_id, "address": copy.address_id, "member": copy.member_id}
    with connection.cursor() as cursor:
        cursor.execute(_RENAMED, values)
        row = cursor.fetchone()
        if row is None:
            return False
        if row[0] == State.DIGEST:
            cursor.execute(_DIGEST_TOO, values)
    record("send.passed_on", "send", copy.send_id, by=by, member=copy.member_id, to=to)
    return True


@transaction.atomic
def delete_practice(*, send_id: int) -> None:
    """Forget a practice send and everything about it: nothing of it is a record of anything. Raises ValueError for
    any other send."""
    if not Send.objects.filter(pk=send_id, practice=True).exists():
        raise ValueError(f"Send {send_id} is not for practice.")
    with connection.cursor() as cursor:
        for table in ("delivery", "delivery_tally", "delivery_receipt", "delivery_outgoing", "delivery_batch"):
            cursor.execute(f"DELETE FROM {table} WHERE send_id = %s", [send_id])
    Send.objects.filter(pk=send_id).delete()


@transaction.atomic
def open_single(*, job_id: int, renderer: str, object_id: int, address_id: int, member_id: int | None = None) -> int:
    """The batch of one message to one address, which its job hands over itself. The same job gets it again."""
    same = {"renderer": renderer, "object_id": object_id}
    # After a restore, job numbers may begin anew
    Send.objects.filter(job_id=job_id).exclude(**same, batches__first_address=address_id).update(job_id=None)
    send, new = Send.objects.get_or_create(
        job_id=job_id, defaults={**same, "lane": Lane.TRANSACTIONAL, "recipients": 1}
    )
    if not new:
        return send.batches.values_list("pk", flat=True).get()
    kind = Address.objects.values_list("kind", flat=True).get(pk=address_id)
    Delivery.objects.create(
        send=send,
        address_id=address_id,
        member_id=member_id,
        channel=CHANNELS[Address.Kind(kind)],
        changed_at=clock.now(),
    )
    return Batch.objects.create(send=send, number=0, first_address=address_id, last_address=address_id, size=1).pk


@transaction.atomic
def finish(send_id: int) -> bool:
    """Mark a send as sent once none of its batches is left; true for the one caller that did."""
    send = Send.objects.select_for_update().get(pk=send_id)
    if send.finished_at is not None or send.batches.filter(done_at=None).exists():
        return False
    if send.state not in (Send.State.SENDING, Send.State.RECALLED):
        return False
    send.finished_at = clock.now()
    was_recalled = send.state == Send.State.RECALLED
    if not was_recalled:
        send.state = Send.State.SENT
    send.save(update_fields=["state", "finished_at"])
    costs.settle(send)
    if was_recalled:
        return False
    if send.lane != Lane.TRANSACTIONAL:  # of codes and answers the trail has the reason, not the carriage
        record("send.finished", "send", send_id, by=SYSTEM, recipients=send.recipients)
    _tell(send)
    return True


def _tell(send: Send) -> None:
    for hook in hooks.send_moved.values():
        hook(send)


@transaction.atomic
def pause(*, send_id: int, by: Actor) -> None:
    """Hold what is not handed over yet, for as long as nobody resumes it. Raises SendEnded unless it is being sent."""
    _move(send_id, [Send.State.SENDING], Send.State.PAUSED, resume_at=None)
    record("send.paused", "send", send_id, by=by)


@transaction.atomic
def resume(*, send_id: int, by: Actor) -> None:
    """Go on where it was paused. Raises SendEnded unless it is paused."""
    send = _move(send_id, [Send.State.PAUSED], Send.State.SENDING, first_stage=None, resume_at=None)
    _enqueue(send, _open_batches(send))
    record("send.resumed", "send", send_id, by=by)
    finish(send_id)


@transaction.atomic
def end_stage(*, send_id: int) -> bool:
    """Make a send wait whose first stage has gone. Whether this call did it."""
    send = Send.objects.select_for_update().get(pk=send_id)
    if send.state != Send.State.SENDING or not send.first_stage or not send.batches.filter(number__gt=0).exists():
        return False
    record("send.staged", "send", send_id, by=SYSTEM, first=send.first_stage, minutes=send.stage_minutes)
    waits = timedelta(minutes=send.stage_minutes) if send.stage_minutes else None
    send.state, send.first_stage, send.resume_at = Send.State.PAUSED, None, clock.now() + waits if waits else None
    send.save(update_fields=["state", "first_stage", "resume_at"])
    _tell(send)
    return True


@transaction.atomic
def resume_due(*, send_id: int) -> bool:
    """Go on with a send whose stage has waited long enough. Whether this call did it."""
    due = Send.objects.select_for_update().filter(pk=send_id, state=Send.State.PAUSED, resume_at__lte=clock.now())
    if not due.exists():
        return False
    resume(send_id=send_id, by=SYSTEM)
    send = Send.objects.get(pk=send_id)
    if send.state == Send.State.SENDING:
        _tell(send)
    return True


@transaction.atomic
def recall(*, send_id: int, by: Actor) -> int:
    """Stop what is not handed over, within two seconds whatever its size.

    Returns how many were still waiting; of these, the few that are with the mail server now may arrive. Their rows get
    their outcome from jobs. Raises SendEnded when it was recalled before.
    """
    states = [Send.State.SENDING, Send.State.PAUSED, Send.State.SENT]
    send = _move(send_id, states, Send.State.RECALLED, first_stage=None, resume_at=None)
    waiting = queries.outcomes(send_id).waiting
    batches = _open_batches(send)
    if batches:
        jobs.enqueue("delivery.settle", queue=jobs.URGENT, priority=1, send_id=send_id)
    record("send.recalled", "send", send_id, by=by, waiting=waiting)
    return waiting


def _enqueue(send: Send, batches: list[int]) -> None:
    jobs.enqueue_many("delivery.batch", [{"batch_id": batch} for batch in batches], queue=QUEUES[Lane(send.lane)])


def _open_batches(send: Send) -> list[int]:
    return list(send.batches.filter(done_at=None).order_by("number").values_list("pk", flat=True))


def _move(send_id: int, before: list[Send.State], after: Send.State, **more: Any) -> Send:
    if not Send.objects.filter(pk=send_id, state__in=before).update(state=after, **more):
        raise SendEnded
    return Send.objects.get(pk=send_id)
