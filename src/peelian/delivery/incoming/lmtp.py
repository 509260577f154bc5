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

from peelian.core.limits import TooMany
from peelian.delivery.database import in_thread
from peelian.delivery.incoming import store

log = structlog.get_logger("peelian.delivery")
PATIENCE = 120.0  # seconds without a command
MOST_RECIPIENTS = 20  # of one message: each keeps a copy
PIECE = 65_536  # bytes of a line that are read at once

TAKEN = "250 2.0.0 Taken"
UNKNOWN = "550 5.1.1 There is no such address here"
TOO_LARGE = "552 5.3.4 The message is too large"
TOO_MANY = "452 4.5.3 Too many recipients at once"
NOT_SO_MANY = "452 4.7.1 Too many messages to this address for now; please come again"
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
        content = store.return_path(envelope.mail_from) + envelope.content
        try:
            await in_thread(store.keep, envelope.rcpt_tos, content)
        except TooMany:
            return NOT_SO_MANY
        except (DatabaseError, InterfaceError, OSError):
            log.warning("incoming message not kept: database unavailable")
            return NOT_NOW
        return TAKEN


class Conversation(LMTP):
    """aiosmtpd's, with an answer for each recipient after the message, as LMTP has it. A line may be as long as it
    likes (what comes to us was written by others), and what is too large is read to its end and not kept meanwhile."""

    line_length_limit = PIECE

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

    async def smtp_DATA(self, arg: str) -> None:
        if await self.check_helo_needed("LHLO"):
            return
        assert self.envelope is not None
        if not self.envelope.rcpt_tos or arg:
            await self.push("503 5.5.1 RCPT comes first" if not arg else "501 5.5.4 DATA has no parameters")
            return
        await self.push("354 End it with a dot in a line of its own")
        content, answers = await self._content(), len(self.envelope.rcpt_tos)
        if content is None:
            status = TOO_LARGE
        else:
            self.envelope.content = content
            status = await self._call_handler_hook("DATA")
        self._set_post_data_state()  # type: ignore[no-untyped-call]
        for _ in range(answers):
            await self.push(status)

    async def _content(self) -> bytes | None:
        """The message up to its lone dot, with the dots taken off again that SMTP puts before others (RFC 5321 4.5.2);
        None when it is too large. Never more of it is in memory than may be kept."""
        kept, size, begins = bytearray(), 0, True
        while True:
            piece, whole = await self._piece()
            if begins and piece == b".\r\n":
                return bytes(kept) if size <= store.LARGEST else None
            if begins and piece.startswith(b"."):
                piece = piece[1:]
            begins, size = whole, size + len(piece)
            if size <= store.LARGEST:
                kept += piece
            else:
                kept.clear()

    async def _piece(self) -> tuple[bytes, bool]:
        """The next line with its end, or as much of a long one as may be read at once; and whether it ends there."""
        try:
            return await self._reader.readuntil(b"\r\n"), True
        except asyncio.LimitOverrunError as more:
            return await self._reader.read(more.consumed), False


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
