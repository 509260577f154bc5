"""Conversations with aiosmtpd, a server that is not ours: encryption, signing in, delivery."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
import threading
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword
from aiosmtpd.smtp import Envelope as Received

from peelian.core.testing.patience import BUSY
from peelian.delivery.carriers.smtp.client import (
    Envelope,
    Limits,
    Outcome,
    SmtpConnection,
    SmtpPool,
    Unavailable,
)
from peelian.delivery.carriers.smtp.tests.certificates import (
    make_certificate,
    server_context,
    trusting_context,
)
from peelian.delivery.carriers.smtp.tests.faults import FaultServer
from peelian.delivery.carriers.smtp.tests.support import (
    LOOPS,
    SENDER,
    address,
    all_of,
    collect,
    envelopes,
    kinds,
    run,
)
from peelian.delivery.carriers.smtp.url import SmtpSettings, Tls

USER, PASSWORD = "force@relay.example", "päss:wörd/1"
pytestmark = pytest.mark.parametrize("loop", LOOPS)


class Mailbox:
    """Keeps what it is given; one address it does not know, and whether each came encrypted and signed in."""

    def __init__(self) -> None:
        self.received: dict[str, bytes] = {}
        self.sessions: set[tuple[bool, bool]] = set()

    async def handle_RCPT(self, server: SMTP, session: Any, envelope: Received, to: str, options: list[str]) -> str:
        if to.startswith("nobody"):
            return "550 5.1.1 No such person"
        envelope.rcpt_tos.append(to)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Received) -> str:
        self.sessions.add((session.ssl is not None, bool(session.authenticated)))
        assert envelope.rcpt_tos[0] not in self.received
        self.received[envelope.rcpt_tos[0]] = bytes(envelope.content or b"")
        return "250 2.0.0 Kept"


@contextlib.contextmanager
def listening(mailbox: Mailbox, implicit: ssl.SSLContext | None = None, **options: Any) -> Iterator[int]:
    """aiosmtpd in a thread with a loop of its own; the port it listens on."""
    loop = asyncio.new_event_loop()
    make = partial(SMTP, mailbox, hostname="mail.example", loop=loop, enable_SMTPUTF8=True, **options)
    server = loop.run_until_complete(loop.create_server(make, "127.0.0.1", 0, ssl=implicit))
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        loop.call_soon_threadsafe(server.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.run_until_complete(end_tasks())
        loop.close()


async def end_tasks() -> None:
    left = asyncio.all_tasks() - {asyncio.current_task()}
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)


def check_password(server: SMTP, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
    assert isinstance(data, LoginPassword)
    right = (data.login, data.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=right, handled=False)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_certificate(tmp_path_factory.mktemp("tls"), "127.0.0.1")


def talk(
    loop: str, settings: SmtpSettings, context: ssl.SSLContext | None = None, count: int = 20
) -> dict[int, Outcome]:
    outcomes: dict[int, Outcome] = {}

    async def conversation() -> None:
        limits = Limits(connect=2 * BUSY, command=2 * BUSY)
        async with SmtpPool(settings, 3, limits=limits, tls_context=context) as pool:
            outcomes.update(await collect(pool, envelopes(count)))

    run(conversation(), loop)
    return outcomes


def test_mail_arrives_as_it_was_written(loop: str) -> None:
    mailbox = Mailbox()
    letter = EmailMessage(policy=policy.SMTP.clone(cte_type="8bit"))
    letter["Subject"] = "Zoë, what we did about the speeding"
    letter.set_content(".A dot first\n..two dots\n\n.\nGrüße – £5\n", cte="8bit")

    async def conversation(port: int) -> None:
        async with SmtpPool(SmtpSettings("127.0.0.1", port, "none"), 2) as pool:
            to = [address(1), address(2), "nobody@people.example", address(3)]
            outcomes = await collect(pool, [Envelope(n, SENDER, a, letter.as_bytes()) for n, a in enumerate(to)])
            assert kinds(outcomes) == all_of("accepted", 4, k2="refused_for_good")
            assert outcomes[2][2:] == (550, "5.1.1", "No such person", "rcpt")

    with listening(mailbox) as port:
        run(conversation(port), loop)
    assert set(mailbox.received) == {address(1), address(2), address(3)}
    assert set(mailbox.received.values()) == {letter.as_bytes()}
    read = message_from_bytes(mailbox.received[address(1)], policy=policy.SMTP)
    assert isinstance(read, EmailMessage)
    assert read.get_content().splitlines() == letter.get_content().splitlines()


def test_starttls_then_signing_in(loop: str, certificate: Path) -> None:
    mailbox = Mailbox()
    options = {
        "tls_context": server_context(certificate),
        "require_starttls": True,
        "authenticator": check_password,
        "auth_required": True,
    }
    with listening(mailbox, **options) as port:
        settings = SmtpSettings("127.0.0.1", port, "starttls", USER, PASSWORD)
        assert kinds(talk(loop, settings, trusting_context(certificate))) == all_of("accepted", 20)
    assert mailbox.received == {one.rcpt_to: one.data for one in envelopes(20)}
    assert mailbox.sessions == {(True, True)}


def test_implicit_tls(loop: str, certificate: Path) -> None:
    mailbox = Mailbox()
    with listening(mailbox, implicit=server_context(certificate)) as port:
        settings = SmtpSettings("127.0.0.1", port, "implicit")
        assert kinds(talk(loop, settings, trusting_context(certificate))) == all_of("accepted", 20)
    assert mailbox.received == {one.rcpt_to: one.data for one in envelopes(20)}


def test_pipelining_inside_tls(loop: str, certificate: Path) -> None:
    async def conversation() -> None:
        context = trusting_context(certificate)
        async with (
            FaultServer(tls=server_context(certificate)) as server,
            SmtpPool(server.settings, 4, tls_context=context) as pool,
        ):
            assert kinds(await collect(pool, envelopes(200))) == all_of("accepted", 200)
            assert server.accepted() == {address(key): 1 for key in range(200)}

    run(conversation(), loop)


@pytest.mark.parametrize("tls", ["starttls", "implicit"])
@pytest.mark.parametrize("fault", ["not trusted", "another host"])
def test_a_certificate_is_verified(loop: str, tls: Tls, fault: str, certificate: Path, tmp_path: Path) -> None:
    mailbox = Mailbox()
    shown = certificate if fault == "not trusted" else make_certificate(tmp_path, "mail.example")
    context = None if fault == "not trusted" else trusting_context(shown)
    with listening(mailbox, **{"implicit" if tls == "implicit" else "tls_context": server_context(shown)}) as port:
        outcomes = talk(loop, SmtpSettings("127.0.0.1", port, tls), context, count=3)
    assert kinds(outcomes) == all_of("try_later", 3)
    assert "certificate cannot be trusted" in outcomes[0].text
    assert not mailbox.received


def test_no_starttls_means_no_mail(loop: str) -> None:
    """Somebody between us and the server could have taken the offer away."""
    mailbox = Mailbox()
    with listening(mailbox) as port:
        outcomes = talk(loop, SmtpSettings("127.0.0.1", port, "starttls", USER, PASSWORD), count=3)
    assert kinds(outcomes) == all_of("try_later", 3)
    assert "offers no STARTTLS" in outcomes[0].text
    assert not mailbox.received


@pytest.mark.parametrize("offered", ["PLAIN", "LOGIN"])
def test_each_way_to_sign_in(loop: str, offered: str) -> None:
    mailbox = Mailbox()
    other = {"PLAIN", "LOGIN"} - {offered}
    options = {"authenticator": check_password, "auth_require_tls": False, "auth_exclude_mechanism": other}
    with listening(mailbox, **options) as port:
        settings = SmtpSettings("127.0.0.1", port, "none", USER, PASSWORD)
        assert kinds(talk(loop, settings)) == all_of("accepted", 20)
        assert mailbox.sessions == {(False, True)}
        mailbox.received.clear()
        outcomes = talk(loop, replace(settings, password="wrong"), count=3)
        # The relay's settings are wrong, not the residents' addresses: nobody is refused for good.
        assert kinds(outcomes) == all_of("try_later", 3)
        assert {outcome.code for outcome in outcomes.values()} == {535}
        assert not mailbox.received


def test_nothing_said_in_the_clear_after_starttls_is_believed(loop: str, certificate: Path) -> None:
    async def meddle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 x\r\n")
        await reader.readline()
        writer.write(b"250-x\r\n250 STARTTLS\r\n")
        await reader.readline()
        writer.write(b"220 go ahead\r\n250-x\r\n")
        await reader.read()
        writer.close()

    async def conversation() -> None:
        server = await asyncio.start_server(meddle, "127.0.0.1", 0)
        settings = SmtpSettings("127.0.0.1", server.sockets[0].getsockname()[1], "starttls")
        connection = SmtpConnection(settings, tls_context=trusting_context(certificate))
        with pytest.raises(Unavailable, match="in the clear after STARTTLS"):
            await connection.connect()
        server.close()

    run(conversation(), loop)


def test_a_connection_alone_tells_what_the_server_can_do(loop: str) -> None:
    async def conversation(port: int) -> None:
        connection = SmtpConnection(SmtpSettings("127.0.0.1", port, "none", name="peelian.example"))
        features = await connection.connect()
        assert (features.size, features.eight_bit, features.pipelining) == (33554432, True, False)
        connection.leave()
        async with asyncio.timeout(BUSY):
            await connection.lost

    with listening(Mailbox()) as port:
        run(conversation(port), loop)
