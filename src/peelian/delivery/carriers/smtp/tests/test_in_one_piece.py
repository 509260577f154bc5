"""A server that answers everything it has read in one write, as Postfix and smtp-sink do: good answers and bad ones."""

from __future__ import annotations

import asyncio

from peelian.delivery.carriers.smtp.client import SmtpPool
from peelian.delivery.carriers.smtp.tests.support import address, always, chunks_of, envelopes
from peelian.delivery.carriers.smtp.url import parse_smtp_url
from peelian.delivery.carriers.smtp.wire import Outcome

COUNT = 60
NO_RECIPIENT, NO_MESSAGE, BUSY = {7, 8, 30}, {11, 12, 31}, {20, 21}  # 550 to RCPT; 554 and 451 after the dot


class InOnePiece(asyncio.Protocol):
    """Taken messages by recipient, in `taken`."""

    taken: dict[bytes, bytes]

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport, self.unread, self.in_message = transport, b"", False
        transport.write(b"220 here\r\n")

    def data_received(self, data: bytes) -> None:
        self.unread += data
        answers: list[bytes] = []
        while (end := b"\r\n.\r\n" if self.in_message else b"\r\n") in self.unread:
            said, _, self.unread = self.unread.partition(end)
            answers.append(self.on_message(said) if self.in_message else self.on_command(said))
        self.transport.write(b"".join(answers))

    def on_message(self, said: bytes) -> bytes:
        self.in_message = False
        if self.to in {address(key).encode() for key in NO_MESSAGE}:
            return b"554 5.7.1 not that\r\n"
        if self.to in {address(key).encode() for key in BUSY}:
            return b"451 4.3.0 later\r\n"
        assert self.to not in self.taken
        self.taken[self.to] = said.replace(b"\r\n..", b"\r\n.") + b"\r\n"
        return b"250 2.0.0 queued\r\n"

    def on_command(self, said: bytes) -> bytes:
        if said.startswith(b"EHLO"):
            return b"250-here\r\n250 PIPELINING\r\n"
        if said.startswith(b"RCPT"):
            self.to = said[said.index(b"<") + 1 : said.index(b">")]
            self.known = self.to not in {address(key).encode() for key in NO_RECIPIENT}
            return b"250 2.1.5 ok\r\n" if self.known else b"550 5.1.1 nobody\r\n"
        if said == b"DATA":
            self.in_message = self.known
            return b"354 go on\r\n" if self.known else b"503 5.5.1 no recipient\r\n"
        return b"250 2.0.0 ok\r\n"


def test_every_answer_belongs_to_its_message() -> None:
    """However many come at once: those taken are told so, each other one its own refusal, and none goes twice."""
    told: list[Outcome] = []
    taken: dict[bytes, bytes] = {}

    async def conversation() -> None:
        InOnePiece.taken = taken
        server = await asyncio.get_running_loop().create_server(InOnePiece, "127.0.0.1", 0)
        async with server:
            port = server.sockets[0].getsockname()[1]
            async with SmtpPool(parse_smtp_url(f"smtp://127.0.0.1:{port}?tls=none"), 2) as pool:
                await pool.hand_over(chunks_of(envelopes(COUNT), 25), wanted=always, done=told.append)

    asyncio.run(conversation())
    refused = dict.fromkeys(NO_RECIPIENT, 550) | dict.fromkeys(NO_MESSAGE, 554) | dict.fromkeys(BUSY, 451)
    assert {one.key: one.code for one in told} == {key: refused.get(key, 250) for key in range(COUNT)}
    assert len(told) == COUNT
    assert taken == {one.rcpt_to.encode(): one.data for one in envelopes(COUNT) if one.key not in refused}
