"""Registering: page by page, without script, as somebody who has never been here."""

import datetime as dt
import re

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from peelian.accounts.models import Organisation
from peelian.contacts import actions as contacts
from peelian.contacts.models import Address
from peelian.core import clock
from peelian.core.messages import renderers
from peelian.members import tokens
from peelian.members.models import EVERY_TOPIC, AudienceRow, EqualityAnswers, Member, Topic
from peelian.members.tests.factories import make_member, make_postcode, make_ward

pytestmark = pytest.mark.django_db
SENT = "Now look in your email"


def jobs() -> list[tuple[str, int]]:
    """(renderer, object id) of what is to be sent, in order."""
    found = ProcrastinateJob.objects.filter(task_name="delivery.transactional").order_by("id")
    return [(job.args["renderer"], job.args["object_id"]) for job in found]


def h1(page) -> str:
    return page.texts("h1")[0]


def join(client, age="18-or-over", *, email="sam@home.example", answers=None, **given):
    """Fill in all pages; the last page. WHERE and CONTACT are more of the first and third."""
    where = {"age": age, "postcode": given.pop("postcode", ""), **given.pop("where", {})}
    client.page("/register/", where, post=True)
    slugs = given.pop("interests", list(Topic.objects.values_list("slug", flat=True)))
    client.page("/register/choices/", {"interests": slugs}, post=True)
    organisations = given.pop("organisations", ["police"])
    contact = {"email": email, "organisations": organisations, "urgent_passes": "on", **given.pop("contact", {})}
    page = client.page("/register/contact/", contact, post=True)
    if page.status == 200 and h1(page) == "About you, if you like":
        page = client.page("/register/questions/", {**given, **(answers or {})}, post=True)
    return page


def link(member: Member) -> str:
    parts = renderers["members.confirm"].email(member.pk)
    found = re.search(r"http://testserver(\S+/register/confirm/\S+|/register/confirm/\S+)", parts.text)
    assert found
    assert found.group(1) in parts.html
    return found.group(1)


def test_somebody_joins_and_confirms(client):
    make_postcode()
    ward = make_ward()
    page = client.page("/register/")
    assert page.texts(".p-step") == ["Step 1 of 4: where you live"]
    page = join(
        client,
        postcode="ab1 2cd",
        first_name="Sam",
        last_name="Poe",
        interests=["vehicle-crime"],
        answers={"birth_year": "1980", "sex": "female", "ethnic_group": "white-roma", "disability": "none"},
    )
    assert h1(page) == SENT
    member = Member.objects.get()
    assert (member.first_name, member.area, member.source, member.confirmed_at) == ("Sam", ward, "web", None)
    assert (member.interests, member.organisations) == (Topic.objects.get(slug="vehicle-crime").mask, 1)
    assert EqualityAnswers.objects.get().sex == "female"
    assert [c.wording.kind for c in member.consents.order_by("pk")] == ["privacy", "organisation"]
    assert jobs() == [("members.confirm", member.pk)]
    assert AudienceRow.objects.get().reachable == 0

    path = link(member)
    assert "Sam" not in client.page(path).text()
    member.refresh_from_db()
    assert member.confirmed_at is None  # a mail program that opens links changes nothing
    assert h1(client.page(path, post=True)) == "You have joined"
    assert h1(client.page(path, post=True)) == "You have joined already"
    member.refresh_from_db()
    assert member.confirmed_at
    assert member.email.verified_at
    assert AudienceRow.objects.get().channels == 1


def test_every_box_ticked_means_also_types_to_come(client):
    join(client)
    assert Member.objects.get().interests == EVERY_TOPIC


def test_nobody_under_13(client):
    assert h1(client.page("/register/", {"age": "under-13"}, post=True)) == "You can join when you are 13"
    assert "member_joining" not in client.session
    client.page("/register/contact/")
    assert not Member.objects.exists()


def test_13_to_17_gets_the_most_private_pages(client):
    page = client.page("/register/", {"age": "13-17"}, post=True)
    assert page.texts(".p-step") == ["Step 2 of 3: what you care about"]
    client.page("/register/choices/", {"interests": ["good-news"]}, post=True)
    labels = client.page("/register/contact/").texts("label")
    assert "Their first name" not in labels  # nobody helps a child with messages behind their parents' back
    assert not any("fundraising" in label for label in labels)
    page = join(client, "13-17", where={"street_address": "1 Elm Street"})
    assert h1(page) == SENT  # no questions
    member = Member.objects.get()
    assert (member.young, member.first_name, member.promotion, member.street_address) == (True, "", False, "")
    assert not EqualityAnswers.objects.exists()
    client.page("/register/", {"age": "13-17"}, post=True)
    assert client.get("/register/questions/").url == "/register/"


HOW = ("/register/contact/", {"organisations": ["police"], "urgent_passes": "on"})


@pytest.mark.parametrize(
    ("path", "data", "errors"),
    [
        ("/register/", {}, ["Choose how old you are"]),
        (
            "/register/",
            {"age": "18-or-over", "postcode": "ZZ1 1ZZ"},
            ["We do not know that postcode. Check it and try again. You can also leave the box empty."],
        ),
        ("/register/choices/", {}, ["Tick at least one kind of message"]),
        (
            "/register/contact/",
            {},
            [
                "Give an email address, a mobile number or a landline: one is enough",
                "Tick at least one, or you will get no messages",
            ],
        ),
        (HOW[0], {**HOW[1], "email": "sam"}, ["Give your email address in full, like name@example.com"]),
        (HOW[0], {**HOW[1], "mobile": "01632 960123"}, ["Give a mobile number, like 07700 900123"]),
        (HOW[0], {**HOW[1], "landline": "07700 900123"}, ["Give a landline number, like 01632 960123"]),
        (
            HOW[0],
            {**HOW[1], "email": "sam@home.example", "how_vehicle-crime": "2"},
            ["To hear of “Vehicle crime” by text message, give a number for that above"],
        ),
        (
            HOW[0],
            {**HOW[1], "email": "sam@home.example", "quiet": "own", "quiet_from": "07:00", "quiet_until": "07:00"},
            ["Quiet hours end at another time than they begin. Choose a later one."],
        ),
        (
            HOW[0],
            {**HOW[1], "landline": "01632 960123", "helper_contact": "pat@home.example"},
            ["Tick that they may get your messages, or leave their address empty"],
        ),
        (
            HOW[0],
            {**HOW[1], "landline": "01632 960123", "helper_contact": "pat", "helper_agreed": "on"},
            ["Give their email address, like name@example.com, or mobile number, like 07700 900123"],
        ),
        (
            HOW[0],
            {**HOW[1], "email": "sam@home.example", "helper_contact": "pat@home.example", "helper_agreed": "on"},
            ["Messages go to one email address: yours or theirs. Leave one of them empty"],
        ),
        (
            "/register/questions/",
            {"birth_year": "20"},
            ["Give the year you were born as four figures, like 1984, or leave the box empty"],
        ),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(client, path, data, errors):
    session = client.session
    reach = {"email": ["sam@home.example"], "organisations": ["police"]}
    session["member_joining"] = {"where": {"age": ["18-or-over"]}, "care": {"interests": ["x"]}, "reach": reach}
    session.save()
    page = client.page(path, data or {"nothing": "1"}, post=True)
    assert sorted(page.texts(".govuk-error-summary__list li")) == sorted(errors)
    assert {text.removeprefix("Error: ") for text in page.texts(".govuk-error-message")} == set(errors)


def test_the_answer_is_the_same_for_an_address_we_know(client):
    member = make_member("sam@home.example", first_name="Sam", organisations=1)
    assert h1(join(client, email="Sam@home.example")) == SENT
    member.refresh_from_db()
    assert member.first_name == "Sam"
    assert Member.objects.count() == 1
    assert jobs() == [("members.already", member.pk)]


def test_whoever_fills_in_the_pages_again_puts_their_registration_right(client):
    join(client, first_name="Sam", last_name="Po")
    assert client.page("/register/").form()["age"] == "18-or-over"  # what was filled in is still there
    join(client, first_name="Sam", last_name="Poe")
    assert Member.objects.get().last_name == "Poe"
    consents = Member.objects.get().consents
    assert consents.filter(withdrawn_at=None).count() == 2
    assert consents.exclude(withdrawn_at=None).count() == 2  # the ledger forgets nothing
    assert jobs() == [("members.confirm", Member.objects.get().pk)]  # and nothing is sent twice


def test_somebody_else_changes_no_registration_and_sends_nothing_more(client):
    join(client, first_name="Sam")
    other = type(client)()
    for name in ("Sam", ""):
        assert h1(join(other, first_name=name)) == SENT
        other.cookies.clear()
    assert Member.objects.get().first_name == "Sam"
    assert jobs() == [("members.confirm", Member.objects.get().pk)]


def test_a_member_who_was_imported_is_not_overwritten_by_a_stranger(client):
    member = make_member("sam@home.example", confirmed=False, external_id="A", first_name="Sam")
    for _ in range(2):
        join(client, last_name="Eve")
    member.refresh_from_db()
    assert (member.first_name, member.last_name) == ("Sam", "")
    assert jobs() == [("members.confirm", member.pk)]


def test_a_program_that_fills_in_every_box_learns_nothing(client):
    page = join(client, contact={"website": "http://spam.example"})
    assert h1(page) == SENT
    assert not Member.objects.exists()
    assert not jobs()


def test_a_member_is_reminded_three_times_a_day_and_the_page_says_the_same(client):
    make_member("sam@home.example")
    for _ in range(5):
        assert h1(join(client)) == SENT
    assert [renderer for renderer, _ in jobs()] == ["members.already"] * 3


def test_too_many_from_one_network_are_refused(client, monkeypatch):
    from peelian.members.views import joining

    monkeypatch.setattr(joining, "FROM_A_NETWORK", 2)
    for number in range(2):
        assert h1(join(client, email=f"r{number}@home.example")) == SENT
    client.page("/register/questions/")
    response = client.post("/register/questions/")
    assert response.status_code == 409
    assert Member.objects.count() == 2


def test_pages_out_of_order_begin_at_the_beginning(client):
    for path in ("contact", "choices", "questions"):
        assert client.get(f"/register/{path}/").url == "/register/"
    client.page("/register/", {"age": "18-or-over"}, post=True)
    for path in ("contact", "questions"):
        assert client.get(f"/register/{path}/").url == "/register/choices/"
    assert client.get("/register/sent/").url == "/register/"


@pytest.mark.parametrize("change", [lambda t: t + "x", lambda t: "9" + t, lambda t: "nonsense", lambda t: t[:-3]])
def test_a_tampered_link_gives_a_sentence(client, change):
    member = make_member(confirmed=False)
    token = change(tokens.make(member.pk, member.email_id))
    page = client.page(f"/register/confirm/{token}/", expect=404)
    assert "That link does not work" in page.text()
    client.page(f"/register/confirm/{token}/", expect=404, post=True)
    member.refresh_from_db()
    assert member.confirmed_at is None


def test_an_old_link_gives_a_sentence(client, monkeypatch):
    member = make_member(confirmed=False)
    path = link(member)
    monkeypatch.setattr(tokens, "GOOD_FOR", dt.timedelta(seconds=-1))
    assert "too old" in client.page(path, expect=410).text()


def test_a_link_does_not_confirm_another_address(client):
    member = make_member(confirmed=False)
    path = link(member)
    member.email = contacts.address(Address.Kind.EMAIL, "new@home.example")
    member.save()
    client.page(path, post=True, expect=404)


def test_an_address_that_stopped_us_starts_again_by_confirming(client):
    member = make_member(confirmed=False)
    contacts.suppress(address_ids=[member.email_id], why=Address.Suppression.STOPPED, by=tokens_actor(member))
    client.page(link(member), post=True)
    member.email.refresh_from_db()
    assert member.email.suppression == ""
    assert AudienceRow.objects.get().channels == 1


def tokens_actor(member):
    from peelian.members.actions import MemberActor

    return MemberActor(member.pk)


def test_organisations_are_ticked_one_by_one(client):
    fire = Organisation.objects.create(slug="fire", name="Fire service", bit=3)
    fire.sends, fire.how_often = "Fires near you.", "About two a month."
    fire.save()
    client.page("/register/", {"age": "18-or-over"}, post=True)
    client.page("/register/choices/", {"interests": ["good-news"]}, post=True)
    page = client.page("/register/contact/")
    assert "Fires near you. About two a month." in page.texts(".govuk-checkboxes__hint")
    assert page.document.cssselect("input[name=organisations][checked]") == []
    join(client, organisations=["fire"])
    member = Member.objects.get()
    assert member.organisations == fire.mask
    assert [c.organisation for c in member.consents.exclude(organisation=None)] == [fire]


def test_every_unconfirmed_member_is_asked_once(capsys):
    from django.core.management import call_command

    asked = [make_member(f"r{n}@home.example", confirmed=False) for n in range(3)]
    make_member("done@home.example")
    make_member("", confirmed=False, mobile=contacts.address(Address.Kind.MOBILE, "07700 900123"))
    stopped = make_member("stop@home.example", confirmed=False)
    contacts.suppress(address_ids=[stopped.email_id], why=Address.Suppression.BOUNCED, by=tokens_actor(stopped))
    call_command("members_confirm")
    call_command("members_confirm")
    said = capsys.readouterr().out.splitlines()
    assert said == ["Asked 3 members to confirm. The worker sends the emails.", "There is nobody left to ask."]
    assert jobs() == [("members.confirm", member.pk) for member in asked]
    priorities = set(ProcrastinateJob.objects.values_list("priority", flat=True))
    assert priorities == {-10}  # codes go first
    assert Member.objects.filter(confirm_asked_at__lte=clock.now()).count() == 3
