"""Becoming a member: being asked to confirm, and confirming."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from procrastinate.contrib.django import app

from peelian.audit.actions import Actor, record
from peelian.contacts import actions as contacts
from peelian.contacts.models import Address
from peelian.core import clock, jobs
from peelian.core.database import insert
from peelian.members import asking, audience, tokens
from peelian.members.actions.actor import MemberActor, send
from peelian.members.actions.consenting import how_of, keep_missing
from peelian.members.actions.contacting import NAMES, POINTS, take_place
from peelian.members.actions.helping import begin_to_help
from peelian.members.actions.standing_still import must_be_in_use
from peelian.members.errors import LinkRefused
from peelian.members.models import EqualityAnswers, Member

ASKED_AT_ONCE = 1_000
# Thousands of these may wait in the lane of sign-in codes; codes go first
AFTER_CODES = -10


@transaction.atomic
def confirm(*, token: str) -> bool:
    """The button behind the link in the email was pressed: from now on messages may go there. A link works once;
    returns whether it did so now. Raises LinkRefused."""
    member_id, address_id = tokens.read(token)
    member = Member.objects.select_for_update().filter(pk=member_id, left_at=None).first()
    address = Address.objects.filter(pk=address_id).first()
    if member is None or address is None:
        raise LinkRefused
    waiting = member.new_contacts.filter(address=address).first()
    if member.confirmed_at and waiting:
        take_place(waiting.pk, MemberActor(member.pk))
        return True
    if not waiting and member.email_id != address_id:
        raise LinkRefused
    if member.confirmed_at:
        return False
    confirm_member(member, address, by=MemberActor(member.pk))
    return True


def confirm_member(member: Member, address: Address, *, by: Actor) -> None:
    """The member has shown that messages to ADDRESS reach them, and wants them. In the caller's transaction."""
    contacts.verify(address)
    asking.answered(address)
    if address.suppression == Address.Suppression.STOPPED:
        contacts.lift(address_id=address.pk, by=by)  # they stopped us once, and now ask again
    if member.confirmed_at:
        return
    must_be_in_use(member)
    _keep_what_answered(member, address)
    member.confirmed_at = clock.now()
    member.save(update_fields=["confirmed_at", *POINTS])
    keep_missing(member, how=how_of(by))
    audience.refresh([member.pk])
    record("member.confirmed", "member", member.pk, by=by)
    begin_to_help(member, by=by)


def _keep_what_answered(member: Member, address: Address) -> None:
    """Somebody who joined here gave contact points that were each asked. The first that answers is theirs; the others
    wait until they do."""
    member.new_contacts.filter(address=address).delete()
    waiting = set(member.new_contacts.values_list("address_id", flat=True))
    for name in POINTS:
        if getattr(member, f"{name}_id") in waiting:
            setattr(member, name, None)
    setattr(member, NAMES[Address.Kind(address.kind)], address)


@transaction.atomic
def ask_to_confirm(*, member: Member, by: Actor) -> bool:
    """Ask one member to confirm, by email, once. Returns whether they were asked now."""
    unasked = Member.objects.filter(
        pk=member.pk, confirmed_at=None, confirm_asked_at=None, left_at=None, restricted_at=None
    )
    if member.email_id is None or not unasked.update(confirm_asked_at=clock.now()):
        return False
    send("members.confirm", member.pk, address_id=member.email_id, member_id=member.pk)
    record("member.asked_to_confirm", "member", member.pk, by=by)
    return True


def ask_everybody_to_confirm(*, by: Actor) -> int:
    """Ask every member who has not confirmed and was never asked, a thousand in a transaction. Returns how many; run
    again it goes on where it stopped. Members without an email address are not asked: nothing reaches them yet."""
    asked = 0
    while part := _ask_some():
        asked += part
    if asked:
        record("members.asked_to_confirm", "members", "", by=by, people=asked)
    return asked


@transaction.atomic
def _ask_some() -> int:
    waiting = Member.objects.filter(
        confirmed_at=None, confirm_asked_at=None, left_at=None, restricted_at=None, email__suppression=""
    )
    rows = list(
        waiting.select_for_update(of=("self",), skip_locked=True)
        .order_by("pk")
        .values_list("pk", "email_id")[:ASKED_AT_ONCE]
    )
    Member.objects.filter(pk__in=[pk for pk, _ in rows]).update(confirm_asked_at=clock.now())
    if rows:
        job = app.configure_task(
            "delivery.transactional", allow_unknown=True, queue=jobs.TRANSACTIONAL, priority=AFTER_CODES
        )
        arguments: list[dict[str, Any]] = [
            {"renderer": "members.confirm", "object_id": pk, "address_id": address_id, "member_id": pk}
            for pk, address_id in rows
        ]
        job.batch_defer(*arguments)
    return len(rows)


@transaction.atomic
def forget_answers(*, member: Member, by: Actor) -> None:
    """The member takes their equality answers back: they are deleted, vendor codes too, and no import brings them
    again. A legal hold keeps the row until it ends."""
    Member.objects.filter(pk=member.pk).update(answers_taken_back=True)
    EqualityAnswers.objects.filter(member=member, member__legal_hold=False).delete()
    record("member.answers_forgotten", "member", member.pk, by=by)


def keep_answers(member: Member, answers: Mapping[str, Any], *, new: bool = False) -> None:
    """What was answered is kept beside what stood there, nothing at all takes that away. A NEW member has none yet."""
    given = {name: value for name, value in answers.items() if value}
    if given and new:
        insert(EqualityAnswers(member=member, **given))
    elif given:
        one = EqualityAnswers(member=member, **given)
        EqualityAnswers.objects.bulk_create(
            [one], update_conflicts=True, unique_fields=["member"], update_fields=list(given)
        )
    else:
        EqualityAnswers.objects.filter(member=member).delete()
