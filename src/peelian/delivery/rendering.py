"""From the parts of an email to the bytes for one recipient: encoded once, then joined around the recipient's own
bits."""

from __future__ import annotations

import email.utils
import quopri
from dataclasses import dataclass
from datetime import UTC, datetime
from email.header import Header

from django.conf import settings

from peelian.core.messages import TOKEN, EmailParts

_MARK = TOKEN.encode()


@dataclass(frozen=True)
class Envelope:
    """One rendered message on its way to a carrier. `key` is the address id."""

    key: int
    recipient: str
    content: bytes
    subject: str = ""


class EmailTemplate:
    """An email ready to be addressed. `fill` takes microseconds: it joins bytes."""

    def __init__(self, parts: EmailParts, *, send_id: int, transactional: bool) -> None:
        self.subject = one_line(parts.subject)
        self._send_id = send_id
        domain = settings.PEELIAN_MAIL_DOMAIN
        boundary = f"=_peelian_{send_id}"
        head = [
            f"From: {mailbox(parts.from_name, settings.PEELIAN_MAIL_FROM)}",
            f"Subject: {Header(self.subject, 'utf-8', header_name='Subject').encode()}"
            if not self.subject.isascii()
            else f"Subject: {self.subject}",
            f"Date: {email.utils.format_datetime(datetime.now(UTC))}",
            f"List-Id: {mailbox(settings.PEELIAN_SERVICE_NAME, '')}<alerts.{domain}>"
            if parts.unsubscribe
            else "Auto-Submitted: auto-generated",
            "MIME-Version: 1.0",
            f'Content-Type: multipart/alternative; boundary="{boundary}"',
        ]
        if parts.reply_to:
            head.append(f"Reply-To: {one_line(parts.reply_to)}")
        if parts.unsubscribe:
            head.append(f"List-Unsubscribe: <{settings.PEELIAN_BASE_URL}/unsubscribe/{TOKEN}/>")
            head.append("List-Unsubscribe-Post: List-Unsubscribe=One-Click")
        whole = (
            "\r\n".join(head).encode("ascii")
            + b"\r\n\r\n"
            + _body(boundary, "text/plain", parts.text)
            + _body(boundary, "text/html", parts.html)
            + f"--{boundary}--\r\n".encode()
        )
        self._pieces = whole.split(_MARK)

    def fill(self, *, recipient: str, token: str, message_id: str) -> bytes:
        """The whole message for one recipient, RFC 5322 with CRLF."""
        own = f"To: {recipient}\r\nMessage-ID: {message_id}\r\n".encode()
        return own + token.encode().join(self._pieces)


def _body(boundary: str, kind: str, text: str) -> bytes:
    """One part in quoted-printable, encoded piece by piece so that no soft line break falls into a mark."""
    pieces = [quopri.encodestring(piece.encode(), quotetabs=False) for piece in text.replace("\r\n", "\n").split(TOKEN)]
    encoded = _MARK.join(piece.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n") for piece in pieces)
    # No line begins with a dot, so that handing over need not look through each copy to double it
    encoded = (b"\r\n" + encoded).replace(b"\r\n.", b"\r\n=2E")[2:]
    head = f"--{boundary}\r\nContent-Type: {kind}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    return head.encode() + encoded + b"\r\n"


def one_line(text: str) -> str:
    """Header text: control characters and line ends become spaces, so that nobody can add a header."""
    return " ".join("".join(character if character.isprintable() else " " for character in text).split())


def mailbox(name: str, address: str) -> str:
    """A display name, quoted or encoded as it needs, and an address; without one the name and a space."""
    name = one_line(name)
    if not address:
        return f'"{name.translate(_QUOTED)}" ' if name.isascii() else f"{Header(name, 'utf-8').encode()} "
    return email.utils.formataddr((name, address))


_QUOTED = str.maketrans({'"': "'", "\\": "/"})
