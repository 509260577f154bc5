"""A local HTTP server that behaves as a carrier documents, and breaks when it is told to."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

import pytest

from peelian.core.messages import TOKEN, EmailParts
from peelian.delivery.carriers import registry, web
from peelian.delivery.carriers.anymail import backends
from peelian.delivery.carriers.base import Fate, Key, Message
from peelian.delivery.carriers.registry import Named
from peelian.delivery.database import Connections
from peelian.delivery.models import Channel, Lane
from peelian.delivery.rendering import EmailTemplate

SEND = 7


class Asked(NamedTuple):
    method: str
    path: str
    headers: dict[str, str]  # names in small letters
    body: bytes


class Reply(NamedTuple):
    status: int = 200
    body: Any = ""
    headers: dict[str, str] = {}
    after: float = 0.0  # seconds
    drop: bool = False  # hang up without a word
    hang: bool = False  # say nothing until the other side hangs up


class Fake:
    """`answer` is the carrier; replies in `instead` come first, one for each order."""

    def __init__(self, answer: Callable[[Asked], Reply]) -> None:
        self.answer = answer
        self.instead: deque[Reply] = deque()
        self.orders: list[Asked] = []
        self.api = ""
        self.connections = 0

    def reply(self, asked: Asked) -> Reply:
        if asked.method == "POST":
            self.orders.append(asked)
            if self.instead:
                return self.instead.popleft()
        return self.answer(asked)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128  # of five, the default, a busy machine drops connections: a fault that nobody asked for


@contextmanager
def served(answer: Callable[[Asked], Reply]) -> Iterator[Fake]:
    fake = Fake(answer)
    server = _Server(("127.0.0.1", 0), _handler(fake))
    fake.api = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()


def fixture(answer: Callable[[Asked], Reply]) -> Any:
    """The carrier, served for as long as a test runs."""

    @pytest.fixture
    def fake() -> Iterator[Fake]:
        with served(answer) as one:
            yield one

    return fake


def _handler(fake: Fake) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def setup(self) -> None:
            super().setup()
            fake.connections += 1

        def work(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            asked = Asked(self.command, self.path, {k.lower(): v for k, v in self.headers.items()}, body)
            reply = fake.reply(asked)
            time.sleep(reply.after)
            if reply.hang:
                self.rfile.read(1)
            if reply.drop or reply.hang:
                self.close_connection = True
                return
            content = reply.body if isinstance(reply.body, str | bytes) else json.dumps(reply.body)
            content = content.encode() if isinstance(content, str) else content
            self.send_response(reply.status)
            for name, value in {"Content-Type": "application/json", **reply.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = work

        def handle(self) -> None:
            with suppress(ConnectionError):
                super().handle()

        def log_message(self, *_: Any) -> None:
            pass

    return Handler


def email_to(address_id: int, recipient: str) -> Message:
    """An email as it really goes out."""
    parts = EmailParts(
        subject="Shed break-ins – Mill Lane",
        text=f"Three sheds were opened.\nLock yours. £5 marks.\nhttp://testserver/a/{TOKEN}/\n",
        html=f"<p>Three sheds were opened.</p><p><a href='http://testserver/a/{TOKEN}/'>Lock yours</a> £5</p>",
        from_name="Elm Bridge team",
        reply_to="r-abc@now.peelian.example",
        unsubscribe=True,
    )
    template = EmailTemplate(parts, send_id=SEND, automatic=True)
    return Message(Key(address_id, 0), recipient, template.filler()(address_id, recipient), template.subject)


def words_to(address_id: int, recipient: str, words: str = "Sheds were opened <in> Mill Lane & more. £5") -> Message:
    return Message(Key(address_id, 0), recipient, words.encode(), words[:20])


def named(url: str, channel: int = Channel.EMAIL) -> Named:
    kind = url.partition("://")[0]
    return Named(kind, kind, int(channel), url, 100)


def hand_over(
    url: str, messages: list[Message], channel: int = Channel.EMAIL, *, wanted: Callable[[], bool] = lambda: True
) -> dict[int, tuple[Fate, str]]:
    """The fates of messages, each told once, by the carrier that the registry makes of the URL."""
    told: list[tuple[int, Fate, str]] = []

    async def chunks() -> AsyncIterator[list[Message]]:
        yield messages

    async def work() -> None:
        carrier = registry.make(named(url, channel), Lane.ROUTINE, Connections())
        try:
            await carrier.hand_over(
                SEND, chunks(), wanted=wanted, done=lambda key, fate, code="": told.append((key.address_id, fate, code))
            )
        finally:
            await carrier.close()

    asyncio.run(work())
    assert sorted(one[0] for one in told) == sorted(message.key.address_id for message in messages)
    return {address_id: (fate, code) for address_id, fate, code in told}


def fates(url: str, recipients: list[str]) -> list[Fate]:
    """Of an email to each, in their order."""
    found = hand_over(url, [email_to(number, recipient) for number, recipient in enumerate(recipients)])
    return [found[number][0] for number in range(len(recipients))]


def checked(url: str, channel: int = Channel.EMAIL) -> str:
    async def work() -> str:
        carrier = registry.make(named(url, channel), Lane.ROUTINE, Connections())
        try:
            return await carrier.check()
        finally:
            await carrier.close()

    return asyncio.run(work())


def impatient(monkeypatch: Any, reply: Reply) -> None:
    """Half a second for an answer that never comes; for any other as long as ever."""
    if not reply.hang:
        return
    monkeypatch.setattr(web, "TIMEOUT", (0.5, 0.5))
    monkeypatch.setattr(web, "ANSWER_SECONDS", 0.5)
    monkeypatch.setitem(backends.EXPLICIT, "timeout", (0.5, 0.5))


# What breaks, and the fate of a message that meets it, whatever the carrier
SLOW, DROPPED = Reply(hang=True), Reply(drop=True)
EVERYWHERE: list[tuple[Reply, Fate]] = [
    (Reply(429, {"message": "Too many requests"}, {"Retry-After": "2"}), Fate.LATER),
    (Reply(401, {"message": "Unauthorised"}), Fate.UNREACHABLE),
    (Reply(503, {"message": "Service unavailable"}), Fate.LATER),
    (Reply(504, "<html>Gateway timeout</html>", {"Content-Type": "text/html"}), Fate.UNKNOWN),
    (SLOW, Fate.UNKNOWN),
    (DROPPED, Fate.UNKNOWN),
]


def meets(fake: Fake, reply: Reply, url: str, message: Message, channel: int = Channel.EMAIL) -> Fate:
    """The fate of a message that meets this reply; it was ordered once, and its words are in no log."""
    before = len(fake.orders)
    fake.instead.append(reply)
    fate = hand_over(url, [message], channel)[message.key.address_id][0]
    assert len(fake.orders) == before + 1
    return fate
