"""The quality panel: figures as by hand, small bases kept back, quarters told apart only where they are."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from peelian.accounts.tests.factories import sign_in
from peelian.alerts.models import Alert, Rating, Response, Rollup
from peelian.alerts.quality import panel, rolling
from peelian.alerts.quality.panel import Quarter, Row
from peelian.alerts.tests.factories import Force, make_draft, make_force, make_sent, make_team
from peelian.contacts.models import Address
from peelian.core import clock
from peelian.core.testing.html import PageClient

pytestmark = pytest.mark.django_db
NOW = Quarter.of(clock.today()).before  # the last whole one


@pytest.fixture
def force() -> Force:
    return make_force()


def rolled(force: Force, quarter: Quarter, **fields: Any) -> Rollup:
    """A row as the job would leave it, of an alert sent in the middle of a quarter."""
    alert = make_draft(force)
    Alert.objects.filter(pk=alert.pk).update(sent_at=clock.london(quarter.first + timedelta(days=40), time(12)))
    given = {"complete": True, "ease": 70.0, "handed": 1_000, "ratings": 10, "rating_total": 50, "replies": 2}
    return Rollup.objects.create(alert=alert, **given | fields)


def rows(force: Force) -> dict[str, Row]:
    return {row.name: row for row in panel.panel([force.team], NOW)[0]}


def test_quarters_of_the_calendar() -> None:
    assert [str(one) for one in panel.quarters(date(2026, 2, 3))][:2] == [
        "January to March 2026",
        "October to December 2025",
    ]
    for day, slug in {date(2026, 3, 31): "2026-1", date(2026, 4, 1): "2026-2", date(2026, 12, 31): "2026-4"}.items():
        assert Quarter.of(day).slug == slug
        assert Quarter.of(day).first <= day < Quarter.of(day).after_last
    assert Quarter.of(clock.today()).is_going_on


def test_the_job_reads_each_alert_once_and_counts_what_came_back(force: Force) -> None:
    alert = make_sent(force)
    for value in (6, 5, 1):
        address = Address.objects.create(kind=1, value=f"r{value}@home.example")
        Rating.objects.create(alert=alert, address=address, value=value)
    for kind, number in {"reply": 2, "visit": 7, "left": 1}.items():
        Response.objects.create(alert=alert, kind=kind, n=number)
    assert rolling.roll_up() == 2
    row = Rollup.objects.get()
    assert (row.complete, row.handed, row.ratings, row.rating_total) == (True, 10, 3, 12)
    assert (row.replies, row.visits, row.left, row.ease) == (2, 7, 1, None)
    assert rolling.roll_up() == 0
    Response.objects.create(alert=alert, kind="visit", n=1)
    assert rolling.roll_up() == 1
    Alert.objects.update(practice=True)
    Rollup.objects.all().delete()
    assert rolling.roll_up() == 0


def test_figures_by_hand_with_their_bases(force: Force) -> None:
    for number in range(20):
        rolled(force, NOW, complete=number < 15, ease=60.0 + number, rating_total=40 + number, visits=number % 3)
    for _ in range(20):
        rolled(force, NOW.before, complete=True, ease=50.0, ratings=0, rating_total=0, replies=30)
    found = rows(force)
    assert (found["All three parts written"].now.said, found["All three parts written"].now.base) == (
        "75%",
        "from 20 alerts",
    )
    assert found["All three parts written"].now.interval == "53% to 89%"  # Wilson: 0.531 to 0.888
    assert found["All three parts written"].change.startswith("Lower by ")
    assert found["Reading ease"].now.said == "69.5"
    assert found["Reading ease"].now.interval == "66.7 to 72.3"  # s = 5.916, t = 2.093
    assert found["Reading ease"].change.startswith("Easier by ")
    assert (found["Rating"].now.said, found["Rating"].now.base) == ("4.95", "from 200 ratings")
    assert (found["Rating"].before.said, found["Rating"].change) == ("Too few to show", "Too few to compare")
    assert (found["Replies"].now.said, found["Replies"].before.said) == ("20.0", "300.0")
    assert found["Replies"].change.startswith("Fewer by ")
    assert found["Visits by share link"].now.said == "9.5"


def test_what_chance_may_explain_is_no_difference(force: Force) -> None:
    for number in range(6):
        rolled(force, NOW, ease=60.0 + 3 * number)
        rolled(force, NOW.before, ease=62.0 + 3 * number)
    assert rows(force)["Reading ease"].change == "No clear difference"
    assert rows(force)["All three parts written"].change == "No clear difference"


def test_fewer_than_five_are_kept_back(force: Force) -> None:
    for _ in range(4):
        rolled(force, NOW)
    assert {row.now.said for row in rows(force).values()} == {"Too few to show"}
    rolled(force, NOW, ratings=0, rating_total=0)
    assert rows(force)["Replies"].now.estimate is not None


def test_the_page_has_one_row_for_each_measure_and_asks_no_more_for_more(client: PageClient, force: Force) -> None:
    sign_in(client, force.officer)
    make_team("Away team", force.areas["P1"])

    def ask() -> int:
        client.page("/staff/alerts/quality/")
        with CaptureQueriesContext(connection) as asked:
            page = client.page("/staff/alerts/quality/", {"quarter": NOW.slug, "team": "away-team"})
        assert "Away team" not in page.text()
        assert len(page.texts(".p-quality tbody tr")) == 6
        return len(asked)

    few = ask()
    for _ in range(7):
        rolled(force, NOW)
    assert ask() == few


def test_all_teams_of_ones_area_together(client: PageClient, force: Force) -> None:
    second = make_team("Second team", force.areas["P0"])
    away = make_team("Away team", force.areas["P1"])
    for team in (force.team, second, away):
        for _ in range(3):
            Alert.objects.filter(pk=rolled(force, NOW).pk).update(team=team, author=force.communications)
    sign_in(client, force.supervisor)
    page = client.page("/staff/alerts/quality/", {"quarter": NOW.slug, "team": ""})
    assert page.texts("caption") == ["All teams in your area: 6 alerts, after 0 in the quarter before"]
    assert page.texts(".p-quality tbody td strong")[0] == "100%"
