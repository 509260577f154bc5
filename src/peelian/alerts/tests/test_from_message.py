"""Links in messages: what they do, and what they never show, since mail is forwarded."""

import pytest
from django.db import connection
from django.urls import reverse

from peelian.alerts.models import Alert, Rating, Response
from peelian.alerts.tests.public_factories import NAMES, make_alert, make_area, make_member, make_token
from peelian.conversations import actions as conversations
from peelian.conversations.models import Message, Thread
from peelian.core import clock
from peelian.members.models import Helper

pytestmark = pytest.mark.django_db


@pytest.fixture
def alert():
    return make_alert(make_area())


@pytest.fixture
def member():
    return make_member()


@pytest.fixture
def token(alert, member):
    return make_token(alert, member)


@pytest.fixture
def stranger():
    """A browser that keeps no cookies and sends no CSRF token, with the checks switched on."""
    from peelian.core.testing.html import PageClient

    return PageClient(enforce_csrf_checks=True)


def snapshot():
    """Everything a link could change."""
    from peelian.members.models import Member

    tables = [Rating, Response, Thread, Message, Member]
    return [list(table.objects.order_by("pk").values()) for table in tables]


PAGES = ["", "rate/5/", "reply/", "less/", "less/?choice=topic", "less/?choice=organisation", "less/?choice=all"]


@pytest.mark.parametrize("page", PAGES)
def test_looking_changes_nothing(client, token, page):
    before = snapshot()
    for method in (client.get, client.head):
        assert method(f"/m/{token}/{page}").status_code == 200
        assert method(f"/unsubscribe/{token}/").status_code == 200
    assert snapshot() == before


@pytest.mark.parametrize("page", PAGES)
def test_no_page_says_whom_it_is_for(client, token, page):
    make_token_used = client.get(f"/m/{token}/{page}")
    said = make_token_used.content.decode().lower()
    assert not [name for name in NAMES if name in said]
    assert make_token_used["X-Robots-Tag"] == "noindex"
    assert "no-store" in make_token_used["Cache-Control"]
    assert make_token_used["Referrer-Policy"] == "no-referrer"
    assert make_token_used.cookies == {}


def test_no_page_says_what_was_done_before(client, token):
    client.post(f"/m/{token}/rate/2/")
    client.post(f"/m/{token}/reply/", {"text": "It was my neighbour."})
    for page in ("", "reply/", "less/", "rate/5/"):
        text = client.page(f"/m/{token}/{page}").text()
        assert "neighbour." not in text
        assert "2 of 6" not in text or page == ""


def test_the_overview_leads_everywhere_and_every_page_is_sound(client, token):
    page = client.page(f"/m/{token}/")
    for link in [link for link in page.links() if token in link]:
        client.page(link)
    assert {f"/m/{token}/rate/{n}/" for n in range(1, 7)} <= set(page.links())


# --- Rating -------------------------------------------------------------------------------------------------


def ratings():
    return list(Rating.objects.values_list("value", flat=True))


def test_a_rating_counts_when_the_button_is_pressed(stranger, token):
    page = stranger.page(f"/m/{token}/rate/5/")
    assert page.texts("button[type=submit]")[-1] == "Send my rating: 5 of 6"
    assert ratings() == []
    after = stranger.page(f"/m/{token}/rate/5/", post=True)
    assert after.texts("h1") == ["Thank you"]
    assert ratings() == [5]


def test_the_last_rating_counts(client, token):
    for value in (2, 6, 4):
        client.page(f"/m/{token}/rate/{value}/", post=True)
    assert ratings() == [4]


@pytest.mark.parametrize("value", ["0", "7", "99999999999999999999", "-1", "x"])
def test_there_is_no_other_rating(client, token, value):
    assert client.post(f"/m/{token}/rate/{value}/").status_code == 404
    assert ratings() == []


# --- Replying -----------------------------------------------------------------------------------------------


def test_a_reply_reaches_the_sending_team_marked_as_not_verified(stranger, alert, member, token):
    page = stranger.page(f"/m/{token}/reply/")
    assert "Call 999" in page.texts(".p-emergency")[0]
    assert page.document.xpath("//*[contains(@class,'p-emergency')]/following::textarea")
    after = stranger.page(f"/m/{token}/reply/", {"text": "I saw it <b>all</b>."}, post=True)
    assert after.texts("h2")[0] == "What happens next"
    thread = Thread.objects.get()
    assert (thread.team, thread.about, thread.subject) == (alert.team, f"alert:{alert.ref}", alert.title)
    assert (thread.address_id, thread.member_id) == (member.email_id, member.pk)
    said = thread.messages.exclude(how=Message.How.NOTICE).get()
    assert (said.how, said.text) == (Message.How.LINK, "I saw it <b>all</b>.")


def test_a_second_reply_continues_the_first(client, token):
    for text in ("One.", "Two."):
        client.page(f"/m/{token}/reply/", {"text": text}, post=True)
    assert [m.text for m in Thread.objects.get().messages.exclude(how="notice")] == ["One.", "Two."]


@pytest.mark.parametrize("text", ["", "   ", "a" * (conversations.LONGEST + 1)])
def test_a_reply_of_no_use_is_said_to_be_so_and_kept_in_the_box(client, token, text):
    page = client.page(f"/m/{token}/reply/", {"text": text}, post=True)
    assert len(page.texts(".govuk-error-message")) == 1
    assert page.form()["text"].strip() == text.strip()
    assert not Thread.objects.exists()


def test_a_reply_of_2_mb_is_refused_with_a_sentence(client, token):
    answer = client.post(
        f"/m/{token}/reply/", {"text": "a" * 2_000_000}, content_type="application/x-www-form-urlencoded"
    )
    assert answer.status_code == 413
    assert "far too long" in answer.content.decode()
    assert not Thread.objects.exists()


def test_a_reply_of_2_mb_by_form_data_is_refused_too(client, token):
    answer = client.post(f"/m/{token}/reply/", {"text": "a" * 2_000_000})
    assert answer.status_code == 413
    assert not Thread.objects.exists()


def test_headers_in_a_reply_stay_words(client, token):
    client.page(f"/m/{token}/reply/", {"text": "Hello\r\nBcc: all@example.org"}, post=True)
    assert Message.objects.exclude(how="notice").get().text == "Hello\nBcc: all@example.org"


def test_an_answer_can_be_answered(client, alert, member, token):
    """The link in the team's answer continues the same conversation."""
    from peelian.delivery.models import Delivery, Lane, Send
    from peelian.delivery.tokens import make

    client.page(f"/m/{token}/reply/", {"text": "Who did it?"}, post=True)
    thread = Thread.objects.get()
    answer = conversations.answer(thread=thread, text="We do not know yet.", by=alert.author)
    send = Send.objects.create(renderer="conversations.answer", object_id=answer.pk, lane=Lane.TRANSACTIONAL)
    Delivery.objects.create(send=send, address=member.email, member=member, channel=1, changed_at=clock.now())
    link = make(send.pk, member.email_id)
    overview = client.page(f"/m/{link}/")
    assert "We do not know yet" not in overview.text()
    assert overview.document.cssselect(".p-rate") == []
    client.page(f"/m/{link}/reply/", {"text": "Thank you anyway."}, post=True)
    assert [m.text for m in thread.messages.exclude(how="notice")] == [
        "Who did it?",
        "We do not know yet.",
        "Thank you anyway.",
    ]
    for page in ("rate/3/", "less/?choice=topic"):
        client.post(f"/m/{link}/{page}")
    assert not Rating.objects.exists()


# --- Less ---------------------------------------------------------------------------------------------------


def left():
    return sum(Response.objects.filter(kind=Response.Kind.LEFT).values_list("n", flat=True))


def choose(client, token, choice):
    asked = client.page(f"/m/{token}/less/", {"choice": choice})
    return client.page(f"/m/{token}/less/", asked.form(), post=True)


def test_less_of_this_type_only(stranger, alert, member, token):
    choose(stranger, token, "topic")
    member.refresh_from_db()
    assert member.interests & alert.topic.mask == 0
    assert member.interests | alert.topic.mask == -1
    assert member.organisations == 1
    assert left() == 1


def test_nothing_more_from_this_organisation(stranger, member, token):
    member.organisations = 0b101
    member.save()
    choose(stranger, token, "organisation")
    member.refresh_from_db()
    assert member.organisations == 0b100


def test_nothing_at_all_but_still_a_member(stranger, member, token):
    choose(stranger, token, "all")
    member.refresh_from_db()
    assert member.organisations == 0
    assert member.left_at is None


def test_a_helper_who_gets_copies_ends_them_and_changes_nothing_else(stranger, member, token):
    helped = make_member("edith@home.example")
    given = {"asked_at": clock.now(), "agreed_at": clock.now(), "begun_at": clock.now()}
    Helper.objects.create(member=helped, address=member.email, **given)
    press(stranger, token)
    helped.refresh_from_db()
    assert Helper.objects.get().ended_at
    assert (helped.organisations, helped.left_at) == (1, None)


@pytest.mark.parametrize("choice", ["", "nonsense"])
def test_a_choice_that_is_none_is_asked_again(client, token, choice):
    before = snapshot()
    page = client.page(f"/m/{token}/less/", {"choice": choice}, post=True)
    assert len(page.texts(".govuk-error-message")) == 1
    assert snapshot() == before


def test_pressed_without_a_choice_it_says_so_and_opened_in_another_language_it_does_not(client, token):
    assert client.page(f"/m/{token}/less/?go=on").texts(".govuk-error-message") == ["Error: Choose one"]
    assert client.page(f"/m/{token}/less/?lang=ur").texts(".govuk-error-message") == []


# --- One click (RFC 8058) -----------------------------------------------------------------------------------


def press(browser, token):
    body = "List-Unsubscribe=One-Click"
    return browser.post(f"/unsubscribe/{token}/", body, content_type="application/x-www-form-urlencoded")


def test_one_click_stops_at_once_for_all_who_share_the_address(stranger, member, token):
    housemate = make_member(first_name="Sam")
    assert press(stranger, token).status_code == 200
    for one in (member, housemate):
        one.refresh_from_db()
        assert one.organisations & 1 == 0
    assert left() == 1


def test_one_click_as_multipart_works_too(stranger, member, token):
    assert stranger.post(f"/unsubscribe/{token}/", {"List-Unsubscribe": "One-Click"}).status_code == 200
    member.refresh_from_db()
    assert member.organisations & 1 == 0


def test_one_click_twice_counts_once(stranger, token):
    assert [press(stranger, token).status_code for _ in range(2)] == [200, 200]
    assert left() == 1


def test_the_unsubscribe_page_has_a_button_that_does_the_same(client, member, token):
    page = client.page(f"/unsubscribe/{token}/")
    client.page(f"/unsubscribe/{token}/", page.form(), post=True)
    member.refresh_from_db()
    assert member.organisations & 1 == 0


def test_leaving_is_in_the_trail_as_by_link(stranger, member, token):
    press(stranger, token)
    with connection.cursor() as cursor:
        cursor.execute("SELECT actor_kind, actor_label, data::text FROM audit_event")
        rows = cursor.fetchall()
    assert ("member", "by link") in {row[:2] for row in rows}
    assert not any("@" in row[2] for row in rows)


# --- Links that do not work ---------------------------------------------------------------------------------

EVERYWHERE = ["from_message", "rate", "reply", "less", "one_click"]


def address(name, token):
    return reverse(f"alerts:{name}", args=[token, 3] if name == "rate" else [token])


@pytest.mark.parametrize("name", EVERYWHERE)
def test_a_tampered_link_says_so_and_does_nothing(client, token, name):
    before = snapshot()
    changed = token[:9] + ("A" if token[9] != "A" else "B") + token[10:]
    for spoilt in (changed, token[:-4], token + "A", "x", "é" * 30, "A" * 3000):
        page = client.page(address(name, spoilt), expect=404)
        assert page.texts("h1") == ["That link does not work"]
        assert client.post(address(name, spoilt)).status_code == 404
    assert snapshot() == before


def test_after_withdrawal_nothing_of_the_alert_is_shown_but_one_can_still_leave(client, alert, member, token):
    Alert.objects.filter(pk=alert.pk).update(state="withdrawn", withdrawn_reason="It was wrong.")
    for name in ("from_message", "rate", "reply"):
        page = client.page(address(name, token), expect=410)
        assert "It was wrong." in page.text()
        assert "Mill Lane" not in page.text()
    assert "Mill Lane" not in client.page(address("less", token)).text()
    assert press(client, token).status_code == 200
    member.refresh_from_db()
    assert member.organisations == 0


def test_after_90_days_one_cannot_rate_or_write_but_can_still_leave(client, alert, member, token):
    from datetime import timedelta

    from peelian.delivery.models import Send

    Send.objects.filter(pk=alert.send_id).update(created_at=clock.now() - timedelta(days=91))
    for name in ("from_message", "rate", "reply"):
        assert client.page(address(name, token), expect=410).texts("h1") == ["That link is too old"]
        assert client.post(address(name, token), {"text": "Late."}).status_code == 410
    assert (ratings(), Thread.objects.count()) == ([], 0)
    assert press(client, token).status_code == 200
    member.refresh_from_db()
    assert member.organisations == 0


def test_a_test_message_shows_the_pages_and_changes_nothing(client, alert, token):
    from peelian.delivery.models import Send

    Send.objects.filter(pk=alert.send_id).update(renderer="alerts.test")
    before = snapshot()
    for name in EVERYWHERE:
        client.page(address(name, token))
        answer = client.post(address(name, token), {"text": "Hello", "choice": "all"})
        assert name == "from_message" or "This was a test" in answer.content.decode(), name
    assert snapshot() == before


def test_a_code_or_confirmation_has_no_such_pages(client, alert, token):
    from peelian.delivery.models import Send

    Send.objects.filter(pk=alert.send_id).update(renderer="members.code")
    for name in EVERYWHERE:
        client.page(address(name, token), expect=404)
