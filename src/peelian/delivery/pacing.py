"""How fast: limits of carriers and of recipients' mail domains, kept by all workers together.

Tokens are leased from one UNLOGGED table (core_counter), a short window at a time: as many as a share of a batch needs,
in one statement, never one row for each message. What is not used is given back; what is lost with a worker is lost
with its window. A limit a minute is kept second by second, so that no rolling minute has more than one window's worth
above it.
"""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from datetime import time as day_time
from typing import Any, NamedTuple

from django.db import connection

from peelian.core import clock
from peelian.delivery import shifting
from peelian.delivery.carriers import registry
from peelian.delivery.database import LOST, Connections
from peelian.delivery.models import Carrier

FRESH_SECONDS = 1.0
QUARTER = 0.25  # seconds; no window is shorter

LIMITS = "SELECT carrier_id, mail_domain, per_second, per_minute, per_day, ramp_from, ramp_first FROM delivery_limit"
_ASKED = """
asked AS (
    SELECT * FROM unnest(%(subjects)s::text[], %(wanted)s::bigint[], %(keys)s::text[], %(starts)s::timestamptz[],
                         %(most)s::bigint[]) AS x(subject, wanted, key, starts, most)
), locked AS MATERIALIZED (
    SELECT a.*, c.n FROM core_counter c JOIN asked a ON a.key = c.key AND a.starts = c.starts
     ORDER BY c.key, c.starts FOR UPDATE OF c
)
"""
# A subject gets what the fullest of its windows still has. Nothing at all while one of the windows is not there yet.
_LEASE = f"""
WITH {_ASKED}, granted AS MATERIALIZED (
    SELECT subject, CASE WHEN (SELECT count(*) FROM locked) < %(windows)s THEN 0
                         ELSE greatest(0, least(min(wanted), min(most - n))) END AS number
      FROM locked GROUP BY subject
), taken AS (
    UPDATE core_counter c SET n = c.n + g.number FROM locked l JOIN granted g ON g.subject = l.subject
     WHERE c.key = l.key AND c.starts = l.starts AND g.number > 0
)
SELECT l.key, l.n, g.number FROM locked l JOIN granted g ON g.subject = l.subject
"""
_BEGIN = """
INSERT INTO core_counter (key, starts, ends, n)
SELECT x.key, x.starts, x.ends, 0
  FROM unnest(%(keys)s::text[], %(starts)s::timestamptz[], %(ends)s::timestamptz[]) AS x(key, starts, ends)
 ORDER BY x.key, x.starts ON CONFLICT (key, starts) DO NOTHING
"""
_GIVE_BACK = f"""
WITH {_ASKED}
UPDATE core_counter c SET n = greatest(c.n - l.wanted, 0) FROM locked l WHERE c.key = l.key AND c.starts = l.starts
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
        if self.per_second is not None:
            found.append(_even(f"{self.subject}:second", now, self.per_second, 1.0))
        if self.per_minute is not None:
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
        ramp = self.ramp_first << min(days, 30)
        return ramp if self.per_day is None else min(ramp, self.per_day)

    @property
    def a_minute(self) -> float | None:
        """Messages a minute that the short limits let through; None where there are none."""
        found = [
            number * times for number, times in ((self.per_second, 60.0), (self.per_minute, 1.0)) if number is not None
        ]
        return min(found) if found else None


def rule_of(row: tuple[Any, ...]) -> Rule:
    """From a row of LIMITS."""
    carrier, domain, *numbers = row
    return Rule(domain.lower() if carrier is None else f"carrier:{carrier}", *numbers)


def _even(key: str, now: datetime, number: int, seconds: float) -> Window:
    """The short window that spreads NUMBER evenly over SECONDS: as many whole messages as go in a quarter of a second
    or just above it, and as long as they take."""
    if number <= 0:
        return Window(key, now, now + timedelta(seconds=seconds), 0)
    most = max(1, math.ceil(number * QUARTER / seconds))
    short = most * seconds / number
    start = now.timestamp() // short * short
    first, last = (datetime.fromtimestamp(moment, now.tzinfo) for moment in (start, start + short))
    return Window(key, first, last, most)


def _day(key: str, now: datetime, most: int) -> Window:
    today = now.astimezone(clock.LONDON).date()
    first, last = (clock.london(day, day_time()) for day in (today, today + timedelta(days=1)))
    return Window(key, first, last, most)


class Lease(NamedTuple):
    """So many may go; where fewer than were asked for, more may from `again` on."""

    number: int
    windows: list[Window]
    again: datetime | None


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
            rows = await self._connections.execute(LIMITS)
        except LOST:
            return
        self._rules = {rule.subject: rule for rule in map(rule_of, rows)}
        self._read_at = time.monotonic()

    @property
    def domains(self) -> list[str]:
        """The mail domains that have a limit."""
        return [subject for subject in self._rules if not subject.startswith("carrier:")]

    async def lease(self, wanted: Mapping[str, int]) -> dict[str, Lease]:
        """As many as may go now to each mail domain or, named "carrier:3", by a carrier. All in one statement; while
        the database is away, nothing that has a limit."""
        now = clock.now()
        windows = {one: self._rules[one].windows(now) if one in self._rules else [] for one in wanted}
        try:
            found = await self._take(wanted, windows) if any(windows.values()) else {}
        except LOST:
            later = now + timedelta(seconds=1)
            return {one: Lease(0, [], later) if windows[one] else Lease(wanted[one], [], None) for one in wanted}
        leases = {}
        for subject, number in wanted.items():
            granted = min([found[window.key][1] for window in windows[subject]], default=number)
            full = [window.ends for window in windows[subject] if window.most - found[window.key][0] <= granted]
            leases[subject] = Lease(granted, windows[subject], max(full) if granted < number and full else None)
        return leases

    async def _take(self, wanted: Mapping[str, int], windows: dict[str, list[Window]]) -> dict[str, tuple[int, int]]:
        """Window's key → how many were taken before, and how many now."""
        every = [(subject, wanted[subject], window) for subject, of_one in windows.items() for window in of_one]
        values = _values(every) | {"windows": len(every)}
        while True:
            rows = await self._connections.execute(_LEASE, values)
            if len(rows) == len(every):
                return {key: (before, number) for key, before, number in rows}
            await self._connections.execute(_BEGIN, values)

    async def give_back(self, unused: list[tuple[Lease, int]]) -> None:
        """What was leased and not used; of windows that have passed nobody has any use."""
        now = clock.now()
        every = [
            ("", number, window)
            for lease, number in unused
            for window in lease.windows
            if number > 0 and window.ends > now
        ]
        if every:
            with suppress(*LOST):
                await self._connections.execute(_GIVE_BACK, _values(every))


def _values(every: list[tuple[str, int, Window]]) -> dict[str, Any]:
    return {
        "subjects": [subject for subject, _, _ in every],
        "wanted": [number for _, number, _ in every],
        "keys": [window.key for _, _, window in every],
        "starts": [window.starts for _, _, window in every],
        "ends": [window.ends for _, _, window in every],
        "most": [window.most for _, _, window in every],
    }


# For pages ------------------------------------------------------------------------------------------------------------

DAYS_AHEAD = 366
# Of every counter: in windows that began within the last second, the last minute; and in the day's window
_USED = """
SELECT key, sum(n) FROM core_counter
 WHERE key = ANY(%(keys)s) AND starts <= %(now)s
   AND CASE right(key, 7) WHEN ':second' THEN starts > %(now)s - interval '1 second'
                          WHEN ':minute' THEN starts > %(now)s - interval '1 minute' ELSE ends > %(now)s END
 GROUP BY key
"""
# What carriers took, a minute: of the minute that runs and the last whole one (delivery.shifting counts by minutes)
_RATES = """
SELECT key, sum(n) * 60 / extract(epoch FROM now() - date_trunc('minute', now()) + interval '1 minute')
  FROM core_counter WHERE key = ANY(%s) AND starts >= date_trunc('minute', now()) - interval '1 minute' GROUP BY key
"""


class Part(NamedTuple):
    """One of a rule's limits, and how much of it is used: in the last second or minute, or today."""

    per: str  # second, minute, day
    limit: int
    used: int


@dataclass(frozen=True)
class Use:
    """How much of its limits a carrier, or what goes to a mail domain, has used."""

    rule: Rule
    name: str  # the carrier's, or the mail domain
    carrier_id: int | None
    parts: list[Part]

    @property
    def used_today(self) -> int:
        return sum(part.used for part in self.parts if part.per == "day")


def usage() -> list[Use]:
    """Every limit and its use: carriers by name, then mail domains."""
    now = clock.now()
    with connection.cursor() as cursor:
        cursor.execute(LIMITS)
        rules = {rule.subject: rule for rule in map(rule_of, cursor.fetchall())}
        keys = [f"{one}:{per}" for one in rules for per in ("second", "minute", "day")]
        cursor.execute(_USED, {"keys": keys, "now": now})
        used = {key: int(number) for key, number in cursor.fetchall()}
    names = dict(Carrier.objects.values_list("pk", "name"))
    found = []
    for subject, rule in rules.items():
        carrier = int(subject.partition(":")[2]) if subject.startswith("carrier:") else None
        day = rule.day_limit(now.astimezone(clock.LONDON).date())
        limits = {"second": rule.per_second, "minute": rule.per_minute, "day": day}
        parts = [Part(per, most, used.get(f"{subject}:{per}", 0)) for per, most in limits.items() if most is not None]
        found.append(Use(rule, subject if carrier is None else names[carrier], carrier, parts))
    return sorted(found, key=lambda use: (use.carrier_id is None, use.name))


def drains_at(
    waiting: int, rule: Rule, *, used_today: int = 0, a_minute: float | None = None, now: datetime | None = None
) -> datetime | None:
    """When so many will have gone by these limits, at A_MINUTE (as measured) where that is less; None where nothing
    says how fast, or not within a year."""
    moment = now or clock.now()
    rates = [rate for rate in (a_minute, rule.a_minute) if rate is not None]
    rate = min(rates) if rates else None
    for _ in range(DAYS_AHEAD):
        day = moment.astimezone(clock.LONDON).date()
        midnight = clock.london(day + timedelta(days=1), day_time())
        most = rule.day_limit(day)
        if rate is None and most is None:
            return None
        by_day = waiting if most is None else max(most - used_today, 0)
        by_rate = float(waiting) if rate is None else rate * (midnight - moment).total_seconds() / 60
        if waiting <= min(by_day, by_rate):
            return moment + timedelta(minutes=waiting / rate if rate else 0)
        waiting -= int(min(by_day, by_rate))
        moment, used_today = midnight, 0
    return None


def drain(waiting: Mapping[int, int]) -> dict[int, datetime | None]:
    """Channel → when what waits in it (channel → messages) will have gone, by its carriers' shares and limits and the
    speed of the last minute; None where nothing goes at all, or nothing is known."""
    uses = {use.carrier_id: use for use in usage()}
    rows = list(Carrier.objects.filter(channel__in=waiting).order_by("pk"))
    with connection.cursor() as cursor:
        cursor.execute(_RATES, [[shifting.key(row.pk, shifting.TAKEN) for row in rows]])
        rates = {key: float(number) for key, number in cursor.fetchall()}
    found: dict[int, datetime | None] = {}
    for channel, number in waiting.items():
        named = {one.name for one in registry.configured(channel)}
        there = [row for row in rows if row.channel == channel and row.name in named and row.weight > 0]
        parts = shifting.shares([(row.weight, row.resting) for row in there]) if there else []
        ends = []
        for row, part in zip(there, parts, strict=True):
            use = uses.get(row.pk)
            rule = use.rule if use else Rule(f"carrier:{row.pk}")
            used, rate = use.used_today if use else 0, rates.get(shifting.key(row.pk, shifting.TAKEN))
            ends.append(drains_at(math.ceil(number * part / 100), rule, used_today=used, a_minute=rate or None))
        known = [end for end in ends if end is not None]
        found[channel] = max(known) if known and len(known) == len(ends) else None
    return found
