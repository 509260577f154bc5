"""/api/v1/: open data for everybody, and what staff may do for a program with a token."""

import json
from datetime import timedelta

import pytest
import shapely
from django.test import Client

from peelian.accounts.models import Staff
from peelian.accounts.tests.factories import make_staff
from peelian.alerts import actions as alerting
from peelian.alerts.tests.factories import inside, make_draft, make_sent
from peelian.api import actions, door, tokens
from peelian.api.models import Token
from peelian.api.tests.program import Program, draft, token_for
from peelian.core import clock, limits
from peelian.events.tests.factories import make_event
from peelian.priorities.queries import list_of
from peelian.priorities.tests.factories import agree, make_priority, make_promise

pytestmark = pytest.mark.django_db

# Open data ---------------------------------------------------------------------------------------------------------


def test_everybody_reads_areas_teams_and_alerts(force):
    alert, anybody = make_sent(force), Program()
    assert anybody.get("force")["service"] == "Peelian"
    assert [one["code"] for one in anybody.get("areas", kind="ward", parent="P0")["items"]] == ["W00", "W01"]
    assert anybody.get("areas/W00")["parent"] == "P0"
    assert next(one["slug"] for one in anybody.get("teams", area="W00")["items"]) == "elm-bridge-team"
    assert anybody.get("teams/elm-bridge-team")["areas"] == [{"code": "P0", "name": "Area P0"}]
    (listed,) = anybody.get("alerts", area="W00", type="vehicle-crime", q="vans")["items"]
    assert listed == anybody.get(f"alerts/{alert.ref}")
    assert listed["ref"] == alert.ref
    assert listed["areas"] == [{"code": "W00", "name": "Ward 00"}]
    assert "<strong>three</strong>" in listed["html"]
    assert anybody.get("alerts", area="W21")["items"] == []
    assert {"slug": "vehicle-crime", "name": "Vehicle crime"} in anybody.get("alert-types")


def test_what_is_not_public_is_not_there(force):
    draft_, restricted = make_draft(force), make_sent(force, inside("W01"), restricted=True, title="Restricted")
    anybody = Program()
    for ref in (draft_.ref, restricted.ref, "nowhere"):
        assert anybody.get(f"alerts/{ref}", 404)["title"] == "Not found"
    gone = make_sent(force, title="Gone")
    alerting.withdraw(alert=gone, reason="It was wrong", by=force.supervisor)
    assert "It was wrong" in anybody.get(f"alerts/{gone.ref}", 410)["detail"]
    assert anybody.get("alerts")["items"] == []


def test_pages_follow_each_other_and_a_bad_cursor_is_said_so(force, monkeypatch):
    monkeypatch.setattr("peelian.api.v1.paging.SIZE", 2)
    refs = [make_sent(force, title=f"Alert {n}").ref for n in range(3)]
    first = Program().get("alerts", q="alert")
    assert [one["ref"] for one in first["items"]] == refs[:0:-1]
    second = Client().get(first["next"].removeprefix("http://testserver")).json()
    assert ([one["ref"] for one in second["items"]], second["next"]) == ([refs[0]], None)
    for cursor in ("x", "n1", "n1-", "q1-1", "n99999999999999999999-1"):
        assert "cursor" in Program().get("alerts", 400, cursor=cursor)["detail"]
    areas = Program().get("areas")
    assert len(areas["items"]) == 2
    assert "cursor=" in areas["next"]
    for cursor in ("x", "-1", "٣", "9" * 19):
        Program().get("areas", 400, cursor=cursor)


def test_a_map_of_areas_is_geojson_wound_as_the_standard_has_it(force):
    answer = Client().get("/api/v1/areas.geojson", {"kind": "policing-area"})
    assert answer["Content-Type"] == "application/geo+json"
    features = answer.json()["features"]
    assert [one["properties"]["code"] for one in features] == ["P0", "P1", "P2"]
    for one in features:
        ring = shapely.geometry.shape(one["geometry"]).exterior
        assert ring.is_ccw


def test_everybody_reads_events_and_priorities(force):
    ward = force.areas["W00"]
    event = make_event(force.team, ward, longitude=-19950000, latitude=520050000)
    for more in ({"state": "draft"}, {"public": False}):
        make_event(force.team, ward, title="Not for everybody", **more)
    anybody = Program()
    (listed,) = anybody.get("events", area="P0")["items"]
    assert listed == anybody.get(f"events/{event.ref}")
    assert listed["calendar"] == f"http://testserver/events/{event.ref}.ics"
    assert anybody.get("events", area="W21")["items"] == []
    assert anybody.get("events", since="2199-01-01")["items"] == []
    (feature,) = Client().get("/api/v1/events.geojson").json()["features"]
    assert feature["geometry"] == {"type": "Point", "coordinates": [-1.995, 52.005]}
    anybody.get("events/nowhere", 404)
    listed_in = list_of(ward)
    by = make_staff("supervisor", listed_in, teams=[force.team])
    agree(listed_in, by, make_priority(listed_in, by, evidence="41 calls."))
    (priority,) = anybody.get("priorities", area="W00")["items"]
    assert priority["title"] == "Racing cars on Mill Lane"
    assert "41 calls" not in str(anybody.get("priorities"))
    (feature,) = Client().get("/api/v1/priorities.geojson").json()["features"]
    assert feature["geometry"]["type"] == "Polygon"


def test_everybody_reads_promises_that_are_published(force):
    ward = force.areas["W00"]
    make_promise(ward, force.officer, said="A draft.")
    promise = make_promise(ward, force.officer, publisher=force.supervisor)
    (listed,) = Program().get("promises", area="P0")["items"]
    assert listed == Program().get(f"promises/{promise.ref}")
    assert (listed["state"], listed["overdue_days"], listed["area"]["code"]) == ("open", 0, "W00")
    assert str(force.officer.pk) not in {str(value) for value in listed.values()}
    Program().get("promises/nowhere", 404)


def test_nobody_learns_of_hotspots(force):
    area = force.areas["W21"]
    type(area).objects.filter(pk=area.pk).update(kind="hotspot")
    assert "W21" not in json.dumps([Program().get("areas"), Program().get("areas.geojson")])
    Program().get("areas/W21", 404)
    Program().get("alerts", 404, area="W21")


@pytest.mark.parametrize(
    ("path", "query", "pointer"),
    [
        ("areas", {"kind": "hotspot"}, "?kind"),
        ("areas", {"colour": "red"}, "?colour"),
        ("alerts", {"q": "x" * 201}, "?q"),
        ("alerts", {"q": "a\x00b"}, "?q"),
        ("alerts", {"q": ["a", "b"]}, "?q"),
        ("force", {"x": ""}, "?x"),
    ],
)
def test_a_question_that_cannot_be_is_pointed_at(force, path, query, pointer):
    said = Program().get(path, 422, **query)
    assert pointer in {one["pointer"] for one in said["errors"]}
    assert said["detail"]


def test_an_answer_that_is_known_is_not_sent_again(force):
    make_sent(force)
    first = Client().get("/api/v1/alerts")
    assert first["Cache-Control"] == "public, max-age=30"
    assert first["Access-Control-Allow-Origin"] == "*"
    again = Client().get("/api/v1/alerts", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_reading_costs_the_same_however_many_there_are(force, django_assert_max_num_queries):
    for n in range(3):
        make_sent(force, title=f"Alert {n}")
    with django_assert_max_num_queries(6):
        Client().get("/api/v1/alerts")


@pytest.mark.parametrize("path", ["nowhere", "alerts/x/y/z", ""])
def test_no_such_address_is_said_in_json(path):
    assert "openapi.json" in Program().get(path, 404)["detail"]


def test_head_is_answered_like_get(force):
    answer = Client().head("/api/v1/alerts")
    assert (answer.status_code, answer["ETag"]) == (200, Client().get("/api/v1/alerts")["ETag"])


def test_another_method_is_said_in_json(force):
    answer = Client().delete("/api/v1/areas")
    assert answer.status_code == 405
    assert answer.json()["detail"] == "This address answers GET alone."


# Tokens ------------------------------------------------------------------------------------------------------------


def test_a_secret_is_kept_nowhere(force):
    token, secret = token_for(force.officer)
    assert secret not in str(Token.objects.filter(pk=token.pk).values())
    assert token.digest != secret
    assert secret.startswith("peelian_")


def test_a_token_says_what_it_may_and_remembers_the_day(force):
    program = Program(force.officer, "alerts:read")
    said = program.get("me")
    assert said["scopes"] == ["alerts:read"]
    assert said["areas"] == [{"code": "P0", "name": "Area P0"}]
    assert Token.objects.get(pk=program.token.pk).last_used_on == clock.today()


@pytest.mark.parametrize("how", ["none", "wrong", "revoked", "expired", "disabled", "basic"])
def test_without_a_token_that_works_nothing_of_staff_opens(force, how):
    token, secret = token_for(force.officer)
    if how == "revoked":
        actions.revoke_token(token=token, by=force.officer)
    if how == "expired":
        Token.objects.filter(pk=token.pk).update(expires_on=clock.today() - timedelta(days=1))
    if how == "disabled":
        Staff.objects.filter(pk=force.officer.pk).update(is_active=False)
    given = {"none": "", "wrong": "Bearer peelian_x", "basic": f"Basic {secret}"}.get(how, f"Bearer {secret}")
    for path in ("me", "staff/alerts", "staff/threads"):
        answer = Client().get(f"/api/v1/{path}", headers={"Authorization": given} if given else {})
        assert answer.status_code == 401, how
        assert answer["WWW-Authenticate"] == "Bearer"
        assert "/staff/api/" in answer.json()["detail"]


def test_a_token_that_does_not_work_is_said_where_everybody_reads_too(force):
    """A program with an old token hears of it, and no made-up one reads more often than its network may."""
    answer = Client().get("/api/v1/areas", headers={"Authorization": "Bearer peelian_x"})
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")
    assert Program(force.officer, "alerts:read").get("areas")["items"]
    assert Client().get("/api/v1/areas", headers={"Authorization": "Basic eDp5"}).status_code == 200


def test_what_is_no_token_counts_as_its_network(force, monkeypatch):
    monkeypatch.setattr(door, "MOST_A_MINUTE", 2)
    said = [Client().get("/api/v1/areas", headers={"Authorization": "Basic eDp5"}).status_code for _ in range(3)]
    assert said == [200, 200, 429]


def test_a_token_does_no_more_than_its_scopes_and_its_person(force):
    reader = Program(force.officer, "alerts:read")
    assert "alerts:write" in reader.post("alerts", draft(), 403)["detail"]
    reader.get("staff/threads", 403)
    force.officer.role = "auditor"
    force.officer.save()
    both = Program(force.officer, "alerts:read", "alerts:write")
    both.get("staff/alerts")
    assert "member of staff" in both.post("alerts", draft(), 403)["detail"]


def test_what_is_out_of_scope_is_not_found(force):
    other = make_force_elsewhere(force)
    officer = Program(force.officer)
    assert other.ref not in json.dumps(officer.get("staff/alerts"))
    for path in (f"staff/alerts/{other.ref}", f"staff/alerts/{other.ref}/results"):
        officer.get(path, 404)
    officer.post(f"alerts/{other.ref}/send", {}, 404)


def make_force_elsewhere(force):
    from peelian.alerts.tests.factories import make_staff, make_team

    team = make_team("Castle Vale team", force.areas["P2"])
    return alerting.create_draft(team=team, by=make_staff("officer", force.areas["P2"], team=team))


def test_too_much_with_a_token_is_told_when_to_come_again(force, monkeypatch):
    monkeypatch.setattr(tokens, "MOST_A_MINUTE", 1)
    at = limits.clock.now()
    monkeypatch.setattr(limits.clock, "now", lambda: at)
    program = Program(force.officer)
    program.get("me")
    answer = program.client.get("/api/v1/me")
    assert answer.status_code == 429
    assert answer["Retry-After"] == "60"
