"""Real workers in processes of their own, against the test database; real mail servers on loopback."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any
from unittest.mock import patch

import pytest
from aiosmtpd.controller import Controller
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateWorker

from peelian.contacts.models import Address
from peelian.core import database
from peelian.core.testing.patience import BUSY
from peelian.core.testing.ports import free_port
from peelian.delivery.carriers.smtp.carrier import Smtp
from peelian.delivery.carriers.smtp.client import Limits
from peelian.delivery.desk import Desk
from peelian.delivery.handover import Again, Run
from peelian.delivery.models import Delivery, Lane, Send, State, Tally
from peelian.delivery.worker import SLOTS

# The worker knows its renderer by this module, imported through PYTHONPATH
START = (
    "import django; django.setup(); import peelian.delivery.tests.renderer, peelian.delivery.tests.never_night; "
    "from peelian.delivery.worker import main; main()"
)
# A worker for which a second is long enough to try again
HASTY = START.replace(
    "from", "from peelian.delivery import handover; handover.PAUSES = dict.fromkeys(handover.PAUSES, (1,) * 7); from", 1
)

# One that shows signs of life often, so that a second without any is long enough to take up its jobs
LIVELY = START.replace(
    "from",
    "from peelian.delivery import housekeeping, worker; "
    "worker.HEARTBEAT_SECONDS, housekeeping.STALLED_SECONDS = 0.3, 1.5; from",
    1,
)


@pytest.fixture
def ledger(django_db_serialized_rollback: None, transactional_db: None) -> Iterator[None]:
    """Committed rows that other processes see; removed at the end, as at the beginning what other tests left."""
    _remove()
    yield
    _remove()


def _remove() -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_events, procrastinate_workers, delivery CASCADE")
        cursor.execute("TRUNCATE delivery_send, delivery_carrier, contacts_address, core_counter CASCADE")


class Workers:
    """Starts worker processes and ends them all."""

    def __init__(self) -> None:
        self.running: list[subprocess.Popen[bytes]] = []

    def start(
        self, smtp_url: str = "", more: dict[str, str] | None = None, code: str = START
    ) -> subprocess.Popen[bytes]:
        environment = database.environment() | {"PEELIAN_SMTP_URL": smtp_url} | (more or {})
        self.running.append(subprocess.Popen([sys.executable, "-c", code], env=environment))
        return self.running[-1]

    def start_ready(self, number: int, smtp_url: str, **more: Any) -> None:
        """So many, and wait until each serves all its queues: what comes then is for all of them."""
        for _ in range(number):
            self.start(smtp_url, **more)
        until(lambda: ProcrastinateWorker.objects.count() == number * len(SLOTS))

    def stop(self) -> None:
        for process in self.running:
            process.send_signal(signal.SIGTERM)
        for process in self.running:
            process.wait(timeout=120)


@pytest.fixture
def workers(ledger: None) -> Iterator[Workers]:
    pool = Workers()
    yield pool
    pool.stop()


class Mailbox:
    """A mail server's handler that keeps what it is given; `answer` decides each RCPT, `pause` slows each message."""

    def __init__(self) -> None:
        self.received: list[tuple[str, bytes]] = []
        self.begun: list[float] = []  # when each message was there, before we answered
        self.peers: set[Any] = set()  # connections that brought a message
        self.answer: Callable[[str], str] = lambda address: "250 OK"
        self.pause = 0.0
        self.url = ""

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        answer = self.answer(address)
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.begun.append(time.monotonic())
        self.peers.add(session.peer)
        if self.pause:
            await asyncio.sleep(self.pause)
        self.received.append((envelope.rcpt_tos[0], envelope.content))
        return "250 Taken"

    def addresses(self) -> list[str]:
        return sorted(address for address, _ in self.received)


@pytest.fixture
def unused_tcp_port() -> int:
    """A port on loopback that nobody listens on."""
    return free_port()


@pytest.fixture
def mailbox(unused_tcp_port: int) -> Iterator[Mailbox]:
    """A mail server at `mailbox.url`."""
    handler = Mailbox()
    controller = Controller(handler, hostname="127.0.0.1", port=unused_tcp_port)
    controller.start()
    handler.url = f"smtp://127.0.0.1:{unused_tcp_port}?tls=none"
    yield handler
    controller.stop()


@pytest.fixture
def unused_tcp_port_of() -> Callable[[], int]:
    """Ports on loopback that nobody listens on, one with each call."""
    return free_port


@pytest.fixture
def second(unused_tcp_port_of: Callable[[], int]) -> Iterator[Mailbox]:
    """Another mail server."""
    handler, port = Mailbox(), unused_tcp_port_of()
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    handler.url = f"smtp://127.0.0.1:{port}?tls=none"
    yield handler
    controller.stop()


def people(count: int, start: int = 0) -> list[Address]:
    return Address.objects.bulk_create(
        Address(kind=1, value=f"person{number}@home.example") for number in range(start, start + count)
    )


def send_to(addresses: list[Address], lane: Lane = Lane.ROUTINE, channel: int = 1, **options: Any) -> Send:
    """Open a send of the test renderer to bare addresses."""
    from peelian.delivery import actions

    rows = (
        f"SELECT id AS address_id, NULL::bigint AS member_id, {channel} AS channel FROM contacts_address"
        " WHERE id = ANY(%(ids)s)",
        {"ids": [address.pk for address in addresses]},
    )
    return actions.open_send(renderer="delivery.test", object_id=1, lane=lane, rows=rows, **options)


def text_to(addresses: list[Address], lane: Lane = Lane.URGENT, channel: int = 2) -> Send:
    """The same as texts, or calls, to bare numbers."""
    return send_to(addresses, lane, channel)


def mobiles(count: int) -> list[Address]:
    return Address.objects.bulk_create(
        Address(kind=2, value=f"+4477009{number:05}") for number in range(100, 100 + count)
    )


def ended(send: Send) -> bool:
    return Send.objects.get(pk=send.pk).state == Send.State.SENT


def until(condition: Callable[[], bool], seconds: float = 30) -> None:
    """Wait for something to become true, and fail when it does not. SECONDS are those of a machine to oneself."""
    end = time.monotonic() + BUSY * seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


def settled(mailbox: Mailbox, seconds: float = 1.5) -> int:
    """Wait until nothing has come for so long; how many came till then. What is stopped ends so, however slowly the
    machine works off what was on its way; what goes on does not."""
    seen, since = -1, time.monotonic()

    def nothing_comes() -> bool:
        nonlocal seen, since
        if (now := len(mailbox.begun) + len(mailbox.received)) != seen:
            seen, since = now, time.monotonic()
        return time.monotonic() - since > seconds

    until(nothing_comes)
    return len(mailbox.received)


def states(send: Send) -> dict[int, int]:
    """Deliveries by state, after a look that the tallies say the same."""
    counted = Counter(Delivery.objects.filter(send=send).values_list("state", flat=True))
    tallied = Counter[int]()
    for state, n in Tally.objects.filter(send=send).values_list("state", "n"):
        tallied[state] += n
    assert {state: n for state, n in counted.items() if state > State.CLAIMED} == {
        s: n for s, n in tallied.items() if n
    }
    return dict(counted)


def work_here(send: Send, *, limits: Limits | None = None, times: int = 1) -> list[float | None]:
    """Hand the send's batches over in this process, as the worker does; returns when each would have come again.

    A look at the send lasts longer than on duty: on a machine that stands still for a second the rest would wait.
    """
    batches = list(send.batches.values_list("pk", flat=True))

    async def work() -> list[float | None]:
        desk, again = Desk(), []
        desk.open()
        if limits is not None:
            picked = await desk.choice.pick(1)
            desk._carriers[Lane(send.lane), picked] = Smtp(picked.named.url, 8, limits)
        try:
            for batch in batches:
                for _ in range(times):
                    try:
                        await Run(desk, batch).work()
                    except Again as later:
                        again.append(later.seconds)
        finally:
            await desk.close()
        return again

    with patch("peelian.delivery.desk.LOOK_LASTS", BUSY):
        return asyncio.run(work())
