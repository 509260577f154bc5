"""Email by a mail server: the client of this folder, its outcomes as fates."""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator
from dataclasses import replace

from django.conf import settings

from peelian.delivery import references, status_codes
from peelian.delivery.carriers.base import Done, Fate, Given, Message, Wanted
from peelian.delivery.carriers.smtp import client
from peelian.delivery.carriers.smtp.channel import Limits, SmtpChannel, Unavailable
from peelian.delivery.carriers.smtp.client import Envelope, Kind, Outcome
from peelian.delivery.carriers.smtp.url import parse_smtp_url
from peelian.delivery.carriers.smtp.wire import CONNECT, MAIL, PERMIT, RCPT
from peelian.delivery.models import Lane

_FATES = {
    Kind.ACCEPTED: Fate.TAKEN,
    Kind.REFUSED_FOR_GOOD: Fate.REFUSED,
    Kind.TRY_LATER: Fate.LATER,
    Kind.UNKNOWN: Fate.UNKNOWN,
}
CHECK_SECONDS = 5.0  # for each reply to a check
# Answers to RCPT that are about that recipient: greylisting, a full mailbox. 4.3 is the server's own state (RFC 3463)
_OF_THE_RECIPIENT = (450, 451, 452)
# Of a process to the mail server. Two processes stay below the fifty that Postfix allows a client by default
CONNECTIONS = {Lane.TRANSACTIONAL: 2, Lane.URGENT: 4, Lane.ROUTINE: 16}


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
        sender_of = references.return_paths(send_id)

        async def envelopes() -> AsyncIterator[list[Envelope]]:
            async for chunk in chunks:
                yield [Envelope(key, sender_of(key[0]), recipient, content) for key, recipient, content, _, _ in chunk]

        def tell(outcome: Outcome) -> None:
            if outcome.kind is Kind.ACCEPTED:
                done(outcome.key, Fate.TAKEN)
            else:
                done(outcome.key, fate_of(outcome), code_of(outcome))

        await self._pool.hand_over(envelopes(), wanted=wanted, done=tell)

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
    if outcome.stage == RCPT and outcome.code in _OF_THE_RECIPIENT and not outcome.enhanced.startswith("4.3."):
        return Fate.DEFERRED
    return _FATES[outcome.kind]


def code_of(outcome: Outcome) -> str:
    """The code of a refusal for good, where the server gave one."""
    if outcome.kind is not Kind.REFUSED_FOR_GOOD or not outcome.code:
        return ""
    return status_codes.best(outcome.enhanced, str(outcome.code))
