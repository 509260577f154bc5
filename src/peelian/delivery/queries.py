"""Reads of sends: how they went, and whom a token is for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Sum

from peelian.contacts.queries import masked
from peelian.core import clock
from peelian.core.errors import NotFound
from peelian.delivery import tokens
from peelian.delivery.models import Carrier, Channel, Delivery, Send, State, Tally

UNKNOWN_AFTER = timedelta(hours=1)  # for so long the carrier is asked


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


@dataclass(frozen=True)
class Unknown:
    """A text or call of which nobody could say whether it went. The address is masked."""

    send_id: int
    address_id: int
    channel: Channel
    carrier: str
    address: str
    since: datetime


def unknown(days: int = 7, most: int = 200) -> list[Unknown]:
    """Texts and calls that are unknown still after their carrier was asked for an hour (delivery.reconciling), the
    newest first. By tallies: there is no index on a delivery's state."""
    sends = (
        Tally.objects.filter(state=State.UNKNOWN, send__created_at__gte=clock.now() - timedelta(days=days))
        .exclude(channel=Channel.EMAIL)
        .values("send_id")
        .annotate(total=Sum("n"))
        .filter(total__gt=0)
        .values_list("send_id", flat=True)
    )
    rows = (
        Delivery.objects.filter(
            send_id__in=list(sends), state=State.UNKNOWN, changed_at__lt=clock.now() - UNKNOWN_AFTER
        )
        .exclude(channel=Channel.EMAIL)
        .select_related("address")
        .order_by("-changed_at")[:most]
    )
    names = dict(Carrier.objects.values_list("pk", "name"))
    return [
        Unknown(
            row.send_id,
            row.address_id,
            Channel(row.channel),
            names.get(row.carrier or 0, ""),
            masked(row.address),
            row.changed_at,
        )
        for row in rows
    ]


def members_handed_sql(send_id: int) -> tuple[str, list[Any]]:
    """SQL that selects the members who were handed this send, be it in a digest."""
    states = [State.HANDED_OVER, State.DELIVERED, State.UNKNOWN]
    sql = (
        "SELECT d.member_id FROM delivery d WHERE d.send_id = %s AND d.member_id IS NOT NULL AND (d.state = ANY(%s)"
        f" OR d.state = {State.DIGEST} AND EXISTS (SELECT 1 FROM delivery_digestitem i"
        " WHERE i.member_id = d.member_id AND i.send_id = d.send_id AND i.digest_id IS NOT NULL))"
    )
    return sql, [send_id, [int(state) for state in states]]
