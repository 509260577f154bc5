"""The working-day clock: against a slow reference that walks minute by minute's hours, and against published dates."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peelian.conversations import promise
from peelian.conversations.models import Desk
from peelian.core import clock


def london(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=clock.LONDON)


@pytest.mark.parametrize(
    ("nation", "day", "off"),
    [
        ("ENG", date(2026, 12, 25), True),  # a Friday
        ("ENG", date(2026, 12, 28), True),  # Boxing Day falls on a Saturday
        ("ENG", date(2027, 3, 26), True),  # Good Friday
        ("ENG", date(2027, 3, 29), True),  # Easter Monday
        ("SCT", date(2027, 3, 29), False),
        ("ENG", date(2027, 12, 27), True),  # Christmas Day on a Saturday
        ("ENG", date(2027, 12, 28), True),
        ("SCT", date(2026, 11, 30), True),  # St Andrew's Day
        ("ENG", date(2026, 11, 30), False),
        ("NIR", date(2027, 7, 12), True),
        ("WLS", date(2026, 8, 31), True),
        ("SCT", date(2026, 8, 31), False),
        ("ENG", date(2026, 12, 24), False),
    ],
)
def test_bank_holidays_are_those_of_gov_uk(settings, nation, day, off):
    settings.PEELIAN_BANK_HOLIDAYS = nation
    assert (day in promise.bank_holidays(nation, day.year)) == off
    assert promise.is_working_day(Desk(), day) == (not off)


@pytest.mark.parametrize(
    ("asked", "due"),
    [
        (london(2026, 11, 16, 10), london(2026, 11, 19, 18)),  # Monday morning: Thursday
        (london(2026, 11, 16, 3), london(2026, 11, 19, 18)),  # before work that day
        (london(2026, 11, 16, 18), london(2026, 11, 20, 18)),  # as they went home: Tuesday's
        (london(2026, 11, 21, 12), london(2026, 11, 26, 18)),  # Saturday: Monday's
        (london(2026, 12, 23, 17, 59), london(2026, 12, 30, 18)),  # Thursday, then not before Tuesday
        (london(2027, 3, 25, 19), london(2027, 4, 2, 18)),  # Maundy Thursday evening, the clocks go forward
    ],
)
def test_due_dates_that_people_reckoned(asked, due):
    assert promise.due(Desk(), asked) == due


def slow_due(desk: Desk, asked: datetime) -> datetime:
    """The moments at which the team goes home, day by day: the first after ASKED ends the day that it came on, and the
    promise ends so many later."""
    local = asked.astimezone(clock.LONDON)
    closings = []
    day = local.date()
    while len(closings) <= desk.days:
        holiday = day in promise.bank_holidays("ENG", day.year) and not desk.bank_holidays
        if desk.weekdays >> day.weekday() & 1 and not holiday:
            end = datetime.combine(day, desk.closes)
            if end > local.replace(tzinfo=None):
                closings.append(end)
        day += timedelta(days=1)
    return closings[desk.days].replace(tzinfo=clock.LONDON)


@settings(max_examples=300, deadline=None)
@given(
    asked=st.datetimes(datetime(2026, 1, 1), datetime(2029, 12, 31), timezones=st.just(UTC)),
    days=st.integers(1, 20),
    weekdays=st.integers(1, 127),
    closes=st.times(time(3), time(23, 59)),
    bank_holidays=st.booleans(),
)
def test_due_is_what_a_slow_reckoning_says(asked, days, weekdays, closes, bank_holidays):
    desk = Desk(days=days, weekdays=weekdays, opens=time(0), closes=closes, bank_holidays=bank_holidays)
    due = promise.due(desk, asked)
    assert due == slow_due(desk, asked)
    assert due > asked
    assert promise.due(desk, asked + timedelta(hours=1)) >= due


def test_a_team_that_goes_home_in_the_hour_that_does_not_exist():
    desk = Desk(days=1, weekdays=127, opens=time(0), closes=time(1, 30), bank_holidays=True)
    assert promise.due(desk, london(2026, 3, 27, 12)) == london(2026, 3, 29, 2)


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        (london(2026, 11, 16, 8), True),
        (london(2026, 11, 16, 17, 59), True),
        (london(2026, 11, 16, 18), False),
        (london(2026, 11, 21, 12), False),
        (london(2026, 12, 25, 12), False),
    ],
)
def test_whether_a_team_is_at_work(moment, is_open):
    assert promise.is_open(Desk(), moment) == is_open


@pytest.mark.parametrize(
    ("due", "words", "kind"),
    [
        (london(2026, 11, 24, 18), "Answer due by Tuesday 6pm", ""),
        (london(2026, 12, 1, 18), "Answer due by Tuesday 1 December 6pm", ""),
        (london(2026, 11, 21, 18), "Answer due today by 6pm", "soon"),
        (london(2026, 11, 21, 9), "Answer was due today at 9am", "late"),
        (london(2026, 11, 19, 18), "Answer was due on Thursday, 6pm", "late"),
        (london(2026, 2, 20, 18), "Answer was due on Friday 20 February, 6pm", "late"),
        (london(2025, 12, 31, 18), "Answer was due on Wednesday 31 December 2025, 6pm", "late"),
    ],
)
def test_the_clock_in_words(due, words, kind):
    said = promise.due_in_words(due, london(2026, 11, 21, 12))
    assert (said.words, said.kind) == (words, kind)


@pytest.mark.parametrize(
    ("desk", "words"),
    [
        (Desk(), "Monday to Friday, 8am to 6pm, not on bank holidays"),
        (Desk(weekdays=127, bank_holidays=True, opens=time(7, 30), closes=time(12)), "every day, 7:30am to midday"),
        (Desk(weekdays=0b0010101), "Monday, Wednesday and Friday, 8am to 6pm, not on bank holidays"),
        (Desk(weekdays=0b0110000), "Friday and Saturday, 8am to 6pm, not on bank holidays"),
    ],
)
def test_hours_in_words(desk, words):
    assert promise.hours_in_words(desk) == words
