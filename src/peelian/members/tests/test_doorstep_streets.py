"""Streets to visit: their doors, what came of a knock, and how long a note is kept."""

import datetime as dt

import pytest

from peelian.accounts.tests.factories import sign_in
from peelian.core import clock
from peelian.members import actions, doorstep, personal_data, queries_doorstep
from peelian.members.models import (
    Street,
)
from peelian.members.tests.doorstep_support import PAGE, a_ward, an_officer, make_street

pytestmark = pytest.mark.django_db


@pytest.fixture
def ward():
    return a_ward()


@pytest.fixture
def officer(ward, client):
    return an_officer(client, ward)


def test_a_street_with_its_doors(client, officer, ward):
    page = client.page(
        f"{PAGE}streets/add/",
        {"name": "Elm Grove", "postcode": "ab12cd", "doors": "1 to 7 odd, 12a", "team": officer.teams.get().pk},
        post=True,
    )
    assert "Elm Grove" in page.texts(".streets__name")
    street = Street.objects.get()
    assert street.area == ward
    assert [door.number for door in queries_doorstep.doors_of(street).due] == ["1", "3", "5", "7", "12a"]
    again = {"name": "Elm Grove", "postcode": "AB1 2CD", "doors": "", "team": officer.teams.get().pk}
    assert "on the list already" in client.page(f"{PAGE}streets/add/", again, post=True).text()


@pytest.mark.parametrize("number", ["Mrs Poe", "12 Mrs Poe", "the red door", "12; Sam"])
def test_a_door_holds_no_name(client, officer, number):
    street = make_street(officer)
    page = client.page(f"{PAGE}streets/{street.pk}/knock/", {"number": number, "outcome": "done"}, post=True)
    assert "No names" in page.text()
    assert not street.doors.exists()


@pytest.mark.parametrize(
    ("knocked", "back"),
    [
        ("2026-11-21T10:00", "2026-11-21T18:00"),
        ("2026-11-21T17:59", "2026-11-21T18:00"),
        ("2026-11-21T18:00", "2026-11-22T09:00"),
        ("2026-07-01T16:30", "2026-07-01T17:00"),  # six o'clock in summer
        ("2026-10-24T19:00", "2026-10-25T09:00"),  # the clocks go back in between
    ],
)
def test_nobody_in_is_hidden_until_six_or_the_next_morning(knocked, back):
    moment = dt.datetime.fromisoformat(knocked).replace(tzinfo=dt.UTC)
    assert doorstep.come_back(moment) == dt.datetime.fromisoformat(back).replace(tzinfo=dt.UTC)


def test_knocking(client, officer, monkeypatch):
    street = make_street(officer, doors=["1", "2", "3"])
    morning = clock.london(clock.today(), dt.time(10))
    monkeypatch.setattr(clock, "now", lambda: morning)
    sign_in(client, officer)  # at that time, whatever time it is
    for number, outcome in (("1", "done"), ("2", "no-answer"), ("14b", "refused")):
        path = f"{PAGE}streets/{street.pk}/knock/"
        page = client.page(path, {"number": number, "outcome": outcome, "note": "Dog at the gate"}, post=True)
    assert "Today: 1 done, 1 no answer, 1 refused." in page.text()
    doors = queries_doorstep.doors_of(street)
    assert [[door.number for door in part] for part in (doors.due, doors.waiting, doors.answered)] == [
        ["3"],
        ["2"],
        ["1", "14b"],
    ]
    monkeypatch.setattr(clock, "now", lambda: morning + dt.timedelta(hours=8))
    assert [door.number for door in queries_doorstep.doors_of(street).due] == ["2", "3"]
    sign_in(client, officer)  # eight hours later
    page = client.page(f"{PAGE}streets/")
    assert page.texts(".streets__day li") == ["1 done", "1 no answer", "1 refused"]
    assert page.texts(".streets__due") == ["2 doors to visit"]


def test_a_street_that_waits_and_one_that_is_finished(client, officer, monkeypatch):
    street, other = make_street(officer), make_street(officer, "Oak Road")
    morning = clock.london(clock.today(), dt.time(10))
    monkeypatch.setattr(clock, "now", lambda: morning)
    sign_in(client, officer)  # at that time, whatever time it is
    page = client.page(f"{PAGE}streets/{street.pk}/later/", post=True)
    assert "Elm Grove comes back at 6pm." in page.text()
    client.page(f"{PAGE}streets/{other.pk}/finish/", post=True)
    found = queries_doorstep.round_for(officer)
    assert ([*map(str, found.now)], [*map(str, found.later)], [*map(str, found.finished)]) == (
        [],
        ["Elm Grove"],
        ["Oak Road"],
    )
    client.page(f"{PAGE}streets/{other.pk}/again/", post=True)
    assert [*map(str, queries_doorstep.round_for(officer).now)] == ["Oak Road"]
    monkeypatch.setattr(clock, "now", lambda: morning + dt.timedelta(hours=8))
    assert len(queries_doorstep.round_for(officer).now) == 2


def test_no_note_is_kept_longer_than_its_limit(client, officer):
    street = make_street(officer)
    door = actions.knock(street=street, number="12", outcome="refused", by=officer, note="Gate at the back")
    expire = personal_data.register["members.Door"].expire
    expire(clock.now() + dt.timedelta(days=29))
    door.refresh_from_db()
    assert door.note == "Gate at the back"
    expire(clock.now() + dt.timedelta(days=31))
    door.refresh_from_db()
    assert (door.note, door.outcome) == ("", "refused")
    expire(clock.now() + dt.timedelta(days=366))
    assert not street.doors.exists()


def test_a_note_is_taken_away_at_once(client, officer):
    street = make_street(officer)
    door = actions.knock(street=street, number="12", outcome="done", by=officer, note="Gate at the back")
    page = client.page(f"{PAGE}streets/{street.pk}/doors/{door.pk}/forget/", post=True)
    assert "Gate" not in page.text()


def test_the_list_asks_as_much_of_the_database_with_many_streets(client, officer, django_assert_max_num_queries):
    for letter in "abcdefghijkl":
        make_street(officer, f"Street {letter}", doors=["1", "2"])
    with django_assert_max_num_queries(16):
        client.get(f"{PAGE}streets/")
