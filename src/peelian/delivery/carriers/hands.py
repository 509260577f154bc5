"""Carriers whose client blocks: a few threads, each with a client of its own, take one message at a time.

The threads are daemons: a worker that has to end does not wait for an answer that never comes. What was under way is
then unknown, and that is what its fate says.
"""

from __future__ import annotations

import asyncio
import math
import queue
import threading
import time
from collections import deque
from collections.abc import AsyncIterable, Callable
from contextlib import suppress
from typing import NamedTuple, Protocol

import structlog

from peelian.delivery.carriers import stop_words
from peelian.delivery.carriers.base import Done, Fate, Message, Wanted
from peelian.delivery.database import in_thread
from peelian.delivery.models import Lane

log = structlog.get_logger("peelian.delivery")

# Requests under way at once, of one lane of one worker
SIZES = {Lane.TRANSACTIONAL: 2, Lane.URGENT: 6, Lane.ROUTINE: 16}
GRACE_SECONDS = 1.0  # for answers that are just coming in when we close


class Answer(NamedTuple):
    """A fate; of a refusal for good also its code (delivery.status_codes), where what was said is what the code means.
    `stopped`: the recipient has told the carrier to stop. `rest`: seconds for which the carrier wants nothing more."""

    fate: Fate
    code: str = ""
    stopped: bool = False
    rest: float = 0.0


class Client(Protocol):
    """Used by one thread only."""

    def give(self, send_id: int, message: Message) -> Answer:
        """Hand over one message and wait for the answer. What it raises counts as not knowing."""

    def check(self) -> str:
        """Ask whether the carrier could be used now: empty, or a sentence."""

    def close(self) -> None: ...


class _Job(NamedTuple):
    loop: asyncio.AbstractEventLoop
    answer: asyncio.Future[Answer]
    send_id: int
    message: Message


class Hands:
    """The Carrier of a Client. Of each message `done` is told once."""

    def __init__(self, name: str, lane: Lane, client: Callable[[], Client]) -> None:
        self._name, self._client = name, client
        self._size = SIZES[Lane(lane)]
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._free = asyncio.Semaphore(self._size)
        self._under_way: set[asyncio.Task[None]] = set()
        self._closing = asyncio.Event()
        self._rest_until = 0.0

    def rest(self) -> int:
        return max(0, math.ceil(self._rest_until - time.monotonic()))

    async def check(self) -> str:
        client = self._client()
        try:
            return await asyncio.to_thread(client.check)
        finally:
            client.close()

    async def hand_over(
        self, send_id: int, chunks: AsyncIterable[list[Message]], *, wanted: Wanted, done: Done
    ) -> None:
        waiting: deque[Message] = deque()
        ours: set[asyncio.Task[None]] = set()
        if not self._may_go():
            return
        try:
            async for chunk in chunks:
                waiting.extend(chunk)
                while waiting and self._may_go():
                    await self._free.acquire()
                    task = asyncio.create_task(self._give(send_id, waiting.popleft(), wanted, done))
                    for tasks in (ours, self._under_way):
                        tasks.add(task)
                        task.add_done_callback(tasks.discard)
                if not self._may_go():
                    break
        finally:
            for message in waiting:
                done(message.key, Fate.HELD)
            if ours:  # whatever ended the source: what has left us gets its answer, or close() ends the waiting
                await asyncio.wait(set(ours))

    async def close(self) -> None:
        self._closing.set()
        if self._under_way:
            await asyncio.wait(set(self._under_way), timeout=GRACE_SECONDS)
        left = set(self._under_way)
        for task in left:
            task.cancel()  # each says of its message that it is unknown
        await asyncio.gather(*left, return_exceptions=True)
        for _ in self._threads:
            self._jobs.put(None)
        self._threads.clear()

    def _may_go(self) -> bool:
        return not self._closing.is_set() and not self.rest()

    async def _give(self, send_id: int, message: Message, wanted: Wanted, done: Done) -> None:
        answer = Answer(Fate.HELD)
        try:
            if wanted() and self._may_go():
                answer = Answer(Fate.UNKNOWN)
                answer = await self._ask(send_id, message)
                if answer.rest:
                    self._rest_until = max(self._rest_until, time.monotonic() + answer.rest)
                if answer.stopped:
                    await in_thread(stop_words.stop, [message.key.address_id])
        finally:
            self._free.release()
            done(message.key, answer.fate, answer.code)

    def _ask(self, send_id: int, message: Message) -> asyncio.Future[Answer]:
        if len(self._threads) < self._size:
            thread = threading.Thread(target=self._work, name=f"carrier {self._name}", daemon=True)
            self._threads.append(thread)
            thread.start()
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Answer] = loop.create_future()
        self._jobs.put(_Job(loop, answer, send_id, message))
        return answer

    def _work(self) -> None:
        """A thread's life: one client, one message after the other."""
        client: Client | None = None
        try:
            while (job := self._jobs.get()) is not None:
                client = client or self._made()
                answer = Answer(Fate.UNREACHABLE) if client is None else self._safely(client, job)
                with suppress(RuntimeError):  # the loop has ended; nobody asks any more
                    job.loop.call_soon_threadsafe(_answered, job.answer, answer)
        finally:
            if client is not None:
                client.close()

    def _made(self) -> Client | None:
        """None where it cannot be made, and nothing can leave us: a message to another carrier, or later."""
        try:
            return self._client()
        except Exception as problem:  # its words could quote a secret
            log.error("carrier client not made", carrier=self._name, error=type(problem).__name__)
            return None

    def _safely(self, client: Client, job: _Job) -> Answer:
        if job.answer.cancelled():
            return Answer(Fate.HELD)
        try:
            return client.give(job.send_id, job.message)
        except Exception as problem:  # its words could hold an address
            log.error("carrier fault", carrier=self._name, error=type(problem).__name__)
            return Answer(Fate.UNKNOWN)


def _answered(future: asyncio.Future[Answer], answer: Answer) -> None:
    if not future.done():
        future.set_result(answer)
