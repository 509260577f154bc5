"""`peelian bench insight`: rollups after a day's traffic, and the pages that read them, at a large force's size.

Each part of insight adds what it needs to the scratch database and names its pages; the refresh is of all rollups
together. Filling takes longer than measuring, so with `--keep` the filled database stays: `--part fill`, then
`--part refresh` and `--part pages` as often as one likes. Each refresh has another day's traffic before it.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from django.db import connection

from peelian.accounts.models import Staff
from peelian.accounts.roles import Role
from peelian.config.bench import insight_measures, insight_outreach, insight_panels, insight_reach, insight_traffic
from peelian.config.bench.insight_traffic import LEDGER
from peelian.config.bench.pages import measure, server, signed_in
from peelian.config.bench.report import Result, progress
from peelian.config.bench.scratch import Scratch, environment
from peelian.core import clock, installation
from peelian.core.periods import last_whole_month
from peelian.insight.models import Refresh
from peelian.insight.rollups import refresh_all
from peelian.places.queries import neighbourhoods

MEMBERS = 2_000_000
REQUESTS = 40  # of each kind of page: its paths in turn, so that most are asked for the first time
WARM_UP = 4  # before, of the same kind: enough that both web processes have loaded what they need
STEPS = ("fill", "refresh", "pages", "paper")
COLUMNS = ("what", "times", "p50 ms", "p95 ms", "KB")
WANTED = "Wanted: at most 60 s for the refresh after a day, 300 ms for 95 in 100 pages, 20 s for a board paper."
Pages = Mapping[str, list[str]]  # what is measured → paths, asked in turn

# Each fills its tables, once; and says which pages read what is made of them
FILLS: dict[str, Callable[[Scratch, int], None]] = {
    "small areas and answers": insight_reach.fill,
    "alerts": insight_panels.fill,
    "months of crime": insight_measures.fill,
    "doorstep sign-ups": insight_outreach.fill,
}
PAGES: list[Callable[[], Pages]] = [
    insight_reach.pages, insight_panels.pages, insight_measures.pages, insight_outreach.pages,
]  # fmt: skip
_KEPT = "CREATE TABLE IF NOT EXISTS bench_filled (step text PRIMARY KEY, members int NOT NULL)"
ALL = "all of it"


def run(scratch: Scratch, members: int | None = None, part: str | None = None) -> Result:
    """Fill, refresh once from nothing, let a day pass, refresh again, ask for the pages; or one step of that. What a
    kept database is filled with already is not filled again, whatever MEMBERS says."""
    steps = [part] if part else STEPS
    rows: list[tuple[Any, ...]] = []
    done = _filled()
    there = next(iter(done.values()), members or MEMBERS)
    if ALL not in done:
        assert "fill" in steps, "There is nothing to measure yet: begin with --part fill --keep, or leave --part out."
        rows += _fill(scratch, there)
    if "refresh" in steps:
        rows += _refresh(there)
    if "pages" in steps:
        rows += _pages()
    if "paper" in steps:
        rows += [_paper("the force"), _paper("the force and five wards", areas=5)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples::bigint FROM pg_class WHERE relname = 'delivery'")
        deliveries = cursor.fetchone()[0]
    return Result(f"insight: {there:,} members, {deliveries:,} deliveries", COLUMNS, rows, [WANTED])


def _filled() -> dict[str, int]:
    """Step → with how many members it was done."""
    with connection.cursor() as cursor:
        cursor.execute(_KEPT)
        cursor.execute("SELECT step, members FROM bench_filled")
        return dict(cursor.fetchall())


def _fill(scratch: Scratch, members: int) -> list[tuple[Any, ...]]:
    """Those steps that are not done."""
    steps: dict[str, Callable[[], Any]] = {f"{members:,} members": lambda: scratch.members(members)}
    for round_ in range(LEDGER):
        name = f"{members:,} deliveries, {round_ + 1} of {LEDGER}"
        steps[name] = partial(insight_traffic.send, 1, members, members, ago=5 + round_ * 14)
    steps |= {what: partial(fill, scratch, members) for what, fill in FILLS.items()} | {"VACUUM ANALYZE": _vacuum}
    rows: list[tuple[Any, ...]] = []
    done = _filled()
    steps[ALL] = lambda: rows.append(_took("refresh of all rollups, from nothing", _refreshed()))
    for step, fill in steps.items():
        if step not in done:
            progress(step)
            fill()
            with connection.cursor() as cursor:
                cursor.execute("INSERT INTO bench_filled VALUES (%s, %s)", [step, members])
    return rows


def _vacuum() -> None:
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _refresh(members: int) -> list[tuple[Any, ...]]:
    progress("a day's traffic")
    a_day = insight_traffic.a_day(members)
    seconds = _refreshed()
    each = Refresh.objects.order_by("-seconds").values_list("name", "seconds")
    return [
        _took(f"the same after {a_day:,} deliveries", seconds),
        *(_took(f"  of that {name}", s) for name, s in each),
    ]


def _took(what: str, seconds: float) -> tuple[Any, ...]:
    return (what, 1, round(seconds * 1_000), round(seconds * 1_000), 0.0)


def _refreshed() -> float:
    progress("refresh of all rollups")
    began = time.perf_counter()
    refresh_all()
    seconds = time.perf_counter() - began
    failed = dict(Refresh.objects.exclude(problem="").values_list("name", "problem"))
    assert not failed, failed
    progress(f"they took {seconds:.1f} s")
    return seconds


def _pages() -> list[tuple[Any, ...]]:
    cookie = signed_in(_analyst())
    rows = []
    with tempfile.TemporaryDirectory() as home, server(Path(home)) as port:
        for pages in PAGES:
            for what, paths in pages().items():
                rows.append(measure(port, what, paths, cookie, REQUESTS, WARM_UP))
                progress(f"{what}: {rows[-1][2]} ms, 95th percentile {rows[-1][3]} ms")
    return rows


def _paper(of: str, areas: int = 0) -> tuple[Any, ...]:
    """A board paper by command, start of Python included."""
    progress(f"a board paper of {of}")
    codes = neighbourhoods().order_by("code").values_list("code", flat=True)[:areas]
    command = [sys.executable, "-m", "peelian.config.cli", "report", "board"]
    period = ["--period", last_whole_month(clock.today()).name, "--areas", *codes]
    with tempfile.TemporaryDirectory() as home:
        out = Path(home) / "board.pdf"
        began = time.perf_counter()
        done = subprocess.run([*command, *period, "--out", str(out)], env=environment(), capture_output=True, text=True)
        assert done.returncode == 0, done.stderr or done.stdout
        return (*_took(f"board paper of {of}", time.perf_counter() - began)[:-1], round(out.stat().st_size / 1024, 1))


def _analyst() -> Staff:
    installation.mark_demo()
    given = {"role": Role.ANALYST, "is_demo": True, "password": ""}
    return Staff.objects.get_or_create(email="bench@heartshire.example", defaults=given)[0]
