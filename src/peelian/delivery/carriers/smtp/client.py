"""Hand bulk email to a mail server over a few persistent connections.

    pool = SmtpPool(parse_smtp_url(url))
    await pool.hand_over(chunks_of_envelopes(), wanted=still_wanted, done=record)

Every envelope taken from the source gets exactly one Outcome. The source is asked for its next chunk only when
connections have nearly used up the one before, and whether a message is still wanted when it goes on the wire.
"""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterable, Callable, Sequence
from functools import partial
from types import TracebackType
from typing import Any, Final, Self

from peelian.delivery.carriers.smtp.channel import CLOSED, Limits, Unavailable
from peelian.delivery.carriers.smtp.connection import GOODBYE_TAKES, Job, SmtpConnection, not_permitted
from peelian.delivery.carriers.smtp.url import SmtpSettings
from peelian.delivery.carriers.smtp.wire import CONNECT, Envelope, Features, Kind, Outcome

__all__ = ["Envelope", "Kind", "Limits", "Outcome", "SmtpConnection", "SmtpPool", "Unavailable"]

# Never logs an address, a message or a server's words, which may repeat them.
logger = logging.getLogger(__name__)

FIRST_PAUSE: Final = 1.0  # seconds without a new attempt once the server could not be reached, then doubling
LONGEST_PAUSE: Final = 5.0
STOPPED: Final = "The mail hand-over was stopped."
Chunks = AsyncIterable[Sequence[Envelope]]


class SmtpPool:
    """Up to `connections` connections of this process and event loop, opened as work needs them and kept.

    Several `hand_over` calls may run at once; they take turns. While the server cannot be reached at all,
    envelopes are answered `try_later` at once and a new attempt is made after a pause.
    """

    def __init__(
        self,
        settings: SmtpSettings,
        connections: int = 8,
        *,
        limits: Limits | None = None,
        tls_context: ssl.SSLContext | None = None,
    ) -> None:
        if connections < 1:
            raise ValueError("an SmtpPool needs at least one connection")
        self.settings, self.connections, self.limits = settings, connections, limits or Limits()
        self._tls_context = tls_context
        if tls_context is None and settings.tls != "none":
            self._tls_context = ssl.create_default_context()  # reads the certificate store: not per connection
        self._runs: deque[_Run] = deque()
        self._again: deque[Job] = deque()
        self._live: set[SmtpConnection] = set()
        self._resting: list[SmtpConnection] = []
        self._opening: set[asyncio.Task[Features]] = set()
        self._leaving: set[asyncio.Future[None]] = set()
        self._failures = 0  # connections in a row that got nothing done
        self._not_before = 0.0
        self._why_down: tuple[int, str] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._closed = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    # What callers use.

    async def hand_over(self, chunks: Chunks, *, wanted: Callable[[], bool], done: Callable[[Outcome], None]) -> None:
        """Hand over everything; DONE is told each outcome as it comes, in any order.

        WANTED is asked before each message, and again where its answer is older than a second when the body is about
        to be sent; false gives `try_later` at stage "permit". An error of the source is raised after every envelope
        taken has its outcome. Cancelled, it takes nothing more and gives up what is not on the wire; the rest goes
        its way.
        """
        if self._closed:
            raise RuntimeError("this SmtpPool is closed")
        run = _Run(self, chunks, wanted, done)
        self._runs.append(run)
        try:
            await run.ended
        finally:
            self._runs.remove(run)
            run.abandon()
        if run.error is not None:
            raise run.error

    async def close(self) -> None:
        """End all connections: QUIT where nothing is under way, hang up elsewhere. Outcomes still come."""
        self._closed = True
        for task in self._opening:
            task.cancel()
        for run in self._runs:
            run.stop()
        for connection in list(self._live):
            if connection in self._resting:
                connection.leave()
            else:
                connection.abort(STOPPED)
        self._fail_waiting(0, STOPPED)
        if self._timer is not None:
            self._timer.cancel()
        waiting: list[asyncio.Future[Any]] = [*self._leaving, *self._opening]
        if waiting:
            await asyncio.wait(waiting, timeout=GOODBYE_TAKES + 1)

    # What connections use.

    def next_job(self, connection: SmtpConnection) -> Job | None:
        """The next message for this connection, the calls taking turns."""
        if self._again:
            return self._again.popleft()
        for _ in range(len(self._runs)):
            run = self._runs[0]
            self._runs.rotate(-1)
            job = run.pull()
            if job is not None:
                if run.taken > 1:  # it is not alone: more hands are of use
                    self._open_more()
                return job
        return None

    def done(self, job: Job, outcome: Outcome) -> None:
        """A message has its outcome."""
        job.run.put(outcome)

    def again(self, job: Job) -> None:
        """A used connection went away under a message before its body: it goes first on another."""
        self._again.append(job)

    def resting(self, connection: SmtpConnection) -> None:
        """The connection found nothing to do."""
        self._resting.append(connection)

    def gone(self, connection: SmtpConnection) -> None:
        """The connection has ended, by whoever's will."""
        if connection not in self._live:
            return
        self._live.discard(connection)
        if connection in self._resting:
            self._resting.remove(connection)
        if not connection.lost.done():
            self._leaving.add(connection.lost)
            connection.lost.add_done_callback(self._leaving.discard)
        if connection.finished or connection.unused:
            self._failures = 0
        else:
            self._pause()
        self.kick()

    # Connections, opened and watched.

    def kick(self) -> None:
        """There may be work: wake who rests, open what may be opened, answer what cannot be sent."""
        while self._resting and self._work_waits():
            self._resting.pop().wake()
        if self._work_waits():
            self._open_more()
            if self._why_down is not None and not self._live and not self._opening:
                self._fail_waiting(*self._why_down)

    def _work_waits(self) -> bool:
        return bool(self._again) or any(run.has_work for run in self._runs)

    def _open_more(self) -> None:
        """Open one more connection, if there is one to be had now."""
        if len(self._live) + len(self._opening) >= self.connections or self._closed:
            return
        if asyncio.get_running_loop().time() >= self._not_before:
            connection = SmtpConnection(self.settings, limits=self.limits, tls_context=self._tls_context, owner=self)
            task = asyncio.create_task(connection.connect())
            self._opening.add(task)
            task.add_done_callback(partial(self._opened, connection))
        self._watch()

    def _opened(self, connection: SmtpConnection, task: asyncio.Task[Features]) -> None:
        self._opening.discard(task)
        error = asyncio.CancelledError() if task.cancelled() else task.exception()
        if self._closed:
            connection.abort()
            return
        if error is None and connection.over:
            error = Unavailable(CLOSED)
        if error is None:
            self._why_down = None
            self._live.add(connection)
            connection.wake()
            return
        code = error.code if isinstance(error, Unavailable) else 0
        reason = type(error.__cause__ or error).__name__
        logger.warning("The mail server could not be used (code %d, %s); PEELIAN_SMTP_URL names it", code, reason)
        self._failures = max(self._failures, 1)
        self._pause()
        if not self._live and not self._opening:
            self._why_down = (code, str(error))
        self.kick()

    def _pause(self) -> None:
        """After a connection that got nothing done: once may be chance, then ever longer pauses."""
        now = asyncio.get_running_loop().time()
        if now >= self._not_before:  # several that fail together count once
            self._failures += 1
            if self._failures > 1:
                self._not_before = now + min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** (self._failures - 2))

    def _fail_waiting(self, code: int, why: str) -> None:
        """Answer `try_later` to all that can be taken now: nobody gains by holding it."""
        while self._again:
            self._fail(self._again.popleft(), code, why)
        for run in self._runs:
            while (job := run.pull()) is not None:
                self._fail(job, code, why)

    def _fail(self, job: Job, code: int, why: str) -> None:
        job.run.put(Outcome(job.envelope.key, Kind.TRY_LATER, code, "", why, CONNECT))

    def _watch(self) -> None:
        """Keep one timer going while there is anything to watch."""
        if self._timer is None and not self._closed:
            limits = self.limits
            every = min(limits.command, limits.data, limits.idle, 2.0) / 4
            self._timer = asyncio.get_running_loop().call_later(every, self._look_round)

    def _look_round(self) -> None:
        self._timer = None
        now = asyncio.get_running_loop().time()
        for connection in list(self._live):
            connection.check(now)
        if self._work_waits():
            self.kick()
        if self._live or self._opening or self._work_waits():
            self._watch()


class _Run:
    """One hand_over call: where its envelopes come from and where its outcomes go."""

    def __init__(
        self, pool: SmtpPool, chunks: Chunks, wanted: Callable[[], bool], done: Callable[[Outcome], None]
    ) -> None:
        self.wanted = wanted
        self.taken = 0  # envelopes so far
        self.error: BaseException | None = None
        self._pool, self._chunks, self._done = pool, chunks, done
        self._on_the_way = 0  # taken from the source, no outcome yet
        self._ready: deque[Job] = deque()
        self._room = asyncio.Event()
        self._exhausted = False
        self._loop = asyncio.get_running_loop()
        self.ended: asyncio.Future[None] = self._loop.create_future()
        self._feeder: asyncio.Task[None] | None = self._loop.create_task(self._feed())

    @property
    def has_work(self) -> bool:
        return bool(self._ready)

    def pull(self) -> Job | None:
        """The next envelope, if there is one now that is still wanted."""
        if not self._ready:
            return None
        if not self.wanted():
            self._give_up()
            return None
        job = self._ready.popleft()
        job.permitted_at = self._loop.time()
        if len(self._ready) <= self._pool.connections:
            self._room.set()
        return job

    def put(self, outcome: Outcome) -> None:
        """An envelope has its outcome."""
        self._on_the_way -= 1
        self._done(outcome)
        if self._exhausted and not self._on_the_way:
            self._end()

    def stop(self, error: BaseException | None = None) -> None:
        """Take nothing more from the source."""
        self._exhausted = True
        self.error = self.error or error
        if self._feeder is not None:
            self._feeder.cancel()
        if not self._on_the_way:
            self._end()

    def abandon(self) -> None:
        """The caller has gone, or there is nothing left."""
        self.stop()
        self._give_up()

    def _give_up(self) -> None:
        """Answer what waits: it was not handed over."""
        while self._ready:
            self.put(not_permitted(self._ready.popleft().envelope))
        self._room.set()

    def _end(self) -> None:
        if not self.ended.done():
            self.ended.set_result(None)

    async def _feed(self) -> None:
        error: BaseException | None = None
        try:
            async for chunk in self._chunks:
                self.taken += len(chunk)
                self._on_the_way += len(chunk)
                self._ready.extend(Job(envelope, self) for envelope in chunk)
                self._pool.kick()
                while len(self._ready) > self._pool.connections:
                    self._room.clear()
                    await self._room.wait()
        except Exception as problem:
            error = problem
        finally:
            self._feeder = None
            if isinstance(self._chunks, AsyncGenerator):
                await self._chunks.aclose()
            self.stop(error)
