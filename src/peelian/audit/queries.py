"""Reads of the trail: pages for auditors, the hash of a day, and whether the trail is still what was sealed."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from peelian.audit import months
from peelian.audit.models import Event, Seal
from peelian.core import clock
from peelian.core.keyset import ROWS, Slice
from peelian.core.wording import plural_count, uk_date

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
BEFORE_THE_FIRST = "0" * 64  # what the first day's seal is chained to


@dataclass(frozen=True)
class Filter:
    """What an auditor looks for; what is empty does not narrow. `verb` may be a beginning ("alert.")."""

    verb: str = ""
    actor_kind: str = ""
    actor_id: int | None = None
    object_kind: str = ""
    object_id: str = ""
    since: date | None = None
    until: date | None = None  # included


def events(wanted: Filter) -> QuerySet[Event]:
    """The events asked for, the newest first."""
    found = Event.objects.order_by("-at", "-id")
    if wanted.verb:
        found = found.filter(verb__startswith=wanted.verb)
    if wanted.actor_kind:
        found = found.filter(actor_kind=wanted.actor_kind)
    if wanted.actor_id is not None:
        found = found.filter(actor_id=wanted.actor_id)
    if wanted.object_kind:
        found = found.filter(object_kind=wanted.object_kind)
    if wanted.object_id:
        found = found.filter(object_id=wanted.object_id)
    if wanted.since:
        found = found.filter(at__gte=start_of(wanted.since))
    if wanted.until:
        found = found.filter(at__lt=start_of(wanted.until + timedelta(days=1)))
    return found


def page(wanted: Filter, cursor: str = "") -> Slice[Event]:
    """25 events, by keyset (core.keyset cannot: this table's key is of two columns)."""
    way, at, number = _read(cursor)
    rows = events(wanted)
    if way == "n":
        rows = rows.filter(Q(at__lte=at), ~Q(at=at) | Q(id__lt=number))
    elif way == "p":
        rows = rows.filter(Q(at__gte=at), ~Q(at=at) | Q(id__gt=number)).order_by("at", "id")
    got = list(rows[: ROWS + 1])
    more, got = len(got) > ROWS, got[:ROWS]
    if way == "p":
        got.reverse()
    before, after = (more, True) if way == "p" else (way == "n", more)
    previous = _cursor("p", got[0]) if got and before else ""
    return Slice(got, previous, _cursor("n", got[-1]) if got and after else "")


def _read(cursor: str) -> tuple[str, datetime, int]:
    way, rest = cursor[:1], cursor[1:]
    at, _, number = rest.partition("-")
    if way in ("n", "p") and at.isdecimal() and number.isdecimal() and len(at) < 18 and len(number) < 19:
        return way, _EPOCH + timedelta(microseconds=int(at)), int(number)
    return "", _EPOCH, 0


def _cursor(way: str, event: Event) -> str:
    return f"{way}{(event.at - _EPOCH) // timedelta(microseconds=1)}-{event.id}"


def start_of(day: date) -> datetime:
    """The moment a London day begins; midnight always exists there."""
    return clock.london(day, time(0))


def digest_of(day: date, before: str) -> tuple[int, str]:
    """How many events a London day has, and the SHA-256 over BEFORE (the seal of the day before) and each of them.

    An event is one line of JSON without spaces, keys in order, moments in UTC with microseconds.
    """
    digest, count = hashlib.sha256(before.encode()), 0
    for row in _rows_of(day):
        digest.update(b"\n" + json.dumps(row, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode())
        count += 1
    return count, digest.hexdigest()


def _rows_of(day: date) -> Iterator[list[Any]]:
    rows = Event.objects.filter(at__gte=start_of(day), at__lt=start_of(day + timedelta(days=1)))
    who, what = ("actor_kind", "actor_id", "actor_label"), ("verb", "object_kind", "object_id", "data", "request_id")
    for at, *rest in rows.order_by("at", "id").values_list("at", "id", *who, *what).iterator(chunk_size=5_000):
        yield [at.astimezone(UTC).isoformat(timespec="microseconds"), *rest]


def last_seal() -> Seal | None:
    return Seal.objects.order_by("-day").first()


def unsealed_days() -> list[date]:
    """The London days that have ended and have no seal yet, from the first event on, the oldest first."""
    seal = last_seal()
    if seal:
        first = seal.day + timedelta(days=1)
    else:
        event = Event.objects.order_by("at", "id").first()
        if event is None:
            return []
        first = event.at.astimezone(clock.LONDON).date()
    return [first + timedelta(days=n) for n in range((clock.today() - first).days)]


def verify() -> list[str]:
    """What does not match, a sentence each; nothing when the trail is as it was sealed."""
    return [*_unguarded(), *_gaps(), *_broken_seals(), *_late()]


def _unguarded() -> list[str]:
    """Tables of the trail on which a trigger is missing or does not always fire."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, count(*) FILTER (WHERE t.tgenabled = 'A' AND t.tgname IN ('no_change', 'no_truncate'))"
            " FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid"
            " LEFT JOIN pg_trigger t ON t.tgrelid = c.oid AND NOT t.tgisinternal"
            " WHERE i.inhparent = 'audit_event'::regclass GROUP BY c.relname ORDER BY c.relname"
        )
        bare = [name for name, guards in cursor.fetchall() if guards < 2]
    return [f"The audit table {name} can be changed: its triggers are off or gone." for name in bare]


def _gaps() -> list[str]:
    there = list(months.partitions())
    return [
        f"The audit trail has no table for {months.month_after(month):%B %Y}."
        for month, following in pairwise(there)
        if following != months.month_after(month)
    ]


def _broken_seals() -> list[str]:
    """Each sealed day, computed again where its events are still kept; and days between that have no seal."""
    wrong: list[str] = []
    before: Seal | None = None
    oldest = datetime.combine(min(months.partitions(), default=date.max), time(0), UTC)
    kept = start_of(months.month_after(months.first_kept(clock.today())))
    for seal in Seal.objects.order_by("day"):
        if before and seal.day != before.day + timedelta(days=1):
            wrong.append(f"The audit trail has no seal for {uk_date(before.day + timedelta(days=1))}.")
        # In summer a London day that begins a month begins an hour before the month's table, which is in UTC
        if start_of(seal.day) < oldest:
            if seal.events and start_of(seal.day) > kept and start_of(seal.day + timedelta(days=1)) <= oldest:
                wrong.append(f"The audit events of {uk_date(seal.day)} are gone; they have to be kept.")
        elif problem := _mismatch(seal, before.digest if before else BEFORE_THE_FIRST):
            wrong.append(problem)
        before = seal
    return wrong


def _mismatch(seal: Seal, before: str) -> str:
    count, digest = digest_of(seal.day, before)
    if digest == seal.digest:
        return ""
    now = "" if count == seal.events else f": it had {plural_count(seal.events, 'event')}, now it has {count:,}"
    return f"The audit events of {uk_date(seal.day)} are not as they were sealed{now}."


def _late() -> list[str]:
    """Yesterday is sealed in the night; a day that waits longer means that nothing seals."""
    waiting = [day for day in unsealed_days() if day < clock.today() - timedelta(days=1)]
    if not waiting:
        return []
    return [f"The audit trail has not been sealed since {uk_date(waiting[0])}: is a worker running?"]
