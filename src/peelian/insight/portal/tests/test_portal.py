"""Engagement by neighbourhood and team: what stands on the page, whose it is, and what counts as unusual."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from peelian.accounts.roles import Role
from peelian.accounts.tests.factories import sign_in
from peelian.alerts.models import Rating
from peelian.alerts.tests.factories import jobs_named, make_force, make_sent, make_staff
from peelian.contacts.models import Address
from peelian.core import clock
from peelian.core.panels import EngagementSource, engagement_sources
from peelian.core.periods import Period, last_whole_month
from peelian.insight.models import AlertCount, AlertDay, StandingDay, WeeklyEmail
from peelian.insight.panels.queries import months_up_to
from peelian.insight.portal import actions, reading, weekly
from peelian.insight.portal.history import histories
from peelian.insight.rollups import refresh_all

pytestmark = pytest.mark.django_db

PAGE = reverse("insight_staff:engagement")


@pytest.fixture
def force():
    return make_force()


@pytest.fixture
def month():
    """The last whole month, with one alert in it and two answers to it."""
    return last_whole_month(clock.today())


@pytest.fixture
def counted(force, month):
    alert = make_sent(force)
    refresh_all()
    AlertCount.objects.update(day=month.start)
    StandingDay.objects.update(day=month.end)
    AlertDay.objects.create(alert=alert, day=month.end, replies=2, ratings=6, rating_total=30)
    return force


def test_areas_and_teams_have_the_same_history_by_month(counted, month):
    months = months_up_to(month)
    area = histories("area", [counted.areas["P0"].pk, counted.areas["P1"].pk], months)
    team = histories("team", [counted.team.pk], months)[counted.team.pk].of(month)
    one = area[counted.areas["P0"].pk].of(month)
    assert (one.members, one.alerts, one.replies, one.ratings, one.rating_total) == (16, 1, 2, 6, 30)
    assert (team.members, team.alerts, team.replies) == (16, 1, 2)
    assert area[counted.areas["P1"].pk].of(month).members == 5
    assert (
        histories("area", [one.pk for one in counted.areas.values()], months)[counted.areas["P0"].pk].of(month) == one
    )
    assert area[counted.areas["P0"].pk].of(month.previous()).members is None


def test_the_page_lists_what_is_in_scope(client, counted):
    sign_in(client, counted.supervisor)
    page = client.get(PAGE).content.decode()
    assert "W00" in page
    assert "W10" not in page
    assert "Elm Bridge team" in page
    assert client.get(reverse("insight_staff:engagement_area", args=["W10"])).status_code == 404
    assert client.get(reverse("insight_staff:engagement_team", args=["nobody"])).status_code == 404
    file = b"".join(client.get(PAGE, {"csv": "teams"}).streaming_content).decode()
    assert file.splitlines()[1].startswith("elm-bridge-team,Elm Bridge team,16,")


def test_each_page_says_its_figures_with_their_base(client, counted):
    sign_in(client, counted.supervisor)
    page = client.get(reverse("insight_staff:engagement_team", args=["elm-bridge-team"])).content.decode()
    assert "5.00 of 6" in page
    assert "from 6 who rated" in page
    file = client.get(reverse("insight_staff:engagement_area", args=["W00"]), {"csv": "members"})
    assert b"".join(file.streaming_content).decode().splitlines()[-1].endswith(",10.0")


def test_the_list_costs_the_same_for_more_areas(client, counted):
    def asked(who) -> int:
        sign_in(client, who)
        with CaptureQueriesContext(connection) as found:
            client.get(PAGE)
        return len(found)

    assert asked(make_staff(Role.SUPERVISOR, counted.areas["W00"])) >= asked(make_staff(Role.ANALYST)) - 1


def test_what_chance_does_not_do_is_said(month):
    months = months_up_to(month)
    steady = [10.0, 12.0, 11.0, 9.0, 10.0, 11.0, 12.0, 10.0, 9.0, 11.0, 10.0, 12.0]
    assert reading.unusual([*steady, 11.0], months) == ""
    said = reading.unusual([*steady, 40.0], months)
    assert said.startswith("Higher than usual: ")
    assert f"{month.start:%b %Y}" in said
    assert reading.unusual([*steady, None], months) == ""
    assert reading.unusual([1.0, 2.0, 90.0], months[-3:]) == ""  # too short to say
    assert reading.unusual([0.0, 1.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 4.0], months) == ""  # too rare
    growing = [100.0 + 10 * n for n in range(13)]
    assert reading.unusual(growing, months, grows=True) == ""


def test_what_a_programme_counts_stands_on_the_page(client, counted, monkeypatch):
    monkeypatch.setattr(engagement_sources, "_items", {})
    engagement_sources.add("talks", EngagementSource("talks", "Talks in the street", lambda scope: 7))
    sign_in(client, counted.supervisor)
    page = client.get(reverse("insight_staff:engagement_area", args=["W00"])).content.decode()
    assert "Contacts and events" in page
    assert "talks in the street" in page


def test_a_week_is_sent_once_to_sergeants_who_want_it(client, counted):
    week = weekly.week_before(clock.today())
    AlertCount.objects.update(day=week.start)
    off, on = make_staff(Role.SUPERVISOR, counted.areas["P0"]), make_staff(Role.ANALYST)
    actions.choose_weekly(on=False, by=off)
    sign_in(client, on)
    client.post(reverse("insight_staff:engagement_weekly"), {"weekly": "on"})
    assert actions.send_weekly() == 2
    assert actions.send_weekly() == 0
    assert set(WeeklyEmail.objects.values_list("staff", flat=True)) == {counted.supervisor.pk, on.pk}
    enqueued = [args for args, _ in jobs_named("delivery.transactional") if args["renderer"] == weekly.RENDERER]
    to = Address.objects.get(pk=enqueued[0]["address_id"])
    assert to.value == counted.supervisor.email
    email = weekly.WeeklyRenderer().email(enqueued[0]["object_id"])
    assert "Elm Bridge team: 1 alert (0 the week before)" in email.text
    assert "Elm Bridge team" in email.html
    assert Period(week.start, week.start + timedelta(days=6)).label() in email.subject


def test_ratings_stand_in_the_month_they_came(counted, month):
    Rating.objects.all().delete()
    months = months_up_to(month)
    values = reading.readings(histories("team", [counted.team.pk], months)[counted.team.pk], months, people=16_000)
    said = {one.code: (one.said, one.base) for one in values}
    assert said["rating"] == ("5.00 of 6", "from 6 who rated")
    assert said["members"] == ("16", "1.0 per 1,000 of 16,000 people")
