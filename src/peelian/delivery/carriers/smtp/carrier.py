"""Email by a mail server: our pooled client, its answers turned into fates."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

from django.conf import settings

from peelian.delivery.carriers.base import Fate, Result, StillWanted
from peelian.delivery.carriers.smtp import client
from peelian.delivery.carriers.smtp.url import parse_smtp_url
from peelian.delivery.rendering import Envelope

_FATES = {
    client.Kind.ACCEPTED: Fate.ACCEPTED,
    client.Kind.REFUSED_FOR_GOOD: Fate.REFUSED,
    client.Kind.TRY_LATER: Fate.LATER,
    client.Kind.UNKNOWN: Fate.UNKNOWN,
}
ASK_AGAIN_AFTER = 0.5  # seconds that an answer to "still wanted?" holds


class Smtp:
    def __init__(self, connections: int) -> None:
        given = replace(parse_smtp_url(settings.PEELIAN_SMTP_URL), name=settings.PEELIAN_MAIL_DOMAIN)
        self._pool = client.SmtpPool(given, connections)

    async def hand_over(
        self, send_id: int, envelopes: Sequence[Envelope], still_wanted: StillWanted
    ) -> AsyncIterator[Result]:
        asked_at, answer = 0.0, True

        async def permits(_: client.Envelope) -> bool:
            nonlocal asked_at, answer
            if time.monotonic() - asked_at > ASK_AGAIN_AFTER:
                answer, asked_at = await still_wanted(), time.monotonic()
            return answer

        sender = settings.PEELIAN_MAIL_FROM
        source = [client.Envelope(e.key, sender, e.recipient, e.content) for e in envelopes]
        async for outcome in self._pool.hand_over(source, permits=permits):
            yield Result(outcome.key, _fate(outcome), reached=outcome.stage != "connect")

    async def close(self) -> None:
        await self._pool.close()


def _fate(outcome: client.Outcome) -> Fate:
    """A refusal of our own sender is not the resident's fault: it is tried again once that is mended."""
    if outcome.stage == "permit":
        return Fate.HELD
    if outcome.kind is client.Kind.REFUSED_FOR_GOOD and outcome.stage == "mail":
        return Fate.LATER
    return _FATES[outcome.kind]
