"""Joining at the door: keys for what waits on an officer's phone, and signing somebody up, once."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from peelian.accounts.models import Staff
from peelian.audit.actions import record
from peelian.contacts import actions as contacts
from peelian.contacts.models import Address
from peelian.core import clock, limits
from peelian.members import audience, doorstep, queries, queries_doorstep
from peelian.members.actions.actor import send
from peelian.members.actions.consenting import withdraw_all
from peelian.members.actions.contacting import POINTS
from peelian.members.actions.door_codes import ask, may_write_to
from peelian.members.models import EVERY_TOPIC, Campaign, Consent, DoorstepKey, DoorstepSignUp, Member, Street, Wording
from peelian.places.models import Area

FROM_AN_OFFICER = 60  # an hour: more than two people with one phone can do


@transaction.atomic
def make_key(*, by: Staff) -> DoorstepKey:
    """A new key for the phone on which BY is signed in. Raises TooMany."""
    limits.limit(f"doorstep-keys-{by.pk}", most=FROM_AN_OFFICER, window=timedelta(hours=1))
    key = DoorstepKey.objects.create(staff=by, salt=secrets.token_bytes(32), made_at=clock.now())
    record("doorstep.key_made", "doorstep_key", key.pk, by=by)
    return key


@transaction.atomic
def end_keys(*, ids: Iterable[str], by: Staff) -> int:
    """What waits on that phone can be opened no more. Returns how many keys ended."""
    ended = DoorstepKey.objects.filter(pk__in=list(ids), staff=by).delete()[0]
    if ended:
        record("doorstep.keys_ended", "doorstep_key", "", by=by, keys=ended)
    return ended


@dataclass(frozen=True)
class Given:
    """What somebody said at the door. `email`, `mobile` and `landline` as typed, one at least; `organisations` and
    `interests` are bits; `home` is the postcode they live at, if they gave one."""

    wording: Wording
    organisations: int
    source: str
    email: str = ""
    mobile: str = ""
    landline: str = ""
    first_name: str = ""
    postcode: str = ""
    language: str = "en"
    interests: int = EVERY_TOPIC
    young: bool = False
    place: str = ""
    street: Street | None = None
    campaign: Campaign | None = None  # that they are counted for

    @property
    def home(self) -> str:
        """The postcode where they live: their own, or at the door that of the street."""
        at_home = self.source == DoorstepSignUp.Source.DOOR
        return self.postcode or (self.street.postcode if self.street and at_home else "")

    @property
    def scene(self) -> str:
        """The postcode where it happened, as near as we know."""
        return self.street.postcode if self.street else self.postcode


@dataclass(frozen=True)
class _Addresses:
    """The contact points somebody gave, in the order in which we write to them."""

    rows: dict[str, Address] = field(default_factory=dict)

    @property
    def first(self) -> Address:
        return next(iter(self.rows.values()))


@transaction.atomic
def sign_up_at_the_door(*, id: UUID, given: Given, by: Staff, agreed_at: datetime | None = None) -> DoorstepSignUp:  # noqa: A002
    """BY has signed somebody up, who said yes at AGREED_AT (by the phone's clock; None: now). A second call with the
    same ID by the same officer does nothing and returns what the first made.

    They are no member before they confirm: one message asks them, and nothing else is sent. Where the address is a
    member's of that name already, it tells them how to sign in; nothing that is returned tells which. Raises TooMany,
    BadAddress and UnknownPostcode."""
    now = clock.now()
    moment = min(max(agreed_at or now, now - doorstep.KEPT), now)
    made, new = DoorstepSignUp.objects.get_or_create(
        pk=id,
        defaults={"staff": by, "source": given.source, "place": given.place, "street": given.street,
                  "agreed_at": moment, "received_at": now},
    )  # fmt: skip
    if not new:
        return made
    limits.limit(f"doorstep-{by.pk}", most=FROM_AN_OFFICER, window=timedelta(hours=1))
    addresses = _addresses(given)
    where = queries.position(given.home)
    standing = _standing(addresses, given)
    if standing is not None and (standing.confirmed_at or standing.external_id):
        member = standing
        _remind(member, addresses)
    else:
        member = _write(standing or Member(joined_on=moment.astimezone(clock.LONDON).date()), given, addresses, where)
        _keep_spoken(member, given, by, moment)
        audience.refresh([member.pk])
        ask(member, addresses.rows)
    made.member = member
    made.hotspot = _hotspot(given)
    made.save(update_fields=["member", "hotspot"])
    record("member.signed_up", "member", member.pk, by=by, source=given.source, hotspot=made.hotspot_id)
    return made


def _addresses(given: Given) -> _Addresses:
    """The rows of the addresses, locked, so that two phones that send the same address come one after the other."""
    rows = {name: contacts.address(kind, getattr(given, name)) for name, kind in POINTS.items() if getattr(given, name)}
    list(Address.objects.select_for_update().filter(pk__in=[row.pk for row in rows.values()]).order_by("pk"))
    return _Addresses(rows)


def _standing(addresses: _Addresses, given: Given) -> Member | None:
    """Who of those at these addresses this is. Households share an address: somebody of another first name, or a child
    beside an adult, is somebody else. Of several, somebody confirmed before somebody who is not."""
    name = "" if given.young else given.first_name.strip().casefold()

    def same(one: Member) -> bool:
        return one.young == given.young and (
            not name or not one.first_name or one.first_name.strip().casefold() == name
        )

    found = [member for row in addresses.rows.values() for member in queries.member_for_address(row.pk)]
    known = filter(same, found)
    return min(known, key=lambda one: (one.confirmed_at is None, one.external_id is None, one.pk), default=None)


def _write(member: Member, given: Given, addresses: _Addresses, where: dict[str, object]) -> Member:
    for name, value in where.items():
        setattr(member, name, value)
    for name in POINTS:  # a member has a contact point; the others take their place when they are confirmed
        row = addresses.rows.get(name)
        setattr(member, name, row if row == addresses.first else None)
    member.first_name = "" if given.young else given.first_name
    member.language, member.interests, member.organisations = given.language, given.interests, given.organisations
    member.young, member.source, member.promotion = given.young, given.source, False
    member.campaign = given.campaign or member.campaign
    member.chosen_at = member.confirm_asked_at = clock.now()
    member.save()
    return member


def _keep_spoken(member: Member, given: Given, by: Staff, moment: datetime) -> None:
    """What was read out to them, and each organisation they named with the wording beside its tick. What an earlier
    sign-up that nobody confirmed had, ends."""
    withdraw_all(member)
    beside = queries.wording("organisation")
    how: dict[str, Any] = {"member": member, "how": "doorstep", "by_staff": by, "given_at": moment}
    rows = [Consent(wording=given.wording, **how)]
    rows += [
        Consent(wording=beside, organisation=each, **how) for each in queries.organisations_in(given.organisations)
    ]
    Consent.objects.bulk_create(rows)


def _remind(member: Member, addresses: _Addresses) -> None:
    """Tell a member that they have joined already, where they are reached; ask one who is on a list to confirm."""
    theirs = [row for name, row in addresses.rows.items() if getattr(member, f"{name}_id") == row.pk]
    if member.confirmed_at and theirs and may_write_to(theirs[0]):
        send("members.already", member.pk, address_id=theirs[0].pk, member_id=member.pk)
    elif not member.confirmed_at:
        ask(member, {name: row for name, row in addresses.rows.items() if row in theirs})


def _hotspot(given: Given) -> Area | None:
    scene = queries.position(given.scene)
    if scene["longitude"] is None:
        return None
    return queries_doorstep.running_hotspot(scene["longitude"], scene["latitude"])
