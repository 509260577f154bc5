"""`peelian bench website`: a neighbourhood's page from one process, asked for at a steady 300 a second, and beside it
the pages of alerts, events and promises, first painted and then as they are kept.

It stands on the database that `peelian bench insight` fills, since a page without crime, ratings and reach would be
too light; with `--keep` the two share it.
"""

from __future__ import annotations

import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db import connection

from peelian.accounts.models import Organisation, Staff, Team
from peelian.accounts.roles import Role
from peelian.alerts.queries import public_alerts
from peelian.config.bench import insight, steady
from peelian.config.bench.pages import measure, server
from peelian.config.bench.report import Result, half_and_most, progress
from peelian.config.bench.scratch import Scratch
from peelian.config.bench.used import Used
from peelian.core import clock, installation
from peelian.events.models import Event
from peelian.places.models import Area
from peelian.places.queries import neighbourhoods
from peelian.priorities.models import Priority, Promise
from peelian.priorities.queries import public_promises
from peelian.website.models import PageViews

RATE, SECONDS = 300, 60
EACH = 200  # pages of a kind
COLUMNS = ("what", "a second", "requests", "p50 ms", "p95 ms", "KB sent", "web ms", "database ms")
WANTED = "Wanted: at 300 requests a second on one process, 95 in 100 within 100 ms; the first page under 100 KB."
PARTS = ("fill",)


def run(scratch: Scratch, members: int | None = None, part: str | None = None) -> Result:
    """Fill what is not filled yet, then ask: one page, all neighbourhoods in turn, and pages of programmes."""
    found = insight.run(scratch, members, "fill")
    _publish()
    if part == "fill":
        return found
    installation.mark_demo()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM members_member")
        people = cursor.fetchone()[0]
    paths = [f"/areas/{code}/" for code in neighbourhoods().order_by("code").values_list("code", flat=True)]
    result = Result(f"website: {people:,} members, {len(paths)} neighbourhoods, one process of four threads", COLUMNS)
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home)
        with server(folder, "--workers", "1") as port:
            progress("each page for the first time")
            _what, n, half, most, size = measure(port, "", paths, "", requests=len(paths), warm_up=0)
            result.rows.append(("each page painted, one after the other", "", n, half, most, size, "", ""))
            result.rows.append(_at_pace(port, folder, "all neighbourhoods in turn", paths))
            result.rows.append(_at_pace(port, folder, "one neighbourhood", paths[:1]))
            for what, paths in _of_programmes().items():
                result.rows.append(_asked(port, f"{what}, each painted", paths))
                result.rows.append(_asked(port, f"{what}, kept", paths[:1], warm_up=1))
            time.sleep(6)  # what was counted is written every five seconds
    result.notes = [
        WANTED,
        f"{RATE} a second for {SECONDS} s over the loopback by 24 visitors; an answer’s time counts from when it was"
        " due."
        " KB sent are of the largest answer, as visitors get it; ms of processor are for each request.",
        "A page that nobody asked for within the minute is painted while its reader waits: that is the first row.",
        "Alerts, events and promises are asked for one after the other by one visitor; how many a second one process"
        " answers is 1,000 by its milliseconds of processor, while it has a core.",
        f"Views counted by the website itself: {_counted():,}.",
    ]
    return result


def _at_pace(port: int, folder: Path, what: str, paths: list[str]) -> tuple[Any, ...]:
    progress(what)
    used = Used(port)
    went = steady.run(port, folder, paths=paths, rate=RATE, seconds=SECONDS)
    web, database, _client = used.since(len(went.times), went.processor)
    rate = round(len(went.times) / went.seconds, 1)
    return (what, rate, len(went.times), *half_and_most(went.times), round(went.largest / 1024, 1), web, database)


def _of_programmes() -> dict[str, list[str]]:
    """Addresses of pages of the apps below, by kind."""
    events = Event.objects.filter(public=True, state=Event.State.PUBLISHED).order_by("pk")
    return {
        "an alert": [one.get_absolute_url() for one in public_alerts()[:EACH]],
        "an event": [one.get_absolute_url() for one in events[:EACH]],
        "a promise": [one.get_absolute_url() for one in public_promises()[:EACH]],
    }


def _asked(port: int, what: str, paths: list[str], warm_up: int = 0) -> tuple[Any, ...]:
    """One after the other; of paths that nobody asked for before, each is painted."""
    progress(what)
    measure(port, what, paths[:1], "", requests=1, warm_up=warm_up)
    used = Used(port)
    requests = EACH if warm_up else len(paths)
    _what, n, half, most, size = measure(port, what, paths, "", requests=requests, warm_up=0)
    web, database, _client = used.since(n, 0.0)
    return (what, "", n, half, most, size, web, database)


def _counted() -> int:
    return sum(PageViews.objects.filter(page__startswith="area:").values_list("views", flat=True))


def _publish() -> None:
    """For each sector a team with five people and three priorities; for each ward four promises and three events."""
    if Event.objects.exists():
        return
    police, now = Organisation.objects.get(slug="police"), clock.now()
    author = Staff.objects.filter(role=Role.COMMUNICATIONS).first() or Staff.objects.create(
        email="web@heartshire.example", role=Role.COMMUNICATIONS, password=""
    )
    events, promises, priorities = [], [], []
    for sector in Area.objects.filter(kind=Area.Kind.SECTOR, valid_to=None):
        team = Team.objects.create(slug=f"web-{sector.pk}", name=f"{sector.name} team", organisation=police)
        team.areas.add(sector)
        people = [
            Staff(email=f"w{sector.pk}-{n}@heartshire.example", role=Role.OFFICER, job_title="PCSO") for n in range(5)
        ]
        team.people.add(*Staff.objects.bulk_create(people))
        priorities += [
            Priority(
                ref=f"p{sector.pk}-{n}", sector=sector, title=f"Priority {n}", source="community",
                doing="We are there.", state="listed", rank=n, opened_on=clock.today(),
                reviewed_on=clock.today(), proposed_at=now,
            )
            for n in range(1, 4)
        ]  # fmt: skip
        for ward in Area.objects.filter(parent=sector, valid_to=None):
            events += [
                Event(
                    ref=f"e{ward.pk}-{n}", kind="ward", title=f"Ward meeting {n}", area=ward, team=team,
                    state="published", starts_at=now + timedelta(days=n), changed_at=now,
                    ends_at=now + timedelta(days=n, hours=1), venue="Library", published_at=now,
                )
                for n in range(1, 4)
            ]  # fmt: skip
            promises += [
                Promise(
                    ref=f"r{ward.pk}-{n}", area=ward, said="The alley is dark.", channel="At a meeting", team=team,
                    will_do="Ask for light.", due_on=clock.today() + timedelta(days=n - 2), owner=author, made_at=now,
                    first_due_on=clock.today(), state="open", published_at=now, changed_at=now,
                )
                for n in range(4)
            ]  # fmt: skip
    Priority.objects.bulk_create(priorities)
    Event.objects.bulk_create(events)
    Promise.objects.bulk_create(promises)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
