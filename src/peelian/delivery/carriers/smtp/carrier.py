"""Email by a mail server: the client of this folder, its outcomes as fates."""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterable, AsyncIterator
from dataclasses import replace

from django.conf import settings

from peelian.delivery.carriers.base import Done, Fate, Message, Wanted
from peelian.delivery.carriers.smtp import client
from peelian.delivery.carriers.smtp.client import Envelope, Kind, Limits, Outcome
from peelian.delivery.carriers.smtp.url import parse_smtp_url
from peelian.delivery.carriers.smtp.wire import CONNECT, MAIL, PERMIT

_FATES = {
    Kind.ACCEPTED: Fate.TAKEN,
    Kind.REFUSED_FOR_GOOD: Fate.REFUSED,
    Kind.TRY_LATER: Fate.LATER,
    Kind.UNKNOWN: Fate.UNKNOWN,
}
IN_HAND = 250  # never the limit: the worker claims fewer


class Smtp:
    def __init__(self, connections: int, limits: Limits | None = None) -> None:
        given = replace(parse_smtp_url(settings.PEELIAN_SMTP_URL), name=settings.PEELIAN_MAIL_DOMAIN)
        self._pool = client.SmtpPool(given, connections)
        if limits is not None:
            self._pool.limits = limits
        self._sender = settings.PEELIAN_MAIL_FROM

    async def hand_over(
        self, send_id: int, chunks: AsyncIterable[list[Message]], *, wanted: Wanted, done: Done
    ) -> None:
        waiting: deque[Message] = deque()  # ours still: the pool has not asked for them

        async def envelopes() -> AsyncIterator[Envelope]:
            async for chunk in chunks:
                waiting.extend(chunk)
                while waiting:
                    message = waiting.popleft()
                    yield Envelope(message.key, self._sender, message.recipient, message.content)

        async def permits(_: Envelope) -> bool:
            return wanted()

        try:
            async for outcome in self._pool.hand_over(envelopes(), permits=permits, in_hand=IN_HAND):
                done(outcome.key, fate_of(outcome))
        finally:
            for message in waiting:
                done(message.key, Fate.HELD)

    async def close(self) -> None:
        await self._pool.close()


def fate_of(outcome: Outcome) -> Fate:
    """What an outcome means for the resident. Our own sender being refused is not their doing: it goes again."""
    if outcome.stage == PERMIT:
        return Fate.HELD
    if outcome.stage == CONNECT:
        return Fate.UNREACHABLE
    if outcome.stage == MAIL and outcome.kind is Kind.REFUSED_FOR_GOOD:
        return Fate.LATER
    return _FATES[outcome.kind]
