"""What comes back by links in messages, and how it is counted."""

import datetime as dt

import pytest

from peelian.alerts import actions, queries
from peelian.alerts.errors import LinkExpired, NothingToRate, OnlyATest, ReplyTooLong
from peelian.alerts.models import Alert, Rating, Response
from peelian.alerts.personal_data import delete_old_ratings
from peelian.alerts.tests import factories as make
from peelian.conversations.errors import NothingWritten
from peelian.conversations.models import Message, Thread
from peelian.core import clock
from peelian.delivery import actions as delivery
from peelian.delivery import tokens
from peelian.delivery.errors import BadToken
from peelian.delivery.models import Lane, Send
from peelian.members.models import Member

pytestmark = pytest.mark.django_db


@pytest.fixture
def force():
    return make.make_force()


@pytest.fixture
def alert(force):
    return make.make_sent(force)


@pytest.fixture
def token(force, alert):
    return tokens.make(alert.send_id, force.members["W00"][0].email_id)


def test_the_last_rating_of_a_recipient_counts(alert, token):
    for value in (2, 5):
        actions.rate(token=token, value=value)
    assert [(rating.alert, rating.value) for rating in Rating.objects.all()] == [(alert, 5)]
    verb, label, data = make.audit_of(alert)[-1]
    assert (verb, label, data) == ("alert.rated", "by link", {})


@pytest.mark.parametrize("value", [0, 7, -1, 100])
def test_a_rating_is_from_1_to_6(token, value):
    with pytest.raises(NothingToRate, match="from 1 to 6"):
        actions.rate(token=token, value=value)
    assert not Rating.objects.exists()


def test_a_tampered_or_cut_link_changes_nothing(token):
    for broken in (token[:-1], token + "A", "", "A" * 38, token[:20] + ("B" if token[20] == "A" else "A") + token[21:]):
        with pytest.raises(BadToken):
            actions.rate(token=broken, value=6)
        with pytest.raises(BadToken):
            actions.reply(token=broken, text="Hello")
    assert not Rating.objects.exists()
    assert not Thread.objects.exists()


def test_a_link_expires_after_90_days(alert, token):
    Send.objects.update(created_at=clock.now() - dt.timedelta(days=89, hours=23))
    actions.rate(token=token, value=6)
    Send.objects.update(created_at=clock.now() - dt.timedelta(days=90, minutes=1))
    for act in (lambda: actions.rate(token=token, value=1), lambda: actions.reply(token=token, text="Late")):
        with pytest.raises(LinkExpired, match="more than 90 days old"):
            act()
    assert Rating.objects.get().value == 6


def sent_as(renderer, object_id, member):
    rows = ("SELECT %(address)s::bigint AS address_id, %(member)s::bigint AS member_id, 1 AS channel",
            {"address": member.email_id, "member": member.pk})  # fmt: skip
    send = delivery.open_send(renderer=renderer, object_id=object_id, lane=Lane.TRANSACTIONAL, rows=rows)
    return tokens.make(send.pk, member.email_id)


def test_a_test_counts_nothing_and_other_messages_are_no_alerts(force, alert):
    member = force.members["W00"][0]
    with pytest.raises(OnlyATest):
        actions.rate(token=sent_as("alerts.test", alert.pk, member), value=6)
    with pytest.raises(NothingToRate):
        actions.reply(token=sent_as("conversations.answer", 1, member), text="Hello")


def test_a_reply_opens_a_thread_with_the_sending_team_and_the_next_continues_it(force, alert, token):
    thread = actions.reply(token=token, text="I saw a red van.")
    assert (thread.team, thread.subject, thread.about) == (force.team, alert.title, f"alert:{alert.ref}")
    assert (thread.member, thread.address_id) == (force.members["W00"][0], force.members["W00"][0].email_id)
    for _ in range(2):  # the button was pressed twice
        assert actions.reply(token=token, text="At 7pm.") == thread
    assert [(said.text, said.how) for said in thread.messages.exclude(how="notice")] == [
        ("I saw a red van.", Message.How.LINK),
        ("At 7pm.", Message.How.LINK),
    ]
    assert queries.results(alert).replies == 2


def test_html_stays_text_and_a_header_injection_is_words(alert, token):
    text = "<script>alert(1)</script>\r\nBcc: everybody@home.example\r\n\r\nHello"
    thread = actions.reply(token=token, text=text)
    assert thread.messages.exclude(how="notice").get().text == text.replace("\r\n", "\n")
    Alert.objects.filter(pk=alert.pk).update(title="A\r\nBcc: b@home.example")
    Thread.objects.all().delete()
    assert actions.reply(token=token, text="Hello").subject == "A Bcc: b@home.example"


def test_a_reply_of_two_megabytes_is_refused_with_a_sentence_and_an_empty_one_too(token):
    with pytest.raises(ReplyTooLong, match="20,000 characters"):
        actions.reply(token=token, text="a" * 2_000_000)
    with pytest.raises(NothingWritten):
        actions.reply(token=token, text=" \n ")
    assert not Response.objects.exists()


def test_visits_and_leaving_are_counted_and_folding_changes_no_sum(force, alert):
    other = make.make_sent(force, title="Other")
    for _ in range(5):
        actions.report_visit(alert=alert)
    for _ in range(3):
        actions.count_left(alert=alert)
    actions.report_visit(alert=other)
    before = (queries.results(alert).visits, queries.results(alert).left, queries.results(other).visits)
    assert before == (5, 3, 1)
    assert actions.fold_responses() == 6
    assert Response.objects.count() == 3
    assert (queries.results(alert).visits, queries.results(alert).left, queries.results(other).visits) == before
    assert actions.fold_responses() == 0


def test_ratings_of_two_years_ago_go_but_for_a_legal_hold(force, alert):
    first, second, third = (one.email for one in force.members["W00"][:3])
    for address in (first, second, third):
        Rating.objects.create(alert=alert, address=address, value=4)
    Rating.objects.exclude(address=third).update(at=clock.now() - dt.timedelta(days=731))
    Member.objects.filter(email=second).update(legal_hold=True)
    assert delete_old_ratings(clock.now()) == 1
    assert set(Rating.objects.values_list("address_id", flat=True)) == {second.pk, third.pk}
