"""Joining at the door: what waited on a phone is sealed there, sent later, once, and opened by nobody else."""

import datetime as dt
import json
import uuid

import pytest
from django.test import Client

from peelian.accounts.tests.factories import make_staff, make_team, sign_in
from peelian.core import clock
from peelian.members import actions, doorstep, personal_data
from peelian.members.models import (
    DoorstepKey,
    DoorstepSignUp,
    Member,
)
from peelian.members.tests.doorstep_support import PAGE, a_ward, an_officer, jobs, make_street, said, seal
from peelian.members.tests.factories import make_campaign, make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def ward():
    return a_ward()


@pytest.fixture
def officer(ward, client):
    return an_officer(client, ward)


def post(client, path, body):
    return client.post(PAGE + path, json.dumps(body), content_type="application/json")


@pytest.fixture
def key(client, officer):
    return post(client, "key/", {}).json()


def answers(client, *entries):
    return [one["now"] for one in post(client, "send/", {"entries": entries}).json()["answers"]]


def test_what_waited_is_sent_and_twice_is_once(client, officer, key):
    saved = clock.now() - dt.timedelta(hours=3)
    entry = seal(key, said(), saved=saved)
    assert answers(client, entry, entry) == ["done", "done"]
    assert answers(client, entry) == ["done"]
    assert Member.objects.count() == 1
    assert len(jobs()) == 1
    assert DoorstepSignUp.objects.get().agreed_at == saved


def test_at_a_stall_they_count_for_its_campaign_and_the_next_one_too(client, officer, ward):
    team = officer.teams.get()
    fair = make_campaign("Fair", team=team, kind="event")
    make_campaign("Elsewhere", team=make_team("Other team"), kind="event")
    make_campaign("Morwenna’s card", team=team, kind="officer", officer=officer)
    make_campaign("Next year", team=team, starts=clock.today() + dt.timedelta(days=365))
    page = client.page(f"/staff/members/campaigns/{fair.pk}/")
    (door,) = (link for link in page.links() if link.startswith(f"{PAGE}?"))
    page = client.page(door)
    assert page.texts("select[name=campaign] option") == ["None of these", "Fair"]
    form = page.form("/doorstep/")
    assert (form["campaign"], form["source"]) == (str(fair.pk), "event")
    page = client.page(PAGE, form | said(source="event", campaign=str(fair.pk)), post=True)
    assert page.form("/doorstep/")["campaign"] == str(fair.pk)
    assert Member.objects.get().campaign == fair
    found = client.page(f"/staff/members/campaigns/{fair.pk}/").text()
    assert "By its link, its QR code or an officer" in found


def test_what_waited_on_the_phone_counts_for_a_campaign_that_is_over_by_then(client, officer, key):
    fair = make_campaign("Fair", team=officer.teams.get(), kind="event")
    other = make_campaign("Elsewhere", team=make_team("Other team"), kind="event")
    entry = seal(key, said(campaign=str(fair.pk)))
    actions.end_campaign(campaign=fair, by=officer)
    assert answers(client, entry) == ["done"]
    assert Member.objects.get().campaign == fair
    assert "campaign" not in client.page(PAGE).form("/doorstep/")
    strange = seal(key, said(email="jo@home.example", first_name="Jo", campaign=str(other.pk)))
    (answer,) = post(client, "send/", {"entries": [strange]}).json()["answers"]
    assert (answer["now"], list(answer["errors"])) == ("wrong", ["campaign"])


def test_whom_a_poster_brought_first_stays_with_the_poster(client, officer, ward):
    poster = make_campaign(team=officer.teams.get())
    standing = make_member("tomasz@home.example", confirmed=False, confirmed_at=None, campaign=poster)
    client.page(PAGE, client.page(PAGE).form("/doorstep/") | said(), post=True)
    standing.refresh_from_db()
    assert (standing.campaign, standing.source) == (poster, "door")


def test_a_phone_whose_clock_is_wrong_changes_no_history(client, officer, key):
    assert answers(client, seal(key, said(), saved=clock.now() + dt.timedelta(days=9))) == ["done"]
    assert DoorstepSignUp.objects.get().agreed_at <= clock.now()


def test_a_bad_one_comes_back_with_its_sentence_and_is_mended_under_the_same_number(client, officer, key):
    bad = seal(key, said(postcode="ZZ9 9ZZ"))
    (answer,) = post(client, "send/", {"entries": [bad]}).json()["answers"]
    assert (answer["now"], answer["typed"]["first_name"]) == ("wrong", "Tomasz")
    assert "do not know that postcode" in answer["errors"]["postcode"][0]
    assert not DoorstepSignUp.objects.exists()
    assert answers(client, seal(key, said(), bad["id"])) == ["done"]
    assert Member.objects.count() == 1


def test_after_an_expired_session_the_same_officer_sends_it(client, officer, key):
    entry = seal(key, said())
    client.session.flush()
    assert client.get(f"{PAGE}state/").status_code == 302
    assert post(client, "send/", {"entries": [entry]}).status_code == 302
    sign_in(client, officer)
    assert client.get(f"{PAGE}state/?held={key['id']},nonsense").json()["mine"] == [key["id"]]
    assert answers(client, entry) == ["done"]


def test_a_session_that_runs_out_by_itself_ends_no_key(client, officer, key):
    session = client.session
    session["peelian_seen"] = 0
    session.save()
    assert client.get(PAGE).status_code == 302  # and this signs them out
    assert DoorstepKey.objects.exists()


def test_another_officer_opens_nothing(client, officer, key, ward):
    entry = seal(key, said())
    other = Client()
    sign_in(other, make_staff("officer", ward))
    assert other.get(f"{PAGE}state/?held={key['id']}").json()["mine"] == []
    assert answers(other, entry) == ["lost"]
    assert not Member.objects.exists()


def test_signing_out_ends_the_key_of_this_phone_alone(client, officer, key):
    entry, desk = seal(key, said()), Client()
    sign_in(desk, officer)
    post(desk, "key/", {})
    desk.post("/staff/account/logout/")
    assert [str(one.pk) for one in DoorstepKey.objects.all()] == [key["id"]]
    response = client.post("/staff/account/logout/")
    assert response["Clear-Site-Data"] == '"storage"'
    assert not DoorstepKey.objects.exists()
    sign_in(client, officer)
    assert answers(client, entry) == ["lost"]  # not even by whoever saved it


def test_after_a_day_nobody_opens_it(client, officer, key):
    entry = seal(key, said())
    DoorstepKey.objects.update(made_at=clock.now() - doorstep.KEPT)
    assert client.get(f"{PAGE}state/?held={key['id']}").json()["mine"] == []
    assert answers(client, entry) == ["lost"]
    personal_data.register["members.DoorstepKey"].expire(clock.now())
    assert not DoorstepKey.objects.exists()


def test_somebody_else_signing_in_on_the_phone_has_it_wiped(client, officer, key, ward):
    phone = client.cookies["peelian_device"].value
    assert not client.get("/staff/").has_header("Clear-Site-Data")
    sign_in(client, make_staff("officer", ward))
    client.cookies["peelian_device"] = phone
    assert client.get("/staff/")["Clear-Site-Data"] == '"storage"'
    assert not client.get("/staff/").has_header("Clear-Site-Data")  # once


@pytest.mark.parametrize("part", ["half", "nonce", "sealed", "id", "key"])
def test_what_was_altered_is_not_opened(client, officer, key, part):
    entry = seal(key, said())
    for bad in ("", "AAAA", "é", str(uuid.uuid4())):
        altered = entry | {part: bad}
        if part == "id" and bad != str(uuid.UUID(entry["id"])) and len(bad) < 36:
            assert post(client, "send/", {"entries": [altered]}).status_code == 409
        else:
            assert answers(client, altered) == ["lost"], bad
    assert not Member.objects.exists()


@pytest.mark.parametrize("body", ["", "[]", "{}", '{"entries": [1]}', '{"entries": 3}', "\x00"])
def test_what_cannot_be_read_is_refused(client, officer, body):
    assert client.post(f"{PAGE}send/", body, content_type="application/json").status_code == 409


@pytest.mark.parametrize(
    "typed", [{}, {"wording": {"a": 1}, "topics": "x", "organisations": 3}, {"street": [1], "id": {}}]
)
def test_strange_things_typed_come_back(client, officer, key, typed):
    assert answers(client, seal(key, typed)) == ["wrong"]


def test_what_the_phone_keeps_of_the_page_names_nobody(client, ward):
    officer = sign_in(client, make_staff("officer", ward, name="Morwenna Pask", teams=[make_team("Elm", ward)]))
    assert "Morwenna" in client.page(PAGE).text()
    shell = client.page(f"{PAGE}?kept")
    assert "Morwenna" not in shell.text()
    assert officer.email not in shell.text()
    content = shell.response.content.decode()
    assert "csrf" not in content
    assert 'value="AB1' not in content
    script = client.get(f"{PAGE}worker.js")
    assert script["Content-Type"].startswith("text/javascript")
    assert f'"base": "{PAGE}"' in script.content.decode()


def test_the_page_asks_as_much_of_the_database_with_many_streets(client, officer, django_assert_max_num_queries):
    for number in range(12):
        make_street(officer, f"Street {'abcdefghijkl'[number]}")
    with django_assert_max_num_queries(26):
        client.get(PAGE)
