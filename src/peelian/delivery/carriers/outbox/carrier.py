"""The local outbox: messages become rows that staff read in demo mode. Handed the same message twice, it keeps one."""

from __future__ import annotations

from collections.abc import AsyncIterable

from peelian.delivery.carriers.base import Done, Fate, Given, Message, Wanted
from peelian.delivery.database import Connections

_KEEP = """
INSERT INTO delivery_outgoing (send_id, address_id, channel, recipient, subject, content, at)
SELECT %s, x.address, %s, x.recipient, x.subject, x.content, now()
  FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::bytea[]) AS x(address, recipient, subject, content)
ON CONFLICT DO NOTHING
"""


def make(given: Given) -> Outbox:
    return Outbox(given.connections, given.channel)


class Outbox:
    def __init__(self, connections: Connections, channel: int) -> None:
        self._connections, self._channel = connections, channel

    async def hand_over(
        self, send_id: int, chunks: AsyncIterable[list[Message]], *, wanted: Wanted, done: Done
    ) -> None:
        async for chunk in chunks:
            fate = Fate.HELD
            if wanted():
                await self.keep(send_id, chunk)
                fate = Fate.TAKEN
            for message in chunk:
                done(message.key, fate)

    async def check(self) -> str:
        return ""

    async def keep(self, send_id: int, chunk: list[Message]) -> None:
        """Put the messages into the table."""
        columns = zip(*((m.key.address_id, m.recipient, m.subject[:300], m.content) for m in chunk), strict=True)
        await self._connections.execute(_KEEP, [send_id, self._channel, *map(list, columns)])

    async def close(self) -> None:
        """Nothing is held."""
