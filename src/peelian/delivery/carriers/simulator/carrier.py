"""A carrier without a provider: what becomes of a message is decided by whom it is for (README.md has the tables).

What is taken is kept in the local outbox too, so that it can be read. Receipts come a little later and by the same door
as a provider's, so everything behind that door can be tried without one.
"""

from __future__ import annotations

import asyncio
import heapq
import re
from collections.abc import AsyncIterable
from typing import NamedTuple

import structlog

from peelian.core import clock
from peelian.delivery import receipts
from peelian.delivery.carriers.base import Done, Fate, Given, Message, Wanted
from peelian.delivery.carriers.outbox.carrier import Outbox
from peelian.delivery.database import in_thread
from peelian.delivery.models import Carrier, Channel, Reason, State
from peelian.delivery.receipts import Meaning, Report

log = structlog.get_logger("peelian.delivery")


class Ending(NamedTuple):
    """What becomes of a message after so many seconds, and what is reported of it a second after each other."""

    fate: Fate = Fate.TAKEN
    seconds: float = 0.0
    reports: tuple[tuple[Meaning, str], ...] = ()  # with the code


_DELIVERED = (Meaning(State.DELIVERED), "2.0.0")
_BOUNCED = (Meaning(State.FAILED, Reason.BOUNCED), "5.1.1")
_FULL = (Meaning(State.FAILED, Reason.FULL), "4.2.2")
_BLOCKED = (Meaning(State.FAILED, Reason.BLOCKED), "5.7.1")
_COMPLAINED = (Meaning(State.FAILED, Reason.COMPLAINED), "abuse")
_UNANSWERED = (Meaning(State.FAILED, Reason.UNANSWERED), "no-answer")

# The end of a number → what becomes of a message to it. Ofcom's drama numbers all fit: 07700 900986 to 900999.
# Any other number takes the message at once.
ENDINGS: dict[str, Ending] = {
    "0986": Ending(reports=(_FULL,)),
    "0987": Ending(reports=(_UNANSWERED,)),
    "0988": Ending(Fate.DEFERRED),
    "0990": Ending(Fate.ARRIVED),
    "0991": Ending(Fate.REFUSED),
    "0992": Ending(Fate.LATER),
    "0993": Ending(Fate.UNKNOWN),
    "0994": Ending(Fate.UNREACHABLE),
    "0995": Ending(Fate.TAKEN, 3.0),
    "0996": Ending(Fate.ARRIVED, 3.0),
    "0997": Ending(reports=(_DELIVERED,)),
    "0998": Ending(reports=(_BOUNCED,)),
    "0999": Ending(reports=(_BLOCKED,)),
}
# The local part of an address at DOMAIN, to which "+anything" may be added
DOMAIN = "simulator.peelian.example"
MAILBOXES: dict[str, Ending] = {
    "delivered": Ending(reports=(_DELIVERED,)),
    "bounced": Ending(reports=(_BOUNCED,)),
    "late-bounced": Ending(reports=(_DELIVERED, _BOUNCED)),
    "complained": Ending(reports=(_DELIVERED, _COMPLAINED)),
    "full": Ending(reports=(_FULL,)),
    "blocked": Ending(reports=(_BLOCKED,)),
    "slow": Ending(Fate.TAKEN, 3.0, (_DELIVERED,)),
    "refused": Ending(Fate.REFUSED),
    "later": Ending(Fate.LATER),
    "deferred": Ending(Fate.DEFERRED),
    "unknown": Ending(Fate.UNKNOWN),
    "unreachable": Ending(Fate.UNREACHABLE),
}
USUAL = Ending()
REPORT_SECONDS = 1.0  # between being taken and the first report, and between reports
AT_ONCE = 500  # reports

_MAILBOX = re.compile(r"([a-z-]+)(?:\+[^@]*)?@" + re.escape(DOMAIN))


def ending(channel: int, recipient: str) -> Ending:
    if channel != Channel.EMAIL:
        return ENDINGS.get(recipient[-4:], USUAL)
    found = _MAILBOX.fullmatch(recipient.lower())
    return MAILBOXES.get(found.group(1), USUAL) if found else USUAL


def make(given: Given) -> Simulator:
    return Simulator(Outbox(given.connections, given.channel), given.channel, given.name)


class Simulator:
    def __init__(self, outbox: Outbox, channel: int = Channel.TEXT, name: str = "simulator") -> None:
        self._outbox, self._channel, self._name = outbox, channel, name
        self._due: list[tuple[float, int, Report]] = []  # a heap, by the loop's time
        self._numbered = 0
        self._posting: asyncio.Task[None] | None = None

    async def check(self) -> str:
        return ""

    async def hand_over(
        self, send_id: int, chunks: AsyncIterable[list[Message]], *, wanted: Wanted, done: Done
    ) -> None:
        async for chunk in chunks:
            by_end: dict[Ending, list[Message]] = {}
            for message in chunk:
                by_end.setdefault(ending(self._channel, message.recipient), []).append(message)
            for end, messages in sorted(by_end.items(), key=lambda item: item[0].seconds):
                await asyncio.sleep(end.seconds)
                going = wanted()
                if going and end.fate in (Fate.TAKEN, Fate.ARRIVED):
                    await self._outbox.keep(send_id, messages)
                    self._report(send_id, messages, end)
                for message in messages:
                    done(message.key, end.fate if going else Fate.HELD)

    async def close(self) -> None:
        """Reports that are not due yet are told now: a provider would not forget them because we end."""
        if self._posting is not None:
            self._posting.cancel()
            await asyncio.gather(self._posting, return_exceptions=True)
        if self._due:
            await self._post([report for _, _, report in self._due])
        await self._outbox.close()

    def _report(self, send_id: int, messages: list[Message], end: Ending) -> None:
        """Plan the reports of messages just taken."""
        now = asyncio.get_running_loop().time()
        for number, ((state, reason), code) in enumerate(end.reports, 1):
            for message in messages:
                self._numbered += 1
                report = Report(send_id, message.key.address_id, state, reason, code, clock.now())
                heapq.heappush(self._due, (now + number * REPORT_SECONDS, self._numbered, report))
        if self._due and (self._posting is None or self._posting.done()):
            self._posting = asyncio.create_task(self._post_when_due())

    async def _post_when_due(self) -> None:
        loop = asyncio.get_running_loop()
        while self._due:
            await asyncio.sleep(max(0.0, self._due[0][0] - loop.time()))
            now = loop.time()
            taken: list[tuple[float, int, Report]] = []
            while self._due and self._due[0][0] <= now and len(taken) < AT_ONCE:
                taken.append(heapq.heappop(self._due))
            try:
                await self._post([report for _, _, report in taken])
            except BaseException as problem:
                for one in taken:
                    heapq.heappush(self._due, one)
                if not isinstance(problem, Exception):
                    raise
                log.warning("simulated receipts wait", error=type(problem).__name__)
                await asyncio.sleep(REPORT_SECONDS)

    async def _post(self, reports: list[Report]) -> None:
        await in_thread(_apply, reports, self._name, self._channel)


def _apply(reports: list[Report], name: str, channel: int) -> None:
    # The report's time is when it is told, as a provider's is
    now = clock.now()
    row = Carrier.objects.filter(name=name, channel=channel).values_list("pk", flat=True).first()
    receipts.apply([report._replace(at=now) for report in reports], carrier=row)
