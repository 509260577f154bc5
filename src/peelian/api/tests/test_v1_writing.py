"""/api/v1/: what a program writes for a member of staff, once and by the rules of the pages; how it went."""

import json
import socket
from datetime import date, timedelta

import pytest

from peelian.accounts.tests.factories import sign_in
from peelian.alerts.models import Alert
from peelian.alerts.tests.factories import inside, make_sent
from peelian.api import actions
from peelian.api.models import KeptAnswer
from peelian.api.tests.program import Program, draft
from peelian.api.tests.wire import served
from peelian.audit.actions import SYSTEM
from peelian.contacts.models import Address
from peelian.conversations import actions as conversations
from peelian.conversations.models import Message
from peelian.core import clock
from peelian.core.testing.html import PageClient
from peelian.events.models import Event
from peelian.priorities.models import Promise

pytestmark = pytest.mark.django_db

# Writing -----------------------------------------------------------------------------------------------------------


def test_a_program_writes_an_alert_and_it_goes_by_the_rules_of_the_pages(force, officer):
    made = officer.post("alerts", draft(), 201)
    assert (made["state"], made["missing"]) == ("draft", [])
    alert = Alert.objects.get(ref=made["ref"])
    assert (alert.author, alert.topic.slug, alert.channels) == (force.officer, "vehicle-crime", 1)
    gone = officer.post(f"alerts/{made['ref']}/send", {}, 202)
    assert gone == {"ref": made["ref"], "state": "scheduled", "people": 10, "reasons": []}
    officer.post(f"alerts/{made['ref']}/send", {}, 409)


def test_what_needs_a_second_person_waits_for_one(force, officer):
    made = officer.post("alerts", draft(priority="urgent"), 201)
    gone = officer.post(f"alerts/{made['ref']}/send", {}, 202)
    assert (gone["state"], gone["reasons"]) == ("waiting", ["It is urgent."])
    assert Alert.objects.get(ref=made["ref"]).asked_by == force.officer


def test_the_trail_says_which_token_did_it(force, officer):
    from django.db import connection

    officer.post("alerts", draft(), 201)
    with connection.cursor() as cursor:
        cursor.execute("SELECT verb, object_id, request_id FROM audit_event ORDER BY id DESC LIMIT 3")
        rows = cursor.fetchall()
    assert rows[0][:2] == ("token.wrote", str(officer.token.pk))
    assert rows[1][0] == "alert.saved"
    assert rows[0][2] == rows[1][2] != ""


def test_a_draft_may_be_incomplete_and_says_what_is_missing(officer):
    said = officer.post("alerts", {"team": "elm-bridge-team"}, 201)["missing"]
    assert said[0] == "Write a title."


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"team": "other"}, "/team"),
        ({"colour": "red"}, "/colour"),
        ({"title": "x" * 121}, "/title"),
        ({"happening": "x" * 5001}, "/happening"),
        ({"type": "weather"}, "/type"),
        ({"priority": "high"}, "/priority"),
        ({"title": "a\x00b"}, "/title"),
        ({"title": "\ud800"}, "/title"),
        ({"audience": {"clauses": []}}, "/audience/clauses"),
        ({"audience": {"clauses": [{"effect": "include", "kind": "areas", "values": ["X"]}]}}, "/audience/clauses/0"),
        ({"audience": {"clauses": [{"effect": "exclude", "kind": "areas", "values": ["W00"]}]}}, "/audience"),
        ({"audience": {"clauses": [{"effect": "include", "kind": "polygon"}]}}, "/audience/clauses/0"),
        ({"audience": {"clauses": [{"effect": "include", "kind": "polygon", "polygon": {"type": "Point"}}]}}, ""),
        ({"ends_on": "31 June"}, "/ends_on"),
    ],
)
def test_what_cannot_be_written_is_pointed_at_and_nothing_is_kept(officer, change, pointer):
    said = officer.post("alerts", draft(**change), 422)
    assert any(one["pointer"].startswith(pointer or "/audience/clauses/0/polygon") for one in said["errors"])
    assert not Alert.objects.exists()


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"\xff", b'{"team": 1e999}', b"[" * 5000])
def test_a_body_that_is_none_is_refused(officer, body):
    answer = officer.client.post("/api/v1/alerts", body, "application/json")
    assert answer.status_code in (400, 422)
    assert answer.json()["detail"]


def test_a_body_of_100_megabytes_is_refused_before_it_is_sent(db):
    """At the wire: only the head goes out, and the answer is there."""
    with served() as address:
        host, _, port = address.removeprefix("http://").partition(":")
        with socket.create_connection((host, int(port)), timeout=120) as wire:
            wire.sendall(b"POST /api/v1/alerts HTTP/1.0\r\nHost: testserver\r\nContent-Length: 104857600\r\n\r\n")
            answer = wire.makefile("rb").read()
    assert answer.split(b" ")[1] == b"413"
    assert b"1,000,000" in answer


def test_the_same_key_is_done_once(officer):
    first = officer.post("alerts", draft(), 201, key="a1")
    again = officer.client.post(
        "/api/v1/alerts", json.dumps(draft()), "application/json", headers={"Idempotency-Key": "a1"}
    )
    assert (again.status_code, again.json(), again["Idempotent-Replayed"]) == (201, first, "true")
    assert Alert.objects.count() == 1
    officer.post("alerts", draft(title="Other"), 409, key="a1")
    officer.post("alerts", draft(), 400, key="a b")
    officer.post("alerts", draft(title=""), 201, key="a2")
    assert Alert.objects.count() == 2


def test_what_failed_leaves_no_key_and_a_day_later_it_is_forgotten(officer):
    officer.post("alerts", draft(team="other"), 422, key="a1")
    assert not KeptAnswer.objects.exists()
    officer.post("alerts", draft(), 201, key="a1")
    KeptAnswer.objects.update(at=clock.now() - timedelta(hours=25))
    officer.post("alerts", draft(title="Another"), 201, key="a1")
    KeptAnswer.objects.update(at=clock.now() - timedelta(hours=25))
    assert actions.forget_answers() == 1


def test_a_number_that_is_not_right_stops_it(officer):
    made = officer.post("alerts", draft(), 201)
    assert "10 people, not 11" in officer.post(f"alerts/{made['ref']}/send", {"people": 11}, 409)["detail"]
    assert officer.post(f"alerts/{made['ref']}/send", {"people": 10}, 202)["state"] == "scheduled"


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00", "9999-12-31T23:59:59Z", "soon"])
def test_a_time_that_is_none_is_refused(officer, at):
    made = officer.post("alerts", draft(), 201)
    officer.post(f"alerts/{made['ref']}/send", {"at": at}, 422)


def next_change(month):
    """The last Sunday of the month, this year or next: the clocks change."""
    last = [date(clock.today().year + more, month, 31) for more in (0, 1)]
    sundays = [day - timedelta(days=(day.weekday() + 1) % 7) for day in last]
    return min(day for day in sundays if day > clock.today()).isoformat()


def meeting(**more):
    day = (clock.today() + timedelta(days=20)).isoformat()
    given = {"team": "elm-bridge-team", "area": "W00", "kind": "ward", "title": "Ward meeting", "day": day}
    return given | {"starts": "18:30", "ends": "20:00", "venue": "The library"} | more


def test_a_program_plans_an_event_that_somebody_publishes(force):
    program = Program(force.officer, "events:write")
    said = program.post("events", meeting(), 201)
    event = Event.objects.get(ref=said["ref"])
    assert (event.state, event.author, event.area.code) == ("draft", force.officer, "W00")
    assert (event.ends_at - event.starts_at).seconds == 5400
    page = PageClient()
    sign_in(page, force.officer)
    assert page.get(said["page"].removeprefix("http://testserver")).status_code == 200


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"area": "W21"}, "/area"),
        ({"team": "other"}, "/team"),
        ({"day": next_change(3), "starts": "01:30"}, "/starts"),
        ({"day": next_change(10), "starts": "01:30", "ends": "03:00"}, "/again"),
        ({"ends": "18:00"}, "/ends"),
        ({"postcode": "ZZ1 1ZZ"}, "/postcode"),
        ({"online_url": "javascript:x"}, "/online_url"),
        ({"day": "2190-01-01"}, "/day"),
    ],
)
def test_an_event_that_cannot_be_is_pointed_at(force, change, pointer):
    said = Program(force.officer, "events:write").post("events", meeting(**change), 422)
    assert [one["pointer"] for one in said["errors"]] == [pointer]
    assert not Event.objects.exists()


def test_a_program_writes_a_promise_that_somebody_publishes(force):
    program = Program(force.officer, "promises:write")
    due = (clock.today() + timedelta(days=9)).isoformat()
    given = {"area": "W00", "said": "Cars race.", "channel": "At a meeting", "will_do": "We check speed."}
    said = program.post("promises", given | {"due_on": due}, 201)
    assert Promise.objects.get(ref=said["ref"]).state == "draft"
    for wrong in ({}, {"due_on": "2020-01-01"}, {"due_on": due, "said": " "}, {"due_on": due, "area": "W21"}):
        assert program.post("promises", given | wrong, 422)["errors"]
    assert Promise.objects.count() == 1


# Results and conversations ----------------------------------------------------------------------------------------


def test_small_numbers_are_not_told(force):
    few = make_sent(force, inside("W10"), by=force.communications, title="Five")
    program = Program(force.communications)
    said = program.get(f"staff/alerts/{few.ref}/results")
    assert (said["people"], said["by_channel"], said["rating"]) == (5, {"email": 5}, None)
    Alert.objects.filter(pk=few.pk).update(people=4, by_channel={"email": 4})
    said = program.get(f"staff/alerts/{few.ref}/results")
    assert (said["people"], said["by_channel"]) == (None, {"email": None})
    assert program.get(f"staff/alerts/{few.ref}")["people"] is None


def test_conversations_are_told_without_words_or_people(force, officer):
    address = Address.objects.create(kind=1, value="ruth@home.example")
    words = {"subject": "My neighbour Bob", "text": "He shouts."}
    given = {"team": force.team, "address_id": address.pk, "member_id": None, "by": SYSTEM, **words}
    conversations.open_or_continue(about="alert:abc", how=Message.How.LINK, **given)
    answer = officer.client.get("/api/v1/staff/threads")
    (thread,) = answer.json()["items"]
    assert (thread["about"], thread["state"], thread["team"]) == ("abc", "waiting-for-us", "elm-bridge-team")
    assert not any(word in answer.content.decode() for word in ("Bob", "shouts", "ruth@"))
    assert answer["Cache-Control"] == "private, no-store"
