"""English as a computer's voice should read it: dates, times and numbers in words, numbers people call and roads figure
by figure. "Wednesday 3 October 2018, 6pm" becomes "Wednesday the third of October twenty eighteen, six p m"."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from peelian.core.wording import in_words

_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_IRREGULAR: Final = {
    "one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth", "nine": "ninth",
    "twelve": "twelfth",
}  # fmt: skip
_FIGURES: Final = ("oh", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
MOST: Final = 999_999_999  # a longer row of figures is read one by one
_UNITS: Final = {
    "m": "metres", "km": "kilometres", "cm": "centimetres", "kg": "kilograms", "mph": "miles an hour",
    "mm": "millimetres", "ft": "feet",
}  # fmt: skip

_day = "|".join(_DAYS)
_month = "|".join(_MONTHS)
_DATE: Final = re.compile(
    rf"\b(?:(?P<weekday>{_day}),? )?(?P<day>[12]?\d|3[01])(?:st|nd|rd|th)? (?:of )?(?P<month>{_month})"
    r"(?:,? (?P<year>(?:19|20)\d\d))?\b"
)
_FIGURE_DATE: Final = re.compile(r"\b(?P<day>[0-3]?\d)/(?P<month>[01]?\d)/(?P<year>(?:19|20)\d\d)\b")
_TIME: Final = re.compile(
    r"(?<![\d.,])(?P<hour>[01]?\d|2[0-4])(?:[:.](?P<minute>[0-5]\d))? ?(?P<half>[ap])(?:m\b|\.m\.)|"
    r"(?<![\d.,])(?P<hour24>[01]?\d|2[0-4]):(?P<minute24>[0-5]\d)\b",
    re.IGNORECASE,
)
_MONEY: Final = re.compile(r"£(?P<pounds>\d{1,3}(?:,\d{3})+|\d+)(?:\.(?P<pence>\d\d))?(?![\d,]*\d)")
# 999 and 101 and their kin, and telephone numbers: a nought first, or +44
_CALLED: Final = re.compile(
    r"(?<![\d£.,/])(?:999|101|111|112|105|119|18000)\b(?![,.]\d)(?P<what> [a-z]+)?"
    r"|(?<!\w)(?:\+44 ?|0)\d[\d ]{6,12}\d\b"
)
_TO_CALL: Final = re.compile(
    r"\b(?:call|calling|called|ring|dial|text|phone|phoned|rang|on|or|not|than)\s+$", re.IGNORECASE
)
# After a number to call stands one of these, after a number of things what they are
_NO_THING: Final = frozenset(
    {
        "and", "or", "if", "for", "to", "now", "at", "with", "when", "immediately", "instead", "in", "on", "is", "as",
        "not", "but", "straight", "unless", "any", "anytime", "so",
    }
)  # fmt: skip
_ROAD: Final = re.compile(r"\b(?P<letter>[ABM])(?P<number>\d{1,4})(?P<motorway>\(M\))?(?!\w)")
_POSTCODE: Final = re.compile(r"\b([A-Z]{1,2}\d[A-Z\d]?) (\d[A-Z]{2})\b")
_ORDINAL: Final = re.compile(r"\b(\d{1,3})(?:st|nd|rd|th)\b")
_PER_CENT: Final = re.compile(r"(?<=\d) ?%")
_UNIT: Final = re.compile(rf"(?<=\d) ?({'|'.join(sorted(_UNITS, key=len, reverse=True))})\b(?!\.\w)")
_YEAR: Final = re.compile(r"(?<=\bin )(?P<year>(?:19|20)\d\d)\b|(?<=\bsince )(?P<since>(?:19|20)\d\d)\b")
_RANGE: Final = re.compile(r"(?<=\d) ?[-–] ?(?=\d)")
_NUMBER: Final = re.compile(r"(?<![\w.,])(?P<whole>\d{1,3}(?:,\d{3})+|\d+)(?:\.(?P<part>\d+))?(?![\w]|[.,]\d)")
_ADDRESS: Final = re.compile(r"(?:https?://)?(?:[a-z0-9-]+\.)+[a-z]{2,}(?:/\S*)?", re.IGNORECASE)


def read_aloud(text: str) -> str:
    """TEXT in British English, with what a voice would stumble over in words. Addresses of websites stay."""
    spoken, done = "", 0
    for found in _ADDRESS.finditer(text):
        spoken += _words(text[done : found.start()]) + found[0]
        done = found.end()
    return spoken + _words(text[done:])


def _words(text: str) -> str:
    rules: list[tuple[re.Pattern[str], Callable[[re.Match[str]], str]]] = [
        (_FIGURE_DATE, _figure_date),
        (_DATE, _date),
        (_MONEY, _money),
        (_TIME, _time),
        (_CALLED, _called),
        (_ROAD, _road),
        (_POSTCODE, lambda found: f"{_spelled(found[1])}, {_spelled(found[2])}"),
        (_ORDINAL, lambda found: ordinal(int(found[1]))),
        (_PER_CENT, lambda found: " per cent"),
        (_UNIT, lambda found: f" {_UNITS[found[1]]}"),
        (_RANGE, lambda found: " to "),
        (_YEAR, lambda found: year(int(found[0]))),
        (_NUMBER, _number),
    ]
    for pattern, said in rules:
        text = pattern.sub(said, text)
    return text


def ordinal(number: int) -> str:
    """21 as "twenty-first"."""
    words = in_words(number)
    head, sign, last = words.rpartition("-") if "-" in words.rpartition(" ")[2] else words.rpartition(" ")
    if last in _IRREGULAR:
        return f"{head}{sign}{_IRREGULAR[last]}"
    return f"{head}{sign}{last.removesuffix('y')}ieth" if last.endswith("y") else f"{words}th"


def year(number: int) -> str:
    """2018 as "twenty eighteen", 2005 as "two thousand and five", 1984 as "nineteen eighty-four"."""
    century, rest = divmod(number, 100)
    if number % 1000 < 10:
        return in_words(number)
    if rest == 0:
        return f"{in_words(century)} hundred"
    return f"{in_words(century)} {'oh ' if rest < 10 else ''}{in_words(rest)}"


def figures(number: str) -> str:
    """Each figure by itself, as numbers to call are said: 101 as "one oh one"."""
    return " ".join(_FIGURES[int(sign)] for sign in number if sign.isdigit())


def _called(found: re.Match[str]) -> str:
    """A number to call, with a pause where it was written in groups; "101 vans" is none."""
    what = found["what"] or ""
    if what and what.strip() not in _NO_THING and not _TO_CALL.search(found.string[: found.start()]):
        return found[0]
    groups = found[0].removesuffix(what).replace("+44", "0").split()
    if groups[0] == "0" and len(groups) > 1:
        groups[:2] = ["".join(groups[:2])]
    return ", ".join(figures(group) for group in groups) + what


def _date(found: re.Match[str]) -> str:
    lead = f"{found['weekday']} the" if found["weekday"] else "the"
    said = f"{lead} {ordinal(int(found['day']))} of {found['month']}"
    return f"{said} {year(int(found['year']))}" if found["year"] else said


def _figure_date(found: re.Match[str]) -> str:
    """Day first, as it is written here; what is no day stays."""
    day, month = int(found["day"]), int(found["month"])
    if not 1 <= day <= 31 or not 1 <= month <= 12:
        return found[0]
    return f"the {ordinal(day)} of {_MONTHS[month - 1]} {year(int(found['year']))}"


def _time(found: re.Match[str]) -> str:
    hour = int(found["hour"] or found["hour24"])
    minute = int(found["minute"] or found["minute24"] or 0)
    half = (found["half"] or ("p" if 12 <= hour < 24 else "a")).lower()
    said = in_words(hour % 12 or 12)
    if minute:
        said += f" {'oh ' if minute < 10 else ''}{in_words(minute)}"
    return f"{said} {half} m"


def _money(found: re.Match[str]) -> str:
    pounds, pence = int(found["pounds"].replace(",", "")), int(found["pence"] or 0)
    said = [f"{_whole(pounds)} pound{'' if pounds == 1 else 's'}"] if pounds or not pence else []
    return " ".join([*said, f"{in_words(pence)} pence"] if pence else said)


def _road(found: re.Match[str]) -> str:
    """The A45 letter by letter and figure by figure: "A four five"."""
    return f"{found['letter']} {figures(found['number'])}{' M' if found['motorway'] else ''}"


def _spelled(code: str) -> str:
    return " ".join(_FIGURES[int(sign)] if sign.isdigit() else sign for sign in code)


def _number(found: re.Match[str]) -> str:
    whole = found["whole"].replace(",", "")
    if found["whole"] == whole and (len(whole) > 9 or (len(whole) > 1 and whole.startswith("0"))):
        return figures(whole)
    said = _whole(int(whole))
    return f"{said} point {figures(found['part']).replace('oh', 'nought')}" if found["part"] else said


def _whole(number: int) -> str:
    return in_words(number) if number <= MOST else figures(str(number))
