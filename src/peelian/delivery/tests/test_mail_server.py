"""What `peelian doctor` says of a mail server: real servers on loopback that refuse, hang up or keep silent."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from peelian.delivery import mail_server
from peelian.delivery.carriers.smtp.channel import Limits
from peelian.delivery.tests.conftest import Mailbox


@contextmanager
def listening(greeting: bytes | None) -> Iterator[int]:
    """A port whose server says GREETING and hangs up; with None it says nothing at all."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        kept = []

        def meet() -> None:
            try:
                kept.append(server.accept()[0])
            except OSError:
                return
            if greeting is not None:
                kept[0].sendall(greeting)
                kept[0].close()

        thread = threading.Thread(target=meet)
        thread.start()
        yield int(server.getsockname()[1])
        thread.join(timeout=5)
        for one in kept:
            one.close()


def said_of(settings, port: int) -> str:
    settings.PEELIAN_SMTP_URL = f"smtp://relay:hush-hush@127.0.0.1:{port}?tls=none"
    return mail_server.no_answer()


@pytest.mark.parametrize(
    ("greeting", "part"),
    [(b"554 5.3.2 no service\r\n", "554 5.3.2 no service"), (b"421 4.3.2 closing\r\n", "421"), (b"", "")],
    ids=["refuses", "is closing", "drops"],
)
def test_a_server_that_will_not_talk_is_named_by_its_setting(settings, greeting, part):
    with listening(greeting) as port:
        said = said_of(settings, port)
    assert said.startswith("PEELIAN_SMTP_URL: ")
    assert said.endswith(". Messages wait until the mail server answers.")
    assert part in said
    assert "hush" not in said


def test_a_server_that_keeps_silent_is_left_in_time(settings, monkeypatch):
    monkeypatch.setattr(mail_server, "PATIENCE", Limits(connect=0.3, command=0.3))
    with listening(None) as port:
        assert said_of(settings, port).startswith("PEELIAN_SMTP_URL: ")


def test_nobody_listens_there(settings, unused_tcp_port):
    assert said_of(settings, unused_tcp_port).startswith("PEELIAN_SMTP_URL: ")


def test_a_server_that_answers_and_none_at_all(settings, mailbox: Mailbox):
    settings.PEELIAN_SMTP_URL = mailbox.url
    assert mail_server.no_answer() == ""
    settings.PEELIAN_SMTP_URL = ""
    assert mail_server.no_answer() == ""
