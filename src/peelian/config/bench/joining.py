"""`peelian bench signups`: many people fill in the pages of joining at once."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from django.urls import reverse

from peelian.config.bench import pages, visitors
from peelian.config.bench.engine import query
from peelian.config.bench.report import Result, half_and_most
from peelian.config.bench.scratch import Scratch
from peelian.config.bench.used import Used
from peelian.core import installation

PEOPLE = 1_000
CONNECTIONS = 8
MEMBERS = 1_000_000  # who are there already
WARM_UP = 40  # people who come before, so that each process has made its pages


def run(scratch: Scratch, members: int = MEMBERS, people: int = PEOPLE) -> Result:
    """So many register, page by page, beside so many members who are there already."""
    scratch.members(members)
    installation.mark_demo()
    query("VACUUM ANALYZE")
    result = Result(
        f"signups: {people:,} people join {members:,} members",
        ("what", "people", "a second", "requests a second", "p50 ms", "p95 ms", *Used.COLUMNS),
    )
    steps = _steps()
    requests = 2 * len(steps) + 1
    with tempfile.TemporaryDirectory() as home, pages.server(Path(home)) as port:
        visitors.run(port, CONNECTIONS, Path(home), steps=steps, people=range(WARM_UP))
        used = Used(port)
        went = visitors.run(port, CONNECTIONS, Path(home), steps=steps, people=range(WARM_UP, WARM_UP + people))
        spent = used.since(people, went.processor)
    rates = round(people / went.seconds, 1), round(people * requests / went.seconds)
    result.rows.append(("joining, all pages", people, *rates, *half_and_most(went.times), *spent))
    _check(members, WARM_UP + people)
    result.notes = [
        f"peelian web (gunicorn, 2 processes of 4 threads) on the loopback, {CONNECTIONS} people at a time, {requests}"
        " requests each, with a browser's headers and on a connection of their own that is kept: every page is opened,"
        " filled in and posted. Client, server and database share the machine; what each used of its processors, in"
        " milliseconds a person, stands beside the rate.",
        "Everybody is there afterwards once, with what they agreed to, and one email to confirm each is in the queue. A"
        " request that fails ends the run.",
    ]
    return result


def _steps() -> list[tuple[str, list[tuple[str, str]], str]]:
    """Of each page: its path, what is filled in ({n} is the person's number), and where its button leads."""
    postcode = query("SELECT code FROM places_postcode ORDER BY code LIMIT 1")[0][0]
    slugs = [row[0] for row in query("SELECT slug FROM members_topic ORDER BY bit")]
    filled: list[tuple[str, list[tuple[str, str]]]] = [
        ("register", [("age", "18-or-over"), ("postcode", postcode)]),
        ("register_choices", [("interests", slug) for slug in slugs]),
        (
            "register_contact",
            [("email", "joins{n}@home.example"), ("organisations", "police"), ("urgent_passes", "on")],
        ),
        ("register_questions", [("first_name", "Sam"), ("last_name", "Poe"), ("birth_year", "1980")]),
    ]
    paths = [reverse(f"members:{name}") for name, _ in filled] + [reverse("members:register_sent")]
    return [(path, fields, after) for path, (_, fields), after in zip(paths, filled, paths[1:], strict=False)]


def _check(before: int, people: int) -> None:
    found = query(
        "SELECT (SELECT count(*) FROM members_member) - %s, (SELECT count(DISTINCT value) FROM contacts_address"
        " WHERE value LIKE 'joins%%@home.example'), (SELECT count(*) FROM procrastinate_jobs"
        " WHERE args ->> 'renderer' = 'members.confirm'), (SELECT count(DISTINCT member_id) FROM members_consent c"
        " JOIN members_member m ON m.id = c.member_id WHERE m.source = 'web' AND c.organisation_id IS NOT NULL)",
        before,
    )[0]
    wrong: tuple[Any, ...] = found
    assert all(count == people for count in wrong), f"of {people}: {wrong} members, addresses, emails, agreed"
