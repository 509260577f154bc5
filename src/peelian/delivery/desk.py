"""What one worker process hands over with: connections, carriers, the limit on what is claimed, the eye on recalls."""

from __future__ import annotations

import asyncio
import time
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import structlog
from psycopg import AsyncConnection

from peelian.core.messages import TOKEN, EmailParts
from peelian.delivery import headers, hooks, ledger
from peelian.delivery.allowance import Seats
from peelian.delivery.carriers import registry
from peelian.delivery.carriers.base import Carrier
from peelian.delivery.carriers.choice import Choice, Picked
from peelian.delivery.database import LOST, Connections, connect, fetch, in_thread
from peelian.delivery.models import Channel, Lane
from peelian.delivery.pacing import Pacing
from peelian.delivery.rendering import EmailTemplate, text_filler

log = structlog.get_logger("peelian.delivery")

# Of a process: the most messages claimed but not recorded (together 250)
WINDOWS = {Lane.TRANSACTIONAL: 10, Lane.URGENT: 40, Lane.ROUTINE: 200}

LOOK_SECONDS = 0.3  # between looks at which sends still go on
LOOK_LASTS = 1.0  # and a look older than this counts for nothing: recall promises two seconds
REPORT_SECONDS = 1.0  # between reports of how carriers do
# A template for each send, channel and language in hand; one takes about as much memory as its message
TEMPLATES_KEPT, TEMPLATE_LASTS = 200, 60.0

Fill = Callable[[int, str], bytes]


class Made(NamedTuple):
    """What makes a message: a function of (address id, address), the subject, and the language a call is in."""

    fill: Fill
    subject: str
    language: str = ""


class Window:
    """A lane's share of what may be claimed and not recorded. Jobs take from it in turn."""

    def __init__(self, size: int) -> None:
        self.size = self._free = size
        self._turn = asyncio.Lock()
        self._given = asyncio.Event()

    async def take(self, most: int) -> int:
        """Wait until a worthwhile share of MOST is free, and take what is free of it."""
        least = min(most, max(1, self.size // 4))
        async with self._turn:
            while self._free < least:
                self._given.clear()
                await self._given.wait()
            taken = min(most, self._free)
            self._free -= taken
            return taken

    def give(self, number: int) -> None:
        self._free += number
        self._given.set()


class Watch:
    """Which of the sends in hand still go on, looked up for all of them together."""

    def __init__(self) -> None:
        self._followed: Counter[int] = Counter()
        self._seen: dict[int, float] = {}

    @contextmanager
    def follow(self, send_id: int, seen: float) -> Iterator[None]:
        """Look after the send in this block; it was seen going on at SEEN."""
        self._followed[send_id] += 1
        self._seen[send_id] = max(seen, self._seen.get(send_id, 0.0))
        try:
            yield
        finally:
            self._followed[send_id] -= 1
            if not self._followed[send_id]:
                del self._followed[send_id]
                self._seen.pop(send_id, None)

    def goes_on(self, send_id: int) -> bool:
        """Whether the send was seen going on within the last second. While the database is away nobody knows: no."""
        return time.monotonic() - self._seen.get(send_id, 0.0) < LOOK_LASTS

    async def look(self) -> None:
        """Look again and again, until cancelled."""
        connection = None
        try:
            while True:
                await asyncio.sleep(LOOK_SECONDS)
                if self._followed:
                    connection = await self._look_once(connection)
        finally:
            if connection is not None:
                await connection.close()

    async def _look_once(self, connection: AsyncConnection | None) -> AsyncConnection | None:
        """Returns the connection for the next look; None where it was lost."""
        at, asked = time.monotonic(), list(self._followed)
        try:
            async with asyncio.timeout(LOOK_LASTS * 5):
                if connection is None:
                    connection = await connect()
                going = {row[0] for row in await fetch(connection, ledger.STILL_SENDING, [asked])}
        except (*LOST, TimeoutError):
            if connection is not None:
                await connection.close()
            return None
        for send_id in asked:
            if send_id in self._seen:
                self._seen[send_id] = at if send_id in going else 0.0
        return connection


class Desk:
    """One for each process. `stopping` is set when the process should end: nothing more is claimed or begun."""

    def __init__(self) -> None:
        self.connections = Connections()
        self.watch = Watch()
        self.windows = {lane: Window(size) for lane, size in WINDOWS.items()}
        self.stopping = False
        self.hurried = False  # the time for a tidy end is over
        self.choice = Choice(self.connections)
        self.pacing = Pacing(self.connections)
        self.seats = Seats()
        self._carriers: dict[tuple[Lane, Picked], Carrier] = {}
        self._templates: OrderedDict[tuple[int, int, str], tuple[float, Made]] = OrderedDict()
        self._tasks: list[asyncio.Task[None]] = []

    def open(self) -> None:
        self._tasks = [asyncio.create_task(self.watch.look()), asyncio.create_task(self._report())]

    async def _report(self) -> None:
        while True:
            await asyncio.sleep(REPORT_SECONDS)
            await self.choice.report()

    def carrier(self, lane: Lane, picked: Picked) -> Carrier:
        """The connections of this process to a carrier, for one lane."""
        if (lane, picked) not in self._carriers:
            self._carriers[lane, picked] = registry.make(picked.named, lane, self.connections)
        return self._carriers[lane, picked]

    async def template(
        self, send_id: int, renderer: str, object_id: int, lane: Lane, channel: int, language: str = ""
    ) -> Made:
        """What makes this send's messages by this channel and in this language; rendered once a minute at most."""
        key, now = (send_id, channel, language), time.monotonic()
        kept = self._templates.get(key)
        if kept is None or now - kept[0] > TEMPLATE_LASTS:
            made = await in_thread(_render, send_id, renderer, object_id, lane, channel, language)
            kept = self._templates[key] = (now, made)
            self._templates.move_to_end(key)
            if len(self._templates) > TEMPLATES_KEPT:
                self._templates.popitem(last=False)
        return kept[1]

    async def hang_up(self) -> None:
        """End the conversations with carriers; what was under way gets its fate, unknown where it must be."""
        await asyncio.gather(*(carrier.close() for carrier in self._carriers.values()))

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.hang_up()
        await self.choice.report()
        await self.connections.close()


def _render(send_id: int, renderer: str, object_id: int, lane: Lane, channel: int, language: str) -> Made:
    one: Any = hooks.renderers[renderer]
    asked = (object_id, language) if is_translated(renderer) else (object_id,)
    if channel == Channel.EMAIL:
        template = EmailTemplate(one.email(*asked), send_id=send_id, automatic=lane == Lane.TRANSACTIONAL)
        return Made(template.filler(), template.subject)
    words = one.text(*asked) if channel == Channel.TEXT else one.voice(*asked)
    return Made(text_filler(words, send_id), subject_of(words), getattr(words, "language", ""))


def is_translated(renderer: str) -> bool:
    """Whether a message may be in the language that its recipient asked for."""
    return bool(getattr(hooks.renderers[renderer], "translated", False))


def is_personal(renderer: str) -> bool:
    """Whether each recipient's message is their own."""
    return bool(getattr(hooks.renderers[renderer], "personal", False))


Kept = dict[EmailParts, Made]


def render_each(
    send_id: int, renderer: str, object_id: int, channel: int, member_ids: list[int], kept: Kept
) -> dict[int, Made]:
    """Of a personal renderer: member → what makes their message, and its subject; without those there is nothing
    for. KEPT is what was made so far: many have the same, and writing it costs the most."""
    one: Any = hooks.renderers[renderer]
    made: dict[int, Made] = {}
    if channel == Channel.EMAIL:
        for member, parts in one.emails(object_id, member_ids).items():
            if parts not in kept:
                template = EmailTemplate(parts, send_id=send_id, automatic=False)
                kept[parts] = Made(template.filler(), template.subject)
            made[member] = kept[parts]
    else:
        for member, words in one.texts(object_id, member_ids).items():
            made[member] = Made(text_filler(words, send_id), subject_of(words))
    return made


def subject_of(words: str) -> str:
    """The beginning of a text, for lists of messages."""
    return headers.one_line(words.replace(TOKEN, "…"))[:100]
