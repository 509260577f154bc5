"""What failed, was not sent, or has an unknown fate: by reason, and one by one.

There is no index on a delivery's state, so nothing here asks the whole ledger. Tallies say which recent sends have any;
of these the reasons are counted once for each change of their tallies, and kept in the cache.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.db import connection
from django.db.models import Q, QuerySet

from peelian.accounts import queries as accounts
from peelian.accounts.models import Staff
from peelian.contacts.queries import masked
from peelian.core import clock
from peelian.core.keyset import ROWS
from peelian.delivery.models import Channel, Delivery, Reason, State

DAYS = {1: "the last 24 hours", 7: "the last 7 days"}
STATES = (State.FAILED, State.NOT_SENT, State.UNKNOWN)
COUNTED_AT_ONCE = 1_000_000  # deliveries that one page reads to count reasons
READ_AT_ONCE = 1_000_000  # deliveries that one statement of the list reads, and it makes two at most
COUNT_LASTS = timedelta(minutes=1)  # of a send that goes on, whose numbers change all the time
_KEPT = 8 * 24 * 3600  # seconds
_CURSOR = re.compile(r"(?P<send>\d{1,18})-(?P<address>\d{1,18})")

_SENDS = """
SELECT s.id, s.created_at, s.recipients, s.job_id IS NOT NULL, t.state, sum(t.n)
  FROM delivery_send s JOIN delivery_tally t ON t.send_id = s.id AND t.state = ANY(%s)
 WHERE s.created_at >= %s GROUP BY s.id, t.state HAVING sum(t.n) > 0 ORDER BY s.id DESC
"""
_REASONS = """
SELECT send_id, state, reason, count(*) FROM delivery WHERE send_id = ANY(%s) AND state = ANY(%s) GROUP BY 1, 2, 3
"""

Reasons = Counter[tuple[int, str]]  # (state, reason) → deliveries


@dataclass
class Sent:
    """A send with something in it that did not arrive. `by_state` is from its tallies."""

    id: int
    at: datetime
    recipients: int
    single: bool
    by_state: dict[int, int] = field(default_factory=dict)
    reasons: Reasons | None = None  # None: not counted yet


@dataclass(frozen=True)
class Row:
    state: State
    reason: str
    said: str
    day: int
    week: int


@dataclass(frozen=True)
class Failures:
    """By state and reason, the most of a state first. `uncounted`: sends whose reasons nobody has counted yet."""

    rows: list[Row]
    uncounted: int

    def of(self, state: State) -> list[Row]:
        return [row for row in self.rows if row.state == state]


def said(state: int, reason: str) -> str:
    """Why, in words."""
    if state == State.UNKNOWN:
        return "not known: the carrier did not say"
    return Reason(reason).label if reason in Reason.values and reason else "no reason given"


def by_reason() -> Failures:
    """Of what was sent in the last 24 hours and the last 7 days."""
    sends = _recent(max(DAYS))
    _count(sends)
    day, week, since = Reasons(), Reasons(), clock.now() - timedelta(days=1)
    for one in sends:
        week.update(one.reasons or {})
        if one.at >= since:
            day.update(one.reasons or {})
    rows = [
        Row(State(state), reason, said(state, reason), day[state, reason], number)
        for (state, reason), number in sorted(week.items(), key=lambda item: (item[0][0], -item[1]))
    ]
    return Failures(rows, sum(one.reasons is None for one in sends))


def _recent(days: int) -> list[Sent]:
    """The sends of so many days that have any, the newest first."""
    found: dict[int, Sent] = {}
    with connection.cursor() as cursor:
        cursor.execute(_SENDS, [list(map(int, STATES)), clock.now() - timedelta(days=days)])
        for pk, at, recipients, single, state, number in cursor.fetchall():
            found.setdefault(pk, Sent(pk, at, recipients, single)).by_state[state] = int(number)
    return list(found.values())


def _key(pk: int) -> str:
    return f"delivery:reasons:{pk}"


def _recall(sends: list[Sent]) -> list[Sent]:
    """Put in what is known of large sends; returns those to count: never counted, or changed since, singles always."""
    known: dict[str, Any] = cache.get_many([_key(one.id) for one in sends if not one.single])
    left = []
    for one in sends:
        by_state, at, reasons = known.get(_key(one.id), ({}, None, None))
        if reasons is not None:
            one.reasons = Reasons(reasons)
        if by_state != one.by_state and (at is None or clock.now() - at > COUNT_LASTS):
            left.append(one)
    return left


def _count(sends: list[Sent]) -> None:
    """Count the reasons of what has changed, as much of it as one page may read; the rest when it is next asked for."""
    chosen: list[Sent] = []
    room = COUNTED_AT_ONCE
    for one in _recall(sends):
        if chosen and one.recipients > room:
            break
        chosen.append(one)
        room -= one.recipients
    if not chosen:
        return
    found = {one.id: Reasons() for one in chosen}
    with connection.cursor() as cursor:
        cursor.execute(_REASONS, [list(found), list(map(int, STATES))])
        for send, state, reason, number in cursor.fetchall():
            found[send][state, reason] = number
    for one in chosen:
        one.reasons = found[one.id]
    kept = {_key(one.id): (one.by_state, clock.now(), dict(found[one.id])) for one in chosen if not one.single}
    if kept:
        cache.set_many(kept, _KEPT)


# One by one -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class One:
    """A single delivery. `member_id` is None for somebody who may not know who it is."""

    send_id: int
    address: str  # masked
    member_id: int | None
    channel: str
    state: State
    why: str
    tries: int
    carrier: int | None
    at: datetime


@dataclass(frozen=True)
class Page:
    """Of the newest send first. With `next`, there may be more; a page that only looked may have no rows at all."""

    rows: list[One]
    next: str


def page(staff: Staff, *, days: int, state: State, reason: str, cursor: str = "") -> Page:
    """Deliveries of a state and reason in the person's areas. Reads no more than two million of the ledger."""
    sends = [one for one in _recent(days) if one.by_state.get(state)]
    _recall(sends)
    wanted = [one for one in sends if one.reasons is None or one.single or one.reasons[int(state), reason]]
    found = _CURSOR.fullmatch(cursor)
    at = (int(found["send"]), int(found["address"])) if found else None
    if at:
        wanted = [one for one in wanted if one.id <= at[0]]
    rows: list[Delivery] = []
    unread = ""
    for number, run in enumerate(_runs(wanted)):
        if number == 2 or len(rows) > ROWS:
            unread = f"{run[0].id}-0"
            break
        some = _scoped(staff).filter(send_id__in=[one.id for one in run], state=state, reason=reason)
        if at:
            some = some.filter(Q(send_id__lt=at[0]) | Q(send_id=at[0], address_id__gt=at[1]))
        rows += some.select_related("address").order_by("-send_id", "address_id")[: ROWS + 1 - len(rows)]
    if len(rows) > ROWS:
        rows = rows[:ROWS]
        unread = f"{rows[-1].send_id}-{rows[-1].address_id}"
    return Page([_one(row, staff.may("members.read")) for row in rows], unread)


def _runs(sends: list[Sent]) -> Iterator[list[Sent]]:
    """Sends in turn, as many together as one statement may read; one that is larger stands alone."""
    run: list[Sent] = []
    for one in sends:
        if run and sum(other.recipients for other in run) + one.recipients > READ_AT_ONCE:
            yield run
            run = []
        run.append(one)
    if run:
        yield run


def _scoped(staff: Staff) -> QuerySet[Delivery]:
    scope = accounts.scope_area_ids(staff)
    return Delivery.objects.all() if scope is None else Delivery.objects.filter(member__area_id__in=scope)


def _one(row: Delivery, may_know: bool) -> One:
    return One(
        row.send_id,
        masked(row.address),
        row.member_id if may_know else None,
        Channel(row.channel).label,
        State(row.state),
        said(row.state, row.reason),
        row.tries,
        row.carrier,
        row.changed_at,
    )
