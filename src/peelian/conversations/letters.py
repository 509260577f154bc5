"""Letters to a team from people without an account: kept where no member of staff looks, until the link in one email is
used."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from peelian.accounts.models import Team
from peelian.audit.actions import SYSTEM, record
from peelian.contacts import actions as contacts
from peelian.contacts.models import Address
from peelian.conversations import actions, errors, tokens
from peelian.conversations.models import Letter, Message, Thread
from peelian.core import clock, jobs
from peelian.members import queries as members
from peelian.places.models import Area

KEPT = timedelta(days=7)  # until it is confirmed


@transaction.atomic
def write(*, team: Team, area: Area, email: str, text: str, language: str) -> Letter:
    """Keep what somebody wrote and send them one link; nothing else goes to an address that may be somebody else's.
    Raises BadAddress, NothingWritten and TooLong."""
    words = actions.cleaned(text)
    address = contacts.address(Address.Kind.EMAIL, email)
    letter = Letter.objects.create(
        team=team, area=area, address=address, text=words, language=language, written_at=clock.now()
    )
    jobs.enqueue(
        "delivery.transactional",
        queue=jobs.TRANSACTIONAL,
        renderer="conversations.letter",
        object_id=letter.pk,
        address_id=address.pk,
        member_id=None,
    )
    record("letter.written", "letter", letter.pk, by=SYSTEM, team=team.pk, area=area.pk)
    return letter


@transaction.atomic
def confirm(*, token: str) -> Thread:
    """The button behind the link was pressed: the team gets the letter. Raises LinkRefused and LetterRefused."""
    found = _of(token).select_for_update(of=("self",)).select_related("team", "address").first()
    if found is None:
        raise errors.LetterRefused
    contacts.verify(found.address)
    known = members.member_for_address(found.address_id)
    thread = actions.open_or_continue(
        team=found.team,
        subject=subject_of(found.area, found.team),
        about="",
        text=found.text,
        address_id=found.address_id,
        member_id=known[0].pk if len(known) == 1 else None,
        how=Message.How.CONFIRM,
        by=SYSTEM,
        language=found.language,
        area_id=found.area_id,
    )
    record("letter.confirmed", "letter", found.pk, by=SYSTEM, thread=thread.pk)
    found.delete()
    return thread


def check(token: str) -> Letter:
    """The letter of a link, for the page with the button. Raises LinkRefused and LetterRefused."""
    found = _of(token).select_related("team").first()
    if found is None:
        raise errors.LetterRefused
    return found


def _of(token: str) -> QuerySet[Letter]:
    letter_id, address_id = tokens.read(token, salt=tokens.LETTER)
    return Letter.objects.filter(pk=letter_id, address=address_id, written_at__gt=clock.now() - KEPT)


def letter(pk: int) -> Letter:
    """For its email. LetterRefused when it is gone."""
    found = Letter.objects.select_related("team").filter(pk=pk).first()
    if found is None:
        raise errors.LetterRefused
    return found


def subject_of(area: Area | None, team: Team) -> str:
    """What the thread is called: never in the resident's words, since messages carry it."""
    return f"A message about {area.name}" if area else f"A message to the {team.name}"


def forget(now: datetime) -> int:
    """Delete letters that nobody confirmed in a week."""
    return Letter.objects.filter(written_at__lt=now - KEPT).delete()[0]
