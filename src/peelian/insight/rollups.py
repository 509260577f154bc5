"""What insight adds up beforehand, so that pages read small tables. Each part registers its rollups in its
`rollups.py`:

    rollups.add(Rollup("reach.stages", refresh_stages))

A refresh gets a cursor, inside a transaction of its own, and the moment up to which all is in it already (None: nothing
is). It reads what came since and may be called twice for the same hours: it leaves the same rows. What is written
while it reads may or may not be in it, so it looks a little before the moment again.
"""

from __future__ import annotations

import time as stopwatch
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time

import structlog
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from peelian.core import clock
from peelian.insight.models import Refresh

log = structlog.get_logger("peelian.insight")


@dataclass(frozen=True)
class Rollup:
    """With `daily` the hourly job does it once a day, the first time after midnight: figures about answers that change
    with one person would tell, from hour to hour, what that person answered."""

    name: str
    refresh: Callable[[CursorWrapper, datetime | None], None]
    daily: bool = False


class _Rollups(dict[str, Rollup]):
    def add(self, rollup: Rollup) -> Rollup:
        """Adding a name twice is a mistake and raises ValueError."""
        if rollup.name in self:
            raise ValueError(f"{rollup.name!r} is a rollup already.")
        self[rollup.name] = rollup
        return rollup


rollups = _Rollups()


def refresh_all(*, due: bool = False) -> None:
    """Bring every rollup up to date, in the order in which they were added; with DUE only those that are not daily, or
    not done today. One that fails stops no other: its page goes on saying as of when it is."""
    done_today = set(
        Refresh.objects.filter(as_of__gte=clock.london(clock.today(), time(0))).values_list("name", flat=True)
    )
    for rollup in rollups.values():
        if due and rollup.daily and rollup.name in done_today:
            continue
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
        began, as_of = stopwatch.monotonic(), clock.now()
        with connection.cursor() as cursor:
            rollup.refresh(cursor, row.as_of)
        row.as_of, row.seconds, row.problem = as_of, stopwatch.monotonic() - began, ""
        row.save(update_fields=["as_of", "seconds", "problem"])
    return True
