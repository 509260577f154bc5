"""Header fields of an email. No text given to these functions can begin a field of its own: line ends and every other
control become spaces. Sources: RFC 5322 (fields), RFC 2047 (encoded words)."""

from __future__ import annotations

import base64
import re

_ADDRESS = re.compile(r"[!#-'*+/-9=?A-Z^-~.-]+@[A-Za-z0-9.-]+", re.ASCII)
_PLAIN_WORDS = re.compile(r"[A-Za-z0-9 !#$%&'*+/=?^_`{|}~-]+", re.ASCII)
_WORD_BYTES = 45  # 60 characters in base64, 72 with the frame of an encoded word; RFC 2047 allows 75
_LINE = 76


class NotAnAddress(ValueError):
    """This cannot stand where an email address does."""


def one_line(text: str) -> str:
    """The text with line ends, tabs and other controls as single spaces."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def text_field(name: str, text: str) -> str:
    """`Subject: …`, folded; encoded where it is not plain ASCII."""
    words = one_line(text)
    if not words.isascii() or "=?" in words:
        return f"{name}: {_encoded(words)}"
    return _folded(f"{name}:", words.split(" "))


def mailbox_field(name: str, display: str, address: str) -> str:
    """`From: "Elm Bridge team" <alerts@…>`; the address must be one."""
    must_be_address(address)
    words = one_line(display)
    if not words:
        return f"{name}: {address}"
    if not words.isascii() or "=?" in words:
        shown = _encoded(words)
    elif _PLAIN_WORDS.fullmatch(words):
        shown = words
    else:
        shown = '"' + words.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return _folded(f"{name}:", [*shown.split(" "), f"<{address}>"])


def must_be_address(address: str) -> str:
    """The address itself, where it can stand in a header and an envelope; NotAnAddress otherwise."""
    if not _ADDRESS.fullmatch(address):
        raise NotAnAddress
    return address


def may_be_recipient(address: str) -> bool:
    """Whether this can stand after `To:` as it is. Addresses are stored in normal form; this is the last door."""
    return _ADDRESS.fullmatch(address) is not None


def _encoded(words: str) -> str:
    """Encoded words of whole characters; readers join them without the spaces between."""
    pieces: list[bytes] = [b""]
    for character in words:
        more = character.encode()
        if len(pieces[-1]) + len(more) > _WORD_BYTES:
            pieces.append(b"")
        pieces[-1] += more
    return "\r\n ".join(f"=?utf-8?b?{base64.b64encode(piece).decode()}?=" for piece in pieces)


def _folded(start: str, words: list[str]) -> str:
    """Words after the field's name, a new line where one would grow too long; a word longer than a line stays whole."""
    lines = [start]
    for word in words:
        if len(lines[-1].rpartition("\n")[2]) + 1 + len(word) > _LINE and lines[-1] != start:
            lines.append("")
        lines[-1] += f" {word}"
    return "\r\n".join(lines)
