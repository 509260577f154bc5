"""Mail that a mail server puts into a maildir: fetched each minute, and removed only when it is kept.

Which address a message came for stands in the field that the delivering program adds; without one of ours it is kept as
a problem, since nobody is there to refuse it to. What is too large is kept aside for a person, its beginning only.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from email.parser import BytesHeaderParser
from email.utils import getaddresses
from pathlib import Path

import structlog
from django.conf import settings

from peelian.core.limits import TooMany
from peelian.delivery.incoming import store

log = structlog.get_logger("peelian.delivery")
AT_MOST = 5_000  # a run; the rest a minute later
# Postfix, Dovecot and Courier: Delivered-To, and X-Original-To for what was written on the envelope; Exim: Envelope-To
FIELDS = ("X-Original-To", "Delivered-To", "Envelope-To")


def pull() -> int:
    """Fetch what lies in PEELIAN_MAILDIR; returns how many messages."""
    if not settings.PEELIAN_MAILDIR:
        return 0
    done = 0
    for path in _files(Path(settings.PEELIAN_MAILDIR)):
        try:
            content = _content(path)
        except OSError as problem:  # another process was first, or it may not be read
            log.warning("maildir file not read", error=type(problem).__name__)
            continue
        try:
            _keep(content)
        except TooMany:  # it stays where it is and comes again
            continue
        path.unlink(missing_ok=True)  # after the commit: read twice does no harm, lost would
        done += 1
        if done >= AT_MOST:
            break
    return done


def _keep(content: bytes) -> None:
    if len(content) > store.LARGEST:
        store.keep_aside("It is too large.", content[: store.HEADER_KEPT])
        return
    ours = [address for address in _recipients(content) if store.mailbox_of(address)]
    if ours:
        store.keep(ours[:1], content)
    else:
        store.keep([_stand_in()], content, problem="It names no address of ours.")


def _stand_in() -> str:
    return f"unknown@{settings.PEELIAN_MAIL_DOMAIN}"


def _recipients(content: bytes) -> list[str]:
    fields = BytesHeaderParser().parsebytes(content)
    given = [str(value) for name in FIELDS for value in fields.get_all(name, [])]
    return [address for _, address in getaddresses(given) if "@" in address]


def _files(folder: Path) -> Iterator[Path]:
    """What has arrived whole: `new` and `cur`, the oldest first. `tmp` is not ours to read."""
    found = [path for part in ("new", "cur") for path in (folder / part).glob("[!.]*")]
    yield from sorted(found, key=lambda path: path.name)


def _content(path: Path) -> bytes:
    number = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(number, "rb") as file:
        if not stat.S_ISREG(os.fstat(number).st_mode):
            raise OSError("not a plain file")
        return file.read(store.LARGEST + 1)
