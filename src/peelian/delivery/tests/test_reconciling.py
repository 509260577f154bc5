"""Texts and calls whose fate nobody knows: their carrier is asked; never one is sent twice."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from email.utils import format_datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection

from peelian.contacts.models import Address
from peelian.core import clock
from peelian.core.messages import TOKEN
from peelian.delivery import ledger, receipts, reconciling
from peelian.delivery.carriers import registry
from peelian.delivery.carriers.notify.tests import fake as notify
from peelian.delivery.carriers.tests import faking
from peelian.delivery.carriers.tests.faking import Asked, Fake, Reply
from peelian.delivery.carriers.twilio.tests import fake as twilio
from peelian.delivery.database import Connections
from peelian.delivery.handover import MOST_TRIES
from peelian.delivery.models import Batch, Delivery, Reason, Send, State
from peelian.delivery.operations import failures
from peelian.delivery.receipts import Report
from peelian.delivery.tests import renderer
from peelian.delivery.tests.conftest import LIVELY, states, text_to, until, work_here

pytestmark = pytest.mark.usefixtures("ledger")


def residents(count: int) -> list[Address]:
    return Address.objects.bulk_create(Address(kind=2, value=f"+4477009005{n:02}") for n in range(count))


def open_texts(count: int, channel: int = 2) -> Send:
    return text_to(residents(count), channel=channel)


def ask() -> int:
    async def work() -> int:
        connections = Connections()
        try:
            return await reconciling.run(connections)
        finally:
            await connections.close()

    return asyncio.run(work())


def earlier(send: Send, minutes: int) -> None:
    Delivery.objects.filter(send=send).update(changed_at=clock.now() - timedelta(minutes=minutes))


class Notify:
    """GOV.UK Notify, whose answers get lost for some numbers and who never gets the orders for others."""

    def __init__(self) -> None:
        self.inside = notify.Notify()
        self.answer_lost: set[str] = set()
        self.order_lost: set[str] = set()

    def __call__(self, asked: Asked) -> Reply:
        number = json.loads(asked.body)["phone_number"] if asked.method == "POST" else ""
        if number in self.order_lost:
            return faking.DROPPED
        reply = self.inside(asked)
        return faking.DROPPED if number in self.answer_lost else reply

    @property
    def references(self) -> list[str]:
        return [one["reference"] for one in self.inside.kept]


@pytest.fixture
def carrier(settings) -> Iterator[Notify]:
    told = Notify()
    with faking.served(told) as served:
        settings.PEELIAN_TEXT_CARRIERS = notify.URL + served.api
        yield told


def test_a_text_whose_answer_was_lost_is_found_and_not_sent_again(carrier):
    carrier.answer_lost = {"+447700900500", "+447700900501"}
    send = open_texts(5)
    work_here(send)
    assert states(send) == {State.HANDED_OVER: 3, State.UNKNOWN: 2}
    assert ask() == 2
    assert states(send) == {State.HANDED_OVER: 5}
    assert len(set(carrier.references)) == len(carrier.references) == 5
    assert ask() == 0


def test_what_it_says_of_their_arrival_counts(carrier):
    carrier.answer_lost = {"+447700900500", "+447700900501"}
    send = open_texts(2)
    work_here(send)
    for one, status in zip(carrier.inside.kept, ("delivered", "permanent-failure"), strict=True):
        one["status"] = status
    assert ask() == 2
    assert states(send) == {State.DELIVERED: 1, State.FAILED: 1}
    assert Delivery.objects.get(send=send, state=State.FAILED).reason == Reason.BOUNCED


def test_one_that_never_arrived_there_goes_again_once_that_is_certain(carrier):
    carrier.order_lost = {"+447700900501"}
    send = open_texts(3)
    work_here(send)
    assert states(send) == {State.HANDED_OVER: 2, State.UNKNOWN: 1}
    assert Send.objects.get(pk=send.pk).state == Send.State.SENT
    carrier.order_lost = set()
    assert ask() == 0  # its order may still be on the way
    assert states(send)[State.UNKNOWN] == 1
    earlier(send, 6)
    assert ask() == 1
    assert states(send) == {State.HANDED_OVER: 2, State.QUEUED: 1}
    assert Send.objects.get(pk=send.pk).state == Send.State.SENDING
    work_here(send)
    assert states(send) == {State.HANDED_OVER: 3}
    assert Send.objects.get(pk=send.pk).state == Send.State.SENT
    assert not Batch.objects.filter(send=send, done_at=None).exists()
    assert len(set(carrier.references)) == len(carrier.references) == 3


def test_of_a_recalled_send_it_does_not_go_again(carrier):
    carrier.order_lost = {"+447700900500"}
    send = open_texts(1)
    work_here(send)
    Send.objects.filter(pk=send.pk).update(state=Send.State.RECALLED)
    earlier(send, 6)
    ask()
    work_here(send)
    assert states(send) == {State.NOT_SENT: 1}
    assert carrier.references == []


@pytest.mark.parametrize("days", [1.5, 14.5])
def test_one_that_waited_for_the_resident_s_hours_or_week_is_asked_for_too(carrier, days):
    """However old its send is: it went for the first time a moment ago."""
    carrier.order_lost = {"+447700900500"}
    send = open_texts(1)
    Send.objects.filter(pk=send.pk).update(created_at=clock.now() - timedelta(days=days))
    work_here(send)
    earlier(send, 6)
    assert ask() == 1
    assert states(send) == {State.QUEUED: 1}


def test_after_too_many_tries_it_has_failed(carrier):
    carrier.order_lost = {"+447700900500"}
    send = open_texts(1)
    work_here(send)
    Delivery.objects.filter(send=send).update(tries=MOST_TRIES)
    earlier(send, 6)
    assert ask() == 1
    assert states(send) == {State.FAILED: 1}
    assert Delivery.objects.get(send=send).reason == Reason.GAVE_UP


def test_after_an_hour_nobody_asks_and_it_stays_listed(carrier):
    carrier.answer_lost = {"+447700900500"}
    send = open_texts(2)
    work_here(send)
    earlier(send, 61)
    assert ask() == 0
    assert states(send) == {State.HANDED_OVER: 1, State.UNKNOWN: 1}
    (listed,) = failures.by_reason().of(State.UNKNOWN)
    assert (listed.day, listed.week) == (1, 1)


def test_a_carrier_that_cannot_say_now_is_asked_again(carrier):
    carrier.answer_lost = {"+447700900500"}
    send = open_texts(1)
    work_here(send)
    inside, carrier.inside = carrier.inside, lambda asked: Reply(503, "{}")
    assert ask() == 0
    carrier.inside = inside
    assert ask() == 1
    assert states(send) == {State.HANDED_OVER: 1}


def test_what_a_killed_worker_had_in_hand_is_found(workers, settings):
    """Notify is slow: the worker dies after the orders were taken and before it knew."""
    told, hold = Notify(), threading.Event()

    def slow(asked: Asked) -> Reply:
        reply = told(asked)
        if asked.method == "POST":
            hold.wait(20)
        return reply

    with faking.served(slow) as served:
        url = settings.PEELIAN_TEXT_CARRIERS = notify.URL + served.api
        send = open_texts(20)
        first = workers.start(more={"PEELIAN_TEXT_CARRIERS": url}, code=LIVELY)
        until(lambda: len(told.references) >= 6)
        first.kill()
        first.wait()
        hold.set()
        workers.start(more={"PEELIAN_TEXT_CARRIERS": url}, code=LIVELY)
        until(lambda: Send.objects.get(pk=send.pk).state == Send.State.SENT, 30)
        before = states(send)
        assert before[State.UNKNOWN] >= 6
        ask()
        earlier(send, 6)  # those of which Notify never heard
        until(lambda: not ask() and State.UNKNOWN not in states(send), 30)
        until(lambda: states(send) == {State.HANDED_OVER: 20}, 30)
    assert len(set(told.references)) == len(told.references) == 20


# Twilio, which keeps no reference of ours -----------------------------------------------------------------------


class Twilio:
    def __init__(self) -> None:
        self.kept: list[dict[str, str]] = []

    def __call__(self, asked: Asked) -> Reply:
        where = urlsplit(asked.path)
        if asked.method == "GET" and where.query:
            wanted = {name: values[0] for name, values in parse_qs(where.query).items()}
            found = [one for one in self.kept if one["to"] == wanted["To"] and one["from"] == wanted["From"]]
            return Reply(200, {where.path.rpartition("/")[2].removesuffix(".json").lower(): found})
        reply = twilio.answer(asked._replace(path=where.path))
        if asked.method == "POST" and reply.status == 201:
            form = twilio.form_of(asked)
            at = format_datetime(clock.now())
            self.kept.append({"to": form["To"], "from": form["From"], "status": "sent", "date_created": at})
            self.kept[-1]["body"] = form.get("Body", "")
            return faking.DROPPED
        return reply


@pytest.fixture
def lossy(settings) -> Iterator[tuple[Twilio, Fake]]:
    told = Twilio()
    with faking.served(told) as served:
        settings.PEELIAN_TEXT_CARRIERS = settings.PEELIAN_VOICE_CARRIERS = twilio.URL + served.api
        yield told, served


@pytest.mark.parametrize("channel", [2, 4])
def test_twilio_is_asked_by_recipient_and_time(lossy, channel):
    told, _ = lossy
    send = open_texts(2, channel)
    work_here(send)
    assert states(send) == {State.UNKNOWN: 2}
    told.kept[0]["status"] = "queued"
    if channel == 4:
        told.kept[1]["status"] = "completed"
    assert ask() == 2
    assert states(send) == ({State.HANDED_OVER: 2} if channel == 2 else {State.HANDED_OVER: 1, State.DELIVERED: 1})


def test_twilio_s_silence_or_two_of_them_say_nothing(lossy):
    told, _ = lossy
    send = open_texts(2)
    work_here(send)
    told.kept.append({**told.kept[0]})
    del told.kept[1]
    earlier(send, 1)
    assert ask() == 0
    earlier(send, 30)
    assert ask() == 0
    assert states(send) == {State.UNKNOWN: 2}  # and none of them goes again


@pytest.mark.parametrize("channel", [2, 4])
def test_one_record_never_counts_for_two(lossy, channel, monkeypatch):
    """Two messages to one number within a minute, of which one seems not to have arrived there. A text says by its link
    whose it is."""
    told, _ = lossy
    monkeypatch.setattr(renderer.ForTests, "text", lambda self, object_id: f"Two vans. https://now.example/m/{TOKEN}/")
    (resident,) = residents(1)
    sends = [text_to([resident], channel=channel) for _ in range(2)]
    for send in sends:
        work_here(send)
    assert len(told.kept) == 2
    kept, told.kept = told.kept, []
    found = []
    for records in (kept[1:], kept[1:], kept):  # asked again and again, and then it is there
        told.kept = records
        ask()
        found.append([next(iter(states(send))) for send in sends])
    one, unknown = State.HANDED_OVER, State.UNKNOWN
    assert found == ([[unknown, one], [unknown, one], [one, one]] if channel == 2 else [[unknown, unknown]] * 3)


def test_the_record_of_one_that_is_known_counts_for_no_other(lossy):
    """The first call was taken and answered; of the second the order was lost."""
    told, fake = lossy
    (resident,) = residents(1)
    fake.answer = lambda asked: _kept(told, asked)
    first = text_to([resident], channel=4)
    work_here(first)
    assert states(first) == {State.HANDED_OVER: 1}
    fake.answer = told
    second = text_to([resident], channel=4)
    work_here(second)
    told.kept = told.kept[:1]
    assert ask() == 0
    assert states(second) == {State.UNKNOWN: 1}


def _kept(told: Twilio, asked: Asked) -> Reply:
    told(asked)
    return Reply(201, {"sid": "CA1", "status": "queued"})


# A receipt that comes before our own record ---------------------------------------------------------------------


def recorded(send: Send, address_id: int) -> None:
    values = {"send": send.pk, "keys": [address_id], "states": [2], "reasons": [""], "tries": [1]}
    with connection.cursor() as cursor:
        cursor.execute(ledger.RECORD, values)


@pytest.mark.parametrize("receipt_first", [True, False])
@pytest.mark.parametrize(("state", "reason"), [(State.DELIVERED, Reason.NONE), (State.FAILED, Reason.FULL)])
def test_receipt_and_record_come_in_either_order(receipt_first, state, reason):
    send = open_texts(1)
    address = Delivery.objects.get(send=send).address_id
    carrier = registry.row_ids()["simulator", 2]
    Delivery.objects.filter(send=send).update(state=State.CLAIMED, carrier=carrier)
    report = Report(send.pk, address, state, reason, "x", clock.now())
    if not receipt_first:
        recorded(send, address)
    receipts.apply([report], carrier=carrier)
    if receipt_first:
        recorded(send, address)
    assert states(send) == {state: 1}
    assert set(send.tallies.values_list("carrier", flat=True)) == {carrier}
    span = {"send": send.pk, "first": address, "last": address}
    with connection.cursor() as cursor:
        cursor.execute(ledger.RESET, {**span, "held": []})
        cursor.execute(ledger.STOP, span)
    assert states(send) == {state: 1}
