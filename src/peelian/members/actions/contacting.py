"""Changing where messages go: the new address is confirmed before the old one is let go. An email address by a link, a
mobile number by six figures in a text, a landline by six figures that a call says."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from peelian.audit.actions import Actor, record
from peelian.contacts import actions as contacts
from peelian.contacts.models import Address
from peelian.core import clock, limits
from peelian.members import asking, audience, tokens
from peelian.members.actions.actor import MemberActor, send
from peelian.members.actions.codes import GOOD_FOR, use_code
from peelian.members.errors import ContactLinkUsed, LastContact, NothingToConfirm, YoursAlready
from peelian.members.importing import replaced
from peelian.members.models import Code, FormerAddress, Member, NewContact

POINTS = {"email": Address.Kind.EMAIL, "mobile": Address.Kind.MOBILE, "landline": Address.Kind.LANDLINE}
NAMES = {kind: name for name, kind in POINTS.items()}
ASKED_AN_HOUR = 5  # by one member, and of one address whoever asks
WAITS = timedelta(days=7)  # then an address that nobody confirmed is forgotten


@transaction.atomic
def ask_for_contact(*, member: Member, kind: Address.Kind, value: str, by: Actor) -> NewContact:
    """The member gives another address of a KIND, or their first: ask there whether it is theirs. The one they have
    stays until then. One that was asked for before and not confirmed is dropped.

    Raises BadAddress, YoursAlready and TooMany. Nothing tells whether the address is known to us.
    """
    limits.limit(f"contact-member-{member.pk}", most=ASKED_AN_HOUR, window=timedelta(hours=1))
    address = contacts.address(kind, value)
    if address.pk == getattr(member, f"{NAMES[kind]}_id"):
        raise YoursAlready
    limits.limit(f"contact-address-{address.pk}", most=ASKED_AN_HOUR, window=timedelta(hours=1))
    member.new_contacts.filter(address__kind=kind).delete()
    code = None
    if kind != Address.Kind.EMAIL:
        code = Code.objects.create(address=address, expires_at=clock.now() + GOOD_FOR)
    asked = NewContact.objects.create(member=member, address=address, code=code, asked_at=clock.now())
    if code is None:
        send("members.new_email", asked.pk, address_id=address.pk, member_id=None)
    else:
        send("members.code", code.pk, address_id=address.pk, member_id=None)
    record("member.contact_asked", "member", member.pk, by=by, point=NAMES[kind])
    return asked


@transaction.atomic
def drop_new_contact(*, member: Member, kind: Address.Kind, by: Actor) -> None:
    """The member does not want the address after all that waits to be confirmed."""
    if member.new_contacts.filter(address__kind=kind).delete()[0]:
        record("member.contact_dropped", "member", member.pk, by=by, point=NAMES[kind])


def confirm_contact(*, member: Member, kind: Address.Kind, figures: str, by: Actor) -> tuple[int | None, int]:
    """The six figures came back: the number takes its place. Returns the ids of the address before, where there was
    one, and of the one now. Raises CodeRefused, NoMoreTries and NothingToConfirm."""
    waiting = member.new_contacts.filter(address__kind=kind).first()
    if waiting is None or waiting.code_id is None:
        raise NothingToConfirm
    use_code(code_id=waiting.code_id, figures=figures)
    return take_place(waiting.pk, by)


def confirm_new_email(*, token: str) -> tuple[int, int | None, int]:
    """The button behind the link in the email was pressed: the new address takes its place. Returns the member's id and
    the addresses' as above. Raises LinkRefused, LinkTooOld and ContactLinkUsed."""
    asked_id, address_id = tokens.read_new_email(token)
    waiting = NewContact.objects.filter(pk=asked_id, address_id=address_id).first()
    if waiting is None:
        raise ContactLinkUsed
    old, new = take_place(waiting.pk, MemberActor(waiting.member_id))
    return waiting.member_id, old, new


@transaction.atomic
def take_place(asked_id: int, by: Actor) -> tuple[int | None, int]:
    """An address that waited was confirmed: it is the member's now. Returns the ids of the address before, where there
    was one, and of the one now. Raises ContactLinkUsed."""
    waiting = NewContact.objects.select_for_update().select_related("address").filter(pk=asked_id).first()
    if waiting is None:
        raise ContactLinkUsed
    member = Member.objects.select_for_update().get(pk=waiting.member_id)
    if member.left_at is not None:
        raise ContactLinkUsed
    address = waiting.address
    contacts.verify(address)
    asking.answered(address)
    if address.suppression == Address.Suppression.STOPPED:
        contacts.lift(address_id=address.pk, by=by)  # they stopped us once, and now ask again
    waiting.delete()
    old = put_contact(member=member, kind=Address.Kind(address.kind), address=address, by=by)
    return old, address.pk


@transaction.atomic
def remove_contact(*, member: Member, kind: Address.Kind, by: Actor) -> None:
    """Send nothing more to the member's address of a KIND. Raises LastContact."""
    found = Member.objects.select_for_update().get(pk=member.pk)
    others = [getattr(found, f"{name}_id") for name, each in POINTS.items() if each != kind]
    if not any(others):
        raise LastContact
    put_contact(member=found, kind=kind, address=None, by=by)


@transaction.atomic
def put_contact(*, member: Member, kind: Address.Kind, address: Address | None, by: Actor) -> int | None:
    """Put ADDRESS, or none, in the place of the one there is; note the old one, so that no import brings it back and
    what went there is found; and tell the member where they were reached until now. Returns the old one's id."""
    name = NAMES[kind]
    old: Address | None = getattr(member, name)
    if old == address:
        return old.pk if old else None
    tell = old if kind == Address.Kind.EMAIL else member.email or old
    setattr(member, name, address)
    member.save(update_fields=[name])
    if old is not None:
        member.helpers.filter(address=old, ended_at=None, begun_at__isnull=False).update(ended_at=clock.now())
        FormerAddress.objects.update_or_create(member=member, address=old, defaults={"until": clock.now()})
        replaced.note(member_ids=[member.pk], old=old.value, new=address.value if address else "")
    if address is not None:
        member.former_addresses.filter(address=address).delete()
    audience.refresh([member.pk])
    if old is not None:
        audience.stopped([member.pk])
    if tell is not None and not tell.suppression and old is not None:
        send(f"members.{name}_changed", member.pk, address_id=tell.pk, member_id=None)
    record("member.contact_changed", "member", member.pk, by=by, point=name, taken_away=address is None)
    return old.pk if old else None
