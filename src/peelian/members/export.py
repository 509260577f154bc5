"""What members' own tables hold about one person, in words, for the copy of their data (core.personal_data)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import F

from peelian.contacts.models import Address
from peelian.core.personal_data import Person, Rows
from peelian.members import queries
from peelian.members.actions.contacting import POINTS
from peelian.members.models import (
    CHANNELS,
    EVERY_TOPIC,
    ChannelHours,
    Consent,
    FormerAddress,
    GroupInvitation,
    GroupMembership,
    Helper,
    Holiday,
    KeyIndividual,
    Member,
    NetworkContact,
    NewContact,
    Pace,
    PastHome,
    Place,
    RightsRequest,
    TopicChannel,
)
from peelian.places.cells import UNITS_PER_DEGREE

PLAIN = ("first_name", "last_name", "street_address", "postcode", "language", "source", "joined_on", "confirmed_at",
         "confirm_asked_at", "chosen_at", "left_at", "restricted_at", "young", "promotion")  # fmt: skip


def channels(bits: int) -> list[str]:
    return [word for word, bit in CHANNELS.items() if bits & bit]


def member(person: Person) -> Rows:
    one = Member.objects.select_related("area", "campaign").filter(pk=person.member_id).first()
    if one is None:
        return []
    found: dict[str, Any] = {"number": one.pk, "number in the list you came from": one.external_id}
    found |= {name: getattr(one, name) for name in PLAIN}
    found["came by"] = one.campaign.get_kind_display() if one.campaign else None
    found["area"] = one.area.name if one.area else None
    found["latitude"] = one.latitude / UNITS_PER_DEGREE if one.latitude is not None else None
    found["longitude"] = one.longitude / UNITS_PER_DEGREE if one.longitude is not None else None
    found["hears_about"] = "everything" if one.interests == EVERY_TOPIC else _names(queries.topics_in(one.interests))
    found["by"] = channels(one.channels) or "as it is best"
    found["organisations"] = _names(queries.organisations_in(one.organisations))
    return [found]


def _names(found: Iterable[Any]) -> list[str]:
    return [each.name for each in found]


def addresses(person: Person) -> Rows:
    one = Member.objects.filter(pk=person.member_id).first()
    now = {getattr(one, f"{name}_id") for name in POINTS} if one else set()
    return [
        {
            "kind": row.get_kind_display(),
            "address": row.value,
            "used": "now" if row.pk in now else "before",
            "verified_at": row.verified_at,
            "stopped": row.get_suppression_display() if row.suppression else "no",
        }
        for row in Address.objects.filter(pk__in=person.address_ids).order_by("pk")
    ]


def helpers(person: Person) -> Rows:
    found = Helper.objects.filter(member=person.member_id).order_by("asked_at")
    return list(found.values("name", "asked_at", "agreed_at", "begun_at", "ended_at", version=F("wording__version")))


def past_homes(person: Person) -> Rows:
    found = PastHome.objects.filter(member=person.member_id).order_by("since")
    return list(found.values("since", "until", where=F("area__name")))


def places(person: Person) -> Rows:
    found = Place.objects.filter(member=person.member_id).order_by("pk")
    return list(found.values("label", "postcode", where=F("area__name")))


def topic_channels(person: Person) -> Rows:
    found = TopicChannel.objects.filter(member=person.member_id).select_related("topic").order_by("topic__bit")
    return [{"type": row.topic.name, "by": channels(row.channels)} for row in found]


def consents(person: Person) -> Rows:
    found = Consent.objects.filter(member=person.member_id).order_by("given_at", "pk")
    return [
        {
            "what": row.organisation.name if row.organisation else row.wording.kind,
            "wording": row.wording.text,
            "version": row.wording.version,
            "how": row.how,
            "by_one_of_us": row.by_staff_id is not None,
            "given_at": row.given_at,
            "withdrawn_at": row.withdrawn_at,
        }
        for row in found.select_related("wording", "organisation")
    ]


def former(person: Person) -> Rows:
    return list(FormerAddress.objects.filter(member=person.member_id).values("until", address_now=F("address__value")))


def new_contacts(person: Person) -> Rows:
    return list(NewContact.objects.filter(member=person.member_id).values("asked_at", new=F("address__value")))


def requests(person: Person) -> Rows:
    found = RightsRequest.objects.filter(member=person.member_id).order_by("received_on", "pk")
    return [
        {
            "what": row.get_kind_display(),
            "asked_by": row.asked_by,
            "how": row.get_how_display(),
            "received_on": row.received_on,
            "due_on": row.due_on,
            "extended_because": row.extended_because,
            "identity_check": row.identity_check,
            "outcome": row.get_outcome_display(),
            "note": row.outcome_note,
        }
        for row in found
    ]


def _plain(model: type[Any], *names: str) -> Callable[[Person], Rows]:
    return lambda person: list(model.objects.filter(member=person.member_id).values(*names))


holiday = _plain(Holiday, "first_day", "last_day", "urgent_passes")
pace = _plain(Pace, "weekly_limit", "digest", "quiet_from", "quiet_until", "urgent_passes", "email_from", "text_from",
              "voice_from")  # fmt: skip
hours = _plain(ChannelHours, "channel", "weekdays", "opens", "closes")
groups = _plain(GroupMembership, "group__name", "since")


def invitations(person: Person) -> Rows:
    """What they were asked to be in, in which words, and what they said: the record of consent."""
    found = GroupInvitation.objects.filter(member=person.member_id).order_by("invited_at")
    names = ("invited_at", "community", "role", "answered_at", "accepted", "withdrawn_at", "removed_why")
    return list(found.values(*names, group_named=F("group__name"), words=F("wording__text")))


def network(person: Person) -> Rows:
    found = KeyIndividual.objects.filter(member=person.member_id)
    names = ("community", "role", "last_contact", "next_contact", "every_days")
    return list(found.values(*names, network_named=F("group__name")))


def network_contacts(person: Person) -> Rows:
    return list(NetworkContact.objects.filter(key__member=person.member_id).values("on", "how"))
