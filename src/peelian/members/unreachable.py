"""Residents whom messages do not reach: comms issues (a contact point of theirs failed) and incommunicado (none of
their contact points works). Only people who have confirmed and not left; who never confirmed is asked elsewhere.

Found from the stopped addresses, which are few, and not from the members, who are many.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.functions import Greatest

from peelian.accounts import queries as accounts
from peelian.accounts.models import Staff
from peelian.contacts.models import Address
from peelian.core import keyset
from peelian.core.suppression import suppress_rows
from peelian.members.models import Member
from peelian.places.models import Area

FAILED = Address.Suppression.BOUNCED
POINTS = {"email": "email", "mobile": "mobile number", "landline": "landline"}
_WITH_A_STOPPED_ADDRESS = """
SELECT m.id FROM contacts_address s JOIN members_member m ON m.email_id = s.id WHERE s.suppression <> ''
 UNION SELECT m.id FROM contacts_address s JOIN members_member m ON m.mobile_id = s.id WHERE s.suppression <> ''
 UNION SELECT m.id FROM contacts_address s JOIN members_member m ON m.landline_id = s.id WHERE s.suppression <> ''
"""
_COUNTS = f"""
SELECT m.area_id,
       count(*) FILTER (WHERE '{FAILED}' IN (e.suppression, t.suppression, v.suppression)),
       count(*) FILTER (WHERE coalesce(e.suppression, '-') <> '' AND coalesce(t.suppression, '-') <> ''
                          AND coalesce(v.suppression, '-') <> '')
  FROM members_member m
  LEFT JOIN contacts_address e ON e.id = m.email_id
  LEFT JOIN contacts_address t ON t.id = m.mobile_id
  LEFT JOIN contacts_address v ON v.id = m.landline_id
 WHERE m.id IN ({_WITH_A_STOPPED_ADDRESS}) AND m.left_at IS NULL AND m.confirmed_at IS NOT NULL
   AND (%(everywhere)s OR m.area_id = ANY(%(scope)s))
 GROUP BY m.area_id
"""


@dataclass(frozen=True)
class AreaCounts:
    """Residents of an area with a contact point that failed, and those with none that works."""

    name: str
    issues: int
    incommunicado: int


@dataclass(frozen=True)
class AreaTold:
    """The same for a page; None: not told."""

    name: str
    issues: int | None
    incommunicado: int | None


@dataclass(frozen=True)
class Failing:
    """One resident by number, never by name; `said` is what is stopped and why, `reached` whether anything is not."""

    number: int
    area: str
    said: list[str]
    reached: bool
    since: Any


def numbers_by_area(within: frozenset[int] | None = None) -> dict[int | None, tuple[int, int]]:
    """Lowest area → residents with a comms issue, and incommunicado. None as the area: no place; WITHIN None: all."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, {"everywhere": within is None, "scope": list(within or ())})
        return {area_id: (issues, none) for area_id, issues, none in cursor.fetchall() if issues or none}


def counts_for(staff: Staff) -> list[AreaCounts]:
    """Each area in the person's scope where there is anybody of the kind; the last row is all of them together."""
    rows = numbers_by_area(accounts.scope_area_ids(staff))
    names = dict(Area.objects.filter(pk__in=[pk for pk in rows if pk]).values_list("pk", "name"))
    found = [AreaCounts(names.get(pk or 0, "No place in our area"), *numbers) for pk, numbers in rows.items()]
    total = AreaCounts("All", sum(row.issues for row in found), sum(row.incommunicado for row in found))
    return [*sorted(found, key=lambda row: row.name), total]


def told_for(staff: Staff) -> list[AreaTold]:
    """The same rows with small numbers hidden among others, since they stand beside their total."""
    *areas, total = counts_for(staff)
    counts = {at: (row.issues, row.incommunicado) for at, row in enumerate([total, *areas])}
    told = suppress_rows(counts, dict.fromkeys(range(1, len(counts)), 0), (None, None))
    return [AreaTold(row.name, *told[at]) for at, row in enumerate(areas, 1)] + [AreaTold(total.name, *told[0])]


def residents_for(staff: Staff, *, incommunicado: bool, cursor: str) -> tuple[list[Failing], str, str]:
    """One page of residents, the latest failure first, and the cursors of the pages before and after."""
    page = keyset.page(_residents(staff, incommunicado), "since", cursor)
    return [_failing(member) for member in page.rows], page.previous, page.next


def _residents(staff: Staff, incommunicado: bool) -> QuerySet[Member]:
    scope = accounts.scope_area_ids(staff)
    found = Member.objects.filter(pk__in=RawSQL(_WITH_A_STOPPED_ADDRESS, ()))  # noqa: S611 (a constant)
    found = found.filter(left_at=None).exclude(confirmed_at=None)
    if scope is not None:
        found = found.filter(area_id__in=scope)
    if incommunicado:
        found = found.exclude(Q(email__suppression="") | Q(mobile__suppression="") | Q(landline__suppression=""))
    else:
        failed = [Q(**{f"{point}__suppression": FAILED}) for point in POINTS]
        found = found.filter(failed[0] | failed[1] | failed[2])
    since = Greatest("email__suppressed_at", "mobile__suppressed_at", "landline__suppressed_at")
    return found.annotate(since=since).select_related("email", "mobile", "landline", "area")


def _failing(member: Member) -> Failing:
    points = {name: getattr(member, name) for name in POINTS}
    stopped = [
        f"{POINTS[name]}: {address.get_suppression_display()}"
        for name, address in points.items()
        if address is not None and address.suppression
    ]
    works = any(address is not None and not address.suppression for address in points.values())
    area = member.area.name if member.area else "No place in our area"
    return Failing(member.pk, area, stopped, works, getattr(member, "since", None))
