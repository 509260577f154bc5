"""The door for mail: an LMTP server (RFC 2033) that a mail server hands to what comes for our mail domain.

It answers 250 for a recipient when the message is on the disk, and not before; 451 when the database is away, and then
the mail server keeps it and comes again. Nothing is logged but counts: addresses and subjects are people's.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
from pathlib import Path
from typing import Any

import structlog
import uvloop
from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import Envelope, Session
from django.conf import settings
from django.db import DatabaseError, InterfaceError

from peelian.delivery.database import in_thread
from peelian.delivery.incoming import store

log = structlog.get_logger("peelian.delivery")
PATIENCE = 120.0  # seconds without a command
MOST_RECIPIENTS = 100

TAKEN = "250 2.0.0 Taken"
UNKNOWN = "550 5.1.1 There is no such address here"
TOO_LARGE = "552 5.3.4 The message is too large"
TOO_MANY = "452 4.5.3 Too many recipients at once"
NOT_NOW = "451 4.3.0 It could not be kept just now; please come again"


class Door:
    """The handler of one server."""

    async def handle_RCPT(
        self, server: Any, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return TOO_MANY
        if store.mailbox_of(address) is None:
            return UNKNOWN
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 There is"

    async def handle_DATA(self, server: Any, session: Session, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        try:
            await in_thread(store.keep, envelope.rcpt_tos, envelope.content)
        except (DatabaseError, InterfaceError, OSError):
            log.warning("incoming message not kept: database unavailable")
            return NOT_NOW
        return TAKEN


class Conversation(LMTP):
    """aiosmtpd's, with an answer for each recipient after the message, as LMTP has it, and no limit on a line: what
    comes back to us was written by others."""

    line_length_limit = store.LARGEST

    def __init__(self, handler: Door) -> None:
        super().__init__(
            handler,
            data_size_limit=store.LARGEST,
            enable_SMTPUTF8=True,
            hostname=settings.PEELIAN_MAIL_DOMAIN,
            ident="Peelian",
            timeout=PATIENCE,
            loop=asyncio.get_running_loop(),
        )
        self._answers = 0

    async def smtp_DATA(self, arg: str) -> None:
        self._answers = len(self.envelope.rcpt_tos) if self.envelope else 0
        try:
            await super().smtp_DATA(arg)
        finally:
            self._answers = 0

    async def push(self, status: Any) -> None:
        text = status.decode("ascii", "replace") if isinstance(status, bytes) else str(status)
        if text.startswith("552"):
            text = TOO_LARGE
        for _ in range(1 if text.startswith("354") else max(1, self._answers)):
            await super().push(text)


async def serve(listen: str, *, ready: asyncio.Event | None = None, end: asyncio.Event | None = None) -> None:
    """Serve at "host:port" or "unix:/path" until END is set, or SIGTERM or SIGINT comes. Raises OSError."""
    logging.getLogger("mail.log").setLevel(logging.CRITICAL + 1)  # it names senders and recipients
    loop = asyncio.get_running_loop()
    ending = end or asyncio.Event()
    if end is None:
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, ending.set)
    door = Door()
    if listen.startswith("unix:"):
        path = Path(listen.removeprefix("unix:"))
        with contextlib.suppress(FileNotFoundError):
            path.unlink()  # of a server that was killed
        server: Any = await loop.create_unix_server(lambda: Conversation(door), path=str(path))
        path.chmod(0o660)
    else:
        host, _, port = listen.rpartition(":")
        server = await loop.create_server(lambda: Conversation(door), host=host.strip("[]"), port=int(port))
    log.info("lmtp started")
    if ready is not None:
        ready.set()
    async with server:
        await ending.wait()
    log.info("lmtp stopped")


def main(listen: str) -> None:
    """Serve until SIGTERM or SIGINT. Django is set up already."""
    uvloop.run(serve(listen))
