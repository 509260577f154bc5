"""Joining at the door: the page without script, what a phone sends later, and who may open it."""

import base64
import datetime as dt
import json
import os
import uuid

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from peelian.accounts.models import Organisation
from peelian.accounts.tests.factories import make_staff, make_team, sign_in
from peelian.core import clock
from peelian.core.messages import renderers
from peelian.core.testing.html import PageClient
from peelian.members import actions, doorstep, personal_data, queries, queries_doorstep, sealing
from peelian.members.actions.codes import figures_of
from peelian.members.models import (
    EVERY_TOPIC,
    AudienceRow,
    Code,
    Consent,
    DoorstepKey,
    DoorstepSignUp,
    Member,
    Street,
    Topic,
)
from peelian.members.tests.factories import make_campaign, make_member, make_postcode, make_ward
from peelian.places.models import Area
from peelian.places.tests.factories import make_area, square

pytestmark = pytest.mark.django_db
PAGE = "/staff/members/doorstep/"


@pytest.fixture
def ward():
    make_postcode()
    return make_ward()


@pytest.fixture
def officer(ward, client):
    return sign_in(client, make_staff("officer", ward, teams=[make_team("Elm Bridge team", ward)]))


def jobs():
    found = ProcrastinateJob.objects.filter(task_name="delivery.transactional").order_by("id")
    return [(job.args["renderer"], job.args["object_id"]) for job in found]


def said(**given):
    return {
        "first_name": "Tomasz", "email": "tomasz@home.example", "mobile": "", "landline": "", "postcode": "ab1 2cd",
        "street": "", "hears": "all", "topics": [], "organisations": ["police"], "language": "pl", "source": "door",
        "place": "", "agreed": "on", "wording": str(queries.wording("doorstep").pk), **given,
    }  # fmt: skip


# The page ------------------------------------------------------------------------------------------------------------


def test_an_officer_signs_somebody_up_without_script(client, officer, ward):
    Organisation.objects.create(slug="fire", name="Fire and Rescue", bit=1)
    page = client.page(PAGE)
    assert "May I sign you up" in page.text()
    form = page.form("/doorstep/")
    assert form["source"] == "door"
    assert form["hears"] == "all"
    page = client.page(PAGE, form | said(organisations=["police", "fire"]), post=True)
    assert "One message is on its way" in page.text()
    member, made = Member.objects.get(), DoorstepSignUp.objects.get()
    assert (member.first_name, member.area, member.source, member.language) == ("Tomasz", ward, "door", "pl")
    assert (member.interests, member.organisations, member.confirmed_at) == (EVERY_TOPIC, 3, None)
    assert (made.member, made.staff, made.source, made.hotspot) == (member, officer, "door", None)
    kept = Consent.objects.filter(member=member).order_by("pk")
    assert [(one.wording.kind, one.wording.version, one.how, one.by_staff) for one in kept] == [
        ("doorstep", "1", "doorstep", officer),
        ("organisation", "1", "doorstep", officer),
        ("organisation", "1", "doorstep", officer),
    ]
    assert jobs() == [("members.confirm", member.pk)]  # and nothing else before they say yes
    assert AudienceRow.objects.get().reachable == 0
    client.page(PAGE, form | said(), post=True)  # the same form once more
    assert Member.objects.count() == 1


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"email": ""}, "One is enough"),
        ({"email": "tomasz"}, "name@example.com"),
        ({"mobile": "12"}, "07700 900123"),
        ({"landline": "07700 900123"}, "area code"),
        ({"postcode": ""}, "or choose the street"),
        ({"postcode": "ZZ9 9ZZ"}, "do not know that postcode"),
        ({"organisations": []}, "Tick each organisation"),
        ({"hears": "some"}, "Tick at least one kind"),
        ({"agreed": ""}, "tick when they have said yes"),
    ],
)
def test_what_is_wrong_stands_beside_the_field(client, officer, given, sentence):
    page = client.page(PAGE, {"id": str(uuid.uuid4())} | said(**given), post=True)
    assert sentence in page.texts(".govuk-error-summary")[0]
    assert sentence in page.texts(".govuk-error-message")[0]
    assert not Member.objects.exists()


def test_no_field_offers_one_residents_address_to_the_next(client, officer):
    page = client.page(PAGE)
    for name in ("first_name", "email", "mobile", "landline", "postcode", "place"):
        assert page.document.cssselect(f"[name={name}]")[0].get("autocomplete") == "off", name


def test_crime_alone_and_single_kinds(client, officer):
    crime = sum(topic.mask for topic in Topic.objects.filter(about_crime=True, purpose="public-task"))
    assert crime
    client.page(PAGE, {"id": str(uuid.uuid4())} | said(hears="crime"), post=True)
    assert Member.objects.get().interests == crime
    other = said(hears="some", topics=["vehicle-crime"], email="ola@home.example", first_name="Ola")
    client.page(PAGE, {"id": str(uuid.uuid4())} | other, post=True)
    assert Member.objects.latest("pk").interests == Topic.objects.get(slug="vehicle-crime").mask


def test_somebody_under_18_gives_no_name(client, officer):
    client.page(PAGE, {"id": str(uuid.uuid4())} | said(young="on"), post=True)
    assert (Member.objects.get().first_name, Member.objects.get().young) == ("", True)


def test_a_street_is_the_home_of_somebody_met_at_their_door_and_of_nobody_met_in_it(client, officer, ward):
    street = make_street(officer)
    here = {"postcode": "", "street": str(street.pk)}
    client.page(PAGE, {"id": str(uuid.uuid4())} | said(**here), post=True)
    assert Member.objects.get().area == ward
    passer = said(**here, source="street", email="ola@home.example", first_name="Ola")
    client.page(PAGE, {"id": str(uuid.uuid4())} | passer, post=True)
    assert (Member.objects.latest("pk").area, Member.objects.latest("pk").longitude) == (None, None)
    assert {made.street for made in DoorstepSignUp.objects.all()} == {street}


def test_the_hotspot_of_a_running_trial_is_recorded(client, officer):
    hotspot = make_area("H01", square(0, 0), kind="hotspot", name="Hotspot 1")
    client.page(PAGE, {"id": str(uuid.uuid4())} | said(), post=True)
    assert DoorstepSignUp.objects.get().hotspot == hotspot
    Area.objects.filter(pk=hotspot.pk).update(valid_from=clock.today() + dt.timedelta(days=1))
    client.page(PAGE, {"id": str(uuid.uuid4())} | said(email="ola@home.example", first_name="Ola"), post=True)
    assert DoorstepSignUp.objects.latest("received_at").hotspot is None  # it has not begun


def test_who_is_a_member_already_is_told_how_to_sign_in_and_stays_as_they_were(client, officer):
    member = make_member("tomasz@home.example", first_name="Tomasz", organisations=2)
    page = client.page(PAGE, {"id": str(uuid.uuid4())} | said(), post=True)
    assert "One message is on its way" in page.text()  # the same as for anybody
    assert jobs() == [("members.already", member.pk)]
    member.refresh_from_db()
    assert (member.organisations, Member.objects.count()) == (2, 1)


def test_a_household_shares_an_address(client, officer):
    make_member("tomasz@home.example", first_name="Ewa")
    for _ in range(2):  # signed up twice before he said yes: still one member
        client.page(PAGE, {"id": str(uuid.uuid4())} | said(), post=True)
    assert sorted(Member.objects.values_list("first_name", flat=True)) == ["Ewa", "Tomasz"]


def test_nobody_is_pestered_with_messages_to_confirm(client, officer):
    for name in ("Tomasz", "Tomasz", "Ewa", "Ola", "Zofia", "Jan"):
        client.page(PAGE, {"id": str(uuid.uuid4())} | said(first_name=name), post=True)
    assert len(jobs()) == 3  # one for each name, three a day


def test_signed_up_and_never_confirmed_is_erased(client, officer):
    client.page(PAGE, {"id": str(uuid.uuid4())} | said(place="Summer fair", source="event"), post=True)
    Member.objects.update(joined_on=clock.today() - dt.timedelta(days=31))
    for label in ("members.Member", "members.DoorstepSignUp"):
        personal_data.register[label].expire(clock.now())
    made = DoorstepSignUp.objects.get()
    assert (Member.objects.get().first_name, made.member, made.place, made.source) == ("", None, "", "event")


# What waited on a phone ----------------------------------------------------------------------------------------------


def post(client, path, body):
    return client.post(PAGE + path, json.dumps(body), content_type="application/json")


def seal(key, typed, number=None, saved=None):
    """As static/members/doorstep_queue.js does it."""
    number = number or str(uuid.uuid4())
    own = ec.generate_private_key(ec.SECP256R1())
    half = own.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), base64.b64decode(key["half"]))
    lock = HKDF(hashes.SHA256(), 32, salt=None, info=sealing.PURPOSE + half).derive(own.exchange(ec.ECDH(), theirs))
    nonce = os.urandom(12)
    plain = json.dumps({"typed": typed, "saved": (saved or clock.now()).isoformat()}).encode()
    sealed = AESGCM(lock).encrypt(nonce, plain, number.encode())
    parts = {"half": half, "nonce": nonce, "sealed": sealed}
    return {"id": number, "key": key["id"]} | {name: base64.b64encode(one).decode() for name, one in parts.items()}


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
    assert form["campaign"] == str(fair.pk)
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
    shell = client.page(f"{PAGE}shell/")
    assert "Morwenna" not in shell.text()
    assert officer.email not in shell.text()
    content = shell.response.content.decode()
    assert "csrf" not in content
    assert 'value="AB1' not in content
    script = client.get(f"{PAGE}worker.js")
    assert script["Content-Type"].startswith("text/javascript")
    assert f"{PAGE}shell/" in script.content.decode()


def test_the_page_asks_as_much_of_the_database_with_many_streets(client, officer, django_assert_max_num_queries):
    for number in range(12):
        make_street(officer, f"Street {'abcdefghijkl'[number]}")
    with django_assert_max_num_queries(26):
        client.get(PAGE)


# Streets -------------------------------------------------------------------------------------------------------------


def make_street(officer, name="Elm Grove", **given):
    return actions.add_street(team=officer.teams.first(), name=name, postcode="AB1 2CD", by=officer, **given)


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


# Saying yes by telephone ---------------------------------------------------------------------------------------------


def figures(number: int = -1) -> str:
    code = Code.objects.order_by("pk")[number] if number >= 0 else Code.objects.latest("pk")
    return figures_of(code)


def test_a_mobile_alone_says_yes_by_the_figures_in_a_text(client, officer, ward):
    client.page(PAGE, {"id": str(uuid.uuid4())} | said(email="", mobile="07700 900123"), post=True)
    member, code = Member.objects.get(), Code.objects.get()
    assert jobs() == [("members.door_code", code.pk)]
    text = renderers["members.door_code"].text(code.pk)
    assert figures() in text
    assert "/register/code/" in text
    assert AudienceRow.objects.get().reachable == 0
    resident = PageClient()
    page = resident.page("/register/code/", {"number": "07700 900123", "code": "0"}, post=True)
    assert "not the code of that number" in page.text()
    unknown = resident.page("/register/code/", {"number": "07700 900999", "code": figures()}, post=True)
    assert "not the code of that number" in unknown.text()
    page = resident.page("/register/code/", {"number": "+44 7700 900123", "code": figures()}, post=True)
    assert page.texts("h1") == ["You have joined"]
    member.refresh_from_db()
    assert member.confirmed_at
    assert AudienceRow.objects.get().reachable & 2


def test_a_landline_is_called_in_the_daytime_and_the_officer_types_what_is_read_out(client, officer, monkeypatch):
    night = clock.london(clock.today(), dt.time(21))
    monkeypatch.setattr(clock, "now", lambda: night)
    sign_in(client, officer)
    client.page(PAGE, {"id": str(uuid.uuid4())} | said(email="", landline="01632 960123"), post=True)
    (job,) = ProcrastinateJob.objects.filter(task_name="delivery.transactional")
    assert job.scheduled_at.astimezone(clock.LONDON).time() == dt.time(9)
    spoken = renderers["members.door_code"].voice(Code.objects.get().pk)
    assert ". ".join(figures()) in spoken
    page = client.page(f"{PAGE}code/", {"number": "01632 960123", "code": figures()}, post=True)
    assert "They have joined" in page.text()
    member = Member.objects.get()
    assert member.confirmed_at
    assert member.landline.verified_at


def test_each_contact_point_is_asked_and_only_those_that_answer_are_used(client, officer):
    given = said(mobile="07700 900123", landline="01632 960123")
    client.page(PAGE, {"id": str(uuid.uuid4())} | given, post=True)
    member = Member.objects.get()
    assert (member.email.value, member.mobile, member.landline) == ("tomasz@home.example", None, None)
    assert [renderer for renderer, _ in jobs()] == ["members.confirm", "members.door_code", "members.door_code"]
    client.page(f"{PAGE}code/", {"number": "07700 900123", "code": figures(0)}, post=True)
    member.refresh_from_db()
    assert (member.email, member.mobile.value, member.landline) == (None, "+447700900123", None)  # the email is silent
    client.page(f"{PAGE}code/", {"number": "01632 960123", "code": figures(1)}, post=True)
    member.refresh_from_db()
    assert member.landline.value == "+441632960123"


def test_the_figures_cannot_be_guessed(client, officer):
    client.page(PAGE, {"id": str(uuid.uuid4())} | said(email="", mobile="07700 900123"), post=True)
    for _ in range(5):
        client.page("/register/code/", {"number": "07700 900123", "code": "1"}, post=True)
    page = client.page("/register/code/", {"number": "07700 900123", "code": figures()}, post=True)
    assert "too old" in page.text()
    assert not Member.objects.get().confirmed_at
