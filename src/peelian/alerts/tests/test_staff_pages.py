"""The whole way of an alert through the pages, as an officer and a supervisor, without script."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from peelian.accounts.models import Staff
from peelian.accounts.roles import Role
from peelian.accounts.tests.factories import sign_in
from peelian.alerts import actions
from peelian.alerts.models import Alert
from peelian.alerts.tests.factories import (
    WORDS,
    Force,
    audit_of,
    drawn,
    inside,
    jobs_named,
    make_draft,
    make_force,
    make_frozen,
    make_group,
    make_sent,
    make_staff,
    make_team,
)
from peelian.core import clock
from peelian.core.testing.html import Page, PageClient
from peelian.members import audience

pytestmark = pytest.mark.django_db


@pytest.fixture
def force() -> Force:
    return make_force()


def as_(client: PageClient, staff: Staff) -> PageClient:
    sign_in(client, staff)
    return client


def at(alert: Alert, step: str = "") -> str:
    return f"/staff/alerts/{alert.ref}/{step}"


def filled(page: Page, step: str, **changes: Any) -> dict[str, Any]:
    """What a browser sends with a page's form, with some answers changed."""
    form = next(form for form in page.document.forms if (form.get("action") or "").endswith(step))
    sent: dict[str, Any] = {}
    for name, value in form.form_values():
        sent.setdefault(name, []).append(value)
    return sent | changes


def new_alert(client: PageClient) -> Alert:
    client.page("/staff/alerts/new/", {}, post=True)
    return Alert.objects.latest("pk")


# Writing ----------------------------------------------------------------------------------------------------------


def test_an_officer_writes_counts_and_sends_without_script(client: PageClient, force: Force) -> None:
    as_(client, force.officer)
    alert = new_alert(client)
    empty = client.page(at(alert, "edit/"))
    assert empty.texts("#panel .p-audience__count") == ["Nobody yet"]
    assert "Write a title." in empty.texts(".p-missing li")

    sent = filled(empty, "edit/", **WORDS, topic="vehicle-crime", areas=["W00"])
    saved = client.page(at(alert, "edit/"), sent, post=True)
    assert saved.texts("#panel .p-audience__count") == ["10 people"]
    assert saved.texts(".p-missing li") == []
    assert filled(saved, "edit/")["areas"] == ["W00"]

    check = client.page(at(alert, "edit/"), filled(saved, "edit/", next="check"), post=True)
    assert check.texts(".p-sentence") == [
        "10 people will get “Vans broken into on Mill Lane” from Elm Bridge team by email, as soon as you send it."
    ]
    assert check.texts("#go button") == ["Send to 10 people"]
    done = client.page(at(alert, "send/"), filled(check, "send/"), post=True)
    assert done.texts(".p-notice--done") == ["It starts going out now."]
    alert.refresh_from_db()
    assert (alert.state, alert.people, alert.released_by) == ("scheduled", 10, force.officer)
    assert [arguments for arguments, _ in jobs_named("alerts.freeze")] == [{"alert_id": alert.pk}]


def test_every_kind_of_audience_comes_back_as_it_was_saved(client: PageClient, force: Force) -> None:
    make_group(*force.members["W00"][:3])
    earlier = make_sent(force)
    clauses = [
        inside("W00", "W10"),
        inside("W10", effect="exclude"),
        inside("P0", effect="must"),
        drawn(0, 0, 1, 2),
        drawn(2, 0, 3, 1, effect="exclude"),
        {"effect": "must", "kind": "groups", "values": ["dog-walkers"]},
        {"effect": "exclude", "kind": "languages", "values": ["ur"]},
        {"effect": "include", "kind": "received", "values": [earlier.ref]},
        {"effect": "must", "kind": "areas", "values": ["W00"]},
    ]
    alert = make_draft(force, *clauses)
    as_(client, force.officer)
    before = client.page(at(alert, "edit/"))
    assert before.texts(".p-kept label") == ["Only people in Ward 00."]
    client.page(at(alert, "edit/"), filled(before, "edit/", title="Changed"), post=True)
    alert.refresh_from_db()

    def in_order(found: list[dict[str, Any]]) -> list[str]:
        return sorted(json.dumps(one, sort_keys=True) for one in found)

    assert alert.title == "Changed"
    assert in_order(alert.audience["clauses"]) == in_order(clauses)


def test_a_drawing_that_crosses_itself_is_refused_beside_the_map_and_nothing_is_lost(
    client: PageClient, force: Force
) -> None:
    alert = make_draft(force)
    as_(client, force.officer)
    ring = [[-2.0, 52.0], [-1.99, 52.01], [-1.99, 52.0], [-2.0, 52.01], [-2.0, 52.0]]
    bow_tie = json.dumps([{"effect": "include", "geometry": {"type": "Polygon", "coordinates": [ring]}}])
    page = client.page(at(alert, "edit/"))
    page = client.page(at(alert, "edit/"), filled(page, "edit/", drawn=bow_tie, title="Mine"), post=True)
    assert page.texts(".govuk-error-summary__list li")[0].startswith("The line crosses itself near")
    assert page.texts("#id_drawn-error")[0].startswith("Error: The line crosses itself near")
    assert filled(page, "edit/")["title"] == ["Mine"]
    assert filled(page, "edit/")["drawn"] == [bow_tie]
    alert.refresh_from_db()
    assert alert.title == WORDS["title"]


NOTHING_DRAWN = json.dumps([{"effect": "include", "geometry": {"type": "Polygon", "coordinates": []}}])


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"title": "x" * 121}, "The title is longer than 120 characters. Shorten it"),
        ({"happening": "x" * 5001}, "“What is happening” is longer than 5,000 characters. Shorten it"),
        ({"areas": ["NOWHERE"]}, "There is no area of the code NOWHERE any more. Choose again"),
        ({"drawn": "{"}, "What was drawn could not be read. Draw it again"),
        ({"drawn": NOTHING_DRAWN}, "The shape is empty. Draw a line around the place."),
        ({"ends_on": "tomorrow"}, "Give “Show it on the website until” as a real date, like 27 3 2027"),
    ],
)
def test_what_cannot_be_saved_is_said_in_a_sentence(
    client: PageClient, force: Force, changes: dict[str, Any], sentence: str
) -> None:
    alert = make_draft(force)
    as_(client, force.officer)
    page = client.page(at(alert, "edit/"))
    page = client.page(at(alert, "edit/"), filled(page, "edit/", **changes), post=True)
    assert page.texts(".govuk-error-summary__list li") == [sentence]
    assert page.document.findtext(".//title").startswith("Error: ")


def test_a_last_day_that_is_over_is_refused_when_a_button_is_pressed(client: PageClient, force: Force) -> None:
    yesterday = clock.today() - timedelta(days=1)
    alert = make_draft(force, ends_on=yesterday)
    as_(client, force.officer)
    page = client.page(at(alert, "edit/"))
    typed = filled(page, "edit/", title="Written today")
    assert "Not saved" not in client.post(at(alert, "autosave/"), typed).content.decode()
    alert.refresh_from_db()
    assert alert.title == "Written today"
    typed["version"] = [str(alert.version)]
    refused = client.page(at(alert, "edit/"), typed | {"next": ["check"]}, post=True)
    sentence = "The last day on the website is over. Give today or a later day, or leave it empty"
    assert refused.texts(".govuk-error-summary__list li") == [sentence]
    assert filled(refused, "edit/")["title"] == ["Written today"]
    client.page(at(alert, "edit/"), typed | {"ends_on": [clock.today().isoformat()]}, post=True)
    alert.refresh_from_db()
    assert alert.ends_on == clock.today()


def test_shapes_can_be_taken_out_without_script(client: PageClient, force: Force) -> None:
    alert = make_draft(force, inside("W00"), drawn(1, 0, 2, 1))
    as_(client, force.officer)
    page = client.page(at(alert, "edit/"))
    assert page.texts("#shapes li") == ["Shape 1: everybody in it"]
    client.page(at(alert, "edit/"), filled(page, "edit/", clear_shapes="on"), post=True)
    alert.refresh_from_db()
    assert alert.audience == {"clauses": [inside("W00")]}


def test_few_people_are_never_counted_exactly(client: PageClient, force: Force) -> None:
    group = make_group(*force.members["W00"][:3])
    alert = make_draft(force, {"effect": "include", "kind": "groups", "values": [group.slug]})
    as_(client, force.officer)
    for step in ("edit/", "check/"):
        page = client.page(at(alert, step))
        assert page.texts(".p-audience__count") == ["Fewer than 5 people"]
        assert "It reaches fewer than 5 people, who could be recognised." in page.texts(".p-second li, .p-notice li")
        assert " 3 people" not in page.text()


# While writing: what script asks for ------------------------------------------------------------------------------


def test_the_panel_counts_what_is_on_the_page_and_saves_nothing(client: PageClient, force: Force) -> None:
    alert = make_draft(force)
    as_(client, force.officer)
    sent = filled(client.page(at(alert, "edit/")), "edit/", areas=["W00", "W10"])
    panel = Page(client.post(at(alert, "audience/"), sent, headers={"HX-Request": "true"}))
    assert panel.texts(".p-audience__count") == ["15 people"]
    assert "It reaches people outside your own area." in panel.texts(".p-second li")
    cells = json.loads(panel.document.get_element_by_id("cells").get("data-cells"))
    assert sum(people for _, people in cells) == 15
    alert.refresh_from_db()
    assert alert.audience == {"clauses": [inside("W00")]}
    assert [verb for verb, _, _ in audit_of(alert)][-1] == "alert.counted"


def test_autosave_keeps_the_draft_and_hands_back_the_next_version(client: PageClient, force: Force) -> None:
    alert = make_draft(force)
    as_(client, force.officer)
    sent = filled(client.page(at(alert, "edit/")), "edit/", can_do="")
    answer = Page(client.post(at(alert, "autosave/"), sent, headers={"HX-Request": "true"}))
    alert.refresh_from_db()
    assert alert.can_do == ""
    assert answer.document.get_element_by_id("version").get("value") == str(alert.version)
    assert answer.texts(".p-missing li") == ["Write “What you can do”."]


def test_autosave_says_why_it_could_not_save(client: PageClient, force: Force) -> None:
    alert = make_draft(force)
    as_(client, force.officer)
    sent = filled(client.page(at(alert, "edit/")), "edit/", title="x" * 200)
    answer = Page(client.post(at(alert, "autosave/"), sent, headers={"HX-Request": "true"}))
    assert "Not saved yet. The title is longer than 120 characters. Shorten it." in answer.text()
    assert answer.document.get_element_by_id("version").get("value") == str(alert.version)


# Two people -------------------------------------------------------------------------------------------------------


def test_two_people_edit_one_draft_and_both_texts_survive(client: PageClient, force: Force) -> None:
    alert = make_draft(force)
    mine = filled(
        as_(client, force.officer).page(at(alert, "edit/")),
        "edit/",
        title="My title",
        doing="What I wrote.",
        areas=["W01"],
    )
    actions.save_draft(
        alert=alert, version=alert.version, by=force.communications, title="Their title", can_do="What they wrote."
    )
    both = client.page(at(alert, "edit/"), mine, post=True, expect=409)
    assert both.texts(".p-merge legend") == ["Title", "What we are doing", "What you can do", "Who gets it"]
    assert "Their title" in both.text()
    assert "What they wrote." in both.text()
    assert both.document.xpath("//textarea[@name='doing']")[0].value == "What I wrote."
    # What only one of the two changed is chosen already
    assert {name: filled(both, "edit/")[f"keep_{name}"] for name in ("title", "doing", "can_do", "audience")} == {
        "title": ["mine"],
        "doing": ["mine"],
        "can_do": ["theirs"],
        "audience": ["mine"],
    }

    chosen = filled(both, "edit/", title="Title of both")
    client.page(at(alert, "edit/"), chosen, post=True)
    alert.refresh_from_db()
    assert (alert.title, alert.doing, alert.can_do) == ("Title of both", "What I wrote.", "What they wrote.")
    assert alert.audience == {"clauses": [inside("W01")]}


def test_an_autosave_that_comes_second_is_told_and_can_compare(client: PageClient, force: Force) -> None:
    alert = make_draft(force)
    as_(client, force.officer)
    mine = filled(client.page(at(alert, "edit/")), "edit/", title="My title")
    actions.save_draft(alert=alert, version=alert.version, by=force.communications, title="Their title")
    answer = Page(client.post(at(alert, "autosave/"), mine, headers={"HX-Request": "true"}))
    assert answer.texts("button") == ["Compare the two"]
    alert.refresh_from_db()
    assert alert.title == "Their title"


def test_the_same_text_saved_twice_is_no_collision(client: PageClient, force: Force) -> None:
    alert = make_draft(force)
    as_(client, force.officer)
    mine = filled(client.page(at(alert, "edit/")), "edit/", title="The same")
    client.page(at(alert, "edit/"), mine, post=True)
    page = client.page(at(alert, "edit/"), mine, post=True)
    assert page.texts(".p-notice--done") == ["Saved."]


# Who may see and press what ---------------------------------------------------------------------------------------


def test_another_teams_alert_is_not_found(client: PageClient, force: Force) -> None:
    other = make_staff(Role.OFFICER, force.areas["P2"], team=make_team("Far team", force.areas["P2"]))
    alert = make_draft(force)
    as_(client, other)
    for step in ("", "edit/", "check/", "preview/", "preview/email/", "progress/", "pause/", "recall/", "discard/"):
        client.page(at(alert, step), expect=404)
    for step in ("edit/", "autosave/", "audience/", "send/", "ask/", "test/", "discard/"):
        client.page(at(alert, step), {}, post=True, expect=404)
    assert client.page("/staff/alerts/").texts(".p-empty__title") == ["No alerts yet"]


def test_readers_see_results_and_no_way_to_write(client: PageClient, force: Force) -> None:
    alert = make_sent(force)
    as_(client, make_staff(Role.ANALYST))
    page = client.page(at(alert))
    assert page.texts(".p-next a") == []
    assert client.page("/staff/alerts/").texts(".p-head button") == []
    client.page(at(alert, "edit/"), expect=404)
    client.page(at(alert, "withdraw/"), expect=404)
    draft = make_draft(force, title="Not yet")
    assert client.page(at(draft)).texts("h1") == ["Not yet"]


def test_somebody_in_no_team_is_told_so(client: PageClient, force: Force) -> None:
    as_(client, force.supervisor)
    page = client.page("/staff/alerts/new/", expect=409)
    assert "You are in no team, and every alert comes from one." in page.text()


def test_somebody_in_two_teams_chooses(client: PageClient, force: Force) -> None:
    second = make_team("Second team", force.areas["P1"])
    second.people.add(force.officer)
    as_(client, force.officer)
    page = client.page("/staff/alerts/new/", {}, post=True)
    assert page.texts(".govuk-error-summary__list li") == ["Choose the team it is from"]
    client.page("/staff/alerts/new/", {"team": second.pk}, post=True)
    assert Alert.objects.latest("pk").team == second


# The list ---------------------------------------------------------------------------------------------------------


def test_the_list_filters_and_asks_no_more_for_more_rows(client: PageClient, force: Force) -> None:
    as_(client, force.communications)
    make_sent(force, title="The first")

    def ask() -> int:
        client.page("/staff/alerts/")  # once for what a first page of a session asks
        with CaptureQueriesContext(connection) as asked:
            client.page("/staff/alerts/")
        return len(asked)

    few = ask()
    for number in range(3):
        make_sent(force, title=f"Another {number}")
    make_draft(force, title="A draft about geese")
    assert ask() == few
    assert client.page("/staff/alerts/", {"state": "draft"}).texts("tbody th a") == ["A draft about geese"]
    assert client.page("/staff/alerts/", {"q": "geese"}).texts("tbody th a") == ["A draft about geese"]
    assert client.page("/staff/alerts/", {"q": "swans"}).texts(".p-empty__title") == ["No alert found"]
    assert client.page("/staff/alerts/", {"state": "nonsense"}).texts("tbody th a")[0] == "A draft about geese"


def test_pages_of_25(client: PageClient, force: Force) -> None:
    for _number in range(27):
        actions.create_draft(team=force.team, by=force.officer)
    as_(client, force.officer)
    first = client.page("/staff/alerts/")
    older = first.document.cssselect("a[rel=next]")[0].get("href")
    second = client.page(f"/staff/alerts/{older}")
    assert [len(page.texts("tbody tr")) for page in (first, second)] == [25, 2]
    assert second.texts("a[rel=prev]") == ["← Newer"]


def test_the_editor_asks_no_more_for_more_areas_and_members(client: PageClient, force: Force) -> None:
    alert = make_draft(force)
    as_(client, force.officer)

    def ask(*codes: str) -> int:
        sent = {"version": alert.version, "topic": "vehicle-crime", "channels": "email", "areas": list(codes)}
        with CaptureQueriesContext(connection) as asked:
            client.post(at(alert, "audience/"), sent | {"priority": "routine", "team": force.team.pk})
        return len(asked)

    ask("W00")
    assert ask("W00") == ask("W00", "W01")
    audience.refresh()


def test_preview_shows_each_way_and_frames_run_no_script(client: PageClient, force: Force) -> None:
    alert = make_frozen(force)
    as_(client, force.officer)
    assert client.page(at(alert, "preview/")).texts("h1") == ["Preview: Vans broken into on Mill Lane"]
    assert "Vans broken into" in client.page(at(alert, "preview/"), {"as": "text"}).texts(".p-preview--text")[0]
    assert client.page(at(alert, "preview/"), {"as": "voice"}).texts(".p-preview--voice")[0].startswith("This is ")
    for frame in ("preview/email/", "preview/page/"):
        answer = client.get(at(alert, frame))
        policy = answer["Content-Security-Policy"]
        assert "script-src 'none'" in policy
        assert "frame-ancestors 'self'" in policy
        assert "sandbox" in policy
        assert answer["X-Frame-Options"] == "SAMEORIGIN"
        assert "<script" not in answer.content.decode()
        assert "Vans broken into on Mill Lane" in answer.content.decode()
