"""What is announced and not there: aims without a section, tables, charts and maps that are referred to."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence

from peelian.insight.checker import words
from peelian.insight.checker.document import CAPTION, LABELLED, Block, Document, is_caption
from peelian.insight.checker.findings import Finding

_LEAD = re.compile(
    r"\b(?:aims?|objectives?|measures?|priorit(?:y|ies)|goals?|themes?|outcomes?|commitments?|pledges?"
    r"|topics?|questions?|sections?|headings?|targets?|ambitions?|"
    r"particular|chapters?|report (?:will|covers|sets out)|paper (?:will|covers|sets out))\b",
    re.I,
)
_ANNOUNCES = re.compile(
    r"(?:as follows|following|below|listed|are|is|covers?|sets? out|in particular|these|in turn|update"
    r"|includ\w+)\b[^.]*[:;]?\s*[-–—]?\s*$|:\s*$",
    re.I,
)
_TITLE = re.compile(
    r"^(?:\d+\.? )?(?:(?:our|the|strategic|key|main) ){0,2}(?:aims|objectives|priorities|goals|commitments)\b.{0,30}$",
    re.I,
)
_PLACE = re.compile(
    r"!\[(?P<alt>[^\]]*)\]\(\s*\)|\[(?P<note>[^\]]*\b(?:table|chart|graph|map|figure|diagram)\b[^\]]*"
    r"\b(?:here|missing|to follow|tbc|omitted|not supplied)\b[^\]]*)\](?!\()",
    re.I,
)
_NUMBERED = re.compile(
    r"\b(?P<what>table|figure|diagram|chart|graph|map|exhibit)s?\s+(?P<number>\d{1,2})\b(?:\s*(?:and|to|–"
    r"|-)\s*(?P<more>\d{1,2})\b)?",
    re.I,
)
_NEAR = re.compile(
    r"\b(?:the|this|these)\s+(?P<a>(?:\w+\s)?(?P<what1>tables?|charts?|graphs?|maps?|diagrams?))\s+(?:below"
    r"|above|overleaf|opposite)\b"
    r"|\b(?:the\s)?(?:below|above|following)\s+(?P<b>(?:(?!an?\b|each\b|every\b|any\b)\w+\s)?(?P<what2>tables?|charts?|graphs?|maps?|diagrams?))\b",
    re.I,
)
_ELSEWHERE = re.compile(
    r"\b(?:separate|attached|circulated|appendix|annex|previous (?:paper|report)|in the (?:plan|report of)"
    r"|online|website|of the (?:plan|census|act))\b",
    re.I,
)


def check(document: Document) -> Iterator[Finding]:
    """missing-section and not-supplied."""
    for lead, items in document.items():
        if len(items) >= 3:
            yield from _aims(document, lead.text if lead else document.heading(items[0].section), items)
    yield from _captions(document)
    yield from _references(document)
    yield from _nearby(document)
    yield from _places(document)


# Aims ------------------------------------------------------------------------------------------------


def _aims(document: Document, lead: str, items: Sequence[Block]) -> Iterator[Finding]:
    """A list of aims, most of which have a section of their own: those that have none are missing."""
    last = lead[-200:]
    announced = _TITLE.match(last) or (_LEAD.search(last) and _ANNOUNCES.search(last))
    if not announced or any(len(i.text) > 220 for i in items):
        return
    sections = _sections(document, items[-1])
    if len(sections) < 2:
        return
    aims = [_name(item.text) for item in items]
    owners = _owners(aims, sections)
    covered = set(owners.values())
    is_labelled = any(LABELLED.match(h.text) for h in document.headings)
    if (
        2 * len(covered) < len(aims)
        or len(covered) < (2 if is_labelled else 3)
        or (not is_labelled and 5 * len(covered) < 3 * len(aims))
    ):
        return
    for index, item in enumerate(items):
        if index not in covered:
            yield Finding(
                document.name,
                f"line {item.line}",
                "missing-section",
                item.text,
                "a section of its own",
                f"{len(covered)} of the {len(aims)} things listed here have a section; this one has none.",
                item.line,
            )


def _name(text: str) -> str:
    return re.split(r"[.:?](?:\s|$)", text)[0] if len(text) > 90 else text


def _sections(document: Document, after: Block) -> list[str]:
    """The headings after a list; where some are labelled ("Aim: …"), those alone."""
    later = [h.text for h in document.headings if h.line > after.line]
    labelled = [m["text"] for text in later if (m := LABELLED.match(text))]
    return (
        labelled
        if len(labelled) >= 2
        else [re.sub(r"^(?:\d+(?:\.\d+)*\.?|[a-z]\)|appendix \w+:?)\s+", "", t, flags=re.I) for t in later]
    )


def _owners(aims: Sequence[str], sections: Sequence[str]) -> dict[int, int]:
    """Which aim each section is about: the one with which it shares most of what is telling."""
    bags = [Counter(words.stems(text)) for text in aims]
    shared = Counter(stem for bag in bags for stem in bag)
    weight = {stem: math.log((len(aims) + 1) / count) for stem, count in shared.items()}
    owners: dict[int, int] = {}
    for at, section in enumerate(sections):
        stems = set(words.stems(section))
        telling = sum(weight.get(stem, 0.0) for stem in stems)
        scores = [_score(bag, stems, weight, telling) for bag in bags]
        best = max(range(len(aims)), key=lambda i: scores[i])
        if scores[best] >= 0.4:
            owners[at] = best
    return owners


def _score(bag: Counter[str], stems: set[str], weight: dict[str, float], telling: float) -> float:
    """How much of the aim's and of the section's telling words meet, 0 to 1."""
    whole = sum(weight[s] for s in bag)
    both = sum(weight[s] for s in bag if s in stems)
    if not whole or not telling or not both:
        return 0.0
    return max(both / whole, 2 * both / (whole + telling), 0.9 * both / telling if both / whole >= 0.2 else 0.0)


# Tables and charts -----------------------------------------------------------------------------------


def _kind(word: str) -> str:
    word = word.casefold().rstrip(".").removesuffix("s")
    return {"fig": "figure"}.get(word, word)


def _is_there(document: Document, number: int, before: int, after: int) -> bool:
    """Whether a table or picture stands near a block: so many blocks before, so many after."""
    for block in document.blocks[max(number - before, 0) : number + after + 1]:
        if block.kind == "image" or (block.kind == "table" and block.number != number):
            return True
    return False


def _captions(document: Document) -> Iterator[Finding]:
    """A caption "Table 1 …" with no table beside it."""
    for block in document.blocks:
        match = (
            CAPTION.match(block.text)
            if block.kind in {"paragraph", "heading", "item"} and is_caption(block.text)
            else None
        )
        if match and not _is_there(document, block.number, 2, 3):
            yield _absent(
                document, block, f"{match['what'].capitalize()} {match['number']}", "its caption stands here without it"
            )


def _references(document: Document) -> Iterator[Finding]:
    """ "See Table 3" where no Table 3 is anywhere."""
    captions = {
        (_kind(m["what"]), m["number"]) for b in document.blocks if (m := CAPTION.match(b.text)) and b.kind != "table"
    }
    captions |= {(_kind(m["what"]), m["number"]) for t in document.tables if (m := CAPTION.match(t.title))}
    captions |= {
        (_kind(m["what"]), m["number"])
        for b in document.blocks
        if b.kind == "image"
        for m in _NUMBERED.finditer(b.text)
    }
    told: set[tuple[str, str]] = set()
    for sentence in document.sentences:
        if (
            _ELSEWHERE.search(sentence.text)
            or CAPTION.match(sentence.text)
            or _is_there(document, sentence.block, 2, 3)
        ):
            continue
        for match in _NUMBERED.finditer(sentence.text):
            for number in filter(None, (match["number"], match["more"])):
                key = (_kind(match["what"]), number)
                if key not in captions and key not in told:
                    told.add(key)
                    block = document.blocks[sentence.block]
                    yield _absent(
                        document, block, f"{key[0].capitalize()} {number}", "it is referred to here and stands nowhere"
                    )


def _nearby(document: Document) -> Iterator[Finding]:
    """ "The map below shows …" with nothing near it. A table may stand for a chart, but nothing stands for a map."""
    for sentence in document.sentences:
        match = _NEAR.search(sentence.text)
        if not match or _ELSEWHERE.search(sentence.text) or _NUMBERED.search(sentence.text):
            continue
        what = _kind(match["what1"] or match["what2"])
        around = document.blocks[max(sentence.block - 6, 0) : sentence.block + 7]
        there = any(b.kind == "image" or (b.kind == "table" and what != "map") for b in around)
        if not there:
            block = document.blocks[sentence.block]
            yield _absent(
                document,
                block,
                sentence.text[match.start() : match.end()],
                "it is referred to here and stands nowhere near",
            )


def _places(document: Document) -> Iterator[Finding]:
    """An image without a file, or "[Insert table here]"."""
    for block in document.blocks:
        match = _PLACE.search(document.lines[block.line - 1]) if block.line <= len(document.lines) else None
        if match and not _NUMBERED.search(match[0]):  # what has a number is looked for by it
            yield _absent(document, block, match["alt"] or match["note"] or "An image", "only its place is here")


def _absent(document: Document, block: Block, what: str, why: str) -> Finding:
    return Finding(
        document.name,
        f"line {block.line}",
        "not-supplied",
        what,
        "the thing itself",
        f"{what} is not supplied: {why}.",
        block.line,
    )
