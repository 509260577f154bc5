"""Alerts in other languages: who is asked for what, how long a send waits, and who may read them over."""

from datetime import timedelta
from types import SimpleNamespace
from urllib.parse import quote

import pytest

from peelian.alerts import actions, charge, errors, translated
from peelian.alerts.actions import translating
from peelian.alerts.management.commands import alert_send
from peelian.alerts.models import Alert, Translation
from peelian.alerts.tests import factories as make
from peelian.contacts.models import Address
from peelian.core import clock
from peelian.core.messages import renderers
from peelian.core.translators.tests.serving import KEY, Reply, libre  # noqa: F401 (a fixture)
from peelian.delivery.models import Carrier, Channel, Price, Send
from peelian.members import audience
from peelian.members.models import Member


@pytest.fixture
def force(db):
    """Ten people in W00: six read Urdu, two Polish, two English."""
    force = make.make_force()
    ids = [member.pk for member in force.members["W00"]]
    Member.objects.filter(pk__in=ids[:6]).update(language="ur")
    Member.objects.filter(pk__in=ids[6:8]).update(language="pl")
    Member.objects.filter(pk=ids[8]).update(language="en-GB")
    audience.refresh()
    return force


@pytest.fixture
def translator(libre, settings):  # noqa: F811
    settings.PEELIAN_TRANSLATOR = f"libretranslate://127.0.0.1:{libre.port}?key={quote(KEY, safe='')}"
    return libre


def released(force, **fields):
    alert = make.make_draft(force, **fields)
    return actions.send_now(alert=alert, by=force.officer)


def of(alert, language="ur"):
    return Translation.objects.get(alert=alert, language=language)


def read(translation, force, by=None, **words):
    given = {name: getattr(translation, name) for name in ("title", *translated.PARTS)} | words
    made_at = translation.made_at.isoformat()
    return actions.review(translation=translation, words=given, made_at=made_at, by=by or force.communications)


# Made -------------------------------------------------------------------------------------------------------------


def test_it_is_translated_into_what_its_audience_asked_for(force, translator):
    alert = released(force)
    assert make.jobs_named("alerts.translate")[0][0] == {"alert_id": alert.pk}
    assert actions.translate(alert_id=alert.pk)
    found = of(alert)
    assert found.state == Translation.State.MACHINE
    assert found.title == "«VANS» «BROKEN» «INTO» «ON» «MILL» «LANE»"
    assert found.happening == "«TOOLS» «WERE» «TAKEN» «FROM» **«THREE»** «VANS» «ON» «MONDAY» «NIGHT»."
    assert (found.people, of(alert, "pl").people) == (6, 2)
    assert set(alert.translations.values_list("language", flat=True)) == {"ur", "pl"}, "English needs none"
    verbs = [verb for verb, *_ in make.audit_of(alert)]
    assert verbs.count("translation.made") == 2
    assert actions.translate(alert_id=alert.pk)
    assert len([one for one in translator.translated() if one["target"] == "ur"]) == 2, "asked again for nothing"


def test_without_a_translator_nothing_waits(force):
    alert = released(force)
    assert make.jobs_named("alerts.translate") == []
    assert actions.freeze(alert_id=alert.pk)
    assert not alert.translations.exists()


def test_a_question_for_approval_has_it_translated_already(force, translator):
    alert = make.make_draft(force)
    actions.ask_for_approval(alert=alert, by=force.officer)
    assert len(make.jobs_named("alerts.translate")) == 1
    alert.refresh_from_db()
    assert alert.translating_until is None, "nobody waits yet"


@pytest.mark.parametrize(("priority", "longest"), [("routine", 120), ("important", 30)])
def test_a_send_waits_so_long_for_its_translations_and_no_longer(force, translator, priority, longest, monkeypatch):
    before = clock.now()
    alert = released(force, priority=priority)
    alert.refresh_from_db()
    assert before < alert.translating_until <= clock.now() + timedelta(seconds=longest)
    assert not actions.freeze(alert_id=alert.pk)
    waiting = [at for _, at in make.jobs_named("alerts.freeze") if at is not None]
    assert len(waiting) == 1
    assert waiting[0] <= alert.translating_until
    late = alert.translating_until + timedelta(seconds=1)
    monkeypatch.setattr(clock, "now", lambda: late)
    assert actions.freeze(alert_id=alert.pk), "the translator never came back"


def test_an_urgent_one_waits_seconds(force, translator):
    alert = make.make_draft(force, priority="urgent")
    actions.ask_for_approval(alert=alert, by=force.officer)
    actions.approve(alert=alert, by=force.supervisor)
    alert.refresh_from_db()
    assert alert.translating_until <= clock.now() + timedelta(seconds=3)


def test_it_goes_as_soon_as_all_is_translated(force, translator):
    alert = released(force)
    assert not actions.freeze(alert_id=alert.pk)
    actions.translate(alert_id=alert.pk)
    assert actions.freeze(alert_id=alert.pk)


def test_what_fails_for_a_while_is_tried_again_and_what_fails_for_good_is_not(force, translator):
    alert = released(force)
    translator.instead.extend([Reply(503)] * 8)
    assert not actions.translate(alert_id=alert.pk), "the job is to come again"
    found = of(alert)
    assert (found.state, found.why) == ("failed", "LibreTranslate has a problem of its own (status 503).")
    translator.instead.clear()
    translator.languages.remove("pl")
    renewed = actions.translate(alert_id=alert.pk)
    assert of(alert).state == "machine"
    assert renewed is True
    assert of(alert, "pl").state in ("failed", "machine")


def test_a_language_the_translator_does_not_know(force, translator):
    translator.languages = ["ur"]
    alert = released(force)
    assert actions.translate(alert_id=alert.pk), "nothing would be better in a while"
    assert of(alert, "pl").why == "LibreTranslate does not translate into this language."
    assert actions.freeze(alert_id=alert.pk)
    email = renderers["alerts.alert"].email(alert.pk, "pl")
    assert email.subject == "Vans broken into on Mill Lane"
    assert "You asked for Polish. We could not translate this message, so it is in English." in email.text
    assert "We could not translate this message" in email.html


def test_changed_words_are_translated_anew(force, translator):
    alert = make.make_draft(force)
    actions.ask_for_approval(alert=alert, by=force.officer)
    actions.translate(alert_id=alert.pk)
    read(of(alert), force)
    actions.take_back(alert=alert, by=force.officer)
    actions.save_draft(alert=alert, version=alert.version, by=force.officer, title="Two vans")
    alert.refresh_from_db()
    assert translated.said_in(alert, "ur") is None, "what was checked was something else"
    actions.ask_for_approval(alert=alert, by=force.officer)
    actions.translate(alert_id=alert.pk)
    assert (of(alert).state, of(alert).title, of(alert).reviewed_by) == ("machine", "«TWO» «VANS»", None)


def test_words_that_change_while_the_translator_thinks_are_not_mixed_up(force, translator, monkeypatch):
    alert = released(force)
    made = translating._made

    def slowly(*given):
        found = list(made(*given))
        Alert.objects.filter(pk=alert.pk).update(title="Something else")
        yield from found

    monkeypatch.setattr(translating, "_made", slowly)
    actions.translate(alert_id=alert.pk)
    assert set(alert.translations.values_list("state", flat=True)) == {"waiting"}


# Read over --------------------------------------------------------------------------------------------------------


@pytest.fixture
def made(force, translator):
    alert = released(force)
    actions.translate(alert_id=alert.pk)
    return alert


def test_a_person_mends_and_approves(force, made):
    found = read(of(made), force, title="وین ٹوٹ گئیں")
    assert (found.state, found.title, found.reviewed_by) == ("reviewed", "وین ٹوٹ گئیں", force.communications)
    verb, _, data = make.audit_of(made)[-1]
    assert verb == "translation.reviewed"
    assert data == {"language": "ur", "changed": ["title"]}


def test_every_part_needs_a_translation(force, made):
    with pytest.raises(errors.NotReady):
        read(of(made), force, doing="  ")


def test_newer_words_are_not_approved_unread(force, made):
    found = of(made)
    Translation.objects.filter(pk=found.pk).update(made_at=clock.now())
    with pytest.raises(errors.TranslationChanged):
        read(found, force)


def test_officers_do_not_read_translations_over(force, made):
    with pytest.raises(errors.NotAllowed):
        read(of(made), force, by=force.officer)


def test_nobody_reads_over_what_somebody_else_had_to_approve_for_them(force, translator):
    alert = make.make_draft(force, by=force.communications, priority="urgent")
    actions.ask_for_approval(alert=alert, by=force.communications)
    actions.approve(alert=alert, by=force.supervisor)
    actions.translate(alert_id=alert.pk)
    with pytest.raises(errors.OwnTranslation):
        read(of(alert), force)
    assert read(of(alert), force, by=force.supervisor).state == "reviewed"


def test_a_rejected_one_is_neither_sent_nor_shown(force, made):
    found = of(made)
    actions.reject(translation=found, why="It says cars", made_at=found.made_at.isoformat(), by=force.communications)
    assert translated.said_in(made, "ur") is None
    actions.translate(alert_id=made.pk)
    assert of(made).state == "rejected", "the machine does not overrule a person"


# Sent -------------------------------------------------------------------------------------------------------------


def test_an_email_says_who_translated_it_and_has_the_original_below(force, made):
    email = renderers["alerts.alert"].email(made.pk, "ur")
    assert email.subject == "«VANS» «BROKEN» «INTO» «ON» «MILL» «LANE»"
    text = email.text
    assert "Translated by machine. The original is below." in text
    assert text.index("«TOOLS» «WERE»") < text.index("The original in English") < text.index("Tools were taken from")
    assert '<html lang="ur" dir="rtl">' in email.html
    assert email.html.count('lang="en-GB" dir="ltr"') == 2, "who translated it, and the original"
    assert email.html.count('<div lang="ur" dir="rtl">') == 3, "what to press, 999, and why it came"
    read(of(made), force)
    again = renderers["alerts.alert"].email(made.pk, "ur").text
    assert "Somebody who reads this language has checked the translation." in again
    assert "by machine" not in again


def test_english_readers_get_what_they_always_got(force, made):
    plain = renderers["alerts.alert"].email(made.pk)
    assert renderers["alerts.alert"].email(made.pk, "en") == plain
    assert renderers["alerts.alert"].email(made.pk, "en-GB") == plain
    assert "Translated by machine" not in plain.html
    assert '<html lang="en-GB" dir="ltr">' in plain.html


def test_our_own_phrases_come_with_the_alert_where_no_catalogue_has_them(force, made):
    polish = renderers["alerts.alert"].email(made.pk, "pl")
    assert "«WHAT» «IS» «HAPPENING»" in polish.text
    assert "Translated by machine. The original is below." in polish.text, "in English too"
    assert "«TRANSLATED» «BY» «MACHINE»" in polish.text
    assert '<html lang="pl" dir="ltr">' in polish.html


def test_a_text_in_the_language(force, made):
    Translation.objects.filter(alert=made, language="ur").update(title="مل لین پر وین توڑی گئیں")
    words = renderers["alerts.alert"].text(made.pk, "ur")
    assert "مل لین پر وین توڑی گئیں" in words
    assert "Mill Lane" not in words


def test_a_call_in_a_language_that_a_voice_speaks(force, made):
    polish = renderers["alerts.alert"].voice(made.pk, "pl")
    assert polish.language == "pl"
    assert polish.count("«TOOLS» «WERE» «TAKEN»") == 2
    urdu = renderers["alerts.alert"].voice(made.pk, "ur")
    assert urdu.language == "en-GB", "no voice speaks Urdu"
    assert "Tools were taken" in urdu
    assert "call nine nine nine" in urdu


def test_what_texts_in_another_script_cost_is_counted(force, translator):
    ids = [member.pk for member in force.members["W00"]]
    for number, pk in enumerate(ids):
        mobile = Address.objects.create(kind=2, value=f"+4477009{number:05}")
        Member.objects.filter(pk=pk).update(mobile=mobile, channels=2)
    audience.refresh()
    Carrier.objects.filter(channel=Channel.TEXT).update(kind="simulator", resting=100)
    Carrier.objects.get_or_create(
        channel=Channel.TEXT, name="simulator", defaults={"kind": "simulator", "resting": 100}
    )
    Price.objects.create(channel=Channel.TEXT, kind="simulator", pence=3, valid_from="2020-01-01")
    alert = make.make_draft(force, channels=2, title="Vans")
    counted = actions.count_audience(alert=alert, by=force.officer)
    before = charge.forecast(alert, counted)
    assert before.parts == 1
    assert charge.language_parts(alert) == {"ur": 2, "pl": 2}, "as long as it can be, until it is known"
    assert before.pence == (2 * 1 + 8 * 2) * 3
    assert charge.sentences(alert, counted)[0] == "A text has 1 part. In Polish and Urdu it has 2 parts."
    alert = actions.send_now(alert=alert, by=force.officer)
    actions.translate(alert_id=alert.pk)
    Translation.objects.filter(alert=alert, language="ur").update(title="وین پر حملہ " * 8)
    assert actions.freeze(alert_id=alert.pk)
    send = Send.objects.get(renderer="alerts.alert", object_id=alert.pk)
    assert send.language_parts == {"ur": 2, "pl": 2}
    assert charge.cost_of(send)[0] * 100 == (2 * 1 + 8 * 2) * 3


def test_at_the_command_line_without_a_worker_it_is_translated_there(force, translator, monkeypatch):
    monkeypatch.setattr(alert_send, "worker_seen", lambda: False)
    alert = released(force)
    alert_send._freeze(alert)
    alert.refresh_from_db()
    assert alert.state == Alert.State.SENDING
    assert of(alert).state == "machine"


def test_at_the_command_line_a_translator_that_is_away_is_waited_for_no_longer_than_a_worker_would(
    force, translator, monkeypatch
):
    monkeypatch.setattr(alert_send, "worker_seen", lambda: False)
    begun, slept = clock.now(), []
    monkeypatch.setattr(clock, "now", lambda: begun + timedelta(seconds=sum(slept)))
    monkeypatch.setattr(alert_send, "time", SimpleNamespace(sleep=slept.append))  # time passes for whoever waits
    alert = released(force)
    translator.instead.extend([Reply(503)] * 40)
    alert_send._freeze(alert)
    alert.refresh_from_db()
    assert alert.state == Alert.State.SENDING
    assert of(alert).state == "failed"
