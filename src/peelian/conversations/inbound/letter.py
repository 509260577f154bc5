"""An email taken apart: who says to have written it, what it says, what is attached.

Whatever the bytes are, taking them apart ends soon: with a Letter, or with Unreadable. What anybody claims in it (a
character set, a type, a name) is tried and never trusted.
"""

from __future__ import annotations

import codecs
import hashlib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import policy
from email.header import decode_header
from email.message import Message
from email.parser import BytesParser
from email.utils import parseaddr
from typing import Final

from peelian.conversations.inbound import html_text

LONGEST: Final = 400_000  # characters of text that are kept of an email
MOST_FILES: Final = 10
_MOST_LINES: Final = 600_000  # 16 MB in base64 has 220,000; a parser needs a moment for each
_MOST_BOUNDARIES: Final = 100  # … and for each of these looks at every line again
_DEEPEST: Final = 30
_LONGEST_FIELD: Final = 4_000  # characters: some readers of header fields take their length squared
_MOST_FIELDS: Final = 400
_SIGNATURE_PICTURE: Final = 20_000  # bytes: smaller ones that stand in the text are firms' signs
_NOT_CHARSETS: Final = {"idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape", "mbcs", "oem"}


class Unreadable(Exception):
    """The sentence says what is wrong with it."""


@dataclass(frozen=True)
class File:
    """Something attached. `content` is empty where it could not be decoded."""

    name: str
    content: bytes = field(repr=False)


@dataclass(frozen=True)
class Letter:
    message: Message
    sender: str  # in small letters; empty where there is none to be read
    text: str = field(repr=False)
    files: tuple[File, ...]


class _Part(Message):
    """A message whose header fields have bounds."""

    def set_raw(self, name: str, value: str) -> None:
        if len(self) < _MOST_FIELDS:
            super().set_raw(name, value[:_LONGEST_FIELD])


def read(content: bytes) -> Letter:
    """Take an email apart; Unreadable with the reason."""
    if content.count(b"\n") > _MOST_LINES or len(re.findall(rb"boundary", content, re.IGNORECASE)) > _MOST_BOUNDARIES:
        raise Unreadable("It has more parts or lines than an email has.")
    try:
        message: Message = BytesParser(_Part, policy=policy.compat32).parsebytes(content)
        leaves = list(_leaves(message))
        text = "\n\n".join(part for part in (_words(leaf) for leaf in leaves if _is_text(leaf)) if part.strip())
        files = tuple(_file(leaf) for leaf in leaves if not _is_text(leaf) and not _is_sign(leaf))
    except RecursionError:
        raise Unreadable("Its parts stand in each other too deep.") from None
    except (LookupError, ValueError, TypeError, AttributeError, AssertionError) as problem:
        raise Unreadable(f"It is not put together as an email is ({type(problem).__name__}).") from problem
    return Letter(message, sender_of(message), clean(text)[:LONGEST], files)


def key(recipient: str, content: bytes) -> str:
    """What makes two deliveries the same message: where it went, its Message-ID, and everything below its header,
    because servers add to that on the way. Two different messages under one Message-ID are two."""
    head, separator, body = content.replace(b"\r\n", b"\n").partition(b"\n\n")
    found = re.search(rb"^message-id:[ \t]*(?:\n[ \t]+)?(\S{1,998})", head, re.IGNORECASE | re.MULTILINE)
    same = (found[1], body) if found and separator else (b"", content)
    digest = hashlib.sha256(recipient.lower().encode())
    for part in same:
        digest.update(b"\0" + hashlib.sha256(part).digest())
    return digest.hexdigest()


def sender_of(message: Message) -> str:
    """The address in From, as it claims."""
    try:
        address = parseaddr(field_text(message, "From"))[1]
    except (ValueError, IndexError, AttributeError, TypeError):
        return ""
    return clean(address).replace("\n", "")[:254].lower() if "@" in address else ""


def field_text(message: Message, name: str) -> str:
    """A header field in one line of readable characters."""
    value = str(message.get(name) or "")
    try:
        pieces = [
            piece if isinstance(piece, str) else decoded(piece, charset or "utf-8")
            for piece, charset in decode_header(value)
        ]
    except (ValueError, LookupError, TypeError, AttributeError):
        pieces = [value]
    return " ".join(clean("".join(pieces)).split())


def decoded(content: bytes, charset: str) -> str:
    """Bytes as text: as the message says, else as UTF-8, else as Windows writes western Europe."""
    for name in (charset, "utf-8"):
        try:
            codec = codecs.lookup(name.strip("\"' "))
            if codec.name not in _NOT_CHARSETS and codec._is_text_encoding:
                return codec.decode(content)[0]
        except (LookupError, ValueError, TypeError, UnicodeError):
            continue
    return content.decode("windows-1252", "replace")


def clean(text: str) -> str:
    """Without characters that a database or a page cannot hold."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in plain if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))


def _leaves(message: Message, depth: int = 0) -> Iterator[Message]:
    """The parts that hold something, of alternatives the one to read. A message within a message is a file."""
    if depth > _DEEPEST:
        raise RecursionError
    payload = message.get_payload()
    if message.get_content_maintype() != "multipart" or not isinstance(payload, list):
        yield message
        return
    parts = [part for part in payload if isinstance(part, Message)]
    if message.get_content_subtype() == "alternative":
        parts = _best(parts)
    for part in parts:
        yield from _leaves(part, depth + 1)


def _best(parts: list[Message]) -> list[Message]:
    """Of alternatives: plain text that says something, else the last one, which RFC 2046 5.1.4 calls the best. What is
    neither (an invitation to a calendar) is a file beside it."""
    plain = [part for part in parts if part.get_content_type() == "text/plain" and _words(part).strip()]
    readable = [part for part in parts if part.get_content_maintype() in ("text", "multipart")]
    others = [part for part in parts if part not in readable]
    return (plain[:1] or readable[-1:]) + others


def _is_text(part: Message) -> bool:
    if part.get_content_type() not in ("text/plain", "text/html"):
        return False
    return part.get_content_disposition() != "attachment" and not _filename(part)


def _is_sign(part: Message) -> bool:
    """A small picture that stands in the text: a firm's sign under a name."""
    if part.get_content_maintype() != "image" or not part.get("Content-ID"):
        return False
    return part.get_content_disposition() != "attachment" and len(_bytes(part)) < _SIGNATURE_PICTURE


def _words(part: Message) -> str:
    text = decoded(_bytes(part), str(part.get_content_charset("utf-8")))
    return html_text.to_text(text) if part.get_content_type() == "text/html" else text


def _file(part: Message) -> File:
    name = _filename(part) or ("email.txt" if part.get_content_maintype() == "message" else "file")
    return File(_safe(name), _bytes(part))


def _bytes(part: Message) -> bytes:
    payload = part.get_payload()
    if isinstance(payload, list):  # a message within the message
        return b"".join(inner.as_bytes() for inner in payload if isinstance(inner, Message))
    found = part.get_payload(decode=True)
    return found if isinstance(found, bytes) else b""


def _filename(part: Message) -> str:
    try:
        return str(part.get_filename() or "")
    except (ValueError, LookupError, TypeError, AttributeError):
        return "file"


def _safe(name: str) -> str:
    """A name without a folder, without controls, and without signs that turn the reading direction round
    ("photo\\u202egpj.exe")."""
    try:
        pieces = [p if isinstance(p, str) else decoded(p, c or "utf-8") for p, c in decode_header(name)]
        name = "".join(pieces)
    except (ValueError, LookupError, TypeError):
        pass
    last = re.split(r"[/\\]", name)[-1]
    plain = "".join(c for c in last if unicodedata.category(c)[0] != "C" and c not in '<>:"|?*')
    return " ".join(plain.split()).strip(". ")[-100:] or "file"
