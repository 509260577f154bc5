"""Carriers in a storm while real workers send: dropped, stalled, refused, put off; receipts early, late and twice."""

from __future__ import annotations

import json
import random
import threading
import time
from collections import Counter

import pytest
from django.db import connection
from django.test import Client

from peelian.delivery.carriers.notify.tests import fake as notify
from peelian.delivery.carriers.smtp.tests.faults import DROP, DROP_IN_BODY, Moment
from peelian.delivery.carriers.tests import faking
from peelian.delivery.carriers.tests.faking import Asked, Reply
from peelian.delivery.carriers.tests.hooks import forget
from peelian.delivery.models import Delivery, Reason, Receipt, State
from peelian.delivery.tests import renderer  # noqa: F401 (registers itself)
from peelian.delivery.tests.conftest import HASTY, ended, mobiles, people, send_to, states, text_to, until
from peelian.delivery.tests.test_faults import server  # noqa: F401 (a fixture)

PASSING = {"mail": "451 4.3.0 later", "rcpt": "452 4.2.2 full", "dot": "451 4.3.0 later", "greeting": "421 4.3.2 busy"}
LAST = {"rcpt": "550 5.1.1 nobody"}
STALL = 6  # seconds


class Storm:
    """Of a mail server: one answer in five is a fault of the kinds given. Nobody is there for the first persons."""

    def __init__(self, *faults: str, nobody: int = 0) -> None:
        self.dice, self.faults, self.calm = random.Random(5), faults, False
        self.nobody = {f"person{number}@home.example" for number in range(nobody)}

    def __call__(self, moment: Moment) -> str | None:
        if moment.stage == "rcpt" and moment.rcpt in self.nobody:
            return LAST["rcpt"]
        if self.calm or self.dice.random() > 0.2:
            return None
        fault = self.dice.choice(self.faults)
        if fault == "passing":
            return PASSING.get(moment.stage)
        if fault == DROP_IN_BODY:
            return DROP_IN_BODY if moment.stage == "data" else None
        return fault if moment.stage in ("rcpt", "data", "dot") else None


@pytest.mark.parametrize("faults", [(DROP, DROP_IN_BODY), ("passing",)], ids=["closing", "putting off"])
def test_a_mail_server_in_a_storm_loses_nobody_and_doubles_nobody(workers, server, faults):  # noqa: F811
    server.script = storm = Storm(*faults, nobody=20)
    send = send_to(people(150))
    workers.start(f"smtp://127.0.0.1:{server.port}?tls=none", code=HASTY)
    until(lambda: len(server.taken) > 70)
    time.sleep(1)
    storm.calm = True
    until(lambda: ended(send), 40)
    assert states(send) == {State.HANDED_OVER: 130, State.FAILED: 20}
    assert set(Delivery.objects.filter(send=send, state=State.FAILED).values_list("reason", flat=True)) == {
        Reason.BOUNCED
    }
    assert server.accepted() == {f"person{number}@home.example": 1 for number in range(20, 150)}
    assert Delivery.objects.filter(send=send, tries__gt=1).count() > 10  # it was a storm


class Texts:
    """GOV.UK Notify: refuses, puts off, stalls or hangs up on orders for some of the numbers."""

    def __init__(self) -> None:
        self.inside = notify.Notify()
        self.dice, self.orders, self.silent = random.Random(5), Counter[str](), 0

    def __call__(self, asked: Asked) -> Reply:
        if asked.method != "POST":
            return self.inside(asked)
        number = json.loads(asked.body)["phone_number"]
        self.orders[number] += 1
        chance = self.dice.random()
        if chance < 0.15:
            return notify.error(*self.dice.choice([(500, "Exception"), (429, "RateLimitError"), (503, "")]))
        reply = self.inside(asked)
        if chance < 0.2:
            self.silent += 1
            return Reply(drop=True)  # taken, and we are not told
        return reply

    @property
    def taken(self) -> Counter[str]:
        return Counter(one["reference"] for one in self.inside.kept)


def test_a_text_carrier_in_a_storm_gets_no_text_twice(workers):
    told = Texts()
    with faking.served(told) as served:
        send = text_to(mobiles(120))
        workers.start(more={"PEELIAN_TEXT_CARRIERS": notify.URL + served.api}, code=HASTY)
        until(lambda: ended(send), 40)
    found = states(send)
    assert set(told.taken.values()) == {1}
    # Whoever waits a minute finds out about the unknown ones by asking the carrier
    assert found[State.HANDED_OVER] + found.get(State.UNKNOWN, 0) == len(told.taken) == 120
    assert told.silent > 1
    assert max(told.orders.values()) > 1  # what it put off came again


def test_long_stalls_are_waited_out(workers, mailbox):
    """Longer than a worker may keep silent and a carrier be checked, shorter than we wait for an answer."""
    mailbox.pause = STALL
    texts, emails = text_to(mobiles(12)), send_to(people(100))
    told, orders = notify.Notify(), []

    def slow(asked: Asked) -> Reply:
        orders.append(asked)
        return told(asked)._replace(after=STALL if len(orders) <= 6 else 0)

    with faking.served(slow) as served:
        workers.start(mailbox.url, {"PEELIAN_TEXT_CARRIERS": notify.URL + served.api})
        until(lambda: len(mailbox.begun) >= 8)
        mailbox.pause = 0
        until(lambda: ended(texts) and ended(emails), 40)
    assert len(mailbox.received) == len(set(mailbox.addresses())) == 100
    assert len(told.kept) == len({one["reference"] for one in told.kept}) == 12
    assert states(texts) == {State.HANDED_OVER: 12}
    assert set(Delivery.objects.values_list("tries", flat=True)) == {1}


# Receipts while it sends --------------------------------------------------------------------------------------------


class Prompt:
    """GOV.UK Notify whose callbacks come while we still hand over: some before its own answer, most of them twice, old
    news after new."""

    def __init__(self) -> None:
        self.inside, self.dice = notify.Notify(), random.Random(7)
        self.orders: list[str] = []
        self.late: list[tuple[str, str]] = []
        self.turn = threading.Lock()

    def __call__(self, asked: Asked) -> Reply:
        reply = self.inside(asked)
        if asked.method == "POST":
            with self.turn:
                reference = json.loads(asked.body)["reference"]
                self.orders.append(reference)
                last = self.dice.choice(["delivered", "delivered", "permanent-failure", "temporary-failure"])
                early = self.dice.random() < 0.5
                self.late += [(reference, "sending"), (reference, last), (reference, last)]
            if early:
                call_back(reference, last)
                connection.close()
        return reply


def call_back(reference: str, status: str) -> None:
    told = json.dumps({"reference": reference, "status": status, "completed_at": "2026-11-20T10:00:00Z"})
    answer = Client().post(
        "/webhooks/notify/", told, content_type="application/json", headers={"Authorization": "Bearer bearer-token"}
    )
    assert answer.status_code == 200


def test_receipts_that_come_while_it_sends_all_count_once(workers, settings):
    told = Prompt()
    with faking.served(told) as served:
        url = settings.PEELIAN_TEXT_CARRIERS = notify.URL + served.api
        forget()
        send = text_to(mobiles(80))
        workers.start(more={"PEELIAN_TEXT_CARRIERS": url})
        given = 0
        while not ended(send) or given < len(told.late):  # in this order: what is ended has told all it will
            for reference, status in told.late[given : given + 20]:
                call_back(reference, status)
                given += 1
    last = Counter(status for _, status in told.late[1::3])
    assert states(send) == {
        State.DELIVERED: last["delivered"],
        State.FAILED: last["permanent-failure"] + last["temporary-failure"],
    }
    assert len(told.orders) == len(set(told.orders)) == 80
    assert Receipt.objects.filter(send_id=send.pk).count() == 160  # each kept once: on its way, and its end
    forget()
