"""Bringing a thread to a supervisor, at once, and telling the duty contact outside the team's hours until somebody has
looked. Nothing here answers a resident."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from peelian.accounts.models import Staff
from peelian.audit.actions import SYSTEM, record
from peelian.contacts.models import Address
from peelian.conversations import promise, triggers, waits
from peelian.conversations.models import DutyContact, Raised, Thread, Trigger
from peelian.core import clock, jobs

MOST_TOLD = 20  # times; by then the night is over
MOST_AT_ONCE = 200  # in one run of the job


def look(thread: Thread, words: str) -> None:
    """Raise the thread for what its resident wrote just now, or because they are under 18. In the transaction that
    keeps the words."""
    found = triggers.found(words, thread.language, list(Trigger.objects.all()))
    if found:
        ids = [trigger.pk for trigger in found]
        _raise(thread, Raised.Why.WORDS, tell=any(trigger.out_of_hours for trigger in found), triggers=ids)
    if thread.member is not None and thread.member.young:
        _raise(thread, Raised.Why.YOUNG, tell=False)


def _raise(thread: Thread, why: Raised.Why, *, tell: bool, **data: object) -> None:
    now = clock.now()
    raised, new = Raised.objects.get_or_create(
        thread=thread, why=why, seen_at=None, defaults={"at": now, "next_at": _first(thread, now) if tell else None}
    )
    if not new and tell and raised.next_at is None:
        Raised.objects.filter(pk=raised.pk).update(next_at=_first(thread, now))
    record("conversation.raised", "thread", thread.pk, by=SYSTEM, why=why, **data)
    if tell and not promise.is_open(waits.desk_of(thread.team), now):
        jobs.enqueue("conversations.tell_duty")


def _first(thread: Thread, now: datetime) -> datetime:
    """When the duty contact is told: now, or when the team goes home and nobody has looked."""
    desk = waits.desk_of(thread.team)
    return promise.closes_at(desk, now) if promise.is_open(desk, now) else now


@transaction.atomic
def tell_duty() -> int:
    """Tell the duty contacts of everything that is raised, due to be told and not seen; returns how many messages that
    made. The first contact is told first, and each time nobody has looked one more of them with the others."""
    now = clock.now()
    waiting = (
        Raised.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(seen_at=None, next_at__lte=now, told__lt=MOST_TOLD)
        .select_related("thread__team__desk")
        .order_by("next_at")[:MOST_AT_ONCE]
    )
    return sum(_tell(raised, now) for raised in waiting)


def _tell(raised: Raised, now: datetime) -> int:
    desk = waits.desk_of(raised.thread.team)
    if promise.is_open(desk, now):  # in their hours they have it on their list
        raised.next_at = promise.closes_at(desk, now)
        raised.save(update_fields=["next_at"])
        return 0
    contacts = duty_of(raised.thread)[: raised.told + 1]
    for contact in contacts:
        jobs.enqueue(
            "delivery.transactional",
            queue=jobs.TRANSACTIONAL,
            renderer="conversations.duty",
            object_id=raised.pk,
            address_id=contact.address_id,
            member_id=None,
        )
    raised.next_at = now + timedelta(minutes=desk.minutes)
    raised.told += bool(contacts)
    raised.save(update_fields=["told", "next_at"])
    if not contacts:  # nobody is set to be told; it is tried again, in case somebody is by then
        return 0
    record("conversation.duty_told", "thread", raised.thread_id, by=SYSTEM, contacts=[one.pk for one in contacts])
    return len(contacts)


def duty_of(thread: Thread) -> list[DutyContact]:
    """Who is told of this thread, in order: the team's own, else the force's."""
    found = DutyContact.objects.filter(
        Q(team=thread.team_id) | Q(team=None), address__suppression=Address.Suppression.NONE
    )
    contacts = list(found)
    own = [contact for contact in contacts if contact.team_id]
    return own or contacts


@transaction.atomic
def acknowledge(*, raised: Raised, by: Staff) -> bool:
    """Somebody has looked and sees to it; nobody is told any more. Returns whether they were the first."""
    first = Raised.objects.filter(pk=raised.pk, seen_at=None).update(seen_at=clock.now(), seen_by=by, next_at=None)
    if first:
        record("conversation.raised_seen", "thread", raised.thread_id, by=by, raised=raised.pk, why=raised.why)
    return bool(first)
