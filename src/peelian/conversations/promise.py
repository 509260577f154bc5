"""Working days and team hours: by when an answer is promised, whether a team is at work, and how that is said.

A message that comes while the team is at work, or before it that day, counts as that day's; any other as the next
working day's. The answer is due when the team goes home so many working days later.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

import holidays
from django.conf import settings

from peelian.conversations.desks import Desk
from peelian.core import clock, wording

A_DAY = timedelta(days=1)
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@lru_cache(maxsize=64)
def bank_holidays(nation: str, year: int) -> frozenset[date]:
    """The bank holidays of one year in a nation: ENG, SCT, NIR or WLS. Computed and listed by the library `holidays`;
    nothing is asked of a network."""
    return frozenset(holidays.country_holidays("GB", subdiv=nation, years=year))


def is_working_day(desk: Desk, day: date) -> bool:
    """Whether the team works that day."""
    if not desk.weekdays & clock.weekday_bit(day):
        return False
    return desk.bank_holidays or day not in bank_holidays(settings.PEELIAN_BANK_HOLIDAYS, day.year)


def due(desk: Desk, asked: datetime) -> datetime:
    """When the answer to what came at ASKED is due."""
    moment = asked.astimezone(clock.LONDON)
    day = moment.date()
    if not is_working_day(desk, day) or moment.time() >= desk.closes:
        day = _next_working_day(desk, day)
    for _ in range(desk.days):
        day = _next_working_day(desk, day)
    return at(day, desk.closes)


def is_open(desk: Desk, moment: datetime) -> bool:
    """Whether the team is at work at that moment."""
    local = moment.astimezone(clock.LONDON)
    return is_working_day(desk, local.date()) and desk.opens <= local.time() < desk.closes


def closes_at(desk: Desk, moment: datetime) -> datetime:
    """When a team that is at work goes home."""
    return at(moment.astimezone(clock.LONDON).date(), desk.closes)


def at(day: date, clock_time: time) -> datetime:
    """The instant; in the hour that is skipped in March, the end of it."""
    try:
        return clock.london(day, clock_time)
    except clock.NoSuchTime:
        return clock.london(day, time(2))


def _next_working_day(desk: Desk, day: date) -> date:
    """The first working day after DAY. A team works on at least one weekday, and no year is all bank holidays."""
    day += A_DAY
    while not is_working_day(desk, day):
        day += A_DAY
    return day


# In words ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Due:
    """A clock in words. `kind` is late, soon (today) or empty."""

    words: str
    kind: str


def due_in_words(due_at: datetime, now: datetime) -> Due:
    """ "Answer due by Tuesday 6pm", "Answer due today by 6pm", "Answer was due on Tuesday 6pm"."""
    day, today = due_at.astimezone(clock.LONDON).date(), now.astimezone(clock.LONDON).date()
    hour = wording.uk_time(due_at)
    if due_at <= now:
        when = f"today at {hour}" if day == today else f"on {_near(day, today)}, {hour}"
        return Due(f"Answer was due {when}", "late")
    if day == today:
        return Due(f"Answer due today by {hour}", "soon")
    return Due(f"Answer due by {_near(day, today)} {hour}", "")


def _near(day: date, today: date) -> str:
    """Tuesday; further off than six days, Tuesday 3 March."""
    return f"{day:%A}" if abs((day - today).days) < 7 else f"{day:%A} {day.day} {day:%B}"


def hours_in_words(desk: Desk) -> str:
    """ "Monday to Friday, 8am to 6pm, not on bank holidays"."""
    hours = f"{_clock(desk.opens)} to {_clock(desk.closes)}"
    return f"{_days(desk.weekdays)}, {hours}" + ("" if desk.bank_holidays else ", not on bank holidays")


def target_in_words(desk: Desk) -> str:
    """ "three working days"."""
    return f"{wording.in_words(desk.days)} working day{'' if desk.days == 1 else 's'}"


def _days(bits: int) -> str:
    names = [name for number, name in enumerate(DAYS) if bits >> number & 1]
    first = DAYS.index(names[0])
    if len(names) == 7:
        return "every day"
    if len(names) > 2 and names == list(DAYS[first : first + len(names)]):
        return f"{names[0]} to {names[-1]}"
    return wording.listed(names)


def _clock(hour: time) -> str:
    return wording.uk_time(datetime.combine(date(2000, 1, 3), hour, clock.LONDON))
