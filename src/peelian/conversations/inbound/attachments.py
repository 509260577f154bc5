"""Files that came with an email. What is refused leaves its line in the thread; what is taken is looked at by a job,
outside of any transaction, before anybody sees it.

The job reads the file out of the email again, which is kept as it came for 30 days, so that its bytes are stored once.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.db import transaction

from peelian.audit.actions import SYSTEM, record
from peelian.conversations.inbound import letter, sniff
from peelian.conversations.inbound.letter import File
from peelian.conversations.models import Attachment, Inbound
from peelian.core import clamd, files, jobs, pictures

MOST_LISTED: Final = 30
JOB: Final = "conversations.check_file"
_S = Attachment.State

EMPTY: Final = "There is nothing in it."
TOO_LARGE: Final = "It is larger than 10 MB."
TOO_MANY: Final = f"More than {letter.MOST_FILES} files came with this message."
OTHER: Final = f"We take {sniff.TAKEN}. This is something else, whatever its name says."
NO_PICTURE: Final = "It says that it is a picture and cannot be opened as one."
TOO_MANY_POINTS: Final = "It would be larger than any photograph when opened."
GONE: Final = "It was not checked in time, and the email it came with has been deleted."


def receive(inbound: Inbound, given: Sequence[File]) -> None:
    """List what came with a message and have it checked. In the transaction that takes the message in."""
    for number, file in enumerate(given[:MOST_LISTED]):
        why = TOO_MANY if number >= letter.MOST_FILES else refusal(file.content)
        row = Attachment.objects.create(
            inbound=inbound,
            number=number,
            name=file.name,
            state=_S.REFUSED if why else _S.WAITING,
            why=why,
            size=len(file.content),
        )
        if not why:
            jobs.enqueue("conversations.check_file", attachment_id=row.pk)


def refusal(content: bytes) -> str:
    """Why a file is not taken, by its bytes; empty where it may be."""
    if not content:
        return EMPTY
    if len(content) > files.LARGEST:
        return TOO_LARGE
    return "" if sniff.media_type(content) else OTHER


def check(attachment_id: int) -> Attachment.State:
    """Look at a file and show it, or not. Raises clamd.NotChecked when the scanner did not say what it is: then it
    is kept aside, and its job comes again."""
    row = Attachment.objects.select_related("inbound").filter(pk=attachment_id).first()
    if row is None or row.state not in (_S.WAITING, _S.UNCHECKED):
        return _S.REFUSED if row is None else _S(row.state)
    content = _content(row)
    if content is None:
        return _settle(row, _S.REFUSED, GONE)
    if clamd.is_set():
        try:
            verdict = clamd.scan(content)
        except clamd.NotChecked:
            Attachment.objects.filter(pk=row.pk, state=_S.WAITING).update(state=_S.UNCHECKED)
            raise
        if verdict.virus:
            return _remove(row, verdict.virus)
    return _show(row, content)


def _content(row: Attachment) -> bytes | None:
    if row.inbound.raw is None:
        return None
    found = letter.read(bytes(row.inbound.raw)).files
    return found[row.number].content if row.number < len(found) else None


def _show(row: Attachment, content: bytes) -> Attachment.State:
    media_type = sniff.media_type(content)
    if media_type in sniff.PICTURES:
        try:
            content, media_type = pictures.remade(content)
        except pictures.Unreadable:
            return _settle(row, _S.REFUSED, NO_PICTURE)
        except pictures.TooManyPoints:
            return _settle(row, _S.REFUSED, TOO_MANY_POINTS)
        if len(content) > files.LARGEST:
            return _settle(row, _S.REFUSED, TOO_LARGE)
    with transaction.atomic():
        kept = files.keep(content, media_type)
        waiting = Attachment.objects.filter(pk=row.pk, state__in=(_S.WAITING, _S.UNCHECKED))
        waiting.update(state=_S.SHOWN, file=kept, scanned=clamd.is_set(), why="")
    return _S.SHOWN


def _settle(row: Attachment, state: Attachment.State, why: str) -> Attachment.State:
    Attachment.objects.filter(pk=row.pk, state__in=(_S.WAITING, _S.UNCHECKED)).update(state=state, why=why)
    return state


@transaction.atomic
def _remove(row: Attachment, virus: str) -> Attachment.State:
    """Delete the email as it came, with everything that was in it: its words are in the thread. What else came with it
    and was not looked at is not looked at any more."""
    found = Attachment.objects.filter(inbound=row.inbound_id, state__in=(_S.WAITING, _S.UNCHECKED))
    found.filter(pk=row.pk).update(state=_S.INFECTED, why=f"The scanner calls it {virus}."[:200])
    found.update(state=_S.REFUSED, why="It came together with a file in which a virus was found.")
    Inbound.objects.filter(pk=row.inbound_id).update(raw=None)
    record("file.infected", "inbound", row.inbound_id, by=SYSTEM, file=row.pk)
    return _S.INFECTED


def check_again() -> int:
    """Have checked what a scanner that was away has left; returns how many files."""
    waiting = list(Attachment.objects.filter(state=_S.UNCHECKED).values_list("pk", flat=True)[:1000])
    for pk in waiting:
        jobs.enqueue("conversations.check_file", once_as=f"conversations.check_file:{pk}", attachment_id=pk)
    return len(waiting)
