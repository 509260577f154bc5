"""The local outbox as it is read: newest first, one message taken apart."""

from __future__ import annotations

import email
import email.policy
from dataclasses import dataclass
from email.message import EmailMessage

from django.conf import settings

from peelian.core import keyset
from peelian.core.errors import NotFound
from peelian.core.keyset import Slice
from peelian.delivery.models import Channel, Outgoing


@dataclass(frozen=True)
class Opened:
    """A message taken apart: header lines, the text part and the HTML part ("" where there is none)."""

    message: Outgoing
    headers: list[tuple[str, str]]
    text: str
    html: str


def page(cursor: str, recipient: str = "") -> Slice[Outgoing]:
    """One page of messages, newest first, without their content; of all, or of those to addresses and numbers that
    hold RECIPIENT."""
    _only_in_demo()
    rows = Outgoing.objects.defer("content")
    return keyset.page(rows.filter(recipient__icontains=recipient) if recipient else rows, "at", cursor)


def opened(pk: int) -> Opened:
    """One message; NotFound outside demo mode or when it is no longer kept."""
    _only_in_demo()
    message = Outgoing.objects.filter(pk=pk).first()
    if message is None:
        raise NotFound
    content = bytes(message.content)
    if message.channel != Channel.EMAIL:
        return Opened(message, [], content.decode(), "")
    parsed = email.message_from_bytes(content, policy=email.policy.default)
    assert isinstance(parsed, EmailMessage)
    return Opened(message, [(k, str(v)) for k, v in parsed.items()], _part(parsed, "plain"), _part(parsed, "html"))


def _part(parsed: EmailMessage, kind: str) -> str:
    found = parsed.get_body((kind,))
    return str(found.get_content()) if found is not None else ""


def _only_in_demo() -> None:
    if not settings.PEELIAN_DEMO:
        raise NotFound
