"""Profiles and plans: begun with figures, refreshed once a year, with their history."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peelian.accounts.tests.factories import make_area, make_staff, make_team, sign_in
from peelian.core import clock
from peelian.core.measures import measures
from peelian.core.panels import Prefill, prefills
from peelian.core.periods import Period
from peelian.events import actions, errors, printed
from peelian.events.models import Profile, ProfileVersion
from peelian.events.queries import profiles as queries
from peelian.events.tests.factories import Desk

WORDS = {"people": "About 9,000 people.", "aims": "Hear from tenants."}


@pytest.fixture
def desk(db) -> Desk:
    return Desk()


@pytest.fixture
def staff(client, desk):
    sign_in(client, desk.officer)
    return client


def finished(desk, on: date | None = None) -> Profile:
    profile = actions.begin_profile(area=desk.ward, by=desk.officer)
    actions.finish_profile(profile=profile, edit=profile.edit, texts=WORDS, owner=desk.officer, by=desk.officer)
    if on is not None:
        ProfileVersion.objects.update(on=on)
        Profile.objects.update(refreshed_on=on)
    return Profile.objects.get(pk=profile.pk)


@given(st.dates(date(2015, 1, 1), date(2035, 12, 31)))
def test_r23_paragraph_49_overdue_when_twelve_months_have_passed(day):
    profile = Profile(refreshed_on=day)
    assert profile.due_on == clock.months_after(day, 12)
    assert profile.is_overdue == (clock.today() > clock.months_after(day, 12))
    assert not (profile.is_overdue and profile.is_due_soon)


def test_it_begins_with_what_the_figures_say(desk, monkeypatch):
    monkeypatch.setitem(prefills._items, "population", Prefill("population", "x", lambda pk: f"9,000 people in {pk}"))
    profile = actions.begin_profile(area=desk.ward, by=desk.officer)
    assert profile.draft["people"] == f"9,000 people in {desk.ward.pk}"
    assert (profile.team, profile.owner) == (desk.team, desk.officer)
    actions.save_profile(profile=profile, edit=0, texts=WORDS, owner=None, by=desk.officer)
    again = actions.begin_profile(area=desk.ward, by=desk.officer)
    assert again.draft == WORDS  # begun twice, nothing is lost


def test_nobody_saves_over_another_and_nothing_is_lost(desk):
    profile = actions.begin_profile(area=desk.ward, by=desk.officer)
    actions.save_profile(profile=profile, edit=0, texts=WORDS, owner=None, by=desk.officer)
    with pytest.raises(errors.SavedMeanwhile):
        actions.save_profile(profile=profile, edit=0, texts={"aims": "Other"}, owner=None, by=desk.officer)
    with pytest.raises(errors.NothingWritten):
        actions.finish_profile(profile=profile, edit=1, texts={"aims": "A plan alone"}, owner=None, by=desk.officer)
    profile.refresh_from_db()
    assert (profile.draft, profile.refreshed_on) == (WORDS, None)


def test_the_pages_from_none_to_a_second_version(staff, desk):
    page = staff.page("/staff/events/profiles/")
    assert "0 of 1 neighbourhoods" in page.text()
    edit = staff.page("/staff/events/profiles/W01/begin/", post=True)
    assert edit.texts("h1") == ["Write the profile and plan of Elm Bridge"]
    for number, aims in enumerate(("Hear from tenants", "Hear from **young** people"), 1):
        edit = staff.page("/staff/events/profiles/W01/edit/")
        hidden = edit.document.cssselect("[name=edit]")[0].get("value")
        given = {"edit": hidden, "people": "About 9,000", "aims": aims, "owner": desk.officer.pk, "do": "refresh"}
        shown = staff.page("/staff/events/profiles/W01/edit/", given, post=True)
        assert f"Version {number}, refreshed on" in shown.text()
    assert shown.texts(".p-prose strong") == ["young"]
    old = staff.page("/staff/events/profiles/W01/1/")
    assert "This is not the newest version" in old.text()
    assert "Hear from tenants" in old.text()
    assert staff.get("/staff/events/profiles/W01/9/").status_code == 404
    assert "1 of 1 neighbourhoods" in staff.page("/staff/events/profiles/").text()


def test_overdue_is_shown_first_and_to_who_is_responsible(staff, desk):
    finished(desk, clock.today() - timedelta(days=400))
    make_area("W09", "Ash End", at=4)
    rows = queries.rows_for(make_staff("supervisor"))
    assert [(row.area.name, row.state) for row in rows] == [("Elm Bridge", "overdue"), ("Ash End", "none")]
    assert [one.area.name for one in queries.overdue_for(desk.officer)] == ["Elm Bridge"]
    assert queries.overdue_for(make_staff("officer", desk.ward, teams=[desk.team])) == []  # it is another's
    assert "It is time to refresh it" in staff.page("/staff/events/profiles/W01/").text()


def test_it_is_not_there_for_those_whose_area_it_is_not(client, desk):
    finished(desk)
    far = make_area("W02", "Castle Vale", at=1)
    sign_in(client, make_staff("officer", far, teams=[make_team("Castle Vale team", far)]))
    assert client.get("/staff/events/profiles/W01/").status_code == 404
    assert "Elm Bridge" not in client.page("/staff/events/profiles/").text()


def test_the_list_asks_as_often_for_many(staff, desk, django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        staff.get("/staff/events/profiles/")


def test_the_share_of_neighbourhoods_counts_what_was_fresh_then(desk):
    make_area("W02", "Castle Vale", at=1)
    finished(desk, date(2025, 6, 15))
    fresh = measures["profiles-fresh"]
    shares = {
        month: (found.numerator, found.denominator) if (found := fresh.compute(Period.parse(month), None)) else None
        for month in ("2025-05", "2025-06", "2026-05", "2026-06")
    }
    assert shares == {"2025-05": None, "2025-06": (1, 2), "2026-05": (1, 2), "2026-06": (0, 2)}
    assert fresh.compute_areas(Period.parse("2025-07"))[desk.ward.pk].numerator == 1


def test_the_paper_says_all_of_it(desk):
    profile = finished(desk)
    version = queries.version(profile)
    assert version is not None
    made = printed.pdf(profile, version)
    assert made == printed.pdf(profile, version)
    assert made.startswith(b"%PDF-")
    told = printed.data(profile, version)
    assert [part["title"] for part in told["parts"]] == ["Community profile", "Engagement plan"]
    assert told["parts"][1]["sections"] == [
        {"title": "What we want to achieve this year", "paragraphs": ["Hear from tenants."]}
    ]


def test_today_names_what_is_overdue_and_events_without_figures(staff, desk):
    finished(desk, clock.today() - timedelta(days=400))
    desk.event(clock.now() - timedelta(days=2), title="Surgery at the market")
    page = staff.page("/staff/")
    assert "Surgery at the market" in page.text()
    assert "Profiles and plans to refresh" in page.text()
