"""Our finished emails (delivery.rendering) as django-anymail wants them.

Carriers that take a whole message get our bytes as they are. The others get its parts: subject, addresses, text, HTML
and every header field that is not made by the carrier itself.
"""

from __future__ import annotations

import email
import email.policy
from email.message import EmailMessage as Parsed
from typing import Any

from django.core.mail import EmailMessage, EmailMultiAlternatives

# Made anew by whoever puts the message together, or given apart
_NOT_EXTRA = {"to", "from", "reply-to", "subject", "date", "mime-version", "content-type", "content-transfer-encoding"}
REFERENCE = "delivery"  # the key of our reference in a carrier's metadata


class Whole(EmailMessage):
    """A message that goes as the bytes it is."""

    def __init__(self, content: bytes, recipient: str, reference: str) -> None:
        super().__init__(to=[recipient])
        self.content = content
        self.metadata = {REFERENCE: reference}


class InParts(EmailMultiAlternatives):
    """A message that the carrier puts together again. No pixel and no rewritten link comes into it."""

    def __init__(self, content: bytes, recipient: str, reference: str, extra: dict[str, str]) -> None:
        parsed = email.message_from_bytes(content, policy=email.policy.default)
        assert isinstance(parsed, Parsed)
        super().__init__(
            subject=str(parsed["Subject"]),
            body=_part(parsed, "plain"),
            from_email=str(parsed["From"]),
            to=[recipient],
            reply_to=[str(parsed["Reply-To"])] if parsed["Reply-To"] else None,
            headers={k: str(v) for k, v in parsed.items() if k.lower() not in _NOT_EXTRA} | extra,
        )
        if html := _part(parsed, "html"):
            self.attach_alternative(html, "text/html")
        self.metadata = {REFERENCE: reference}
        self.track_opens = self.track_clicks = False
        self.esp_extra: dict[str, Any] = {}


def _part(parsed: Parsed, kind: str) -> str:
    found = parsed.get_body((kind,))
    return str(found.get_content()) if found is not None else ""
