"""Doctor asks the carriers; Django's own mails go by them too."""

from __future__ import annotations

import pytest
from django.core.mail import EmailMessage

from peelian.delivery import ask_carriers
from peelian.delivery.backend import NotTaken
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
