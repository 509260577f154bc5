"""A whole journey of a resident and an officer through real processes; then everything that was logged is read."""

from __future__ import annotations

import email
import email.policy
import json
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path

import psycopg
import pytest

from peelian.config.demo.staff import PASSWORD
from peelian.core import postgres
from peelian.core.postgres import Cluster
from peelian.core.testing.ports import free_port
from tests.journeys.browser import Browser
from tests.journeys.installation import Installation, end, status_of, wait_for, write_alert

FIRST, LAST, EMAIL = "Quillon", "Varnesworth", "quillon.varnesworth@home.example"
REPLY = "I saw a green hatchback outside number forty-one"
ANSWER = "Thank you, a colleague looks into the hatchback tonight"
TITLE = "Thefts from gardens near the brook"
# Said by a process about itself, when it starts or ends: there is neither a request nor a job then
ABOUT_ITSELF = {"worker started", "worker stopped"}


@dataclass
class Journey:
    """What was said and done, and the words that no log may hold."""

    installation: Installation
    log: Path
    secrets: set[str] = field(default_factory=set)

    def ask(self, sql: str, *values: object) -> list[tuple[object, ...]]:
        with psycopg.connect(Cluster(self.installation.home).dsn()) as connection:
            return connection.execute(sql, values).fetchall()

    def mail(self, subject: str) -> EmailMessage:
        """The newest message to the resident whose subject holds these words, once it has come."""
        sql = "SELECT content FROM delivery_outgoing WHERE recipient = %s AND subject ILIKE %s ORDER BY id DESC LIMIT 1"
        wanted = (EMAIL, f"%{subject}%")
        wait_for(lambda: bool(self.ask(sql, *wanted)), f"a message about {subject!r}")
        found = email.message_from_bytes(self.ask(sql, *wanted)[0][0], policy=email.policy.default)
        assert isinstance(found, EmailMessage)
        return found

    def links(self, subject: str) -> list[str]:
        """The links in the plain text of that message. What is personal in them must not be logged."""
        text = self.mail(subject).get_body(("plain",)).get_content()
        found = re.findall(r"https?://\S+?(?=[\s>).]*(?:\s|$))", text)
        self.secrets |= {part for link in found for part in link.split("/") if len(part) > 30}
        return found


@pytest.fixture(scope="module")
def journey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Journey]:
    """Made once: registered, confirmed, sent an alert, rated, replied, answered, signed in, unsubscribed."""
    folder, port = tmp_path_factory.mktemp("logs"), free_port()
    base = f"http://127.0.0.1:{port}"
    one = Installation(folder / "home", {"PEELIAN_DEMO": "1", "PEELIAN_BASE_URL": base}).with_demonstration()
    made = Journey(one, folder / "log")
    process: subprocess.Popen[bytes] | None = None
    try:
        process = one.start("run", "--port", str(port), log=made.log)
        wait_for(lambda: status_of(f"{base}/readyz") == 200, "/readyz")
        _travel(made, folder, base)
        end(process)
        yield made
    finally:
        if process:
            end(process)
        postgres.stop(one.home)


def _travel(made: Journey, folder: Path, base: str) -> None:
    postcode, ward = made.ask(
        "SELECT p.code, a.code FROM places_postcode p JOIN members_member m ON m.postcode = p.code"
        " JOIN places_area a ON a.id = m.area_id WHERE a.kind = 'ward' ORDER BY p.code LIMIT 1"
    )[0]
    shown = f"{str(postcode)[:-3]} {str(postcode)[-3:]}"
    officer = "communications"
    staff = str(made.ask("SELECT email FROM accounts_staff WHERE role = %s ORDER BY id LIMIT 1", officer)[0][0])
    made.secrets |= {FIRST, LAST, EMAIL, str(postcode), shown, REPLY, ANSWER, TITLE, staff, PASSWORD}
    resident = _join(made, base, shown)
    file = write_alert(folder / "alert.md", title=TITLE, area=str(ward))
    sent = json.loads(
        made.installation.done("alert", "send", file, "--as", staff, "--approved-by", _second(made), "--wait", "--json")
    )
    assert sent["state"] == "sent"
    links, stop = made.links(TITLE), made.mail(TITLE)["List-Unsubscribe"].strip("<>")
    _respond(links, base)
    _answer(made, base, staff)
    _sign_in(made, resident)
    _stumble(made, base, links)
    Browser(base).open(stop, {"List-Unsubscribe": "One-Click"})
    made.secrets |= resident.secrets()


def _second(made: Journey) -> str:
    """A supervisor for the whole force: the ward may hold fewer than five people, which only a supervisor lets go."""
    second = "second.person@heartshire.example"
    made.installation.done("staff", "add", second, "--role", "supervisor")
    made.secrets.add(second)
    return second


def _join(made: Journey, base: str, postcode: str) -> Browser:
    resident = Browser(base).open("/register/")
    resident.send("Go on", age="18-or-over", postcode=postcode)
    resident.send("Go on")
    resident.send("Go on", email=EMAIL, organisations="police")
    resident.send("Join", first_name=FIRST, last_name=LAST, birth_year="1984")
    confirm = next(link for link in made.links("confirm") if "/register/confirm/" in link)
    resident.open(confirm).send("Yes")
    return resident


def _respond(links: list[str], base: str) -> None:
    rating = next(link for link in links if "/rate/5/" in link)
    Browser(base).open(rating).send("Send my rating")
    reply = next(link for link in links if link.endswith("/reply/"))
    Browser(base).open(reply).send("Send to", text=REPLY)


def _answer(made: Journey, base: str, staff: str) -> None:
    officer = Browser(base).open("/staff/account/login/")
    officer.send("Sign in", login=staff, password=PASSWORD)
    thread = made.ask("SELECT thread_id FROM conversations_message WHERE text LIKE %s", f"%{REPLY}%")[0][0]
    officer.open(f"/staff/conversations/{thread}/").send("Send this answer", text=ANSWER)
    made.links("answer")
    made.secrets |= officer.secrets()


def _sign_in(made: Journey, resident: Browser) -> None:
    resident.open("/me/sign-in/").send("Send me a code", contact=EMAIL)
    text = made.mail("code").get_body(("plain",)).get_content()
    figures = re.search(r"\b\d{6}\b", text)
    assert figures
    resident.send("", code=figures.group())
    assert resident.address.endswith("/me/")


def _stumble(made: Journey, base: str, links: list[str]) -> None:
    """What goes wrong is logged too, and is where such words slip in."""
    lost = Browser(base)
    lost.open(f"/alerts/?q={FIRST}+{LAST}")
    lost.open(f"/alerts/{LAST.lower()}/", expect=404)
    altered = links[0].replace("/m/", "/m/x") if "/m/" in links[0] else f"/m/{EMAIL}/"
    lost.open(altered, expect=404)
    lost.open(f"/register/confirm/{EMAIL}/", expect=404)
    made.installation.refused("alert", "send", f"{LAST}.md", "--as", EMAIL)
    confirm = next(link for link in made.links("confirm") if "/register/confirm/" in link)
    lost.open(confirm, {"forged": LAST}, expect=403)
    with psycopg.connect(Cluster(made.installation.home).dsn(), autocommit=True) as connection:
        connection.execute("ALTER TABLE alerts_rating RENAME TO elsewhere")
        try:
            rating = next(link for link in links if "/rate/4/" in link)
            Browser(base).open(rating, {}, expect=500)
        finally:
            connection.execute("ALTER TABLE elsewhere RENAME TO alerts_rating")


def test_no_line_names_a_person_or_holds_a_secret(journey: Journey) -> None:
    written = [
        journey.log.read_text(),
        *(p.read_text() for p in (journey.installation.home / "postgres-log").iterdir()),
    ]
    said = "\n".join(written).lower()

    assert len(journey.secrets) > 15
    assert {secret for secret in journey.secrets if secret.lower() in said} == set()


def test_every_line_is_json_and_says_to_what_it_belongs(journey: Journey) -> None:
    lines = journey.log.read_text().splitlines()
    told = [line for line in lines if not re.fullmatch(r"Heartshire Now is at http://localhost:\d+/", line)]
    events = [json.loads(line) for line in told]

    assert len([event for event in events if event["event"] == "request"]) > 25
    assert [e for e in events if not (e.get("request_id") or e.get("job") or e["event"] in ABOUT_ITSELF)] == []
    failed = [event for event in events if event["level"] == "error"]
    assert [(event["logger"], event["error"]) for event in failed] == [("django.request", "ProgrammingError")]


def test_the_trail_and_finished_jobs_hold_ids_only(journey: Journey) -> None:
    tables = ("audit_event", "procrastinate_jobs", "delivery", "delivery_tally")
    said = "\n".join(str(row) for table in tables for row in journey.ask(f"SELECT to_jsonb(t) FROM {table} t")).lower()

    assert journey.ask("SELECT count(*) FROM audit_event")[0][0] > 5
    assert {secret for secret in journey.secrets if secret.lower() in said} == set()
