"""Bases in prose: "4,000 chats a week since August 2018" beside "36% (66,000)"; "14 weeks of 120" beside "2,124 in
all"; "45 of 60 (80%)".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from peelian.insight.checker import words
from peelian.insight.checker.dates import Date
from peelian.insight.checker.document import Document, Sentence
from peelian.insight.checker.figures import Figure, Reading, shown
from peelian.insight.checker.findings import Finding

_SHORT = r"(?:[^{}.;]|\{[dtr]\d*\}){0,50}?"
_TIGHT = r"[^{}.;,]{0,40}?"
# part, whole and percentage said together
_SHARES = [
    re.compile(form)
    for form in (
        rf"\{{n(?P<part>\d+)\}}{_TIGHT}\b(?:out )?of\b(?: the| a total of| all| "
        rf"our)?\s\{{n(?P<whole>\d+)\}}{_TIGHT}[(,]\s?(?:or |about |around |nearly |just over |just under "
        r")?\{p(?P<pct>\d+)\}",
        r"\{n(?P<part>\d+)\}\s?\(\{p(?P<pct>\d+)\}\)\s(?:out )?of\b(?: the| a total of| all| "
        r"our)?\s\{n(?P<whole>\d+)\}",
        rf"\{{p(?P<pct>\d+)\}}\s?\((?:or |about |around |nearly )?\{{n(?P<part>\d+)\}}{_TIGHT}\)\s(?:out "
        r")?of\b(?: the| a total of| all| our)?\s\{n(?P<whole>\d+)\}",
        rf"\{{p(?P<pct>\d+)\}}{_TIGHT}\(\{{n(?P<part>\d+)\}}\s(?:out )?of\b(?: the| a total "
        r"of)?\s\{n(?P<whole>\d+)\}",
        r"\bof\b(?: the| a total of| all| "
        rf"our)?\s\{{n(?P<whole>\d+)\}}{_TIGHT},?\s\{{n(?P<part>\d+)\}}{_TIGHT}\(\{{p(?P<pct>\d+)\}}\)",
    )
]
# a percentage with its count, whose whole stands elsewhere
_COUNTED = [
    re.compile(form)
    for form in (
        rf"\{{p(?P<pct>\d+)\}}{_SHORT}\((?:[a-z ]{{0,20}})\{{n(?P<part>\d+)\}}{_TIGHT}\)",
        r"\{p(?P<pct>\d+)\}\s(?:or|–|-)\s\{n(?P<part>\d+)\}",
        rf"\{{n(?P<part>\d+)\}}{_TIGHT}\((?:or |about |around )?\{{p(?P<pct>\d+)\}}\)",
    )
]
_EACH = re.compile(
    r"\{n(?P<each>\d+)\}(?P<noun>[^{}.;,]{0,50}?)\b(?:every|each|a|per)\s(?P<unit>day|week|month|quarter|year)\b"
    r"|\b(?P<unit2>daily|weekly|monthly|quarterly|yearly"
    r"|annual)\b[^{}.;,]{0,30}?\{n(?P<each2>\d+)\}(?P<noun2>[^{}.;,]{0,50})"
)
_SINCE = re.compile(r"\b(?:since|from)\b[^{}.;,]{0,40}?\{d(?P<date>\d+)\}")
_FOR = re.compile(
    r"\b(?:over|for|during|lasted|lasting|ran for|in)\s(?:the\s|a\s|these\s|about\s)?\{t(?P<span>\d+)\}"
    r"|\bsince\b[^{}.;]{0,40}\{t(?P<span3>\d+)\}\sago"
    r"|\{t(?P<span2>\d+)\}\s(?:trial|test|pilot|programme|period|project|campaign|study|experiment|season"
    r"|course)"
)
_ALL = re.compile(r"\b(?:altogether|in total|in all|overall|a total of|total of|all told)\b")
_DAYS = {
    "day": Decimal(1),
    "week": Decimal(7),
    "fortnight": Decimal(14),
    "month": Decimal("30.44"),
    "quarter": Decimal("91.3"),
    "year": Decimal("365.25"),
}
_ADVERBS = {
    "daily": "day",
    "weekly": "week",
    "monthly": "month",
    "quarterly": "quarter",
    "yearly": "year",
    "annual": "year",
}
APART = Decimal("1.15")  # "nearly" and "about" cover less than this


def check(document: Document) -> Iterator[Finding]:
    """denominator and wrong-base."""
    for sentence in document.sentences:
        yield from _said_together(document, sentence)
        yield from _response(document, sentence)
    yield from _stated_base(document)
    yield from _rates(document)


# A part of a whole in per cent -----------------------------------------------------------------------


def _said_together(document: Document, sentence: Sentence) -> Iterator[Finding]:
    reading = sentence.reading
    if not any(f.unit == "%" for f in reading.figures):
        return
    told: set[int] = set()
    for form in _SHARES:
        for match in form.finditer(reading.masked):
            part, whole, percent = (reading.figures[int(match[name])] for name in ("part", "whole", "pct"))
            if (
                percent.start in told
                or percent.unit != "%"
                or percent.signed
                or part.unit != whole.unit
                or part.value > whole.value
                or not whole.value
            ):
                continue
            told.add(percent.start)
            least, most = 100 * part.low / whole.high, 100 * part.high / whole.low
            if _fits(percent, least, most):
                continue
            right = 100 * part.value / whole.value
            rest = whole.value - part.value
            other = bool(rest) and _fits(percent, 100 * part.value / rest, 100 * part.value / rest)
            yield Finding(
                document.name,
                f"line {sentence.line}",
                "wrong-base" if other else "denominator",
                percent.text,
                shown(right, min(percent.ulp, Decimal("0.1")), "%"),
                f"{part.text} of {whole.text} is {shown(right, Decimal('0.1'), '%')}."
                + (
                    f" {percent.text} is {part.text} of the other {shown(rest)}."
                    if other
                    else f" {percent.text} would be of {shown(part.value * 100 / percent.value)}."
                ),
                sentence.line,
            )


_RESPONSE = re.compile(r"\b(?:response|return|completion|uptake|take-up|success|attendance) rate of \{p(?P<pct>\d+)\}")


def _response(document: Document, sentence: Sentence) -> Iterator[Finding]:
    """ "Sent to 400 people, and 120 replied: a response rate of 40%." """
    reading = sentence.reading
    match = _RESPONSE.search(reading.masked)
    counts = sorted((f for f in reading.figures if not f.unit and not f.signed), key=lambda f: f.value)
    if not match or len(counts) != 2 or counts[0].value == counts[1].value:
        return
    if max(f.start for f in counts) > reading.figures[int(match["pct"])].start:
        return  # the counts belong to something else
    (part, whole), percent = counts, reading.figures[int(match["pct"])]
    if _fits(percent, 100 * part.low / whole.high, 100 * part.high / whole.low):
        return
    right = shown(100 * part.value / whole.value, min(percent.ulp, Decimal("0.1")), "%")
    why = f"{part.text} of {whole.text} is {right}."
    yield Finding(document.name, f"line {sentence.line}", "denominator", percent.text, right, why, sentence.line)


def _fits(percent: Figure, least: Decimal, most: Decimal) -> bool:
    slack = percent.ulp / 2 + Decimal("0.001")
    if percent.sense:
        slack += percent.ulp + percent.value / 10
    return least - slack <= percent.value <= most + slack


@dataclass(frozen=True)
class Base:
    """The whole that a percentage and its count imply: between `low` and `high`."""

    sentence: Sentence
    percent: Figure
    part: Figure
    value: Decimal
    low: Decimal
    high: Decimal


def _implied(sentence: Sentence) -> list[Base]:
    found: list[Base] = []
    masked = sentence.reading.masked
    whole_said = {m.start("pct") for form in _SHARES for m in form.finditer(masked)}
    for form in _COUNTED:
        for match in form.finditer(masked):
            percent, part = (sentence.reading.figures[int(match[name])] for name in ("pct", "part"))
            if (
                percent.unit != "%"
                or percent.signed
                or part.unit
                or not 0 < percent.value < 100
                or match.start("pct") in whole_said
            ):
                continue
            if any(b.percent is percent for b in found) or part.value < 5:
                continue
            half = percent.ulp / 2 + (percent.value / 20 if percent.sense else 0)
            slack = Decimal(10) ** _zeros(part.value) / 2 if part.value >= 1000 else Decimal("0.5")
            low = 100 * (part.value - slack) / (percent.value + half)
            high = 100 * (part.value + slack) / (percent.value - half) if percent.value > half else Decimal(10**12)
            found.append(Base(sentence, percent, part, 100 * part.value / percent.value, low, high))
    return found


def _zeros(value: Decimal) -> int:
    text = str(int(value))
    return len(text) - len(text.rstrip("0"))


_OF_THESE = re.compile(r"\b(?:of|among) (?:these|them|those|which|whom|this|the (?:total|above))\b")


def _stated_base(document: Document) -> Iterator[Finding]:
    """ "548 incidents were reported. Of these, 71% (420) were thefts": the base is the count before."""
    for block in document.by_block.values():
        for at, sentence in enumerate(block):
            said = _OF_THESE.search(sentence.reading.masked)
            if not said or not at:
                continue
            before = [f for f in block[at - 1].reading.figures if not f.unit and not f.signed and f.value >= 20]
            if len(before) != 1:
                continue
            stated = before[0]
            for base in _implied(sentence):
                if base.part.value <= stated.value and not (
                    base.low * Decimal("0.999") <= stated.value <= base.high * Decimal("1.001")
                ):
                    right = 100 * base.part.value / stated.value
                    yield Finding(
                        document.name,
                        f"line {sentence.line}",
                        "denominator",
                        base.percent.text,
                        shown(right, min(base.percent.ulp, Decimal("0.1")), "%"),
                        f"{base.part.text} of the {stated.text} before is "
                        f"{shown(right, Decimal('0.1'), '%')}; {base.percent.text} implies "
                        f"{shown(base.value)}.",
                        sentence.line,
                    )


# So many a week, for so long -------------------------------------------------------------------------


@dataclass(frozen=True)
class Rate:
    """So many of something a week, for so long: `total` altogether."""

    sentence: Sentence
    text: str
    noun: frozenset[str]
    total: Decimal
    rough: bool


def _rates(document: Document) -> Iterator[Finding]:
    for rate in _rates_of(document):
        near = [
            s
            for s in document.sentences
            if s.section == rate.sentence.section and abs(s.block - rate.sentence.block) <= 5
        ]
        yield from _against_bases(document, rate, near)
        yield from _against_totals(document, rate, near)


def _rates_of(document: Document) -> Iterator[Rate]:
    for sentence in document.sentences:
        for match in _EACH.finditer(sentence.reading.masked):
            each = sentence.reading.figures[int(match["each"] or match["each2"])]
            unit = match["unit"] or _ADVERBS[match["unit2"]]
            noun = frozenset(
                words.stems(
                    re.split(r"\b(?:are|is|were|was|to|with|in|on|have|has)\b", match["noun"] or match["noun2"] or "")[
                        0
                    ]
                )
            )
            if each.unit or not noun or each.value < 2:
                continue
            for days, text in _spans(document, sentence, unit):
                yield Rate(
                    sentence,
                    f"{each.text} a {unit} for {text}",
                    noun,
                    each.value * days / _DAYS[unit],
                    bool(each.sense),
                )
                break


_TO_DATE = re.compile(r"\b(?:to date|until|up to|by(?: the end of)?|so far)[ ,(]{1,3}\{d(?P<date>\d+)\}")


def _until(document: Document, sentence: Sentence) -> Date | None:
    """Where the paper has no date: the month up to which it says that it counted."""
    for near in document.sentences:
        match = _TO_DATE.search(near.reading.masked) if abs(near.block - sentence.block) <= 1 else None
        date = near.reading.dates[int(match["date"])].date if match else None
        if date and date.year and date.month:
            return date
    return None


def _spans(document: Document, sentence: Sentence, unit: str) -> Iterator[tuple[Decimal, str]]:
    """How long it went on: said in the sentence, or in one near it ("over 14 weeks"), or since a date up to the
    paper's own.
    """
    reading = sentence.reading
    since = _SINCE.search(reading.masked)
    if since:
        start, end = reading.dates[int(since["date"])].date, document.date or _until(document, sentence)
        if start.year and start.month and end and end.months() > start.months():
            months = end.months() - start.months()
            yield months * _DAYS["month"], f"{months * _DAYS['month'] / _DAYS[unit]:.0f} {unit}s"
    around = [s for s in document.sentences if abs(s.block - sentence.block) <= 12]
    for near in sorted(around, key=lambda s: (abs(s.block - sentence.block), abs(s.nth - sentence.nth))):
        for match in _FOR.finditer(near.reading.masked):
            span = near.reading.durations[int(match["span"] or match["span2"] or match["span3"])]
            if span.unit in _DAYS and span.number >= 2:
                yield span.number * _DAYS[span.unit], f"{span.number} {span.unit}s"


def _apart(one: Decimal, other: Decimal) -> bool:
    """Whether two numbers differ by more than "about" covers, and are still meant for one thing."""
    small, large = sorted((one, other))
    return small > 0 and APART < large / small < 3


def _against_bases(document: Document, rate: Rate, near: Sequence[Sentence]) -> Iterator[Finding]:
    """The whole that "36% (66,000)" implies, beside so many a week for so long."""
    for sentence in near:
        if sentence.block != rate.sentence.block:
            continue
        for base in _implied(sentence):
            if _apart(base.value, rate.total) and not base.low <= rate.total <= base.high:
                yield Finding(
                    document.name,
                    f"line {sentence.line}",
                    "denominator",
                    f"{base.percent.text} ({base.part.text})",
                    shown(rate.total.quantize(Decimal(1))),
                    f"{base.part.text} at {base.percent.text} is {shown(base.value.quantize(Decimal(1)))} "
                    f"in all; {rate.text} is {shown(rate.total.quantize(Decimal(1)))}.",
                    sentence.line,
                )


def _against_totals(document: Document, rate: Rate, near: Sequence[Sentence]) -> Iterator[Finding]:
    """The total of the same thing, said to be all of it."""
    for sentence in near:
        all_said = _ALL.search(sentence.reading.masked)
        if not all_said:
            continue
        for figure in sentence.reading.figures:
            noun = frozenset(words.stems(_noun_after(sentence.reading, figure)))
            if (
                figure.unit
                or not noun & rate.noun
                or figure.start < all_said.start() - 80
                or not _apart(figure.value, rate.total)
            ):
                continue
            yield Finding(
                document.name,
                f"line {sentence.line}",
                "denominator",
                figure.text,
                shown(rate.total.quantize(Decimal(1))),
                f"{rate.text} is {shown(rate.total.quantize(Decimal(1)))}, not {figure.text}.",
                sentence.line,
            )


def _noun_after(reading: Reading, figure: Figure) -> str:
    return re.split(
        r"[,;.()]|\b(?:were|was|are|is|have|has|cover\w*|in|on|for|to)\b", reading.text[figure.end : figure.end + 60]
    )[0]
