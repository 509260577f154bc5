"""Texts and calls without a provider: the last four figures of the number decide what becomes of one. What is taken is
kept in the local outbox too, so that it can be read."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterable

from peelian.delivery.carriers.base import Done, Fate, Message, Wanted
from peelian.delivery.carriers.outbox.carrier import Outbox

# The end of a number → what becomes of a message to it, and after how many seconds. Ofcom's drama numbers all fit:
# 07700 900990 to 900996. Any other number takes the message at once.
ENDINGS: dict[str, tuple[Fate, float]] = {
    "0990": (Fate.ARRIVED, 0.0),
    "0991": (Fate.REFUSED, 0.0),
    "0992": (Fate.LATER, 0.0),
    "0993": (Fate.UNKNOWN, 0.0),
    "0994": (Fate.UNREACHABLE, 0.0),
    "0995": (Fate.TAKEN, 3.0),
    "0996": (Fate.ARRIVED, 3.0),
}
USUAL = (Fate.TAKEN, 0.0)


class Simulator:
    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox

    async def hand_over(
        self, send_id: int, chunks: AsyncIterable[list[Message]], *, wanted: Wanted, done: Done
    ) -> None:
        async for chunk in chunks:
            by_end: dict[tuple[Fate, float], list[Message]] = {}
            for message in chunk:
                by_end.setdefault(ENDINGS.get(message.recipient[-4:], USUAL), []).append(message)
            for (fate, seconds), messages in sorted(by_end.items(), key=lambda item: item[0][1]):
                await asyncio.sleep(seconds)
                going = wanted()
                if going and fate in (Fate.TAKEN, Fate.ARRIVED):
                    await self._outbox.keep(send_id, messages)
                for message in messages:
                    done(message.key, fate if going else Fate.HELD)

    async def close(self) -> None:
        await self._outbox.close()
