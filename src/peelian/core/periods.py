"""Spans of whole days that figures are about: calendar months, quarters, years that end with a month, and any other
days. Each has one name, which stands in addresses, files and commands.

    2018-09                     September 2018
    2018-Q3                     July to September 2018 (calendar quarters; a financial year's Q1 is the second)
    year-to-2018-09             Year ending September 2018: October 2017 to September 2018
    2018-09-03..2018-09-16      any days, both of them in it
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from django.core.exceptions import ValidationError

from peelian.core import clock, wording

EXAMPLES: Final = "2018-09 (a month), 2018-Q3 (a quarter), year-to-2018-09 (a year) or 2018-09-03..2018-09-16 (days)"
FIRST_YEAR, LAST_YEAR = 1900, 2100
_MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)
_QUARTER = re.compile(r"(\d{4})-q([1-4])", re.ASCII)
_YEAR_TO = re.compile(r"year-to-(\d{4})-(\d{2})", re.ASCII)
_DAYS = re.compile(r"(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})", re.ASCII)
_MONTHS_OF = {1: "month", 3: "quarter", 12: "year"}


class NoSuchPeriod(ValueError):
    """The text that was to name a period; str() says which ways there are."""

    def __init__(self, text: str) -> None:
        super().__init__(f"“{text}” is no period. Write one like {EXAMPLES}.")
        self.text = text


@dataclass(frozen=True, order=True)
class Period:
    """From START to END, whole days on a London calendar, both of them in it. Raises ValueError when it ends before it
    begins."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError(f"{self.end} is before {self.start}")

    @classmethod
    def month(cls, year: int, month: int) -> Period:
        """A calendar month."""
        return cls(date(year, month, 1), _last_of(year, month))

    @classmethod
    def month_of(cls, day: date) -> Period:
        """The calendar month a day is in."""
        return cls.month(day.year, day.month)

    @classmethod
    def quarter(cls, year: int, quarter: int) -> Period:
        """January to March is the first."""
        return cls(date(year, 3 * quarter - 2, 1), _last_of(year, 3 * quarter))

    @classmethod
    def year_to(cls, year: int, month: int) -> Period:
        """The twelve months that end with this one."""
        last = _last_of(year, month)
        return cls(clock.months_after(date(year, month, 1), -11), last)

    @classmethod
    def parse(cls, text: str) -> Period:
        """The period that TEXT names. Raises NoSuchPeriod, which repeats the text."""
        try:
            found = _read(text.strip().lower())
        except ValueError:  # a thirteenth month, a thirtieth of February, an end before its beginning
            raise NoSuchPeriod(text) from None
        if found is None or not FIRST_YEAR <= found.start.year <= found.end.year <= LAST_YEAR:
            raise NoSuchPeriod(text)
        return found

    @property
    def kind(self) -> str:
        """ "month", "quarter", "year" (that ends with a month) or "days"."""
        whole = self.start.day == 1 and self.end == _last_of(self.end.year, self.end.month)
        months = _MONTHS_OF.get(self._months()) if whole else None
        return "days" if months is None or (months == "quarter" and self.start.month % 3 != 1) else months

    @property
    def name(self) -> str:
        """What `parse` reads, and nothing else does."""
        if self.kind == "month":
            return f"{self.start:%Y-%m}"
        if self.kind == "quarter":
            return f"{self.start.year}-Q{self.end.month // 3}"
        if self.kind == "year":
            return f"year-to-{self.end:%Y-%m}"
        return f"{self.start:%Y-%m-%d}..{self.end:%Y-%m-%d}"

    def __str__(self) -> str:
        return self.name

    def label(self) -> str:
        """ "September 2018", "July to September 2018", "year ending September 2018", "3 to 16 September 2018"."""
        if self.kind == "month":
            return f"{self.start:%B %Y}"
        if self.kind == "quarter":
            return f"{self.start:%B} to {self.end:%B %Y}"
        if self.kind == "year":
            return f"year ending {self.end:%B %Y}"
        if self.start == self.end:
            return wording.uk_date(self.start)
        return wording.uk_range(self.start, self.end)

    @property
    def after(self) -> date:
        """The first day that is not in it any more."""
        return self.end + timedelta(days=1)

    @property
    def days(self) -> int:
        return (self.after - self.start).days

    def instants(self) -> tuple[datetime, datetime]:
        """From which moment, and until which it is no longer: midnights on a London clock."""
        return clock.london(self.start, time(0)), clock.london(self.after, time(0))

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end

    def months(self) -> list[Period]:
        """The calendar months any day of it is in, the first one first."""
        first = self.start.replace(day=1)
        return [Period.month_of(clock.months_after(first, i)) for i in range(self._months())]

    def previous(self) -> Period:
        """The one before it, of the same kind, that ends on the day before it begins."""
        end = self.start - timedelta(days=1)
        if self.kind == "days":
            return Period(end - timedelta(days=self.days - 1), end)
        return Period(clock.months_after(self.start, -self._months()), end)

    def year_before(self) -> Period:
        """The same period of the year before, by which seasons cancel out."""
        start = clock.months_after(self.start, -12)
        if self.kind == "days":
            return Period(start, clock.months_after(self.end, -12))
        end = clock.months_after(self.end, -12)
        return Period(start, _last_of(end.year, end.month))

    def _months(self) -> int:
        return (self.end.year - self.start.year) * 12 + self.end.month - self.start.month + 1


def _last_of(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def _read(text: str) -> Period | None:
    if found := _MONTH.fullmatch(text):
        return Period.month(int(found[1]), int(found[2]))
    if found := _QUARTER.fullmatch(text):
        return Period.quarter(int(found[1]), int(found[2]))
    if found := _YEAR_TO.fullmatch(text):
        return Period.year_to(int(found[1]), int(found[2]))
    if found := _DAYS.fullmatch(text):
        return Period(date.fromisoformat(found[1]), date.fromisoformat(found[2]))
    return None


def last_whole_month(today: date) -> Period:
    """The month before the one a day is in: the newest of which every day is over."""
    return Period.month_of(today).previous()


def clean(text: str) -> Period:
    """For a form's field: a ValidationError that says how to write it."""
    try:
        return Period.parse(text)
    except NoSuchPeriod as problem:
        raise ValidationError(str(problem)) from None
