"""Areas as this app asks for them."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db.models import Model, QuerySet

from peelian.accounts.models import Staff
from peelian.accounts.queries import scope_area_ids
from peelian.places import queries as places
from peelian.places.models import Area

M = TypeVar("M", bound=Model)


def in_scope(rows: QuerySet[M], staff: Staff, field: str = "area") -> QuerySet[M]:
    """The rows whose area lies in the person's scope."""
    ids = scope_area_ids(staff)
    return rows if ids is None else rows.filter(**{f"{field}__in": ids})


def areas_of(staff: Staff) -> QuerySet[Area]:
    """The administrative areas of today in the person's scope, by name."""
    found = places.current_areas(within=scope_area_ids(staff)).filter(kind__in=Area.ADMINISTRATIVE)
    return found.order_by("name", "code")


def may_see(staff: Staff, row: Any) -> bool:
    """Whether a row with an area lies in the person's scope."""
    ids = scope_area_ids(staff)
    return ids is None or row.area_id in ids
