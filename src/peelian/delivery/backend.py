"""Django's own mails (allauth's notices to staff): by the carriers that alerts go by, or into the local outbox."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from peelian.delivery import ask_carriers
from peelian.delivery.carriers.base import Fate
from peelian.delivery.models import Outgoing


class NotTaken(Exception):
    """No carrier took the message."""


class EmailBackend(BaseEmailBackend):
    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        return sum(self._send(message) for message in email_messages)

    def _send(self, message: EmailMessage) -> bool:
        content: bytes = message.message().as_bytes(linesep="\r\n")  # type: ignore[call-arg]
        subject, here = str(message.subject)[:300], ask_carriers.email_stays_here()
        for recipient in message.recipients():
            if here:
                Outgoing.objects.create(recipient=recipient, subject=subject, content=content)
            elif ask_carriers.hand_over(recipient, content, subject) != Fate.TAKEN:
                if not self.fail_silently:
                    raise NotTaken
                return False
        return True
