"""What is kept of a page: until a refresh, for the same question alone, never for somebody of another scope, and not
without end."""

from dataclasses import replace

import pytest
from django.core.cache import cache
from django.test import RequestFactory
from django.urls import reverse

from peelian.accounts.roles import Role
from peelian.accounts.tests.factories import sign_in
from peelian.alerts.tests.factories import make_force, make_sent, make_staff, make_team
from peelian.core import clock
from peelian.core.periods import last_whole_month
from peelian.insight import kept, warming
from peelian.insight.models import AlertCount, Refresh, StandingDay
from peelian.insight.rollups import refresh_all

pytestmark = pytest.mark.django_db

TEMPLATE = "components/empty.html"


@pytest.fixture
def part(rf: RequestFactory):
    """Paints a part that says TITLE, or what was kept; the rollup it rests on has been refreshed."""
    Refresh.objects.create(name="test.kept", as_of=clock.now())

    def paint(title: str, asked: object = 1, path: str = "/page/?weight=1") -> str:
        return kept.kept_part(rf.get(path), TEMPLATE, asked, ["test.kept"], lambda: {"title": title})

    return paint


def test_a_part_is_painted_once_for_a_question_and_anew_after_a_refresh(part):
    assert "Before &lt;b&gt;" in part("Before <b>")
    again = part("After")
    assert "Before &lt;b&gt;" in again
    assert hasattr(again, "__html__")
    Refresh.objects.filter(name="test.kept").update(as_of=clock.now())
    assert "After" in part("After")


@pytest.mark.parametrize("other", [{"asked": 2}, {"path": "/page/?weight=2"}, {"path": "/other/?weight=1"}])
def test_what_is_asked_and_the_address_are_the_question(part, other):
    assert "One" in part("One")
    assert "Two" in part("Two", **other)


def test_what_another_version_of_the_program_painted_is_painted_anew(part, monkeypatch):
    assert "One" in part("One")
    monkeypatch.setattr(kept, "program", lambda: "the next")
    assert "Two" in part("Two")


def test_nothing_is_kept_before_the_first_refresh(part):
    Refresh.objects.update(as_of=None)
    assert "One" in part("One")
    assert "Two" in part("Two")


def test_so_many_parts_are_kept_and_no_more_and_a_full_place_goes_to_the_newest(part, monkeypatch):
    """Of two questions that fall to one place, neither is answered with the other's part."""
    monkeypatch.setattr(kept, "PLACES", 1)
    set_keys = []
    put = cache.set
    monkeypatch.setattr(kept.cache, "set", lambda key, *rest: (set_keys.append(key), put(key, *rest)))
    for at in range(3):
        assert f"Title {at}." in part(f"Title {at}.", asked=at)
    assert "Title 2." in part("Anew", asked=2)
    assert "Anew" in part("Anew", asked=0)
    assert len(set(set_keys)) == 1


@pytest.fixture
def two_teams():
    """A force with a supervisor for each of two parts, and an analyst who sees both."""
    force = make_force()
    make_team("Mill Lane team", force.areas["P1"])
    make_sent(force)
    refresh_all()
    return force, make_staff(Role.SUPERVISOR, force.areas["P1"]), make_staff(Role.ANALYST)


def _page(client, who, name: str) -> str:
    sign_in(client, who)
    return client.get(reverse(f"insight_staff:{name}")).content.decode()


@pytest.mark.parametrize("name", ["engagement", "teams"])
def test_what_was_kept_for_the_whole_force_is_shown_to_nobody_of_a_part(client, two_teams, name):
    force, other, analyst = two_teams
    whole = _page(client, analyst, name)
    assert "Elm Bridge team" in whole
    assert "Mill Lane team" in whole
    ours, theirs = _page(client, force.supervisor, name), _page(client, other, name)
    assert "Elm Bridge team" in ours
    assert "Mill Lane team" not in ours
    assert "Mill Lane team" in theirs
    assert "Elm Bridge team" not in theirs
    assert "Mill Lane team" in _page(client, analyst, name)


def test_a_panel_is_of_the_area_of_who_asks_and_new_after_a_refresh(client, two_teams):
    force, other, _ = two_teams
    assert "<strong>16</strong>" in _panel(client, force.supervisor)
    assert "<strong>5</strong>" in _panel(client, other)
    assert "<strong>16</strong>" not in _panel(client, other)
    StandingDay.objects.update(members=7_777)
    assert "7,777" not in _panel(client, other)
    Refresh.objects.filter(name="panels.standing").update(as_of=clock.now())
    assert "7,777" in _panel(client, other)


def _panel(client, who) -> str:
    sign_in(client, who)
    month = f"{clock.today():%Y-%m}"
    return client.get(reverse("insight_staff:panel"), {"period": month}).content.decode()


def test_a_refresh_changes_what_the_teams_page_says(client, two_teams):
    _, _, analyst = two_teams
    month = {"period": f"{clock.today():%Y-%m}"}
    sign_in(client, analyst)
    address = reverse("insight_staff:teams")
    before = client.get(address, month).content.decode()
    AlertCount.objects.update(emails=8_765)
    assert "8,765" not in client.get(address, month).content.decode()
    assert before.count("Elm Bridge team") == client.get(address, month).content.decode().count("Elm Bridge team")
    refresh_all()
    AlertCount.objects.update(emails=8_765)
    assert "8,765" in client.get(address, month).content.decode()


def test_after_a_refresh_the_pages_of_the_whole_force_are_painted_before_anybody_asks(client, two_teams):
    """And those of a part are not; a page that fails stops no other."""
    force, _, analyst = two_teams
    AlertCount.objects.update(day=last_whole_month(clock.today()).start)
    assert warming.warm() >= 10
    AlertCount.objects.update(emails=8_765)
    assert "8,765" not in _page(client, analyst, "teams")
    assert "8,765" in _page(client, force.supervisor, "teams")


def test_a_page_that_cannot_be_painted_stops_no_other(two_teams, monkeypatch):
    pages = [page for page in warming.PAGES if page.url_name in ("insight_staff:teams", "insight_staff:engagement")]
    monkeypatch.setattr(warming, "PAGES", [*pages, replace(pages[0], url_name="insight_staff:none")])
    assert warming.warm() == 2 * 2  # for an analyst and for somebody of communications
