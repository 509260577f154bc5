"""Wholes and parts in prose and lists: "the 728 alerts sent", then a list of types; "640 loans: 500 books, 120
discs and 21 maps"; counts by channel; and parts that do not exist yet."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from peelian.insight.checker import cells, dates, figures, words
from peelian.insight.checker.document import Block, Document, Sentence
from peelian.insight.checker.figures import shown
from peelian.insight.checker.findings import Finding
from peelian.insight.checker.rules.totals import one_slip

_COUNT_FIRST = re.compile(r"^\(?(?P<number>\d{1,3}(?:,\d{3})+|\d+)\)?\s*(?:[-–—:]\s*)?(?P<label>[A-Za-z].*)$")
_COUNT_LAST = re.compile(
    r"^(?P<label>[A-Za-z].*?)\s*(?:[:=–—-]|\.{2,}|\()\s*(?P<number>\d{1,3}(?:,\d{3})+"
    r"|\d+)\)?(?:\s*\([\d.,]+%\))?\s*[.;,]?$"
)
_FUTURE = re.compile(
    r"\b(?:will (?:be|open|start|join|begin)|is to be|are to be|is due|are due|is planned|are planned|to "
    r"be opened|shall|is expected to|are expected to|yet to)\b",
    re.I,
)
_CURRENT = re.compile(r"\b(?:current(?:ly)?|now|at present|at the moment|today|existing)\b", re.I)
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


@dataclass(frozen=True)
class Part:
    label: str
    number: Decimal | None
    block: Block


def check(document: Document) -> Iterator[Finding]:
    """residual, column-total and double-count in lists and sentences."""
    for lead, items in document.items():
        yield from _list(document, lead, items)
        yield from _not_yet(document, lead, items)
    for sentence in document.sentences:
        yield from _enumeration(document, sentence)
    yield from _channels(document)


# Lists -----------------------------------------------------------------------------------------------


def _part(block: Block) -> Part:
    text = words.without_footnote(block.text)
    for form in (_COUNT_FIRST, _COUNT_LAST):
        if (match := form.match(text)) and not dates.read(match["number"]):
            return Part(match["label"].strip(), figures.number(match["number"]), block)
    return Part(text, None, block)


def _list(document: Document, lead: Block | None, items: Sequence[Block]) -> Iterator[Finding]:
    """A list of counts under a sentence that gives their total."""
    if lead is None or len(items) < 3 or words.is_selection(_last_sentence(lead)):
        return
    parts = [_part(block) for block in items]
    totals = [p for p in parts if p.number is not None and words.is_total(p.label)]
    parts = [p for p in parts if p not in totals]
    known = [p.number for p in parts if p.number is not None]
    missing = [p for p in parts if p.number is None]
    if len(known) < 3 or len(missing) > 1 or (missing and len(missing[0].label) > 60):
        return
    whole = totals[0].number if totals else _whole(lead)
    if whole is None:
        return
    yield from _compare(document, lead, whole, sum(known, Decimal(0)), missing, len(known), bool(totals))


def _last_sentence(lead: Block) -> str:
    from peelian.insight.checker.document import sentences

    return sentences(lead.text)[-1] if lead.text else ""


def _whole(lead: Block) -> Decimal | None:
    """The one count in the last sentence of what introduces a list."""
    found = [f for f in figures.read(_last_sentence(lead)).figures if not f.unit and not f.sense and not f.signed]
    return found[0].value if len(found) == 1 else None


def _compare(
    document: Document, lead: Block, whole: Decimal, total: Decimal, missing: Sequence[Part], number: int, stated: bool
) -> Iterator[Finding]:
    gap = whole - total
    if missing and gap > 0:
        name = missing[0].label
        yield Finding(
            document.name,
            f"line {missing[0].block.line}, item {name}",
            "residual",
            "",
            shown(gap),
            f"The other {number} items sum to {shown(total)} of {shown(whole)}, so {name} is {shown(gap)} "
            f"({100 * gap / whole:.1f}%) and is not printed.",
            missing[0].block.line,
        )
    elif gap < 0 or (gap > 0 and not missing and (stated or gap <= whole / 5)):
        yield Finding(
            document.name,
            f"line {lead.line}",
            "column-total",
            shown(whole),
            shown(total),
            f"The {number} items of the list sum to {shown(total)}; {shown(whole)} is printed.",
            lead.line,
        )


def _not_yet(document: Document, lead: Block | None, items: Sequence[Block]) -> Iterator[Finding]:
    """Parts that sum to a number said to exist now, though one of them is still to come."""
    parts = [_part(block) for block in items]
    known = [p for p in parts if p.number is not None]
    if len(items) < 3 or len(known) < len(items) - 1:
        return
    total = sum((p.number or Decimal(0) for p in known), Decimal(0))
    early = [p for p in known if _FUTURE.search(_first_sentence(p.label))]
    if not early or len(early) == len(known) or not _is_stated_now(document, lead, total, known):
        return
    for part in early:
        right = total - (part.number or 0)
        yield Finding(
            document.name,
            f"line {part.block.line}",
            "double-count",
            shown(part.number or Decimal(0)),
            "0",
            f"It is counted among the {shown(total)} that exist now, though it is still to come; without "
            f"it there are {shown(right)}.",
            part.block.line,
        )


def _first_sentence(text: str) -> str:
    return re.split(r"[.;]\s", text, maxsplit=1)[0]


def _is_stated_now(document: Document, lead: Block | None, total: Decimal, known: Sequence[Part]) -> bool:
    """Whether the paper gives the sum as a number of today, of what the parts count."""
    counted = {words.stem(w) for p in known for w in re.findall(r"[a-z]+", p.label.casefold())[:3]}
    for sentence in document.sentences:
        now = _CURRENT.search(sentence.text) or (lead is not None and sentence.block == lead.number)
        if not now:
            continue
        for figure in sentence.reading.figures:
            after = re.findall(r"[a-z]+", sentence.text[figure.end :].casefold())[:3]
            if figure.value == total and not figure.unit and {words.stem(w) for w in after} & counted:
                return True
    return False


# Sentences -------------------------------------------------------------------------------------------

_GAP = r"[^{}.;:]{0,45}?"
_AND = r"(?:\s*[,;]\s*(?:and\s+)?|\s+and\s+)"
_ENUMERATION = re.compile(
    r"(?P<lead>\{N(?P<whole>\d+)\}(?P<noun>[^{}.;]{0,60}?))(?:[:,–—]|\(|\bwere\b|\bof (?:which|these"
    r"|them)\b|\bmade up of\b|\bcomprising\b|\bconsisting of\b|\bwith\b)\s*"
    rf"(?P<parts>{_GAP}\{{N\d+\}}{_GAP}(?:{_AND}{_GAP}\{{N\d+\}}{_GAP}){{1,}}{_AND}{_GAP}\{{N\d+\}}[^{{}}.;:]*)",
    re.I,
)


_TOTAL_AFTER = re.compile(
    rf"(?P<parts>\{{N\d+\}}{_GAP}(?:{_AND}{_GAP}\{{N\d+\}}{_GAP}){{1,}}{_AND}{_GAP}\{{N\d+\}}{_GAP})[,;:–—]\s?"
    r"(?:(?:or|making|that is|which makes|giving)\s)?(?:(?:a total of|in all|altogether|in total)\s\{N(?P<before>\d+)\}"
    r"|\{N(?P<whole>\d+)\}[^{}.;,]{0,30}?\b(?:in total|in all|altogether|all told)\b)",
    re.I,
)


def _enumeration(document: Document, sentence: Sentence) -> Iterator[Finding]:
    """ "640 loans: 500 books, 120 discs and 21 maps": a whole and three parts or more in one sentence."""
    reading = sentence.reading
    if len(reading.figures) < 4 or words.is_selection(sentence.text):
        return
    if after := _TOTAL_AFTER.search(reading.masked):
        whole = reading.figures[int(after["before"] or after["whole"])]
        parts = [reading.figures[int(i)] for i in re.findall(r"\{n(\d+)\}", after["parts"])]
        if (
            not any(f.unit or f.sense or f.signed for f in [whole, *parts])
            and max(p.value for p in parts) < whole.value
        ):
            yield from _overcount(document, sentence.line, whole.value, [p.value for p in parts])
        return
    match = _ENUMERATION.search(reading.masked)
    if not match or "{P" in match["parts"] or "{P" in match["lead"]:
        return
    whole = reading.figures[int(match["whole"])]
    parts = [reading.figures[int(i)] for i in re.findall(r"\{n(\d+)\}", match["parts"])]
    tail = reading.masked[match.end() :]
    if (
        "{n" in tail
        or any(f.unit or f.sense or f.signed for f in [whole, *parts])
        or max(p.value for p in parts) >= whole.value
    ):
        return
    yield from _overcount(document, sentence.line, whole.value, [p.value for p in parts])


def _overcount(document: Document, line: int, whole: Decimal, parts: Sequence[Decimal]) -> Iterator[Finding]:
    """Parts that miss their whole by so little that they were meant to make it up."""
    total = sum(parts, Decimal(0))
    gap = total - whole
    slip = one_slip(str(whole), str(total)) and abs(gap) <= whole / 4
    if not gap or (abs(gap) > max(whole / 20, Decimal(1)) and not slip):
        return
    sums = " + ".join(shown(p) for p in parts)
    if gap > 0:
        yield Finding(
            document.name,
            f"line {line}",
            "double-count",
            shown(whole),
            shown(total),
            f"{sums} = {shown(total)}, {shown(gap)} more than the {shown(whole)} printed: something is counted twice.",
            line,
        )
    else:
        yield Finding(
            document.name,
            f"line {line}",
            "residual",
            shown(whole),
            shown(total),
            f"{sums} = {shown(total)}, which leaves {shown(-gap)} of the {shown(whole)} unexplained.",
            line,
        )


# Channels --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Counted:
    noun: str
    channel: str
    number: Decimal
    line: int


def _channels(document: Document) -> Iterator[Finding]:
    """Counts of one thing by channel that sum to a little more than the count of the thing: what went out on two
    channels.
    """
    counted = [*_channel_cells(document), *_channel_metrics(document), *_channel_words(document)]
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
    found = [w for w in words.stems(text) if w not in {"total", "all", "numb", "sent"} and w not in CHANNELS]
    return found[0] if found else ""


def _channel(text: str) -> str:
    for word in re.findall(r"[a-z-]+", text.casefold()):
        if word in CHANNELS:
            return CHANNELS[word]
    return ""


def _channel_cells(document: Document) -> Iterator[_Counted]:
    """Rows of a table that are channels, under columns that name what is counted."""
    for table in document.tables:
        if sum(bool(_channel(row.label)) for row in table.rows) < 2:
            continue
        if any(words.is_total_of(row.label) for row in table.rows):
            continue  # the table's own total is another rule's
        for i, name in enumerate(table.columns):
            for row in table.rows:
                value = row.cells[i].value
                if value is not None and _channel(row.label) and row.cells[i].unit == "" and (noun := _noun(name)):
                    yield _Counted(noun, _channel(row.label), value, row.line)


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
            yield _Counted(noun, _channel(after.text), cell.value, block.line)


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
                yield _Counted(noun, _channel(" ".join(first)), figure.value, sentence.line)
