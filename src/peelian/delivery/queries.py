"""Reads of sends: how they went, and whom a token is for."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connection
from django.db.models import Sum

from peelian.core import clock
from peelian.core.database import prepared
from peelian.core.errors import NotFound
from peelian.delivery import tokens
from peelian.delivery.errors import BadToken
from peelian.delivery.models import Send, State, Tally
from peelian.delivery.voices import voice_for

HANDED = (State.HANDED_OVER, State.DELIVERED, State.UNKNOWN)  # it has left us, and we heard of no failure


def at_home_sql(*, address: str, member: str, mask: str, topic: str) -> str:
    """The condition that somebody else who uses ADDRESS is at home today and wants it; each is SQL. MASK is the bit of
    the organisation that it is from, TOPIC the bit of its type; null where it is no matter of either. The parameter
    `today` is a day."""
    return f"""EXISTS (
    SELECT 1 FROM members_member o
     WHERE (o.email_id = {address} OR o.mobile_id = {address} OR o.landline_id = {address}) AND o.id <> {member}
       AND o.left_at IS NULL AND o.confirmed_at IS NOT NULL AND o.restricted_at IS NULL
       AND ({mask} IS NULL OR o.organisations & {mask} <> 0)
       AND ({topic} IS NULL OR o.interests & (1::bigint << {topic}) <> 0)
       AND NOT EXISTS (SELECT 1 FROM members_holiday y
                        WHERE y.member_id = o.id AND %(today)s::date BETWEEN y.first_day AND y.last_day))"""


class Waiting(NamedTuple):
    """A copy that is not handed over yet, with the member whose name is on it and when it was frozen."""

    send_id: int
    object_id: int
    address_id: int
    member_id: int
    channel: int
    frozen_at: datetime


# By the addresses that the members have or had. Sends that are under way are found by their open batches: few, and the
# only ones in that index. OFFSET 0: each row of the ledger by its whole key, whatever the planner thinks of its size.
# What is over somebody's weekly limit waits for their digest
_WAITING = f"""
WITH used AS (
    SELECT m.id AS member_id, x.address_id FROM members_member m
     CROSS JOIN LATERAL (VALUES (m.email_id), (m.mobile_id), (m.landline_id)) x(address_id)
     WHERE m.id = ANY(%(members)s) AND x.address_id IS NOT NULL
     UNION SELECT member_id, address_id FROM members_formeraddress WHERE member_id = ANY(%(members)s)
     UNION SELECT member_id, address_id FROM members_helper WHERE member_id = ANY(%(members)s)
), under_way AS MATERIALIZED (
    SELECT s.id FROM (SELECT DISTINCT b.send_id FROM delivery_batch b WHERE b.done_at IS NULL) b
      JOIN delivery_send s ON s.id = b.send_id WHERE s.renderer = %(renderer)s
), found AS (
    SELECT d.send_id, d.address_id, d.member_id, d.channel
      FROM (SELECT w.id AS send_id, u.member_id, u.address_id FROM under_way w CROSS JOIN used u) k
     CROSS JOIN LATERAL (SELECT * FROM delivery x
                          WHERE x.send_id = k.send_id AND x.address_id = k.address_id OFFSET 0) d
     WHERE d.member_id = k.member_id AND d.state = {State.QUEUED}
     UNION
    SELECT d.send_id, d.address_id, d.member_id, d.channel
      FROM delivery_digestitem i
      JOIN delivery d ON d.send_id = i.send_id AND d.address_id = i.address_id AND d.member_id = i.member_id
     WHERE i.member_id = ANY(%(members)s) AND i.settled_at IS NULL AND d.state = {State.DIGEST}
)
SELECT f.send_id, s.object_id, f.address_id, f.member_id, f.channel, s.created_at
  FROM found f JOIN delivery_send s ON s.id = f.send_id
 WHERE s.renderer = %(renderer)s AND s.state IN ('sending', 'paused', 'sent') ORDER BY 1, 3
"""


def waiting_for(member_ids: Sequence[int], *, renderer: str) -> list[Waiting]:
    """Copies of sends by a renderer that carry the name of one of these members and have not gone."""
    with connection.cursor() as cursor:
        cursor.execute(_WAITING, {"members": list(member_ids), "renderer": renderer})
        return [Waiting(*row) for row in cursor.fetchall()]


@dataclass(frozen=True)
class Outcomes:
    """How far a send has got, from tallies: channel → state → deliveries. What is in no tally is still waiting."""

    recipients: int
    by_channel: dict[int, dict[int, int]]

    def _total(self, state: State) -> int:
        return sum(states.get(state, 0) for states in self.by_channel.values())

    @property
    def handed_over(self) -> int:
        return self._total(State.HANDED_OVER)

    @property
    def delivered(self) -> int:
        return self._total(State.DELIVERED)

    @property
    def failed(self) -> int:
        return self._total(State.FAILED)

    @property
    def not_sent(self) -> int:
        return self._total(State.NOT_SENT)

    @property
    def in_digest(self) -> int:
        return self._total(State.DIGEST)

    @property
    def unknown(self) -> int:
        return self._total(State.UNKNOWN)

    @property
    def waiting(self) -> int:
        return self.recipients - sum(sum(states.values()) for states in self.by_channel.values())


def may_be_spoken(language: str) -> bool:
    """Whether a call may be in this language."""
    return voice_for(language) is not None


def outcomes(send_id: int) -> Outcomes:
    """The send's outcomes so far: one read of its few tally rows, never of the ledger."""
    by_channel: dict[int, dict[int, int]] = {}
    tallies = Tally.objects.filter(send_id=send_id).values_list("channel", "state").annotate(total=Sum("n"))
    for channel, state, total in tallies:
        if total:
            by_channel.setdefault(channel, {})[state] = total
    return Outcomes(Send.objects.values_list("recipients", flat=True).get(pk=send_id), by_channel)


class Resting(NamedTuple):
    """How many deliveries of a send wait as their residents asked: for hours in which they want them, or for a week
    that has room. `first`: when some of them may go; `last`: when the last may; `others`: how many wait for something
    else, such as their turn."""

    number: int
    first: datetime
    last: datetime
    others: int


# By the index of open batches, as their last run left them, and tallies; never by the ledger. What may go by now does
# not rest
_RESTING = """
SELECT r.*, greatest(0, s.recipients - r.number
       - (SELECT coalesce(sum(n), 0) FROM delivery_tally t WHERE t.send_id = r.send_id))
  FROM (SELECT send_id, sum(resting) AS number, min(resting_from), max(resting_until) FROM delivery_batch
         WHERE done_at IS NULL AND send_id = ANY(%s) AND resting_from > %s GROUP BY send_id) r
  JOIN delivery_send s ON s.id = r.send_id
"""


def resting(send_ids: Sequence[int]) -> dict[int, Resting]:
    """Send → what of it rests; without those of which nothing does."""
    with connection.cursor() as cursor:
        cursor.execute(_RESTING, [list(send_ids), clock.now()])
        return {
            send: Resting(int(number), first, last, int(others))
            for send, number, first, last, others in cursor.fetchall()
        }


@dataclass(frozen=True)
class Recipient:
    """Whom a link in a message was made for. Mail is forwarded: this is never proof of who opens it."""

    send_id: int
    address_id: int
    member_id: int | None
    renderer: str
    object_id: int
    at: datetime  # when the send was opened


def recipient(token: str) -> Recipient:
    """Whom the token is for; BadToken when it is not one of ours, NotFound when the delivery is no longer kept."""
    return _recipient(*tokens.read(token))


# By hand: thousands follow the links of one alert in its first minutes, and a query set costs more than its query
_RECIPIENT = """
SELECT d.send_id, d.address_id, d.member_id, s.renderer, s.object_id, s.created_at
  FROM delivery d JOIN delivery_send s ON s.id = d.send_id WHERE d.send_id = %s AND d.address_id = %s
"""


def _recipient(send_id: int, address_id: int) -> Recipient:
    with prepared() as cursor:
        cursor.execute(_RECIPIENT, [send_id, address_id])
        found = cursor.fetchone()
    if found is None:
        raise NotFound
    return Recipient(*found)


def is_answer(name: str) -> bool:
    """Whether this is what we put into an address for answers."""
    try:
        tokens.read_reply(name)
    except BadToken:
        return False
    return True


def recipient_of_answer(name: str) -> Recipient:
    """Whom the message went to that somebody answers by email; raises as `recipient` does."""
    return _recipient(*tokens.read_reply(name))


def last_text(address_ids: Sequence[int], renderers: Sequence[str], since: datetime) -> Recipient | None:
    """The newest text that reached one of these numbers, of these kinds and not older than SINCE.

    A few thousand sends are looked at, each by the key of the ledger; the ledger itself is never searched."""
    with connection.cursor() as cursor:
        cursor.execute(_LAST_TEXT, {"ids": list(address_ids), "renderers": list(renderers), "since": since})
        row = cursor.fetchone()
    return _recipient(*row) if row else None


_LAST_TEXT = f"""
SELECT s.id, d.address_id
  FROM (SELECT id FROM delivery_send WHERE renderer = ANY(%(renderers)s) AND created_at >= %(since)s
           AND (texts > 0 OR job_id IS NOT NULL) ORDER BY id DESC LIMIT 5000) s
 CROSS JOIN LATERAL (
       SELECT address_id FROM delivery
        WHERE send_id = s.id AND address_id = ANY(%(ids)s) AND channel = 2
          AND state IN ({", ".join(str(int(state)) for state in HANDED)})
        LIMIT 1) d
 ORDER BY s.id DESC LIMIT 1
"""


def message_id_end() -> str:
    """How every Message-ID of this installation ends. Two never make the same, and nobody can tell from it how to make
    a token."""
    own = hashlib.sha256(b"peelian.delivery.message-id" + settings.SECRET_KEY.encode()).hexdigest()[:12]
    return f".{own}@{settings.PEELIAN_MAIL_DOMAIN}>"


def members_handed_sql(send_id: int) -> tuple[str, list[Any]]:
    """SQL that selects the members who were handed this send, be it in a digest."""
    sql = (
        "SELECT d.member_id FROM delivery d WHERE d.send_id = %s AND d.member_id IS NOT NULL AND (d.state = ANY(%s)"
        f" OR d.state = {State.DIGEST} AND EXISTS (SELECT 1 FROM delivery_digestitem i"
        " WHERE i.member_id = d.member_id AND i.send_id = d.send_id AND i.digest_id IS NOT NULL))"
    )
    return sql, [send_id, list(map(int, HANDED))]
