"""Days, times and the nights on which the clocks change."""

from datetime import UTC, date, datetime, time
from itertools import islice, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peelian.core.clock import LONDON
from peelian.events import moments

DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))


@pytest.mark.parametrize(
    ("day", "at", "expected"),
    [
        (date(2026, 3, 29), time(1, 30), []),  # the clocks go forward at 1am
        (date(2026, 3, 29), time(0, 59), [datetime(2026, 3, 29, 0, 59, tzinfo=UTC)]),
        (date(2026, 3, 29), time(2), [datetime(2026, 3, 29, 1, tzinfo=UTC)]),
        (date(2026, 10, 25), time(1, 30), [datetime(2026, 10, 25, h, 30, tzinfo=UTC) for h in (0, 1)]),
        (date(2026, 7, 1), time(18, 30), [datetime(2026, 7, 1, 17, 30, tzinfo=UTC)]),
    ],
)
def test_a_time_is_no_moment_one_or_two(day, at, expected):
    assert moments.moments(day, at) == expected


@given(DAYS, st.times().map(lambda at: at.replace(second=0, microsecond=0)))
def test_each_moment_shows_that_day_and_time_on_a_london_clock(day, at):
    for moment in moments.moments(day, at):
        assert moment.astimezone(LONDON).replace(tzinfo=None) == datetime.combine(day, at)


def test_what_is_said_names_the_night_and_the_way_out():
    assert moments.skipped(date(2026, 3, 29), time(1, 30)) == (
        "The clocks go forward on Sunday 29 March 2026, and no clock shows 1:30am that night."
        " Choose a time before 1am or after 2am"
    )
    assert "1:30am comes twice" in moments.twice(date(2026, 10, 25), time(1, 30))


@pytest.mark.parametrize(
    ("first", "every", "then", "words"),
    [
        (date(2026, 1, 6), "month", [date(2026, 2, 3), date(2026, 3, 3)], "every month on the first Tuesday"),
        (date(2026, 1, 30), "month", [date(2026, 2, 27), date(2026, 3, 27)], "every month on the last Friday"),
        (date(2026, 12, 17), "fortnight", [date(2026, 12, 31), date(2027, 1, 14)], "every two weeks on Thursday"),
        (date(2026, 2, 25), "week", [date(2026, 3, 4)], "every week on Wednesday"),
    ],
)
def test_a_series_goes_on_by_its_rule(first, every, then, words):
    assert list(islice(moments.days(first, every), 1, 1 + len(then))) == then
    assert moments.rule_in_words(first, every) == words


@given(DAYS, st.sampled_from(["week", "fortnight", "month"]))
def test_a_series_keeps_its_weekday_and_goes_forward(first, every):
    found = list(islice(moments.days(first, every), 14))
    assert found[0] == first or (every == "month" and moments.nth(first) == 5)
    assert all(day.weekday() == first.weekday() for day in found)
    assert all(earlier < later for earlier, later in pairwise(found))
    if every == "month":
        assert [day.month for day in found[:12]] == [(first.month - 1 + n) % 12 + 1 for n in range(12)]
