"""Advice on the pages, with and without script, and the list of jargon that communications keep."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from peelian.accounts.models import Staff
from peelian.accounts.tests.factories import sign_in
from peelian.alerts import actions, errors, queries
from peelian.alerts.advice import look
from peelian.alerts.models import Alert, Jargon
from peelian.alerts.tests.factories import Force, audit_of, make_draft, make_force
from peelian.core.testing.html import Page, PageClient

pytestmark = pytest.mark.django_db
MOST_QUERIES = 60  # of the composer, an audience counted and mapped
ALARMING = {"title": "Thugs on Mill Lane", "happening": "An RTC near 12 Mill Lane.", "doing": "Enquiries are ongoing."}


@pytest.fixture
def force() -> Force:
    return make_force()


def as_(client: PageClient, staff: Staff) -> PageClient:
    sign_in(client, staff)
    return client


def filled(page: Page, **changes: Any) -> dict[str, Any]:
    form = next(form for form in page.document.forms if form.get("id") == "compose")
    sent: dict[str, Any] = {}
    for name, value in form.form_values():
        sent.setdefault(name, []).append(value)
    return sent | changes


def advice(page: Page) -> list[str]:
    return page.texts(".p-advice__one") or page.texts(".p-look li")


def test_the_same_advice_stands_live_at_a_save_and_on_check_and_stops_nothing(client: PageClient, force: Force) -> None:
    alert = make_draft(force)
    as_(client, force.officer)
    edit = f"/staff/alerts/{alert.ref}/edit/"
    page = client.page(edit)
    assert advice(page) == []
    live = client.post(f"/staff/alerts/{alert.ref}/autosave/", filled(page, **ALARMING)).content.decode()
    saved = client.page(edit)
    told = advice(saved)
    assert told == [
        "“thugs” may frighten; say “person” or “people”.",
        "“12 Mill Lane” points at a home. Say the street or a part of it.",
        "“RTC” is police language; write “a crash”.",
        "This describes a crime and says only that it is looked into. Say what your team has done or will do.",
    ]
    assert all(sentence in live for sentence in told)
    check = client.page(f"/staff/alerts/{alert.ref}/check/")
    assert advice(check) == told
    client.page(f"/staff/alerts/{alert.ref}/send/", {"when": "now"}, post=True)
    alert.refresh_from_db()
    assert alert.state == Alert.State.SCHEDULED
    (released,) = [data for verb, _, data in audit_of(alert) if verb == "alert.released"]
    assert released["overridden"] == ["frightening", "house", "jargon", "no-action"]


def test_the_second_person_sees_it_and_both_are_in_the_trail(client: PageClient, force: Force) -> None:
    alert = make_draft(force, priority="urgent", **ALARMING)
    actions.ask_for_approval(alert=alert, by=force.officer)
    page = as_(client, force.supervisor).page(f"/staff/alerts/{alert.ref}/check/")
    assert len(advice(page)) == 4
    actions.approve(alert=alert, by=force.supervisor)
    overridden = {verb: data["overridden"] for verb, _, data in audit_of(alert) if "overridden" in data}
    assert list(overridden) == ["alert.asked", "alert.approved"]
    assert set(map(tuple, overridden.values())) == {("frightening", "house", "jargon", "no-action")}


def test_communications_keep_the_list(client: PageClient, force: Force) -> None:
    as_(client, force.communications)
    assert Jargon.objects.count() >= 40
    page = client.page("/staff/alerts/words/", {"words": " Section  20 ", "instead": "what injury it was"}, post=True)
    assert "“Section 20” is in the list." in page.texts(".p-notice--done")[0]
    again = client.page("/staff/alerts/words/", {"words": "section 20", "instead": "x"}, post=True)
    assert again.texts(".govuk-error-summary li") == ["“section 20” is in the list already. Change that entry"]
    entry = Jargon.objects.get(words="Section 20")
    client.page(f"/staff/alerts/words/{entry.pk}/", {"words": "Section 20", "instead": "“an injury”"}, post=True)
    draft = make_draft(force, happening="Section 20 on Mill Lane.")
    edit = as_(client, force.officer).page(f"/staff/alerts/{draft.ref}/edit/")
    assert advice(edit) == ["“Section 20” is police language; write “an injury”."]
    as_(client, force.communications)
    client.page(f"/staff/alerts/words/{entry.pk}/remove/")
    client.page(f"/staff/alerts/words/{entry.pk}/remove/", {}, post=True)
    assert client.get(f"/staff/alerts/words/{entry.pk}/").status_code == 404
    with pytest.raises(errors.NotAllowed):
        actions.keep_jargon(words="x", instead="y", by=force.officer)


def test_the_composer_asks_no_more_for_a_longer_text_list_or_more_that_goes_with_it(
    client: PageClient, force: Force
) -> None:
    alert = make_draft(force)
    as_(client, force.officer)

    def ask(path: str, sent: dict[str, Any] | None = None) -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get(path) if sent is None else client.post(path, sent)
        return len(asked)

    edit, autosave = f"/staff/alerts/{alert.ref}/edit/", f"/staff/alerts/{alert.ref}/autosave/"
    sent = filled(client.page(edit))
    ask(autosave, sent)
    before = (ask(edit), ask(autosave, sent))
    Jargon.objects.bulk_create(Jargon(words=f"word {n}", instead="x") for n in range(50))
    for number in range(3):
        actions.keep_text(by=force.communications, kind="snippet", name=f"S{number}", part="doing", text="T")
        actions.add_paper(alert=alert, content=b"%PDF-1", title=f"P{number}", days=7, by=force.officer)
    sent = filled(client.page(edit))
    assert (ask(edit), ask(autosave, sent | {"happening": "An RTC. " * 500})) <= (before[0] + 1, before[1] + 3)
    assert ask(edit) <= MOST_QUERIES


def test_advice_of_the_longest_text_takes_no_query_and_little_time(force: Force) -> None:
    alert = queries.alert_for(force.officer, make_draft(force).ref)
    text = ("AB12 CDE (01632) 960 123 Mr Smith 12 Mill Lane enquiries are ongoing! " * 80)[:5_000]
    alert.happening = alert.doing = alert.can_do = text
    phrases = queries.jargon()
    with CaptureQueriesContext(connection) as asked:
        assert len(look(alert, phrases).advice) > 10
    assert len(asked) == 0
