"""Reads of insight's own tables, scoped to who asks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from peelian.accounts.models import Staff
from peelian.core import clock
from peelian.insight.models import Refresh
from peelian.insight.parts import PAGES, Page


def as_of_each(*names: str) -> list[datetime | None]:
    """Up to when each of these rollups knows what happened; None where it has never been refreshed."""
    known = dict(Refresh.objects.filter(name__in=names).values_list("name", "as_of"))
    return [known.get(name) for name in names]


def as_of(*names: str) -> datetime | None:
    """Up to when all of these rollups know what happened; None when one of them has never been refreshed."""
    moments = as_of_each(*names)
    return min((one for one in moments if one), default=None) if all(moments) else None


def as_of_day(name: str) -> date:
    """The London day of a rollup's "as of"; today where there is none."""
    moment = as_of(name)
    return moment.astimezone(clock.LONDON).date() if moment else clock.today()


@dataclass(frozen=True)
class Listed:
    page: Page
    as_of: datetime | None
    failed: bool = False  # the last try to bring it up to date


def pages_for(staff: Staff) -> list[Listed]:
    """The pages that the role opens, each with the moment up to which its figures go."""
    rows = Refresh.objects.values_list("name", "as_of", "problem")
    known, failed = {name: at for name, at, _ in rows}, {name for name, _, problem in rows if problem}
    found = []
    for page in PAGES:
        if staff.may(page.permission):
            moments = [known.get(name) for name in page.rollups]
            oldest = min((one for one in moments if one), default=None) if all(moments) else None
            found.append(Listed(page, oldest, bool(failed & set(page.rollups))))
    return found
