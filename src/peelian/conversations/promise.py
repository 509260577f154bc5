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
from django.utils.dates import WEEKDAYS
from django.utils.translation import get_language, gettext, ngettext

from peelian.conversations.desks import Desk
from peelian.core import clock, wording
from peelian.core.languages import is_english

A_DAY = timedelta(days=1)
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")  # for staff


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
        if day == today:
            return Due(gettext("Answer was due today at %(hour)s") % {"hour": hour}, "late")
        return Due(gettext("Answer was due on %(day)s, %(hour)s") % {"day": _near(day, today), "hour": hour}, "late")
    if day == today:
        return Due(gettext("Answer due today by %(hour)s") % {"hour": hour}, "soon")
    return Due(gettext("Answer due by %(day)s %(hour)s") % {"day": _near(day, today), "hour": hour}, "")


def _near(day: date, today: date) -> str:
    """Tuesday; further off than six days, Tuesday 3 March; in another year, with that year."""
    if abs((day - today).days) < 7:
        return wording.weekday(day)
    return wording.day_and_month(day) if day.year == today.year else wording.uk_date(day)


def hours_in_words(desk: Desk) -> str:
    """ "Monday to Friday, 8am to 6pm, not on bank holidays"."""
    named = {
        "days": _days(desk.weekdays),
        "opens": wording.time_of_day(desk.opens),
        "closes": wording.time_of_day(desk.closes),
    }
    if desk.bank_holidays:
        return gettext("%(days)s, %(opens)s to %(closes)s") % named
    return gettext("%(days)s, %(opens)s to %(closes)s, not on bank holidays") % named


def target_in_words(desk: Desk) -> str:
    """ "three working days"."""
    return ngettext("%(number)s working day", "%(number)s working days", desk.days) % {"number": _number(desk.days)}


def _number(days: int) -> str:
    """In words where the language is English: other languages have figures."""
    return wording.in_words(days) if is_english(get_language() or "en") else str(days)


def _days(bits: int) -> str:
    numbers = [number for number in range(7) if bits >> number & 1]
    names = [str(WEEKDAYS[number]) for number in numbers]
    if len(names) == 7:
        return gettext("every day")
    if len(names) > 2 and numbers[-1] - numbers[0] == len(numbers) - 1:
        return gettext("%(start)s to %(end)s") % {"start": names[0], "end": names[-1]}
    return wording.listed(names)
