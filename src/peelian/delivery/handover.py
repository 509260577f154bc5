"""One batch from the ledger to the carrier: claim a chunk, render, hand over, record; again until nothing is left.

At most CHUNK messages of a job are claimed and not recorded, and the worker's slots are so few that a process
never holds
more than 250 (delivery.worker). A batch is worked by one process at a time: an advisory lock that dies with its
connection.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import lru_cache

import structlog
from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import connection as django_connection
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from peelian.core import clock, jobs
from peelian.core.messages import TOKEN
from peelian.delivery import actions, hooks, ledger, tokens
from peelian.delivery.carriers.base import Carrier, Fate, Result
from peelian.delivery.carriers.outbox.carrier import Outbox
from peelian.delivery.carriers.simulator.carrier import Simulator
from peelian.delivery.carriers.smtp.carrier import Smtp
from peelian.delivery.models import Batch, Channel, Lane, Reason, Send, State
from peelian.delivery.rendering import EmailTemplate, Envelope

log = structlog.get_logger("peelian.delivery")
CHUNK = {Lane.ROUTINE: 100, Lane.URGENT: 40, Lane.TRANSACTIONAL: 5}
SLOTS = {Lane.ROUTINE: 2, Lane.URGENT: 1, Lane.TRANSACTIONAL: 2}  # 2 × 100 + 40 + 2 × 5 = 250
CONNECTIONS = {Lane.ROUTINE: 8, Lane.URGENT: 4, Lane.TRANSACTIONAL: 2}
FLUSH_SECONDS = 0.1
MOST_TRIES = 8
GIVE_UP_AFTER = timedelta(hours=24)
LOCK_CLASS = 7301  # of the advisory locks, so that nobody else's number is ours

_STATES = {
    Fate.ACCEPTED: (State.HANDED_OVER, Reason.NONE, 1),
    Fate.REFUSED: (State.FAILED, Reason.REFUSED, 1),
    Fate.LATER: (State.QUEUED, Reason.NONE, 1),
    Fate.HELD: (State.QUEUED, Reason.NONE, 0),
}


class Desk:
    """What one process hands over with: database connections and, for each lane, a carrier for each channel."""

    def __init__(self) -> None:
        parameters = django_connection.get_connection_params()
        wanted = ("dbname", "user", "password", "host", "port", "options")
        self.pool = AsyncConnectionPool(
            kwargs={name: parameters[name] for name in wanted if parameters.get(name)} | {"autocommit": True},
            min_size=1,
            max_size=sum(SLOTS.values()) * 3,
            open=False,
            check=AsyncConnectionPool.check_connection,
        )
        self._carriers: dict[tuple[Lane, int], Carrier] = {}

    async def open(self) -> None:
        await self.pool.open()

    async def close(self) -> None:
        for carrier in self._carriers.values():
            await carrier.close()
        await self.pool.close()

    def carrier(self, lane: Lane, channel: int) -> Carrier:
        if (lane, channel) not in self._carriers:
            outbox = Outbox(self.pool, channel)
            if channel != Channel.EMAIL:
                made: Carrier = Simulator(outbox)
            else:
                made = Smtp(CONNECTIONS[lane]) if settings.PEELIAN_SMTP_URL else outbox
            self._carriers[lane, channel] = made
        return self._carriers[lane, channel]


_desks: dict[int, Desk] = {}


async def desk() -> Desk:
    """The desk of this event loop, opened on first use."""
    loop = id(asyncio.get_running_loop())
    if loop not in _desks:
        _desks[loop] = Desk()
        await _desks[loop].open()
    return _desks[loop]


async def close_desk() -> None:
    """Let go of this event loop's connections."""
    if at := _desks.pop(id(asyncio.get_running_loop()), None):
        await at.close()


async def hand_over(batch_id: int) -> None:
    """Work one batch. Safe to run twice or at once: a second worker finds the batch locked and leaves it alone."""
    at = await desk()
    async with at.pool.connection() as connection, _locked(connection, batch_id) as ours:
        if not ours:
            return
        batch = await Batch.objects.select_related("send").aget(pk=batch_id)
        if batch.done_at is not None:
            return
        await _Work(at, connection, batch, batch.send).run()


@asynccontextmanager
async def _locked(connection: AsyncConnection, batch_id: int) -> AsyncIterator[bool]:
    cursor = await connection.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCK_CLASS, batch_id % 2**31])
    row = await cursor.fetchone()
    ours = bool(row and row[0])
    try:
        yield ours
    finally:
        if ours and not connection.closed:
            await connection.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCK_CLASS, batch_id % 2**31])


@dataclass
class _Work:
    desk: Desk
    connection: AsyncConnection
    batch: Batch
    send: Send
    _finished: list[ledger.Outcome] = field(default_factory=list)
    _flushed_at: float = 0.0

    async def run(self) -> None:
        after: int | None = self.batch.first_address - 1
        size = CHUNK[Lane(self.send.lane)]
        while after is not None:
            claimed, after = await ledger.claim(self.connection, self.send.pk, after, self.batch.last_address, size)
            try:
                await self._hand_over(claimed)
            finally:
                await self._flush()
        await self._settle()

    async def _hand_over(self, claimed: list[ledger.Claimed]) -> None:
        for channel in {one.channel for one in claimed}:
            envelopes = await self._render([one for one in claimed if one.channel == channel], channel)
            carrier = self.desk.carrier(Lane(self.send.lane), channel)
            flusher = asyncio.create_task(self._flush_regularly())
            try:
                async for result in carrier.hand_over(self.send.pk, envelopes, self._still_wanted):
                    self._finished.append(_outcome(result, channel))
            finally:
                flusher.cancel()
                await asyncio.gather(flusher, return_exceptions=True)

    async def _render(self, claimed: list[ledger.Claimed], channel: int) -> list[Envelope]:
        if channel != Channel.EMAIL:
            words = await sync_to_async(_words)(self.send.renderer, self.send.object_id, channel)
            return [self._said(one, words) for one in claimed]
        template = await sync_to_async(_template)(self.send.pk, self.send.renderer, self.send.object_id, self.send.lane)
        return [
            Envelope(
                one.address_id,
                one.value,
                template.fill(recipient=one.value, token=(token := tokens.make(self.send.pk, one.address_id)),
                              message_id=tokens.message_id(token)),
                template.subject,
            )
            for one in claimed
        ]  # fmt: skip

    def _said(self, one: ledger.Claimed, words: str) -> Envelope:
        """A text or call with the recipient's own link in it."""
        own = words.replace(TOKEN, tokens.make(self.send.pk, one.address_id))
        return Envelope(one.address_id, one.value, own.encode(), own[:100])

    async def _still_wanted(self) -> bool:
        """Whether the send still goes on; asked while it is handed over, so that a recall takes hold within a
        second."""
        async with self.desk.pool.connection() as connection:
            cursor = await connection.execute("SELECT state FROM delivery_send WHERE id = %s", [self.send.pk])
            row = await cursor.fetchone()
        return bool(row and row[0] == Send.State.SENDING)

    async def _flush_regularly(self) -> None:
        while True:
            await asyncio.sleep(FLUSH_SECONDS)
            await asyncio.shield(self._flush())

    async def _flush(self) -> None:
        finished, self._finished = self._finished, []
        if finished:
            async with self.desk.pool.connection() as connection:
                await ledger.record(connection, self.send.pk, finished)
            self._flushed_at = time.monotonic()

    async def _settle(self) -> None:
        """Close the batch, or come back to what could not go yet."""
        span = {"send": self.send.pk, "first": self.batch.first_address, "last": self.batch.last_address}
        await self.send.arefresh_from_db(fields=["state"])
        if self.send.state == Send.State.RECALLED:
            await self._end(span, State.NOT_SENT, Reason.RECALLED, tries=0)
        elif clock.now() - self.send.created_at > GIVE_UP_AFTER:
            await self._end(span, State.FAILED, Reason.GAVE_UP, tries=MOST_TRIES)
        cursor = await self.connection.execute(ledger.LEFT, span)
        left, tries = (await cursor.fetchone()) or (0, 0)
        if not left:
            await Batch.objects.filter(pk=self.batch.pk).aupdate(done_at=clock.now())
            await sync_to_async(actions.finish)(self.send.pk)
        elif self.send.state == Send.State.SENDING:
            await sync_to_async(_come_back)(self.batch.pk, self.send.lane, tries)

    async def _end(self, span: dict[str, int], state: State, reason: Reason, *, tries: int) -> None:
        ending = span | {"state": int(state), "reason": str(reason), "tries": tries}
        await self.connection.execute(ledger.GIVE_UP, ending)


def _outcome(result: Result, channel: int) -> ledger.Outcome:
    """An email that may or may not have arrived goes again under the same Message-ID; a text or call never does."""
    if result.fate is Fate.UNKNOWN:
        state = State.QUEUED if channel == Channel.EMAIL else State.UNKNOWN
        return ledger.Outcome(result.key, state)
    state, reason, tried = _STATES[result.fate]
    return ledger.Outcome(result.key, state, reason, tried if result.reached else 0)


def _come_back(batch_id: int, lane: str, tries: int) -> None:
    """Try the batch again after 5 s, then twice as long each time, a quarter of an hour at most."""
    pause = timedelta(seconds=min(5 * 2**tries, 900))
    jobs.enqueue("delivery.batch", queue=actions.QUEUES[Lane(lane)], at=clock.now() + pause, batch_id=batch_id)


@lru_cache(maxsize=64)
def _template(send_id: int, renderer: str, object_id: int, lane: str) -> EmailTemplate:
    parts = hooks.renderers[renderer].email(object_id)
    return EmailTemplate(parts, send_id=send_id, transactional=lane == Lane.TRANSACTIONAL)


@lru_cache(maxsize=64)
def _words(renderer: str, object_id: int, channel: int) -> str:
    one = hooks.renderers[renderer]
    return one.text(object_id) if channel == Channel.TEXT else one.voice(object_id)
