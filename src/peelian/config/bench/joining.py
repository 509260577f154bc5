"""`peelian bench signups`: many people fill in the pages of joining at once."""

from __future__ import annotations

import pickle
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from django.urls import reverse

from peelian.config.bench import pages
from peelian.config.bench.engine import query
from peelian.config.bench.report import Result, half_and_most
from peelian.config.bench.scratch import Scratch
from peelian.core import installation

PEOPLE = 1_000
CONNECTIONS = 8
MEMBERS = 1_000_000  # who are there already

# Each person opens every page, fills it in and posts it, with a cookie jar and a network of their own, on a kept
# connection. What it prints is a pickle: seconds in all, and of each person; it stops at the first unexpected answer
CLIENT = """
import http.client, pickle, re, sys, threading, time, urllib.parse
port, connections = int(sys.argv[1]), int(sys.argv[2])
steps, people = pickle.load(open(sys.argv[3], "rb"))
wrong, times = [], []
def ask(opened, method, path, cookies, number, body=None):
    headers = {"X-Forwarded-For": f"{20 + (number >> 16)}.{number >> 8 & 255}.{number & 255}.1"}
    if cookies:
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
    if body is not None:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    opened.request(method, path, body, headers)
    answer = opened.getresponse()
    text = answer.read().decode()
    for line in answer.headers.get_all("Set-Cookie") or []:
        name, _, value = line.split(";")[0].partition("=")
        cookies[name] = value
    return answer, text
def join(opened, number):
    cookies, begun = {}, time.perf_counter()
    for path, fields, next_path in steps:
        answer, text = ask(opened, "GET", path, cookies, number)
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', text)
        if answer.status != 200 or not found:
            return f"{path}: {answer.status}"
        given = [(name, value.format(n=number)) for name, value in fields] + [("csrfmiddlewaretoken", found[1])]
        answer, text = ask(opened, "POST", path, cookies, number, urllib.parse.urlencode(given))
        if answer.status != 302 or answer.headers["Location"] != next_path:
            return f"POST {path}: {answer.status} {text[text.find('govuk-error-summary'):][:600]}"
    answer, _ = ask(opened, "GET", steps[-1][2], cookies, number)
    times.append(time.perf_counter() - begun)
    return "" if answer.status == 200 else f"{steps[-1][2]}: {answer.status}"
def work(own):
    opened = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    for number in own:
        if problem := join(opened, number):
            wrong.append(problem)
        if wrong:
            return
threads = [threading.Thread(target=work, args=(range(n, people, connections),)) for n in range(connections)]
begun = time.perf_counter()
for one in threads: one.start()
for one in threads: one.join()
assert not wrong, wrong[0]
sys.stdout.buffer.write(pickle.dumps((time.perf_counter() - begun, times)))
"""


def run(scratch: Scratch, members: int = MEMBERS, people: int = PEOPLE) -> Result:
    """So many register, page by page, beside so many members who are there already."""
    scratch.members(members)
    installation.mark_demo()
    query("VACUUM ANALYZE")
    result = Result(
        f"signups: {people:,} people join {members:,} members",
        ("what", "people", "a second", "requests a second", "p50 ms", "p95 ms"),
    )
    steps = _steps()
    with tempfile.TemporaryDirectory() as home, pages.server(Path(home)) as port:
        given = Path(home) / "given"
        given.write_bytes(pickle.dumps((steps, people)))
        command = [sys.executable, "-c", CLIENT, str(port), str(CONNECTIONS), str(given)]
        seconds, times = pickle.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)  # noqa: S301
    requests = 2 * len(steps) + 1
    result.rows.append(
        (
            "joining, all pages",
            people,
            round(people / seconds),
            round(people * requests / seconds),
            *half_and_most(times),
        )
    )
    _check(members, people)
    result.notes = [
        f"peelian web (gunicorn, 2 processes of 4 threads) on the loopback, {CONNECTIONS} people at a time, {requests}"
        " requests each: every page is opened, filled in and posted. Client, server and database share the machine.",
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
