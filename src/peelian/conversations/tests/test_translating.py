"""A resident and a team in two languages."""

from datetime import timedelta
from urllib.parse import quote

import pytest
from django.db import connection
from django.urls import reverse

from peelian.alerts.tests.factories import jobs_named
from peelian.conversations import actions, queries, translating
from peelian.conversations.models import Message, MessageTranslation
from peelian.conversations.tests import factories as make
from peelian.core import clock
from peelian.core.messages import renderers
from peelian.core.translators.tests.serving import KEY, Reply, libre, upside_down  # noqa: F401 (a fixture)
from peelian.members.tests.factories import make_member

URDU = "میں نے ایک سرخ وین دیکھی۔\n\nفون 07700 900123"


@pytest.fixture
def team(db):
    return make.make_team()


@pytest.fixture
def staff(team):
    return make.make_staff("pat@heartshire.example", team)


@pytest.fixture
def translator(libre, settings):  # noqa: F811
    settings.PEELIAN_TRANSLATOR = f"libretranslate://127.0.0.1:{libre.port}?key={quote(KEY, safe='')}&personal=yes"
    libre.say = lambda text, to: "I saw a red van." if to == "en" and "وین" in text else upside_down(text, to)
    return libre


def done():
    for one in list(MessageTranslation.objects.filter(state="waiting")):
        translating.translate(message_id=one.pk)


def said(thread):
    return [one for one in queries.said_in(thread) if not one.notice][-1].translation


# What residents write ---------------------------------------------------------------------------------------------


def test_what_is_in_another_script_is_translated(team, translator):
    thread = make.make_thread(team, text=URDU)
    assert said(thread).state == "waiting"
    done()
    made = said(thread)
    assert (made.state, made.source, made.target) == ("machine", "ur", "en")
    assert made.text.startswith("I saw a red van.\n\n")
    assert "07700 900123" in made.text


def test_english_goes_to_nobody(team, translator):
    thread = make.make_thread(team, text="I saw a red van.")
    assert said(thread) is None
    assert translator.asked == []


def test_a_member_who_asked_for_another_language(team, translator):
    member = make_member("ewa@home.example", language="pl")
    thread = actions.open_or_continue(
        team=team, subject="A van", about="", text="Widzialem wana", address_id=member.email_id, member_id=member.pk,
        how=Message.How.CODE, by=make.Resident(),
    )  # fmt: skip
    done()
    assert said(thread).state == "same", "the translator took it for English"


def test_a_translator_that_nobody_approved_gets_nothing(team, translator, settings):
    settings.PEELIAN_TRANSLATOR = settings.PEELIAN_TRANSLATOR.removesuffix("&personal=yes")
    thread = make.make_thread(team, text=URDU)
    assert said(thread) is None
    assert jobs_named("conversations.translate") == []
    assert translator.asked == []


def test_approval_taken_back_meanwhile(team, translator, settings):
    thread = make.make_thread(team, text=URDU)
    settings.PEELIAN_TRANSLATOR = settings.PEELIAN_TRANSLATOR.removesuffix("&personal=yes")
    done()
    assert said(thread).why == "No translator is approved for what residents write."
    assert translator.asked == []


def test_the_trail_names_the_translator_and_no_word(team, translator):
    make.make_thread(team, text=URDU)
    done()
    with connection.cursor() as cursor:
        cursor.execute("SELECT data::text FROM audit_event WHERE verb = 'conversation.translated'")
        (data,) = cursor.fetchone()
    assert "LibreTranslate" in data
    assert "van" not in data
    assert "وین" not in data


def test_staff_ask_for_a_translation(client, team, staff, translator, settings):
    settings.PEELIAN_DEMO = True  # demo accounts come in without a second factor
    thread = make.make_thread(team, text="Widziałem czerwonego vana")
    client.force_login(staff)
    page = client.get(reverse("conversations_staff:thread", args=[thread.pk])).content.decode()
    assert "Translate this into English" in page
    message = thread.messages.get()
    assert client.post(reverse("conversations_staff:translate", args=[message.pk])).status_code == 302
    assert len(jobs_named("conversations.translate")) == 1


def test_the_original_stands_beside_the_translation(client, team, staff, translator, settings):
    settings.PEELIAN_DEMO = True
    thread = make.make_thread(team, text=URDU)
    done()
    client.force_login(staff)
    page = client.get(reverse("conversations_staff:thread", args=[thread.pk])).content.decode()
    assert "سرخ وین" in page
    assert "Translated by machine from Urdu" in page
    assert '<p class="p-said__text" lang="en" dir="ltr">I saw a red van.' in page


# What the team answers --------------------------------------------------------------------------------------------


@pytest.fixture
def asked(team, translator):
    thread = make.make_thread(team, text=URDU)
    done()
    return thread


def sent():
    return [args["object_id"] for args, _ in jobs_named("delivery.transactional")]


def test_the_answer_goes_back_in_both(asked, staff):
    message = actions.answer(thread=asked, text="Thank you. Call 101.", by=staff)
    assert sent() == [], "it waits for its translation"
    done()
    assert sent() == [message.pk]
    email = renderers["conversations.answer"].email(message.pk)
    assert "«THANK» «YOU». «CALL» 101." in email.text
    assert email.text.index("«THANK»") < email.text.index("Thank you. Call 101.")
    assert "A machine translated this. The original in English is below." in email.text
    assert 'lang="ur" dir="rtl"' in email.html
    text = renderers["conversations.answer"].text(message.pk)
    assert "«THANK» «YOU»" in text
    assert "Thank you. Call 101." in text


def test_an_answer_in_english_goes_at_once(team, staff, translator):
    message = actions.answer(thread=make.make_thread(team), text="Thank you.", by=staff)
    assert sent() == [message.pk]
    assert not MessageTranslation.objects.exists()


def test_an_answer_waits_a_minute_at_most(asked, staff, translator, monkeypatch):
    message = actions.answer(thread=asked, text="Thank you.", by=staff)
    translator.instead.extend([Reply(503)] * 9)
    assert not translating.translate(message_id=message.pk)
    assert sent() == []
    late = clock.now() + timedelta(seconds=61)
    monkeypatch.setattr(clock, "now", lambda: late)
    assert translating.translate(message_id=message.pk)
    assert sent() == [message.pk]
    assert said(asked).state == "failed"
    email = renderers["conversations.answer"].email(message.pk)
    assert "A machine translated this" not in email.text


def test_an_answer_whose_job_was_lost(asked, staff, monkeypatch):
    message = actions.answer(thread=asked, text="Thank you.", by=staff)
    late = clock.now() + timedelta(minutes=3)
    monkeypatch.setattr(clock, "now", lambda: late)
    assert translating.send_what_is_stuck() == 1
    assert sent() == [message.pk]
    assert translating.translate(message_id=message.pk), "a job that comes after all does nothing"
    assert sent() == [message.pk]


def test_a_call_reads_numbers_as_words(team, staff):
    message = actions.answer(thread=make.make_thread(team), text="We come on 3 October.", by=staff)
    words = renderers["conversations.answer"].voice(message.pk)
    assert "on the third of October" in words
    assert "call one oh one" in words
