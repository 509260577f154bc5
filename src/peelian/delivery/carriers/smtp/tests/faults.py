"""A mail server on loopback that keeps to a script of faults, and remembers what it was told."""

from __future__ import annotations

import asyncio
import ssl
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Self

from peelian.delivery.carriers.smtp.url import SmtpSettings

DROP = "drop"  # end the connection instead of answering
HANG = "hang"  # answer nothing, keep the connection open
DROP_IN_BODY = "drop in body"  # as the answer to DATA: 354, then end after a kilobyte of the message
Answer = str

DEFAULTS = {
    "greeting": "220 fault.example ready",
    "helo": "250 fault.example",
    "mail": "250 2.1.0 fine",
    "rcpt": "250 2.1.5 fine",
    "data": "354 go on",
    "dot": "250 2.0.0 taken",
    "rset": "250 2.0.0 forgotten",
    "quit": "221 2.0.0 bye",
}


@dataclass
class Moment:
    """Where in which conversation an answer is due. `rcpt` is the recipient so far, empty before RCPT."""

    stage: str
    connection: int
    rcpt: str


@dataclass
class Taken:
    """A message whose closing dot arrived, and whether we said that we took it."""

    mail_from: str
    rcpt_to: str
    data: bytes
    mail_line: str
    accepted: bool


@dataclass
class FaultServer:
    """`script` gives the answer for a moment, or None for the usual one."""

    script: Callable[[Moment], Answer | None] = lambda moment: None
    features: tuple[str, ...] = ("PIPELINING", "8BITMIME", "ENHANCEDSTATUSCODES")
    slowly: bool = False  # answers go out byte by byte
    data_held: asyncio.Event | None = None  # nothing is answered to DATA before it is set
    tls: ssl.SSLContext | None = None
    settings: SmtpSettings = field(init=False)
    taken: list[Taken] = field(default_factory=list)
    heard: list[tuple[int, str]] = field(default_factory=list)  # connection, command word
    connections: int = 0
    spoke_early: int = 0  # commands that came before the answer to the last, without PIPELINING
    port: int = 0

    async def __aenter__(self) -> Self:
        self._tasks: set[asyncio.Task[None]] = set()
        self._server = await asyncio.start_server(self._meet, "127.0.0.1", self.port, ssl=self.tls, limit=1 << 24)
        self.port = self._server.sockets[0].getsockname()[1]
        self.settings = SmtpSettings("127.0.0.1", self.port, "implicit" if self.tls else "none")
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def accepted(self) -> Counter[str]:
        """How often each address got a message that we said we took."""
        return Counter(one.rcpt_to for one in self.taken if one.accepted)

    def dots(self) -> Counter[str]:
        """How often a whole message for each address reached us, whatever we answered."""
        return Counter(one.rcpt_to for one in self.taken)

    def count(self, word: str) -> int:
        return sum(1 for _, heard in self.heard if heard == word)

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        self.connections += 1
        try:
            await _Conversation(self, self.connections, reader, writer).hold()
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            writer.transport.abort()


class Gone(ConnectionError):
    """We ended the conversation."""


class _Conversation:
    def __init__(
        self, server: FaultServer, number: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.server, self.number, self.reader, self.writer = server, number, reader, writer
        self.mail_line = self.rcpt = self.asked_rcpt = ""

    async def hold(self) -> None:
        await self.answer("greeting")
        while line := await self.reader.readline():
            words = line.decode().rstrip("\r\n")
            command = words[:4].upper()
            self.server.heard.append((self.number, command))
            if "PIPELINING" not in self.server.features:
                for _ in range(3):  # what was sent with it has arrived by then
                    await asyncio.sleep(0)
                self.server.spoke_early += bool(self.reader._buffer)  # type: ignore[attr-defined]
            await self.on_command(command, words)

    async def on_command(self, command: str, words: str) -> None:
        if command == "EHLO":
            features = list(self.server.features)
            lines = ["250-fault.example", *(f"250-{one}" for one in features[:-1])]
            default = "\r\n".join([*lines, f"250 {features[-1]}"]) if features else DEFAULTS["helo"]
            await self.answer("ehlo", default)
        elif command == "MAIL" and self.mail_line:
            await self.say("503 5.5.1 RSET first")
        elif command == "MAIL":
            taken = await self.answer("mail")
            self.mail_line, self.rcpt = (words if taken else ""), ""
        elif command == "RCPT":
            self.asked_rcpt = words[words.index("<") + 1 : words.rindex(">")]
            scripted = self.script("rcpt")
            if not self.mail_line and scripted is None:
                await self.say("503 5.5.1 MAIL first")
            elif await self.give(scripted or DEFAULTS["rcpt"]):
                self.rcpt = self.asked_rcpt
        elif command == "DATA":
            await self.on_data()
        elif command == "RSET":
            self.mail_line = self.rcpt = ""
            await self.answer("rset")
        elif command == "QUIT":
            await self.answer("quit")
            raise Gone
        else:
            await self.answer("helo")

    async def on_data(self) -> None:
        if self.server.data_held is not None:
            await self.server.data_held.wait()
        scripted = self.script("data")
        if not self.rcpt and scripted is None:
            await self.say("503 5.5.1 RCPT first")
            return
        if scripted == DROP_IN_BODY:
            await self.say(DEFAULTS["data"])
            await self.reader.readexactly(1000)
            raise Gone
        if not await self.give(scripted or DEFAULTS["data"]):
            return
        lines: list[bytes] = []
        while (line := await self.reader.readline()) != b".\r\n":
            if not line:
                raise Gone
            lines.append(line[1:] if line.startswith(b".") else line)
        mail_from = self.mail_line[self.mail_line.find("<") + 1 : self.mail_line.find(">")]
        taken = Taken(mail_from, self.rcpt, b"".join(lines), self.mail_line, False)
        self.server.taken.append(taken)
        self.mail_line = self.rcpt = ""
        taken.accepted = await self.answer("dot")

    def script(self, stage: str) -> Answer | None:
        return self.server.script(Moment(stage, self.number, self.asked_rcpt))

    async def answer(self, stage: str, default: str = "") -> bool:
        """Answer by the script; whether it was a yes."""
        return await self.give(self.script(stage) or default or DEFAULTS[stage])

    async def give(self, answer: Answer) -> bool:
        if answer == DROP:
            raise Gone
        if answer == HANG:
            await asyncio.sleep(3600)
        await self.say(answer)
        if answer.startswith("421"):
            raise Gone
        return answer[0] in "23"

    async def say(self, words: str) -> None:
        data = words.encode() + b"\r\n"
        if self.server.slowly:
            for i in range(len(data)):
                self.writer.write(data[i : i + 1])
                await self.writer.drain()
                await asyncio.sleep(0)
        else:
            self.writer.write(data)
        await self.writer.drain()
