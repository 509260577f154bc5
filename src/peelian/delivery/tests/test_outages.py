"""A carrier of email is out for a minute: the other has the next five, and it comes back step by step.

Minutes are as long as their work takes (test_choice has the same for texts); the carriers are real servers.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, Protocol

import pytest
from aiosmtpd.controller import Controller

from peelian.contacts.models import Address
from peelian.core import clock
from peelian.delivery import handover
from peelian.delivery.carriers.notify.tests import fake as notify
from peelian.delivery.carriers.postmark.tests import fake as postmark
from peelian.delivery.carriers.tests import faking
from peelian.delivery.carriers.tests.faking import Asked, Reply
from peelian.delivery.models import Delivery, Lane, Send, State
from peelian.delivery.tests import renderer  # noqa: F401 (registers itself)
from peelian.delivery.tests.conftest import Mailbox, ended, people, send_to, states, text_to, work_here
from peelian.delivery.tests.test_choice import Minutes, Notify, shifts, weight

pytestmark = pytest.mark.usefixtures("ledger")


class Emails(Minutes):
    def residents(self, numbers: range) -> list[Address]:
        return people(len(numbers), numbers.start)

    def open(self, addresses: list[Address]) -> Send:
        return send_to(addresses, Lane.URGENT)


class Outage(Protocol):
    """A carrier that takes nothing while it is out."""

    out: bool
    url: str

    @property
    def taken(self) -> list[str]: ...


class Smtp(Mailbox):
    """A mail server that answers 451 to everybody."""

    def __init__(self) -> None:
        super().__init__()
        self.out = False
        self.answer = lambda address: "451 4.3.0 Not now" if self.out else "250 OK"

    @property
    def taken(self) -> list[str]:
        return self.addresses()


class Postmark:
    """An email API that answers 500."""

    def __init__(self) -> None:
        self.out, self.url = False, ""
        self.taken: list[str] = []

    def __call__(self, asked: Asked) -> Reply:
        if self.out:
            return Reply(500, {"ErrorCode": 0, "Message": "Internal server error"})
        if asked.method == "POST":
            self.taken.append(json.loads(asked.body)["To"])
        return postmark.answer(asked)


@contextmanager
def listening(port: int) -> Iterator[Smtp]:
    server = Smtp()
    controller = Controller(server, hostname="127.0.0.1", port=port)
    controller.start()
    server.url = f"smtp://127.0.0.1:{port}?tls=none&name=first"
    try:
        yield server
    finally:
        controller.stop()


@pytest.fixture(params=["smtp", "http"])
def first(request: Any, unused_tcp_port_of: Any) -> Iterator[Outage]:
    if request.param == "smtp":
        with listening(unused_tcp_port_of()) as server:
            yield server
    else:
        told = Postmark()
        with faking.served(told) as served:
            told.url = f"{postmark.URL}{served.api}&name=first"
            yield told


def test_after_an_outage_of_a_minute_email_goes_by_the_other(first, second, settings):
    settings.PEELIAN_EMAIL_CARRIERS = f"{first.url}&share=51 {second.url}&name=second&share=49"
    minutes = Emails()
    first.out = True
    minutes.pass_one(60)
    assert (weight("first"), first.taken) == (0, [])
    first.out, already = False, len(second.received)
    for _ in range(5):
        minutes.pass_one(60)
    by_second = len(second.received) - already
    assert by_second >= 0.95 * (by_second + len(first.taken))
    for _ in range(5):
        minutes.pass_one(10)
    taken = Counter([*first.taken, *second.addresses()])
    assert len(taken) == 60 + 5 * 60 + 5 * 10
    assert set(taken.values()) == {1}
    assert Delivery.objects.filter(send__in=minutes.sent, state=State.HANDED_OVER).count() == len(taken)
    assert [one[:3] for one in shifts()] == [
        ("first", *shift) for shift in ((51, 0), (0, 10), (10, 20), (20, 30), (30, 40), (40, 50), (50, 51))
    ]


# An hour ------------------------------------------------------------------------------------------------------------


class Clock:
    """The time of this process, which a test moves on."""

    def __init__(self, monkeypatch: Any) -> None:
        self.ahead, real = timedelta(), clock.now
        monkeypatch.setattr(clock, "now", lambda: real() + self.ahead)

    def wait(self, seconds: float) -> None:
        self.ahead += timedelta(seconds=seconds)


def outlast(send: Send, time: Clock, seconds: float) -> int:
    """Work the send's batch whenever it asks to be, until so many seconds have gone; returns how often that was."""
    times = 0
    while time.ahead.total_seconds() < seconds:
        (pause,) = work_here(send)
        time.wait(60.0 if pause is None else max(pause, 1.0))
        times += 1
    return times


@pytest.mark.parametrize("lane", list(Lane))
def test_a_mail_server_out_for_an_hour_delays_and_drops_nobody(lane, settings, monkeypatch, unused_tcp_port_of):
    with listening(unused_tcp_port_of()) as server:
        settings.PEELIAN_EMAIL_CARRIERS = server.url
        send, time, server.out = send_to(people(20), lane), Clock(monkeypatch), True
        assert outlast(send, time, 3600) < handover.MOST_TRIES
        assert states(send) == {State.QUEUED: 20}
        server.out = False
        work_here(send)
        assert ended(send)
        assert server.addresses() == sorted(set(server.addresses()))
        assert states(send) == {State.HANDED_OVER: 20}


@pytest.mark.parametrize("lane", list(Lane))
def test_a_text_carrier_out_for_an_hour_delays_and_drops_nobody(lane, settings, monkeypatch):
    told = Notify()
    with faking.served(told) as served:
        settings.PEELIAN_TEXT_CARRIERS = notify.URL + served.api
        numbers = Address.objects.bulk_create(Address(kind=2, value=f"+4477009005{n:02}") for n in range(10, 30))
        send, time, told.out = text_to(numbers, lane), Clock(monkeypatch), True
        assert outlast(send, time, 3600) < handover.MOST_TRIES
        told.out = False
        work_here(send)
        assert states(send) == {State.HANDED_OVER: 20}
        assert len(told.taken) == len(set(told.taken)) == 20
