"""Reads of members: for pages of the person concerned, for other apps, and numbers for staff. No list of people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any

import numpy as np
from django.db import connection
from django.db.models import Count, Q, QuerySet

from peelian.accounts import queries as accounts
from peelian.accounts.models import Organisation, Staff
from peelian.contacts.models import Address
from peelian.contacts.queries import masked
from peelian.core import clock
from peelian.core.errors import NotFound
from peelian.core.personal_data import Person
from peelian.core.suppression import suppress_rows
from peelian.members.errors import UnknownPostcode
from peelian.members.models import (
    CHANNELS,
    EVERY_TOPIC,
    AudienceRow,
    FormerAddress,
    Group,
    Helper,
    Holiday,
    Member,
    Topic,
    Wording,
)
from peelian.places import queries as places
from peelian.places.cells import UNITS_PER_DEGREE, cell_of
from peelian.places.models import Area, Postcode


def member(member_id: int) -> Member:
    """A member who has not left. NotFound otherwise."""
    found = (
        Member.objects.filter(pk=member_id, left_at=None).select_related("email", "mobile", "landline", "area").first()
    )
    if found is None:
        raise NotFound
    return found


def account(member_id: int) -> Member:
    """A member, also one who has left and is not erased yet. NotFound otherwise."""
    found = Member.objects.select_related("email", "mobile", "landline", "area").filter(pk=member_id).first()
    if found is None:
        raise NotFound
    return found


def member_for_address(address_id: int) -> list[Member]:
    """The members who use an address and have not left, the longest-standing first. Several may share it."""
    uses = Q(email_id=address_id) | Q(mobile_id=address_id) | Q(landline_id=address_id)
    return list(Member.objects.filter(uses, left_at=None).order_by("pk"))


def language_at(address_id: int) -> str:
    """The language in which whoever uses an address is written to: empty where they do not agree on one."""
    uses = Q(email_id=address_id) | Q(mobile_id=address_id) | Q(landline_id=address_id)
    found = set(Member.objects.filter(uses).values_list("language", flat=True))
    if not found:  # not one to write to yet
        found = set(Member.objects.filter(new_contacts__address=address_id).values_list("language", flat=True))
    return found.pop() if len(found) == 1 else ""


def helped_beside(address_id: int) -> list[Helper]:
    """Of whom a helper at this address gets copies, beside an address of the member's own."""
    begun = Helper.objects.filter(address=address_id, ended_at=None, member__left_at=None).exclude(begun_at=None)
    theirs = Q(member__email_id=address_id) | Q(member__mobile_id=address_id)
    return list(begun.exclude(theirs).order_by("pk"))


def sharing(address_id: int, *, since: datetime) -> list[int]:
    """The ids of who else may share a copy that goes to an address, their own or a helper's: they had confirmed by
    SINCE and have not left."""
    uses = Q(email_id=address_id) | Q(mobile_id=address_id) | Q(landline_id=address_id)
    helped = [helper.member_id for helper in helped_beside(address_id)]
    found = Member.objects.filter(uses | Q(pk__in=helped), left_at=None, restricted_at=None, confirmed_at__lte=since)
    return list(found.order_by("pk").values_list("pk", flat=True))


def alone_sql(member: str) -> str:
    """The SQL condition that a row of members_member, named MEMBER, is an adult who shares no address with another
    member and whom nobody helps: whatever they get or do not get, no other resident gets or misses with them."""
    return f"""NOT {member}.young AND NOT EXISTS (
        SELECT 1 FROM members_helper h WHERE h.member_id = {member}.id AND h.begun_at IS NOT NULL AND h.ended_at IS NULL
    ) AND NOT EXISTS (
        SELECT 1 FROM members_member o WHERE o.id <> {member}.id AND o.left_at IS NULL
           AND (o.email_id = {member}.email_id OR o.mobile_id IN ({member}.mobile_id, {member}.landline_id)
                OR o.landline_id IN ({member}.mobile_id, {member}.landline_id))
    )"""


CLOSED_FOR = timedelta(days=30)  # an account that was closed can be opened again meanwhile; then it is erased


def other_points(member_id: int, address_id: int) -> list[str]:
    """The contact points but this one that somebody who joined gave, masked."""
    found = Member.objects.filter(pk=member_id, confirmed_at=None).select_related("email", "mobile", "landline").first()
    if found is None:
        return []
    here = [each for each in (found.email, found.mobile, found.landline) if each is not None]
    waiting = [each.address for each in found.new_contacts.select_related("address").order_by("pk")]
    return sorted({masked(each) for each in here + waiting if each.pk != address_id})


def helpers(member: Member) -> list[Helper]:
    """Who helps a member, or was asked to; each with `masked` and whether it is the `only` way to reach them."""
    rows = list(member.helpers.filter(ended_at=None).select_related("address").order_by("asked_at"))
    points = [pk for pk in (member.email_id, member.mobile_id, member.landline_id) if pk]
    for row in rows:  # beside an address of the member's own the helper gets a copy alone
        row.masked = masked(row.address)  # type: ignore[attr-defined]
        row.only = bool(row.begun_at) and points == [row.address_id]  # type: ignore[attr-defined]
    return rows


def signing_in(address_id: int) -> list[Member]:
    """The members whom a code sent to an address lets in: those who use it, and those of them who closed their account
    and may still open it again."""
    uses = Q(email_id=address_id) | Q(mobile_id=address_id) | Q(landline_id=address_id)
    here = Q(left_at=None) | Q(left_at__gt=clock.now() - CLOSED_FOR)
    rows = Member.objects.filter(uses & here).select_related("email", "mobile", "landline", "area")
    return list(rows.order_by("pk"))


def household(member: Member) -> list[int]:
    """The ids of everybody who shares an address with a member, the member among them."""
    theirs = [pk for pk in (member.email_id, member.mobile_id, member.landline_id) if pk]
    uses = Q(email_id__in=theirs) | Q(mobile_id__in=theirs) | Q(landline_id__in=theirs)
    return list(Member.objects.filter(uses, left_at=None).order_by("pk").values_list("pk", flat=True))


def person(member: Member) -> Person:
    """Whose data is asked for, for core.personal_data."""
    points = ("email_id", "mobile_id", "landline_id")
    theirs = {getattr(member, name) for name in points} - {None}
    theirs |= set(member.former_addresses.values_list("address_id", flat=True))
    uses = Q(email_id__in=theirs) | Q(mobile_id__in=theirs) | Q(landline_id__in=theirs)
    others = Member.objects.filter(uses).exclude(pk=member.pk).values_list(*points)
    shared = {pk for row in others for pk in row}
    former = FormerAddress.objects.filter(address_id__in=theirs).exclude(member=member)
    shared |= set(former.values_list("address_id", flat=True))
    since = member.joined_on if member.confirmed_at else None
    return Person(member.pk, tuple(sorted(theirs)), tuple(sorted(theirs - shared)), since)


def addresses_on_hold() -> QuerySet[Address]:
    """The addresses of people under a legal hold: nothing that is kept by address alone is erased for them."""
    held = Member.objects.filter(legal_hold=True)
    points = ("email", "mobile", "landline")
    uses = (Q(pk__in=held.filter(**{f"{point}__isnull": False}).values(point)) for point in points)
    return Address.objects.filter(reduce(or_, uses))


def holiday(member: Member) -> Holiday | None:
    """The holiday that a member is on, or that is to come."""
    return Holiday.objects.filter(member=member, last_day__gte=clock.today()).first()


def topics() -> QuerySet[Topic]:
    """The types of alert, as residents choose them."""
    return Topic.objects.all()


def organisations() -> QuerySet[Organisation]:
    """Whom a member may agree to hear from."""
    return Organisation.objects.all()


def organisations_in(bits: int) -> list[Organisation]:
    return [each for each in Organisation.objects.all() if each.mask & bits]


def topics_in(interests: int) -> list[Topic]:
    """The types that a member's interests name; those that need an agreement of their own are left out."""
    public = Topic.objects.filter(purpose=Topic.Purpose.PUBLIC_TASK)
    return [topic for topic in public if interests == EVERY_TOPIC or topic.mask & interests]


def open_groups() -> QuerySet[Group]:
    """Those that residents join by themselves and that have not ended."""
    running = Q(expires_on=None) | Q(expires_on__gte=clock.today())
    return Group.objects.filter(running, open=True, ended_at=None)


def wording(kind: str) -> Wording:
    """The text that is shown now: kind privacy, organisation or promotion."""
    return Wording.objects.filter(kind=kind).latest("since", "pk")


def position(postcode: str) -> dict[str, Any]:
    """The columns that say where a postcode is; all empty for none. Raises UnknownPostcode."""
    return position_of(known_postcode(postcode))


def known_postcode(text: str) -> Postcode | None:
    """The postcode that somebody typed; None for none. Raises UnknownPostcode."""
    found = places.postcode(text) if text.strip() else None
    if found is None and text.strip():
        raise UnknownPostcode
    return found


def position_of(postcode: Postcode | None) -> dict[str, Any]:
    """The columns that say where it is, found already."""
    if postcode is None:
        return {"postcode": "", "longitude": None, "latitude": None, "cell": None, "area_id": None}
    return {"postcode": postcode.code, **_placed(postcode.longitude, postcode.latitude)}


def position_at(longitude: float, latitude: float) -> dict[str, Any]:
    """The same columns for a point in degrees, of somebody who gives no postcode."""
    return {"postcode": "", **_placed(round(longitude * UNITS_PER_DEGREE), round(latitude * UNITS_PER_DEGREE))}


def position_in(area: Area) -> dict[str, Any]:
    """The same columns for somebody who names the neighbourhood they live in and no more: a point inside it."""
    return position_at(area.longitude, area.latitude)


def _placed(longitude: int, latitude: int) -> dict[str, Any]:
    area = int(places.lowest_areas(np.array([longitude]), np.array([latitude]))[0])
    return {
        "longitude": longitude,
        "latitude": latitude,
        "cell": cell_of(longitude, latitude),
        "area_id": area or None,
    }


# Numbers for staff ---------------------------------------------------------------------------------------------------


@dataclass
class AreaNumbers:
    """How many members live in an area; `reach` are those a channel reaches (channel bit → people). None: not told."""

    name: str
    members: int | None
    confirmed: int | None
    reach: dict[int, int | None]

    def by_email(self) -> int | None:
        return self.reach[CHANNELS["email"]]

    def by_text(self) -> int | None:
        return self.reach[CHANNELS["text"]]

    def by_voice(self) -> int | None:
        return self.reach[CHANNELS["voice"]]


@dataclass
class Numbers:
    """Members of the areas that somebody may see. `without_place` is None for who does not see the whole force."""

    areas: list[AreaNumbers]
    total: AreaNumbers
    without_place: AreaNumbers | None


_ALL = -1
_WITHIN = (None, 0, 1, 1, 1)  # the confirmed are some of the members, and whom a channel reaches some of those


def numbers_for(staff: Staff) -> Numbers:
    """How many members live in each area in the person's scope, how many of them can be reached, and how; small numbers
    hidden among others, since the areas stand beside their total."""
    scope = accounts.scope_area_ids(staff)
    rows = {area_id: values for area_id, *values in _numbers(scope)}
    wanted = places.current_areas().filter(kind__in=Area.ADMINISTRATIVE)
    if scope is not None:
        wanted = wanted.filter(pk__in=scope)
    lowest = wanted.filter(children=None)
    shown = [(area.name, rows.pop(area.pk, [0] * 5)) for area in lowest.order_by("name", "pk")]
    nowhere = rows.pop(None, [0] * 5)
    above = {area.pk: area.name for area in wanted.filter(pk__in=rows)}
    shown += [(f"{above.get(pk, 'An area that has ended')}, in no smaller area", values) for pk, values in rows.items()]
    parts = [*shown, ("", nowhere)] if scope is None else shown
    counts = {at: values for at, (_, values) in enumerate(parts)}
    counts[_ALL] = [sum(values[at] for _, values in parts) for at in range(5)]
    told = suppress_rows(counts, dict.fromkeys(range(len(parts)), _ALL), _WITHIN)
    areas = [_area_numbers(name, told[at]) for at, (name, _) in enumerate(parts)]
    return Numbers(areas[: len(shown)], _area_numbers("", told[_ALL]), areas[-1] if scope is None else None)


def _numbers(scope: frozenset[int] | None) -> list[tuple[Any, ...]]:
    """(area id, members, confirmed, by email, by text, by voice), home counting alone."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT m.area_id, count(*), count(m.confirmed_at), count(*) FILTER (WHERE a.reachable & 1 <> 0),"
            " count(*) FILTER (WHERE a.reachable & 2 <> 0), count(*) FILTER (WHERE a.reachable & 4 <> 0)"
            " FROM members_member m LEFT JOIN members_audience a ON a.member_id = m.id AND a.kind = 0"
            " WHERE m.left_at IS NULL AND (%(everywhere)s OR m.area_id = ANY(%(scope)s)) GROUP BY m.area_id",
            {"everywhere": scope is None, "scope": list(scope or ())},
        )
        return list(cursor.fetchall())


def _area_numbers(name: str, values: list[int | None]) -> AreaNumbers:
    members, confirmed, *reach = values
    return AreaNumbers(name, members, confirmed, dict(zip(CHANNELS.values(), reach, strict=True)))


def confirmed_by_area() -> dict[int | None, int]:
    """Area → how many confirmed members live directly in it; None: those without a place. Reads all members: for jobs
    alone. As counted: whoever tells it hides small numbers."""
    rows = Member.objects.filter(left_at=None).exclude(confirmed_at=None).values_list("area_id")
    return dict(rows.annotate(n=Count("pk")).order_by())


def count_reachable() -> int:
    """How many members could be sent something now. Reads all of them: remember the answer."""
    return AudienceRow.objects.filter(kind=AudienceRow.Kind.HOME, reachable__gt=0).count()


def language_of(member_ids: list[int]) -> dict[int, str]:
    """Member → the language they asked for (BCP 47)."""
    return dict(Member.objects.filter(pk__in=member_ids).values_list("pk", "language"))
