"""Planning an event, a series, and what those who signed up are told."""

from datetime import date, time, timedelta

import pytest
from icalendar import Calendar

from peelian.core import clock
from peelian.events import actions, errors
from peelian.events.actions.planning import FIELDS
from peelian.events.forms.planning import EventForm, NewEventForm
from peelian.events.models import Event
from peelian.events.renderer import TellingRenderer
from peelian.events.tests.factories import Desk, make_sign_up, told

pytestmark = pytest.mark.django_db
NEXT_YEAR = clock.today().year + 1


@pytest.fixture
def desk() -> Desk:
    return Desk()


def typed(desk, day, starts, ends, **given):
    return {
        "kind": "pact", "title": "PACT meeting", "day": f"{day:%Y-%m-%d}", "starts": starts, "ends": ends,
        "team": desk.team.pk, "area": desk.ward.pk, "public": "on", "venue": "Library", **given,
    }  # fmt: skip


def fields(event: Event, **changes):
    return {name: getattr(event, name) for name in FIELDS} | changes


def last_sunday(year: int, month: int) -> date:
    day = date(year, month, 31)
    return day - timedelta(days=(day.weekday() + 1) % 7)


def test_the_hour_that_is_skipped_is_refused_with_a_sentence(desk):
    form = EventForm(desk.officer, None, typed(desk, last_sunday(NEXT_YEAR, 3), "01:30", "03:00"))
    assert not form.is_valid()
    assert "no clock shows 1:30am that night" in form.errors["starts"][0]


@pytest.mark.parametrize(("which", "hour"), [("first", 0), ("second", 1)])
def test_the_hour_that_comes_twice_is_asked_about(desk, which, hour):
    given = typed(desk, last_sunday(NEXT_YEAR, 10), "01:30", "03:00")
    asked = EventForm(desk.officer, None, given)
    assert not asked.is_valid()
    assert asked.asks_again
    assert "Say which of the two you mean" in asked.errors["again"][0]
    answered = EventForm(desk.officer, None, given | {"again": which})
    assert answered.is_valid(), answered.errors
    assert answered.cleaned_data["starts_at"].hour == hour
    event = actions.create_event(by=desk.officer, **answered.fields_of_event())
    assert EventForm(desk.officer, event).initial["again"] == which


def test_an_event_ends_after_it_begins(desk):
    form = EventForm(desk.officer, None, typed(desk, date(NEXT_YEAR, 6, 1), "19:00", "18:00"))
    assert form.errors["ends"] == [
        "It ends before it begins. Give a later time; one after midnight is of the next day, 12 hours later at most"
    ]


@pytest.mark.parametrize(
    ("day", "starts", "ends", "again", "hours"),
    [
        (date(NEXT_YEAR, 6, 1), "22:00", "00:30", "", 2.5),
        (date(NEXT_YEAR, 12, 31), "23:00", "01:00", "", 2),  # into the next year
        (last_sunday(NEXT_YEAR, 3) - timedelta(days=1), "22:00", "02:30", "", 3.5),  # an hour is skipped
        (last_sunday(NEXT_YEAR, 10) - timedelta(days=1), "22:00", "02:30", "", 5.5),  # an hour comes twice
        (last_sunday(NEXT_YEAR, 10) - timedelta(days=1), "22:00", "01:30", "first", 3.5),
        (last_sunday(NEXT_YEAR, 10) - timedelta(days=1), "22:00", "01:30", "second", 4.5),
        (last_sunday(NEXT_YEAR, 10), "01:45", "01:15", "first", 0.5),  # the clocks go back in between
    ],
)
def test_a_night_walk_ends_after_midnight(desk, day, starts, ends, again, hours):
    form = EventForm(desk.officer, None, typed(desk, day, starts, ends, again=again))
    assert form.is_valid(), form.errors
    event = actions.create_event(by=desk.officer, **form.fields_of_event())
    assert (event.ends_at - event.starts_at) == timedelta(hours=hours)
    assert event.day == day
    again_form = EventForm(desk.officer, event)  # what is shown for mending means the same
    kept = {name: again_form.initial[name] for name in ("starts", "ends", "again")}
    same = EventForm(desk.officer, event, typed(desk, day, kept["starts"], kept["ends"], again=kept["again"]))
    assert same.is_valid(), same.errors
    assert (same.cleaned_data["starts_at"], same.cleaned_data["ends_at"]) == (event.starts_at, event.ends_at)


def test_an_end_in_the_hour_that_is_skipped_or_comes_twice_the_night_after(desk):
    spring, autumn = (last_sunday(NEXT_YEAR, month) - timedelta(days=1) for month in (3, 10))
    form = EventForm(desk.officer, None, typed(desk, spring, "22:00", "01:30"))
    night = f"{spring + timedelta(days=1):%-d %B}"
    assert f"The clocks go forward on Sunday {night} {NEXT_YEAR}" in form.errors["ends"][0]
    asked = EventForm(desk.officer, None, typed(desk, autumn, "22:00", "01:30"))
    assert "Say which of the two you mean" in asked.errors["again"][0]


def test_a_series_of_night_walks_goes_over_midnight_each_time(desk):
    event = desk.event(clock.london(date(NEXT_YEAR, 6, 5), time(22)), hours=2.5)
    series = actions.repeat(event=event, every="week", until=date(NEXT_YEAR, 6, 30), by=desk.officer)
    lasting = {one.ends_at - one.starts_at for one in series.events.all()}
    assert (series.events.count(), lasting) == (4, {timedelta(hours=2.5)})
    starts = clock.london(event.day, time(23))
    changes = fields(event, starts_at=starts, ends_at=starts + timedelta(hours=3))
    actions.change_event(event=event, by=desk.officer, following=True, **changes)
    assert {one.ends_at - one.starts_at for one in series.events.all()} == {timedelta(hours=3)}


def test_a_cancelled_series_is_cancelled_in_calendars_and_makes_no_more(client, desk):
    event = desk.event(clock.london(clock.today() + timedelta(days=3), time(18)), takes_sign_ups=True)
    series = actions.repeat(event=event, every="week", until=None, by=desk.officer)
    second = series.events.order_by("starts_at")[1]
    make_sign_up(second, "a@home.example")
    actions.cancel_event(event=second, because="Closed, sadly; sorry.", by=desk.officer, following=True)
    assert told(second) == ["a@home.example"]
    assert set(series.events.exclude(pk=event.pk).values_list("state", flat=True)) == {"cancelled"}
    feed = client.get(f"/areas/{desk.ward.code}/events.ics").content
    found = Calendar.from_ical(feed).walk("VEVENT")
    assert [str(one["STATUS"]) for one in found] == ["CONFIRMED"] + ["CANCELLED"] * (len(found) - 1)
    assert str(found[1]["DESCRIPTION"]).startswith("Closed, sadly; sorry.")
    assert actions.make_ahead() == 0


def test_an_advisory_group_is_never_public(desk):
    form = EventForm(desk.officer, None, typed(desk, date(NEXT_YEAR, 6, 1), "18:00", "19:00", kind="advisory"))
    assert form.is_valid()
    event = actions.create_event(by=desk.officer, **form.fields_of_event())
    assert event.public is False
    with pytest.raises(errors.NotForResidents):
        actions.draft_alert(event=actions.publish_event(event=event, by=desk.officer), by=desk.officer)


def test_a_month_of_first_tuesdays_until_a_day(desk):
    first = next(day for n in range(7) if (day := date(NEXT_YEAR, 1, 1) + timedelta(days=n)).weekday() == 1)
    given = typed(desk, first, "18:30", "20:00", every="month", until=f"{first + timedelta(days=125):%Y-%m-%d}")
    form = NewEventForm(desk.officer, None, given)
    assert form.is_valid(), form.errors
    event = actions.create_event(by=desk.officer, **form.fields_of_event())
    actions.repeat(event=event, every="month", until=form.cleaned_data["until"], by=desk.officer)
    made = Event.objects.filter(series=event.series).order_by("starts_at")
    days = [one.day for one in made]
    assert len(made) == len({one.ref for one in made}) == 5
    assert {(day.weekday(), (day.day - 1) // 7) for day in days} == {(1, 0)}
    assert {f"{one.starts_at.astimezone(clock.LONDON):%H:%M}" for one in made} == {"18:30"}


def test_a_series_without_an_end_is_kept_half_a_year_ahead(desk):
    event = desk.event(clock.london(clock.today() + timedelta(days=3), time(18)))
    series = actions.repeat(event=event, every="week", until=None, by=desk.officer)
    count = series.events.count()
    assert count in (26, 27)
    assert actions.make_ahead() == 0  # nothing is made twice
    type(series).objects.filter(pk=series.pk).update(made_until=clock.today() + timedelta(days=160))
    Event.objects.filter(series=series, starts_at__gt=clock.now() + timedelta(days=160)).delete()
    assert actions.make_ahead() > 0
    assert series.events.count() == count
    assert set(series.events.values_list("state", flat=True)) == {"published"}  # as the one they are like
    actions.end_series(event=event, by=desk.officer)
    type(series).objects.filter(pk=series.pk).update(made_until=clock.today())
    assert actions.make_ahead() == 0


def test_a_change_of_all_that_follow_moves_them_by_as_many_days(desk):
    event = desk.event(clock.london(date(NEXT_YEAR, 3, 1), time(18)))  # across the change of the clocks
    series = actions.repeat(event=event, every="fortnight", until=date(NEXT_YEAR, 4, 30), by=desk.officer)
    days = [one.day for one in series.events.all()]
    starts = clock.london(event.day + timedelta(days=1), time(19, 30))
    changes = fields(event, starts_at=starts, ends_at=starts + timedelta(hours=1), venue="The mosque hall")
    actions.change_event(event=event, by=desk.officer, following=True, **changes)
    after = list(series.events.order_by("starts_at"))
    assert [one.day for one in after] == [day + timedelta(days=1) for day in days]
    assert {f"{one.starts_at.astimezone(clock.LONDON):%H:%M}" for one in after} == {"19:30"}
    assert {one.venue for one in after} == {"The mosque hall"}


def test_those_who_signed_up_are_told_of_time_and_place_and_not_of_words(desk):
    event = desk.event(takes_sign_ups=True)
    make_sign_up(event, "a@home.example")
    make_sign_up(event, "b@home.example", state="asked")
    actions.change_event(event=event, by=desk.officer, **fields(event, title="Another title"))
    assert told(event) == []
    event.refresh_from_db()
    actions.change_event(event=event, by=desk.officer, **fields(event, venue="The mosque hall"))
    assert told(event, "changed") == ["a@home.example"]
    event.refresh_from_db()
    assert event.sequence == 2
    actions.cancel_event(event=event, because="The hall is flooded.", by=desk.officer)
    assert told(event, "changed") == ["a@home.example"] * 2
    with pytest.raises(errors.AlreadyCancelled):
        actions.change_event(event=event, by=desk.officer, **fields(event, venue="Elsewhere"))


def test_a_pin_that_moved_is_told_as_another_venue_is(desk):
    event = desk.event(takes_sign_ups=True, venue="The field by the canal", longitude=-18_000_000, latitude=524_000_000)
    make_sign_up(event, "a@home.example")
    actions.change_event(event=event, by=desk.officer, **fields(event))
    assert told(event) == []
    actions.change_event(event=event, by=desk.officer, **fields(event, latitude=524_050_000))
    assert told(event, "changed") == ["a@home.example"]
    mail = TellingRenderer().email(event.tellings.get().pk)
    assert "The event’s page shows the place on a map." in mail.text


def test_a_place_or_a_link_before_it_is_published(desk):
    event = desk.event(state=Event.State.DRAFT, venue="")
    with pytest.raises(errors.NotReady, match="Say where it is"):
        actions.publish_event(event=event, by=desk.officer)
    with pytest.raises(errors.NotPublished):
        actions.cancel_event(event=event, because="No", by=desk.officer)
    actions.discard_draft(event=event, by=desk.officer)
    assert not Event.objects.exists()


def test_nobody_plans_for_a_team_that_is_not_theirs(desk):
    from peelian.accounts.tests.factories import make_area, make_team

    other = make_team("Castle Vale team", make_area("W02", "Castle Vale", at=1))
    event = desk.event()
    with pytest.raises(errors.NotYourTeam):
        actions.create_event(by=desk.officer, **fields(event, team=other))
    with pytest.raises(errors.NotYourTeam):
        actions.change_event(event=event, by=desk.officer, **fields(event, team=other))


def test_an_alert_is_drafted_once_and_says_when_and_where(desk):
    event = desk.event(summary="Bring what matters to you.", takes_sign_ups=True)
    draft = actions.draft_alert(event=event, by=desk.officer)
    assert draft.state == "draft"
    assert draft.topic.slug == "meeting-notice"
    assert "Elm Park Library" in draft.happening
    assert event.ref in draft.can_do
    assert draft.audience["clauses"][0]["values"] == ["W01"]
    event.refresh_from_db()
    assert actions.draft_alert(event=event, by=desk.officer) == draft


def test_figures_come_after_it_has_begun(desk):
    event = desk.event()
    with pytest.raises(errors.TooEarly):
        actions.record_figures(event=event, attended=4, bands={}, by=desk.officer)
    began = desk.event(clock.now() - timedelta(hours=3))
    assert began.lacks_figures
    actions.record_figures(event=began, attended=0, bands={}, by=desk.officer)
    assert not began.lacks_figures  # nobody came is a figure too
