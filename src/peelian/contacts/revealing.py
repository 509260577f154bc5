"""Showing staff a resident's contact details whole: for a reason out of a list, and each look in the audit trail.

Who may: the permission `contacts.reveal`; whether the resident is in the person's scope is for the page to see to.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from peelian.audit.actions import Actor, record
from peelian.contacts.models import Address
from peelian.core.errors import RuleBroken

REASONS = {
    "safety": "Somebody may be in danger",
    "call-back": "The resident asked to be called or visited",
    "crime": "It is needed for a crime report or an investigation",
    "rights": "A request about their own data",
    "mend": "To mend a wrong or doubled address",
}


class NoReason(RuleBroken):
    """Choose why you need to see them."""


@transaction.atomic
def reveal(*, address_ids: Iterable[int], reason: str, kind: str, object_id: object, by: Actor) -> list[Address]:
    """The addresses, whole, with a row in the trail: who looked, why (a code of REASONS), and on whose page (KIND and
    OBJECT_ID). The row holds numbers and codes alone. Raises NoReason."""
    if reason not in REASONS:
        raise NoReason
    found = list(Address.objects.filter(pk__in=list(address_ids)).order_by("kind", "pk"))
    ids = [address.pk for address in found]
    record("contacts.revealed", kind, object_id, by=by, reason=reason, addresses=ids)
    return found
