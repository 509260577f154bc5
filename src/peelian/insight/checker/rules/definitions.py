"""Definitions: a headcount that the table contradicts, a group whose rows do not follow its definition, kinds
without a share.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal

from peelian.insight.checker import words
from peelian.insight.checker.document import Document, Sentence
from peelian.insight.checker.figures import Figure, shown
from peelian.insight.checker.findings import Finding
from peelian.insight.checker.rules.derived import turned
from peelian.insight.checker.tables import Table

_AVERAGE_PER = re.compile(
    r"^(?:average|avg\.?|mean)\s+(?P<what>.+?)\s+(?:per|for each|by|a)\s+(?P<each>.+)$"
    r"|^(?P<what2>.+?)\s+(?:per|for each)\s+(?P<each2>.+)$",
    re.I,
)
_NOW = re.compile(r"\b(?:now|currently|current|at present|stands? at|is at|there are|we have|has|have)\b", re.I)
_LOWER = re.compile(
    r"\b(?:with|have|has|having|show\w*|are|is)\s+(?:an?\s)?(?P<way>lower|smaller|fewer|higher|greater"
    r"|larger|more|less)\b[^.]{0,80}\bthan\b",
    re.I,
)
_NAMED_SIDE = re.compile(r"\b(?:(?P<under>under-?\s?represented)|over-?\s?represented|predominant)\b", re.I)
_ANYBODY = {words.stem(w) for w in ("officer", "person", "head", "member", "volunteer", "employee", "worker")}
_GAP = re.compile(r"\b(?:gap|difference|variance|over/under|deviation)\b", re.I)
_KINDS = re.compile(
    r"\b(?:for|of|are|includes?|including|covers?|namely|offers?|between|can \w+|kinds?|types?|categories|options"
    r"|offences)\b[^.:;]*?(?::\s|\s)"
    r"(?P<list>[A-Za-z][\w' ()/-]{2,30}(?:,\s[A-Za-z][\w' ()/-]{2,30}){1,8},?\s(?:and|or)\s[A-Za-z][\w' "
    r"()/-]{2,30})[.;]?$"
)


def check(document: Document) -> Iterator[Finding]:
    """definition."""
    for table in document.tables:
        yield from _headcount(document, table)
        yield from _wrong_side(document, table)
    yield from _kinds_without_share(document)


# A headcount, worked out of totals and averages ------------------------------------------------------


def _headcount(document: Document, table: Table) -> Iterator[Finding]:
    """Totals and averages per head give the heads; the text beside the table says another number."""
    for view in (table, turned(table, 2)):
        if view is None:
            continue
        heads = _heads(view)
        if heads is None:
            continue
        label, each, low, high = heads
        for sentence in document.sentences:
            if (
                sentence.section != table.section and not (table.section < 0 and abs(sentence.line - table.line) < 40)
            ) or abs(sentence.line - table.line) > 60:
                continue
            for figure in sentence.reading.figures:
                if (
                    _is_the_number(document, sentence, figure, each)
                    and not low <= figure.value <= high
                    and Decimal("0.6") < figure.value / high < Decimal("1.67")
                ):
                    middle = ((low + high) / 2).quantize(Decimal(1), ROUND_HALF_UP)
                    yield Finding(
                        document.name,
                        f"line {sentence.line}",
                        "definition",
                        figure.text,
                        shown(middle),
                        f"The table's totals divided by its averages per {each} make {shown(middle)} for "
                        f"{label}: the words count {each}s in another way, or at another time.",
                        sentence.line,
                    )
                    return


def _heads(view: Table) -> tuple[str, str, Decimal, Decimal] | None:
    """For the last column: what it is, who is counted, and the least and most heads that all averages allow."""
    if not view.columns:
        return None
    low, high, each = Decimal(0), Decimal(10**12), ""
    column = len(view.columns) - 1
    for row in view.rows:
        match = _AVERAGE_PER.match(words.plain(row.label))
        main = row.cells[column].main
        if not match or main is None or main.value <= 0:
            continue
        what = set(words.stems(match["what"] or match["what2"]))
        whom = (match["each"] or match["each2"]).strip()
        totals = [r for r in view.rows if r.cells[column].value and _is_total_of(r.label, what)]
        totals = [r for r in totals if set(words.stems(whom)) & set(words.stems(r.label)) == set()]
        if not totals:
            continue
        total = min(totals, key=lambda r: len(r.label)).cells[column].value or Decimal(0)
        if any(
            set(words.stems(whom)) <= set(words.stems(r.label)) and words.label(r.label).startswith("total")
            for r in view.rows
        ):
            continue  # the heads stand in the table themselves
        each = whom
        low, high = max(low, total / (main.value + main.ulp / 2)), min(high, total / (main.value - main.ulp / 2))
    return (words.plain(view.columns[column]), each.casefold(), low - 1, high + 1) if each and low <= high else None


def _is_total_of(label: str, what: set[str]) -> bool:
    """ "Total duty hours" and plain "Hours" are the hours that an average of hours is made of."""
    stems = set(words.stems(label))
    return what <= stems if words.label(label).startswith("total") else what == stems


def _is_the_number(document: Document, sentence: Sentence, figure: Figure, each: str) -> bool:
    """Whether a figure is said to be how many there are now: "the number is now at 132", "we have 132 officers"."""
    if (
        figure.unit
        or figure.signed
        or figure.sense
        or not _NOW.search(sentence.text[max(figure.start - 60, 0) : figure.start])
    ):
        return False
    after = words.stems(sentence.text[figure.end : figure.end + 40])[:3]
    before = sentence.text[max(figure.start - 40, 0) : figure.start]
    whole = sentence.text[: figure.start].strip()
    counted = words.stems(sentence.text[figure.end :])
    if re.fullmatch(
        r"(?:there are|we have|it has) (?:currently|now)|(?:currently|now),? (?:there are|we have)", whole, re.I
    ):
        # "there are currently 152 constables", and no more of which kind
        return len(counted) <= 4 and words.stem(each) in _ANYBODY
    return words.stem(each) in after or bool(
        re.search(r"\b(?:number|headcount|strength|membership|roll)\b[^.]{0,30}$", before, re.I)
    )


# Groups by a definition ------------------------------------------------------------------------------


def _wrong_side(document: Document, table: Table) -> Iterator[Finding]:
    """ "X are those with a lower rate than the target", over rows whose gap is above nought."""
    gaps = [i for i, name in enumerate(table.columns) if _GAP.search(name)]
    if len(gaps) != 1:
        return
    said = [s.text for s in document.sentences if 0 < table.line - s.line <= 6][-2:]
    named = f"{document.heading(table.section)} {table.title} {document.words_above(table)}"
    ways = [m["way"].casefold() for text in said if (m := _LOWER.search(text))]
    sides = {"lower" if m["under"] else "higher" for m in _NAMED_SIDE.finditer(named)}
    ways = ways or (list(sides) if len(sides) == 1 else [])
    for way in ways:
        lower = way in {"lower", "smaller", "fewer", "less"}
        for row in table.rows:
            main = row.cells[gaps[0]].main
            if main is None or not main.value or (main.value < 0) == lower or words.is_total_of(row.label):
                continue
            yield Finding(
                document.name,
                table.place(row, gaps[0]),
                "definition",
                shown(main.value, main.ulp, main.unit),
                "a gap below 0" if lower else "a gap above 0",
                f"The table is said to hold what is {way}; this row's gap is "
                f"{'above' if main.value > 0 else 'below'} 0.",
                row.line,
            )


# Kinds without a share -------------------------------------------------------------------------------


def _kinds_without_share(document: Document) -> Iterator[Finding]:
    """Four kinds are named, and percentages of two of them already make 100."""
    for block in document.by_block.values():
        for at, sentence in enumerate(block):
            kinds = _kinds(sentence)
            if len(kinds) < 3:
                continue
            for later in block[at + 1 : at + 4]:
                yield from _shares(document, later, kinds)


def _kinds(sentence: Sentence) -> list[str]:
    match = _KINDS.search(sentence.text.strip())
    if not match or re.search(r"\d|%", match["list"]):
        return []
    listed = (
        re.sub(
            r"^.*\b(?:of|for|are|is|include|includes|including|covers?|namely|offers?|between|can \w+)\s",
            "",
            match["list"].split(",")[0],
        )
        + match["list"][len(match["list"].split(",")[0]) :]
    )
    return [k.strip() for k in re.split(r",\s(?:and\s|or\s)?|\s(?:and|or)\s", listed) if k.strip()]


def _shares(document: Document, sentence: Sentence, kinds: Sequence[str]) -> Iterator[Finding]:
    percents = [f for f in sentence.reading.figures if f.unit == "%" and not f.signed]
    total = sum((f.value for f in percents), Decimal(0))
    if len(percents) < 2 or len(percents) >= len(kinds) or abs(total - 100) > Decimal(len(percents)) / 2:
        return
    said = set(words.stems(sentence.text))
    named = [k for k in kinds if set(words.stems(re.sub(r"\([^)]*\)", "", k))) <= said]
    missing = [k for k in kinds if k not in named]
    if len(named) != len(percents) or not missing:
        return
    yield Finding(
        document.name,
        f"line {sentence.line}",
        "definition",
        " + ".join(f.text for f in percents),
        f"shares for {' and '.join(missing)} too",
        f"{len(kinds)} kinds are named, and the shares of {' and '.join(named)} already make "
        f"{shown(total, percents[0].ulp, '%')}: "
        f"{' and '.join(missing)} must be none, or inside another kind.",
        sentence.line,
    )
