"""Templates, snippets, and places that have to be filled in before an alert can go."""

from __future__ import annotations

from typing import Any

import pytest

from peelian.accounts.tests.factories import sign_in
from peelian.alerts import actions, errors, queries
from peelian.alerts.models import Alert, SavedText
from peelian.alerts.tests.factories import Force, make_draft, make_force
from peelian.core.testing.html import Page, PageClient

pytestmark = pytest.mark.django_db
TEMPLATE = {
    "name": "Shed break-in",
    "topic": "residential-burglary",
    "title": "Shed broken into on {street}",
    "happening": "It was on {date}. It was on {street}.",
    "doing": "We walk {street} at night.",
    "can_do": "",
}


@pytest.fixture
def force() -> Force:
    return make_force()


def filled(page: Page, **changes: Any) -> dict[str, Any]:
    form = next(form for form in page.document.forms if form.get("id") == "compose")
    sent: dict[str, Any] = {}
    for name, value in form.form_values():
        sent.setdefault(name, []).append(value)
    return sent | changes


def test_communications_keep_templates_and_an_officer_begins_with_one(client: PageClient, force: Force) -> None:
    sign_in(client, force.communications)
    listed = client.page("/staff/alerts/saved/new/template/", TEMPLATE, post=True)
    assert "Shed break-in" in listed.texts("th[scope=row]")
    entry = SavedText.objects.get(name="Shed break-in")
    sign_in(client, force.officer)
    assert client.get(f"/staff/alerts/saved/{entry.pk}/").status_code == 404
    choose = client.page("/staff/alerts/templates/")
    assert {"Burglary at homes", "Vehicle crime"} <= set(choose.texts("h2"))
    edit = client.page("/staff/alerts/new/", {"template": entry.pk}, post=True)
    alert = Alert.objects.latest("pk")
    assert (alert.title, alert.topic.slug) == ("Shed broken into on {street}", "residential-burglary")
    assert "Fill in {street} in the title." in edit.texts(".p-missing li")


def test_what_is_not_filled_in_cannot_go_and_each_is_named(force: Force) -> None:
    words = {"title": "On {street}", "happening": "On {date} in {street}, {date}.", "can_do": "{a [b] c}"}
    alert = make_draft(force, **words)
    named = [
        "Fill in {street} in the title.",
        "Fill in {date} in “What is happening”.",
        "Fill in {street} in “What is happening”.",
        "Fill in {a [b] c} in “What you can do”.",
    ]
    assert queries.missing(alert) == named
    with pytest.raises(errors.NotReady) as refused:
        actions.send_now(alert=alert, by=force.officer)
    assert refused.value.missing == named
    with pytest.raises(errors.NotReady):
        actions.ask_for_approval(alert=alert, by=force.officer)


def test_a_snippet_is_put_at_the_end_of_its_part_and_what_was_written_is_kept(client: PageClient, force: Force) -> None:
    alert = make_draft(force)
    sign_in(client, force.officer)
    page = client.page(f"/staff/alerts/{alert.ref}/edit/")
    piece = SavedText.objects.get(name="We come back to you")
    assert "Add to “What we are doing”: We come back to you" in page.texts(".p-snippets button")
    sent = filled(page, doing="We were there.", snippet=str(piece.pk))
    again = client.page(f"/staff/alerts/{alert.ref}/edit/", sent, post=True)
    alert.refresh_from_db()
    assert alert.doing == f"We were there.\n\n{piece.text}"
    assert "Fill in {date} in “What we are doing”." in again.texts(".p-missing li")
    assert client.post(f"/staff/alerts/{alert.ref}/edit/", filled(again, snippet="999999")).status_code == 404


def test_snippets_of_other_types_are_not_offered(client: PageClient, force: Force) -> None:
    sign_in(client, force.communications)
    given = {"name": "Speed", "topic": "road-safety", "part": "doing", "text": "We measure speed on {street}."}
    client.page("/staff/alerts/saved/new/snippet/", given, post=True)
    assert "Speed" not in str(list(queries.snippets(make_draft(force).topic)))
    entry = SavedText.objects.get(name="Speed")
    client.page(f"/staff/alerts/saved/{entry.pk}/", given | {"topic": ""}, post=True)
    assert "Speed" in str(list(queries.snippets(make_draft(force).topic)))
    client.page(f"/staff/alerts/saved/{entry.pk}/remove/", {}, post=True)
    assert not SavedText.objects.filter(name="Speed").exists()


def test_errors_are_said(client: PageClient, force: Force) -> None:
    sign_in(client, force.communications)
    empty = client.page("/staff/alerts/saved/new/snippet/", {}, post=True)
    assert empty.texts(".govuk-error-summary li") == [
        "Give it a name that writers find it by",
        "Choose the part it goes into",
        "Write what it says",
    ]
    bare = client.page("/staff/alerts/saved/new/template/", {"name": "Nothing"}, post=True)
    assert bare.texts(".govuk-error-summary li") == ["Write at least one of the parts"]
    assert client.get("/staff/alerts/saved/new/poem/").status_code == 404
    with pytest.raises(errors.NotAllowed):
        actions.keep_text(by=force.officer, kind="snippet", name="x")
