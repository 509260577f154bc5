"""The lines of an SMTP conversation: replies read from the bytes, and the handshake before the messages."""

from __future__ import annotations

import asyncio
import base64
import os
import ssl
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, cast

from peelian.delivery.carriers.smtp.url import SmtpSettings
from peelian.delivery.carriers.smtp.wire import Features, read_features

CLOSED: Final = "The mail server closed the connection."
CLOSING: Final = "The mail server is closing."
UNASKED: Final = "The mail server spoke unasked."
NOT_SMTP: Final = "The mail server's answer is not SMTP."
LONGEST_REPLY: Final = 65_536  # bytes of one reply, over all its lines, before we stop listening
_CODES: Final = {str(code).encode(): code for code in range(200, 600)}


@dataclass(frozen=True)
class Limits:
    """Patience in seconds, and messages over one connection before a new one is opened."""

    connect: float = 10.0  # TCP, and the TLS handshake
    command: float = 60.0  # one reply; RFC 5321 section 4.5.3.2 would wait five minutes
    data: float = 120.0  # from the first byte of the body to the reply to the closing dot
    idle: float = 60.0  # a connection without work is closed after this
    messages: int = 1_000


class Unavailable(Exception):
    """The server cannot be used now. The text is a sentence for the operator and may quote the server."""

    def __init__(self, text: str, *, code: int = 0) -> None:
        super().__init__(text)
        self.code = code


class SmtpChannel(asyncio.Protocol):
    """A connection that can greet, encrypt and sign in; what comes after is its subclass's."""

    def __init__(self, settings: SmtpSettings, limits: Limits, tls_context: ssl.SSLContext | None) -> None:
        self.features = Features()
        self._settings, self._limits, self._tls_context = settings, limits, tls_context
        self._loop = asyncio.get_running_loop()
        self.lost: asyncio.Future[None] = self._loop.create_future()
        self._transport: asyncio.Transport | None = None
        self._partial = b""
        self._lines: list[bytes] = []
        self._lines_size = 0
        self._waiter: asyncio.Future[tuple[int, bytes]] | None = None
        self._stuck = False  # more unsent bytes wait in our own buffer than ever follow a closing dot
        self._over = False

    @property
    def over(self) -> bool:
        """Whether it has ended or is ending."""
        return self._over

    async def connect(self) -> Features:
        """Connect, greet, encrypt, sign in; Unavailable with the reason where any of it fails."""
        try:
            return await self._handshake()
        except ssl.SSLCertVerificationError as problem:
            text = f"The mail server's certificate cannot be trusted: {problem.verify_message}."
            raise self._unavailable(text) from problem
        except TimeoutError as problem:
            raise self._unavailable("The mail server did not answer in time.") from problem
        except OSError as problem:  # SSLError is one too
            known = problem.errno is not None and problem.errno > 0  # the resolver's are negative
            reason = os.strerror(problem.errno or 0) if known else problem.strerror or str(problem)
            raise self._unavailable(f"The mail server cannot be reached: {reason}.") from problem
        except BaseException:
            self.abort()
            raise

    async def try_out(self) -> None:
        """Connect, ask for nothing and say goodbye; Unavailable with the reason where that fails."""
        await self.connect()
        try:
            self._need(await self._command(b"NOOP"), 250, "NOOP")
            with suppress(Unavailable, TimeoutError):  # some hang up without a word
                await self._command(b"QUIT")
        except TimeoutError as problem:
            raise self._unavailable("The mail server did not answer in time.") from problem
        finally:
            self.abort()

    def _unavailable(self, text: str, code: int = 0) -> Unavailable:
        self.abort()
        return Unavailable(text, code=code)

    async def _handshake(self) -> Features:
        settings, greeting = self._settings, self._expect()
        implicit = self._context() if settings.tls == "implicit" else None
        async with asyncio.timeout(self._limits.connect):
            await self._loop.create_connection(
                lambda: self,
                settings.host,
                settings.port,
                ssl=implicit,
                server_hostname=settings.host if implicit else None,
            )
        self._need(await self._reply_to(greeting), 220, "the greeting")
        await self._hello()
        if settings.tls == "starttls":
            await self._start_tls()
            await self._hello()
        if settings.username:
            await self._sign_in()
        return self.features

    async def _hello(self) -> None:
        name = (self._settings.name or self._own_address()).encode("idna")
        code, text = await self._command(b"EHLO " + name)
        if code == 250:
            self.features = read_features(text.decode("utf-8", "replace"))
        elif code // 100 == 5:
            self._need(await self._command(b"HELO " + name), 250, "EHLO and HELO")
            self.features = Features()
        else:
            self._need((code, text), 250, "EHLO")

    def _own_address(self) -> str:
        """Our end as an address literal (RFC 5321 section 4.1.3): true without asking the DNS."""
        own = str(cast(asyncio.Transport, self._transport).get_extra_info("sockname")[0]).partition("%")[0]
        return f"[IPv6:{own}]" if ":" in own else f"[{own}]"

    def _context(self) -> ssl.SSLContext:
        return self._tls_context or ssl.create_default_context()

    async def _start_tls(self) -> None:
        if not self.features.starttls:
            raise self._unavailable("The mail server offers no STARTTLS, and PEELIAN_SMTP_URL asks for it.")
        self._need(await self._command(b"STARTTLS"), 220, "STARTTLS")
        if self._partial or self._lines:  # said before the encryption: anybody could have put it there
            raise self._unavailable("The mail server went on talking in the clear after STARTTLS.")
        async with asyncio.timeout(self._limits.connect):
            transport = await self._loop.start_tls(
                cast(asyncio.Transport, self._transport),
                self,
                self._context(),
                server_hostname=self._settings.host,
            )
        if transport is None:  # what asyncio gives when the connection ended meanwhile
            raise Unavailable(CLOSED)
        self._transport = transport

    async def _sign_in(self) -> None:
        username, password = self._settings.username.encode(), self._settings.password.encode()
        if "PLAIN" in self.features.auth:
            secret = base64.b64encode(b"\0" + username + b"\0" + password)
            reply = await self._command(b"AUTH PLAIN " + secret)
        elif "LOGIN" in self.features.auth:
            self._need(await self._command(b"AUTH LOGIN"), 334, "AUTH")
            self._need(await self._command(base64.b64encode(username)), 334, "the user name")
            reply = await self._command(base64.b64encode(password))
        else:
            raise self._unavailable("The mail server offers neither AUTH PLAIN nor AUTH LOGIN.")
        self._need(reply, 235, "the user name and password")

    def _need(self, reply: tuple[int, bytes], wanted: int, what: str) -> None:
        code, text = reply
        if code != wanted:
            words = text.decode("utf-8", "replace")[:200].strip()
            raise self._unavailable(f"The mail server answered {what} with {code} {words}", code)

    async def _command(self, line: bytes) -> tuple[int, bytes]:
        waiter = self._expect()
        if not self._over:
            cast(asyncio.Transport, self._transport).write(line + b"\r\n")
        return await self._reply_to(waiter)

    def _expect(self) -> asyncio.Future[tuple[int, bytes]]:
        self._waiter = self._loop.create_future()
        if self._over:
            self._waiter.set_exception(Unavailable(CLOSED))
        return self._waiter

    async def _reply_to(self, waiter: asyncio.Future[tuple[int, bytes]]) -> tuple[int, bytes]:
        async with asyncio.timeout(self._limits.command):
            return await waiter

    def abort(self, why: str = "", *, lost: bool = False) -> None:
        """Hang up at once, with the reason; `lost` where the other side began it."""
        if self._over:
            return
        self._over = True
        if self._transport is not None:
            self._transport.abort()
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_exception(Unavailable(why))
            self._waiter.exception()  # seen: whoever waited may have given up already

    # What asyncio calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        if self._over:
            self._transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        self.abort(CLOSED, lost=True)
        if not self.lost.done():
            self.lost.set_result(None)

    def pause_writing(self) -> None:
        self._stuck = True

    def resume_writing(self) -> None:
        self._stuck = False

    def data_received(self, data: bytes) -> None:
        if self._over:
            if self._transport is not None:
                self._transport.close()  # the answer to QUIT, or whatever else is of no use now
            return
        if self._partial:
            data = self._partial + data
        start = 0
        while (end := data.find(b"\n", start)) >= 0:
            line, start = data[start:end], end + 1
            if not self._read_line(line):
                self.abort(NOT_SMTP)
            if self.over:  # by what the line said, or was not
                return
        self._partial = data[start:]
        if len(self._partial) > LONGEST_REPLY:
            self.abort(NOT_SMTP)

    def _read_line(self, line: bytes) -> bool:
        """One line of a reply; false where it is not one."""
        code = _CODES.get(line[:3])
        if code is None:
            return False
        mark = line[3:4]
        if mark == b"-":
            self._lines_size += len(line)
            self._lines.append(line[4:].rstrip())
            return self._lines_size <= LONGEST_REPLY
        if mark not in b" \r":
            return False
        text = line[4:].rstrip()
        if self._lines:
            text = b"\n".join((*self._lines, text))
            self._lines, self._lines_size = [], 0
        self._on_reply(code, text)
        return True

    def _on_reply(self, code: int, text: bytes) -> None:
        """A whole reply nobody but the handshake waits for."""
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result((code, text))
        else:
            self.abort(CLOSING if code == 421 else UNASKED, lost=True)
