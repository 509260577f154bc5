"""`peelian bench insight`: rollups after a day's traffic, and the pages that read them, at a large force's size.

Each part of insight adds what it needs to the scratch database and names its pages; the refresh is of all rollups
together. A part is a function that fills its tables and gives paths to ask for.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from django.db import connection, transaction

from peelian.accounts.models import Staff
from peelian.accounts.roles import Role
from peelian.config.bench import insight_panels, insight_reach
from peelian.config.bench.pages import measure, server, signed_in
from peelian.config.bench.report import Result
from peelian.config.bench.scratch import Scratch
from peelian.core import installation
from peelian.insight.models import Refresh
from peelian.insight.rollups import refresh_all

MEMBERS = 2_000_000
LEDGER = 25  # so many times as many deliveries as members: 50,000,000
A_DAY = 0.5  # of the members get something: 1,000,000 deliveries
SENDS_A_DAY = 200
REQUESTS = 100  # of each page
Pages = dict[str, list[str]]  # what is measured → paths, asked in turn

PARTS: dict[str, Callable[[Scratch], Pages]] = {"reach": insight_reach.fill, "panels": insight_panels.fill}

_SEND = """
INSERT INTO delivery_send (renderer, object_id, promotion, lane, state, recipients, counted, practice, text_parts,
                           language_parts, priority, texts, calls, created_at, finished_at)
SELECT 'alerts.alert', n, false, 'routine', 'sent', %(people)s, true, false, 1, '{}', 1, 0, 0, at, at
  FROM (SELECT n, now() - %(ago)s * interval '1 day' AS at FROM generate_series(1, %(sends)s) n) s RETURNING id
"""
_DELIVERIES = """
INSERT INTO delivery (send_id, address_id, member_id, channel, state, tries, reason, changed_at)
SELECT %(send)s, a.id, a.id, 1, CASE WHEN a.id %% 50 = 0 THEN 4 ELSE 3 END, 1, '', now()
  FROM contacts_address a WHERE a.id BETWEEN %(first)s AND %(last)s ORDER BY a.id
"""


def run(scratch: Scratch, members: int = MEMBERS) -> Result:
    """Fill, refresh once from nothing, let a day pass, refresh again, ask for the pages."""
    scratch.members(members)
    for round_ in range(LEDGER):
        _send(1, members, members, ago=5 + round_ * 14)
    pages = {what: paths for fill in PARTS.values() for what, paths in fill(scratch).items()}
    result = Result(
        f"insight: {members:,} members, {members * LEDGER:,} deliveries", ("what", "times", "p50 ms", "p95 ms", "KB")
    )
    first = _refreshed()
    a_day = _send(SENDS_A_DAY, max(1, round(members * A_DAY / SENDS_A_DAY)), members, ago=0)
    seconds = _refreshed()
    each = Refresh.objects.order_by("-seconds").values_list("name", "seconds")
    result.rows.append(("refresh of all rollups, from nothing", 1, round(first * 1_000), round(first * 1_000), 0.0))
    result.rows.append((f"the same after {a_day:,} deliveries", 1, round(seconds * 1_000), round(seconds * 1_000), 0.0))
    result.rows += [(f"  of that {name}", 1, round(s * 1_000), round(s * 1_000), 0.0) for name, s in each]
    cookie = signed_in(_analyst())
    with tempfile.TemporaryDirectory() as home, server(Path(home)) as port:
        result.rows += [measure(port, what, paths, cookie, REQUESTS) for what, paths in pages.items()]
    result.notes = ["Wanted: at most 60 s for the refresh after a day, and 300 ms for 95 in 100 pages."]
    return result


def _analyst() -> Staff:
    installation.mark_demo()
    return Staff.objects.create(email="bench@heartshire.example", role=Role.ANALYST, is_demo=True, password="")


def _send(sends: int, people: int, members: int, *, ago: int) -> int:
    """So many sends to so many neighbours each, which ended AGO days ago. Returns how many deliveries."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_SEND, {"people": people, "sends": sends, "ago": ago})
        for at, (send,) in enumerate(cursor.fetchall()):
            first = 1 + at * (members - people) // max(1, sends - 1) if sends > 1 else 1
            cursor.execute(_DELIVERIES, {"send": send, "first": first, "last": first + people - 1})
    return sends * people


def _refreshed() -> float:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    began = time.perf_counter()
    refresh_all()
    seconds = time.perf_counter() - began
    failed = dict(Refresh.objects.exclude(problem="").values_list("name", "problem"))
    assert not failed, failed
    return seconds
