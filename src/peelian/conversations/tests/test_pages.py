"""The inbox and a conversation as staff see them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from peelian.accounts.roles import Role
from peelian.conversations import actions
from peelian.conversations.models import Message, Thread
from peelian.conversations.tests.factories import make_address, make_staff, make_team, make_thread
from peelian.core.keyset import ROWS

pytestmark = pytest.mark.django_db
INBOX = "/staff/conversations/"


@pytest.fixture
def team():
    return make_team()


@pytest.fixture
def officer(client, team, settings):
    settings.PEELIAN_DEMO = True  # demo accounts come in without a second factor
    staff = make_staff("pat@heartshire.example", team)
    client.force_login(staff)
    return staff


def test_the_longest_wait_comes_first_and_one_not_read_says_so(client, officer, team):
    make_thread(team, subject="First")
    make_thread(team, make_address("b@home.example"), subject="Second")
    page = client.page(INBOX)
    assert page.texts(".p-row__title") == ["First", "Second"]
    assert page.texts(".p-tag--blue") == ["Not read yet", "Not read yet"]
    client.page(f"{INBOX}{Thread.objects.get(subject='First').pk}/")
    assert client.page(INBOX).texts(".p-tag--blue") == ["Not read yet"]


@pytest.mark.parametrize(
    ("show", "seen"),
    [
        ("waiting", ["Open"]),
        ("unread", ["Open"]),
        ("mine", ["Answered"]),
        ("resident", ["Answered"]),
        ("closed", ["Closed"]),
    ],
)
def test_each_filter_shows_its_own(client, officer, team, show, seen):
    make_thread(team, subject="Open", about="alert:1")
    answered = make_thread(team, make_address("b@home.example"), subject="Answered", about="alert:2")
    actions.answer(thread=answered, text="Yes.", by=officer)
    actions.assign(thread=answered, to=officer, by=officer)
    closed = make_thread(team, make_address("c@home.example"), subject="Closed", about="alert:3")
    actions.close(thread=closed, reason="Done.", by=officer)
    assert client.page(INBOX, {"show": show}).texts(".p-row__title") == seen


def test_all_pages_together_hold_each_conversation_once(client, officer, team):
    for number in range(2 * ROWS + 3):
        make_thread(team, make_address(f"r{number}@home.example"), subject=f"No. {number}")
    for show in ("waiting", "all"):
        seen, page = [], client.page(INBOX, {"show": show})
        while True:
            seen += page.texts(".p-row__title")
            onward = page.document.cssselect("a[rel=next]")
            if not onward:
                break
            assert len(page.texts(".p-row__title")) == ROWS
            page = client.page(INBOX + onward[0].get("href"))
        expected = [f"No. {number}" for number in range(2 * ROWS + 3)]
        assert seen == (expected if show == "waiting" else expected[::-1])
        back = client.page(INBOX + page.document.cssselect("a[rel=prev]")[0].get("href"))
        assert back.texts(".p-row__title") == seen[ROWS : 2 * ROWS]


@pytest.mark.parametrize("cursor", ["nonsense", "n1", "n99999999999999999-999999999999999999", "p0-0"])
def test_a_cursor_that_is_not_ours_does_no_harm(client, officer, team, cursor):
    make_thread(team)
    client.page(INBOX, {"page": cursor})


def test_the_inbox_asks_as_often_for_three_as_for_one(client, officer, team):
    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            client.page(INBOX)
        return len(seen)

    make_thread(team)
    client.page(INBOX)
    one = asked()
    for number in range(2):
        make_thread(team, make_address(f"r{number}@home.example"))
    assert asked() == one


def test_a_conversation_asks_as_often_for_three_messages_as_for_one(client, officer, team):
    thread = make_thread(team)
    address = f"{INBOX}{thread.pk}/"
    client.page(address)

    def asked() -> int:
        with CaptureQueriesContext(connection) as seen:
            client.page(address)
        return len(seen)

    one = asked()
    for text in ("Two", "Three"):
        actions.answer(thread=thread, text=text, by=officer)
    assert asked() == one


def test_another_teams_conversation_is_not_found(client, officer):
    foreign = make_thread(make_team("Castle Vale team"))
    from peelian.places.models import Area

    assert Area is not None
    officer.scope.add(make_area())
    for path in ("", "answer/", "close/", "assign/"):
        address = f"{INBOX}{foreign.pk}/{path}"
        response = client.post(address) if path else client.get(address)
        assert response.status_code == 404, address
    assert client.page(INBOX, {"show": "all"}).texts(".p-row__title") == []


def make_area():
    from peelian.places.models import Area

    return Area.objects.create(
        kind="ward", code="W01", name="Elm Bridge", boundary=b"", outline={}, longitude=0, latitude=0,
        west=0, south=0, east=0, north=0, cover=b"",
    )  # fmt: skip


@pytest.mark.parametrize("role", [Role.ANALYST, Role.ADMINISTRATOR, Role.AUDITOR])
def test_who_may_not_read_conversations_finds_none(client, team, settings, role):
    settings.PEELIAN_DEMO = True
    client.force_login(make_staff("an@heartshire.example", team, role=role))
    thread = make_thread(team)
    assert client.get(INBOX).status_code == 404
    assert client.get(f"{INBOX}{thread.pk}/").status_code == 404


def test_answering_from_the_page(client, officer, team):
    thread = make_thread(team)
    page = client.page(f"{INBOX}{thread.pk}/")
    sent = page.form("answer/") | {"text": "Thank you, we are looking."}
    after = client.page(f"{INBOX}{thread.pk}/answer/", sent, post=True)
    assert after.texts(".p-said__text") == ["I saw a red van.", "Thank you, we are looking."]
    assert "Your answer is on its way to the resident." in after.text()


def test_words_are_kept_when_something_came_in_between(client, officer, team):
    thread = make_thread(team)
    sent = client.page(f"{INBOX}{thread.pk}/").form("answer/") | {"text": "So it was red."}
    make_thread(team, thread.address, text="It was blue.")
    page = client.page(f"{INBOX}{thread.pk}/answer/", sent, post=True)
    assert page.texts("textarea[name=text]") == ["So it was red."]
    assert "It was blue." in page.texts(".p-said__text")
    assert any("while you were writing" in line for line in page.texts(".govuk-error-summary li"))
    again = client.page(f"{INBOX}{thread.pk}/answer/", page.form("answer/"), post=True)
    assert "So it was red." in again.texts(".p-said__text")


@pytest.mark.parametrize("text", ["", "a" * (actions.LONGEST + 1)])
def test_an_answer_of_no_use_is_refused_beside_the_box(client, officer, team, text):
    thread = make_thread(team)
    page = client.page(f"{INBOX}{thread.pk}/answer/", {"text": text}, post=True)
    assert len(page.texts(".govuk-error-message")) == 1
    assert Message.objects.count() == 1


def test_closing_from_the_page_needs_a_reason(client, officer, team):
    thread = make_thread(team)
    client.page(f"{INBOX}{thread.pk}/close/", {"reason": ""}, post=True)
    assert Thread.objects.get().state == Thread.State.WAITING_FOR_US
    client.page(f"{INBOX}{thread.pk}/close/", {"reason": "The van is found."}, post=True)
    page = client.page(f"{INBOX}{thread.pk}/")
    assert "The van is found." in page.texts(".p-said__text")
    assert page.document.cssselect("textarea") == []


def test_words_are_shown_as_text_and_marked_as_not_verified(client, officer, team):
    thread = make_thread(team, text="<script>alert(1)</script><b>bold</b>")
    page = client.page(f"{INBOX}{thread.pk}/")
    assert page.texts(".p-said__text") == ["<script>alert(1)</script><b>bold</b>"]
    assert page.texts(".p-said__who strong") == ["By link, not verified"]


def test_the_residents_address_is_never_shown_whole(client, officer, team):
    thread = make_thread(team, make_address("valerie.stone@home.example"))
    for address in (INBOX, f"{INBOX}{thread.pk}/"):
        assert "valerie.stone" not in client.page(address).response.content.decode()


@pytest.mark.parametrize(
    ("force_allows", "person_allows", "who"),
    [
        (False, False, "PCSO, Elm Bridge team"),
        (True, False, "PCSO, Elm Bridge team"),
        (False, True, "PCSO, Elm Bridge team"),
        (True, True, "Pat Alder, PCSO, Elm Bridge team"),
    ],
)
def test_staff_are_named_only_where_force_and_person_allow(
    client, officer, team, settings, force_allows, person_allows, who
):
    settings.PEELIAN_SHOW_OFFICER_NAMES = force_allows
    officer.show_name = person_allows
    officer.save()
    thread = make_thread(team)
    actions.answer(thread=thread, text="Thank you.", by=officer)
    assert client.page(f"{INBOX}{thread.pk}/").texts(".p-said--us .p-said__who")[0].startswith(f"{who}, ")
