"""What insight adds up beforehand, so that pages read small tables. Each part registers its rollups in its
`rollups.py`:

    rollups.add(Rollup("reach.stages", refresh_stages))

A refresh gets a cursor, inside a transaction of its own, and the moment up to which all is in it already (None: nothing
is). It reads what came since and may be called twice for the same hours: it leaves the same rows. What is written
while it reads may or may not be in it, so it looks a little before the moment again.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import structlog
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from peelian.core import clock
from peelian.insight.models import Refresh

log = structlog.get_logger("peelian.insight")


@dataclass(frozen=True)
class Rollup:
    name: str
    refresh: Callable[[CursorWrapper, datetime | None], None]


class _Rollups(dict[str, Rollup]):
    def add(self, rollup: Rollup) -> Rollup:
        """Adding a name twice is a mistake and raises ValueError."""
        if rollup.name in self:
            raise ValueError(f"{rollup.name!r} is a rollup already.")
        self[rollup.name] = rollup
        return rollup


rollups = _Rollups()


def refresh_all() -> None:
    """Bring every rollup up to date, in the order in which they were added. One that fails stops no other: its page
    goes on saying as of when it is, and the doctor says that it failed."""
    for rollup in rollups.values():
        try:
            refresh(rollup)
        except Exception as problem:
            log.error("rollup not refreshed", rollup=rollup.name, error=type(problem).__name__)
            Refresh.objects.filter(name=rollup.name).update(problem=type(problem).__name__)


def refresh(rollup: Rollup) -> bool:
    """Bring one up to date. False when somebody else is at it now."""
    Refresh.objects.bulk_create([Refresh(name=rollup.name)], ignore_conflicts=True)
    with transaction.atomic():
        row = Refresh.objects.select_for_update(skip_locked=True).filter(name=rollup.name).first()
        if row is None:
            return False
        began, as_of = time.monotonic(), clock.now()
        with connection.cursor() as cursor:
            rollup.refresh(cursor, row.as_of)
        row.as_of, row.seconds, row.problem = as_of, time.monotonic() - began, ""
        row.save()
    return True
