"""Figures in English: "1,204", "c. 10,000", "£1.2m", "more than 30,000", "13%", "one in five", "two hundred"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from peelian.insight.checker import dates

_MULTIPLES = {
    "hundred": 100, "k": 1_000, "thousand": 1_000, "m": 1_000_000, "mn": 1_000_000, "million": 1_000_000,
    "bn": 1_000_000_000, "billion": 1_000_000_000,
}  # fmt: skip
_UNITS = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_FRACTIONS = {
    "half": 50,
    "a third": 33,
    "one third": 33,
    "two thirds": 67,
    "a quarter": 25,
    "one quarter": 25,
    "three quarters": 75,
    "a fifth": 20,
    "one fifth": 20,
}

_WORDS = "|".join([*_UNITS[2:], *_TENS])
_SPELT = (
    rf"(?:(?:one|an?)\s(?:hundred|thousand)|(?:{_WORDS})(?:[\s-](?:{'|'.join(_UNITS[1:10])}|hundred|thousand"
    r"|million)\b)*)"
)
_FRACTION = "|".join(f.replace(" ", r"[\s-]") for f in sorted(_FRACTIONS, key=len, reverse=True))
_FIGURE = re.compile(
    
        r"(?P<in>\b(?:one|two|three|four|nine|\d)\s(?:in|out\sof)\s(?:every\s)?(?:two|three|four|five|six|seven"
        r"|eight|nine|ten|twenty|\d{1,2})\b)"
    rf"|(?P<fraction>\b(?:{_FRACTION})\b(?=\s(?:of\b|were|was|said|are)))"
    
        r"|(?<![\w.,/])(?P<sign>[+\-−–](?=[£$€]?\d))?(?P<money>[£$€]\s?)?(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)"
        r"?|\d+(?:\.\d+)?)"
    r"(?P<multiple>\s?(?:million|billion|thousand|bn|mn|[mk])\b)?"
    r"(?P<points>\s?(?:percentage[\s-]points?|pp\b|ppts?\b|points?\b))?"
    r"(?P<percent>\s?%(?:\s?points?)?|\s?per\s?cent(?:age\spoints?)?\b)?(?![\d/]|[a-z]{3,}|[A-Z]{2,}|:\d|\.\d|,\d)"
    r"|\b(?P<spelt>" + _SPELT + r")\b(?!-)",
    re.IGNORECASE,
)  # fmt: skip
_ABOUT = re.compile(
    r"(?:about|around|approximately|approx\.?|circa|\bc\.?|\bca\.?|some|roughly|nearly|almost|just under"
    r"|just over|close to|estimated|~)\s?$",
    re.I,
)
_OVER = re.compile(
    r"(?:more than|over|at least|in excess of|exceeding|upwards of|above|greater than|no fewer than|not "
    r"fewer than|>|≥)\s?$",
    re.I,
)
_UNDER = re.compile(r"(?:fewer than|less than|under|below|up to|at most|no more than|not more than|<|≤)\s?$", re.I)
_PER = re.compile(r"(?:\bper|\bevery|\bout of|\bin every)\s(?:£)?$", re.I)
_MARKER = re.compile(
    r"(?:\b(?:table|figure|fig\.?|diagram|chart|graph|map|appendix|annex|section|paragraph|para\.?|page|item"
    r"|wave|phase|tier|level|class|band|"
                     
                         r"type|grade|version|operation|measure|aim|objective|priority|question|ward|district"
                         r"|form|act|no\.?|number)s?\s|[¶#])$", re.I)  # fmt: skip
_DURATION = re.compile(
    r"^[\s-]?(?:(?:calendar|full|consecutive|working)\s)?(?P<unit>year|month|week|day|hour|minute"
    r"|fortnight)s?\b(?!\s(?:old|olds))",
    re.I,
)
_AGE = re.compile(r"^\s?-?(?:year-olds?|years? (?:of age|old)|year olds?|st|nd|rd|th)\b", re.I)
_TIME = re.compile(r"^\s?(?:am|pm|noon)\b|^:\d|^(?:st|nd|rd|th)\b|^(?:mph|km|mm|cm|kg)\b", re.I)


@dataclass(frozen=True)
class Figure:
    """A number as printed. `ulp` is what one in its last printed place is worth; `unit` is "", "%", "pp" or "£"."""

    text: str
    value: Decimal
    ulp: Decimal
    unit: str
    sense: str  # "" exact, "about", "over" or "under"
    signed: bool
    start: int
    end: int

    @property
    def low(self) -> Decimal:
        """The least that the printed number can stand for."""
        if self.sense == "over":
            return self.value
        return self.value - self._slack()

    @property
    def high(self) -> Decimal:
        if self.sense == "under":
            return self.value
        if self.sense == "over":
            return self.value + _round_step(self.value, self.ulp)
        return self.value + self._slack()

    def _slack(self) -> Decimal:
        rounded = self.ulp != 1 or self.unit in {"%", "pp"}
        slack = self.ulp / 2 if rounded else Decimal(0)
        return max(slack, self.value / 20) if self.sense in {"about", "under"} else slack


def _round_step(value: Decimal, ulp: Decimal) -> Decimal:
    """ "More than 85,000" is less than 86,000: one more of the place that the number is rounded to."""
    digits = str(int(value))
    return max(Decimal(10) ** (len(digits) - len(digits.rstrip("0"))), ulp) if value >= 1 else ulp


def spelt(text: str) -> int | None:
    """ "three hundred" → 300, "forty-two" → 42."""
    total, current = 0, 0
    for word in re.split(r"[\s-]+", text.casefold().strip()):
        if word in {"a", "an"}:
            current = 1
        elif word in _UNITS:
            current += _UNITS.index(word)
        elif word in _TENS:
            current += 10 * (_TENS.index(word) + 2)
        elif word == "hundred":
            current = (current or 1) * 100
        elif word in _MULTIPLES:
            total, current = total + (current or 1) * _MULTIPLES[word], 0
        else:
            return None
    return total + current


def number(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))


def _decimals(text: str) -> int:
    return len(text.partition(".")[2])


def _plain(match: re.Match[str], text: str) -> Figure:
    digits = match["number"]
    times = Decimal(_MULTIPLES[match["multiple"].strip().casefold()]) if match["multiple"] else Decimal(1)
    value = number(digits) * times
    percent, points = match["percent"] or "", match["points"] or ""
    unit = "pp" if points or "point" in percent else "%" if percent else "£" if match["money"] else ""
    if match["sign"] in {"-", "−", "–"}:
        value = -value
    before = text[: match.start()]
    duration = bool(_DURATION.match(text[match.end() :]))
    return Figure(
        match.group(0).strip(),
        value,
        Decimal(1).scaleb(-_decimals(digits)) * times,
        unit,
        _sense(before, duration),
        bool(match["sign"]),
        match.start(),
        match.end(),
    )


def _sense(before: str, duration: bool = False) -> str:
    if _ABOUT.search(before):
        return "about"
    if _OVER.search(before) and not duration:
        return "over"
    return "under" if _UNDER.search(before) else ""


def _in_words(match: re.Match[str], before: str) -> Figure | None:
    text = match.group(0)
    sense, unit, ulp = _sense(before), "", Decimal(1)
    if match["in"]:
        parts = [
            spelt(w) if not w.isdigit() else int(w)
            for w in re.split(r"\s(?:in|out\sof)\s(?:every\s)?", text, flags=re.I)
        ]
        if None in parts or not parts[1]:
            return None
        value, unit, sense, ulp = Decimal(100 * (parts[0] or 0)) / Decimal(parts[1] or 1), "%", "about", Decimal(4)
    elif match["fraction"]:
        value, unit, sense, ulp = Decimal(_FRACTIONS[re.sub(r"[\s-]", " ", text.casefold())]), "%", "about", Decimal(5)
    else:
        known = spelt(text)
        if known is None:
            return None
        value = Decimal(known)
    return Figure(text, value, ulp, unit, sense, False, match.start(), match.end())


@dataclass(frozen=True)
class Duration:
    """ "14 weeks": how many, of what."""

    number: Decimal
    unit: str
    start: int
    end: int


@dataclass(frozen=True)
class Reading:
    """A sentence with its figures, dates and durations, and `masked`: the sentence with a mark in the place of
    each.

    Marks are {n0} for the first figure, {p1} for a percentage, {d0} for a date, {t0} for a duration; "per 1,000" is
    {r}.
    """

    text: str
    masked: str
    figures: tuple[Figure, ...]
    dates: tuple[dates.Found, ...]
    durations: tuple[Duration, ...]


def read(text: str) -> Reading:
    """Find what is a figure in a sentence, and leave alone what only looks like one."""
    found_dates = dates.find(text)
    figures: list[Figure] = []
    durations: list[Duration] = []
    spans: list[tuple[int, int, str]] = [(d.start, d.end, f"{{D{i}}}") for i, d in enumerate(found_dates)]
    for match in _FIGURE.finditer(text):
        if any(start < match.end() and match.start() < end for start, end, _ in spans):
            continue
        before, after = text[: match.start()], text[match.end() :]
        if _PER.search(before) and not (before.endswith("out of ") and re.match(r"\d{2}|\d,", match.group(0))):
            spans.append((match.start(), match.end(), "{R}"))
            continue
        if _MARKER.search(before) or _TIME.match(after) or _AGE.match(after):
            continue
        figure = _plain(match, text) if match["number"] else _in_words(match, before)
        if figure is None:
            continue
        if not figure.unit and (unit := _DURATION.match(after)):
            durations.append(Duration(figure.value, unit["unit"].casefold(), match.start(), match.end() + unit.end()))
            spans.append((match.start(), match.end() + unit.end(), f"{{T{len(durations) - 1}}}"))
            continue
        spans.append((figure.start, figure.end, f"{{{'P' if figure.unit in {'%', 'pp'} else 'N'}{len(figures)}}}"))
        figures.append(figure)
    masked, at = [], 0
    for start, end, mark in sorted(spans):
        if start < at:
            continue
        masked.append(text[at:start] + mark)
        at = end
    return Reading(text, ("".join(masked) + text[at:]).casefold(), tuple(figures), tuple(found_dates), tuple(durations))


def shown(value: Decimal, like: Decimal = Decimal(1), unit: str = "") -> str:
    """A value as the paper would print it, to the same place as `like` (a unit in the last place)."""
    places = max(-like.as_tuple().exponent, 0) if isinstance(like.as_tuple().exponent, int) else 0  # type: ignore[operator]
    text = f"{value:,.{places}f}"
    if unit == "£":
        return f"-£{text[1:]}" if text.startswith("-") else f"£{text}"
    return f"{text}{'%' if unit == '%' else ' percentage points' if unit == 'pp' else ''}"
