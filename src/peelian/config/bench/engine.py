"""What the parts of `peelian bench delivery` share: members to send to, workers, sinks, and what processes used."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import connection

from peelian.config.bench.scratch import environment
from peelian.core import installation
from peelian.delivery import actions, bench, queries
from peelian.delivery.models import Channel, Lane, Priority, Send

PATIENCE = 120.0  # seconds for workers to start, and for a send to begin
TICKS = os.sysconf("SC_CLK_TCK")
QUEUES = 5  # rows of procrastinate_workers that a worker process has

# A tenth of the members has a weekly limit, which the claim counts against; none of them is over it in this run
_PACES = """
INSERT INTO members_pace (member_id, weekly_limit, digest, urgent_passes, email_from, text_from, voice_from)
SELECT id, 50, 'weekly', true, 1, 1, 1 FROM members_member WHERE id %% 10 = 3
"""


def prepare() -> None:
    """Every member confirmed and reachable, so that so many members are so many messages; then some with limits."""
    installation.mark_demo()  # what is served in demo mode has to be one
    query("UPDATE contacts_address SET suppression = '', suppressed_at = NULL WHERE suppression <> ''")
    query("UPDATE members_member SET confirmed_at = now() WHERE confirmed_at IS NULL")
    query(_PACES)
    query("VACUUM ANALYZE")


def query(sql: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall() if cursor.description else []


def freeze(members: int, *, lane: Lane = Lane.ROUTINE, after: int = 0) -> Send:
    """A counted send to the email addresses of so many members, from one id on."""
    rows = (
        "SELECT email_id AS address_id, id AS member_id, 1 AS channel FROM members_member"
        " WHERE id > %(after)s AND id <= %(last)s",
        {"after": after, "last": after + members},
    )
    urgent = Priority.URGENT if lane == Lane.URGENT else Priority.ROUTINE
    return actions.open_send(
        renderer="delivery.bench", object_id=1, lane=lane, rows=rows, counted=True, priority=urgent,
        organisation_id=query("SELECT id FROM accounts_organisation ORDER BY bit LIMIT 1")[0][0],
    )  # fmt: skip


def clean_up() -> None:
    bench.clean_up()
    query("TRUNCATE delivery_memberweek, delivery_digestitem, delivery_receipt, procrastinate_workers CASCADE")


@dataclass
class Workers:
    """Processes that hand over to a mail server on the loopback."""

    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def seconds(self) -> float:
        """Processor time that they have used."""
        return sum(processor_seconds(one.pid) for one in self.processes)

    @property
    def peak(self) -> int:
        """The most memory that any of them had at once, in MB."""
        return max(_status(one.pid, "VmHWM") for one in self.processes) // 1_000


@contextmanager
def workers(number: int, port: int) -> Iterator[Workers]:
    """So many, ready to work; ended afterwards."""
    query("TRUNCATE procrastinate_workers CASCADE")
    given = environment() | {"PEELIAN_SMTP_URL": f"smtp://127.0.0.1:{port}?tls=none", "PEELIAN_EMAIL_CARRIERS": ""}
    command = [sys.executable, "-c", bench.START]
    found = Workers(
        [subprocess.Popen(command, env=given, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
         for _ in range(number)]
    )  # fmt: skip
    try:
        wait_until(lambda: query("SELECT count(*) FROM procrastinate_workers")[0][0] >= QUEUES * number)
        time.sleep(1)
        yield found
    finally:
        for one in found.processes:
            one.terminate()
        for one in found.processes:
            one.wait(timeout=30)


def wait_until(true: Any, patience: float = PATIENCE, pause: float = 0.02) -> None:
    """Look again and again; AssertionError when it does not come true."""
    until = time.monotonic() + patience
    while not true():
        assert time.monotonic() < until, "This took too long."
        time.sleep(pause)


def is_sent(send: Send) -> bool:
    return Send.objects.values_list("state", flat=True).get(pk=send.pk) == Send.State.SENT


@dataclass(frozen=True)
class Sending:
    """How a send went. `seconds`: from the first handed over to the last recorded; `processor` of its workers."""

    messages: int
    frozen: float
    seconds: float
    processor: float
    peak: int

    @property
    def rate(self) -> int:
        return round(self.messages / self.seconds)


def send(members: int, hands: Workers) -> Sending:
    """Freeze and hand over; checks that everybody was handed theirs."""
    used, begun = hands.seconds, time.perf_counter()
    one = freeze(members)
    frozen = time.perf_counter() - begun
    wait_until(lambda: is_sent(one), patience=PATIENCE + members / 500, pause=0.05)
    seconds = time.perf_counter() - begun - frozen
    found = queries.outcomes(one.pk)
    assert found.by_channel[Channel.EMAIL] == {2: members}, f"not all were handed over: {found.by_channel}"
    return Sending(members, frozen, seconds, hands.seconds - used, hands.peak)


def processor_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def _status(pid: int, name: str) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith(name)).split()[1])


class Recorder:
    """A mail server of our own that takes everything and keeps who each message was for."""

    def __init__(self) -> None:
        self.recipients: list[bytes] = []
        self.times: list[float] = []
        self.port = 0

    async def serve(self, ended: asyncio.Event) -> None:
        server = await asyncio.start_server(self._talk, "127.0.0.1", self.port, limit=2**20)
        self.port = server.sockets[0].getsockname()[1]
        async with server:
            await ended.wait()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 recorder\r\n")
        while line := await reader.readline():
            word = line[:4].upper()
            if word == b"EHLO":
                writer.write(b"250-recorder\r\n250-PIPELINING\r\n250 8BITMIME\r\n")
                continue
            if word == b"RCPT":
                recipient = line[line.index(b"<") + 1 : line.index(b">")]
            writer.write(b"354 go on\r\n" if word == b"DATA" else b"250 taken\r\n")
            if word == b"DATA":
                await reader.readuntil(b"\r\n.\r\n")
                self.recipients.append(recipient)
                self.times.append(time.monotonic())
                writer.write(b"250 taken\r\n")
            if word == b"QUIT":
                break
        writer.close()


@contextmanager
def recorder() -> Iterator[Recorder]:
    """A Recorder in a thread of this process, for as long as the block runs."""
    from threading import Thread

    one, loop, ended = Recorder(), asyncio.new_event_loop(), asyncio.Event()
    thread = Thread(target=loop.run_until_complete, args=(one.serve(ended),), daemon=True)
    thread.start()
    wait_until(lambda: one.port)
    try:
        yield one
    finally:
        loop.call_soon_threadsafe(ended.set)
        thread.join(timeout=5)
