"""Joining at the door: the page without script, saying yes by telephone, and who may open it."""

import datetime as dt
import uuid

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from peelian.accounts.models import Organisation
from peelian.accounts.tests.factories import sign_in
from peelian.core import clock
from peelian.core.messages import renderers
from peelian.core.testing.html import PageClient
from peelian.members import personal_data
from peelian.members.actions.codes import figures_of
from peelian.members.models import (
    EVERY_TOPIC,
    AudienceRow,
    Code,
    Consent,
    DoorstepSignUp,
    Member,
    Topic,
)
from peelian.members.tests.doorstep_support import PAGE, a_ward, an_officer, jobs, make_street, said
from peelian.members.tests.factories import make_member
from peelian.places.models import Area
from peelian.places.tests.factories import make_area, square

pytestmark = pytest.mark.django_db


@pytest.fixture
def ward():
    return a_ward()


@pytest.fixture
def officer(ward, client):
    return an_officer(client, ward)


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
