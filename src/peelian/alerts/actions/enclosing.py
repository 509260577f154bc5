"""Pictures and papers of a draft. Pictures are made anew, small and bare; papers are PDF and come as downloads only."""

from __future__ import annotations

import secrets

from django.db import transaction

from peelian.accounts.models import Staff
from peelian.alerts import errors
from peelian.alerts.actions.trail import must, note
from peelian.alerts.markdown import one_line
from peelian.alerts.models import Alert, Enclosure
from peelian.core import files, pictures

LONGEST_SIDE = 1_200  # points: twice the width of an email
MOST = 4  # of each kind
LONGEST_ALT, LONGEST_NAME = 250, 100
DAYS = (7, 28, 90)
PDF = "application/pdf"


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
    """Put a PDF with an alert; its link works for DAYS after the alert went out. Raises NoTitle, NotAPaper,
    TooManyEnclosed, NotADraft, and core.files' TooLarge and Empty."""
    must(by, "alerts.write")
    title = one_line(title)[:LONGEST_NAME]
    if not title:
        raise errors.NoTitle
    if days not in DAYS:
        raise ValueError(f"A link works for {DAYS} days, not {days}.")
    if content and not content.startswith(b"%PDF-"):
        raise errors.NotAPaper
    return _enclose(alert, by, content, PDF, kind=Enclosure.Kind.PAPER, title=title, days=days)


@transaction.atomic
def _enclose(alert: Alert, by: Staff, content: bytes, media_type: str, *, kind: str, **fields: object) -> Enclosure:
    _lock_draft(alert)
    if Enclosure.objects.filter(alert=alert, kind=kind).count() >= MOST:
        raise errors.TooManyEnclosed
    file = files.keep(content, media_type)
    made = Enclosure.objects.create(alert=alert, file=file, kind=kind, key=secrets.token_urlsafe(16), **fields)
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
