"""Email by a mail server: the client of this folder, its outcomes as fates."""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterable, AsyncIterator
from dataclasses import replace

from django.conf import settings

from peelian.delivery import references, status_codes
from peelian.delivery.carriers.base import Done, Fate, Given, Message, Wanted
from peelian.delivery.carriers.smtp import client
from peelian.delivery.carriers.smtp.channel import Limits, SmtpChannel, Unavailable
from peelian.delivery.carriers.smtp.client import Envelope, Kind, Outcome
from peelian.delivery.carriers.smtp.url import parse_smtp_url
from peelian.delivery.carriers.smtp.wire import CONNECT, MAIL, PERMIT
from peelian.delivery.models import Lane

_FATES = {
    Kind.ACCEPTED: Fate.TAKEN,
    Kind.REFUSED_FOR_GOOD: Fate.REFUSED,
    Kind.TRY_LATER: Fate.LATER,
    Kind.UNKNOWN: Fate.UNKNOWN,
}
IN_HAND = 250  # never the limit: the worker claims fewer
CHECK_SECONDS = 5.0  # for each reply to a check
CONNECTIONS = {Lane.TRANSACTIONAL: 2, Lane.URGENT: 4, Lane.ROUTINE: 8}  # of a process to the mail server


def make(given: Given) -> Smtp:
    return Smtp(given.url, CONNECTIONS[given.lane])


class Smtp:
    def __init__(self, url: str, connections: int, limits: Limits | None = None) -> None:
        self._settings = replace(parse_smtp_url(url), name=settings.PEELIAN_MAIL_DOMAIN)
        self._pool = client.SmtpPool(self._settings, connections)
        if limits is not None:
            self._pool.limits = limits

    async def check(self) -> str:
        limits = replace(self._pool.limits, command=min(self._pool.limits.command, CHECK_SECONDS))
        try:
            await SmtpChannel(self._settings, limits, None).try_out()
        except Unavailable as problem:
            return str(problem)
        return ""

    async def hand_over(
        self, send_id: int, chunks: AsyncIterable[list[Message]], *, wanted: Wanted, done: Done
    ) -> None:
        waiting: deque[Message] = deque()  # ours still: the pool has not asked for them
        sender_of = references.return_paths(send_id)

        async def envelopes() -> AsyncIterator[Envelope]:
            async for chunk in chunks:
                waiting.extend(chunk)
                while waiting:
                    message = waiting.popleft()
                    sender = sender_of(message.key.address_id)
                    yield Envelope(message.key, sender, message.recipient, message.content)

        async def permits(_: Envelope) -> bool:
            return wanted()

        try:
            async for outcome in self._pool.hand_over(envelopes(), permits=permits, in_hand=IN_HAND):
                done(outcome.key, fate_of(outcome), code_of(outcome))
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


def code_of(outcome: Outcome) -> str:
    """The code of a refusal for good, where the server gave one."""
    if outcome.kind is not Kind.REFUSED_FOR_GOOD or not outcome.code:
        return ""
    return status_codes.best(outcome.enhanced, str(outcome.code))
