"""What carriers tell us afterwards: kept as it came, and the ledger moved along the ways that make sense.

Receipts come early (before we recorded the hand-over ourselves), late, twice and in any order; none of that does harm.
One statement serves one receipt or a thousand of them.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

import psycopg
from django.db import connection, transaction
from django.db.utils import OperationalError
from psycopg.errors import DeadlockDetected

from peelian.audit.actions import SYSTEM
from peelian.contacts import actions as contacts
from peelian.contacts.models import Address
from peelian.core import clock
from peelian.delivery import bounces, status_codes
from peelian.delivery.models import Reason, State
from peelian.members import actions as members

CODE_KEPT = 24  # characters
TRIES = 5

# Reasons that are about the address itself, and what becomes of it. SUPPRESSED is what a carrier says of somebody who
# has told the carrier to stop.
SUPPRESSES = {
    Reason.BOUNCED: Address.Suppression.BOUNCED,
    Reason.COMPLAINED: Address.Suppression.COMPLAINED,
    Reason.SUPPRESSED: Address.Suppression.STOPPED,
}
PASSING = (Reason.FULL, Reason.REFUSED)  # counted, with decay


class Meaning(NamedTuple):
    """What a carrier's word means: a row of a receipts table."""

    state: State
    reason: Reason = Reason.NONE


class Report(NamedTuple):
    """One thing that a carrier said of one delivery. `code` is its word, or an enhanced status code."""

    send_id: int
    address_id: int
    state: State
    reason: Reason
    code: str
    at: datetime


class BadSignature(Exception):
    """The request is not signed as this carrier signs."""


class Later(Exception):
    """Something it needs is not to be had just now: the carrier should tell us again."""


class Unreadable(Exception):
    """The request is not what this carrier sends."""


# Which way a row may go: always towards what is stronger, so that the order in which receipts come makes no
# difference. A complaint, then a notice that it came back for good, then its arrival, then a passing failure. What
# waits to go again may have arrived at the first try; only a later notice that it came back undoes an arrival.
_PASSING = f"('{Reason.FULL}', '{Reason.REFUSED}', '{Reason.GAVE_UP}', '{Reason.BLOCKED}', '{Reason.UNANSWERED}')"
_ALLOWED = f"""
CASE n.state
  WHEN {State.DELIVERED} THEN d.state IN ({State.QUEUED}, {State.CLAIMED}, {State.HANDED_OVER}, {State.UNKNOWN})
       OR d.state = {State.FAILED} AND d.reason IN {_PASSING}
  WHEN {State.FAILED} THEN d.state IN ({State.CLAIMED}, {State.HANDED_OVER}, {State.UNKNOWN})
       OR d.state = {State.FAILED} AND d.reason IN {_PASSING}
          AND n.reason IN ('{Reason.COMPLAINED}', '{Reason.BOUNCED}')
       OR d.state = {State.FAILED} AND d.reason = '{Reason.BOUNCED}' AND n.reason = '{Reason.COMPLAINED}'
       OR d.state = {State.DELIVERED} AND (n.reason = '{Reason.COMPLAINED}' OR n.reason = '{Reason.BOUNCED}'
          AND n.at >= coalesce((SELECT max(r.at) FROM delivery_receipt r WHERE r.send_id = d.send_id
                                   AND r.address_id = d.address_id AND r.state = {State.DELIVERED}), n.at))
  WHEN {State.UNKNOWN} THEN d.state IN ({State.CLAIMED}, {State.HANDED_OVER})
  WHEN {State.HANDED_OVER} THEN d.state = {State.UNKNOWN}
  ELSE false END
"""
# Of several of one delivery in one call the strongest counts: what no other could undo
_STRENGTH = f"""
CASE WHEN state = {State.FAILED} AND reason = '{Reason.COMPLAINED}' THEN 0
     WHEN state = {State.FAILED} AND reason = '{Reason.BOUNCED}' THEN 1
     WHEN state = {State.DELIVERED} THEN 2 WHEN state = {State.FAILED} THEN 3
     WHEN state = {State.UNKNOWN} THEN 4 ELSE 5 END
"""
APPLY = f"""
WITH given AS MATERIALIZED (
    SELECT x.* FROM unnest(%(sends)s::bigint[], %(addresses)s::bigint[], %(states)s::smallint[], %(reasons)s::text[],
                           %(codes)s::text[], %(ats)s::timestamptz[]) AS x(send_id, address_id, state, reason, code, at)
), kept AS (
    INSERT INTO delivery_receipt (send_id, address_id, state, reason, code, carrier, at)
    SELECT DISTINCT ON (g.send_id, g.address_id, g.state, g.code)
           g.send_id, g.address_id, g.state, g.reason, g.code, coalesce(%(carrier)s::smallint, d.carrier), g.at
      FROM given g JOIN delivery d ON d.send_id = g.send_id AND d.address_id = g.address_id
     ORDER BY g.send_id, g.address_id, g.state, g.code, g.at
    ON CONFLICT DO NOTHING RETURNING send_id, address_id, state, reason
), strongest AS (
    SELECT DISTINCT ON (send_id, address_id) * FROM given ORDER BY send_id, address_id, {_STRENGTH}
), before AS MATERIALIZED (
    SELECT d.send_id, d.address_id, d.state AS was, n.state, n.reason
      FROM delivery d JOIN strongest n ON n.send_id = d.send_id AND n.address_id = d.address_id
     WHERE {_ALLOWED} ORDER BY d.send_id, d.address_id FOR NO KEY UPDATE OF d
), moved AS (
    UPDATE delivery d SET state = b.state, reason = b.reason, changed_at = now()
      FROM before b WHERE d.send_id = b.send_id AND d.address_id = b.address_id
    RETURNING d.send_id, d.channel, d.carrier, b.was, d.state
), tallied AS (
    INSERT INTO delivery_tally (send_id, channel, state, carrier, n)
    SELECT send_id, channel, state, carrier, sum(n) FROM (
        SELECT send_id, channel, was AS state, carrier, -1 AS n FROM moved WHERE was > 1
        UNION ALL SELECT send_id, channel, state, carrier, 1 FROM moved) deltas
     GROUP BY send_id, channel, state, carrier
), recovered AS (
    DELETE FROM delivery_softbounce WHERE address_id IN (SELECT address_id FROM kept WHERE state = {State.DELIVERED})
)
SELECT (SELECT count(*) FROM moved),
       ARRAY(SELECT address_id || ' ' || reason FROM kept WHERE state = {State.FAILED} AND reason <> ''
              ORDER BY address_id)
"""


def apply(reports: Sequence[Report], *, carrier: int | None) -> int:
    """Keep receipts and move the ledger; returns how many deliveries changed. CARRIER is the id of the models.Carrier
    that says so, None for mail that came back to us.

    The same receipt again changes nothing. An address that came back for good, or whose owner complained or said stop,
    is suppressed in the same transaction; a passing failure is counted (delivery.bounces).
    """
    if not reports:
        return 0
    values = _values(reports, carrier)
    if connection.in_atomic_block:
        return _apply(values)
    for left in reversed(range(TRIES)):
        try:
            if any(report.state == State.FAILED for report in reports):
                with transaction.atomic():
                    return _apply(values)
            return _apply(values)
        except OperationalError as problem:
            if not left or not _may_go_again(problem):
                raise
    raise AssertionError


def _may_go_again(problem: OperationalError) -> bool:
    """A worker recorded the same rows in another order; or the database was started anew since the connection was last
    used, which asking it before each receipt would cost more to find out."""
    if isinstance(problem.__cause__, DeadlockDetected):
        time.sleep(0.05)
        return True
    lost = connection.connection is not None and connection.connection.closed
    connection.close()
    return lost


def _values(reports: Sequence[Report], carrier: int | None) -> dict[str, Any]:
    return {
        "sends": [report.send_id for report in reports],
        "addresses": [report.address_id for report in reports],
        "states": [int(report.state) for report in reports],
        "reasons": [str(report.reason) for report in reports],
        "codes": [report.code[:CODE_KEPT] for report in reports],
        "ats": [report.at for report in reports],
        "carrier": carrier,
    }


def _apply(values: dict[str, Any]) -> int:
    changed, failures = _execute(values)
    if failures:
        _follow(failures)
    return changed


def _execute(values: dict[str, Any]) -> tuple[int, list[str]]:
    """The statement, prepared: planning it anew takes the database longer than running it for one receipt. Django's
    cursors never prepare (they fill values in on our side), so this is psycopg's own, on Django's connection."""
    connection.ensure_connection()
    raw = connection.connection
    before, raw.prepare_threshold = raw.prepare_threshold, 0
    try:
        with connection.wrap_database_errors, psycopg.Cursor(raw) as cursor:
            changed, failures = cursor.execute(APPLY, values, prepare=True).fetchone() or (0, [])
    finally:
        raw.prepare_threshold = before
    return int(changed), failures


def _follow(failures: list[str]) -> None:
    """What new failures mean for their addresses."""
    by_reason: dict[Reason, list[int]] = {}
    for failure in failures:
        address_id, _, reason = failure.partition(" ")
        by_reason.setdefault(Reason(reason), []).append(int(address_id))
    for reason, why in SUPPRESSES.items():
        if ids := by_reason.get(reason):
            suppress(ids, why)
    passing = sorted({address_id for reason in PASSING for address_id in by_reason.get(reason, [])})
    if passing and (worn_out := bounces.count(passing)):
        suppress(worn_out, Address.Suppression.BOUNCED)


@transaction.atomic
def suppress(address_ids: list[int], why: Address.Suppression) -> None:
    """Send nothing more to these addresses; whoever lost their email by it is asked for a new one, if they can be."""
    free = Address.objects.select_for_update().filter(pk__in=address_ids, suppression="").order_by("pk")
    ids = list(free.values_list("pk", flat=True))
    contacts.suppress(address_ids=ids, why=why, by=SYSTEM)
    if why == Address.Suppression.BOUNCED:
        members.ask_for_new_email(address_ids=ids)


def refused(send_id: int, given: Sequence[tuple[int, str]], *, carrier: int | None) -> int:
    """Deliveries that a mail server refused in our own conversation: (address id, code) each, the code enhanced where
    there is one. The same meaning as the same code in a message that came back."""
    now = clock.now()
    return apply(
        [Report(send_id, address, State.FAILED, status_codes.reason(code), code, now) for address, code in given],
        carrier=carrier,
    )
