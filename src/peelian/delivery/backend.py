"""Django's own mails (allauth's notices to staff): by the mail server, or into the local outbox."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend as Smtp

from peelian.delivery.carriers.smtp.url import parse_smtp_url
from peelian.delivery.models import Outgoing

TIMEOUT_SECONDS = 10


class EmailBackend(BaseEmailBackend):
    """Chooses by PEELIAN_SMTP_URL, as alerts do."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        if settings.PEELIAN_SMTP_URL:
            return _smtp(self.fail_silently).send_messages(email_messages) or 0
        for message in email_messages:
            content = message.message().as_bytes(linesep="\r\n")  # type: ignore[call-arg]
            for recipient in message.recipients():
                Outgoing.objects.create(recipient=recipient, subject=str(message.subject)[:300], content=content)
        return len(email_messages)


def _smtp(fail_silently: bool) -> Smtp:
    given: Any = parse_smtp_url(settings.PEELIAN_SMTP_URL)
    return Smtp(
        host=given.host,
        port=given.port,
        username=given.username,
        password=given.password,
        use_tls=given.tls == "starttls",
        use_ssl=given.tls == "implicit",
        timeout=TIMEOUT_SECONDS,
        fail_silently=fail_silently,
    )
