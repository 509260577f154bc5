"""Messages that machines wrote are kept, answered by nobody, and stand in no conversation."""

from __future__ import annotations

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from peelian.conversations.tests.inbound import support
from peelian.conversations.tests.inbound.support import came, kept, mail, said
from peelian.delivery import queries as delivery

pytestmark = pytest.mark.django_db
AUTOMATIC = [
    {"Auto_Submitted": "auto-replied"},
    {"Auto_Submitted": "auto-generated (rejected)"},
    {"X_Autoreply": "yes"},
    {"X_Autorespond": "Out"},
    {"Precedence": "bulk"},
    {"Precedence": "auto_reply"},
    {"Precedence": "List"},
    {"List_Id": "<parents.school.example>"},
    {"List_Unsubscribe": "<mailto:x@list.example>"},
]


@pytest.fixture
def world():
    return support.make_world()


@pytest.mark.parametrize("fields", AUTOMATIC, ids=lambda fields: next(iter(fields.items())))
def test_what_says_that_it_is_automatic(world, fields):
    came(mail("I am away until Monday.", **fields), world.reply_to)

    assert said() == []
    assert [state for state, _ in kept()] == ["report"]
    jobs = ProcrastinateJob.objects.exclude(task_name="delivery.incoming")
    assert not jobs.exists()  # nothing goes out, nothing is counted


@pytest.mark.parametrize(
    "subject", ["Automatic reply: Vans", "Out of office", "Automatische Antwort: x", "Undeliverable: x"]
)
def test_what_only_its_subject_gives_away(world, subject):
    message = mail("I am away.")
    message.replace_header("Subject", subject)
    came(message, world.reply_to)
    assert [state for state, _ in kept()] == ["report"]


def test_a_bounce_to_the_wrong_place(world):
    came(mail("could not be delivered"), world.reply_to, return_path="")
    assert kept() == [("report", "It has no return path: a mail system wrote it.")]


def test_our_own_message_come_back(world):
    message = mail("Tools were taken")
    message.replace_header("Message-ID", f"<1.2{delivery.message_id_end()}")
    came(message, world.reply_to)
    assert kept() == [("report", "It is a message of our own that has come back.")]


@pytest.mark.parametrize(
    "sender", ["mailer-daemon@x.example", "no-reply@x.example", "noreply+1@x.example", "postmaster@x.example"]
)
def test_senders_that_are_no_people(world, sender):
    came(mail(sender=sender), world.reply_to, return_path=sender)
    assert [state for state, _ in kept()] == ["report"]


@pytest.mark.parametrize(
    "fields",
    [
        {"Auto_Submitted": "no"},
        {"Precedence": "first-class"},
        {"X_Auto_Response_Suppress": "DR, RN, NRN, OOF, AutoReply"},
        {"X_Mailer": "iPhone Mail"},
    ],
    ids=str,
)
def test_people_are_people(world, fields):
    came(mail(**fields), world.reply_to)
    assert said() == [("email", "I saw a red van.")]


def test_a_subject_that_begins_like_one_is_still_a_persons(world):
    message = mail()
    message.replace_header("Subject", "Re: Automatic reply machines stolen")
    came(message, world.reply_to)
    assert said() == [("email", "I saw a red van.")]
