"""Messages that came to us: kept before anybody is told so, read by a job, and then deleted.

A row's recipient is an address at our mail domain, or a word without "@" for what came by another way: "texts", or
"aside" with the reason after a colon for what could not even be taken apart. No mail can be addressed to these.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from datetime import timedelta

import structlog
from django.conf import settings
from django.db import DatabaseError, InterfaceError, transaction

from peelian.core import jobs, limits
from peelian.delivery.hooks import Mailbox, mailboxes
from peelian.delivery.models import Incoming

log = structlog.get_logger("peelian.delivery")
LARGEST = 16_000_000  # bytes of a message: a file of 10 MB is 14.4 MB in base64, and words come with it
HEADER_KEPT = 64_000  # bytes of what is too large
AT_ONCE = 20  # in one transaction
JOB = "delivery.incoming"


def mailbox_of(recipient: str) -> tuple[Mailbox, str] | None:
    """Who reads what comes to an address, and what stands after the name; None when there is no such address here."""
    local, _, domain = recipient.strip().lower().rpartition("@")
    if domain != settings.PEELIAN_MAIL_DOMAIN.lower():
        return None
    for name, mailbox in sorted(mailboxes.items(), key=lambda item: -len(item[0])):
        if local.startswith(name) and mailbox.knows(local[len(name) :]):
            return mailbox, local[len(name) :]
    return None


@transaction.atomic
def keep(recipients: Sequence[str], content: bytes, *, problem: str = "") -> None:
    """Keep a message for each recipient, once, and have it read. When this returns it is on the disk.

    Raises limits.TooMany where more have come to one of the addresses than its mailbox takes in an hour."""
    for recipient in recipients:
        _limit(recipient)
    rows = [
        Incoming(recipient=_kept(recipient), content=content, digest=_digest(recipient, content), problem=problem)
        for recipient in recipients
    ]
    Incoming.objects.bulk_create(rows, ignore_conflicts=True)
    if not problem:
        jobs.enqueue(JOB, once_as=JOB)


def keep_text(told: dict[str, str]) -> None:
    """Keep a text that somebody sent to a number of ours: `from`, `to`, `words`, `carrier`, `id`, and what was `heard`
    in it already."""
    keep(["texts"], json.dumps(told, sort_keys=True).encode())


def keep_aside(reason: str, content: bytes) -> None:
    """Keep for a person what came in and is not for any program."""
    keep([f"aside:{reason}"], content)


def return_path(sender: str | None) -> bytes:
    """The field that whoever delivers a message last puts before it (RFC 5321 4.4): the sender of its envelope. Empty
    where that cannot stand in a header."""
    text = (sender or "").strip("<>")
    return b"" if re.search(r"[^!-~]", text) else f"Return-Path: <{text[:998]}>\r\n".encode()


def _limit(recipient: str) -> None:
    found = mailbox_of(recipient)
    if found is not None and found[0].most_an_hour:
        key = hashlib.sha256(recipient.lower().encode()).hexdigest()[:32]
        limits.limit(f"incoming:{key}", most=found[0].most_an_hour, window=timedelta(hours=1))


def take_up() -> None:
    """Have read what is waiting, whose job may have failed."""
    if Incoming.objects.filter(problem="").exists():
        jobs.enqueue(JOB, once_as=JOB)


def read_all() -> int:
    """Read what is waiting; returns how many messages were read."""
    done = 0
    while some := _read_some():
        done += some
    return done


@transaction.atomic
def _read_some() -> int:
    waiting = Incoming.objects.filter(problem="").select_for_update(skip_locked=True).order_by("pk")
    ids = list(waiting.values_list("pk", flat=True)[:AT_ONCE])
    for pk in ids:  # one at a time: all of them in memory could be too much
        row = Incoming.objects.get(pk=pk)
        problem = _read(row)
        if problem:
            Incoming.objects.filter(pk=pk).update(problem=problem[:200])
        else:
            row.delete()
    return len(ids)


def _read(row: Incoming) -> str:
    found = _reader(row.recipient)
    if found is None:
        return "There is no such address here."
    mailbox, rest = found
    try:
        with transaction.atomic():  # a message that cannot be read takes nothing else with it
            return mailbox.read(rest, bytes(row.content), row.received_at)
    except (DatabaseError, InterfaceError):
        raise
    except Exception as problem:  # whatever the sender made of it, the next message is read all the same
        log.warning("incoming message unreadable", incoming=row.pk, error=type(problem).__name__)
        return f"It could not be read ({type(problem).__name__})."


def _reader(recipient: str) -> tuple[Mailbox, str] | None:
    name, _, rest = recipient.partition(":")
    if "@" in name or (mailbox := mailboxes.get(name)) is None:
        return mailbox_of(recipient)
    return mailbox, rest


def _kept(recipient: str) -> str:
    return recipient[:254] if recipient.startswith("aside:") else recipient[:254].lower()


def _digest(recipient: str, content: bytes) -> str:
    return hashlib.sha256(recipient.lower().encode() + b"\0" + content).hexdigest()
