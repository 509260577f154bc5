"""`peelian bench pages`: an alert's public page and the page of its results, from a real server over the loopback."""

from __future__ import annotations

import http.client
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from peelian.accounts.models import Staff, Team
from peelian.accounts.roles import Role
from peelian.alerts.models import Alert
from peelian.config.bench.report import Result, half_and_most
from peelian.config.bench.scratch import Scratch, environment
from peelian.core import clock, installation
from peelian.members.models import Topic

MEMBERS = 1_000_000
SENDS = 10
REQUESTS = 400
WARM_UP = 20
PATIENCE = 60  # seconds for the server to start

# A ledger of SENDS alerts to everybody, as delivery leaves it: outcomes in the tallies, the last few hundred not folded
_LEDGER = """
INSERT INTO delivery (send_id, address_id, member_id, channel, state, tries, reason, changed_at)
SELECT %(send)s, a.id, a.id, 1, CASE WHEN a.id %% 50 = 0 THEN 4 WHEN a.id %% 3 = 0 THEN 2 ELSE 3 END, 1, '', now()
  FROM contacts_address a ORDER BY a.id;
INSERT INTO delivery_tally (send_id, channel, state, n)
SELECT send_id, channel, state, count(*) - 100 FROM delivery WHERE send_id = %(send)s GROUP BY 1, 2, 3;
INSERT INTO delivery_tally (send_id, channel, state, n)
SELECT send_id, channel, state, 1 FROM delivery_tally CROSS JOIN generate_series(1, 100) WHERE send_id = %(send)s;
INSERT INTO alerts_rating (alert_id, address_id, value, at)
SELECT %(alert)s, a.id, 1 + a.id %% 6, now() FROM contacts_address a WHERE a.id %% 50 = 7;
INSERT INTO alerts_response (alert_id, kind, n) SELECT %(alert)s, 'visit', 1 FROM generate_series(1, 500);
INSERT INTO conversations_thread (team_id, member_id, address_id, subject, about, state, closed_reason, opened_at,
                                  last_at, waiting_since, due_at)
SELECT %(team)s, a.id, a.id, 'Bench', %(about)s, 'waiting-for-us', '', now(), now(), now(), now() + interval '3 days'
  FROM contacts_address a WHERE a.id <= 300;
"""


def run(scratch: Scratch, members: int = MEMBERS) -> Result:
    """Fill the ledger, serve it, and ask for both pages again and again."""
    lead, alerts = _sent(scratch, members, SENDS)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("SELECT count(*) FROM delivery")
        deliveries = cursor.fetchone()[0]
    result = Result(
        f"pages: {members:,} members, {deliveries:,} deliveries of {SENDS} alerts",
        ("page", "requests", "p50 ms", "p95 ms", "KB"),
    )
    cookie = signed_in(lead)
    with tempfile.TemporaryDirectory() as home, server(Path(home)) as port:
        refs = [alert.ref for alert in alerts]
        result.rows += [
            measure(port, "public alert page", [reverse("alerts:page", args=[ref]) for ref in refs], ""),
            measure(port, "staff results page", [reverse("alerts_staff:detail", args=[ref]) for ref in refs], cookie),
        ]
    result.notes = [
        "peelian web (gunicorn, 2 processes of 4 threads) on the loopback, one client with one kept connection, one"
        f" request at a time over {SENDS} alerts, after {WARM_UP} unmeasured.",
        f"Each alert has {members // 50:,} ratings, {min(300, members)} threads, 500 visits not yet folded, 300 tally"
        " deltas not yet folded.",
    ]
    return result


def sent_to_everybody(scratch: Scratch, members: int) -> tuple[int, list[int]]:
    """An alert that so many got: (its send, their addresses)."""
    (alert,) = _sent(scratch, members, 1)[1]
    assert alert.send_id is not None
    with connection.cursor() as cursor:
        cursor.execute("SELECT address_id FROM delivery WHERE send_id = %s AND state IN (2, 3)", [alert.send_id])
        return alert.send_id, [row[0] for row in cursor.fetchall()]


def _sent(scratch: Scratch, members: int, sends: int) -> tuple[Staff, list[Alert]]:
    """So many members, so many alerts to all of them, and who sent them."""
    scratch.members(members)
    with transaction.atomic():
        lead = Staff.objects.create(
            email="bench@heartshire.example", role=Role.COMMUNICATIONS, is_demo=True, password="",

        )  # fmt: skip
        lead.teams.add(Team.objects.get(slug="force"))
        alerts = [_alert(number, lead, scratch) for number in range(1, sends + 1)]
        installation.mark_demo()
    return lead, alerts


def _alert(number: int, lead: Staff, scratch: Scratch) -> Alert:
    """A sent alert to everybody with its ledger; alerts and sends have the same ids."""
    team, topic = Team.objects.get(slug="force"), Topic.objects.get(slug="vehicle-crime")
    now, force = clock.now(), scratch.places.force
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM contacts_address")
        people = cursor.fetchone()[0]
        cursor.execute(
            "INSERT INTO delivery_send (renderer, object_id, organisation_id, topic_bit, promotion, lane, state,"
            " recipients, created_at, finished_at) VALUES ('alerts.alert', %s, %s, %s, false, 'routine', 'sent', %s,"
            " now(), now()) RETURNING id",
            [number, team.organisation_id, topic.bit, people],
        )
        send = cursor.fetchone()[0]
        alert = Alert.objects.create(
            ref=f"bench{number:03d}", title=f"Bench alert {number}", topic=topic, team=team, author=lead,
            happening="Vans were opened on *two* streets.\n\nTools were taken.", doing="We are there every evening.",
            can_do="- Take tools out.\n- Tell us what you saw.", state=Alert.State.SENT, send_id=send, people=people,
            by_channel={"email": people}, sent_at=now, ends_on=clock.today(),
            audience={"clauses": [{"effect": "include", "kind": "areas", "values": [force.code]}]},
        )  # fmt: skip
        alert.areas.create(area=force)
        values = {"send": send, "alert": alert.pk, "team": team.pk, "about": f"alert:{alert.ref}"}
        for statement in _LEDGER.strip().split(";\n"):
            cursor.execute(statement, values)
    return alert


def signed_in(lead: Staff) -> str:
    """The cookie of a session of LEAD, as signing in leaves it."""
    client = Client()
    client.force_login(lead)
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


@contextmanager
def server(home: Path, *options: str, **settings: str) -> Iterator[int]:
    """`peelian web` on a free port, with more options and settings, ended afterwards."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    log = home / "web.log"
    with log.open("wb") as written:
        process = subprocess.Popen(
            [sys.executable, "-m", "peelian.config.cli", "web", "--port", str(port), *options],
            env=environment() | {"PEELIAN_HOME": str(home)} | settings, stdout=written, stderr=written,
        )  # fmt: skip
        try:
            _wait_until_it_answers(process, port, log)
            yield port
        finally:
            process.terminate()
            process.wait(timeout=30)


def _wait_until_it_answers(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"peelian web did not start: {log.read_text()[-2_000:]}")


def measure(
    port: int, what: str, paths: list[str], cookie: str, requests: int = REQUESTS, warm_up: int = WARM_UP
) -> tuple[Any, ...]:
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    seconds, size = [], 0
    for number in range(warm_up + requests):
        began = time.perf_counter()
        client.request("GET", paths[number % len(paths)], headers={"Cookie": cookie} if cookie else {})
        response = client.getresponse()
        body = response.read()
        if number >= warm_up:
            seconds.append(time.perf_counter() - began)
        assert response.status == 200, f"{paths[number % len(paths)]} answered {response.status}"
        size = len(body)
    client.close()
    return (what, len(seconds), *half_and_most(seconds), round(size / 1024, 1))
