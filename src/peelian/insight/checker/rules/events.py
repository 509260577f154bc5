"""Something that began at two dates: "launched in October 2016" beside "introduced in 2017", across papers too."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from peelian.insight.checker.dates import Date
from peelian.insight.checker.document import Document, Sentence
from peelian.insight.checker.findings import Finding
from peelian.insight.checker.rules.names import names_in

_EVENT = re.compile(
    r"\b(?P<what>launch(?:ed)?|introduced|go(?:es)? live|went live|gone live|establish(?:ed)|founded|opened"
    r"|set up|commenced|inaugurated|came into (?:use|force|operation)|brought in|rolled out|started|began"
    r"|begun)\b",
    re.I,
)
_GENERIC = re.compile(
    r"\b(?:the|this|our|its) (?:system|scheme|service|programme|program|platform|portal|project|site|app"
    r"|tool|initiative|unit|centre|team|website|library|club|garden|shop|charity)\b|^it\b|\bit (?:was|is)\b",
    re.I,
)
_THE = re.compile(
    r"\bthe (?P<noun>(?:[a-z-]+ )?[a-z-]+?)(?: (?:was|were|has been|had been))?(?: first| officially| formally)?,?\s*$",
    re.I,
)
_DOES = re.compile(r"^\s(?:a|an|the|its|our|their|to)\b", re.I)  # "the team started a club": not the team began
_OPENS = re.compile(r"[A-Z][a-z]+\s(?:on|at|for|to|with|of|in)\b[^A-Z]*$")  # "Work on the hall": no name
_HAPPENS = re.compile(r"went live|go(?:es)? live|gone live|came|opened|started|began|commenced|launched", re.I)


@dataclass(frozen=True)
class Event:
    document: Document
    sentence: Sentence
    subject: str
    date: Date
    text: str


def check_together(documents: Sequence[Document]) -> Iterator[Finding]:
    """Something that was launched, introduced or opened at two dates."""
    events = [e for document in documents for e in _events_of(document)]
    told: set[str] = set()
    for i, one in enumerate(events):
        for other in events[:i]:
            if (
                one.subject != other.subject
                or one.date.compatible(other.date)
                or one.subject in told
                or one.sentence is other.sentence
            ):
                continue
            told.add(one.subject)
            where = (
                f"line {other.sentence.line}"
                if other.document is one.document
                else f"{other.document.name}, line {other.sentence.line}"
            )
            yield Finding(
                one.document.name,
                f"line {one.sentence.line}",
                "two-values",
                one.text,
                other.text,
                f"“{one.subject.partition(' of ')[0]}” began in {one.text} here and in {other.text} in {where}.",
                one.sentence.line,
            )


def _events_of(document: Document) -> Iterator[Event]:
    for number, block in document.by_block.items():
        for sentence in block:
            deed = _EVENT.search(sentence.text)
            if not deed or re.search(
                r"\b(?:will|would|to be|not|due|plans?|planned)\b",
                sentence.text[max(deed.start() - 25, 0) : deed.end()],
                re.I,
            ):
                continue
            dated = [d for d in sentence.reading.dates if d.date.year and not d.date.until]
            near = [d for d in dated if 0 <= d.start - deed.end() <= 40 or 0 <= deed.start() - d.end <= 30]
            near.sort(key=lambda d, at=deed: min(abs(d.start - at.end()), abs(at.start() - d.end)))  # type: ignore[misc]
            happened = re.search(
                r"(?:\b(?:was|were|been|being|is)\s(?:\w+\s)?|\w, (?:first )?)$", sentence.text[: deed.start()]
            ) or _HAPPENS.match(deed["what"])
            subject = _subject(document, number, sentence, deed)
            if near and subject and happened:
                yield Event(document, sentence, subject, near[0].date, sentence.text[near[0].start : near[0].end])


def _subject(document: Document, number: int, sentence: Sentence, deed: re.Match[str]) -> str:
    """What was launched: the name before the word, or, for "the system" and "it", the last name mentioned, else
    the heading's.
    """
    before = sentence.text[: deed.start()]
    clause = (
        re.split(r"[;:.]|\b(?:since|when|where|after|because|and|while)\b", before.rstrip(" ,"))[-1]
        if not _GENERIC.search(before[-40:])
        else before
    )
    if _GENERIC.search(before[-40:]) or _GENERIC.search(clause):
        earlier = " ".join(s.text for s in document.by_block[number] if s.nth < sentence.nth)
        names = names_in(earlier)
        if names:
            return names[-1]
        heading = re.findall(r"[A-Za-z][A-Za-z’'-]+", document.heading(sentence.section))
        if len(heading) == 1:
            return str(heading[0]).casefold()
        after = set(names_in(sentence.text[deed.end() :]))
        return next(iter(after)) if len(after) == 1 else _common(document, sentence, deed)
    names = [name for name in names_in(clause, begins=True) if not _OPENS.match(clause.strip())]
    return names[-1] if names else _common(document, sentence, deed)


def _common(document: Document, sentence: Sentence, deed: re.Match[str]) -> str:
    """Something without a name: "the hub", which is one and the same within a section of a paper."""
    match = _THE.search(sentence.text[: deed.start()])
    if _DOES.match(sentence.text[deed.end() :]):
        return ""
    return f"{match['noun'].casefold()} of {document.name}, section {sentence.section}" if match else ""
