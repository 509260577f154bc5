"""Saying yes after the door: each contact point that somebody gave is asked once, an email address by a link, a number
by six figures in a text or a call, which they type on our page or tell the officer."""

from __future__ import annotations

from datetime import timedelta

from django.utils.crypto import salted_hmac

from peelian.audit.actions import Actor
from peelian.contacts import queries as addresses
from peelian.contacts.models import Address
from peelian.core import clock, limits
from peelian.members import asking
from peelian.members.actions.actor import send
from peelian.members.actions.asking_again import DOOR_CODE_GOOD_FOR
from peelian.members.actions.registering import confirm_point
from peelian.members.actions.repairing import daytime
from peelian.members.errors import CodeRefused, NoMoreTries
from peelian.members.models import Code, Member, NewContact

AT_ONE_NUMBER = 4  # people who wait for figures
A_DAY = 3  # messages to an address, whoever is signed up there


def ask(member: Member, points: dict[str, Address]) -> None:
    """Ask each contact point of somebody just signed up whether it is theirs. In the caller's transaction, which holds
    the addresses' rows."""
    for address in points.values():
        if not _may_ask(member, address):
            continue
        code = None
        if address.kind != Address.Kind.EMAIL:
            code = Code.objects.create(address=address, expires_at=clock.now() + DOOR_CODE_GOOD_FOR)
        kept = {"code": code, "asked_at": clock.now()}
        NewContact.objects.update_or_create(member=member, address=address, defaults=kept)
        if code is None:
            send("members.confirm", member.pk, address_id=address.pk, member_id=member.pk)
        else:
            waits = daytime(clock.now()) if address.kind == Address.Kind.LANDLINE else None
            send("members.door_code", code.pk, address_id=address.pk, member_id=None, at=waits)


def _may_ask(member: Member, address: Address) -> bool:
    """Once in thirty days for a name at an address that has not answered, so that signing up is no way to pester
    somebody; counted under a name that tells neither. Whoever was asked on the web and did not answer may be asked once
    more by somebody who stands before them; after the door the web asks no more."""
    who = salted_hmac("members.door", f"{address.value} {member.first_name.casefold()}", algorithm="sha256")
    key = f"door-{who.hexdigest()[:24]}"
    if (address.verified_at is None and limits.is_remembered(key)) or not may_write_to(address):
        return False
    limits.remember(key, lasts=asking.ONCE_IN)
    asking.may_ask(address)
    asking.note(address, member.pk)
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
    asked = list(waiting.order_by("-asked_at")[:AT_ONE_NUMBER]) if address else []
    refused: CodeRefused | NoMoreTries = CodeRefused()
    for one in asked:  # each of a household has figures of their own
        try:
            confirm_point(code_id=one.code_id or 0, figures=figures, by=by)
        except (CodeRefused, NoMoreTries) as problem:
            refused = problem
        else:
            return one.member_id
    raise refused
