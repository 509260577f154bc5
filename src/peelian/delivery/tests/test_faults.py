"""Mail servers that refuse, hang or drop, carriers that are unsure, workers that died: nobody is lost or doubled."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection

from peelian.contacts.models import Address
from peelian.core import clock, jobs
from peelian.delivery import actions, housekeeping, queries
from peelian.delivery.carriers.base import Fate
from peelian.delivery.carriers.smtp.client import Limits
from peelian.delivery.carriers.smtp.tests.faults import DROP, DROP_IN_BODY, HANG, FaultServer
from peelian.delivery.handover import MOST_TRIES, outcome
from peelian.delivery.models import Channel, Delivery, Outgoing, Reason, Send, State, Tally
from peelian.delivery.tests import renderer  # noqa: F401 (registers itself)
from peelian.delivery.tests.conftest import people, send_to, states, text_to, work_here

IMPATIENT = Limits(connect=1, command=1, data=1, idle=5)


@pytest.fixture
def server(settings) -> Iterator[FaultServer]:
    """A server with a script of faults, in a thread of its own."""
    faulty, ready, done = FaultServer(), threading.Event(), threading.Event()

    async def serve() -> None:
        async with faulty:
            ready.set()
            while not done.is_set():
                await asyncio.sleep(0.01)

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    ready.wait()
    settings.PEELIAN_SMTP_URL = f"smtp://127.0.0.1:{faulty.port}?tls=none"
    yield faulty
    done.set()
    thread.join()


@pytest.mark.parametrize(
    ("stage", "answer"),
    [
        ("greeting", "554 5.3.2 not today"), ("greeting", HANG), ("greeting", DROP), ("ehlo", DROP), ("mail", HANG),
        ("mail", "550 5.7.1 not you"), ("rcpt", "452 4.2.2 full"), ("rcpt", DROP), ("data", DROP_IN_BODY),
        ("dot", DROP), ("dot", HANG), ("dot", "451 4.3.0 later"), ("greeting", "what is this"),
    ],
)  # fmt: skip
def test_a_server_at_fault_loses_nobody(ledger, server, stage, answer):
    server.script = lambda moment: answer if moment.stage == stage else None
    send = send_to(people(12))
    again = work_here(send, limits=IMPATIENT)
    assert states(send) == {State.QUEUED: 12}
    assert len(again) == 1
    server.script = lambda moment: None
    work_here(send)
    assert states(send) == {State.HANDED_OVER: 12}
    assert server.accepted() == {f"person{n}@home.example": 1 for n in range(12)}
    assert Send.objects.get(pk=send.pk).state == Send.State.SENT


def test_a_refusal_for_good_is_final_and_nobody_elses(ledger, server):
    server.script = lambda moment: "550 5.1.1 nobody" if moment.stage == "rcpt" and "person1@" in moment.rcpt else None
    send = send_to(people(3))
    assert work_here(send) == []
    assert states(send) == {State.FAILED: 1, State.HANDED_OVER: 2}
    assert Delivery.objects.get(send=send, state=State.FAILED).reason == Reason.BOUNCED


def test_a_passing_refusal_comes_again_after_growing_pauses(ledger, server):
    server.script = lambda moment: "451 4.7.1 greylisted" if moment.stage == "rcpt" else None
    send = send_to(people(2))
    assert work_here(send, times=MOST_TRIES) == [5, 20, 80, 320, 1280, 3600, 3600]
    assert states(send) == {State.FAILED: 2}
    assert set(Delivery.objects.values_list("reason", "tries")) == {(Reason.GAVE_UP, MOST_TRIES)}
    assert Send.objects.get(pk=send.pk).state == Send.State.SENT


def test_a_server_that_is_away_is_no_try(ledger, settings, unused_tcp_port):
    settings.PEELIAN_SMTP_URL = f"smtp://127.0.0.1:{unused_tcp_port}?tls=none"
    send = send_to(people(500))
    assert work_here(send, times=10) == [None] * 10
    assert set(Delivery.objects.values_list("state", "tries")) == {(State.QUEUED, 0)}
    Send.objects.filter(pk=send.pk).update(created_at=clock.now() - timedelta(hours=25))
    work_here(send, times=10)
    assert states(send)[State.FAILED] >= 8  # those it came to, a day late


def test_an_address_that_is_none_is_refused_here(ledger, server):
    addresses = people(2)
    Address.objects.filter(pk=addresses[0].pk).update(value="x@y.example\r\nBcc: z@y.example")
    send = send_to(addresses)
    work_here(send)
    assert states(send) == {State.FAILED: 1, State.HANDED_OVER: 1}
    assert list(server.accepted()) == ["person1@home.example"]


def test_what_a_dead_worker_had_claimed_goes_again_unless_it_was_a_call(ledger, server):
    send = send_to(people(3))
    mobile = Address.objects.create(kind=2, value="+447700900123")
    Delivery.objects.create(
        send=send, address=mobile, channel=Channel.TEXT, changed_at=clock.now(), state=State.CLAIMED
    )
    send.batches.update(last_address=mobile.pk)
    first = Delivery.objects.filter(send=send).order_by("address_id")[0]
    Delivery.objects.filter(send=send, address_id=first.address_id).update(state=State.CLAIMED)
    work_here(send)
    assert server.accepted() == {f"person{n}@home.example": 1 for n in range(3)}
    assert Delivery.objects.get(send=send, address=mobile).state == State.UNKNOWN
    assert queries.outcomes(send.pk).unknown == 1


def test_a_batch_that_another_holds_is_left_alone(ledger, server):
    send = send_to(people(2))
    batch = send.batches.get().pk
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [(int.from_bytes(b"peel", "big") << 32) + batch])
        assert work_here(send) == [5.0]
        cursor.execute("SELECT pg_advisory_unlock_all()")
    assert states(send) == {State.QUEUED: 2}
    assert work_here(send, times=3) == []
    assert states(send) == {State.HANDED_OVER: 2}
    assert sum(server.accepted().values()) == 2


@pytest.mark.parametrize(
    ("ending", "state", "kept"),
    [("0123", State.HANDED_OVER, 1), ("0990", State.DELIVERED, 1), ("0991", State.FAILED, 0), ("0992", State.QUEUED, 0),
     ("0993", State.UNKNOWN, 0), ("0994", State.QUEUED, 0)],
)  # fmt: skip
def test_the_simulator_does_what_the_number_says(ledger, ending, state, kept):
    send = text_to([Address.objects.create(kind=2, value=f"+44770090{ending}")])
    work_here(send)
    assert states(send) == {state: 1}
    assert Outgoing.objects.count() == kept


@pytest.mark.parametrize(
    ("fate", "channel", "tries", "too_late", "state", "reason", "after"),
    [
        (Fate.UNKNOWN, Channel.EMAIL, 0, False, State.QUEUED, "", 1),
        (Fate.UNKNOWN, Channel.EMAIL, 7, False, State.UNKNOWN, "", 8),
        (Fate.UNKNOWN, Channel.VOICE, 0, False, State.UNKNOWN, "", 1),
        (Fate.HELD, Channel.EMAIL, 7, True, State.QUEUED, "", 7),
        (Fate.UNREACHABLE, Channel.EMAIL, 7, False, State.QUEUED, "", 7),
        (Fate.UNREACHABLE, Channel.TEXT, 0, True, State.QUEUED, "", 1),
        (Fate.UNREACHABLE, Channel.TEXT, 7, True, State.FAILED, "gave-up", 8),
        (Fate.LATER, Channel.EMAIL, 0, True, State.QUEUED, "", 1),
        (Fate.LATER, Channel.EMAIL, 7, True, State.FAILED, "gave-up", 8),
        (Fate.DEFERRED, Channel.EMAIL, 6, False, State.QUEUED, "", 7),
        (Fate.ARRIVED, Channel.TEXT, 2, True, State.DELIVERED, "", 3),
    ],
)
def test_what_a_fate_means(fate, channel, tries, too_late, state, reason, after):
    assert outcome(fate, channel, tries, too_late=too_late) == (state, reason, after)


@pytest.mark.parametrize("ending", ["0988", "0992", "0994"])
def test_what_waited_for_a_resident_s_hours_still_has_all_its_tries(ledger, ending):
    """However old its send is when it goes for the first time: two hours and a half of them, not none."""
    send = text_to([Address.objects.create(kind=2, value=f"+44770090{ending}")])
    Send.objects.filter(pk=send.pk).update(created_at=clock.now() - timedelta(hours=30))
    waits = work_here(send, times=7)
    assert waits == [5, 20, 80, 320, 1280, 3600, 3600]
    assert states(send) == {State.QUEUED: 1}
    assert work_here(send) == []
    assert states(send) == {State.FAILED: 1}


def test_tallies_fold_and_say_the_same(ledger):
    send = send_to(people(3))
    for state, n in ((2, 5), (2, 6), (4, 1), (2, -1)):
        Tally.objects.create(send=send, channel=1, state=state, n=n)
    before = queries.outcomes(send.pk).by_channel
    housekeeping.fold_tallies()
    housekeeping.fold_tallies()
    assert queries.outcomes(send.pk).by_channel == before == {1: {2: 10, 4: 1}}
    assert Tally.objects.filter(send=send).count() == 2


def test_a_single_message_asked_for_twice_goes_once(ledger):
    address = people(1)[0]
    asked = {"job_id": 41, "renderer": "delivery.test", "object_id": 1, "address_id": address.pk}
    batch = actions.open_single(**asked)
    assert actions.open_single(**asked) == batch
    send = Send.objects.get()
    work_here(send)
    assert actions.open_single(**asked) == batch
    work_here(send)
    assert Outgoing.objects.count() == 1
    assert actions.open_single(**asked | {"object_id": 2}) != batch  # another job with the number of a lost one


def test_every_job_has_a_name_that_is_known():
    assert {"delivery.batch", "delivery.transactional", "delivery.settle", "delivery.rescue"} <= jobs.known_names()
