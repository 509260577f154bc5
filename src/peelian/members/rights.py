"""Reads for administrators: requests by right and legal holds, of people in their areas, and one person by an address
of theirs. There is no list of people."""

from __future__ import annotations

from django.db.models import F, Q, QuerySet

from peelian.accounts import queries as accounts
from peelian.accounts.models import Staff
from peelian.contacts import queries as addresses
from peelian.core import clock, keyset
from peelian.core.errors import NotFound
from peelian.members.models import LegalHold, Member, RightsRequest


def found_by(staff: Staff, contact: str) -> list[Member]:
    """The members in the person's scope who use an address or number as typed in full; also those who have closed their
    account and are not erased yet."""
    address = addresses.find(contact)
    if address is None:
        return []
    uses = Q(email=address) | Q(mobile=address) | Q(landline=address)
    return list(_in_scope(staff, Member.objects.filter(uses)).select_related("area").order_by("pk"))


def _in_scope(staff: Staff, members: QuerySet[Member]) -> QuerySet[Member]:
    scope = accounts.scope_area_ids(staff)
    return members if scope is None else members.filter(area_id__in=scope)


def requests_for(staff: Staff) -> QuerySet[RightsRequest]:
    """The requests of people in the person's scope, and those about nobody that they opened themselves."""
    scope = accounts.scope_area_ids(staff)
    found = RightsRequest.objects.select_related("member__area", "opened_by", "closed_by")
    return found if scope is None else found.filter(Q(member__area_id__in=scope) | Q(member=None, opened_by=staff))


def open_requests(staff: Staff) -> list[RightsRequest]:
    """What is not settled, what is due first at the top: overdue ones stand before all others."""
    return list(requests_for(staff).filter(closed_at=None).order_by("due_on", "pk"))


def closed_requests(staff: Staff, cursor: str) -> keyset.Slice[RightsRequest]:
    return keyset.page(requests_for(staff).exclude(closed_at=None), "closed_at", cursor)


def request_for(staff: Staff, pk: int) -> RightsRequest:
    found = requests_for(staff).select_related("member__email", "member__mobile", "member__landline").filter(pk=pk)
    if (one := found.first()) is None:
        raise NotFound
    return one


def is_overdue(request: RightsRequest) -> bool:
    return request.closed_at is None and request.due_on < clock.today()


def holds_for(staff: Staff) -> QuerySet[LegalHold]:
    scope = accounts.scope_area_ids(staff)
    found = LegalHold.objects.select_related("member__area", "begun_by", "ended_by")
    return found if scope is None else found.filter(member__area_id__in=scope)


def standing_holds(staff: Staff) -> list[LegalHold]:
    """Those that have not ended, the one to look at first at the top; then the latest that have."""
    return list(holds_for(staff).order_by(F("ended_on").desc(nulls_first=True), "review_on", "pk")[:200])


def hold_for(staff: Staff, pk: int) -> LegalHold:
    one = holds_for(staff).filter(pk=pk).first()
    if one is None:
        raise NotFound
    return one
