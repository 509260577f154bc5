"""The planner: weeks, gaps, clashes, and a draft begun for a day."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from peelian.accounts.tests.factories import sign_in
from peelian.alerts import actions
from peelian.alerts.models import Alert
from peelian.alerts.planner import weeks
from peelian.alerts.tests.factories import Force, inside, make_draft, make_force, make_sent, make_team
from peelian.core import clock
from peelian.core.testing.html import PageClient
from peelian.members.models import Topic

pytestmark = pytest.mark.django_db
NEAR = 3


@pytest.fixture
def force() -> Force:
    return make_force()


def at(alert: Alert, day: date) -> Alert:
    """As if it had gone out on that day at noon."""
    Alert.objects.filter(pk=alert.pk).update(sent_at=clock.london(day, time(12)))
    return alert


def said(force: Force, *others: object) -> list[str]:
    found, _ = weeks(force.team, [force.team, *others], near=NEAR)
    return [clash.sentence for week in found for clash in week.clashes]


def test_nine_weeks_with_what_went_out_what_is_to_go_and_the_gaps(force: Force) -> None:
    today = clock.today()
    out = at(make_sent(force), today - timedelta(days=14))
    drafted = make_draft(force)
    Alert.objects.filter(pk=drafted.pk).update(planned_for=today + timedelta(days=14))
    timed = make_draft(force, title="Timed", topic=Topic.objects.get(slug="good-news"))
    actions.schedule(alert=timed, at=datetime.combine(today + timedelta(days=21), time(9)), by=force.officer)
    make_draft(force, title="For no day")
    practice = actions.create_draft(team=force.team, by=force.officer, practice=True, planned_for=today)
    found, _ = weeks(force.team, [force.team], near=NEAR)
    assert len(found) == 9
    assert [(week.is_past, week.is_this) for week in found] == [(True, False)] * 4 + [(False, True)] + [
        (False, False)
    ] * 4
    assert [entry.alert for week in found for entry in week.entries] == [out, drafted, timed]
    assert practice not in [entry.alert for week in found for entry in week.entries]
    assert [week.gap for week in found].count("Nothing went out") == 3
    assert [week.gap for week in found].count("Nothing is planned") == 3
    assert found[4].days_left[0] == today
    assert found[0].days_left == []


def test_the_same_area_and_type_within_days_clash_once(force: Force) -> None:
    today = clock.today()
    at(make_sent(force, title="First"), today - timedelta(days=9))
    later = at(make_sent(force, title="Second"), today - timedelta(days=7))
    assert said(force) == ["“Second” is 2 days from “First”: same area and type."]
    at(later, today - timedelta(days=5))
    assert said(force) == []
    at(later, today - timedelta(days=7))
    Alert.objects.filter(pk=later.pk).update(topic=Topic.objects.get(slug="good-news"))
    assert said(force) == []


def test_an_area_clashes_with_those_above_it_and_not_beside_it(force: Force) -> None:
    today = clock.today()
    at(make_sent(force, title="First"), today)
    draft = make_draft(force, inside("P0"), title="Second")
    Alert.objects.filter(pk=draft.pk).update(planned_for=today + timedelta(days=1))
    assert said(force) == ["“Second” is 1 day from “First”: same area and type."]
    Alert.objects.filter(pk=draft.pk).update(audience={"clauses": [inside("W01")]})
    assert said(force) == []


def test_other_teams_clash_too_and_an_update_does_not(force: Force) -> None:
    today = clock.today()
    first = at(make_sent(force, title="First"), today)
    other = make_team("Castle Vale team", force.areas["P0"])
    theirs = at(make_sent(force, title="Theirs"), today)
    Alert.objects.filter(pk=theirs.pk).update(team=other)
    assert said(force, other) == ["“First” is on the same day as “Theirs” of Castle Vale team: same area and type."]
    update = actions.follow_up(alert=first, relation="update", by=force.officer)
    Alert.objects.filter(pk=update.pk).update(planned_for=today)
    assert len(said(force, other)) == 2  # the update with theirs, and not with the first
    _, others = weeks(force.team, [force.team, other], near=NEAR)
    assert [(one.team, one.sent, one.planned, one.last) for one in others] == [(other, 1, 0, today)]


def test_a_draft_is_begun_for_a_day_and_that_day_is_offered(client: PageClient, force: Force) -> None:
    sign_in(client, force.officer)
    page = client.page("/staff/alerts/planner/")
    assert len(page.texts(".p-planner tbody tr")) == 9
    day = clock.today() + timedelta(days=8)
    edit = client.page("/staff/alerts/new/", {"team": force.team.pk, "day": day.isoformat()}, post=True)
    assert f"Begun for {day:%A} {day.day} {day:%B} {day.year}." in edit.text()
    alert = Alert.objects.latest("pk")
    assert alert.planned_for == day
    check = client.page(f"/staff/alerts/{make_planned(force, day).ref}/check/")
    assert check.document.cssselect("input[name=when][value=later]")[0].get("checked") is not None
    assert check.document.cssselect("input[name=day]")[0].get("value") == day.isoformat()
    over = client.page("/staff/alerts/new/", {"team": force.team.pk, "day": "2020-01-01"}, post=True)
    assert "Begun for" not in over.text()


def make_planned(force: Force, day: date) -> Alert:
    draft = make_draft(force, title="Planned")
    Alert.objects.filter(pk=draft.pk).update(planned_for=day)
    return draft


def test_the_page_asks_no_more_for_more_alerts_and_nothing_out_of_scope_is_shown(
    client: PageClient, force: Force
) -> None:
    sign_in(client, force.officer)
    away = make_team("Away team", force.areas["P1"])
    at(make_sent(force, title="Hidden"), clock.today())
    Alert.objects.filter(title="Hidden").update(team=away, author=force.communications)
    at(make_sent(force, title="The first"), clock.today())

    def ask() -> int:
        client.page("/staff/alerts/planner/")
        with CaptureQueriesContext(connection) as asked:
            page = client.page("/staff/alerts/planner/", {"team": away.slug})
        assert "Hidden" not in page.text()
        return len(asked)

    few = ask()
    for number in range(4):
        at(make_sent(force, inside("W01"), title=f"More {number}"), clock.today() - timedelta(days=number))
    assert ask() == few
