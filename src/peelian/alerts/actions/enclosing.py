"""Pictures and papers of a draft. Pictures are made anew, small and bare; papers are PDF and come as downloads only.

Where there is a virus scanner, a paper goes nowhere before it has looked at it: at once, or by a job once it answers.
"""

from __future__ import annotations

import secrets
from contextlib import suppress

from django.db import transaction
from django.db.models import ProtectedError

from peelian.accounts.models import Staff
from peelian.alerts import errors
from peelian.alerts.actions.trail import must, note
from peelian.alerts.markdown import one_line
from peelian.alerts.models import Alert, Enclosure
from peelian.audit.actions import SYSTEM
from peelian.core import clamd, files, jobs, pictures
from peelian.core.models import StoredFile

LONGEST_SIDE = 1_200  # points: twice the width of an email
MOST = 4  # of each kind
LONGEST_ALT, LONGEST_NAME = 250, 100
DAYS = (7, 28, 90)
PDF = "application/pdf"
AT_ONCE = 5.0  # seconds that a writer waits for the scanner; then a job does
_S = Enclosure.State


def add_picture(*, alert: Alert, content: bytes, alt: str, by: Staff) -> Enclosure:
    """Put a picture with an alert. ALT says in words what it shows. Raises NoWords, NotAPicture, TooManyEnclosed,
    NotADraft, and core.files' TooLarge and Empty."""
    must(by, "alerts.write")
    alt = one_line(alt)[:LONGEST_ALT]
    if not alt:
        raise errors.NoWords
    if len(content) > files.LARGEST:
        raise files.TooLarge
    try:
        made, media_type = pictures.remade(content, LONGEST_SIDE)
    except pictures.Unreadable:
        raise errors.NotAPicture from None
    except pictures.TooManyPoints:
        raise errors.NotAPicture("That picture has too many points. Make it smaller and add it again.") from None
    width, height = pictures.size(made)
    return _enclose(alert, by, made, media_type, kind=Enclosure.Kind.PICTURE, alt=alt, width=width, height=height)


def add_paper(*, alert: Alert, content: bytes, title: str, days: int, by: Staff) -> Enclosure:
    """Put a PDF with an alert; its link works for DAYS after the alert went out. Where the scanner does not answer at
    once it is kept, WAITING. Raises NoTitle, NotAPaper, VirusFound, TooManyEnclosed, NotADraft, and core.files'
    TooLarge and Empty."""
    must(by, "alerts.write")
    title = one_line(title)[:LONGEST_NAME]
    if not title:
        raise errors.NoTitle
    if days not in DAYS:
        raise ValueError(f"A link works for {DAYS} days, not {days}.")
    if content and not content.startswith(b"%PDF-"):
        raise errors.NotAPaper
    state = _S.WAITING if clamd.is_set() else _S.SHOWN
    made = _enclose(alert, by, content, PDF, kind=Enclosure.Kind.PAPER, title=title, days=days, state=state)
    try:
        check_paper(enclosure_id=made.pk, timeout=AT_ONCE)
    except clamd.NotChecked:
        return made
    made.refresh_from_db()
    if made.state == _S.INFECTED:
        made.delete()
        raise errors.VirusFound
    return made


def check_paper(*, enclosure_id: int, timeout: float = clamd.TIMEOUT) -> None:
    """Have a paper that waits looked at, outside of any transaction. Raises clamd.NotChecked when the scanner did not
    say what it is: it stays as it is, and a job comes again."""
    waiting = Enclosure.objects.filter(pk=enclosure_id, state=_S.WAITING)
    found = waiting.select_related("file", "alert").first()
    if found is None or found.file is None:
        return
    virus = clamd.scan(bytes(found.file.content), timeout=timeout).virus if clamd.is_set() else ""
    if not virus:
        waiting.update(state=_S.SHOWN, scanned=clamd.is_set())
        return
    with transaction.atomic():
        if waiting.update(state=_S.INFECTED, file=None):
            note("alert.enclosure_infected", found.alert, by=SYSTEM, size=found.file.size)
    with suppress(ProtectedError):  # the same bytes wait elsewhere, and are looked at there
        StoredFile.objects.filter(pk=found.file.pk).delete()


def check_papers() -> int:
    """Have looked at what waits for the scanner; returns how many papers."""
    waiting = list(Enclosure.objects.filter(state=_S.WAITING).values_list("pk", flat=True)[:1000])
    for pk in waiting:
        jobs.enqueue("alerts.check_paper", once_as=f"alerts.check_paper:{pk}", enclosure_id=pk)
    return len(waiting)


@transaction.atomic
def _enclose(alert: Alert, by: Staff, content: bytes, media_type: str, *, kind: str, **fields: object) -> Enclosure:
    _lock_draft(alert)
    if Enclosure.objects.filter(alert=alert, kind=kind).count() >= MOST:
        raise errors.TooManyEnclosed
    file = files.keep(content, media_type)
    made = Enclosure.objects.create(alert=alert, file=file, kind=kind, key=secrets.token_urlsafe(16), **fields)
    if made.state == _S.WAITING:
        jobs.enqueue("alerts.check_paper", enclosure_id=made.pk)
    note("alert.enclosed", alert, by=by, what=str(kind), size=file.size)
    return made


@transaction.atomic
def remove_enclosure(*, enclosure: Enclosure, by: Staff) -> None:
    """Take it out of a draft; its bytes go in the night, once nothing points to them. Raises NotADraft."""
    must(by, "alerts.write")
    _lock_draft(enclosure.alert)
    note("alert.unenclosed", enclosure.alert, by=by, what=enclosure.kind)
    enclosure.delete()


def _lock_draft(alert: Alert) -> None:
    """What somebody may be approving, or has been sent, keeps what it has."""
    if not Alert.objects.select_for_update().filter(pk=alert.pk, state=Alert.State.DRAFT).exists():
        raise errors.NotADraft
