"""Doctor asks the carriers; Django's own mails go by them too."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.core.mail import EmailMessage

from peelian.delivery import ask_carriers
from peelian.delivery.backend import NotTaken
from peelian.delivery.carriers.smtp import carrier
from peelian.delivery.models import Outgoing
from peelian.delivery.tests.conftest import Mailbox

NOBODY = "http://127.0.0.1:9"  # the discard port: nobody listens


def mail() -> EmailMessage:
    return EmailMessage("Your password was changed", "If it was not you, tell us.", to=["pcso@heartshire.example"])


def test_a_carrier_that_cannot_be_reached_is_named(settings) -> None:
    assert ask_carriers.problems() == []
    settings.PEELIAN_TEXT_CARRIERS = f"twilio://AC0:hush-hush@/?from=+447700900000&api={NOBODY}"
    (said,) = ask_carriers.problems()
    assert said.startswith("PEELIAN_TEXT_CARRIERS, twilio: ")
    assert "hush" not in said


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
    (said,) = ask_carriers.problems()
    return said


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
    monkeypatch.setattr(carrier, "CHECK_SECONDS", 0.3)
    with listening(None) as port:
        assert said_of(settings, port).startswith("PEELIAN_SMTP_URL: ")


def test_nobody_listens_there(settings, unused_tcp_port):
    assert said_of(settings, unused_tcp_port).startswith("PEELIAN_SMTP_URL: ")


def test_a_server_that_answers_and_none_at_all(settings, mailbox: Mailbox):
    settings.PEELIAN_SMTP_URL = mailbox.url
    assert ask_carriers.problems() == []
    settings.PEELIAN_SMTP_URL = ""
    assert ask_carriers.problems() == []


def test_each_mail_server_is_asked_and_named_by_its_own_setting(settings, mailbox: Mailbox) -> None:
    settings.PEELIAN_SMTP_URL = mailbox.url
    settings.PEELIAN_EMAIL_CARRIERS = "smtp://127.0.0.1:9?tls=none"
    (said,) = ask_carriers.problems()
    assert said.startswith("PEELIAN_EMAIL_CARRIERS, smtp-2: ")


def test_a_url_that_cannot_be_used_is_said_beside_what_others_answer(settings) -> None:
    settings.PEELIAN_SMTP_URL = "smtp://relay:hush-hush@mail.example.org:x"
    settings.PEELIAN_TEXT_CARRIERS = f"twilio://AC0:hush-hush@/?from=+447700900000&api={NOBODY}"
    wrong, text = ask_carriers.problems()
    assert wrong == ask_carriers.smtp_problem()
    assert wrong.startswith("PEELIAN_SMTP_URL cannot be used: ")
    assert text.startswith("PEELIAN_TEXT_CARRIERS, twilio: ")


# Django's own mails ------------------------------------------------------------------------------------------


def test_djangos_mails_go_by_the_carrier(settings, mailbox: Mailbox) -> None:
    settings.PEELIAN_SMTP_URL = mailbox.url
    settings.EMAIL_BACKEND = "peelian.delivery.backend.EmailBackend"
    assert mail().send() == 1
    assert mailbox.addresses() == ["pcso@heartshire.example"]


def test_the_second_carrier_has_what_the_first_cannot_take(settings, mailbox: Mailbox) -> None:
    settings.PEELIAN_SMTP_URL = "smtp://127.0.0.1:9?tls=none"
    settings.PEELIAN_EMAIL_CARRIERS = mailbox.url
    settings.EMAIL_BACKEND = "peelian.delivery.backend.EmailBackend"
    assert mail().send() == 1
    assert len(mailbox.received) == 1


def test_nobody_takes_it(settings) -> None:
    settings.PEELIAN_SMTP_URL = "smtp://127.0.0.1:9?tls=none"
    settings.EMAIL_BACKEND = "peelian.delivery.backend.EmailBackend"
    with pytest.raises(NotTaken):
        mail().send()
    assert mail().send(fail_silently=True) == 0


@pytest.mark.django_db
def test_without_a_carrier_they_stay_in_the_outbox(settings) -> None:
    settings.EMAIL_BACKEND = "peelian.delivery.backend.EmailBackend"
    assert mail().send() == 1
    assert Outgoing.objects.get().recipient == "pcso@heartshire.example"
