"""One name for each span of days, and the spans before it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from peelian.core.measures import Measure, Observation, ratio
from peelian.core.periods import NoSuchPeriod, Period, clean, last_whole_month

DAYS = st.dates(date(1950, 1, 1), date(2090, 12, 31))
PERIODS = st.one_of(
    DAYS.map(Period.month_of),
    DAYS.map(lambda day: Period.quarter(day.year, (day.month + 2) // 3)),
    DAYS.map(lambda day: Period.year_to(day.year, day.month)),
    st.tuples(DAYS, st.integers(0, 800)).map(lambda one: Period(one[0], one[0] + timedelta(days=one[1]))),
)


@pytest.mark.parametrize(
    ("text", "start", "end", "label", "before", "year_before"),
    [
        ("2018-09", (2018, 9, 1), (2018, 9, 30), "September 2018", "2018-08", "2017-09"),
        ("2018-Q3", (2018, 7, 1), (2018, 9, 30), "July to September 2018", "2018-Q2", "2017-Q3"),
        ("year-to-2018-09", (2017, 10, 1), (2018, 9, 30), "year ending September 2018",
         "year-to-2017-09", "year-to-2017-09"),
        ("year-to-2020-02", (2019, 3, 1), (2020, 2, 29), "year ending February 2020",
         "year-to-2019-02", "year-to-2019-02"),
        ("2018-09-03..2018-09-16", (2018, 9, 3), (2018, 9, 16), "Monday 3 to Sunday 16 September 2018",
         "2018-08-20..2018-09-02", "2017-09-03..2017-09-16"),
    ],
)  # fmt: skip
def test_a_period_is_read_named_and_followed_back(text, start, end, label, before, year_before):
    found = Period.parse(text)
    assert (found.start, found.end) == (date(*start), date(*end))
    assert (found.name, found.label()) == (text, label)
    assert (found.previous().name, found.year_before().name) == (before, year_before)


@pytest.mark.parametrize(
    "text", ["", "2018", "2018-13", "2018-Q5", "September 2018", "year-to-2018", "2018-02-30..2018-03-01",
             "2018-09-16..2018-09-03", "0000-01", "9999-12", "２０１８-09"]
)  # fmt: skip
def test_what_is_no_period_is_named_in_the_error(text):
    with pytest.raises(NoSuchPeriod) as caught:
        Period.parse(text)
    assert str(caught.value).startswith(f"“{text}” is no period. Write one like 2018-09")
    with pytest.raises(ValidationError):
        clean(text)


@given(PERIODS)
def test_names_are_read_back_and_neighbours_touch(period):
    assert Period.parse(period.name) == period
    assert period.previous().after == period.start
    assert period.previous().kind in (period.kind, "month", "quarter", "year")
    assert all(month.kind == "month" for month in period.months())
    assert period.start in period.months()[0]
    assert period.end in period.months()[-1]
    assert sum(month.days for month in period.months()) >= period.days


def test_a_month_begins_at_midnight_on_a_london_clock():
    assert Period.parse("2018-07").instants() == (
        datetime(2018, 6, 30, 23, tzinfo=UTC),
        datetime(2018, 7, 31, 23, tzinfo=UTC),
    )


def test_the_last_whole_month_is_over():
    assert last_whole_month(date(2018, 10, 31)).name == "2018-09"
    assert last_whole_month(date(2019, 1, 1)).name == "2018-12"


def test_a_value_is_a_count_a_mean_or_a_rate_and_never_a_division_by_nothing():
    rate = Measure("c", "n", "a", "d", "per 1,000 people", "crimes", "people", "s", per=1000)
    assert rate.value(Observation(262_200, 2_913_333)) == pytest.approx(90.0, abs=1e-4)
    assert rate.value(Observation(3, 0)) is None
    assert rate.value(Observation(None, 10, "no-update")) is None
    assert ratio(712, None, None) == 712
