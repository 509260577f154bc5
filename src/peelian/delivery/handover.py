"""One batch from the ledger to the carrier: claim, render, hand over, record, all at once and in small shares.

While a batch is worked its lock is held by the connection that claims and records, so that a killed worker's lock goes
with it. The database may go away meanwhile: what is known by then is kept and recorded when it is back.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import structlog
from django.db import DatabaseError, InterfaceError
from psycopg import AsyncConnection

from peelian.core import clock
from peelian.delivery import actions, ledger, receipts
from peelian.delivery.carriers.base import Carrier, Fate, Key, Resting
from peelian.delivery.carriers.choice import for_practice
from peelian.delivery.database import LOST, fetch, in_thread, patiently
from peelian.delivery.desk import Desk
from peelian.delivery.models import Channel, Lane, Reason, Send, State
from peelian.delivery.source import CHUNK, Facts, Source

log = structlog.get_logger("peelian.delivery")

FLUSH_SECONDS = 0.1
MOST_TRIES = 8
GIVE_UP_AFTER = timedelta(hours=24)  # from then on a carrier that cannot be reached uses up tries as well
# Seconds before the second, third … try: about two and a half hours in all, seventy minutes for codes
PAUSES = {
    Lane.TRANSACTIONAL: (2, 8, 30, 120, 480, 1200, 2400),
    Lane.URGENT: (5, 20, 80, 320, 1280, 3600, 3600),
    Lane.ROUTINE: (5, 20, 80, 320, 1280, 3600, 3600),
}
LOCKED_PAUSE, HELD_PAUSE = 5.0, 1.0
LONGEST_PAUSE = 3600.0  # until a batch looks again, however late the rest of it may go

# Fates that are the end of it, for a text or call as for an email
_ENDS: dict[Fate, tuple[State, Reason]] = {
    Fate.TAKEN: (State.HANDED_OVER, Reason.NONE),
    Fate.ARRIVED: (State.DELIVERED, Reason.NONE),
    Fate.REFUSED: (State.FAILED, Reason.REFUSED),
}


class Again(Exception):
    """Something of the batch is left. Come back in so many seconds; None: later each time (nobody is there). BEHIND:
    it waits for tokens, and what was not looked at yet should go before it."""

    def __init__(self, seconds: float | None, *, behind: bool = False) -> None:
        super().__init__()
        self.seconds, self.behind = seconds, behind


class Outcome(NamedTuple):
    state: State
    reason: Reason
    tries: int


def outcome(fate: Fate, channel: int, tries: int, *, too_late: bool) -> Outcome:
    """What the ledger keeps of a fate, after TRIES earlier tries. TOO_LATE: the send is a day old, so that not
    reaching the carrier counts as a try too. What waited for its resident's hours until then still has all its tries.

    An email that may or may not have been taken goes again under the same Message-ID; a text or call never does.
    """
    end = _ENDS.get(fate)
    if end is not None:
        return Outcome(*end, tries + 1)
    if fate is Fate.HELD:
        return Outcome(State.QUEUED, Reason.NONE, tries)
    if fate is Fate.NOTHING:
        return Outcome(State.NOT_SENT, Reason.ENDED, tries)
    unsure = fate is Fate.UNKNOWN
    if unsure and channel != Channel.EMAIL:
        return Outcome(State.UNKNOWN, Reason.NONE, tries + 1)
    tries += 0 if fate is Fate.UNREACHABLE and not too_late else 1
    if tries < MOST_TRIES:
        return Outcome(State.QUEUED, Reason.NONE, tries)
    return Outcome(State.UNKNOWN, Reason.NONE, tries) if unsure else Outcome(State.FAILED, Reason.GAVE_UP, tries)


class Run:
    """Works one batch. Raises Again when some of it has to wait; may be run again or twice at once at any time."""

    def __init__(self, desk: Desk, batch_id: int) -> None:
        self._desk, self._batch_id = desk, batch_id
        self._connection: AsyncConnection | None = None
        self._asking = asyncio.Lock()
        self._flushing = asyncio.Lock()
        self._held: set[int] = set()  # addresses claimed and not recorded
        self._finished: list[tuple[Key, Fate]] = []
        self._refused: list[tuple[int, str]] = []  # of these, the addresses that a server refused and its codes
        self._some, self._enough = asyncio.Event(), asyncio.Event()
        self._unreachable = self._shifted = False  # the channel's carrier
        self._nobody = self._behind = self._too_late = False
        self._waits: list[float] = []  # seconds, after which some of what is left may go
        self._resting: list[datetime] = []  # of each that waits as its resident asked, until when
        self._read_at = 0.0

    async def work(self) -> None:
        """Hand over what can go now, and close the batch when nothing is left of it."""
        await patiently(self._take_up, give_up=self._must_end)
        try:
            if not self._facts.done:
                if self._facts.state == Send.State.SENDING:
                    with self._desk.watch.follow(self._facts.send_id, self._read_at):
                        for (channel,) in await self._ask(ledger.CHANNELS, self._span):
                            await self._hand_over(channel)
                await self._settle()
            await self._finish_send()
        finally:
            self._desk.windows[self._facts.lane].give(len(self._held))
            await self._let_go()

    # The database -------------------------------------------------------------------------------------------------

    async def _take_up(self) -> None:
        """Connect, lock and read the batch, put back what a dead worker had claimed. Again where it is locked."""
        connection = await self._desk.connections.take()
        try:
            if not (await fetch(connection, ledger.TAKE_LOCK, [ledger.LOCK_BASE + self._batch_id]))[0][0]:
                await self._desk.connections.give_back(connection)
                raise Again(LOCKED_PAUSE)
            self._read_at = time.monotonic()
            row = (await fetch(connection, ledger.READ_BATCH, [self._batch_id]))[0]
            self._facts = Facts(*row)._replace(lane=Lane(row[7]))
            self._span = {"send": self._facts.send_id, "first": self._facts.first, "last": self._facts.last}
            if not self._facts.done:
                await fetch(connection, ledger.RESET, {**self._span, "held": list(self._held)})
        except BaseException as problem:
            if not isinstance(problem, Again):
                await connection.close()
            raise
        self._connection = connection

    async def _let_go(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(*LOST):
                await fetch(connection, ledger.RELEASE_LOCK, [ledger.LOCK_BASE + self._batch_id])
            await self._desk.connections.give_back(connection)

    async def _ask(self, query: str, values: Any) -> list[tuple[Any, ...]]:
        """One statement, however long the database stays away; a new connection takes the batch up anew."""
        async with self._asking:
            while True:
                try:
                    if self._connection is None:
                        await patiently(self._take_up, give_up=self._must_end)
                    assert self._connection is not None
                    return await fetch(self._connection, query, values)
                except LOST:
                    if self._must_end():
                        raise
                    await asyncio.sleep(0.1)
                    if self._connection is not None and self._connection.closed:
                        self._connection = None

    def _must_end(self) -> bool:
        return self._desk.hurried

    # Handing over -------------------------------------------------------------------------------------------------

    async def _hand_over(self, channel: int) -> None:
        facts, desk = self._facts, self._desk
        self._unreachable = self._shifted = False
        self._too_late = clock.now() - facts.created_at > GIVE_UP_AFTER
        self._channel = channel
        self._picked = for_practice(channel) if facts.practice else await desk.choice.pick(channel)
        source = Source(desk, facts, channel, self._picked, self._ask, self._goes_on, self._done, self._held)
        await source.open()
        carrier, chunks = desk.carrier(facts.lane, self._picked), source.chunks()
        handing = asyncio.create_task(carrier.hand_over(facts.send_id, chunks, wanted=self._wanted, done=self._done))
        recording = asyncio.create_task(self._record_regularly())
        try:
            await asyncio.wait({handing, recording}, return_when=asyncio.FIRST_COMPLETED)
            if not handing.done():
                handing.cancel()
                recording.result()  # it never ends but by an error
        finally:
            handing.cancel()
            await asyncio.gather(handing, return_exceptions=True)
            async with self._flushing:  # not in the middle of it: what it had taken up would be forgotten
                recording.cancel()
            await asyncio.gather(recording, return_exceptions=True)
            desk.seats.leave(source)
            await self._flush()
        handing.result()
        self._wait_for(source, carrier)

    def _wait_for(self, source: Source, carrier: Carrier) -> None:
        """When what this channel left should be tried: at once by another carrier, later each time where none is there,
        when the carrier wants more of us, or when it may go."""
        self._resting += source.resting.values()
        rest = carrier.rest() if isinstance(carrier, Resting) else 0
        if self._unreachable or self._shifted or rest:
            if self._desk.choice.has_another(self._picked) and not (self._unreachable and self._too_late):
                self._waits.append(HELD_PAUSE)
            else:
                self._nobody = True
                self._waits += [float(rest)] if rest else []
        elif source.again_at is not None:
            seconds = max((source.again_at - clock.now()).total_seconds(), 0.0)
            self._waits.append(self._desk.seats.turn(seconds) if source.behind else seconds)
            self._behind = self._behind or source.behind

    def _goes_on(self) -> bool:
        """Whether more should be claimed for the carrier that was picked."""
        self._shifted = self._shifted or not self._desk.choice.may_go_on(self._picked)
        return self._wanted() and not self._unreachable and not self._shifted

    def _wanted(self) -> bool:
        return not self._desk.stopping and self._desk.watch.goes_on(self._facts.send_id)

    def _done(self, key: Key, fate: Fate, code: str = "") -> None:
        self._finished.append((key, fate))
        if code and fate is Fate.REFUSED:
            self._refused.append((key.address_id, code))
        self._some.set()
        if fate is Fate.UNREACHABLE:
            self._unreachable = True
        if len(self._finished) >= min(CHUNK[self._facts.lane], len(self._held)):  # no more will come before
            self._enough.set()

    # Recording ----------------------------------------------------------------------------------------------------

    async def _record_regularly(self) -> None:
        """Record a chunk's worth, or what there is after a tenth of a second."""
        while True:
            await self._some.wait()
            with suppress(TimeoutError):
                async with asyncio.timeout(FLUSH_SECONDS):
                    await self._enough.wait()
            await self._flush()

    async def _flush(self) -> None:
        async with self._flushing:
            finished, self._finished = self._finished, []
            self._some.clear()
            self._enough.clear()
            if not finished:
                return
            keys = [key.address_id for key, _ in finished]
            try:
                await self._tell_why()
                await self._ask(ledger.RECORD, self._outcomes(finished))
            except BaseException:
                self._finished = finished + self._finished
                raise
            self._held.difference_update(keys)
            self._desk.windows[self._facts.lane].give(len(finished))
            await self._desk.choice.tell(self._picked, Counter(fate for _, fate in finished))

    def _outcomes(self, finished: list[tuple[Key, Fate]]) -> dict[str, Any]:
        alike: dict[tuple[Fate, int], list[Key]] = {}  # nearly all are
        for key, fate in finished:
            alike.setdefault((fate, key.tries), []).append(key)
        arrays: dict[str, list[object]] = {"keys": [], "states": [], "reasons": [], "tries": []}
        for (fate, before), those in alike.items():
            one = outcome(fate, self._channel, before, too_late=self._too_late)
            arrays["keys"] += [key.address_id for key in those]
            arrays["states"] += [one.state.value] * len(those)
            arrays["reasons"] += [f'"{one.reason.value}"'] * len(those)
            arrays["tries"] += [one.tries] * len(those)
        return {"send": self._facts.send_id} | {name: ledger.array(values) for name, values in arrays.items()}

    async def _tell_why(self) -> None:
        """Record refusals with their codes, which may stop their addresses. Without the database they are recorded as
        refused like any other, and the address is found out the next time."""
        refused, self._refused = self._refused, []
        if refused:
            with suppress(DatabaseError, InterfaceError):
                await in_thread(receipts.refused, self._facts.send_id, refused, carrier=self._picked.id)

    # Ending -------------------------------------------------------------------------------------------------------

    async def _settle(self) -> None:
        """Close the batch, or say when to come back. Whoever resumes a paused send starts its batches anew."""
        state, left, tries = (await self._ask(ledger.LEFT, self._span))[0]
        if left and state == Send.State.RECALLED:
            await self._ask(ledger.STOP, self._span)
            left = 0
        if not left:
            await self._ask(ledger.CLOSE_BATCH, [self._batch_id])
        elif state == Send.State.SENDING:
            await self._ask(ledger.KEEP_RESTING, self._rests())
            raise Again(self._pause(tries), behind=self._behind)

    def _rests(self) -> dict[str, Any]:
        """How many wait as their residents asked, for `ledger.KEEP_RESTING`."""
        first, last = min(self._resting, default=None), max(self._resting, default=None)
        return {"batch": self._batch_id, "n": len(self._resting), "first": first, "last": last}

    def _pause(self, tries: int) -> float | None:
        """Seconds until some of what is left may go: tried again, or for the first time."""
        if self._desk.stopping:
            return 0.0
        waits = list(self._waits)
        if tries and (self._too_late or not self._nobody):
            waits.append(PAUSES[self._facts.lane][min(tries, MOST_TRIES - 1) - 1])
        if self._nobody and not waits:
            return None
        return min([*waits, LONGEST_PAUSE]) if waits else HELD_PAUSE

    async def _finish_send(self) -> None:
        """After the last batch, the send; asked again by a run that finds its batch closed already."""
        if (
            self._facts.state != Send.State.PAUSED
            and not (await self._ask(ledger.ANY_BATCH_LEFT, [self._facts.send_id]))[0][0]
        ):
            await in_thread(actions.finish, self._facts.send_id)
