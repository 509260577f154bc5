"""The member's page of what they received, rated and wrote."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from peelian.accounts.tests.factories import make_staff, make_team
from peelian.alerts.models import Alert, Rating
from peelian.contacts import actions as contacts
from peelian.contacts.models import Address
from peelian.conversations.models import Message, Thread
from peelian.core import clock
from peelian.delivery import of_person
from peelian.delivery.models import Delivery, DigestItem, Lane, Reason, Send, State
from peelian.members import actions
from peelian.members.models import Member
from peelian.members.tests.factories import make_member
from peelian.members.tests.test_me import sign_in

pytestmark = pytest.mark.django_db
LONG_AGO = dt.date(2020, 1, 1)
BY = actions.MemberActor(1, "signed in")


@pytest.fixture
def team():
    return make_team("Elm Bridge team")


@pytest.fixture
def member():
    return make_member(first_name="Sam", joined_on=LONG_AGO)


@pytest.fixture
def author(team):
    return make_staff(name="Undine Quarrington", teams=[team])


@pytest.fixture
def alert_to(team, author):
    """Makes an alert that was sent to a member in a state."""

    def make(member: Member, title="Vans broken into", state=State.DELIVERED, reason="", channel=1, **given) -> Alert:
        send = Send.objects.create(renderer="alerts.alert", object_id=0, lane=Lane.ROUTINE)
        Delivery.objects.create(
            send=send, address=member.email, member=member, channel=channel, state=state, reason=reason,
            changed_at=clock.now(),
        )  # fmt: skip
        parts = {"happening": "Six vans.", "doing": "Patrols.", "can_do": "Lock it."}
        usual = {"team": team, "author": author, "title": title, "state": Alert.State.SENT, "sent_at": clock.now()}
        alert = Alert.objects.create(ref=f"elm{send.pk}", send=send, **usual | parts | given)
        Send.objects.filter(pk=send.pk).update(object_id=alert.pk)
        return alert

    return make


def test_a_message_with_how_it_was_rated_what_was_written_and_what_came_of_it(client, member, alert_to, team, author):
    alert = alert_to(member, outcome="Two people were charged.")
    Rating.objects.create(alert=alert, address=member.email, value=5)
    thread = Thread.objects.create(
        team=team, member=member, address=member.email, subject="x", about=f"alert:{alert.ref}",
        state=Thread.State.CLOSED, closed_reason="It was a fox.", last_at=clock.now(),
    )  # fmt: skip
    Message.objects.create(thread=thread, how="link", text="I saw them <b>", at=clock.now())
    Message.objects.create(thread=thread, how="staff", by=author, text="It was a fox.", closing=True, at=clock.now())
    alert_to(member, "Van found", first=alert, relation="update")
    sign_in(client)
    page = client.page("/me/messages-received/")
    assert page.texts(".p-list__title") == ["Van found", "Vans broken into"]
    assert "Elm Bridge team · By email You gave it 5 of 6. You wrote about it: closed. There is news" in page.text()
    page = client.page(f"/me/messages-received/{alert.ref}/")
    text = page.text()
    for words in ("Six vans.", "Two people were charged.", "I saw them <b>", "It was a fox.", "5 of 6", "Van found"):
        assert words in text
    assert author.name not in text
    token_page = next(link for link in page.links() if link.startswith("/m/"))
    assert client.get(token_page).status_code == 200


def test_what_was_missed_on_a_holiday_is_listed_and_what_was_turned_off_is_not(client, member, alert_to):
    alert_to(member, "Missed", State.NOT_SENT, Reason.HOLIDAY)
    alert_to(member, "Turned off", State.NOT_SENT, Reason.LEFT)
    alert_to(member, "Came back", State.FAILED, Reason.FULL)
    digested = alert_to(member, "Together", State.DIGEST)
    DigestItem.objects.create(member=member, send=digested.send, address_id=member.email_id, at=clock.now())
    sign_in(client)
    page = client.page("/me/messages-received/")
    assert page.texts(".p-list__title") == ["Together", "Came back", "Missed"]
    assert "Missed Not sent: you were pausing messages" in page.text()
    assert "By email; it did not reach you" in page.text()
    assert "Waits for your next email with others" in page.text()
    DigestItem.objects.update(digest=digested.send)
    assert "In an email with others" in client.page("/me/messages-received/").text()
    in_urdu = client.page("/me/messages-received/?lang=ur").text()
    for english in ("By", "Not sent", "In an email", "did not reach"):
        assert english not in in_urdu


def test_what_we_took_back_shows_no_words(client, member, alert_to):
    alert = alert_to(member, state=State.DELIVERED)
    Alert.objects.update(state="withdrawn", withdrawn_reason="It named somebody.", withdrawn_at=clock.now())
    sign_in(client)
    assert client.page("/me/messages-received/").texts(".p-list__title") == ["A message that we took back"]
    text = client.page(f"/me/messages-received/{alert.ref}/").text()
    assert "It named somebody." in text
    assert "vans" not in text.lower()


def test_a_strangers_message_is_not_there(client, member, alert_to):
    stranger = make_member("else@home.example", joined_on=LONG_AGO)
    alert = alert_to(stranger)
    sign_in(client)
    assert "Nothing yet" in client.page("/me/messages-received/").text()
    client.page(f"/me/messages-received/{alert.ref}/", expect=404)
    client.page("/me/messages-received/nothing/", expect=404)


def test_an_address_that_was_somebody_elses_before_shows_nothing_of_theirs(client, member, alert_to):
    before = make_member("else@home.example", joined_on=LONG_AGO)
    alert_to(before)
    actions.put_contact(
        member=before, kind=Address.Kind.EMAIL, address=contacts.address(Address.Kind.EMAIL, "new@home.example"), by=BY
    )
    theirs = contacts.address(Address.Kind.EMAIL, "else@home.example")
    actions.put_contact(member=member, kind=Address.Kind.EMAIL, address=theirs, by=BY)
    sign_in(client, "else@home.example")
    assert "Nothing yet" in client.page("/me/messages-received/").text()
    client.page("/me/sign-out/", post=True)
    sign_in(client, "new@home.example")  # and who had it still finds it
    assert client.page("/me/messages-received/").texts(".p-list__title") == ["Vans broken into"]


def test_a_household_sees_what_came_to_its_address_and_each_only_their_own_words(client, member, alert_to, team):
    other = make_member("sam@home.example", first_name="Ali", joined_on=LONG_AGO)
    alert = alert_to(other)
    thread = Thread.objects.create(
        team=team, member=other, address=other.email, subject="x", about=f"alert:{alert.ref}", last_at=clock.now(),
        waiting_since=clock.now(), due_at=clock.now(),
    )  # fmt: skip
    Message.objects.create(thread=thread, how="link", text="Ali's words", at=clock.now())
    sign_in(client)
    client.page("/me/who/", {"member": member.pk}, post=True)
    assert client.page("/me/messages-received/").texts(".p-list__title") == ["Vans broken into"]
    assert "Ali's words" not in client.page(f"/me/messages-received/{alert.ref}/").text()


def test_pages_follow_each_other_and_cost_the_same(client, member, alert_to):
    for number in range(3):
        alert_to(member, f"Alert {number}")
    sign_in(client)
    client.get("/me/messages-received/")
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get("/me/messages-received/")
    for number in range(3, 60):
        alert_to(member, f"Alert {number}")
    with CaptureQueriesContext(connection) as many:
        page = client.page("/me/messages-received/")
    assert len(many) <= len(few)
    seen, path = page.texts(".p-list__title"), "/me/messages-received/"
    for _ in range(2):
        further = page.document.cssselect("a[rel=next]")
        page = client.page(path + further[0].get("href"))
        seen += page.texts(".p-list__title")
    assert not page.document.cssselect("a[rel=next]")
    assert seen == [f"Alert {number}" for number in reversed(range(60))]
    assert client.get(path, {"page": "x' OR 1"}).status_code == 200


def test_a_walk_that_finds_little_says_where_to_look_further(member, alert_to):
    first = alert_to(member, "The first")
    stranger = make_member("else@home.example")
    for number in range(30):
        alert_to(stranger, f"Theirs {number}")
    about = {"addresses": [member.email_id], "members": [member.pk], "renderer": "alerts.alert", "depth": 12}
    before, walks = 0, 0
    while True:
        walk = of_person.sent_to_many(**about, before=before)
        walks += 1
        if walk.found or not walk.before:
            break
        before = walk.before
    assert ([one.send_id for one in walk.found], walks) == ([first.send_id], 3)


@pytest.mark.parametrize("sql", ["_TO_MANY", "_TO_ONE"])
def test_the_ledger_is_asked_by_its_key_alone(member, sql):
    """Fifty thousand rows, so that the planner chooses as it would in earnest."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO delivery_send (renderer, object_id, promotion, lane, state, recipients, created_at, job_id,"
            " text_parts, priority, counted, texts, calls)"
            " SELECT 'x', n, false, 'routine', 'sent', 100, now(), CASE WHEN n % 2 = 0 THEN n END, 1, 1, false, 0, 0"
            " FROM generate_series(1, 1000) n"
        )
        cursor.execute(
            "INSERT INTO delivery (send_id, address_id, channel, changed_at)"
            " SELECT s.id, n, 1, now() FROM delivery_send s, generate_series(1, 50) n"
        )
        cursor.execute(
            "INSERT INTO delivery_batch (send_id, number, first_address, last_address, size)"
            " SELECT id, 0, id, id, 1 FROM delivery_send"
        )
        cursor.execute("ANALYZE delivery_send, delivery, delivery_batch")
        cursor.execute(
            "EXPLAIN " + getattr(of_person, sql),
            {"addresses": [7, 8, 9], "members": [member.pk], "alone": [], "renderer": "", "since": LONG_AGO,
             "before": 1 << 62, "most": 25, "depth": 5000},
        )  # fmt: skip
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "Seq Scan on delivery " not in plan, plan
    assert re.search(r"delivery_pkey.*\n\s+Index Cond: \(\(send_id = s.id\) AND \(address_id = ", plan), plan
    assert ("batches_of_one" if sql == "_TO_ONE" else "sends_to_many") in plan, plan
