"""The member's own pages, behind a code."""

import datetime as dt

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from peelian.accounts.models import Organisation
from peelian.audit.models import Event
from peelian.contacts import actions as contacts
from peelian.contacts.models import Address
from peelian.core import clock
from peelian.core.messages import renderers
from peelian.members import actions
from peelian.members.actions.codes import figures_of
from peelian.members.categories import LANGUAGE_NUMBERS
from peelian.members.models import AudienceRow, Code, EqualityAnswers, Group, Member, Topic
from peelian.members.tests.factories import make_member, make_postcode, make_ward

pytestmark = pytest.mark.django_db


def h1(page) -> str:
    return page.texts("h1")[0]


def sign_in(client, contact="sam@home.example"):
    client.page("/me/sign-in/", {"contact": contact}, post=True)
    return client.page("/me/code/", {"code": figures_of(Code.objects.latest("pk"))}, post=True)


@pytest.fixture
def ward():
    make_postcode()
    return make_ward()


@pytest.fixture
def member(ward):
    return make_member(first_name="Sam", last_name="Poe", postcode="AB1 2CD")


def test_a_code_opens_the_page_once(client, member):
    assert h1(client.page("/me/")) == "Change what you get"  # sent to sign in
    page = client.page("/me/sign-in/", {"contact": "SAM@home.example"}, post=True)
    assert h1(page) == "Type the code we sent you"
    code = Code.objects.get()
    job = ProcrastinateJob.objects.get()
    assert (job.task_name, job.queue_name) == ("delivery.transactional", "transactional")
    expected = {"renderer": "members.sign_in", "object_id": code.pk, "address_id": member.email_id, "member_id": None}
    assert job.args == expected
    figures = figures_of(code)
    assert figures in renderers["members.sign_in"].email(code.pk).text
    assert figures in renderers["members.sign_in"].email(code.pk).html
    typed = f"{figures[:3]} {figures[3:]}"
    assert h1(client.page("/me/code/", {"code": typed}, post=True)) == "What you get from us, and why"
    member.email.refresh_from_db()
    assert member.email.verified_at

    client.page("/me/sign-out/", post=True)
    assert client.get("/me/").url == "/me/sign-in/"
    session = client.session
    session["member_code"], session["member_tries"] = code.pk, 0
    session.save()
    page = client.page("/me/code/", {"code": figures}, post=True)
    assert page.texts(".govuk-error-summary__list li") == [
        "That code has been tried too often or is too old. Ask for a new one."
    ]


def test_known_and_unknown_contacts_look_alike(client, member):
    pages = {}
    for contact in ("sam@home.example", "who@home.example"):
        seen = [client.page("/me/sign-in/", {"contact": contact}, post=True)]
        wrong = "000000" if contact.startswith("who") or figures_of(Code.objects.get()) != "000000" else "000001"
        seen += [client.page("/me/code/", {"code": wrong}, post=True) for _ in range(7)]
        pages[contact] = [page.text().replace(contact, "") for page in seen]
    assert pages["sam@home.example"] == pages["who@home.example"]
    assert "tried too often" in pages["who@home.example"][-1]


def test_five_tries_and_not_one_more_even_from_another_browser(client, member):
    from peelian.members import actions
    from peelian.members.errors import CodeRefused, NoMoreTries

    code = Code.objects.create(address=member.email, expires_at=clock.now() + dt.timedelta(minutes=10))
    wrong = "111111" if figures_of(code) != "111111" else "222222"
    for _ in range(5):
        with pytest.raises(CodeRefused):
            actions.use_code(code_id=code.pk, figures=wrong)
    with pytest.raises(NoMoreTries):
        actions.use_code(code_id=code.pk, figures=figures_of(code))


def test_a_code_ends_after_ten_minutes(client, member):
    client.page("/me/sign-in/", {"contact": "sam@home.example"}, post=True)
    code = Code.objects.get()
    assert dt.timedelta(minutes=9) < code.expires_at - clock.now() <= dt.timedelta(minutes=10)
    Code.objects.update(expires_at=clock.now())
    page = client.page("/me/code/", {"code": figures_of(Code.objects.get())}, post=True)
    assert page.texts(".govuk-error-summary__list li")


def test_an_address_gets_five_codes_an_hour(client, member):
    for _ in range(8):
        page = client.page("/me/sign-in/", {"contact": "sam@home.example"}, post=True)
        assert h1(page) == "Type the code we sent you"
    assert Code.objects.count() == 5


def test_a_mobile_number_does_too(client):
    make_member("", mobile=contacts.address(Address.Kind.MOBILE, "07700 900123"))
    assert h1(sign_in(client, "+44 7700 900 123")) == "What you get from us, and why"
    code = Code.objects.get()
    assert figures_of(code) in renderers["members.code"].text(code.pk)


def test_a_household_says_who_it_is_by_first_name_only(client, member):
    other = make_member("sam@home.example", first_name="Ali", last_name="Secret")
    page = sign_in(client)
    assert h1(page) == "Who are you?"
    assert page.texts(".govuk-radios__label") == ["Sam", "Ali"]
    assert "Poe" not in page.text()
    assert "Secret" not in page.text()
    stranger = make_member("else@home.example", first_name="Eve")
    client.page("/me/who/", {"member": stranger.pk}, post=True)
    assert client.get("/me/").url == "/me/who/"
    page = client.page("/me/who/", {"member": other.pk}, post=True)
    assert "Ali Secret" in page.text()
    assert "I am somebody else at this address" in page.text()


def test_the_session_ends_after_30_idle_minutes(client, member):
    sign_in(client)
    session = client.session
    session["member_seen"] -= 31 * 60
    session.save()
    assert client.get("/me/").url == "/me/sign-in/"


def test_a_resident_is_no_staff(client, member):
    sign_in(client)
    assert client.get("/staff/members/").status_code == 302
    assert "/staff/account/login/" in client.get("/staff/members/").url


def test_the_page_says_what_why_and_where(client, member, ward):
    page = sign_in(client)
    text = page.text()
    assert "Everything we write about" in text
    assert "By email, because you have not chosen another way." in text
    assert "s…@home.example" in text
    assert "Elm Bridge, because your postcode is AB1 2CD" in text
    assert "sam@home.example" not in text


def test_choosing_messages_and_channels(client, member):
    member.mobile = contacts.address(Address.Kind.MOBILE, "07700 900123")
    member.save()
    sign_in(client)
    data = {"channels": ["email", "text"], "interests": ["vehicle-crime", "good-news"], "how_vehicle-crime": "2"}
    page = client.page("/me/messages/", data, post=True)
    assert "We have changed what you get." in page.text()
    assert "Vehicle crime: by text message" in page.text()
    member.refresh_from_db()
    topics = {topic.slug: topic for topic in Topic.objects.all()}
    assert member.interests == topics["vehicle-crime"].mask | topics["good-news"].mask
    assert (member.channels, member.chosen_at is None) == (3, False)
    assert list(member.topic_channels.values_list("topic__slug", "channels")) == [("vehicle-crime", 2)]
    assert AudienceRow.objects.get(member=member).interests == member.interests
    event = Event.objects.get(verb="member.preferences_changed")
    assert (event.actor_kind, event.actor_label) == ("member", "signed in")


def test_agreements_keep_their_history(client, member):
    Organisation.objects.create(slug="fire", name="Fire service", bit=1)
    sign_in(client)
    client.page("/me/agreements/", {"organisations": ["police", "fire"]}, post=True)
    page = client.page("/me/agreements/", {"organisations": ["fire"]}, post=True)
    member.refresh_from_db()
    assert member.organisations == 2
    assert "Messages from Fire service (version 1)" in page.text()
    page = client.page("/me/agreements/", {"nothing": "1"}, post=True)
    assert "Nothing, because nobody may write to you." in page.text()
    assert "you took it back on" in page.text()


def test_four_further_places_and_no_fifth(client, member, ward):
    make_postcode("CD34EF", -1.985)
    vale = make_ward("W02", "Castle Vale", column=1)
    sign_in(client)
    for name in ("Work", "Mum", "School", "Shop"):
        page = client.page("/me/places/add/", {"label": name, "postcode": "cd3 4ef"}, post=True)
    assert "You have 4 further places" in page.text()
    page = client.page("/me/places/add/", {"label": "Pub", "postcode": "cd3 4ef"}, post=True)
    assert page.texts(".govuk-error-summary__list li") == ["You have four further places already. Take one away first."]
    assert AudienceRow.objects.filter(area_id=vale.pk).count() == 4
    client.page(f"/me/places/{member.places.first().pk}/remove/", post=True)
    assert AudienceRow.objects.filter(area_id=vale.pk).count() == 3
    page = client.page("/me/places/add/", {"label": "Pub", "postcode": "zz1 1zz"}, post=True)
    assert page.texts(".govuk-error-summary__list li") == ["We do not know that postcode. Check it and try again."]


def test_nobody_takes_away_a_strangers_place(client, member):
    stranger = make_member("else@home.example")
    place = stranger.places.create(label="Work", longitude=1, latitude=1, cell=1)
    sign_in(client)
    client.page(f"/me/places/{place.pk}/remove/", post=True, expect=404)
    assert stranger.places.count() == 1


def test_groups_that_are_open_and_those_that_are_not(client, member):
    dogs = Group.objects.create(slug="dogs", name="Dog walkers", about="People with dogs")
    watch = Group.objects.create(slug="watch", name="Watch coordinators", open=False)
    member.memberships.create(group=watch)
    sign_in(client)
    page = client.page("/me/groups/")
    assert page.texts(".govuk-checkboxes__label") == ["Dog walkers"]
    client.page("/me/groups/", {"groups": [dogs.pk]}, post=True)
    assert set(member.groups.all()) == {dogs, watch}
    client.page("/me/groups/", {"groups": [watch.pk]}, post=True)
    client.page("/me/groups/", {"nothing": "1"}, post=True)
    assert set(member.groups.all()) == {watch}


def test_equality_answers_can_be_taken_back(client, member):
    EqualityAnswers.objects.create(member=member, sex="female", origin_code="K12")
    sign_in(client)
    page = client.page("/me/answers/forget/", post=True)
    assert "We have deleted your answers." in page.text()
    assert "Delete my answers" not in page.text()
    assert not EqualityAnswers.objects.exists()
    assert Event.objects.get(verb="member.answers_forgotten").data == {}


def test_a_legal_hold_keeps_answers_that_were_taken_back(member):
    EqualityAnswers.objects.create(member=member, sex="female")
    Member.objects.update(legal_hold=True)
    actions.forget_answers(member=member, by=actions.MemberActor(member.pk))
    assert EqualityAnswers.objects.exists()


def test_name_and_language(client, member):
    sign_in(client)
    client.page("/me/details/", {"first_name": "Sami", "last_name": "", "language": "ur"}, post=True)
    member.refresh_from_db()
    assert (member.first_name, member.language) == ("Sami", "ur")
    assert AudienceRow.objects.get(member=member).language == LANGUAGE_NUMBERS["ur"]


def test_somebody_who_has_not_confirmed_can_by_code(client):
    make_member(confirmed=False)
    page = sign_in(client)
    assert "You have not said yes yet" in page.text()
    page = client.page("/me/confirm/", post=True)
    assert "From now on you get messages." in page.text()
    assert Member.objects.get().confirmed_at
    assert AudienceRow.objects.get().channels == 1


def test_pages_are_not_kept_by_browsers(client, member):
    sign_in(client)
    for path in ("/me/", "/me/messages/", "/register/"):
        assert "no-store" in client.get(path)["Cache-Control"]
