"""Wholes and parts in prose and lists: "the 728 alerts sent", then a list of types; "640 loans: 500 books, 120
discs and 21 maps"; and parts that do not exist yet."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from peelian.insight.checker import dates, figures, words
from peelian.insight.checker.document import Block, Document, Sentence
from peelian.insight.checker.figures import shown
from peelian.insight.checker.findings import Finding
from peelian.insight.checker.rules.channels import channel_of
from peelian.insight.checker.rules.totals import one_slip
from peelian.insight.checker.tables import Table

_COUNT_FIRST = re.compile(r"^\(?(?P<number>\d{1,3}(?:,\d{3})+|\d+)\)?\s*(?:[-–—:]\s*)?(?P<label>[A-Za-z].*)$")
_COUNT_LAST = re.compile(
    r"^(?P<label>[A-Za-z].*?)\s*(?:[:=–—-]|\.{2,}|\()\s*(?P<number>\d{1,3}(?:,\d{3})+"
    r"|\d+)\)?(?:\s*\([\d.,]+%\))?\s*[.;,]?$"
)
_FUTURE = re.compile(
    r"\b(?:(?:will|to) (?:be|open|start|join|begin)|is to be|are to be|is due|are due|is planned|are planned|to "
    r"be opened|shall|is expected to|are expected to|due to (?:open|start|join|begin|be)|yet to)\b",
    re.I,
)
_EXISTS = re.compile(r"\b(?:we have|has|have|there are|runs?|current(?:ly)?|now|at present|today)\b", re.I)
_CURRENT = re.compile(r"\b(?:current(?:ly)?|now|at present|at the moment|today|existing)\b", re.I)


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
    for block in document.by_block.values():
        for before, sentence in zip([None, *block], block, strict=False):
            yield from _enumeration(document, sentence)
            yield from _of_these(document, before, sentence)
    for table in document.tables:
        yield from _rest_of_table(document, table)


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
    now = sum((p.number for p in parts if p.number is not None and not _is_to_come(p)), Decimal(0))
    if whole != now:
        yield from _compare(document, lead, whole, sum(known, Decimal(0)), missing, len(known), bool(totals))


def _last_sentence(lead: Block) -> str:
    from peelian.insight.checker.document import sentences

    return sentences(lead.text)[-1] if lead.text else ""


def _whole(lead: Block) -> Decimal | None:
    """The one count in the last sentence of what introduces a list."""
    found = [f for f in figures.read(_last_sentence(lead)).figures if not f.unit and not f.sense and not f.signed]
    return found[0].value if len(found) == 1 else None


def _rest_of_table(document: Document, table: Table) -> Iterator[Finding]:
    """A table without a total, whose "Other" is not printed, under words that give the total: "the 728 alerts sent"."""
    if any(words.is_total_of(label) for label in (*table.columns, *(row.label for row in table.rows))):
        return
    rest = [row for row in table.rows if words.is_other(row.label)]
    lead = _words_above(document, table)
    whole = _whole(lead) if lead and not words.is_selection(_last_sentence(lead)) else None
    if len(rest) != 1 or whole is None:
        return
    for i, name in [(i, name) for i, name in enumerate(table.columns) if table.numeric(i)][:1]:
        others = [row.cells[i] for row in table.rows if row is not rest[0]]
        total = sum((c.value or Decimal(0) for c in others), Decimal(0))
        cell = rest[0].cells[i]
        if (
            (cell.blank or cell.is_left_out)
            and len(others) > 2
            and all(c.value is not None for c in others)
            and (0 < whole - total < whole and not words.is_rate(name) and all(c.unit == "" for c in others))
        ):
            yield Finding(
                document.name,
                f"{table.place(rest[0], i)}",
                "residual",
                cell.text,
                shown(whole - total),
                f"The other {len(others)} rows sum to {shown(total)} of {shown(whole)}, "
                f"so {words.plain(rest[0].label)} "
                f"is {shown(whole - total)} ({100 * (whole - total) / whole:.1f}%) and is not printed.",
                rest[0].line,
            )


def _words_above(document: Document, table: Table) -> Block | None:
    """The title of a table, or the block before it."""
    if table.title:
        return Block(-1, table.line, table.title, table.section, "paragraph")
    before = [b for b in document.blocks if b.line < table.line and b.kind in {"paragraph", "heading"}]
    return before[-1] if before and table.line - before[-1].line <= 4 else None


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
    early = [p for p in known if _is_to_come(p)]
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


def _is_to_come(part: Part) -> bool:
    return bool(_FUTURE.search(_first_sentence(part.label)))


def _first_sentence(text: str) -> str:
    return re.split(r"[.;]\s", text, maxsplit=1)[0]


def _is_stated_now(document: Document, lead: Block | None, total: Decimal, known: Sequence[Part]) -> bool:
    """Whether the paper gives the sum as a number of today, of what the parts count."""
    counted = {words.stem(w) for p in known for w in re.findall(r"[a-z]+", p.label.casefold())[:3]}
    for sentence in document.sentences:
        leads = lead is not None and sentence.block == lead.number
        before = lead is not None and lead.number - sentence.block == 1 and _CURRENT.search(lead.text)
        now = _CURRENT.search(sentence.text) or leads or before
        if not now:
            continue
        for figure in sentence.reading.figures:
            after = re.findall(r"[a-z]+", sentence.text[figure.end :].casefold())[:3]
            if figure.value == total and not figure.unit and {words.stem(w) for w in after} & counted:
                return True
    return False


MOST_FIGURES = 14  # in a longer sentence the ways to divide it are too many to try

# Sentences -------------------------------------------------------------------------------------------

_GAP = r"[^{}.;:]{0,45}?"
_AND = r"(?:\s*[,;]\s*(?:and\s+)?|\s+and\s+)"
_ENUMERATION = re.compile(
    r"(?P<lead>\{N(?P<whole>\d+)\}(?P<noun>(?:(?!\bwere\b|\bby\b)[^{}.;]){0,60}?))"
    r"(?:[:,–—]|\(|\bwere\b(?=\s\{N)|\bof (?:which|these"
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
    if not 4 <= len(reading.figures) <= MOST_FIGURES or words.is_selection(sentence.text):
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
    early = _yet_to_come(sentence, parts)
    existing = sum((p.value for p in parts if p is not early), Decimal(0))
    if early is None or existing + early.value not in {whole.value, whole.value + early.value}:
        yield from _overcount(document, sentence.line, whole.value, [p.value for p in parts])
    elif existing != whole.value and _EXISTS.search(sentence.text):
        yield from _counted_early(document, sentence, whole, early)


def _counted_early(
    document: Document, sentence: Sentence, whole: figures.Figure, early: figures.Figure
) -> Iterator[Finding]:
    yield Finding(
        document.name,
        f"line {sentence.line}",
        "double-count",
        early.text,
        "0",
        f"It is counted among the {whole.text} that exist now, though it is still to come; without it there are "
        f"{shown(whole.value - early.value)}.",
        sentence.line,
    )


def _yet_to_come(sentence: Sentence, parts: Sequence[figures.Figure]) -> figures.Figure | None:
    """The one part of an enumeration that is still to come: "and 1 that will open next year"."""
    ends = [*(p.start for p in parts[1:]), len(sentence.text)]
    early = [p for p, end in zip(parts, ends, strict=True) if _FUTURE.search(sentence.text[p.end : end])]
    return early[0] if len(early) == 1 else None


_OF_THESE = re.compile(r"^(?:of|among) (?:these|them|those|which)\b|^they were\b", re.I)


def _of_these(document: Document, before: Sentence | None, sentence: Sentence) -> Iterator[Finding]:
    """ "480 letters were sent. Of these 412 went by email, 60 by text and 9 by phone." """
    figures = sentence.reading.figures
    if before is None or len(figures) < 3 or words.is_selection(sentence.text):
        return
    ends = [*(f.start for f in figures[1:]), len(sentence.text)]
    named = {channel_of(sentence.text[f.end : end]) for f, end in zip(figures, ends, strict=True)} - {""}
    wholes = [f for f in before.reading.figures if not f.unit and not f.sense and not f.signed]
    begun = _OF_THESE.match(sentence.text) or len(named) == len(figures) or _yet_to_come(sentence, figures)
    if not begun or len(wholes) != 1:
        return
    early = _yet_to_come(sentence, figures)
    total = sum((f.value for f in figures), Decimal(0))
    if early and total - early.value == wholes[0].value:
        return
    if early and total == wholes[0].value:
        yield from _counted_early(document, sentence, wholes[0], early)
    elif not any(f.unit or f.sense or f.signed for f in figures) and max(f.value for f in figures) < wholes[0].value:
        whole, parts = wholes[0].value, [f.value for f in figures]
        if sum(parts) > whole:  # "of these" need not name them all
            yield from _overcount(document, before.line, whole, parts)


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
