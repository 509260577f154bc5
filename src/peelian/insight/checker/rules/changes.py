"""Changes told in prose: "rose by 13% from 1,232 to 1,094", "1,094, a reduction of 13% from 2015/16 when it was 1,232",
"an increase of 40,000 to 85,737 from 53,408"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations, pairwise

from peelian.insight.checker.document import Document, Sentence
from peelian.insight.checker.figures import Figure, Reading, read, shown
from peelian.insight.checker.findings import Finding

_UP = (
    r"ris(?:e|es|en|ing)|rose|increas(?:e|es|ed|ing)|grow(?:s|n|ing|th)?|grew|up|climb(?:s|ed|ing)?"
    r"|gain(?:s|ed)?|jump(?:s|ed)?|"
    r"soar(?:ed)?|surge[ds]?|uplift|expanded|went up|gone up|higher|more"
)
_DOWN = (
    r"f[ae]ll(?:s|en|ing)?|decreas(?:e|es|ed|ing)|declin(?:e|es|ed|ing)|drop(?:s|ped|ping)?|reduc(?:e|es|ed"
    r"|ing|tions?)|down|cut|shr[au]nk|"
    r"lower(?:ed)?|fewer|less|loss|lost|slump(?:ed)?|plunged?|dip(?:s|ped)?|went down|gone down"
)
_DIRECTION = rf"(?P<way>\b(?:{_UP}|{_DOWN})\b(?!\sthan))"
_NO_FIGURE = r"(?:[^{}.;]|\{[dtr]\d*\})"
_SHORT = _NO_FIGURE + "{0,60}?"
_LONG = _NO_FIGURE + "{0,110}?"
_NEW, _OLD, _STEP = (rf"\{{[np](?P<{name}>\d+)\}}" for name in ("new", "old", "step"))
_PCT = r"\{p(?P<pct>\d+)\}"
_FROM = r"\b(?:from|on|over|against|compared (?:to|with)|since|than|versus|vs\.?)\b"
_AMOUNT = (
    r"(?:\b(?:of|by|at|to)\b\s)?(?:\b(?:about|around|some|nearly|over|just|almost|approximately|more than"
    r"|roughly)\b\s)*"
)

# Each gives the new value, the old value and the percentage
_PERCENT_FORMS = [
    rf"{_NEW}{_LONG}[,(]\s?{_AMOUNT}{_PCT}\s(?P<way>less|fewer|lower|more|higher|up|down)\s(?:than|on"
    rf"|from)\b{_SHORT}{_OLD}",
    rf"{_DIRECTION}\s{_AMOUNT}{_PCT}{_SHORT}[(,:–—]\s?(?:to )?{_NEW}{_NO_FIGURE}{{0,12}}?"
    rf"\b(?:compared (?:to|with)|against|from|versus|vs\.?|down from|up from){_SHORT}{_OLD}",
    rf"{_DIRECTION}{_SHORT}{_PCT}{_SHORT}\bto\b{_SHORT}{_NEW}{_SHORT}\bfrom\b{_SHORT}{_OLD}",
    rf"{_DIRECTION}{_SHORT}{_PCT}{_SHORT},?[\s(]\bfrom\b{_SHORT}{_OLD}{_SHORT}\bto\b{_SHORT}{_NEW}",
    rf"{_DIRECTION}{_SHORT}\bfrom\b{_SHORT}{_OLD}{_SHORT}\bto\b{_SHORT}{_NEW}{_SHORT}[,(–—:;-]?{_SHORT}[+\-−–]?{_PCT}",
    rf"\bfrom\b{_SHORT}{_OLD}{_SHORT}\bto\b{_SHORT}{_NEW}{_SHORT}{_DIRECTION}{_SHORT}{_PCT}",
    rf"\bfrom\b{_SHORT}{_OLD}{_SHORT}\bto\b{_SHORT}{_NEW}{_SHORT}{_PCT}{_NO_FIGURE}{{0,15}}?{_DIRECTION}",
    rf"{_DIRECTION}{_SHORT}\bto\b{_SHORT}{_NEW}{_SHORT}\bfrom\b{_SHORT}{_OLD}{_SHORT}{_PCT}",
    rf"{_NEW}{_LONG}[,.(;–—-]?{_LONG}{_DIRECTION}\s{_AMOUNT}{_PCT}{_SHORT}{_FROM}{_LONG}{_OLD}",
    rf"{_NEW}{_LONG}\(?{_PCT}\s(?:{_NO_FIGURE}{{0,12}}?)?{_DIRECTION}{_SHORT}{_FROM}{_LONG}{_OLD}",
    rf"{_NEW}{_LONG}(?:\bcompared (?:to|with)\b|\bagainst\b|\bversus\b|\bvs\.?|\bup from\b|\bdown from\b"
    rf"|\bfrom\b){_LONG}{_OLD}{_LONG}{_DIRECTION}\s{_AMOUNT}{_PCT}",
    rf"{_NEW}{_LONG}(?P<way>\bup|\bdown)\sfrom\b{_LONG}{_OLD}{_SHORT}[(,]\s?[+\-−–]?{_PCT}",
    rf"\bwas\b{_SHORT}{_OLD}{_LONG}\b(?:now|is)\b{_SHORT}{_NEW}{_LONG}{_DIRECTION}\s{_AMOUNT}{_PCT}",
]
# Each gives the new value, the old value and a direction in words
_WORD_FORMS = [
    rf"{_DIRECTION}{_SHORT}\bfrom\b{_SHORT}{_OLD}{_SHORT}\bto\b{_SHORT}{_NEW}",
    rf"{_DIRECTION}{_SHORT}\bto\b{_SHORT}{_NEW}{_SHORT}\bfrom\b{_SHORT}{_OLD}",
    rf"{_NEW}{_LONG}\b(?:an? |was |were |is |are )?{_DIRECTION}\s(?:from|on)\b{_LONG}{_OLD}",
    rf"(?P<way>\b(?:up|down|rise|fall|increase|decrease|reduction|drop|growth)\b){_SHORT}[,:;–—]\s"
    rf"{_SHORT}{_NEW}{_SHORT}\b(?:compared (?:to|with)|against|versus){_SHORT}{_OLD}",
    rf"{_DIRECTION}{_SHORT}\bto\s{_NEW}\s?\({_OLD}\s(?:last year|previously|the year before|a year (?:ago|before))",
    rf"{_DIRECTION},?\s(?:to|at)\b{_SHORT}{_NEW}{_SHORT}\b(?:compared (?:to|with)|against|versus){_SHORT}{_OLD}",
]
# Each gives an old value, a step and a new value
_STEP_FORMS = [
    rf"{_DIRECTION}{_SHORT}\b(?:by|of)\s{_STEP}{_SHORT}\bfrom\b{_SHORT}{_OLD}{_SHORT}\bto\b{_SHORT}{_NEW}",
    rf"{_DIRECTION}{_SHORT}\bfrom\b{_SHORT}{_OLD}{_SHORT}\bto\b{_SHORT}{_NEW}{_SHORT}[,(–—]{_SHORT}\b(?:of"
    rf"|by)\s{_STEP}",
    rf"{_DIRECTION}{_SHORT}\b(?:by|of)\s{_STEP}{_SHORT}\bto\b{_SHORT}{_NEW}{_SHORT}\bfrom\b{_SHORT}{_OLD}",
]
_PERCENTS, _WORDS, _STEPS = (
    [re.compile(form, re.I) for form in forms] for forms in (_PERCENT_FORMS, _WORD_FORMS, _STEP_FORMS)
)
_UP_WORD, _DOWN_WORD = re.compile(rf"^(?:{_UP})$", re.I), re.compile(rf"^(?:{_DOWN})$", re.I)
_UNSURE = re.compile(
    r"\b(?:not|no|never|without|neither|nor|aged|ages|between|rank(?:ed|ing)?|if|unless|target|ranging|range)\b[^{}]*$",
    re.I,
)
_OTHER_CLAUSE = re.compile(rf"\b(?:and|while|whereas|but|although|{_UP}|{_DOWN})\b", re.I)
_RANGE = re.compile(r"\b(?:aged?|ages|ranging|ranged?|pages?)\b", re.I)
_ANOTHER_THING = re.compile(r"\b(?:and|while|whereas|equat\w+|represent\w*|but|although)\b", re.I)
_RATE_AFTER = re.compile(r"^[^{}.;,]{0,30}\{r\}", re.I)
_AFTER_RANGE = re.compile(r"^\s?-?\s?(?:years?\b|year-olds?|am\b|pm\b|o'clock)", re.I)
_ANAPHOR = re.compile(
    r"^(?:this|that|it|which)\b|^(?:an?|the)\s+(?:\w+\s){0,2}(?:increase|rise|fall|reduction|decrease|drop"
    r"|decline|growth)\b",
    re.I,
)


@dataclass(frozen=True)
class Change:
    """An old and a new value, the word that says which way, and perhaps the percentage or the step that is printed."""

    old: Figure
    new: Figure
    rising: bool
    word: str
    percent: Figure | None = None
    step: Figure | None = None


def check(document: Document) -> Iterator[Finding]:
    """wrong-base, direction and two-values in sentences that tell a change."""
    for block in document.by_block.values():
        for at, sentence in enumerate(block):
            reading, line = sentence.reading, sentence.line
            if at and _ANAPHOR.match(sentence.text) and len(block[at - 1].reading.figures) == 1:
                joined = f"{block[at - 1].text.rstrip(' .')}; {sentence.text}"
                reading = read(joined)
                reading = Reading(
                    joined, reading.masked.replace(";", ",", 1), reading.figures, reading.dates, reading.durations
                )
            if len(reading.figures) > MOST_FIGURES:
                continue
            found = list(_changes(document, line, reading, sentence))
            yield from found or _other_base(document, block, at)


_TOLD = re.compile(
    rf"{_DIRECTION}(?:{_NO_FIGURE}{{0,30}}?)[\s(]{_PCT}"
    rf"|{_PCT.replace('pct', 'pct2')}\s(?:{_NO_FIGURE}{{0,15}}?)(?P<way2>\b(?:{_UP}|{_DOWN})\b)",
    re.I,
)
MOST_FIGURES = 12  # a longer sentence lists; its forms would be tried for minutes
MOST_COUNTS = 4  # among more, some pair fits any percentage


def _other_base(document: Document, block: Sequence[Sentence], at: int) -> Iterator[Finding]:
    """A fall or rise in per cent that is right of no two counts told with it, but of two of them on the other base.

    However it is worded: a percentage that is exactly the other base's is hardly there by chance.
    """
    sentence = block[at]
    for match in _TOLD.finditer(sentence.reading.masked):
        percent = sentence.reading.figures[int(match["pct"] or match["pct2"])]
        word = match["way"] or match["way2"]
        if percent.unit != "%" or percent.sense or _UNSURE.search(sentence.reading.masked[: match.start()][-30:]):
            continue
        counts = _counts_of(sentence)
        if len(counts) < 2 and at:
            counts = [*_counts_of(block[at - 1]), *counts]
        if not 2 <= len(counts) <= MOST_COUNTS:
            continue
        pairs = [sorted((a, b), key=lambda f: f.value) for a, b in combinations(counts, 2) if a.value != b.value]
        changes = [(b, a) if _DOWN_WORD.match(word) else (a, b) for a, b in pairs if a.unit == b.unit]
        if any(_is_change_of(percent, old, new, of) for old, new in changes for of in (old, None)):
            continue
        told = [(old, new) for old, new in changes if _is_change_of(percent, old, new, new)]
        if len(told) == 1 and told[0][0].value < 3 * told[0][1].value:
            rising = bool(_UP_WORD.match(word))
            yield from _percentage(document, sentence.line, Change(*told[0], rising, word, percent), percent)


def _counts_of(sentence: Sentence) -> list[Figure]:
    figures = sentence.reading.figures
    return [f for f in figures if f.unit in {"", "£"} and not f.signed and not f.sense and f.value >= 10]


def _is_change_of(percent: Figure, old: Figure, new: Figure, of: Figure | None) -> bool:
    """Whether a percentage is the change from old to new, of one of them; of None, what one is of the other."""
    if of is None:
        share = 100 * min(old.value, new.value) / max(old.value, new.value)
        return _near(percent, share, share)
    change = 100 * abs(new.value - old.value) / of.value
    return _near(percent, change, change)


def _changes(document: Document, line: int, reading: Reading, sentence: Sentence) -> Iterator[Finding]:
    seen: set[tuple[int, int]] = set()
    for forms, wants in ((_PERCENTS, "pct"), (_STEPS, "step"), (_WORDS, "")):
        for form in forms:
            for match in form.finditer(reading.masked):
                change = _change(reading, match, wants)
                key = (change.old.start, change.new.start) if change else (0, 0)
                if change is None or key in seen:
                    continue
                seen.add(key)
                seen.add((key[1], key[0]))
                yield from _judge(document, line, change)


def _change(reading: Reading, match: re.Match[str], wants: str) -> Change | None:
    def figure(name: str) -> Figure:
        return reading.figures[int(match[name])]

    old, new = figure("old"), figure("new")
    word = match["way"]
    if (
        old.unit != new.unit
        or old.signed
        or new.signed
        or old.value <= 0
        or _UNSURE.search(reading.masked[: match.start("way")][-30:])
    ):
        return None
    after = max(match.end("new"), match.end("old")) + 1
    if _AFTER_RANGE.match(reading.masked[after:]) or not (_UP_WORD.match(word) or _DOWN_WORD.match(word)):
        return None
    if _RANGE.search(reading.masked[match.start("way") : match.start("old")]) or _is_rate(
        reading, match, "old"
    ) != _is_rate(reading, match, "new"):
        return None
    if _crosses(reading.masked, match):
        return None
    percent = figure("pct") if wants == "pct" else None
    is_before = percent is not None and match.end("new") < match.start("pct") < match.start("old")
    if is_before and _ANOTHER_THING.search(reading.masked[match.end("pct") : match.start("old")]):
        return None
    step = figure("step") if wants == "step" else None
    if percent is not None and (percent.unit not in {"%", "pp"} or percent.start in {old.start, new.start}):
        return None
    if step is not None and (step.unit != old.unit and step.unit != "pp"):
        return None
    return Change(old, new, bool(_UP_WORD.match(word)), word, percent, step)


def _crosses(masked: str, match: re.Match[str]) -> bool:
    """Whether the words between the parts begin another clause, so that the parts belong to two changes.

    The words before a percentage or a step that comes last may: "from 40 to 50, and that is a rise of 25%".
    """
    spans = sorted((*match.span(name), name) for name in match.groupdict())
    for (_, end, _), (start, _, name) in pairwise(spans):
        if name in {"pct", "step"} and name == spans[-1][2]:
            continue
        between = re.split(r"[,;]", masked[end:start])[-1] if name == "way" else masked[end:start]
        if _OTHER_CLAUSE.search(between):
            return True
    return False


def _is_rate(reading: Reading, match: re.Match[str], name: str) -> bool:
    """Whether a figure is one "per 1,000", which is not compared with a count."""
    return bool(_RATE_AFTER.match(reading.masked[match.end(name) + 1 :]))


def _judge(document: Document, line: int, change: Change) -> Iterator[Finding]:
    rises = change.new.value > change.old.value
    if change.new.value != change.old.value and rises != change.rising and not _overlap(change.old, change.new):
        yield Finding(
            document.name,
            f"line {line}",
            "direction",
            f"{change.word} from {change.old.text} to {change.new.text}",
            "a rise" if rises else "a fall",
            f"{change.old.text} to {change.new.text} is a {'rise' if rises else 'fall'}, and the words say "
            f"“{change.word}”.",
            line,
        )
    if change.percent is not None:
        yield from _percentage(document, line, change, change.percent)
    if change.step is not None and change.step.unit != "%" and not _sense(change):
        yield from _step(document, line, change, change.step)


def _overlap(old: Figure, new: Figure) -> bool:
    return old.low <= new.high and new.low <= old.high and bool(old.sense or new.sense)


def _sense(change: Change) -> bool:
    return any(f is not None and f.sense for f in (change.old, change.new, change.step))


def _percentage(document: Document, line: int, change: Change, percent: Figure) -> Iterator[Finding]:
    old, new = change.old, change.new
    if old.unit == "%" and _near(percent, abs(new.value - old.value), abs(new.value - old.value)):
        return  # percentage points, whatever they are called
    least, most = _relative(old, new)
    right = abs(new.value - old.value) / old.value * 100
    if percent.unit == "pp":
        right = least = most = abs(new.value - old.value)
    if _near(percent, least, most):
        return
    other = abs(new.value - old.value) / new.value * 100 if new.value else Decimal(0)
    if right > 400 + 2 * abs(percent.value):
        return  # these two are not one thing at two times
    backwards = _near(percent, other, other) and percent.unit == "%"
    ulp = min(percent.ulp, Decimal("0.1"))
    reason = (
        f"{percent.text} is right on the other base: the change divided by the new value, {new.text}."
        if backwards
        else "It is right on neither base."
    )
    yield Finding(
        document.name,
        f"line {line}",
        "wrong-base",
        percent.text,
        shown(right, ulp, percent.unit),
        f"From {old.text} to {new.text} is {shown(right, ulp, percent.unit)} of {old.text}. {reason}",
        line,
    )


def _relative(old: Figure, new: Figure) -> tuple[Decimal, Decimal]:
    """The least and most that the change can be in per cent of the old value, as both are rounded."""
    ends = [(n - o) / o * 100 for o in (old.low, old.high) for n in (new.low, new.high) if o > 0]
    if not ends:
        return Decimal(0), Decimal(10**9)
    least, most = min(ends), max(ends)
    if least <= 0 <= most:
        return Decimal(0), max(-least, most)
    return min(abs(least), abs(most)), max(abs(least), abs(most))


def _near(percent: Figure, least: Decimal, most: Decimal) -> bool:
    """Whether a printed percentage can stand for one in the range: rounded or cut off, and "about" is not held to
    the letter.
    """
    slack = percent.ulp * (1 if not percent.sense else 2) + (percent.value / 10 if percent.sense else 0)
    half = percent.ulp / 2
    value = abs(percent.value)
    return (
        least - (slack if percent.sense else half) - Decimal("0.001")
        <= value
        <= most + (slack if percent.sense else half) + Decimal("0.001")
    )


def _step(document: Document, line: int, change: Change, step: Figure) -> Iterator[Finding]:
    right = abs(change.new.value - change.old.value)
    slack = sum((f.ulp / 2 for f in (change.old, change.new, step) if f.ulp != 1), Decimal(0))
    if abs(abs(step.value) - right) > slack:
        yield Finding(
            document.name,
            f"line {line}",
            "two-values",
            step.text,
            shown(right, step.ulp, step.unit),
            f"From {change.old.text} to {change.new.text} is {shown(right, step.ulp, step.unit)}, not {step.text}.",
            line,
        )
