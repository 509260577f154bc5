"""/api/police/ answers as data.police.uk does: its published Python client reads us unchanged."""

import json
from datetime import time, timedelta

import hypothesis
import pytest
import shapely
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from police_api import PoliceAPI
from police_api.exceptions import APIError

from peelian.accounts.roles import Role
from peelian.accounts.tests.factories import make_area, make_staff, make_team
from peelian.api import errors, police
from peelian.api.tests.wire import served
from peelian.core import clock, limits
from peelian.events.tests.factories import make_event
from peelian.places.tests.factories import save_area
from peelian.priorities.tests.factories import agree, make_priority

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(settings):
    settings.PEELIAN_FORCE_NAME = "Heartshire Police"
    area = make_area("W01", "Elm Bridge")
    contact = {"public_email": "elm@heartshire.example", "about": "Two PCSOs.\n\nFind us <here>."}
    make_staff(Role.OFFICER, area, teams=[make_team("Elm Bridge team", area, **contact)], job_title="PCSO")
    return area


def ask(path, **query):
    return Client().get(f"/api/police/{path}", query)


def test_the_published_client_reads_us_unchanged(place):
    with served() as address:
        api = PoliceAPI(base_url=f"{address}/api/police/")
        (force,) = api.get_forces()
        assert (force.id, force.name, force.telephone) == ("heartshire", "Heartshire Police", "101")
        assert force.senior_officers == []
        (listed,) = force.neighbourhoods
        assert (listed.id, listed.name) == ("W01", "Elm Bridge")
        found = api.locate_neighbourhood(52.405, -1.895)
        assert found == listed
        assert found.force.id == "heartshire"
        assert found.description == "<p>Two PCSOs.</p>\n\n<p>Find us &lt;here&gt;.</p>"
        assert found.contact_details == {"telephone": "101", "email": "elm@heartshire.example"}
        assert found.population == 0
        assert found.locations == []
        assert [(one.name, one.rank) for one in found.officers] == [("PCSO", "PCSO")]
        assert shapely.Polygon([(y, x) for x, y in found.boundary]).equals(shapely.box(-1.9, 52.4, -1.89, 52.41))
        assert api.locate_neighbourhood(0, 0) is None
        with pytest.raises(APIError):
            _ = api.get_neighbourhood("heartshire", "nowhere").name


def test_the_client_reads_events_and_priorities(place):
    sector = save_area("S1", shapely.box(-2, 52.3, -1.8, 52.5), "sector", "Sector one")
    type(place).objects.filter(pk=place.pk).update(parent=sector)
    team = place.teams.get()
    starts = clock.london(clock.today() + timedelta(days=200), time(18, 30))
    given = {
        "starts_at": starts,
        "ends_at": starts + timedelta(hours=1),
        "summary": "Come **all**.",
        "address": "1 Mill Lane",
    }
    make_event(team, place, **given)
    make_event(team, place, title="Cancelled", state="cancelled")
    make_event(team, place, title="A draft", state="draft")
    by = make_staff(Role.SUPERVISOR, sector, teams=[team])
    agree(sector, by, make_priority(sector, by))
    with served() as address:
        found = PoliceAPI(base_url=f"{address}/api/police/").get_neighbourhood("heartshire", "W01")
        (event,) = found.events
        assert (event.title, event.type, event.address) == ("Ward meeting", "meeting", "The library, 1 Mill Lane")
        assert event.start_date == starts.astimezone(clock.LONDON).replace(tzinfo=None)
        assert "<strong>all</strong>" in event.description
        (priority,) = found.priorities
        assert priority.issue == "<p>Racing cars on Mill Lane</p>"
        assert (priority.action, priority.issue_date.date()) == ("<p>We patrol there.</p>", clock.today())


def test_coordinates_and_population_are_strings(place):
    said = ask("heartshire/W01").json()
    assert said["centre"] == {"latitude": "52.405", "longitude": "-1.895"}
    assert said["population"] == "0"
    assert said["welcome_message"] is None
    assert all(isinstance(point["latitude"], str) for point in ask("heartshire/W01/boundary").json())


@pytest.mark.parametrize("path", ["forces/other", "forces/other/people", "other/neighbourhoods", "other/W01"])
def test_another_force_is_not_found_in_words(place, path):
    answer = ask(path)
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"
    assert "one force" in answer.json()["detail"]


def test_what_is_no_neighbourhood_is_not_found(place):
    """Hotspots are the force's own business, whatever kind it calls neighbourhoods."""
    save_area("H1", shapely.box(-1.9, 52.4, -1.89, 52.41), "hotspot", "Hotspot")
    for code in ("H1", "nowhere", "neighbourhoods-of"):
        assert ask(f"heartshire/{code}").status_code == 404
    assert len(ask("heartshire/neighbourhoods").json()) == 1


@pytest.mark.parametrize("q", ["", "52.4", "52.4,-1.9,1", "a,b", "nan,1", "91,0", "0,181", "inf,0", "1e400,0"])
def test_a_point_that_is_none_is_said_so(place, q):
    answer = ask("locate-neighbourhood", q=q)
    assert answer.status_code == 400
    assert answer.json()["status"] == 400
    assert answer.json()["detail"]


def test_of_an_area_in_parts_the_largest_is_drawn(place):
    parts = shapely.MultiPolygon([shapely.box(0, 52, 0.01, 52.01), shapely.box(1, 52, 1.05, 52.05)])
    save_area("W02", parts, "ward", "Islands")
    ring = ask("heartshire/W02/boundary").json()
    assert ring[0] == ring[-1]
    assert {point["longitude"] for point in ring} == {"1", "1.05"}


def test_a_name_is_kept_by_no_cache(place, settings):
    settings.PEELIAN_SHOW_OFFICER_NAMES = True
    make_staff(Role.OFFICER, name="Ruth Adeyemi", show_name=True, job_title="Sergeant", teams=[place.teams.get()])
    answer = ask("heartshire/W01/people")
    assert [one["name"] for one in answer.json()] == ["Ruth Adeyemi", "PCSO"]
    assert answer["Cache-Control"] == "public, no-cache"
    assert ask("heartshire/W01")["Cache-Control"] == "public, max-age=30"


def test_an_answer_that_is_known_is_not_sent_again(place):
    first = ask("forces")
    assert first["Access-Control-Allow-Origin"] == "*"
    assert not first.cookies
    again = Client().get("/api/police/forces", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    assert again.content == b""


def test_only_get_is_answered(place):
    answer = Client().post("/api/police/forces", {})
    assert answer.status_code == 405
    assert answer["Allow"] == "GET, HEAD"
    assert answer.json()["detail"]


def test_a_body_of_100_megabytes_is_refused_by_its_announced_length(place):
    answer = Client().post("/api/police/forces", b"{}", "application/json", CONTENT_LENGTH="104857600")
    assert answer.status_code == 413
    assert "1,000,000 bytes" in answer.json()["detail"]


def test_too_many_questions_are_told_when_to_come_again(place, monkeypatch):
    monkeypatch.setattr("peelian.api.door.MOST_A_MINUTE", 2)
    at = limits.clock.now()
    monkeypatch.setattr(limits.clock, "now", lambda: at)
    assert [ask("forces").status_code for _ in range(3)] == [200, 200, 429]
    assert ask("forces")["Retry-After"] == "60"


@pytest.mark.parametrize(
    ("name", "known_as"),
    [
        ("Leicestershire Police", "leicestershire"),
        ("Avon and Somerset Constabulary", "avon-and-somerset"),
        ("Metropolitan Police Service", "metropolitan"),
        ("City of London Police", "city-of-london"),
        ("Police Service of Northern Ireland", "northern-ireland"),
        ("Your police force", "your"),
        ("Police", "police"),
        ("Heddlu Gwent", "heddlu-gwent"),
    ],
)
def test_a_force_is_known_as_data_police_uk_would(settings, name, known_as):
    settings.PEELIAN_FORCE_NAME = name
    assert police.force_id() == known_as


@hypothesis.settings(max_examples=40)
@given(st.text(alphabet="0123456789.,-+e nai", max_size=12))
def test_no_text_is_a_point_and_breaks(text):
    try:
        latitude, longitude = police._point(text)
    except errors.BadQuestion:
        return
    assert -90 <= latitude <= 90
    assert -180 <= longitude <= 180


def test_errors_are_json_that_any_program_reads(place):
    assert json.loads(ask("forces/x").content)["type"] == "about:blank"
