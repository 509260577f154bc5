"""The local outbox: messages become rows that staff can read in demo mode. Handed the same message twice, it keeps
one."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

from psycopg_pool import AsyncConnectionPool

from peelian.delivery.carriers.base import Fate, Result, StillWanted
from peelian.delivery.rendering import Envelope

_KEEP = """
INSERT INTO delivery_outgoing (send_id, address_id, channel, recipient, subject, content, at)
SELECT %s, x.address, %s, x.recipient, x.subject, x.content, now()
  FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::bytea[]) AS x(address, recipient, subject, content)
ON CONFLICT DO NOTHING
"""


class Outbox:
    def __init__(self, pool: AsyncConnectionPool, channel: int) -> None:
        self._pool = pool
        self._channel = channel

    async def hand_over(
        self, send_id: int, envelopes: Sequence[Envelope], still_wanted: StillWanted
    ) -> AsyncIterator[Result]:
        if not await still_wanted():
            for envelope in envelopes:
                yield Result(envelope.key, Fate.HELD)
            return
        columns = zip(*((e.key, e.recipient, e.subject[:300], e.content) for e in envelopes), strict=True)
        async with self._pool.connection() as connection:
            await connection.execute(_KEEP, [send_id, self._channel, *map(list, columns)])
        for envelope in envelopes:
            yield Result(envelope.key, Fate.ACCEPTED)

    async def close(self) -> None:
        """Nothing is held."""
