"""What delivery itself reads: the return path of each delivery, and the address that feedback loops report to."""

from __future__ import annotations

from datetime import datetime

from peelian.delivery import receipts, references, status_codes
from peelian.delivery.errors import BadToken
from peelian.delivery.hooks import Mailbox
from peelian.delivery.incoming.reports import Found, Kind, parse
from peelian.delivery.models import Reason, State
from peelian.delivery.receipts import Report

RETURN_PATH, COMPLAINTS = "b-", "complaints"


def is_reference(rest: str) -> bool:
    try:
        references.read(rest)
    except BadToken:
        return False
    return True


def read_return_path(rest: str, content: bytes, at: datetime) -> str:
    """A message to `b-<reference>`: it tells of that one delivery, whatever it says of others."""
    found = parse(content)
    if found.kind is Kind.UNREADABLE:
        return found.problem
    _apply(found, rest, at)
    return ""


def read_complaint(rest: str, content: bytes, at: datetime) -> str:
    """A message from a feedback loop to `complaints`: the delivery is the one whose return path it names."""
    found = parse(content)
    if found.kind is Kind.UNREADABLE:
        return found.problem
    if found.kind is not Kind.COMPLAINT:
        return ""
    ours = [name for name in found.references if is_reference(name)]
    if not ours:
        return "It names no message of ours."
    _apply(found, ours[0], at)
    return ""


def _apply(found: Found, reference: str, at: datetime) -> None:
    meaning = {
        Kind.FAILED: (State.FAILED, status_codes.reason(found.code)),
        Kind.DELIVERED: (State.DELIVERED, Reason.NONE),
        Kind.COMPLAINT: (State.FAILED, Reason.COMPLAINED),
    }.get(found.kind)
    if meaning:
        send_id, address_id = references.read(reference)
        receipts.apply([Report(send_id, address_id, *meaning, found.code, at)], carrier=None)


RETURNED = Mailbox(is_reference, read_return_path)
COMPLAINED = Mailbox(lambda rest: rest == "" or rest.startswith("+"), read_complaint)
