"""Messages that came to us: kept before anybody is told so, read by a job, and then deleted."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import structlog
from django.conf import settings
from django.db import DatabaseError, InterfaceError, transaction

from peelian.core import jobs
from peelian.delivery.hooks import Mailbox, mailboxes
from peelian.delivery.models import Incoming

log = structlog.get_logger("peelian.delivery")
LARGEST = 10_000_000  # bytes of a message
AT_ONCE = 100
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
    """Keep a message for each recipient, once, and have it read. When this returns it is on the disk."""
    rows = [
        Incoming(
            recipient=recipient[:254].lower(), content=content, digest=_digest(recipient, content), problem=problem
        )
        for recipient in recipients
    ]
    Incoming.objects.bulk_create(rows, ignore_conflicts=True)
    if not problem:
        jobs.enqueue(JOB, once_as=JOB)


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
    for pk in ids:  # one at a time: a hundred of the largest would be a gigabyte
        row = Incoming.objects.get(pk=pk)
        problem = _read(row)
        if problem:
            Incoming.objects.filter(pk=pk).update(problem=problem[:200])
        else:
            row.delete()
    return len(ids)


def _read(row: Incoming) -> str:
    found = mailbox_of(row.recipient)
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


def _digest(recipient: str, content: bytes) -> str:
    return hashlib.sha256(recipient.lower().encode() + b"\0" + content).hexdigest()
