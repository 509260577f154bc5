"""Dates, numbers and people in British English, the same on pages, in email and in plain text; what residents read
also in the language that is active: the order British, the words from our catalogue, names of days and months Django's.

Times are said in Europe/London whatever zone they are kept in.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.dates import MONTHS, WEEKDAYS
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_noop as _

LONDON = ZoneInfo("Europe/London")

Day = date | datetime


def _local(moment: datetime) -> datetime:
    return timezone.localtime(moment, LONDON) if timezone.is_aware(moment) else moment


def _day(value: Day) -> date:
    return _local(value).date() if isinstance(value, datetime) else value


def uk_date(value: Day) -> str:
    """Wednesday 3 October 2018."""
    day = _day(value)
    if _in_english():
        return _english_date(day)
    return gettext("%(weekday)s %(day)s %(month)s %(year)s") % _named(day)


def _english_date(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B} {day.year}"


def _in_english() -> bool:
    """Lists show dozens of dates, nearly always in English: then no catalogue is asked, which would take longer."""
    return (get_language() or "en")[:2] == "en"


def _named(day: date) -> dict[str, object]:
    """The pieces of a date, named in the active language."""
    return {"weekday": WEEKDAYS[day.weekday()], "day": day.day, "month": MONTHS[day.month], "year": day.year}


def day_and_month(day: date) -> str:
    """Wednesday 3 October."""
    return gettext("%(weekday)s %(day)s %(month)s") % _named(day)


def month_and_year(day: date) -> str:
    """October 2018."""
    return gettext("%(month)s %(year)s") % _named(day)


def weekday(day: date) -> str:
    """Wednesday."""
    return str(WEEKDAYS[day.weekday()])


# The part of the day that an hour is in, from the hour on. Languages that have no am and pm put its word beside the
# hour; the parts are those of CLDR for Urdu, where the late afternoon goes with the evening
_PARTS_OF_DAY = (
    (20, _("%(time)s at night")),
    (16, _("%(time)s in the evening")),
    (12, _("%(time)s in the afternoon")),
    (4, _("%(time)s in the morning")),
    (0, _("%(time)s at night")),
)


def uk_time(value: datetime) -> str:
    """6pm, 6:30pm, midday, midnight."""
    return time_of_day(_local(value).time())


def time_of_day(at: time) -> str:
    """6pm, 6:30pm, midday, midnight. In another language with the word for the part of the day; where its catalogue
    has none, by the 24-hour clock, which everybody reads: 18:30."""
    if _in_english():
        return _english_time(at)
    if at.minute == 0 and at.hour in (0, 12):
        part = _("midday") if at.hour else _("midnight")
    else:
        part = next(words for hour, words in _PARTS_OF_DAY if at.hour >= hour)
    said = gettext(part)
    return f"{at:%H:%M}" if said == part else said % {"time": _clock(at)}


def _english_time(at: time) -> str:
    if at.minute == 0 and at.hour in (0, 12):
        return "midday" if at.hour else "midnight"
    return f"{_clock(at)}{'am' if at.hour < 12 else 'pm'}"


def _clock(at: time) -> str:
    """6, 6:30."""
    return f"{at.hour % 12 or 12}" + (f":{at:%M}" if at.minute else "")


def uk_datetime(value: datetime) -> str:
    """Wednesday 3 October 2018, 6pm."""
    if _in_english():
        moment = _local(value)
        return f"{_english_date(moment.date())}, {_english_time(moment.time())}"
    return gettext("%(date)s, %(time)s") % {"date": uk_date(value), "time": uk_time(value)}


def uk_range(start: Day, end: Day) -> str:
    """From one day or moment to another, without saying the same month, year or day twice."""
    first, last = _day(start), _day(end)
    if isinstance(start, datetime) and isinstance(end, datetime):
        if first == last:
            return _from_to(uk_datetime(start), uk_time(end))
        return _from_to(uk_datetime(start), uk_datetime(end))
    if first == last:
        return uk_date(first)
    if first.year != last.year:
        opening = uk_date(first)
    elif first.month != last.month:
        opening = day_and_month(first)
    else:
        opening = gettext("%(weekday)s %(day)s") % _named(first)
    return _from_to(opening, uk_date(last))


def _from_to(start: str, end: str) -> str:
    return gettext("%(start)s to %(end)s") % {"start": start, "end": end}


def ago(value: datetime, now: datetime | None = None) -> str:
    """How long since (or until) a moment, said that way only within a day; further off, the date."""
    gap = (now or timezone.now()) - value
    if abs(gap) >= timedelta(days=1):
        return uk_datetime(value)
    minutes = int(abs(gap).total_seconds() // 60)
    if minutes == 0:
        return gettext("just now") if gap >= timedelta(0) else gettext("in a moment")
    span = _span(minutes)
    return (gettext("%(span)s ago") if gap >= timedelta(0) else gettext("in %(span)s")) % {"span": span}


def _span(minutes: int) -> str:
    if minutes < 60:
        return ngettext("%(number)s minute", "%(number)s minutes", minutes) % {"number": minutes}
    return ngettext("%(number)s hour", "%(number)s hours", minutes // 60) % {"number": minutes // 60}


def number(value: float | int | None, places: int = 0) -> str:
    """1,204. A number nobody has yet is said in words."""
    if value is None:
        return gettext("not known")
    return f"{value:,.{places}f}"


_UP_TO_NINETEEN = (
    "nought", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")


def in_words(value: int) -> str:
    """85728 as "eighty-five thousand seven hundred and twenty-eight", the way a cheque is written."""
    if value < 20:
        return _UP_TO_NINETEEN[value]
    if value < 100:
        ten, one = divmod(value, 10)
        return _TENS[ten - 2] + (f"-{_UP_TO_NINETEEN[one]}" if one else "")
    sizes = ((1_000_000, "million"), (1_000, "thousand"), (100, "hundred"))
    size, name = next((size, name) for size, name in sizes if value >= size)
    many, rest = divmod(value, size)
    joint = " and " if rest < 100 else " "
    return f"{in_words(many)} {name}" + (f"{joint}{in_words(rest)}" if rest else "")


def people(count: int) -> str:
    """A number of residents; from one to four it is never said exactly: that could point at someone."""
    if count == 0:
        return "nobody"
    if count < 5:
        return "fewer than 5 people"
    return f"{count:,} people"


def of_base(mean: float | None, base: int, scale: int = 6, noun: str = "rating") -> str:
    """5.4 of 6, from 334 ratings. With no base there is no mean."""
    if not base or mean is None:
        return f"no {_plural(noun)} yet"
    return f"{mean:.1f} of {scale}, from {plural_count(base, noun)}"


def plural_count(count: int, noun: str) -> str:
    """3 replies. The noun is one word (an s is added) or both forms with a comma: "reply,replies"."""
    one = noun.split(",")[0]
    if count == 0:
        return f"no {_plural(noun)}"
    return f"{count:,} {one if count == 1 else _plural(noun)}"


def _plural(noun: str) -> str:
    one, _, many = noun.partition(",")
    return many or f"{one}s"


def share(part: int, whole: int) -> str:
    """A part as whole per cents; what is not nothing never reads 0%, what is not all never reads 100%."""
    if not whole or not part:
        return "0%"
    exact = 100 * part / whole
    if exact < 1:
        return "under 1%"
    if part < whole and exact > 99:
        return "over 99%"
    return f"{exact:.0f}%"


def listed(words: Sequence[str]) -> str:
    """Elm Bridge, Castle Vale and Lower Hollins."""
    if len(words) < 2:
        return "".join(words)
    first = words[0]
    for word in words[1:-1]:
        first = gettext("%(first)s, %(next)s") % {"first": first, "next": word}
    return gettext("%(first)s and %(last)s") % {"first": first, "last": words[-1]}
