"""Texts to our numbers: an answer to what was last texted there, a word to be done at once, or words to the team."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings as django_settings
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from peelian.alerts.tests import public_factories as make
from peelian.contacts.models import Address
from peelian.conversations import actions
from peelian.conversations.inbound.help import HelpRenderer
from peelian.conversations.models import Inbound, Thread
from peelian.conversations.tests.factories import make_staff
from peelian.conversations.tests.inbound import support
from peelian.conversations.tests.inbound.support import kept, said, texted, threads
from peelian.core import clock, gsm
from peelian.delivery import actions as delivery
from peelian.delivery.carriers import stop_words
from peelian.delivery.carriers.tests.hooks import forget
from peelian.delivery.carriers.twilio.receipts import signature
from peelian.delivery.incoming import store
from peelian.delivery.models import Channel, Delivery, Send

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return support.make_world()


def help_jobs() -> int:
    return ProcrastinateJob.objects.filter(
        task_name="delivery.transactional", args__renderer="conversations.help"
    ).count()


def test_it_answers_the_last_alert_that_the_number_got(world):
    second = make.make_alert(*world.team.areas.all(), ref="def456", team=world.team, title="A second alert")
    Send.objects.filter(pk=second.send_id).update(texts=1)
    support.reached(second.send, world.mobile, Channel.TEXT, world.member)
    make.make_alert(*world.team.areas.all(), ref="ghi789", team=world.team, title="One that went to others")

    texted("It was at number 12")

    assert said() == [("text", "It was at number 12")]
    assert (threads()[0].about, threads()[0].member, threads()[0].address) == (
        "alert:def456",
        world.member,
        world.mobile,
    )


def test_it_answers_our_answer(world):
    texted("It was at number 12")
    ours = actions.answer(thread=threads()[0], text="When?", by=make_staff("pat@heartshire.example", world.team))
    delivery.open_single(job_id=7, renderer="conversations.answer", object_id=ours.pk, address_id=world.mobile.pk)
    Delivery.objects.filter(send__job_id=7).update(state=2)

    texted("At nine", id="SM2")

    assert len(threads()) == 1
    assert said() == [("text", "It was at number 12"), ("text", "At nine")]


def test_after_two_weeks_it_goes_to_the_neighbourhood_team(world):
    Send.objects.update(created_at=clock.now() - timedelta(days=15))
    texted("Are you there on Saturday?")
    texted("I meant Sunday", id="SM2")

    (thread,) = threads()
    assert (thread.team, thread.about, len(said())) == (world.team, "", 2)
    assert thread.member == world.member


def test_of_several_teams_the_nearest_one(world):
    make.make_team("Force team")  # of no area: of the whole force
    Send.objects.update(created_at=clock.now() - timedelta(days=15))
    texted("Hello")
    assert threads()[0].team == world.team


def test_from_a_number_nobody_knows_it_is_kept_aside(world):
    texted("Hello", number="+447700900999")
    texted("Hello", number="Vodafone", id="SM2")
    assert kept() == [("aside", "Nobody we know uses this number.")] * 2


def test_told_again_it_is_one(world):
    for _ in range(3):
        texted("It was at number 12")
    assert len(said()) == 1
    texted("It was at number 12", id="SM2")  # somebody wrote the same again
    assert len(said()) == 2


def test_with_a_picture_the_words_say_so(world):
    texted("Look", pictures="1")
    assert said()[0][1] == "Look\n\n[A picture came with this text. Pictures by text are not fetched.]"


def test_help_is_answered_once_and_then_heard(world):
    texted("HELP", heard="help")
    assert (help_jobs(), said()) == (1, [])
    texted("Help", heard="help", id="SM2")
    assert (help_jobs(), said()) == (1, [("text", "Help")])


def test_help_that_the_carrier_answered_is_not_answered_again(world):
    texted("HELP", heard="help", answered="yes")
    assert (help_jobs(), [state for state, _ in kept()]) == (0, ["report"])


def test_help_from_a_stranger_is_read_by_a_person(world):
    texted("HELP", heard="help", number="+447700900999")
    assert (help_jobs(), [state for state, _ in kept()]) == (0, ["aside"])


def test_the_answer_to_help_begins_with_999_and_fits_two_parts():
    words = HelpRenderer().text(0)
    assert words.startswith("In danger? Call 999.")
    assert "STOP" in words
    assert gsm.parts(words).parts <= 2


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        *[
            (words, "stop")
            for words in ("STOP", "stop", " Stop. ", "“Stop!”", "stop all", "Please stop", "STOPIO", "stopio")
        ],
        *[
            (words, "stop")
            for words in ("rezygnuję", "REZYGNUJĘ", "بند", "بند کریں", "توقف", "ਬੰਦ", "বন্ধ", "बंद", "停止", "Стоп")
        ],
        *[(words, "start") for words in ("START", "unstop", "dechrau", "شروع", "ابدأ", "শুরু", "wznów")],
        *[
            (words, "help")
            for words in (
                "help",
                "HELP?",
                "Info",
                "cymorth",
                "pomoc",
                "مدد",
                "مساعدة",
                "ਮਦਦ",
                "帮助",
                "\u200fمدد\u200f",
            )
        ],
        *[
            (words, "")
            for words in ("", " ", "Please stop the motorbikes", "Help my neighbour", "Stop thief", "no", "ended", "👍")
        ],
    ],
)
def test_the_words(words, meant):
    assert stop_words.meant(words) == meant


def test_no_word_means_two_things():
    assert not stop_words.STOP & stop_words.START
    assert not stop_words.STOP & stop_words.HELP
    assert not stop_words.START & stop_words.HELP
    assert "" not in stop_words.STOP | stop_words.START | stop_words.HELP


# The doors -------------------------------------------------------------------------------------------------------


@pytest.fixture
def carriers(settings):
    settings.PEELIAN_TEXT_CARRIERS = (
        "twilio://AC1:token@/?from=+441632960000&share=50"
        " notify://peelian-a-b?template=t&callback=bearer-token&share=50"
    )
    forget()
    yield
    forget()


def by_twilio(words: str, *, token: str = "token", **more: str) -> int:
    form = {"MessageSid": "SM1", "From": support.NUMBER, "To": "+441632960000", "Body": words, "NumMedia": "0", **more}
    from django.http import QueryDict
    from django.utils.http import urlencode

    body = urlencode(form)
    signed = signature(f"{django_settings.PEELIAN_BASE_URL}/webhooks/twilio/", QueryDict(body), token)
    return (
        Client()
        .post(
            "/webhooks/twilio/",
            body,
            content_type="application/x-www-form-urlencoded",
            headers={"X-Twilio-Signature": signed},
        )
        .status_code
    )


def by_notify(words: str, *, token: str = "bearer-token", **more: str) -> int:
    told = {
        "id": "d29f4c2e-0000-4000-8000-000000000000", "source_number": "447700900123", "message": words,
        "destination_number": "07700987654", "date_received": "2026-11-20T10:00:00.000000Z", **more,
    }  # fmt: skip
    return (
        Client()
        .post("/webhooks/notify/", told, content_type="application/json", headers={"Authorization": f"Bearer {token}"})
        .status_code
    )


@pytest.mark.parametrize("by", [by_twilio, by_notify])
def test_by_each_carrier(world, carriers, by):
    assert [by("It was at nº 12"), by("It was at nº 12")] == [200, 200]
    store.read_all()
    assert said() == [("text", "It was at nº 12")]


@pytest.mark.parametrize("by", [by_twilio, by_notify])
def test_unsigned_texts_are_nobodys(world, carriers, by):
    assert by("STOP", token="another") == 403
    store.read_all()
    assert kept() == []
    assert Address.objects.get(pk=world.mobile.pk).suppression == ""


@pytest.mark.parametrize("by", [by_twilio, by_notify])
@pytest.mark.parametrize("words", ["Stop", "بند کریں"])
def test_stop_acts_at_once_and_is_kept_as_a_report(world, carriers, by, words):
    assert by(words) == 200
    assert Address.objects.get(pk=world.mobile.pk).suppression == "stopped"
    store.read_all()
    assert kept() == [("report", "The word STOP: it was done at once.")]
    assert said() == []
    assert by("Start", **({"MessageSid": "SM2"} if by is by_twilio else {"id": "2"})) == 200
    assert Address.objects.get(pk=world.mobile.pk).suppression == ""


def test_twilio_that_answered_help_itself(world, carriers):
    assert by_twilio("HELP", OptOutType="HELP") == 200
    store.read_all()
    assert (help_jobs(), [state for state, _ in kept()]) == (0, ["report"])


@pytest.mark.parametrize(
    "told", [{"source_number": None}, {"source_number": ["x"], "message": {"a": 1}}, {"message": "x" * 50_000}]
)
def test_notify_with_something_strange_in_it(world, carriers, told):
    assert by_notify("x", **told) == 200
    store.read_all()
    assert Inbound.objects.count() == 1
    assert Thread.objects.count() <= 1


def test_looking_for_the_last_text_reads_no_ledger(world, django_assert_num_queries):
    """The plan goes by the ledger's key, however many rows it has."""
    from django.db import connection

    from peelian.delivery import queries

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        values = {"ids": [world.mobile.pk], "renderers": ["alerts.alert"], "since": clock.now() - timedelta(days=14)}
        cursor.execute("EXPLAIN " + queries._LAST_TEXT, values)
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "delivery_pkey" in plan
    assert "Seq Scan on delivery " not in plan
