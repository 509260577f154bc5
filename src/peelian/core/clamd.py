"""ClamAV's daemon, asked whether a file holds a virus ("clamd(8)": commands zINSTREAM and zPING).

The bytes go in chunks, each after its length in four bytes, most significant first; a length of nought ends them. The
answer is a line that ends with a zero byte: `stream: OK`, `stream: NAME FOUND`, or something with ERROR in it.
"""

from __future__ import annotations

import socket
import struct
from typing import NamedTuple

from django.conf import settings

TIMEOUT = 30.0  # seconds without a sign of life
_CHUNK = 65_536
_LONGEST_ANSWER = 4_096


class NotChecked(Exception):
    """The scanner did not say what the file is: it cannot be reached, took too long, or refused."""


class Verdict(NamedTuple):
    """`virus` is empty where nothing was found. Its name is the scanner's maker's, and is shown to staff."""

    virus: str = ""


def is_set() -> bool:
    """Whether a scanner is configured (PEELIAN_CLAMD)."""
    return bool(settings.PEELIAN_CLAMD)


def scan(content: bytes, *, timeout: float = TIMEOUT) -> Verdict:
    """What the scanner says of these bytes. Raises NotChecked."""
    try:
        with _connected(timeout) as line:
            line.sendall(b"zINSTREAM\0")
            for start in range(0, len(content), _CHUNK):
                piece = content[start : start + _CHUNK]
                line.sendall(struct.pack("!I", len(piece)) + piece)
            line.sendall(struct.pack("!I", 0))
            return _verdict(_answer(line))
    except (OSError, ValueError) as problem:  # a time-out is an OSError
        raise NotChecked(type(problem).__name__) from None


def ping(*, timeout: float = 5.0) -> str:
    """Empty when the scanner answers, or a sentence."""
    try:
        with _connected(timeout) as line:
            line.sendall(b"zPING\0")
            return "" if _answer(line) == "PONG" else "The virus scanner gives another answer than clamd's."
    except (OSError, ValueError):
        return "The virus scanner cannot be reached: files from residents and with alerts wait and are not shown."


def _connected(timeout: float) -> socket.socket:
    where = settings.PEELIAN_CLAMD
    if where.startswith("unix:"):
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        line.settimeout(timeout)
        try:
            line.connect(where.removeprefix("unix:"))
        except BaseException:
            line.close()
            raise
        return line
    host, _, port = where.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), timeout=timeout)


def _answer(line: socket.socket) -> str:
    said = b""
    while not said.endswith(b"\0") and len(said) < _LONGEST_ANSWER:
        piece = line.recv(_LONGEST_ANSWER)
        if not piece:
            break
        said += piece
    return said.rstrip(b"\0\n").decode("utf-8", "replace")


def _verdict(answer: str) -> Verdict:
    if answer == "stream: OK":
        return Verdict()
    if answer.startswith("stream: ") and answer.endswith(" FOUND"):
        return Verdict(answer.removeprefix("stream: ").removesuffix(" FOUND")[:100] or "unnamed")
    raise NotChecked("ERROR")
