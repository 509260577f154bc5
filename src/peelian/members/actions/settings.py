"""What members change about themselves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import Q

from peelian.audit.actions import Actor, record
from peelian.core import clock
from peelian.core.errors import NotFound
from peelian.members import audience, queries
from peelian.members.actions.consenting import agree, how_of, staff_of
from peelian.members.actions.standing_still import must_be_in_use
from peelian.members.errors import GroupClosed, TooManyPlaces, UnknownPostcode
from peelian.members.models import GroupMembership, Member, Place, TopicChannel

MOST_PLACES = 4


@transaction.atomic
def change_preferences(
    *,
    member: Member,
    by: Actor,
    interests: int | None = None,
    channels: int | None = None,
    organisations: int | None = None,
    language: str | None = None,
    promotion: bool | None = None,
    topic_channels: Mapping[int, int] | None = None,
) -> None:
    """Change what a member hears about (bits of Topic), by which channels, from whom (bits), in which language, and
    whether about offers too; what is None stays. TOPIC_CHANNELS replaces the channels for single types (topic id →
    bits). From then on an import leaves these settings alone. Raises Restricted where more is changed than the
    language, or an agreement taken back."""
    member = Member.objects.select_for_update().get(pk=member.pk)
    given: dict[str, Any] = {
        "interests": interests,
        "channels": channels,
        "organisations": organisations,
        "language": language,
        "promotion": promotion,
    }
    changed = {name: value for name, value in given.items() if value is not None and value != getattr(member, name)}
    before = member.organisations, member.promotion
    agreed = (organisations or 0) & ~before[0] or (promotion and not before[1])
    if agreed or topic_channels is not None or {"interests", "channels"} & changed.keys():
        must_be_in_use(member)  # what is taken back, and the language, are always theirs to change
    for name, value in changed.items():
        setattr(member, name, value)
    member.chosen_at = clock.now()
    member.save(update_fields=[*changed, "chosen_at"])
    if "organisations" in changed or "promotion" in changed:
        _note_agreements(member, *before, by)
    if topic_channels is not None:
        member.topic_channels.all().delete()
        TopicChannel.objects.bulk_create(
            TopicChannel(member=member, topic_id=topic, channels=bits) for topic, bits in topic_channels.items()
        )
    audience.refresh([member.pk])
    audience.stopped([member.pk])
    named = sorted(changed) + (["topic_channels"] if topic_channels is not None else [])
    record("member.preferences_changed", "member", member.pk, by=by, changed=named)


def _note_agreements(member: Member, organisations: int, promotion: bool, by: Actor) -> None:
    """Write into the ledger of consent what was agreed to now and what was taken back. Nothing in it is changed but
    the day on which an agreement ended."""
    ended = queries.organisations_in(organisations & ~member.organisations)
    over = Q(organisation__in=ended)
    if promotion and not member.promotion:
        over |= Q(wording__kind="promotion")
    member.consents.filter(over, withdrawn_at=None).update(withdrawn_at=clock.now())
    begun = queries.organisations_in(member.organisations & ~organisations)
    agree(member, begun, promotion=member.promotion and not promotion, how=how_of(by), by_staff=staff_of(by))


@transaction.atomic
def change_details(*, member: Member, first_name: str, last_name: str, by: Actor) -> None:
    """Change a member's name."""
    Member.objects.filter(pk=member.pk).update(first_name=first_name, last_name=last_name)
    record("member.details_changed", "member", member.pk, by=by)


@transaction.atomic
def add_place(*, member: Member, label: str, postcode: str, by: Actor) -> Place:
    """A further place the member wants to hear about. Raises TooManyPlaces, UnknownPostcode and Restricted."""
    must_be_in_use(member)
    Member.objects.select_for_update().get(pk=member.pk)
    if member.places.count() >= MOST_PLACES:
        raise TooManyPlaces
    where = queries.position(postcode)
    if where["cell"] is None:
        raise UnknownPostcode
    place = Place.objects.create(member=member, label=label, **where)
    audience.refresh([member.pk])
    record("member.place_added", "member", member.pk, by=by)
    return place


@transaction.atomic
def remove_place(*, member: Member, place_id: int, by: Actor) -> None:
    if not member.places.filter(pk=place_id).delete()[0]:
        raise NotFound
    audience.refresh([member.pk])
    record("member.place_removed", "member", member.pk, by=by)


@transaction.atomic
def set_groups(*, member: Member, group_ids: Iterable[int], by: Actor) -> None:
    """Which open groups a member is in; groups that are not open stay as staff set them. Raises GroupClosed, and
    Restricted where one is joined."""
    wanted, offered = set(group_ids), {group.pk for group in queries.open_groups()}
    if not wanted <= offered:
        raise GroupClosed
    if not wanted <= set(member.memberships.values_list("group_id", flat=True)):
        must_be_in_use(member)
    member.memberships.filter(group__open=True).exclude(group_id__in=wanted).delete()
    GroupMembership.objects.bulk_create(
        (GroupMembership(member=member, group_id=pk) for pk in wanted), ignore_conflicts=True
    )
    record("member.groups_changed", "member", member.pk, by=by, groups=sorted(wanted))
