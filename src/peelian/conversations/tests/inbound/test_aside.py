"""What was kept aside, and the whole of an email: shown as text to those whose it may be, decided once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from peelian.accounts.roles import Role
from peelian.accounts.tests.factories import make_staff, sign_in
from peelian.alerts.tests import public_factories as make
from peelian.audit.models import Event
from peelian.conversations.inbound import aside
from peelian.conversations.models import Attachment, Inbound, Message, Thread
from peelian.conversations.personal_data import forget_old_inbound
from peelian.conversations.tests.inbound import support
from peelian.conversations.tests.inbound.support import came, mail, said, texted
from peelian.core import clock
from peelian.delivery import tokens
from peelian.delivery.incoming import store
from peelian.delivery.models import Delivery
from peelian.members.models import Member

pytestmark = pytest.mark.django_db
LIST = reverse("conversations_staff:aside")


@pytest.fixture
def world():
    return support.make_world()


def client(world, role: str = Role.SUPERVISOR, *areas, teams=None) -> Client:
    staff = make_staff(role, *(areas or world.team.areas.all()), teams=[world.team] if teams is None else teams)
    found = Client()
    sign_in(found, staff)
    return found


def whole_force() -> Client:
    found = Client()
    sign_in(found, make_staff(Role.COMMUNICATIONS))
    return found


def one_aside(world) -> Inbound:
    """An email that answers an alert and has no words."""
    message = mail("")
    message.replace_header("Subject", "<script>alert(1)</script>")
    came(message, world.reply_to)
    found = Inbound.objects.get()
    assert (found.state, found.team) == ("aside", world.team)
    return found


def page(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def test_it_is_listed_for_the_team_it_seems_to_be_for(world):
    found = one_aside(world)
    assert "It has no words that can be read." in page(client(world), LIST)
    elsewhere = client(world, Role.SUPERVISOR, make.make_area("W09", "Elsewhere", at=1), teams=[])
    assert "Nothing is kept aside" in page(elsewhere, LIST)
    assert elsewhere.get(reverse("conversations_staff:aside_one", args=[found.pk])).status_code == 404
    assert client(world, Role.OFFICER).get(LIST).status_code == 404


def test_what_seems_nobodys_is_for_people_of_the_whole_force(world):
    came(mail(), f"alerts@{support.DOMAIN}")
    assert "Nothing is kept aside" in page(client(world), LIST)
    assert "No team known" in page(whole_force(), LIST)


def test_it_is_shown_as_text_and_that_is_in_the_trail(world):
    found = one_aside(world)
    shown = page(client(world), reverse("conversations_staff:aside_one", args=[found.pk]))
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown
    assert "<script>alert(1)" not in shown
    assert Event.objects.filter(verb="inbound.opened", object_id=str(found.pk)).count() == 1


def test_it_is_put_into_a_conversation(world):
    came(mail("First"), world.reply_to)
    Delivery.objects.all().delete()
    message = mail("The second part of it\n\n-- \nValerie", number=2)
    message.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="a.pdf")
    came(message, world.reply_to)
    thread, found = Thread.objects.get(), Inbound.objects.get(state="aside")

    answer = whole_force().post(
        reverse("conversations_staff:aside_attach", args=[found.pk]), {"thread": str(thread.pk), "number": ""}
    )

    assert (answer.status_code, answer.url) == (302, thread.get_absolute_url())
    assert said() == [("email", "First"), ("other", "The second part of it")]
    found.refresh_from_db()
    assert (found.state, found.message.text, found.team) == ("taken", "The second part of it", world.team)
    assert Attachment.objects.get().inbound == found
    assert Event.objects.filter(verb="inbound.attached").exists()


def test_by_the_number_of_another_conversation(world):
    came(mail("First"), world.reply_to)
    thread = Thread.objects.get()
    texted("Hello", number="+447700900999")
    found = Inbound.objects.get(state="aside")
    url, force = reverse("conversations_staff:aside_attach", args=[found.pk]), whole_force()

    for number, problem in (("", "Write the number of the conversation"), ("999999", "no conversation of that number")):
        assert problem in force.post(url, {"thread": "another", "number": number}).content.decode()
    assert "Choose a conversation" in force.post(url, {}).content.decode()

    assert force.post(url, {"thread": "another", "number": str(thread.pk)}).status_code == 302
    assert said()[-1] == ("text", "Hello")


def test_it_is_discarded_with_a_reason_once(world):
    found = one_aside(world)
    url, supervisor = reverse("conversations_staff:aside_discard", args=[found.pk]), client(world)
    assert "Say why" in supervisor.post(url, {"reason": ""}).content.decode()
    assert supervisor.post(url, {"reason": "Advertising"}).status_code == 302
    assert "Somebody else has decided" in supervisor.post(url, {"reason": "Again"}).content.decode()
    assert "Discarded: " in page(supervisor, LIST + "?show=discarded")
    found.refresh_from_db()
    assert (found.state, found.settled_reason) == ("discarded", "Advertising")


def test_an_automatic_message_that_was_none_can_be_taken_in(world):
    came(mail("First"), world.reply_to)
    came(mail("I am not a machine", number=2, Precedence="bulk"), world.reply_to)
    found = Inbound.objects.get(state="report")
    aside.attach(inbound=found, thread=Thread.objects.get(), by=make_staff(Role.COMMUNICATIONS))
    assert said()[-1] == ("other", "I am not a machine")


def test_the_list_costs_the_same_however_long(world):
    supervisor, counts = client(world), []
    for number in range(1, 4):
        came(mail("", number=number), world.reply_to)
        with CaptureQueriesContext(connection) as counted:
            page(supervisor, LIST)
        counts.append(len(counted))
    assert len(set(counts)) == 1, counts


def test_the_whole_email_is_a_click_away_for_who_sees_the_thread(world):
    came(mail("I saw a red van.\n\nOn Fri, Elm Bridge team wrote:\n> Tools were <b>taken</b>"), world.reply_to)
    thread, message = Thread.objects.get(), Message.objects.get(how="email")
    officer = client(world, Role.OFFICER)
    url = reverse("conversations_staff:whole", args=[thread.pk, message.pk])
    assert url in page(officer, thread.get_absolute_url())

    shown = page(officer, url)

    assert "Tools were &lt;b&gt;taken&lt;/b&gt;" in shown
    assert support.EMAIL not in shown
    assert "v…<wbr>@home.example" in shown
    assert Event.objects.filter(verb="inbound.opened").count() == 1
    elsewhere = client(world, Role.OFFICER, make.make_area("W09", "Elsewhere", at=1), teams=[])
    assert elsewhere.get(url).status_code == 404


def test_what_is_the_residents_alone_is_shown_to_nobody(world):
    """A mail program quotes our links and addresses: whoever has them writes, rates and leaves in their name."""
    token = tokens.make(world.alert.send_id, world.email.pk)
    quoted = f"Reply to your team: http://localhost:8000/m/{token}/reply/\n{support.EMAIL} <{world.reply_to}>"
    quoted += f"\n<http://localhost:8000/unsubscribe/{token}/>"
    came(mail(f"It was there.\n\nSkrev:\n{quoted}"), world.reply_to)
    came(mail(f"{quoted}", number=2), f"alerts@{support.DOMAIN}")
    thread, message = Thread.objects.get(), Message.objects.get(how="email")
    lone = Inbound.objects.get(state="aside")

    shown = page(client(world), thread.get_absolute_url())
    shown += page(client(world), reverse("conversations_staff:whole", args=[thread.pk, message.pk]))
    shown += page(whole_force(), reverse("conversations_staff:aside_one", args=[lone.pk]))

    assert token not in shown
    assert world.reply_to.partition("@")[0] not in shown
    assert "/m/…/reply/" in shown


def test_what_is_kept_how_long(world):
    came(mail("First"), world.reply_to)
    came(mail("", number=2), world.reply_to)
    came(mail(number=3, Precedence="bulk"), world.reply_to)
    moment = clock.now()

    assert forget_old_inbound(moment + timedelta(days=29)) == 0
    forget_old_inbound(moment + timedelta(days=31))
    assert {row.state: row.raw is None for row in Inbound.objects.all()} == {
        "taken": True,
        "aside": False,
        "report": True,
    }
    forget_old_inbound(moment + timedelta(days=91))
    assert [row.state for row in Inbound.objects.all()] == ["taken"]
    officer = client(world, Role.OFFICER)
    message = Message.objects.get(how="email")
    shown = page(officer, reverse("conversations_staff:whole", args=[Thread.objects.get().pk, message.pk]))
    assert "has been deleted" in shown


def test_a_legal_hold_keeps_it(world):
    came(mail("First"), world.reply_to)
    came(mail("", number=2), world.reply_to)
    Member.objects.filter(pk=world.member.pk).update(legal_hold=True)
    forget_old_inbound(clock.now() + timedelta(days=400))
    assert [row.raw is None for row in Inbound.objects.all()] == [False, False]


def test_what_a_carrier_could_not_bring_whole_is_for_the_force(world):
    store.keep_aside("A carrier brought it in a form that could not be taken apart.", b'{"x": 1}')
    store.read_all()
    assert "A carrier brought it in a form" in page(whole_force(), LIST)
