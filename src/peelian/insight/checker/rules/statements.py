"""Statements about one thing at one time: "27,032 are signed up" beside "more than 30,000 have signed up", or two
numbers for one day."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from peelian.insight.checker import dates, words
from peelian.insight.checker.dates import Date
from peelian.insight.checker.document import Document, Sentence
from peelian.insight.checker.figures import Figure
from peelian.insight.checker.findings import Finding
from peelian.insight.checker.rules.names import NAME, names_in

PEOPLE = {
    words.stem(w)
    for w in [
        "people",
        "person",
        "persons",
        "member",
        "members",
        "resident",
        "residents",
        "user",
        "users",
        "citizen",
        "citizens",
        "individual",
        "individuals",
        "public",
        "subscriber",
        "subscribers",
        "customer",
        "customers",
        "household",
    ]
}
_DONE = re.compile(
    r"\b(?P<verb>sign(?:ed|ing)?[\s-]?ups?|signed up|register(?:ed)?|enrol(?:led)?|subscrib(?:ed|ers|e)"
    r"|join(?:ed)?|train(?:ed)?|recruit(?:ed)?|"
    r"borrow(?:ed)?|lent|plant(?:ed)?|repair(?:ed)?|deliver(?:ed)?|vaccinat(?:ed)?|visit(?:ed)?"
    r"|award(?:ed)?|licen[sc]ed|employ(?:ed)?|"
    r"hous(?:ed)|treated|served|completed|opened|built|sold|issued|hired|adopted|installed|live|living|work"
    r"|working|volunteer(?:ed|ing)?)\b",
    re.I,
)
_NOW = re.compile(
    r"\b(?:current(?:ly)?|now|at present|to date|so far|today|at the moment|already|has|have|there (?:are"
    r"|is)|we (?:have|run)|is|are|stands?|subscribe|belong)\b",
    re.I,
)
_JUST_NOW = re.compile(r"\b(?:current(?:ly)?|now|at present|today|at the moment|stands? at)\b", re.I)
_STANDS = re.compile(
    r"\b(?P<what>membership|(?:number|count|total) of (?P<whom>[a-z]+))\s(?:\w+\s)?"
    r"(?:stands at|is|numbers|totals)(?:\s(?:now|currently))?\s$",
    re.I,
)
_BELONGING = {"signup", "signed", "regist", "joined", "join", "enroll", "enrol", "subscr"}  # deeds that make a member
_NOT_NOW = re.compile(
    r"\b(?:aim|aims|ambition|target|hope|plan|plans|planned|expect|expected|will|would|could|should"
    r"|forecast|goal|capacity|by (?:the end of )?20\d\d|"
    r"was|were|had|last year|previous|earlier|before|ago|formerly|estimated|if|per|each|every|of whom"
    r"|another|further|additional|extra|a total of)\b",
    re.I,
)
GROWTH = re.compile(
    r"\b(?:an? )?(?:increase|rise|growth|gain|up|uplift|grew|grown|risen|rose|increased)\b(?: of| "
    r"by)?\s(?:(?:about|around|some|nearly|over"
    r"|more than|almost)\s)?$",
    re.I,
)


@dataclass(frozen=True)
class Statement:
    """How many of something there are, said once."""

    document: Document
    sentence: Sentence
    figure: Figure
    noun: str  # "people" for all words of people
    deed: str  # what they did: "signed"
    names: frozenset[str]  # what it is about: named beside it, or last named before it
    is_named: bool  # named beside it
    object: frozenset[str]  # the words after the deed

    def same_thing(self, other: Statement) -> bool:
        """The same deed of the same things, about the same name."""
        named = bool(self.names & other.names)
        nouns = self.noun == other.noun or (named and "people" in {self.noun, other.noun})
        objects = bool(self.object & other.object) or not (self.object or other.object)
        if not (self.deed and other.deed):
            return self._same_without_deed(other, objects, named)
        if "over" in {self.figure.sense, other.figure.sense}:
            objects = objects or not (self.object and other.object)
        if not nouns or self.deed != other.deed:
            return False
        if self.names or other.names:
            return named and (self.is_named or other.is_named or objects)
        return objects

    def _same_without_deed(self, other: Statement, objects: bool, named: bool) -> bool:
        """ "Membership stands at 2,310" and "there are currently 2,130 members": one noun, and both of this day."""
        if self.noun != other.noun or ({self.deed, other.deed} - {""}) - _BELONGING:
            return False
        if self.names or other.names:
            return named
        return objects and not self.deed and not other.deed


def check_together(documents: Sequence[Document]) -> Iterator[Finding]:
    """two-values: two numbers of one thing in one paper, at one time or at one date."""
    yield from _now_and_now([s for document in documents for s in statements(document)])
    yield from _dated(documents)


# How many there are ----------------------------------------------------------------------------------


def statements(document: Document) -> Iterator[Statement]:
    for sentence in document.sentences:
        reading = sentence.reading
        for i, figure in enumerate(reading.figures):
            if figure.unit not in {"", "£"} or figure.signed or figure.value < 20:
                continue
            clause, after = _clause(sentence.text, figure, reading.figures, i)
            if (
                not _NOW.search(clause)
                or _NOT_NOW.search(clause)
                or GROWTH.search(sentence.text[: figure.start])
                or _SHARE_OF.search(sentence.text[: figure.start])
            ):
                continue
            noun, deed, rest = _what(after)
            if not deed:
                noun, rest = _counted(clause, sentence.text[: figure.start], after)
            if noun:
                beside = _names(after) or _names_before(sentence.text[: figure.start])
                yield Statement(
                    document,
                    sentence,
                    figure,
                    noun,
                    deed,
                    beside or _named_before(document, sentence),
                    bool(beside),
                    rest,
                )


def _names_before(before: str) -> frozenset[str]:
    """The name that a sentence begins with: "StreetLink has 6,240 subscribers"."""
    match = re.match(r"(?:The )?(?P<name>[A-Z]\w*(?: [A-Z]\w*)*) (?:currently |now )?(?:has|have|counts)\b", before)
    return frozenset(names_in(match["name"], begins=True)) if match else frozenset()


def _counted(clause: str, before: str, after: str) -> tuple[str, frozenset[str]]:
    """What is counted now where nobody did anything, and what more is said of it: "currently 2,130 members"."""
    if match := _STANDS.search(before):
        return words.stem(match["whom"] or "members"), frozenset(words.stems(after)[:5])
    found = words.stems(after)
    if not found or not (_JUST_NOW.search(clause) or _names_before(before)):
        return "", frozenset()
    whose = words.stems(
        _JUST_NOW.sub(" ", re.sub(r"\b(?:has|have|run|there|are|is)\b", " ", clause.partition(after)[0]))
    )
    return found[0], frozenset([*found[1:6], *whose])


def _named_before(document: Document, sentence: Sentence) -> frozenset[str]:
    """The last name before a sentence, in its paragraph or the two before it in the section."""
    for number in range(sentence.block, max(sentence.block - 3, -1), -1):
        block = [s for s in document.by_block.get(number, []) if s.section == sentence.section]
        names = names_in(" ".join(s.text for s in block if number != sentence.block or s.nth < sentence.nth))
        if names:
            return frozenset(names[-1:])
    return frozenset()


_SHARE_OF = re.compile(
    r"(?:%|per cent|half|third|quarter)\s(?:\w+\s){0,2}(?:of|out of)\s(?:the\s|our\s|these\s)?$", re.I
)


def _clause(text: str, figure: Figure, figures: Sequence[Figure], i: int) -> tuple[str, str]:
    """The clause that a figure stands in, and what of it follows the figure."""
    start = max(
        [m.end() for m in re.finditer(r"[;:(]|, (?:and|but|while|which|with)\b", text[: figure.start])], default=0
    )
    if i and figures[i - 1].end > start:
        start = figures[i - 1].end
    ahead = re.search(r"[;:()]|,\s|\b(?:and|but|while|who|which|that)\b(?! the)", text[figure.end :])
    end = figure.end + ahead.start() if ahead else len(text)
    if i + 1 < len(figures) and figures[i + 1].start < end:
        end = figures[i + 1].start
    return text[start:end], text[figure.end : end]


def _what(after: str) -> tuple[str, str, frozenset[str]]:
    """The noun, the deed and its object after a number: "members of the public signed up to …" is people who sign
    up to …
    """
    deed = _DONE.search(after[:90])
    noun = ""
    for word in re.findall(r"[A-Za-z][a-z'-]*", after[: deed.start()] if deed else after)[:4]:
        if word.casefold() in words.STOP or word.casefold() in {
            "have",
            "has",
            "now",
            "new",
            "active",
            "current",
            "open",
            "different",
        }:
            continue
        noun = words.stem(word)
        break
    if noun in PEOPLE or (deed and not noun):
        noun = "people" if deed else ""
    return noun, _deed(deed), frozenset(words.stems(after[deed.end() :])[:5]) if deed else frozenset()


def _deed(match: re.Match[str] | None) -> str:
    return words.stem(match["verb"].replace(" ", "").replace("-", "").removesuffix("s"))[:6] if match else ""


def _names(text: str) -> frozenset[str]:
    """Proper names in what follows a number, without the word that only begins a sentence."""
    return frozenset(m.group(0).casefold() for m in NAME.finditer(text))


def _now_and_now(said: Sequence[Statement]) -> Iterator[Finding]:
    """Two numbers of one thing that both hold when the paper was written."""
    told: set[tuple[int, int]] = set()
    for i, one in enumerate(said):
        for other in said[:i]:
            if one.document is not other.document or one.sentence == other.sentence or not one.same_thing(other):
                continue
            key = (other.sentence.line, one.sentence.line)
            if _conflict(one.figure, other.figure) and key not in told:
                told.add(key)
                exact, bound = (one, other) if other.figure.sense else (other, one)
                sense = {"over": "more than ", "under": "fewer than ", "about": "about "}.get(bound.figure.sense, "")
                yield Finding(
                    one.document.name,
                    f"line {bound.sentence.line}",
                    "two-values",
                    f"{sense}{bound.figure.text}",
                    exact.figure.text,
                    f"Line {exact.sentence.line} gives {exact.figure.text} for the same thing at the same time.",
                    bound.sentence.line,
                )


def _conflict(one: Figure, other: Figure) -> bool:
    """Whether two figures cannot both be right, though they are near enough to be meant for one thing."""
    small, large = sorted((one.value, other.value))
    if not small or large > small * Decimal("1.4"):
        return False
    if one.sense == other.sense == "":
        return one.value != other.value and not (_is_rounding(one, other) or _is_rounding(other, one))
    for bound, exact in ((one, other), (other, one)):
        if bound.sense == "over" and exact.sense in {"", "under"} and exact.value < bound.value:
            return True
        if bound.sense == "under" and exact.sense in {"", "over"} and exact.value > bound.value:
            return True
    about = one if one.sense == "about" else other if other.sense == "about" else None
    return about is not None and {one.sense, other.sense} == {"about", ""} and large > small * Decimal("1.1")


def _is_rounding(rough: Figure, fine: Figure) -> bool:
    """Whether one figure is the other, rounded to a round number."""
    trailing = len(str(rough.value.to_integral_value())) - len(str(rough.value.to_integral_value()).rstrip("0"))
    return (trailing >= 1 and abs(rough.value - fine.value) <= Decimal(10) ** trailing / 2) or abs(
        rough.value - fine.value
    ) < rough.ulp


# One date, two values --------------------------------------------------------------------------------


def _dated(documents: Sequence[Document]) -> Iterator[Finding]:
    """ "On 3 October there were 1,204 members" and, elsewhere, "1,240 members on 3 October"."""
    seen: dict[tuple[int, Date, frozenset[str]], tuple[Sentence, Figure]] = {}
    for number, document in enumerate(documents):
        yield from _beside_tables(document)
        for sentence in document.sentences:
            reading = sentence.reading
            days = {d.date for d in reading.dates if d.date.year and d.date.month}
            if (
                len(days) != 1
                or len(reading.figures) != 1
                or reading.figures[0].unit not in {"", "£"}
                or reading.figures[0].sense
            ):
                continue
            figure = reading.figures[0]
            what = _phrase(sentence.text[figure.end :])
            if (
                not what
                or GROWTH.search(sentence.text[: figure.start])
                or re.search(
                    r"\b(?:by|per|another|further|more)\b",
                    sentence.text[max(figure.start - 12, 0) : figure.end + 12],
                    re.I,
                )
            ):
                continue
            key = (number, next(iter(days)), what)
            first = seen.setdefault(key, (sentence, figure))
            if first[0] is not sentence and first[1].value != figure.value and _conflict(first[1], figure):
                yield Finding(
                    document.name,
                    f"line {sentence.line}",
                    "two-values",
                    figure.text,
                    first[1].text,
                    f"Line {first[0].line} gives {first[1].text} for the same thing at the same date.",
                    sentence.line,
                )


def _beside_tables(document: Document) -> Iterator[Finding]:
    """ "In May 2022 there were 434 visits", and 344 in the table's column of visits for that month."""
    printed: dict[tuple[Date, frozenset[str]], set[tuple[str, Decimal]]] = {}
    for table in document.tables:
        for row in table.rows:
            date = dates.read(words.plain(row.label))
            for name, cell in zip(table.columns, row.cells, strict=True):
                if date and date.year and date.month and cell.value is not None and cell.unit in {"", "£"}:
                    printed.setdefault((date, _phrase(words.plain(name))), set()).add((cell.text, cell.value))
    for sentence in document.sentences:
        days = {d.date for d in sentence.reading.dates}
        figures = sentence.reading.figures
        if len(days) != 1 or len(figures) != 1 or figures[0].sense or figures[0].signed or not printed:
            continue
        told = re.split(r"\{n\d+\}", sentence.reading.masked)
        what = _phrase(sentence.text[figures[0].end :])
        if len(told) != 2 or words.stems(told[0]) or not what or len(words.stems(told[1])) > len(what):
            continue
        there = printed.get((next(iter(days)), what), set())
        if len(there) == 1 and not GROWTH.search(sentence.text[: figures[0].start]):
            text, value = next(iter(there))
            if figures[0].value / Decimal("1.4") <= value <= figures[0].value * Decimal("1.4") != value and abs(
                value - figures[0].value
            ) >= max(figures[0].ulp, Decimal(1)):
                yield Finding(
                    document.name,
                    f"line {sentence.line}",
                    "two-values",
                    figures[0].text,
                    text,
                    f"The table gives {text} for the same thing at the same date.",
                    sentence.line,
                )


def _phrase(after: str) -> frozenset[str]:
    """The words that say what is counted, up to the end of the noun phrase."""
    head = re.split(r"[,;:.()]|\b(?:on|in|at|by|for|since|as|were|was|are|is|had|have|who|which|that|and)\b", after)[0]
    found = words.stems(head)[:5]
    return frozenset("people" if w in PEOPLE else w for w in found)
