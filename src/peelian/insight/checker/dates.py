"""Dates and periods in English text: found, read, and told from counts."""

from __future__ import annotations

import re
from dataclasses import dataclass

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_YEAR = r"(?:19|20)\d{2}"
_ORDINAL = r"(?:<sup>)?(?:st|nd|rd|th)?(?:</sup>)?"

_FORMS = [
    re.compile(rf"\b(?P<year>{_YEAR})-(?P<number>\d{{2}})-(?P<day>\d{{2}})\b"),
    re.compile(r"\b(?P<day>\d{1,2})/(?P<number>\d{1,2})/(?P<year>(?:19|20)?\d{2})\b"),
    re.compile(r"\b(?P<day>\d{1,2})\.(?P<number>\d{1,2})\.(?P<year>(?:19|20)?\d{2})\b"),
    re.compile(
        rf"\b(?P<day>\d{{1,2}})\s?{_ORDINAL}(?:\s+of)?\s+(?P<month>{_MONTH})\b\.?(?:,?\s+(?P<year>{_YEAR})\b)?", re.I
    ),
    re.compile(rf"\b(?P<month>{_MONTH})\b\.?\s+(?P<day>\d{{1,2}}){_ORDINAL},\s+(?P<year>{_YEAR})\b", re.I),
    re.compile(
        rf"\b(?P<month>{_MONTH})\b\.?,?[\s-]+(?:['’])?(?P<year>{_YEAR}|\d{{2}})\b(?!\s*(?:%|,\d|\.\d|per\b))", re.I
    ),
    re.compile(rf"\b(?P<year>{_YEAR})\s?[/–-]\s?(?P<until>\d{{2,4}})\b"),
    re.compile(rf"\b(?:Q|quarter )(?P<quarter>[1-4])\b(?:,?\s+(?:of\s+)?(?P<year>{_YEAR})\b)?", re.I),
    re.compile(rf"\b(?P<month>{_MONTH})\b(?!\s+\w+\s+(?:be|have)\b)", re.I),
]
_BARE_YEAR = re.compile(rf"(?<![\d,.£$/-])\b(?P<year>{_YEAR})\b(?![,.]\d|/\d|-\d|%)")
_YEAR_BEFORE = re.compile(
    r"(?:\b(?:in|since|by|from|to|during|until|till|for|year|ending|end of|early|mid|late|before|after"
    r"|throughout|spring|summer|autumn|"
    r"winter|of|and|or|on|between|end)\s*|[(/–-]\s*|^\s*)$",
    re.I,
)
_COUNTED = re.compile(
    r"^\s+(?:more|new|other|different|people|members|children|hours|[a-z]+s)\b(?!\s+(?:was|were|is)\b)"
    r"|^\s+(?:[a-z]+\s+){1,2}(?:people|members|users)\b"
)


@dataclass(frozen=True, order=True)
class Date:
    """A day, a month or a year; what is not said is 0. A financial year keeps its first year and says so."""

    year: int
    month: int = 0
    day: int = 0
    until: int = 0

    def months(self) -> int:
        """Months since year 0, for distances; a bare year counts from its middle."""
        return self.year * 12 + (self.month or 6)

    def compatible(self, other: Date) -> bool:
        """Whether both may be the same moment: one says less, but nothing else."""
        return all(a == b or not a or not b for a, b in zip(self._parts(), other._parts(), strict=True))

    def _parts(self) -> tuple[int, int, int]:
        return self.year, self.month, self.day


@dataclass(frozen=True)
class Found:
    start: int
    end: int
    date: Date


def _full_year(text: str | None) -> int:
    if not text:
        return 0
    number = int(text)
    return number if number > 99 else 2000 + number


def _read(match: re.Match[str]) -> Date | None:
    parts = match.groupdict()
    month = MONTHS.index(parts["month"][:3].casefold()) + 1 if parts.get("month") else int(parts.get("number") or 0)
    day, year = int(parts.get("day") or 0), _full_year(parts.get("year"))
    if month > 12 or day > 31:
        return None
    until = parts.get("until")
    if until and len(until) == 2 and int(until) <= 12 and int(until) <= year % 100:
        return Date(year, int(until))  # "2021-05" is a month, "2011-12" a financial year
    if until and (int(until[-2:]) - int(str(year)[-2:])) % 100 != 1:
        until = f"{year // 100}{until[-2:]}" if len(until) == 2 else until
        if not 0 < int(until) - year < 30:
            return None
    if parts.get("quarter"):
        month = int(parts["quarter"]) * 3
    return Date(year, month, day, int(until[-2:]) if until else 0)


def find(text: str) -> list[Found]:
    """All dates in a text, in order. "may" as a verb, and a number of four digits that counts something, are none."""
    taken: list[Found] = []
    for form in _FORMS:
        for match in form.finditer(text):
            if match.group(0) in {"may", "mar", "dec", "march"} or any(
                f.start < match.end() and match.start() < f.end for f in taken
            ):
                continue
            date = _read(match)
            if date:
                taken.append(Found(match.start(), match.end(), date))
    for match in _BARE_YEAR.finditer(text):
        if any(f.start < match.end() and match.start() < f.end for f in taken):
            continue
        if _YEAR_BEFORE.search(text[: match.start()]) or not _COUNTED.match(text[match.end() :]):
            taken.append(Found(match.start(), match.end(), Date(int(match["year"]))))
    return sorted(taken, key=lambda found: found.start)


def read(text: str) -> Date | None:
    """The date that a label is, when it is nothing else than one: "Apr-23", "October", "2017/18", "Week to 3 May
    2021".
    """
    found = find(text)
    if len(found) != 1:
        return None
    rest = text[: found[0].start] + text[found[0].end :]
    rest = re.sub(
        r"\b(?:year|month|week|quarter|ending|to|as|at|in|end|of|the|by|on|sept|ytd|financial)\b|[^A-Za-z]",
        "",
        rest,
        flags=re.I,
    )
    return found[0].date if not rest else None
