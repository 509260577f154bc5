"""Weeks, hours and moments on a London clock, through both changes of the clocks."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from peelian.core import clock

FORWARD, BACK = datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC)
near_a_change = st.one_of(
    st.builds(
        lambda change, minutes: change + timedelta(minutes=minutes),
        st.sampled_from([FORWARD, BACK]),
        st.integers(-3000, 3000),
    ),
    st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)),
)
times = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 59]))


@given(near_a_change)
def test_the_next_week_begins_at_midnight_before_a_monday_within_a_week_and_an_hour(moment):
    begins = clock.next_week(moment)
    shown = begins.astimezone(clock.LONDON)
    assert (shown.weekday(), shown.time()) == (0, time(0))
    assert timedelta(0) < begins - moment <= timedelta(days=7, hours=1)
    assert clock.week_start(shown.date()) == shown.date()
    assert clock.week_start(moment.astimezone(clock.LONDON).date()) == shown.date() - timedelta(days=7)


def test_the_weeks_of_the_changes_are_an_hour_shorter_and_longer():
    for change, hours in ((FORWARD, 7 * 24 - 1), (BACK, 7 * 24 + 1)):
        ends = clock.next_week(change)
        assert ends - clock.next_week(change - timedelta(days=7)) == timedelta(hours=hours)


@given(times, times, times)
def test_hours_may_span_midnight(at, begins, ends):
    inside = clock.within(at, begins, ends)
    first, last, shown = (each.hour * 60 + each.minute for each in (begins, ends, at))
    last += 1440 if last < first else 0
    assert inside == any(first <= minute < last for minute in (shown, shown + 1440))
    assert begins == ends or inside != clock.within(at, ends, begins)


@pytest.mark.django_db
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=200)
@given(near_a_change, times, times, times)
def test_the_database_reads_the_same_clock(moment, at, begins, ends):
    day = moment.astimezone(clock.LONDON).date()
    instant, weekday, within = (
        clock.sql_instant("%(day)s::date", "%(at)s::time"),
        clock.sql_weekday_bit("%(day)s::date"),
        clock.sql_within("%(at)s::time", "%(begins)s::time", "%(ends)s::time"),
    )
    with connection.cursor() as cursor:
        given_ = {"day": day, "at": at, "begins": begins, "ends": ends}
        cursor.execute(f"SELECT {instant}, {weekday}, {within}", given_)
        found = cursor.fetchone()
    assert found[1:] == (clock.weekday_bit(day), clock.within(at, begins, ends))
    both = {datetime.combine(day, at, clock.LONDON).replace(fold=fold).astimezone(UTC) for fold in (0, 1)}
    assert found[0] == max(both)
    if len(both) == 1:
        assert found[0] == clock.london(day, at)


def test_weekdays_are_bits():
    assert [clock.weekday_bit(date(2026, 6, 29) + timedelta(days=n)) for n in range(7)] == [1, 2, 4, 8, 16, 32, 64]
