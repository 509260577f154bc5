"""A helper: somebody who gets a member's messages on their behalf. The member agrees when they name them, the helper on
the page behind the link they are sent, and either ends it."""

from __future__ import annotations

from django.db import transaction

from peelian.audit.actions import Actor, record
from peelian.contacts import actions as contacts
from peelian.contacts import queries as addresses
from peelian.contacts.models import Address
from peelian.core import clock
from peelian.members import asking, audience, queries, tokens
from peelian.members.actions.account import leave
from peelian.members.actions.actor import MemberActor, send
from peelian.members.actions.contacting import NAMES, POINTS, put_contact
from peelian.members.actions.standing_still import must_be_in_use
from peelian.members.errors import HelperLinkRefused, HelperPlaceTaken
from peelian.members.models import Consent, Helper, Member

MEMBERS_WORDING, HELPERS_WORDING = "helper", "helping"


@transaction.atomic
def name_helper(*, member: Member, name: str, contact: str, how: str, by: Actor) -> Helper:
    """The member agrees that somebody gets their messages, at CONTACT, an email address or mobile number; ask them too,
    once. Beside an address of their own of the same kind the helper gets a copy. Whoever was named before and has not
    begun is named no more. Raises BadAddress, HelperPlaceTaken and Restricted."""
    must_be_in_use(member)
    kind, value = addresses.read(contact)
    found = Member.objects.select_for_update().get(pk=member.pk)
    address = None if kind == Address.Kind.LANDLINE else contacts.address(kind, value)
    if address is None or getattr(found, f"{NAMES[kind]}_id") == address.pk:
        raise HelperPlaceTaken
    if found.helpers.filter(address=address, ended_at=None).exclude(begun_at=None).exists():
        raise HelperPlaceTaken
    Address.objects.select_for_update().get(pk=address.pk)
    for other in found.helpers.filter(ended_at=None, begun_at=None):
        _end(other, by)
    helper = Helper.objects.create(member=found, address=address, name=name, asked_at=clock.now())
    Consent.objects.create(member=found, wording=queries.wording(MEMBERS_WORDING), how=how, given_at=clock.now())
    known = bool(address.verified_at) and bool(queries.member_for_address(address.pk))
    if asking.may_remind(address) if known else asking.may_ask(address):
        send("members.helper", helper.pk, address_id=address.pk, member_id=None)
    record("member.helper_named", "member", member.pk, by=by, helper=helper.pk)
    return helper


@transaction.atomic
def agree_to_help(*, token: str) -> Helper:
    """The helper says yes; messages come to them as soon as the member has confirmed. Raises HelperLinkRefused."""
    helper = helper_of(token, lock=True)
    if helper.ended_at:
        raise HelperLinkRefused
    if helper.agreed_at is None:
        helper.agreed_at, helper.wording = clock.now(), queries.wording(HELPERS_WORDING)
        helper.save(update_fields=["agreed_at", "wording"])
        contacts.verify(helper.address)
        asking.answered(helper.address)
        record("member.helper_agreed", "member", helper.member_id, by=MemberActor(helper.member_id), helper=helper.pk)
        begin_to_help(helper.member, by=MemberActor(helper.member_id))
    return helper


def begin_to_help(member: Member, *, by: Actor) -> None:
    """Where the member has confirmed, their data is in use and a helper has agreed, messages go there from now on. In
    the caller's transaction."""
    if member.confirmed_at is None or member.left_at is not None or member.restricted_at is not None:
        return
    for helper in member.helpers.select_related("address").filter(ended_at=None, begun_at=None).exclude(agreed_at=None):
        name = NAMES[Address.Kind(helper.address.kind)]
        if getattr(member, f"{name}_id") is None:
            put_contact(member=member, kind=POINTS[name], address=helper.address, by=by)
        Helper.objects.filter(pk=helper.pk).update(begun_at=clock.now())


@transaction.atomic
def end_helping_at(*, address_id: int, by: Actor) -> int:
    """A helper who gets copies wants none any more: those of everybody whom they help beside an address of their own.
    Returns of how many."""
    found = queries.helped_beside(address_id)
    for helper in found:
        end_helping(helper=helper, by=by)
    return len(found)


@transaction.atomic
def end_helping(*, helper: Helper, by: Actor) -> None:
    """Either of them ends it: nothing more goes to the helper. A member who can be reached in no other way leaves, and
    may come back within the days that an account stays closed."""
    found = Helper.objects.select_for_update(of=("self",)).select_related("member", "address").get(pk=helper.pk)
    if found.ended_at is None:
        _end(found, by)


def _end(helper: Helper, by: Actor) -> None:
    Helper.objects.filter(pk=helper.pk).update(ended_at=clock.now())
    member = Member.objects.select_for_update().get(pk=helper.member_id)
    open_ones = member.consents.filter(wording__kind=MEMBERS_WORDING, withdrawn_at=None)
    open_ones.update(withdrawn_at=clock.now())
    record("member.helper_ended", "member", member.pk, by=by, helper=helper.pk)
    kind = Address.Kind(helper.address.kind)
    if helper.begun_at is None or getattr(member, f"{NAMES[kind]}_id") != helper.address_id:
        audience.stopped([member.pk])
        return
    if any(getattr(member, f"{name}_id") for name, each in POINTS.items() if each != kind):
        put_contact(member=member, kind=kind, address=None, by=by)
    else:
        leave(member=member, by=by)


def helper_of(token: str, *, lock: bool = False) -> Helper:
    """Whom a link to a helper means. Raises HelperLinkRefused."""
    rows = Helper.objects.select_related("member", "address").filter(pk=tokens.read_helper(token))
    found = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if found is None or (found.member.left_at is not None and not found.ended_at):
        raise HelperLinkRefused
    if found.agreed_at is None and found.ended_at is None and found.asked_at < clock.now() - tokens.GOOD_FOR:
        raise HelperLinkRefused
    return found
