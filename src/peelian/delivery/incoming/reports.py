"""Reports that mail systems send: undelivered messages (DSN, RFC 3464) and complaints (ARF, RFC 5965).

The standard library's parser reads whatever it is given; what it says is never trusted beyond the reference, which we
signed ourselves.
"""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Iterator
from contextlib import suppress
from email import message_from_bytes, policy
from email.message import Message
from enum import Enum
from typing import NamedTuple

from peelian.delivery import status_codes


class Kind(Enum):
    FAILED = "failed"
    DELIVERED = "delivered"
    COMPLAINT = "complaint"
    NOTHING = "nothing"  # an automatic answer, a delay, a report about something else: of no consequence
    UNREADABLE = "unreadable"


class Found(NamedTuple):
    """What a message says. `code` as status_codes.best gives it; `references` are local parts of return paths."""

    kind: Kind
    code: str = ""
    references: tuple[str, ...] = ()
    problem: str = ""


# RFC 5965 7.3 and RFC 6430: "not-spam" takes a complaint back, "auth-failure" (RFC 6591) is about signatures
COMPLAINTS = {"abuse", "fraud"}
_RETURN_PATH = re.compile(r"\bb-([a-z2-7]{24})@", re.IGNORECASE | re.ASCII)
_DEEPEST = 12


def parse(content: bytes) -> Found:
    """What a message to a return path, or from a feedback loop, means."""
    message = message_from_bytes(content, policy=policy.compat32)
    complaint = next((part for part in _parts(message) if _type(part) == "message/feedback-report"), None)
    if complaint is not None:
        return _complaint(message, complaint, content)
    status = next((part for part in _parts(message) if _type(part) == "message/delivery-status"), None)
    if status is not None:
        return _notification(status)
    if message.get("X-Failed-Recipients"):  # Exim before 4.90 says who, and the rest in prose
        return Found(Kind.FAILED)
    if _automatic(message):
        return Found(Kind.NOTHING)
    return Found(Kind.UNREADABLE, problem="It is no report of a mail system.")


def _notification(part: Message) -> Found:
    """The worst that the groups of fields say, one for each recipient (RFC 3464 2.3): we write to one at a time, so
    that several are where it was forwarded to."""
    groups = [group for group in _groups(part) if group.get("Action")]
    if not groups:
        return Found(Kind.UNREADABLE, problem="Its delivery status names no recipient.")
    by_action = {_word(group.get("Action")): group for group in reversed(groups)}
    if group := by_action.get("failed"):
        return Found(Kind.FAILED, status_codes.best(_text(group, "Status"), _text(group, "Diagnostic-Code")))
    if "delivered" in by_action and len(by_action) == 1:
        return Found(Kind.DELIVERED, _text(by_action["delivered"], "Status").split(" ")[0][:24])
    return Found(Kind.NOTHING)  # delayed, relayed, expanded


def _complaint(whole: Message, part: Message, content: bytes) -> Found:
    """A complaint names our message by its return path: in the report, or in the message it brings back."""
    fields = next(_groups(part), part)
    if _word(fields.get("Feedback-Type")) not in COMPLAINTS:
        return Found(Kind.NOTHING)
    named = _RETURN_PATH.findall(_text(fields, "Original-Mail-From"))
    for original in _parts(whole):
        if _type(original) in ("message/rfc822", "text/rfc822-headers"):
            named += _RETURN_PATH.findall(_headers_of(original))
    return Found(Kind.COMPLAINT, "abuse", tuple(dict.fromkeys(name.lower() for name in named)))


def _headers_of(part: Message) -> str:
    """The header of a message that a report brings back, as text."""
    inner = part.get_payload()
    if isinstance(inner, list) and inner and isinstance(inner[0], Message):
        return "\n".join(f"{name}: {value}" for name, value in inner[0].items())
    decoded = part.get_payload(decode=True)
    text = decoded.decode("latin-1") if isinstance(decoded, bytes) else str(inner)
    return text.replace("\r\n", "\n").partition("\n\n")[0]


def _groups(part: Message) -> Iterator[Message]:
    """The groups of fields of a machine-readable part; also of one in base64, which RFC 3464 does not allow and some
    send: the parser takes that for text."""
    groups = [group for group in part.get_payload() if isinstance(group, Message)] if part.is_multipart() else []
    yield from groups
    if _word(part.get("Content-Transfer-Encoding")) == "base64":
        text = "".join(str(group.get_payload()) for group in groups if not group.is_multipart())
        with suppress(ValueError):
            for block in re.split(rb"\r?\n[ \t]*\r?\n", b64decode(text)):
                yield message_from_bytes(block.strip() + b"\n\n", policy=policy.compat32)


def _parts(message: Message, depth: int = 0) -> Iterator[Message]:
    """The parts of a report, without those of the message that it brings back."""
    yield message
    payload = message.get_payload()
    if message.get_content_maintype() == "multipart" and isinstance(payload, list) and depth < _DEEPEST:
        for part in payload:
            if isinstance(part, Message):
                yield from _parts(part, depth + 1)


def _automatic(message: Message) -> bool:
    """Answers of machines (RFC 3834), also those that do not say so as they should."""
    said = _word(message.get("Auto-Submitted"))
    return bool(
        (said and said != "no")
        or message.get("X-Autoreply")
        or message.get("X-Autorespond")
        or _word(message.get("Precedence")) in ("auto_reply", "bulk", "junk")
    )


def _type(part: Message) -> str:
    return part.get_content_type().lower()


def _text(fields: Message, name: str) -> str:
    return " ".join(str(fields.get(name, "")).split())


def _word(value: object) -> str:
    return str(value or "").split(";")[0].strip().lower()
