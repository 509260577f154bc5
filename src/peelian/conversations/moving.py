"""A conversation that goes elsewhere: to another team, or, as intelligence, out of Peelian altogether."""

from __future__ import annotations

from django.db import transaction

from peelian.accounts.models import Staff, Team
from peelian.audit.actions import record
from peelian.conversations import errors, notices, queries, waits
from peelian.conversations.actions import cleaned
from peelian.conversations.models import Handover, PassedOn, Raised, Thread, Wait
from peelian.core import clock

LONGEST_NOTE = 500
EMPTY_SUBJECT = "Passed on as intelligence"
EMPTY_REASON = "Passed on as intelligence; the words were deleted here"


@transaction.atomic
def hand_over(*, thread: Thread, to: Team, note: str, by: Staff) -> None:
    """Give the conversation to another team of the same organisation, with a note for it; the resident is told. The
    clock runs on. Its tags and its person were the old team's own. Raises SameTeam, AnotherOrganisation, AlreadyClosed,
    AlreadyPassedOn, NothingWritten, TooLong."""
    words = cleaned(note, LONGEST_NOTE)
    locked = _locked(thread)
    if locked.state == Thread.State.CLOSED:
        raise errors.AlreadyClosed
    if to.pk == locked.team_id:
        raise errors.SameTeam
    if to.organisation_id != locked.team.organisation_id:
        raise errors.AnotherOrganisation
    if on_its_way(locked) is not None:
        raise errors.AlreadyPassedOn
    Handover.objects.create(thread=locked, from_team_id=locked.team_id, to_team=to, by=by, note=words, at=clock.now())
    waits.move(locked, to)
    record("conversation.handed_over", "thread", locked.pk, by=by, from_team=locked.team_id, to_team=to.pk)
    locked.team, locked.assigned_to, locked.seen_at = to, None, None
    locked.save()
    locked.tags.clear()
    if locked.address_id is not None:
        notices.say_where_it_went(locked, to)


# Intelligence ---------------------------------------------------------------------------------------------------------


@transaction.atomic
def pass_on(*, thread: Thread, receiver: Staff, by: Staff) -> PassedOn:
    """Mark the conversation as intelligence for RECEIVER. Nothing is deleted before they say that they have it. Raises
    AlreadyPassedOn, OwnHandOver, NotTheReceiver."""
    locked = _locked(thread)
    if locked.emptied_at or on_its_way(locked) is not None:
        raise errors.AlreadyPassedOn
    if receiver.pk == by.pk:
        raise errors.OwnHandOver
    if receiver not in queries.receivers(locked):
        raise errors.NotTheReceiver
    row = PassedOn.objects.create(thread=locked, asked_by=by, asked_at=clock.now(), receiver=receiver)
    record("conversation.marked_as_intelligence", "thread", locked.pk, by=by, receiver=receiver.pk)
    return row


@transaction.atomic
def take_back(*, thread: Thread, by: Staff) -> None:
    """It is no intelligence after all. Raises NotOnItsWay."""
    waiting = PassedOn.objects.filter(thread=thread, received_at=None, taken_back_at=None)
    if not waiting.update(taken_back_at=clock.now()):
        raise errors.NotOnItsWay
    record("conversation.intelligence_taken_back", "thread", thread.pk, by=by)


@transaction.atomic
def receive(*, thread: Thread, reference: str, by: Staff) -> PassedOn:
    """The receiver has the content elsewhere: what was said is deleted here, and a row says that and when. Cannot be
    taken back. Raises NotOnItsWay, OwnHandOver."""
    locked = _locked(thread)
    row = on_its_way(locked)
    if row is None:
        raise errors.NotOnItsWay
    if row.asked_by_id == by.pk:
        raise errors.OwnHandOver
    number = locked.messages.count()
    row.received_at, row.receiver, row.reference, row.messages = clock.now(), by, reference.strip()[:40], number
    row.save()
    _empty(locked)
    record("conversation.passed_on", "thread", locked.pk, by=by, messages=number, asked_by=row.asked_by_id)
    return row


def _empty(thread: Thread) -> None:
    """Delete every word of it. What stays: whose team it was, when it began and ended, and that it was passed on."""
    thread.messages.all().delete()
    Handover.objects.filter(thread=thread).update(note="")
    Raised.objects.filter(thread=thread, seen_at=None).delete()
    thread.tags.clear()
    waits.end(thread, Wait.End.PASSED_ON)
    thread.subject, thread.about, thread.emptied_at = EMPTY_SUBJECT, "", clock.now()
    thread.state, thread.closed_reason = Thread.State.CLOSED, EMPTY_REASON
    thread.member = thread.address = None
    thread.save()


def on_its_way(thread: Thread) -> PassedOn | None:
    """The hand-over that waits for its receiver."""
    return PassedOn.objects.filter(thread=thread, received_at=None, taken_back_at=None).first()


def _locked(thread: Thread) -> Thread:
    locked = Thread.objects.select_for_update(of=("self",)).select_related("team__desk")
    return locked.get(pk=thread.pk)
