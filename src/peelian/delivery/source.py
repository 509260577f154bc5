"""What a carrier is given of one batch: shares of it, claimed and made into messages, as fast as the limits allow."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from peelian.core import clock
from peelian.delivery import claim, headers, ledger
from peelian.delivery.allowance import OTHERS, Allowance
from peelian.delivery.carriers.base import Done, Fate, Key, Message
from peelian.delivery.carriers.choice import Picked
from peelian.delivery.desk import Desk, Made
from peelian.delivery.fills import Fills
from peelian.delivery.models import Channel, Lane, State

CHUNK = {Lane.TRANSACTIONAL: 5, Lane.URGENT: 20, Lane.ROUTINE: 100}  # claimed, and recorded, at a time
MOMENT = 1.05  # seconds that a run waits for the next tokens; for longer it makes room for others


class Facts(NamedTuple):
    """What a run needs to know of its batch and send, in the order of ledger.READ_BATCH."""

    batch_id: int
    send_id: int
    first: int
    last: int
    done: bool
    renderer: str
    object_id: int
    lane: Lane
    state: str
    created_at: datetime
    practice: bool = False

    @property
    def span(self) -> dict[str, int]:
        return {"send": self.send_id, "first": self.first, "last": self.last}


class Claimed(NamedTuple):
    """A row that a claim answers with. With `again_at` it is still queued, and not to go before then."""

    address_id: int
    member_id: int | None
    tries: int
    value: str
    state: int
    again_at: datetime | None
    language: str | None  # that the member asked for


@dataclass
class Source:
    """Of one channel, for the carrier that was picked. `ask` runs a statement; `goes_on` says whether more is wanted;
    `held` are the addresses claimed and not recorded, to which this adds."""

    desk: Desk
    facts: Facts
    channel: int
    picked: Picked
    ask: Callable[[str, Any], Awaitable[list[tuple[Any, ...]]]]
    goes_on: Callable[[], bool]
    done: Done
    held: set[int]
    again_at: datetime | None = None  # the earliest moment at which some of what is left may go
    resting: dict[int, datetime] = field(default_factory=dict)  # addresses that wait as asked, until when
    behind: bool = False  # some of it waits for tokens, and everything without a limit should go before it

    async def open(self) -> None:
        facts = self.facts
        self._fills = await Fills.of(
            self.desk, facts.send_id, facts.renderer, facts.object_id, facts.lane, self.channel
        )

    async def chunks(self) -> AsyncIterator[list[Message]]:
        """Claimed and rendered messages, in order of address, until there are no more or none may go now."""
        allowance, after, passed_over = await self._allowance(), self.facts.first - 1, False
        try:
            while self.goes_on():
                number, rows = await self._share(allowance, after)
                if rows:
                    after = max(row.address_id for row in rows)
                    passed_over = passed_over or any(row.state == State.QUEUED and not row.again_at for row in rows)
                    if messages := await self._messages([row for row in rows if row.state == State.CLAIMED]):
                        yield messages
                elif number and not passed_over:
                    allowance.again = None  # that was all
                    break
                elif not await self._rest(allowance):
                    break
                elif passed_over:
                    after, passed_over = self.facts.first - 1, False
                    allowance.left = await self._left()
        finally:
            self.desk.seats.leave(self)
        self._come_back(allowance.again)
        self.behind = allowance.again is not None

    async def _share(self, allowance: Allowance, after: int) -> tuple[int, list[Claimed]]:
        """Claim the next share: for how many there were tokens, and the rows that were looked at."""
        window, most = self.desk.windows[self.facts.lane], CHUNK[self.facts.lane]
        share = await window.take(most)
        claimed: list[Claimed] = []
        try:
            number = await allowance.lease(share) if self.goes_on() else 0
            rows = await self._claim(after, number, allowance.domains) if number else []
            claimed = [row for row in rows if row.state == State.CLAIMED]
            self.held.update(row.address_id for row in claimed)
            not_sent = (row.value for row in rows if row.state not in (State.CLAIMED, State.QUEUED))
            await allowance.settle((row.value for row in claimed), not_sent)
        finally:
            window.give(share - len(claimed))
        return number, rows

    async def _allowance(self) -> Allowance:
        await self.desk.pacing.refresh()
        return Allowance(self.desk.pacing, f"carrier:{self.picked.id}", await self._left())

    async def _left(self) -> dict[str, int]:
        domains = self.desk.pacing.domains if self.channel == Channel.EMAIL else []
        if not domains:
            return {}
        asked = {**self.facts.span, "channel": self.channel, "domains": domains}
        return {OTHERS: 0} | dict(await self.ask(ledger.LIMITED, asked))

    async def _rest(self, allowance: Allowance) -> bool:
        """Wait for the next tokens where that is a matter of moments and nobody else of this process does."""
        if allowance.again is None or not self.goes_on():
            return False
        seconds = (allowance.again - clock.now()).total_seconds()
        if seconds > MOMENT or not self.desk.seats.take(self.facts.lane, allowance.short, self):
            return False
        allowance.again = None
        await asyncio.sleep(max(seconds, 0.01))
        return self.goes_on()

    async def _claim(self, after: int, most: int, domains: dict[str, int]) -> list[Claimed]:
        asked = {
            **self.facts.span,
            **claim.moment(clock.now()),
            "after": after,
            "channel": self.channel,
            "most": most,
            "carrier": self.picked.id,
        }
        if domains:
            asked |= {"domains": list(domains), "allowed": list(domains.values())}
        rows = [Claimed(*row) for row in await self.ask(claim.CLAIM_LIMITED if domains else claim.CLAIM, asked)]
        for row in rows:
            if row.again_at is not None:
                self.resting[row.address_id] = row.again_at
                self._come_back(row.again_at)
        return rows

    def _come_back(self, at: datetime | None) -> None:
        if at is not None and (self.again_at is None or at < self.again_at):
            self.again_at = at

    async def _messages(self, claimed: list[Claimed]) -> list[Message]:
        """Make them. Where that fails they wait as before: nothing of them has left us."""
        claimed.sort()
        try:
            fills = await self._fills.fill(claimed)
            made = [self._message(row, fills(row)) for row in claimed]
        except BaseException:
            for row in claimed:
                self.done(Key(row.address_id, row.tries), Fate.HELD)
            raise
        for row, one in zip(claimed, made, strict=True):
            if isinstance(one, Fate):
                self.done(Key(row.address_id, row.tries), one)
        return [one for one in made if isinstance(one, Message)]

    def _message(self, row: Claimed, made: Made | None) -> Message | Fate:
        if made is None:
            return Fate.NOTHING
        if self.channel == Channel.EMAIL and not headers.may_be_recipient(row.value):
            return Fate.REFUSED
        return Message(Key(row.address_id, row.tries), row.value, made[0](row.address_id, row.value), made[1], made[2])
