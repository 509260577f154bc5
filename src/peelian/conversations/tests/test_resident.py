"""A resident begins a conversation, and reads what is sensitive behind a code."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from peelian.accounts.tests.factories import make_area
from peelian.contacts.models import Address
from peelian.conversations import actions, letters, sorting, tokens
from peelian.conversations.models import Letter, Message, Thread
from peelian.conversations.tests.factories import make_address, make_staff, make_team, make_thread
from peelian.conversations.tests.test_actions import jobs_waiting, trail
from peelian.core import clock
from peelian.core.messages import renderers
from peelian.members import sessions
from peelian.members.actions.codes import figures_of
from peelian.members.models import Code
from peelian.members.tests.factories import make_member

pytestmark = pytest.mark.django_db
WORDS = "The lamp in Mill Lane is out, and boys on motorbikes come by."


@pytest.fixture
def ward():
    return make_area("E05000001", "Elm Bridge")


@pytest.fixture
def team(ward):
    team = make_team()
    team.areas.add(ward)
    return team


def given(**other):
    return {"text": WORDS, "email": "Ada@home.example", "language": "pl", "website": ""} | other


def write(client, ward, **other):
    return client.page(f"/areas/{ward.code}/write/", given(**other), post=True)


def link() -> str:
    letter = Letter.objects.get()
    return "/conversations/confirm/" + tokens.make(letter.pk, letter.address_id, salt=tokens.LETTER) + "/"


def test_the_neighbourhood_page_leads_there_and_999_stands_before_the_box(client, ward, team):
    assert f"/areas/{ward.code}/write/" in client.page(f"/areas/{ward.code}/").response.content.decode()
    page = client.page(f"/areas/{ward.code}/write/")
    body = page.response.content.decode()
    assert body.index("Call 999") < body.index("<textarea")
    assert body.index("0800 555 111") < body.index("<textarea")
    assert "Monday to Friday, 8am to 6pm" in body


def test_nobody_of_the_team_sees_it_before_the_address_is_confirmed_and_one_email_is_all_that_goes(client, ward, team):
    assert write(client, ward).texts("h1") == ["Look into your email now"]
    assert Thread.objects.count() == 0
    assert [job["args"]["renderer"] for job in jobs_waiting()] == ["conversations.letter"]
    client.page(link())  # mail programs open links
    assert Thread.objects.count() == 0
    client.page(link(), {}, post=True)
    thread = Thread.objects.get()
    assert (thread.team, thread.area, thread.language) == (team, ward, "pl")
    assert [(one.how, one.text) for one in thread.messages.exclude(how="notice")] == [("confirm", WORDS)]
    assert Address.objects.get().verified_at
    assert Letter.objects.count() == 0


def test_the_link_says_nothing_of_the_message_works_once_and_not_for_another(client, ward, team):
    write(client, ward)
    email = renderers["conversations.letter"].email(Letter.objects.get().pk)
    assert "motorbikes" not in email.text + email.html + email.subject
    address = re.search(r"/conversations/confirm/[^/\s]+/", email.text)[0]
    page = client.page(address)
    assert "motorbikes" not in page.response.content.decode()
    client.page(address, {}, post=True)
    assert client.post(address).status_code == 404
    assert client.get(address[:-4] + "xxx/").status_code == 404


def test_a_program_learns_nothing_and_leaves_nothing(client, ward, team):
    assert write(client, ward, website="http://spam.example").texts("h1") == ["Look into your email now"]
    assert Letter.objects.count() == 0


def test_three_a_day_for_an_address_and_the_page_says_the_same(client, ward, team):
    for _ in range(5):
        assert write(client, ward).texts("h1") == ["Look into your email now"]
    assert Letter.objects.count() == 3


def test_ten_an_hour_from_a_network(client, ward, team):
    for number in range(10):
        write(client, ward, email=f"r{number}@home.example")
    assert client.post(f"/areas/{ward.code}/write/", given(email="more@home.example")).status_code == 409


def test_what_nobody_confirms_is_deleted_in_a_week(client, ward, team):
    write(client, ward)
    old = link()
    Letter.objects.update(written_at=clock.now() - timedelta(days=7, minutes=1))
    assert client.get(old).status_code == 404
    assert letters.forget(clock.now()) == 1


def test_a_wrong_address_is_said_beside_the_box_and_the_words_stay(client, ward, team):
    page = write(client, ward, email="ada at home")
    assert page.texts("textarea") == [WORDS]
    assert page.texts(".govuk-error-message")


def test_the_thread_is_named_in_our_words_since_messages_carry_its_name(client, ward, team):
    write(client, ward)
    client.page(link(), {}, post=True)
    assert Thread.objects.get().subject == "A message about Elm Bridge"
    assert "motorbikes" not in str(trail())


def test_a_hotspot_has_no_such_page(client, team):
    make_area("H1", "Hot", kind="hotspot", at=2)
    assert client.get("/areas/H1/write/").status_code == 404


# From My account ------------------------------------------------------------------------------------------------------


def sign_in(client, address_id):
    session = client.session
    session[sessions.ADDRESS], session[sessions.SEEN] = address_id, int(clock.now().timestamp())
    session.save()


def test_a_member_writes_to_the_team_of_where_they_live(client, ward, team):
    member = make_member("ada@home.example", language="ur")
    type(member).objects.filter(pk=member.pk).update(area=ward)
    sign_in(client, member.email_id)
    assert reverse("conversations:mine") in client.page("/me/").response.content.decode()
    page = client.page("/me/conversations/write/")
    client.page("/me/conversations/write/", page.form() | {"text": WORDS}, post=True)
    thread = Thread.objects.get()
    assert (thread.team, thread.member, thread.area, thread.language) == (team, member, ward, "ur")
    assert thread.messages.exclude(how="notice").get().how == Message.How.CODE
    client.page(f"/me/conversations/{thread.pk}/", {"text": "And another thing."}, post=True)
    assert thread.messages.exclude(how="notice").count() == 2


def test_nobody_reads_anothers_conversation(client, team):
    mine, theirs = make_address("a@home.example"), make_address("b@home.example")
    thread = make_thread(team, theirs)
    assert client.get(f"/me/conversations/{thread.pk}/").status_code == 302  # to sign in
    sign_in(client, mine.pk)
    assert client.get(f"/me/conversations/{thread.pk}/").status_code == 404
    assert "Vans" not in client.page("/me/conversations/").response.content.decode()


def test_of_a_household_each_reads_their_own(client, team):
    one = make_member("both@home.example", first_name="Ada")
    other = make_member("both@home.example", first_name="Ben")
    thread = make_thread(team, one.email)
    Thread.objects.filter(pk=thread.pk).update(member=other)
    sign_in(client, one.email_id)
    session = client.session
    session[sessions.MEMBER] = one.pk
    session.save()
    assert client.get(f"/me/conversations/{thread.pk}/").status_code == 404


# Sensitive ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def answered(team):
    staff = make_staff("pat@heartshire.example", team)
    thread = make_thread(team)
    sorting.set_sensitive(thread=thread, sensitive=True, by=staff)
    return actions.answer(thread=thread, text="We will come at nine.", by=staff)


def test_messages_about_it_only_say_that_there_is_an_answer(answered):
    renderer = renderers["conversations.answer"]
    email = renderer.email(answered.pk)
    everything = email.subject + email.text + email.html + renderer.text(answered.pk) + renderer.voice(answered.pk)
    assert "nine" not in everything
    assert "Vans" not in everything
    assert "answer" in email.subject


def test_it_is_read_after_a_code_to_the_address_of_the_thread(client, answered):
    address = re.search(r"/conversations/read/[^/\s]+/", renderers["conversations.answer"].email(answered.pk).text)[0]
    page = client.page(address)
    assert "nine" not in page.response.content.decode()
    assert "resident@" not in page.response.content.decode()
    client.page(address, {}, post=True)
    code = Code.objects.get()
    assert code.address_id == answered.thread.address_id
    wrong = client.page(address + "code/", {"code": "000000" if figures_of(code) != "000000" else "111111"}, post=True)
    assert wrong.texts(".govuk-error-message")
    page = client.page(address + "code/", {"code": figures_of(code)}, post=True)
    assert "We will come at nine." in page.texts(".p-said__text")
    assert client.get(address[:-3] + "xx/").status_code == 404
