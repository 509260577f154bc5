"""Setting limits: at most so many messages by a carrier, or to the addresses of a mail domain."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from peelian.accounts import queries as accounts
from peelian.accounts.models import Staff
from peelian.audit.actions import record
from peelian.core.errors import NotFound
from peelian.delivery.errors import ForTheWholeForce, LimitIsSet
from peelian.delivery.models import Carrier, Limit

FIELDS = ("per_second", "per_minute", "per_day", "ramp_from", "ramp_first")
Number = int | date | None


def must_be_for_all(by: Staff) -> None:
    """Raise ForTheWholeForce for somebody who works in some areas only."""
    if accounts.scope_area_ids(by) is not None:
        raise ForTheWholeForce


def limit_for(staff: Staff, pk: int) -> Limit:
    must_be_for_all(staff)
    found = Limit.objects.select_related("carrier").filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


@transaction.atomic
def add_limit(*, carrier: Carrier | None, mail_domain: str, by: Staff, **numbers: Number) -> Limit:
    """Limit a carrier or, without one, a mail domain. Raises LimitIsSet where it has a limit already."""
    must_be_for_all(by)
    limit, new = Limit.objects.get_or_create(
        carrier=carrier, mail_domain="" if carrier else mail_domain.lower(), defaults=numbers
    )
    if not new:
        raise LimitIsSet
    record("limit.added", "limit", limit.pk, by=by, **_shape(limit), after=_numbers(limit))
    return limit


@transaction.atomic
def change_limit(*, limit: Limit, by: Staff, **numbers: Number) -> None:
    """Workers keep to it within a second."""
    must_be_for_all(by)
    found = Limit.objects.select_for_update(of=("self",)).get(pk=limit.pk)
    before = _numbers(found)
    for name, number in numbers.items():
        setattr(found, name, number)
    found.save(update_fields=list(numbers))
    record("limit.changed", "limit", found.pk, by=by, **_shape(found), before=before, after=_numbers(found))


@transaction.atomic
def remove_limit(*, limit: Limit, by: Staff) -> None:
    must_be_for_all(by)
    record("limit.removed", "limit", limit.pk, by=by, **_shape(limit), before=_numbers(limit))
    limit.delete()


def _shape(limit: Limit) -> dict[str, object]:
    return {"carrier": limit.carrier_id} if limit.carrier_id else {"domain": limit.mail_domain}


def _numbers(limit: Limit) -> dict[str, object]:
    return {name: str(number) for name in FIELDS if (number := getattr(limit, name)) is not None}
