"""The message by which somebody confirms got lost: it is sent once more, as often as members.asking lets it. What is
returned, said and done is alike whether or not we know an address."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from peelian.audit.actions import record
from peelian.contacts import queries as addresses
from peelian.contacts.models import Address
from peelian.core import clock
from peelian.members import asking, queries
from peelian.members.actions.actor import MemberActor, send
from peelian.members.actions.codes import MOST_TRIES
from peelian.members.actions.repairing import daytime
from peelian.members.models import Code, DoorstepSignUp, Member, NewContact

WEB_CODE_GOOD_FOR = timedelta(days=1)  # a landline is not called at night
DOOR_CODE_GOOD_FOR = timedelta(days=3)  # somebody may have to read it out to a visitor


@transaction.atomic
def ask_again(*, contact: str, member_id: int | None = None) -> int:
    """Send the link or the figures to CONTACT once more: those of the member who joined in this browser (MEMBER_ID),
    else of whoever was asked there last. A member whose address it is already is told so. Returns the number of the
    code that is on its way, 0 where there is none; it is never shown."""
    address = addresses.find(contact)
    if address is None:
        return 0
    Address.objects.select_for_update().get(pk=address.pk)
    waiting = waiting_at(address)
    mine = next((one for one in waiting if one.member_id == member_id), None) or next(iter(waiting), None)
    if mine is not None:
        return repeat(mine, address)
    _tell(address)
    return 0


def repeat(waiting: NewContact, address: Address) -> int:
    """Send what confirms ADDRESS to it again, where that may be; returns the code's number, if it has one. In the
    caller's transaction, which holds the address's row."""
    member = waiting.member
    if asking.may_ask_again(address, member.pk):
        at_the_door = member.source in DoorstepSignUp.Source.values
        if address.kind == Address.Kind.EMAIL:
            send("members.confirm", member.pk, address_id=address.pk, member_id=member.pk)
        else:
            waiting.code = _good(waiting, DOOR_CODE_GOOD_FOR if at_the_door else WEB_CODE_GOOD_FOR)
            NewContact.objects.filter(pk=waiting.pk).update(code=waiting.code)
            renderer = "members.door_code" if at_the_door else "members.join_code"
            send(renderer, waiting.code.pk, address_id=address.pk, member_id=None, at=_when(address))
        Member.objects.filter(pk=member.pk, confirmed_at=None).update(confirm_asked_at=clock.now())
        record("member.asked_again", "member", member.pk, by=MemberActor(member.pk))
    return waiting.code_id or 0


def _good(waiting: NewContact, lasts: timedelta) -> Code:
    """The same figures again while they are good, so that a message that comes late after all is right too."""
    code = waiting.code
    if code and code.used_at is None and code.tries < MOST_TRIES and code.expires_at > clock.now():
        return code
    return Code.objects.create(address_id=waiting.address_id, expires_at=clock.now() + lasts)


def waiting_at(address: Address) -> list[NewContact]:
    """Who was asked at the address and has not answered, the last asked first. What waited for longer than a week was
    forgotten (personal_data) and is written anew for a member who has not confirmed. In the caller's transaction, which
    holds the address's row."""
    here = NewContact.objects.filter(address=address, member__left_at=None)
    found = list(here.select_related("member", "code").order_by("-asked_at", "-pk"))
    known = {one.member_id for one in found}
    for member in reversed(queries.member_for_address(address.pk)):
        if member.confirmed_at is None and member.confirm_asked_at and member.pk not in known:
            found.append(NewContact.objects.create(member=member, address=address, asked_at=member.confirm_asked_at))
    return found


def _tell(address: Address) -> None:
    """Nobody waits for an answer there. A member is told that they have joined."""
    joined = next((one for one in queries.member_for_address(address.pk) if one.confirmed_at), None)
    if joined is not None and asking.may_remind(address):
        send("members.already", joined.pk, address_id=address.pk, member_id=joined.pk, at=_when(address))


def _when(address: Address) -> datetime | None:
    return daytime(clock.now()) if address.kind == Address.Kind.LANDLINE else None
