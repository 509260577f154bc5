"""Somebody has filled in the joining pages: who they say they are is kept, and each contact point asked, once, whether
it is theirs. What is returned, said and done is alike whether or not we know an address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from peelian.audit.actions import Actor, record
from peelian.contacts import actions as contacts
from peelian.contacts.models import Address
from peelian.core import clock
from peelian.core.database import insert, prepared
from peelian.members import asking, audience, queries
from peelian.members.actions.actor import MemberActor, send
from peelian.members.actions.asking_again import WEB_CODE_GOOD_FOR, repeat, waiting_at
from peelian.members.actions.codes import use_code
from peelian.members.actions.consenting import keep_consents, withdraw_all
from peelian.members.actions.contacting import NAMES, POINTS, take_place
from peelian.members.actions.helping import name_helper
from peelian.members.actions.joining import confirm_member, keep_answers
from peelian.members.actions.pacing import change_pace
from peelian.members.actions.repairing import daytime
from peelian.members.errors import NoMoreTries
from peelian.members.models import EVERY_TOPIC, Campaign, Code, Member, NewContact, Pace, TopicChannel, Wording
from peelian.members.queries_joining import Offer


@dataclass(frozen=True)
class Given:
    """What somebody said on the joining pages. `points` are contact points by kind, in normal form; `where` the columns
    that say where they live; `organisations` and `interests` bits; `topic_channels` channel bits by type; `pace` fields
    of Pace that differ from its own; `helper` a first name and an address."""

    points: Mapping[str, str]
    organisations: int
    wording: Wording
    where: Mapping[str, Any] = field(default_factory=lambda: queries.position(""))
    street_address: str = ""
    first_name: str = ""
    last_name: str = ""
    language: str = "en"
    interests: int = EVERY_TOPIC
    promotion: bool = False
    young: bool = False
    source: str = "web"
    campaign: Campaign | None = None
    topic_channels: Mapping[int, int] = field(default_factory=dict)
    pace: Mapping[str, Any] = field(default_factory=dict)
    answers: Mapping[str, Any] = field(default_factory=dict)
    helper: tuple[str, str] | None = None
    offer: Offer | None = None  # what they chose from, where it was read already


@dataclass(frozen=True)
class Registered:
    """`member_id` for the same browser to put its registration right; `codes` by kind of number, 0 where no code is on
    its way. Never shown: they tell whether an address is known."""

    member_id: int | None = None
    codes: Mapping[str, int] = field(default_factory=dict)


@transaction.atomic
def register(*, given: Given, again: int | None = None) -> Registered:
    """They become a member when they confirm a contact point. Until then each gets one message: how to confirm, or,
    where it is a member's already, how to sign in. Whoever fills in the pages anew in the same browser (AGAIN, what
    was returned before) puts their registration right; nobody else's changes an earlier one: the same person elsewhere
    gets the message again, another of the household (by first name) one of their own, as often as members.asking lets
    it.

    WORDING is the privacy notice they were shown. Raises BadAddress.
    """
    points = {name: contacts.found_or_made(POINTS[name], text) for name, text in given.points.items() if text}
    rows = {name: row for name, (row, _) in points.items()}
    known = [row for row, new in points.values() if not new]
    _hold(known)
    standing = _standing(rows, known, given)
    if standing is not None:
        return _remind(standing, rows)
    earlier = _earlier(again, rows, given)
    asked = dict(earlier.new_contacts.values_list("address_id", "pk")) if earlier else {}
    fresh = [name for name, row in rows.items() if row.pk not in asked and _may_ask(row, given)]
    theirs = {name: row for name, row in rows.items() if row.pk in asked or name in fresh}
    if not theirs:
        return Registered(None, _codes_waiting(rows))
    if earlier is not None:
        _undo(earlier, theirs)
    member = _write(earlier or Member(joined_on=clock.today()), given, theirs)
    for name in fresh:
        _ask(member, theirs[name])
    if given.helper and not given.young:
        name_helper(member=member, name=given.helper[0], contact=given.helper[1], how="web", by=MemberActor(member.pk))
    record("member.registered", "member", member.pk, by=MemberActor(member.pk), source=given.source)
    return Registered(member.pk, _codes_waiting(rows, member))


def _hold(known: Sequence[Address]) -> None:
    """Two presses come one after the other. Whoever makes an address holds it in any case."""
    if known:
        held = Address.objects.select_for_update().filter(pk__in=[row.pk for row in known]).order_by("pk")
        list(held.values_list("pk"))


def _may_ask(row: Address, given: Given) -> bool:
    """Whether a contact point that was not asked for this registration is asked now: nobody was asked there yet, or
    only others of the household. Where it is the same person's, who joined before, they get their message again."""
    if asking.may_ask(row):
        return True
    for one in waiting_at(row):
        if one.member.confirmed_at is None and _is_same(one.member, given):
            repeat(one, row)
            return False
    return asking.may_ask_again(row)


def _is_same(one: Member, given: Given) -> bool:
    """Households share an address: somebody of another first name, or a child beside an adult, is somebody else."""
    name = given.first_name.strip().casefold()
    return one.young == given.young and (not name or not one.first_name or one.first_name.strip().casefold() == name)


def _earlier(again: int | None, rows: Mapping[str, Address], given: Given) -> Member | None:
    """What the same browser filled in before and nobody has confirmed, where it is the same person's: a tablet goes
    round the family."""
    found = Member.objects.filter(pk=again, confirmed_at=None, left_at=None).first() if again else None
    if found is None or not _is_same(found, given):
        return None
    shares = found.new_contacts.filter(address__in=rows.values()).exists()
    return found if shares else None


def _standing(rows: Mapping[str, Address], known: Sequence[Address], given: Given) -> Member | None:
    """The member whom this is already, confirmed or from a list: who uses the first of the contact points, or, by the
    same first name, any of them. Only of those that were KNOWN can anybody be. A number alone that others at home use
    too makes nobody somebody else."""
    name, first = given.first_name.strip().casefold(), next(iter(rows.values()), None)

    def here(one: Member, row: Address) -> bool:
        return row == first or (bool(name) and one.first_name.strip().casefold() == name)

    found = [(member, row) for row in known for member in queries.member_for_address(row.pk)]
    same = [
        one for one, row in found if (one.confirmed_at or one.external_id) and _is_same(one, given) and here(one, row)
    ]
    return min(same, key=lambda one: (one.confirmed_at is None, one.pk), default=None)


def _remind(standing: Member, rows: Mapping[str, Address]) -> Registered:
    """Tell a member, where they are reached, that they have joined; ask one who is on a list and has not confirmed."""
    address = next(row for name, row in rows.items() if getattr(standing, f"{name}_id") == row.pk)
    if standing.confirmed_at:
        if asking.may_remind(address):
            send("members.already", standing.pk, address_id=address.pk, member_id=standing.pk, at=_when(address))
    elif asking.may_ask_again(address, standing.pk):
        _ask(standing, address)
        Member.objects.filter(pk=standing.pk).update(confirm_asked_at=clock.now())
    return Registered(None, {} if standing.confirmed_at else _codes_waiting(rows))


def _undo(member: Member, points: Mapping[str, Address]) -> None:
    """Take back what somebody chose whose registration is being put right, and the contact points that they do not give
    any more."""
    member.topic_channels.all().delete()
    Pace.objects.filter(member=member).delete()
    withdraw_all(member)
    keep_answers(member, {})
    member.new_contacts.exclude(address__in=points.values()).delete()


def _write(member: Member, given: Given, points: Mapping[str, Address]) -> Member:
    first = next(iter(points))  # a member has a contact point; the others are put there when they are confirmed
    for name in POINTS:
        setattr(member, name, points[name] if name == first else None)
    for column, value in given.where.items():
        setattr(member, column, value)
    member.first_name, member.last_name = ("", "") if given.young else (given.first_name, given.last_name)
    member.street_address = "" if given.young else given.street_address
    member.language, member.interests, member.organisations = given.language, given.interests, given.organisations
    member.promotion, member.young, member.source = given.promotion and not given.young, given.young, given.source
    member.campaign, member.confirm_asked_at = given.campaign, clock.now()
    member.chosen_at = member.confirm_asked_at
    new = member.pk is None
    if new:
        insert(member)
    else:
        member.save()
    if given.topic_channels:
        insert(
            *[TopicChannel(member=member, topic_id=one, channels=bits) for one, bits in given.topic_channels.items()]
        )
    if given.pace:
        change_pace(member=member, by=MemberActor(member.pk), changes=given.pace)
    keep_consents(member, given.wording, how="web", offer=given.offer)
    if given.answers and not given.young:
        keep_answers(member, given.answers, new=new)
    if new:
        audience.begin(member.pk)
    else:
        audience.refresh([member.pk])
    return member


def _ask(member: Member, address: Address) -> None:
    """Ask an address whether it is the member's: an email by a link, a number by six figures."""
    code = None
    if address.kind != Address.Kind.EMAIL:
        code = Code.objects.create(address=address, expires_at=clock.now() + WEB_CODE_GOOD_FOR)
    with prepared() as cursor:
        cursor.execute(_WAITS, [member.pk, address.pk, code.pk if code else None, clock.now()])
    if code is None:
        send("members.confirm", member.pk, address_id=address.pk, member_id=member.pk)
    else:
        send("members.join_code", code.pk, address_id=address.pk, member_id=None, at=_when(address))
    asking.note(address, member.pk)


_WAITS = """
INSERT INTO members_newcontact (member_id, address_id, code_id, asked_at) VALUES (%s, %s, %s, %s)
ON CONFLICT (member_id, address_id) DO UPDATE SET code_id = excluded.code_id, asked_at = excluded.asked_at
"""


def _when(address: Address) -> Any:
    """A landline may wake a house: it is called in the daytime."""
    return daytime(clock.now()) if address.kind == Address.Kind.LANDLINE else None


def _codes_waiting(rows: Mapping[str, Address], member: Member | None = None) -> dict[str, int]:
    """The code that is on its way to each number, whoever asked for it: whoever reads it holds the telephone. Of
    several the MEMBER's own, else the newest."""
    numbers = [row for row in rows.values() if row.kind != Address.Kind.EMAIL]
    if not numbers:
        return {}
    waiting = NewContact.objects.filter(address__in=numbers, member__left_at=None).exclude(code=None)
    several = sorted(
        waiting.select_related("address"),
        key=lambda row: (member is not None and row.member_id == member.pk, row.asked_at),
    )
    found = {row.address.kind: row.code_id or 0 for row in several}
    return {NAMES[Address.Kind(kind)]: code for kind, code in found.items()}


def confirm_point(*, code_id: int, figures: str, by: Actor | None = None) -> Address:
    """The six figures that came to a number were typed, by whoever it belongs to or, BY a member of staff, as they were
    read out: messages may come there from now on. Raises CodeRefused and NoMoreTries."""
    address = use_code(code_id=code_id, figures=figures)
    with transaction.atomic():
        waiting = NewContact.objects.select_for_update().filter(code_id=code_id).first()
        if waiting is None:
            raise NoMoreTries
        member = Member.objects.select_for_update().get(pk=waiting.member_id)
        if member.left_at is not None:
            raise NoMoreTries
        actor = by or MemberActor(member.pk)
        if member.confirmed_at:
            take_place(waiting.pk, actor)
        else:
            confirm_member(member, address, by=actor)
    return address
