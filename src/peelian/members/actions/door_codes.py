"""Saying yes after the door: each contact point that somebody gave is asked once, an email address by a link, a number
by six figures in a text or a call, which they type on our page or tell the officer."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils.crypto import salted_hmac

from peelian.audit.actions import Actor
from peelian.contacts import queries as addresses
from peelian.contacts.models import Address
from peelian.core import clock, jobs, limits
from peelian.members.actions.actor import MemberActor, send
from peelian.members.actions.codes import use_code
from peelian.members.actions.contacting import NAMES, POINTS, confirm_contact
from peelian.members.actions.joining import confirm_member
from peelian.members.errors import CodeRefused
from peelian.members.models import Code, Member, NewContact

GOOD_FOR = timedelta(days=3)  # it is sent once only, and somebody may have to read it out to a visitor
ONCE_IN = timedelta(days=30)  # as long as what was given is kept without a confirmation
A_DAY = 3  # messages to an address, whoever is signed up there
CALLS_FROM, CALLS_UNTIL = time(9), time(20)


def ask(member: Member, points: dict[str, Address]) -> None:
    """Ask each contact point of somebody just signed up whether it is theirs: once for each name at an address, so that
    signing up is no way to pester somebody. In the caller's transaction."""
    for name, address in points.items():
        if not _may_ask(member, address):
            continue
        if POINTS[name] == Address.Kind.EMAIL:
            NewContact.objects.get_or_create(member=member, address=address, defaults={"asked_at": clock.now()})
            send("members.confirm", member.pk, address_id=address.pk, member_id=member.pk)
        else:
            code = Code.objects.create(address=address, expires_at=clock.now() + GOOD_FOR)
            kept = {"code": code, "asked_at": clock.now()}
            NewContact.objects.update_or_create(member=member, address=address, defaults=kept)
            _send_code(code)


def _send_code(code: Code) -> None:
    is_call = code.address.kind == Address.Kind.LANDLINE
    jobs.enqueue(
        "delivery.transactional",
        queue=jobs.TRANSACTIONAL,
        at=_daytime(clock.now()) if is_call else None,
        renderer="members.door_code",
        object_id=code.pk,
        address_id=code.address_id,
        member_id=None,
    )


def _daytime(now: datetime) -> datetime | None:
    """When a landline may ring; None: now."""
    local = now.astimezone(clock.LONDON)
    if CALLS_FROM <= local.time() < CALLS_UNTIL:
        return None
    day = local.date() if local.time() < CALLS_FROM else local.date() + timedelta(days=1)
    return clock.london(day, CALLS_FROM)


def _may_ask(member: Member, address: Address) -> bool:
    """Once in thirty days for a name at an address, also while a phone sends again and again; counted under a name that
    tells neither."""
    who = salted_hmac("members.door", f"{address.value} {member.first_name.casefold()}", algorithm="sha256")
    key = f"door-{who.hexdigest()[:24]}"
    if limits.is_remembered(key) or not may_write_to(address):
        return False
    limits.remember(key, lasts=ONCE_IN)
    return True


def may_write_to(address: Address) -> bool:
    """Whether this address may get one more message that an officer caused today."""
    return limits.count(f"door-address-{address.pk}", window=timedelta(days=1)) <= A_DAY


def confirm_number(*, number: str, figures: str, by: Actor | None = None) -> int:
    """The six figures that came to a telephone number were typed, by the resident or, BY a member of staff, as they
    were read out: messages may come there from now on. Returns the member's id.

    Raises CodeRefused, alike for a number we do not know and figures that are wrong, and NoMoreTries."""
    address = addresses.find(number)
    waiting = NewContact.objects.filter(address=address, member__left_at=None).exclude(code=None)
    asked = waiting.select_related("member", "address", "code").order_by("-asked_at").first() if address else None
    if asked is None or asked.code_id is None:
        raise CodeRefused
    actor = by or MemberActor(asked.member_id)
    if asked.member.confirmed_at:
        kind = Address.Kind(asked.address.kind)
        confirm_contact(member=asked.member, kind=kind, figures=figures, by=actor)
        return asked.member_id
    use_code(code_id=asked.code_id, figures=figures)
    with transaction.atomic():
        member = Member.objects.select_for_update().get(pk=asked.member_id)
        settle(member, asked.address)
        confirm_member(member, asked.address, by=actor)
    return member.pk


def settle(member: Member, address: Address) -> None:
    """The address that answered is the member's; those that were asked and have not answered wait until they do."""
    member.new_contacts.filter(address=address).delete()
    waiting = set(member.new_contacts.values_list("address_id", flat=True))
    for name in POINTS:
        if getattr(member, f"{name}_id") in waiting:
            setattr(member, name, None)
    setattr(member, NAMES[Address.Kind(address.kind)], address)
    member.save(update_fields=list(POINTS))
