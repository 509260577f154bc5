"""Answers by email: into the thread they belong to, once, as the resident's words."""

from __future__ import annotations

import base64

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from peelian.alerts.models import Response
from peelian.alerts.tasks import count_answer
from peelian.audit.models import Event
from peelian.conversations import actions
from peelian.conversations.models import Inbound, Thread
from peelian.conversations.tests.factories import make_staff
from peelian.conversations.tests.inbound import support
from peelian.conversations.tests.inbound.support import came, kept, mail, said, threads
from peelian.delivery import actions as delivery
from peelian.delivery.incoming import store
from peelian.delivery.models import Channel, Delivery, Send

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return support.make_world()


def test_an_answer_to_an_alert_is_a_message_to_its_team(world):
    came(
        mail("I saw a red van.\n\nOn Fri, 20 Nov 2026 at 09:00, Elm Bridge team wrote:\n> Tools were taken\n"),
        world.reply_to,
    )

    assert said() == [("email", "I saw a red van.")]
    (thread,) = threads()
    assert (thread.team, thread.about, thread.subject) == (world.team, "alert:abc123", "Vans broken into on Mill Lane")
    assert (thread.address, thread.member, thread.state) == (world.email, world.member, Thread.State.WAITING_FOR_US)
    inbound = Inbound.objects.get()
    assert (inbound.message.thread, inbound.sender, inbound.team) == (thread, support.EMAIL, world.team)
    assert "Tools were taken" in inbound.text
    assert bytes(inbound.raw).startswith(b"Return-Path: <valerie.stone@home.example>\r\n")


def test_it_counts_as_a_reply_to_the_alert(world):
    came(mail(), world.reply_to)
    (job,) = ProcrastinateJob.objects.filter(task_name="alerts.answered")
    count_answer(**job.args)
    assert Response.objects.get().kind == Response.Kind.REPLY


def test_twice_is_once_whatever_servers_add_on_the_way(world):
    message = mail().as_bytes().replace(b"\n", b"\r\n")
    for hop in (b"", b"Received: from a\r\n", b"Received: from b\r\n"):
        came(hop + message, world.reply_to)

    assert said() == [("email", "I saw a red van.")]
    assert kept() == [("taken", "")]


def test_two_messages_under_one_message_id_are_two(world):
    came(mail("First"), world.reply_to)
    came(mail("Second"), world.reply_to)

    assert said() == [("email", "First"), ("email", "Second")]
    assert len(threads()) == 1


def test_from_another_address_it_is_taken_and_said_to_be(world):
    came(mail(sender="neighbour@elsewhere.example"), world.reply_to, return_path="neighbour@elsewhere.example")

    assert said() == [("other", "I saw a red van.")]
    assert threads()[0].address == world.email  # the answer goes to whom we wrote, never to who claims to be them


def test_an_answer_to_our_answer_goes_on_in_its_thread(world):
    came(mail("First"), world.reply_to)
    (thread,) = threads()
    staff = make_staff("pat@heartshire.example", world.team)
    ours = actions.answer(thread=thread, text="Thank you. Which colour?", by=staff)
    delivery.open_single(job_id=7, renderer="conversations.answer", object_id=ours.pk, address_id=world.email.pk)
    send = Send.objects.get(job_id=7)

    came(mail("Red", number=2), support.reply_address(send.pk, world.email.pk))

    assert said() == [("email", "First"), ("email", "Red")]
    assert len(threads()) == 1
    assert threads()[0].state == Thread.State.WAITING_FOR_US


def test_an_answer_to_a_digest_goes_to_the_neighbourhood_team(world):
    send = Send.objects.create(renderer="alerts.digest", object_id=1, lane="routine")
    support.reached(send, world.email, Channel.EMAIL, world.member)
    for number in (1, 2):
        came(mail(f"Question {number}", number=number), support.reply_address(send.pk, world.email.pk))

    (thread,) = threads()
    assert (thread.team, thread.about, len(support.said())) == (world.team, "", 2)


def test_one_whose_delivery_is_forgotten_is_kept_aside(world):
    Delivery.objects.all().delete()
    came(mail(), world.reply_to)

    assert said() == []
    assert kept() == [("aside", "It answers a message that we no longer keep a record of.")]


def test_one_to_the_address_we_send_from_is_kept_aside(world):
    came(mail(), f"alerts@{support.DOMAIN}")

    assert kept()[0][0] == "aside"
    assert Inbound.objects.get().text.strip() == "I saw a red van."


def test_a_closed_conversation_opens_again(world):
    came(mail("First"), world.reply_to)
    actions.close(thread=threads()[0], reason="Done.", by=make_staff("pat@heartshire.example", world.team))
    came(mail("And now this", number=2), world.reply_to)

    assert threads()[0].state == Thread.State.WAITING_FOR_US


def test_too_many_are_kept_aside_and_none_is_lost(world):
    for number in range(actions.MOST_AN_HOUR + 2):
        came(mail(f"Message {number}", number=number), world.reply_to)

    assert len(said()) == actions.MOST_AN_HOUR
    assert [state for state, _ in kept()].count("aside") == 2


def test_beyond_that_the_door_says_later(world):
    from peelian.core.limits import TooMany

    for number in range(30):
        store.keep([world.reply_to], mail(number=number).as_bytes())
    with pytest.raises(TooMany):
        store.keep([world.reply_to], mail(number=31).as_bytes())


def test_a_very_long_message_is_cut_and_kept_whole(world):
    came(mail("All the same words. " * 3000), world.reply_to)

    ((_, text),) = said()
    assert len(text) <= actions.LONGEST
    assert text.endswith("[There is more. Open the whole email to read it.]")
    assert len(Inbound.objects.get().text) > 50_000


def test_the_trail_holds_no_words_and_no_address(world):
    came(mail("A very particular sentence"), world.reply_to)

    trail = str(list(Event.objects.values_list("verb", "data", "actor_label")))
    assert "conversation.opened" in trail
    for secret in ("particular", "valerie", "home.example"):
        assert secret not in trail


def test_somebody_who_has_left_is_not_answered_by_a_new_registration(world):
    type(world.member).objects.filter(pk=world.member.pk).update(left_at="2026-11-01T00:00Z")
    came(mail(), world.reply_to)

    assert said() == [("email", "I saw a red van.")]  # they answer what they had: it is read all the same


def test_html_alone_becomes_words(world):
    message = mail()
    message.set_content(
        "<p>I saw a <b>red</b> van &amp; <script>alert(1)</script>two men.</p>"
        '<div class="gmail_quote">On Fri wrote:<blockquote>Tools were taken</blockquote></div>',
        subtype="html",
    )
    came(message, world.reply_to)
    assert said() == [("email", "I saw a red van & two men.")]
    assert "> Tools were taken" in Inbound.objects.get().text


@pytest.mark.parametrize(
    ("charset", "words", "read"),
    [
        ("utf-8", "réd".encode("windows-1252"), "réd"),
        ("us-ascii", "réd".encode(), "réd"),
        ("x-nobody-knows", "réd".encode(), "réd"),
        ("zlib", "réd".encode(), "réd"),
        ("utf-16", "réd".encode("utf-16"), "réd"),
        ("iso-8859-6", "مرحبا".encode("iso-8859-6"), "مرحبا"),
    ],
)
def test_a_character_set_that_lies(world, charset, words, read):
    head = f"From: {support.EMAIL}\r\nContent-Type: text/plain; charset={charset}\r\nContent-Transfer-Encoding: base64"
    came(f"{head}\r\n\r\n".encode() + base64.b64encode(words), world.reply_to)
    assert said() == [("email", read)]


def test_too_deep_is_kept_aside(world):
    deep = b"".join(b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (n, n) for n in range(45))
    came(deep + b"Content-Type: text/plain\r\n\r\nwords", world.reply_to)
    assert kept() == [("aside", "Its parts stand in each other too deep.")]
