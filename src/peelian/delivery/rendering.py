"""From the parts of an email to the bytes for one recipient: encoded once for a send, then joined around what is the
recipient's own. A message of 12 KB takes a few microseconds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.utils import format_datetime

from django.conf import settings

from peelian.core.messages import REPLY, TOKEN, EmailParts
from peelian.delivery import headers, queries, tokens
from peelian.delivery.carriers.base import WireReady

_LINE = 76  # RFC 2045 section 6.7: no encoded line is longer
# Stands for a token while lines are measured: as long as one, and of letters alone, so that it is never encoded
_PLACE = "TheRecipientsOwnTokenGoes0He"
assert len(_PLACE) == tokens.LENGTH


class EmailTemplate:
    """An email of one send, ready to be addressed. Raises headers.NotAnAddress where PEELIAN_MAIL_FROM or the reply
    address is none."""

    def __init__(self, parts: EmailParts, *, send_id: int, automatic: bool) -> None:
        """AUTOMATIC: an answer to what somebody did, such as a code, and not written for many."""
        self.subject = headers.one_line(parts.subject)
        self._send_id = send_id
        end = queries.message_id_end()
        self._id_end = f"{end}\r\n".encode()
        own = end[1:13]
        whole = "\r\n".join(_head(parts, automatic)) + "\r\n" + _content(parts, f"=_{own}_{send_id}")
        self._pieces = [piece.encode() for piece in whole.split(_PLACE)]
        self._answers = _answers(parts)

    def filler(self) -> Callable[[int, str], bytes]:
        """A function of (address id, address) that gives the whole message, RFC 5322 with CRLF."""
        token, pieces = tokens.maker(self._send_id), self._pieces
        id_start, id_end = f"Message-ID: <{self._send_id}.", self._id_end
        whole = _PLACE.encode().join(pieces)
        ready = whole.isascii() and whole.endswith(b"\r\n") and not any(dot in whole for dot in (b"\n.", b"\r."))
        kind = WireReady if ready else bytes  # found out once, for all who read it

        def fill(address_id: int, recipient: str) -> bytes:
            own = f"To: {recipient}\r\n{id_start}{address_id}".encode()
            return kind(b"".join((own, id_end, token(address_id).join(pieces))))

        if self._answers is None:
            return fill
        both, (before, after) = tokens.maker_of_both(self._send_id), self._answers

        def fill_answerable(address_id: int, recipient: str) -> bytes:
            mine, name = both(address_id)
            own = f"To: {recipient}\r\n{before}{name}{after}\r\n{id_start}{address_id}".encode()
            return kind(b"".join((own, id_end, mine.join(pieces))))

        return fill_answerable


def text_filler(words: str, send_id: int) -> Callable[[int, str], bytes]:
    """The same for a text or call: only the token is the recipient's own."""
    token, pieces = tokens.maker(send_id), [piece.encode() for piece in words.split(TOKEN)]
    return lambda address_id, _: token(address_id).join(pieces)


def _answers(parts: EmailParts) -> tuple[str, str] | None:
    """What stands before and after the recipient's own name in the Reply-To field, of a message that can be
    answered."""
    if not parts.answerable:
        return None
    field = headers.mailbox_field("Reply-To", parts.from_name, f"{REPLY}{_PLACE}@{settings.PEELIAN_MAIL_DOMAIN}")
    before, _, after = field.partition(_PLACE)
    return before, after


def _head(parts: EmailParts, automatic: bool) -> Iterator[str]:
    """The fields that are the same for everybody. The recipient's come before them."""
    domain = settings.PEELIAN_MAIL_DOMAIN
    yield headers.mailbox_field("From", parts.from_name, settings.PEELIAN_MAIL_FROM)
    if parts.reply_to and not parts.answerable:
        yield f"Reply-To: {headers.must_be_address(parts.reply_to)}"
    yield headers.text_field("Subject", parts.subject)
    yield f"Date: {format_datetime(datetime.now(UTC))}"
    if automatic:
        yield "Auto-Submitted: auto-generated"
    if parts.unsubscribe:  # RFC 2369, RFC 2919, and one click after RFC 8058
        yield headers.mailbox_field("List-Id", settings.PEELIAN_SERVICE_NAME, f"alerts@{domain}").replace(
            "alerts@", "alerts."
        )
        yield f"List-Unsubscribe: <{settings.PEELIAN_BASE_URL}/unsubscribe/{_PLACE}/>"
        yield "List-Unsubscribe-Post: List-Unsubscribe=One-Click"
    yield "MIME-Version: 1.0"


def _content(parts: EmailParts, boundary: str) -> str:
    """Text alone, or text and HTML as alternatives of which the reader shows the last it can."""
    if not parts.html:
        return _part("text/plain", parts.text)
    lead, text, html = f"--{boundary}\r\n", _part("text/plain", parts.text), _part("text/html", parts.html)
    head = f'Content-Type: multipart/alternative; boundary="{boundary}"\r\n\r\n'
    return f"{head}{lead}{text}\r\n{lead}{html}\r\n--{boundary}--\r\n"


def _part(kind: str, text: str) -> str:
    head = f"Content-Type: {kind}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    lines = text.replace(TOKEN, _PLACE).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return head + "\r\n".join(quoted_printable(line) for line in lines)


def quoted_printable(line: str) -> str:
    """One line after RFC 2045 section 6.7, broken softly where needed but never inside a recipient's token.

    No line begins with a dot: it would have to be doubled on the way, in every single message of a send.
    """
    done, current = [], ""
    atoms = list(_atoms(line))
    for number, atom in enumerate(atoms):
        last = number == len(atoms) - 1
        if last and atom in " \t":  # would be lost on the way
            atom = _as_hex(atom)
        most = _LINE if last else _LINE - 1
        if len(current) + len(atom) > most:
            done.append(current + "=")
            current = ""
        current += _as_hex(atom) if atom == "." and not current else atom
    return "\r\n".join([*done, current])


def _atoms(line: str) -> Iterator[str]:
    """What must not be torn apart: a token's place, a byte as =XX; for the rest single characters."""
    first = True
    for piece in line.split(_PLACE):
        if not first:
            yield _PLACE
        first = False
        for character in piece:
            if character != "=" and (" " <= character <= "~" or character == "\t"):
                yield character
            else:
                yield from (_as_hex(chr(byte)) for byte in character.encode())


def _as_hex(byte: str) -> str:
    return f"={ord(byte):02X}"
