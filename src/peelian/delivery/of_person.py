"""What one person was sent. The ledger's key is (send, address) and it has no other index, so that nothing here asks it
by address alone: the sends are walked, newest first, and the ledger is asked for each by its key.

What went to many stands in the small index `sends_to_many`; a code or confirmation is a batch of one, and is found by
`batches_of_one`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import connection

from peelian.contacts.models import Address
from peelian.core.personal_data import Person, Rows
from peelian.delivery.models import Channel, Delivery, Incoming, Outgoing, Reason, Receipt, State

DEPTH = 5_000  # sends looked at in one go: 30 to 50 ms, whatever is found
# The subquery in the middle cannot be pulled up, so that the ledger is asked by its key for each send
_TO_MANY = """
SELECT s.id, s.renderer, s.object_id, s.created_at, d.address_id, d.member_id, d.channel, d.state, d.reason
  FROM (SELECT id, renderer, object_id, created_at FROM delivery_send
         WHERE job_id IS NULL AND id < %(before)s ORDER BY id DESC LIMIT %(depth)s) s
 CROSS JOIN LATERAL (SELECT * FROM delivery
                      WHERE send_id = s.id AND address_id = ANY(%(addresses)s::bigint[]) OFFSET 0) d
 WHERE (%(renderer)s = '' OR s.renderer = %(renderer)s) AND s.created_at >= %(since)s
   AND (d.member_id = ANY(%(members)s::bigint[]) OR d.member_id IS NULL AND d.address_id = ANY(%(alone)s::bigint[]))
 ORDER BY s.id DESC LIMIT %(most)s
"""
_LAST_LOOKED_AT = """
SELECT min(id), count(*), min(created_at) FROM (
    SELECT id, created_at FROM delivery_send
     WHERE job_id IS NULL AND id < %(before)s ORDER BY id DESC LIMIT %(depth)s) s
"""
_TO_ONE = """
SELECT s.id, s.renderer, s.object_id, s.created_at, d.address_id, d.member_id, d.channel, d.state, d.reason
  FROM (SELECT send_id FROM delivery_batch WHERE size = 1 AND first_address = ANY(%(addresses)s::bigint[])) b
  JOIN delivery_send s ON s.id = b.send_id AND s.job_id IS NOT NULL
 CROSS JOIN LATERAL (SELECT * FROM delivery
                      WHERE send_id = s.id AND address_id = ANY(%(addresses)s::bigint[]) OFFSET 0) d
 WHERE d.member_id = ANY(%(members)s::bigint[]) OR d.member_id IS NULL AND d.address_id = ANY(%(alone)s::bigint[])
 ORDER BY s.id DESC
"""
_REMOVE = """
DELETE FROM delivery d USING unnest(%s::bigint[], %s::bigint[]) AS x(send_id, address_id)
 WHERE d.send_id = x.send_id AND d.address_id = x.address_id
"""
_REMOVE_RECEIPTS = """
DELETE FROM delivery_receipt d USING unnest(%s::bigint[], %s::bigint[]) AS x(send_id, address_id)
 WHERE d.send_id = x.send_id AND d.address_id = x.address_id
"""
_FIRST = 1 << 62


class Sent(NamedTuple):
    """One row of the ledger, with what its send was."""

    send_id: int
    renderer: str
    object_id: int
    at: datetime
    address_id: int
    member_id: int | None
    channel: int
    state: int
    reason: str


class Walk(NamedTuple):
    """What was found, newest first, and from which send on to look further; 0: there is nothing further back."""

    found: list[Sent]
    before: int


def sent_to_many(
    *,
    addresses: Sequence[int],
    members: Sequence[int],
    renderer: str = "",
    since: date | None = None,
    alone: Sequence[int] = (),
    before: int = 0,
    most: int = 25,
    depth: int = DEPTH,
) -> Walk:
    """What went to many and to one of ADDRESSES, for one of MEMBERS (or, where it was for no member, to an address in
    ALONE), from the send BEFORE on; of a RENDERER, and not before the day SINCE. Looks at DEPTH sends at most: fewer
    rows than MOST with a send to go on from mean that it may be worth while to look further."""
    values: dict[str, Any] = {
        "addresses": list(addresses), "members": list(members), "alone": list(alone), "renderer": renderer,
        "since": since or date(2000, 1, 1), "before": before or _FIRST, "most": most, "depth": depth,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_TO_MANY, values)
        found = [Sent(*row) for row in cursor.fetchall()]
        if len(found) == most:
            return Walk(found, found[-1].send_id)
        cursor.execute(_LAST_LOOKED_AT, values)
        last, looked, oldest = cursor.fetchone()
    done = looked < depth or (since is not None and oldest.date() < since)
    return Walk(found, 0 if done else last)


def sent(send_id: int, addresses: Sequence[int], members: Sequence[int]) -> list[Sent]:
    """What one send was to these addresses, for these members."""
    found = Delivery.objects.filter(send=send_id, address__in=list(addresses), member__in=list(members))
    return [
        Sent(send_id, row.send.renderer, row.send.object_id, row.send.created_at, row.address_id, row.member_id,
             row.channel, row.state, row.reason)
        for row in found.select_related("send")
    ]  # fmt: skip


def _all(person: Person) -> Iterator[Sent]:
    """Everything, newest first: what went to many, then codes, confirmations and answers."""
    given: dict[str, Any] = {"addresses": person.address_ids, "members": [person.member_id], "alone": person.alone_ids}
    before = 0
    while person.sent_since is not None:
        walk = sent_to_many(**given, since=person.sent_since, before=before, most=DEPTH)
        yield from walk.found
        if not walk.before:
            break
        before = walk.before
    with connection.cursor() as cursor:
        cursor.execute(_TO_ONE, {name: list(ids) for name, ids in given.items()})
        yield from [Sent(*row) for row in cursor.fetchall()]


def rows(person: Person) -> Rows:
    """For the copy of somebody's data."""
    return [
        {
            "at": one.at,
            "what": one.renderer,
            "number": one.object_id,
            "by": Channel(one.channel).label,
            "state": State(one.state).label,
            "why": Reason(one.reason).label,
        }
        for one in _all(person)
    ]


def remove(person: Person) -> int:
    """Delete a person's rows of the ledger, and what carriers said about them."""
    pairs = [(one.send_id, one.address_id) for one in _all(person)]
    sends, addresses = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    with connection.cursor() as cursor:
        cursor.execute(_REMOVE_RECEIPTS, [sends, addresses])
        cursor.execute(_REMOVE, [sends, addresses])
        return int(cursor.rowcount)


def receipt_rows(person: Person) -> Rows:
    pairs = {(one.send_id, one.address_id) for one in _all(person)}
    found = Receipt.objects.filter(send_id__in={send for send, _ in pairs}, address_id__in=person.address_ids)
    return [
        {"at": row.at, "state": State(row.state).label, "why": Reason(row.reason).label, "code": row.code}
        for row in found.order_by("at")
        if (row.send_id, row.address_id) in pairs
    ]


# The local outbox, and mail that could not be read ------------------------------------------------------------------


def outbox_rows(person: Person) -> Rows:
    found = Outgoing.objects.filter(address__in=person.alone_ids).order_by("at")
    return list(found.values("at", "recipient", "subject"))


def remove_outbox(person: Person) -> int:
    return Outgoing.objects.filter(address__in=person.alone_ids).delete()[0]


def incoming_rows(person: Person) -> Rows:
    return [
        {"received_at": row.received_at, "problem": row.problem, "content": bytes(row.content).decode(errors="replace")}
        for row in _incoming(person)
    ]


def remove_incoming(person: Person) -> int:
    return Incoming.objects.filter(pk__in=[row.pk for row in _incoming(person)]).delete()[0]


def _incoming(person: Person) -> list[Incoming]:
    """Few rows stand there, a week at most: those with one of the person's own email addresses in them."""
    emails = Address.objects.filter(pk__in=person.alone_ids, kind=Address.Kind.EMAIL).values_list("value", flat=True)
    wanted = [email.encode() for email in emails]
    return [row for row in Incoming.objects.all() if any(one in bytes(row.content).lower() for one in wanted)]
