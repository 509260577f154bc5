"""Whether the carriers that settings name answer, asked by `peelian doctor`; and a message of Django's own by one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from django.conf import settings

from peelian.delivery.carriers import registry
from peelian.delivery.carriers.base import Fate, Key, Message
from peelian.delivery.carriers.smtp.url import parse_smtp_url
from peelian.delivery.database import Connections
from peelian.delivery.models import Channel, Lane

OURS = ("outbox", "simulator")  # they need nobody


def make_rows() -> None:
    """A row for each carrier that settings name, as the worker makes them when it starts."""
    registry.row_ids()


def smtp_problem() -> str:
    """What is wrong with PEELIAN_SMTP_URL, as a sentence that repeats nothing of it; empty when nothing is."""
    if settings.PEELIAN_SMTP_URL:
        try:
            parse_smtp_url(settings.PEELIAN_SMTP_URL)
        except ValueError as wrong:
            return str(wrong)
    return ""


def problems() -> list[str]:
    """What is wrong with each carrier, as sentences that begin with its setting; empty when all answer."""
    return asyncio.run(_problems())


async def _problems() -> list[str]:
    asked = [one for channel in Channel for one in registry.configured(channel) if one.kind not in OURS]
    return [said for one in asked if (said := await _ask(one))]


async def _ask(one: registry.Named) -> str:
    is_first = one.url == settings.PEELIAN_SMTP_URL
    if is_first and (wrong := smtp_problem()):
        return wrong
    carrier = registry.make(one, Lane.TRANSACTIONAL, Connections())
    try:
        said = " ".join((await carrier.check()).split())
    finally:
        await carrier.close()
    if said and is_first:
        return f"PEELIAN_SMTP_URL: {said.rstrip('.')}. Messages wait until the mail server answers."
    return said and f"{registry.SETTINGS[Channel(one.channel)]}, {one.name}: {said}"


def email_stays_here() -> bool:
    """Whether no setting names a carrier for email, so that every message ends in the local outbox."""
    return all(one.kind == "outbox" for one in registry.configured(Channel.EMAIL))


def nothing_takes_in_mail() -> bool:
    """Whether answers and bounces have no way in: no LMTP, no maildir, and no carrier that could post them."""
    if settings.PEELIAN_LMTP_LISTEN or settings.PEELIAN_MAILDIR:
        return False
    return all(one.kind in ("smtp", "outbox") for one in registry.configured(Channel.EMAIL))


def hand_over(recipient: str, content: bytes, subject: str) -> Fate:
    """Give one email that is in no ledger to the first carrier that takes it."""
    return asyncio.run(_hand_over(Message(Key(0, 0), recipient, content, subject)))


async def _hand_over(message: Message) -> Fate:
    fates = [Fate.UNREACHABLE]

    async def chunks() -> AsyncIterator[list[Message]]:
        yield [message]

    def done(key: Key, fate: Fate, code: str = "") -> None:
        fates.append(fate)

    for one in registry.configured(Channel.EMAIL):
        carrier = registry.make(one, Lane.TRANSACTIONAL, Connections())
        try:
            await carrier.hand_over(0, chunks(), wanted=lambda: True, done=done)
        finally:
            await carrier.close()
        if fates[-1] not in (Fate.LATER, Fate.DEFERRED, Fate.UNREACHABLE):
            break
    return fates[-1]
