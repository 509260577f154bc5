"""Translations that a person writes: from the draft's page to what residents read, and who may confirm them."""

import pytest
from django.urls import reverse

from peelian.accounts.roles import Role
from peelian.accounts.tests.factories import sign_in
from peelian.alerts import actions, errors, translated
from peelian.alerts.models import Alert, Translation
from peelian.alerts.tests import factories as make
from peelian.alerts.tests.test_translating import force, of, read, translator  # noqa: F401 (fixtures)
from peelian.core.messages import renderers
from peelian.core.translators.tests.serving import libre  # noqa: F401 (a fixture)

URDU = {
    "title": "مل لین پر وین توڑی گئیں",
    "happening": "پیر کی رات **تین** وینوں سے اوزار چوری ہوئے۔",
    "doing": "ہم رات کو گشت کرتے ہیں۔",
    "can_do": "اپنے اوزار اندر لے جائیں۔",
}
BY_A_PERSON = "Translated by a person. The original is below."


def write(alert, force, by=None, language="ur", words=URDU, **given):  # noqa: F811
    alert.refresh_from_db()
    found = alert.translations.filter(language=language).first()
    told = {"of": translated.fingerprint(alert), "made_at": found.made_at.isoformat() if found else ""} | given
    return actions.write_translation(alert=alert, language=language, words=words, by=by or force.officer, **told)


@pytest.fixture
def draft(force):  # noqa: F811
    return make.make_draft(force)


@pytest.fixture
def officer(client, force):  # noqa: F811
    sign_in(client, force.officer)
    return client


# From the page to the message -------------------------------------------------------------------------------------


def test_from_the_composer_to_the_email(officer, draft):
    edit = reverse("alerts_staff:edit", args=[draft.ref])
    assert "In other languages" in officer.page(edit).texts("#compose button[value=languages]")
    page = officer.page(reverse("alerts_staff:languages", args=[draft.ref]))
    assert "No translator is set up here" in page.text()
    assert [" ".join(row.split()) for row in page.texts("tbody tr")] == [
        "Urdu اردو 6 people They get the English words, and are told. Write it in Urdu",
        "Polish Polski fewer than 5 people They get the English words, and are told. Write it in Polish",
    ]
    where = reverse("alerts_staff:language", args=[draft.ref, "ur"])
    assert where in page.links()
    page = officer.page(where)
    assert "Tools were taken from three vans" in page.text()
    officer.page(where, page.form("/languages/ur/") | URDU, post=True)
    found = of(draft)
    assert (found.state, found.title, found.translator) == ("person", URDU["title"], "")
    assert "In other languages (1)" in officer.page(edit).text()
    check = officer.page(reverse("alerts_staff:check", args=[draft.ref])).text()
    assert "Nobody else has confirmed it yet." in check
    assert URDU["doing"] in check
    preview = officer.get(reverse("alerts_staff:preview_email", args=[draft.ref]), {"lang": "ur"}).content.decode()
    assert URDU["doing"] in preview
    address = reverse("alerts_staff:preview", args=[draft.ref])
    assert "?as=email&lang=ur" in officer.page(address).links()
    assert URDU["title"] in officer.page(address, {"as": "text", "lang": "ur"}).texts(".p-preview--text")[0]
    page = officer.get(reverse("alerts_staff:preview_page", args=[draft.ref]), {"lang": "ur"}).content.decode()
    assert URDU["doing"] in page
    draft.refresh_from_db()
    actions.send_now(alert=draft, by=found.written_by)
    assert make.jobs_named("alerts.translate") == []
    assert actions.freeze(alert_id=draft.pk)
    assert of(draft).people == 6
    email = renderers["alerts.alert"].email(draft.pk, "ur")
    assert email.subject == URDU["title"]
    assert BY_A_PERSON in email.text
    assert "ترجمہ ایک شخص نے کیا ہے" in email.text
    assert "machine" not in email.text
    assert email.text.index("اوزار") < email.text.index("Tools were taken from")
    public = officer.get(f"/alerts/{draft.ref}/?lang=ur").content.decode()
    assert BY_A_PERSON in public
    assert "machine" not in public


def test_a_language_that_nobody_asked_for(officer, draft):
    where = reverse("alerts_staff:languages", args=[draft.ref])
    assert "Choose a language" in officer.page(where, {"language": ""}, post=True).text()
    answer = officer.post(where, {"language": "so"})
    assert answer["Location"] == reverse("alerts_staff:language", args=[draft.ref, "so"])
    for language in ("en", "en-GB", "xx", "bfi"):
        assert officer.get(reverse("alerts_staff:language", args=[draft.ref, language])).status_code == 404


def test_a_call_and_a_text_in_it(draft, force):  # noqa: F811
    write(draft, force, language="pl", words={name: f"Po polsku {name}." for name in URDU})
    spoken = renderers["alerts.alert"].voice(draft.pk, "pl")
    assert spoken.language == "pl"
    assert "This was translated by a person." in spoken
    assert "Po polsku title" in renderers["alerts.alert"].text(draft.pk, "pl")


# What is refused --------------------------------------------------------------------------------------------------


def test_an_empty_part_is_pointed_out(officer, draft):
    where = reverse("alerts_staff:language", args=[draft.ref, "ur"])
    page = officer.page(where, officer.page(where).form("/languages/ur/") | URDU | {"doing": " "}, post=True)
    assert "Write “What we are doing” in Urdu" in page.text()
    assert not draft.translations.exists()


def test_english_words_that_changed_meanwhile_are_read_once_more(officer, draft, force):  # noqa: F811
    where = reverse("alerts_staff:language", args=[draft.ref, "ur"])
    form = officer.page(where).form("/languages/ur/") | URDU
    actions.save_draft(alert=draft, version=draft.version, by=force.officer, title="Two vans")
    page = officer.page(where, form, expect=409, post=True)
    assert "Two vans" in page.text()
    again = page.form("/languages/ur/")
    assert again["title"] == URDU["title"], "what was written is kept"
    officer.page(where, again, post=True)
    draft.refresh_from_db()
    assert translated.said_in(draft, "ur").title == URDU["title"]


def test_of_two_who_write_at_once_the_second_is_told(draft, force):  # noqa: F811
    write(draft, force)
    with pytest.raises(errors.TranslationChanged):
        write(draft, force, by=force.communications, made_at="")
    assert of(draft).written_by == force.officer


def test_later_words_go_in_english_and_the_author_is_told(officer, draft, force):  # noqa: F811
    write(draft, force)
    draft.refresh_from_db()
    actions.save_draft(alert=draft, version=draft.version, by=force.officer, title="Two vans")
    draft.refresh_from_db()
    assert translated.said_in(draft, "ur") is None
    check = officer.page(reverse("alerts_staff:check", args=[draft.ref])).text()
    assert "The English words have changed since, so it is not used." in check


def test_only_a_draft_is_written_in_other_languages(officer, draft, force):  # noqa: F811
    write(draft, force)
    draft.refresh_from_db()
    actions.ask_for_approval(alert=draft, by=force.officer)
    with pytest.raises(errors.NotADraft):
        write(draft, force)
    with pytest.raises(errors.NotADraft):
        actions.remove_translation(alert=draft, language="ur", by=force.officer)


def test_who_may_not_write_alerts_writes_no_translation(draft, force):  # noqa: F811
    reader = make.make_staff(Role.ANALYST)
    with pytest.raises(errors.NotAllowed):
        write(draft, force, by=reader)


def test_taken_out_again(officer, draft, force):  # noqa: F811
    write(draft, force)
    officer.page(reverse("alerts_staff:language_remove", args=[draft.ref, "ur"]), {}, post=True)
    assert not draft.translations.exists()
    verbs = [verb for verb, *_ in make.audit_of(draft)]
    assert verbs[-2:] == ["translation.written", "translation.removed"]


# A second person --------------------------------------------------------------------------------------------------


def test_somebody_else_confirms_it_and_the_message_says_so(client, draft, force):  # noqa: F811
    write(draft, force)
    sign_in(client, force.communications)
    assert "by " + str(force.officer) in client.page(reverse("alerts_staff:translations")).text()
    where = reverse("alerts_staff:translation", args=[draft.ref, "ur"])
    page = client.page(where)
    assert "Read it beside the original" in page.text()
    client.page(where, page.form("/translations/ur/"), post=True)
    assert (of(draft).state, of(draft).reviewed_by, of(draft).written_by) == (
        "reviewed", force.communications, force.officer,
    )  # fmt: skip
    email = renderers["alerts.alert"].email(draft.pk, "ur").text
    assert "Translated by a person and checked by another. The original is below." in email
    write(draft, force, words=URDU | {"title": "وین"})
    assert (of(draft).state, of(draft).reviewed_by) == ("person", None), "what was confirmed was something else"


def test_nobody_confirms_their_own_words(client, draft, force):  # noqa: F811
    write(draft, force, by=force.communications)
    with pytest.raises(errors.OwnWords):
        read(of(draft), force)
    sign_in(client, force.communications)
    assert "Nothing waits to be read" in client.page(reverse("alerts_staff:translations")).text()
    page = client.page(reverse("alerts_staff:translation", args=[draft.ref, "ur"]))
    assert "Approve this translation" not in page.text()
    assert read(of(draft), force, by=force.supervisor).state == "reviewed"


def test_whoever_approves_reads_them_too_and_an_old_page_approves_nothing_new(client, draft, force):  # noqa: F811
    write(draft, force)
    draft.refresh_from_db()
    actions.ask_for_approval(alert=draft, by=force.officer)
    sign_in(client, force.supervisor)
    page = client.page(reverse("alerts_staff:check", args=[draft.ref]))
    assert URDU["can_do"] in page.text()
    seen = Alert.objects.get(pk=draft.pk).version
    actions.take_back(alert=draft, by=force.officer)
    write(draft, force, words=URDU | {"can_do": "کچھ اور"})
    draft.refresh_from_db()
    actions.ask_for_approval(alert=draft, by=force.officer)
    with pytest.raises(errors.AlreadyDecided):
        actions.approve(alert=draft, by=force.supervisor, version=seen)


# Beside a machine -------------------------------------------------------------------------------------------------


def test_a_machine_leaves_alone_what_a_person_wrote(draft, force, translator):  # noqa: F811
    write(draft, force)
    draft.refresh_from_db()
    actions.send_now(alert=draft, by=force.officer)
    actions.translate(alert_id=draft.pk)
    assert (of(draft).state, of(draft).title, of(draft, "pl").state) == ("person", URDU["title"], "machine")
    assert renderers["alerts.alert"].email(draft.pk, "ur").subject == URDU["title"]


def test_of_later_words_the_machine_makes_its_own(draft, force, translator):  # noqa: F811
    write(draft, force)
    draft.refresh_from_db()
    actions.save_draft(alert=draft, version=draft.version, by=force.officer, title="Two vans")
    draft.refresh_from_db()
    actions.send_now(alert=draft, by=force.officer)
    actions.translate(alert_id=draft.pk)
    assert (of(draft).state, of(draft).written_by, of(draft).title) == ("machine", None, "«TWO» «VANS»")
    assert Translation.objects.filter(alert=draft).count() == 2
