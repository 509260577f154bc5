"""Texts and calls without a provider: what becomes of one follows from the last figures of the number. What is handed
over is kept in the local outbox as well, so that it can be read."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence

from peelian.delivery.carriers.base import Fate, Result, StillWanted
from peelian.delivery.carriers.outbox.carrier import Outbox
from peelian.delivery.rendering import Envelope

SLOW_SECONDS = 5.0
# The end of a number → what becomes of a message to it; every other number takes it
ENDINGS = {"0997": Fate.UNKNOWN, "0998": Fate.LATER, "0999": Fate.REFUSED}
SLOW_ENDING = "0996"


class Simulator:
    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox

    async def hand_over(
        self, send_id: int, envelopes: Sequence[Envelope], still_wanted: StillWanted
    ) -> AsyncIterator[Result]:
        taken = [envelope for envelope in envelopes if envelope.recipient[-4:] not in ENDINGS]
        for envelope in envelopes:
            fate = ENDINGS.get(envelope.recipient[-4:])
            if fate is not None:
                yield Result(envelope.key, fate)
        if any(envelope.recipient.endswith(SLOW_ENDING) for envelope in taken):
            await asyncio.sleep(SLOW_SECONDS)
        if taken:
            async for result in self._outbox.hand_over(send_id, taken, still_wanted):
                yield result

    async def close(self) -> None:
        await self._outbox.close()
