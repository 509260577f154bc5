"""The one place that knows what time it is and where: the database keeps UTC, people read Europe/London."""

import calendar
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


class NoSuchTime(ValueError):
    """The clocks go forward that night: there is no such time. Choose a time before 1am or after 2am."""

    def __str__(self) -> str:
        return " ".join((type(self).__doc__ or "").split())


def now() -> datetime:
    """The moment, aware, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The date on a London wall calendar."""
    return now().astimezone(LONDON).date()


def london(day: date, at: time) -> datetime:
    """The instant a London clock first shows DAY and AT. When the clocks go back, 1:30am happens twice: the first
    counts.

    Raises NoSuchTime for the hour that is skipped when the clocks go forward.
    """
    moment = datetime.combine(day, at, LONDON)
    if moment.astimezone(UTC).astimezone(LONDON).replace(fold=0) != moment:
        raise NoSuchTime
    return moment.astimezone(UTC)


def months_after(day: date, months: int) -> date:
    """The same day so many calendar months later, or the last of that month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def week_start(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def next_week(moment: datetime) -> datetime:
    """The instant at which the week after MOMENT's begins: midnight before a Monday on a London clock."""
    monday = week_start(moment.astimezone(LONDON).date())
    return london(monday + timedelta(days=7), time(0))


def weekday_bit(day: date) -> int:
    """Monday 1, Tuesday 2, Wednesday 4 … Sunday 64."""
    return 1 << day.weekday()


def within(at: time, begins: time, ends: time) -> bool:
    """Whether a clock that shows AT is in hours that may span midnight; hours that end as they begin are none."""
    return begins <= at < ends if begins <= ends else at >= begins or at < ends


# The same for statements that decide about many people at once. What is put in are columns or parameters, never values.


def sql_within(at: str, begins: str, ends: str) -> str:
    """SQL for `within`; null where the hours are."""
    in_one_day, over_night = f"{at} >= {begins} AND {at} < {ends}", f"{at} >= {begins} OR {at} < {ends}"
    return f"CASE WHEN {begins} <= {ends} THEN {in_one_day} WHEN {begins} > {ends} THEN {over_night} END"


def sql_instant(day: str, at: str) -> str:
    """SQL for the instant from which on a London clock has shown DAY and AT: when it does so twice, the second; in the
    hour that is skipped, as long after one o'clock as it says."""
    return f"(({day} + {at}) AT TIME ZONE 'Europe/London')"


def sql_weekday_bit(day: str) -> str:
    """SQL for `weekday_bit`."""
    return f"(1 << (extract(isodow FROM {day})::int - 1))"
