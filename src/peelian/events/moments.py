"""Days and times as somebody types them, and the moments they mean; the days of a series. Nothing here touches the
database."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal

from peelian.core import wording
from peelian.core.clock import LONDON

Every = Literal["week", "fortnight", "month"]
ORDINALS = ("first", "second", "third", "fourth", "last")


def moments(day: date, at: time) -> list[datetime]:
    """Every moment (UTC) at which a London clock shows DAY and AT: none in the hour that is skipped when the clocks go
    forward, two in the hour that comes twice when they go back, else one."""
    found = []
    for fold in (0, 1):
        wall = datetime.combine(day, at).replace(tzinfo=LONDON, fold=fold)
        moment = wall.astimezone(UTC)
        if moment.astimezone(LONDON).replace(tzinfo=None) == datetime.combine(day, at) and moment not in found:
            found.append(moment)
    return found


def skipped(day: date, at: time) -> str:
    """What to say of a time that does not exist."""
    return (
        f"The clocks go forward on {wording.uk_date(day)}, and no clock shows {_clock(at)} that night."
        " Choose a time before 1am or after 2am"
    )


def twice(day: date, at: time) -> str:
    """What to ask of a time that comes twice."""
    return f"The clocks go back on {wording.uk_date(day)}, and {_clock(at)} comes twice. Say which of the two you mean"


def _clock(at: time) -> str:
    return wording.uk_time(datetime.combine(date(2000, 1, 1), at))


def last_day(day: date, starts: time, ends: time) -> date:
    """The day on which something ends that begins on DAY: an hour that is not after the first is of the next day,
    unless it comes again on the same, in the night when the clocks go back."""
    begins, again = moments(day, starts), moments(day, ends)
    same = ends > starts or (begins and again and again[-1] > begins[0])
    return day if same else day + timedelta(days=1)


def nth(day: date) -> int:
    """Which of its weekday a day is in its month: 1 to 4; 5 for the last, which a month's fifth is too."""
    number = (day.day - 1) // 7 + 1
    return min(number, 5)


def rule_in_words(first: date, every: str) -> str:
    """ "every week on Tuesday", "every month on the first Tuesday"."""
    name = f"{first:%A}"
    if every == "month":
        return f"every month on the {ORDINALS[nth(first) - 1]} {name}"
    return f"every {'two weeks' if every == 'fortnight' else 'week'} on {name}"


def days(first: date, every: str) -> Iterator[date]:
    """FIRST and the days after it by the rule, without end."""
    if every != "month":
        step = timedelta(days=14 if every == "fortnight" else 7)
        while True:
            yield first
            first += step
    year, month, which, weekday = first.year, first.month, nth(first), first.weekday()
    while True:
        yield nth_weekday(year, month, weekday, which)
        year, month = divmod(year * 12 + month, 12)
        month += 1


def nth_weekday(year: int, month: int, weekday: int, which: int) -> date:
    """The WHICH-th weekday (Monday 0) of a month; 5 is the last."""
    start, length = calendar.monthrange(year, month)
    found = 1 + (weekday - start) % 7 + 7 * (which - 1)
    return date(year, month, found if found <= length else found - 7)
