"""Reads of sends: how they went, and whom a token is for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Sum

from peelian.core.errors import NotFound
from peelian.delivery import tokens
from peelian.delivery.models import Delivery, Send, State, Tally

HANDED = (State.HANDED_OVER, State.DELIVERED, State.UNKNOWN)  # it has left us, and we heard of no failure


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


def outcomes(send_id: int) -> Outcomes:
    """The send's outcomes so far: one read of its few tally rows, never of the ledger."""
    by_channel: dict[int, dict[int, int]] = {}
    tallies = Tally.objects.filter(send_id=send_id).values_list("channel", "state").annotate(total=Sum("n"))
    for channel, state, total in tallies:
        if total:
            by_channel.setdefault(channel, {})[state] = total
    return Outcomes(Send.objects.values_list("recipients", flat=True).get(pk=send_id), by_channel)


@dataclass(frozen=True)
class Recipient:
    """Whom a link in a message was made for. Mail is forwarded: this is never proof of who opens it."""

    send: Send
    address_id: int
    member_id: int | None

    @property
    def renderer(self) -> str:
        return self.send.renderer

    @property
    def object_id(self) -> int:
        return self.send.object_id


def recipient(token: str) -> Recipient:
    """Whom the token is for; BadToken when it is not one of ours, NotFound when the delivery is no longer kept."""
    send_id, address_id = tokens.read(token)
    found = Delivery.objects.select_related("send").filter(send_id=send_id, address_id=address_id).first()
    if found is None:
        raise NotFound
    return Recipient(found.send, address_id, found.member_id)


def members_handed_sql(send_id: int) -> tuple[str, list[Any]]:
    """SQL that selects the members who were handed this send, be it in a digest."""
    sql = (
        "SELECT d.member_id FROM delivery d WHERE d.send_id = %s AND d.member_id IS NOT NULL AND (d.state = ANY(%s)"
        f" OR d.state = {State.DIGEST} AND EXISTS (SELECT 1 FROM delivery_digestitem i"
        " WHERE i.member_id = d.member_id AND i.send_id = d.send_id AND i.digest_id IS NOT NULL))"
    )
    return sql, [send_id, list(map(int, HANDED))]
