"""What a member does with the account itself: a holiday, a move, closing it and opening it again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction

from peelian.audit.actions import Actor, record
from peelian.core import clock
from peelian.members import audience, queries
from peelian.members.actions.consenting import how_of, keep_consents, staff_of, withdraw_all
from peelian.members.actions.standing_still import must_be_in_use
from peelian.members.errors import ErasedAlready, HolidayTooLong
from peelian.members.models import Holiday, Member, PastHome

LONGEST_HOLIDAY = 3  # calendar months


@transaction.atomic
def take_holiday(*, member: Member, first_day: date, last_day: date, urgent_passes: bool, by: Actor) -> Holiday:
    """Send nothing from FIRST_DAY to LAST_DAY, both included, but urgent messages where URGENT_PASSES. One that was
    set before is replaced. Raises HolidayTooLong and Restricted."""
    must_be_in_use(member)
    if not first_day <= last_day < clock.months_after(first_day, LONGEST_HOLIDAY):
        raise HolidayTooLong
    values = {"first_day": first_day, "last_day": last_day, "urgent_passes": urgent_passes}
    holiday, _ = Holiday.objects.update_or_create(member=member, defaults=values)
    record("member.holiday_set", "member", member.pk, by=by, **values)
    return holiday


@transaction.atomic
def end_holiday(*, member: Member, by: Actor) -> bool:
    """From now on messages come again. Whether there was a holiday to end. Raises Restricted."""
    must_be_in_use(member)
    if not Holiday.objects.filter(member=member, last_day__gte=clock.today()).delete()[0]:
        return False
    record("member.holiday_ended", "member", member.pk, by=by)
    return True


@transaction.atomic
def move_house(*, member: Member, by: Actor, where: Mapping[str, Any], street_address: str = "") -> Member:
    """Where the member lives now: columns of Member, from queries.position, position_at or position_in. The area they
    lived in stays, with its dates; the street goes; audiences find them at the new place at once."""
    found = Member.objects.select_for_update().get(pk=member.pk)
    _note_past_home(found, where)
    for name, value in where.items():
        setattr(found, name, value)
    found.street_address = street_address
    found.save(update_fields=["street_address", *(name.removesuffix("_id") for name in where)])
    audience.refresh([found.pk])
    record("member.moved", "member", found.pk, by=by, area=found.area_id)
    return found


def _note_past_home(member: Member, where: Mapping[str, Any]) -> None:
    """The area is kept when it changes; somebody who mends a slip on the same day has not lived there."""
    if member.area_id is None or member.area_id == where["area_id"]:
        return
    latest = member.past_homes.order_by("-until").first()
    since, today = latest.until if latest else member.joined_on, clock.today()
    if since < today:
        PastHome.objects.create(member=member, area_id=member.area_id, since=since, until=today)


@transaction.atomic
def leave(*, member: Member, by: Actor) -> None:
    """The member closes their account. Every agreement ends now, no audience finds them, and what waits for them is
    dropped; it is erased after queries.CLOSED_FOR, and until then they can open it again."""
    if not Member.objects.filter(pk=member.pk, left_at=None).update(left_at=clock.now()):
        return
    withdraw_all(member)
    member.new_contacts.all().delete()
    audience.refresh([member.pk])
    audience.stopped([member.pk])
    record("member.left", "member", member.pk, by=by)


@transaction.atomic
def come_back(*, member: Member, by: Actor) -> Member:
    """A closed account is opened again, as it was: the same agreements, given anew today with today's wording. Raises
    ErasedAlready."""
    found = Member.objects.select_for_update().get(pk=member.pk)
    if found.left_at is None:
        return found
    reachable = found.email_id or found.mobile_id or found.landline_id
    if found.left_at <= clock.now() - queries.CLOSED_FOR or not reachable:
        raise ErasedAlready
    found.left_at = None
    found.save(update_fields=["left_at"])
    keep_consents(found, queries.wording("privacy"), how=how_of(by), by_staff=staff_of(by))
    audience.refresh([found.pk])
    record("member.came_back", "member", found.pk, by=by)
    return found
