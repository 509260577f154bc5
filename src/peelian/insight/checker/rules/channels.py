"""Counts of one thing by channel that sum to more than the thing: what went out on two of them is counted twice."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from peelian.insight.checker import cells, words
from peelian.insight.checker.document import Document
from peelian.insight.checker.figures import shown
from peelian.insight.checker.findings import Finding

CHANNELS = {
    "email": "email",
    "emails": "email",
    "e-mail": "email",
    "e-mails": "email",
    "text": "text",
    "texts": "text",
    "sms": "text",
    "voice": "voice",
    "phone": "voice",
    "telephone": "voice",
    "call": "voice",
    "calls": "voice",
    "post": "post",
    "letter": "post",
    "letters": "post",
    "web": "web",
    "online": "web",
    "website": "web",
    "app": "app",
    "push": "app",
    "facebook": "facebook",
    "twitter": "twitter",
    "instagram": "instagram",
    "whatsapp": "whatsapp",
    "radio": "radio",
    "leaflet": "leaflet",
    "leaflets": "leaflet",
    "hand": "hand",
    "poster": "poster",
    "posters": "poster",
    "fax": "fax",
    "in-person": "person",
}

_CHANNEL_STEMS = {words.stem(word) for word in CHANNELS}


@dataclass(frozen=True)
class _Counted:
    noun: str
    channel: str
    number: Decimal
    line: int


def check(document: Document) -> Iterator[Finding]:
    """Counts of one thing by channel that sum to a little more than the count of the thing: what went out on two
    channels.
    """
    counted = [
        *_channel_cells(document),
        *_channel_metrics(document),
        *_channel_labels(document),
        *_channel_words(document),
    ]
    for noun in dict.fromkeys(c.noun for c in counted):
        parts: dict[str, _Counted] = {}
        for one in counted:
            if one.noun == noun and one.channel:
                parts.setdefault(one.channel, one)
        total = sum((p.number for p in parts.values()), Decimal(0))
        wholes = [c for c in counted if c.noun == noun and not c.channel]
        for whole in {w.number: w for w in wholes}.values():
            largest = max((p.number for p in parts.values()), default=Decimal(0))
            if len(parts) >= 2 and largest <= whole.number < total <= whole.number * Decimal("1.1"):
                yield from _overcount_channels(document, whole, list(parts.values()), total)


def _overcount_channels(
    document: Document, whole: _Counted, parts: Sequence[_Counted], total: Decimal
) -> Iterator[Finding]:
    sums = " + ".join(shown(p.number) for p in parts)
    yield Finding(
        document.name,
        f"line {whole.line}",
        "double-count",
        shown(whole.number),
        shown(total),
        f"By channel {sums} = {shown(total)}, {shown(total - whole.number)} more than {shown(whole.number)}: "
        "what went out on two channels is counted twice.",
        whole.line,
    )


def _noun(text: str) -> str:
    found = [w for w in words.stems(text) if w not in {"total", "all", "numb", "sent"} and w not in _CHANNEL_STEMS]
    return found[0] if found else ""


def channel_of(text: str) -> str:
    for word in re.findall(r"[a-z-]+", text.casefold()):
        if word in CHANNELS:
            return CHANNELS[word]
    return ""


def _channel_cells(document: Document) -> Iterator[_Counted]:
    """Rows of a table that are channels, under columns that name what is counted."""
    for table in document.tables:
        if sum(bool(channel_of(row.label)) for row in table.rows) < 2:
            continue
        if any(words.is_total_of(row.label) for row in table.rows):
            continue  # the table's own total is another rule's
        for i, name in enumerate(table.columns):
            for row in table.rows:
                value = row.cells[i].value
                if value is not None and channel_of(row.label) and row.cells[i].unit == "" and (noun := _noun(name)):
                    yield _Counted(noun, channel_of(row.label), value, row.line)


def _channel_metrics(document: Document) -> Iterator[_Counted]:
    """A line that is a number, and under it the line that names it: "**712** up -24" / "TOTAL EMAIL ALERTS"."""
    for block, after in zip(document.blocks, document.blocks[1:], strict=False):
        cell = cells.read(block.text)
        if (
            block.kind != "paragraph"
            or cell.value is None
            or cell.unit
            or len(after.text) > 40
            or re.search(r"\d", after.text)
        ):
            continue
        if (noun := _noun(after.text)) and after.line - block.line <= 3:
            yield _Counted(noun, channel_of(after.text), cell.value, block.line)


_LABELLED = re.compile(r"^(?P<label>[A-Za-z][A-Za-z -]{3,40}):\s*(?P<number>[\d,]+)$")


def _channel_labels(document: Document) -> Iterator[_Counted]:
    """ "Total notices sent: 480", "Email notices: 412"."""
    for block in document.blocks:
        if (match := _LABELLED.match(block.text)) and (noun := _noun(match["label"])):
            value = cells.read(match["number"]).value
            if value is not None:
                yield _Counted(noun, channel_of(match["label"]), value, block.line)


def _channel_words(document: Document) -> Iterator[_Counted]:
    """ "728 alerts sent", "712 email alerts", "14 alerts by text"."""
    for sentence in document.sentences:
        for figure in sentence.reading.figures:
            if figure.unit or figure.sense or figure.signed:
                continue
            following = re.split(r"[,;.:()]| and |\d", sentence.text[figure.end :].casefold())[0]
            first = re.findall(r"[a-z-]+", following)[:6]
            noun = next(
                (
                    words.stem(w)
                    for w in first
                    if w not in CHANNELS and w not in words.STOP and words.stem(w) not in {"total", "sent"}
                ),
                "",
            )
            if noun:
                yield _Counted(noun, channel_of(" ".join(first)), figure.value, sentence.line)
