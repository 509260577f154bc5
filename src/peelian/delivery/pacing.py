"""How fast: limits of carriers and of recipients' mail domains, kept by all workers together.

Tokens are leased from one UNLOGGED table (core_counter), a short window at a time: as many as a share of a batch needs,
in one transaction, never one row for each message. What is not used is given back; what is lost with a worker is lost
with its window. A limit a minute is kept second by second, so that no rolling minute has more than one second's worth
above it.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from datetime import time as day_time
from typing import Any, NamedTuple

from peelian.core import clock
from peelian.delivery.database import LOST, Connections, fetch

FRESH_SECONDS = 1.0
QUARTER = 0.25  # seconds; the shortest window

_LIMITS = "SELECT carrier_id, mail_domain, per_second, per_minute, per_day, ramp_from, ramp_first FROM delivery_limit"
_LOCK = """
INSERT INTO core_counter AS c (key, starts, ends, n)
SELECT x.key, x.starts, x.ends, 0
  FROM unnest(%(keys)s::text[], %(starts)s::timestamptz[], %(ends)s::timestamptz[]) AS x(key, starts, ends)
 ORDER BY x.key, x.starts
ON CONFLICT (key, starts) DO UPDATE SET n = c.n RETURNING key, n
"""
_TAKE = """
UPDATE core_counter c SET n = greatest(c.n + %(by)s, 0)
  FROM unnest(%(keys)s::text[], %(starts)s::timestamptz[]) AS x(key, starts)
 WHERE c.key = x.key AND c.starts = x.starts
"""


class Window(NamedTuple):
    """At most so many between two moments; windows of one rule follow each other without gaps."""

    key: str
    starts: datetime
    ends: datetime
    most: int


@dataclass(frozen=True)
class Rule:
    """A row of delivery_limit."""

    subject: str  # "carrier:3", or a mail domain
    per_second: int | None = None
    per_minute: int | None = None
    per_day: int | None = None
    ramp_from: date | None = None
    ramp_first: int | None = None

    def windows(self, now: datetime) -> list[Window]:
        """The windows that NOW is in."""
        found = []
        if self.per_second:
            found.append(_even(f"{self.subject}:second", now, self.per_second, 1.0))
        if self.per_minute:
            found.append(_even(f"{self.subject}:minute", now, self.per_minute, 60.0))
        most = self.day_limit(now.astimezone(clock.LONDON).date())
        if most is not None:
            found.append(_day(f"{self.subject}:day", now, most))
        return found

    def day_limit(self, on: date) -> int | None:
        """At most so many on a day: the limit a day or, while a new sending domain is ramped up, twice each day what it
        was the day before."""
        if self.ramp_from is None or not self.ramp_first:
            return self.per_day
        days = max((on - self.ramp_from).days, 0)
        ramp = self.ramp_first << min(days, 40)
        return ramp if self.per_day is None else min(ramp, self.per_day)


def _even(key: str, now: datetime, number: int, seconds: float) -> Window:
    """The short window that spreads NUMBER evenly over SECONDS: a quarter of a second, or as long as one takes."""
    short = max(QUARTER, seconds / number)
    start = now.timestamp() // short * short
    first, last = (datetime.fromtimestamp(moment, now.tzinfo) for moment in (start, start + short))
    return Window(key, first, last, max(1, int(number / seconds * short)))


def _day(key: str, now: datetime, most: int) -> Window:
    today = now.astimezone(clock.LONDON).date()
    first, last = (clock.london(day, day_time()) for day in (today, today + timedelta(days=1)))
    return Window(key, first, last, most)


class Lease(NamedTuple):
    """So many may go; where fewer than were asked for, more may from `again` on."""

    number: int
    windows: list[Window]
    again: datetime | None


NO_LIMIT = 10**9


class Pacing:
    """One for each worker."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        self._rules: dict[str, Rule] = {}
        self._read_at = 0.0

    async def refresh(self) -> None:
        """Read the limits again when they are a second old."""
        if time.monotonic() - self._read_at < FRESH_SECONDS:
            return
        try:
            rows = await self._connections.execute(_LIMITS)
        except LOST:
            return
        self._rules = {rule.subject: rule for rule in map(_rule, rows)}
        self._read_at = time.monotonic()

    @property
    def domains(self) -> list[str]:
        """The mail domains that have a limit."""
        return [subject for subject in self._rules if not subject.startswith("carrier:")]

    async def lease(self, subject: str, wanted: int) -> Lease:
        """As many of WANTED as may go now to a mail domain or, named "carrier:3", by a carrier."""
        rule = self._rules.get(subject)
        windows = rule.windows(clock.now()) if rule else []
        if not windows:
            return Lease(wanted, [], None)
        async with self._connections.borrowed() as connection, connection.transaction():
            used = dict(await fetch(connection, _LOCK, _values(windows)))
            number = max(0, min([wanted, *(window.most - used[window.key] for window in windows)]))
            if number:
                await fetch(connection, _TAKE, _values(windows) | {"by": number})
        full = [window.ends for window in windows if window.most - used[window.key] <= number]
        return Lease(number, windows, max(full) if number < wanted and full else None)

    async def give_back(self, lease: Lease, number: int) -> None:
        """What was leased and not used."""
        if number > 0 and lease.windows:
            await self._connections.execute(_TAKE, _values(lease.windows) | {"by": -number})


def _values(windows: Iterable[Window]) -> dict[str, Any]:
    keys, starts, ends, _ = zip(*windows, strict=True)
    return {"keys": list(keys), "starts": list(starts), "ends": list(ends)}


def _rule(row: tuple[Any, ...]) -> Rule:
    carrier, domain, *numbers = row
    return Rule(domain.lower() if carrier is None else f"carrier:{carrier}", *numbers)
