"""A paper as the rules read it: sections, paragraphs, lists, tables and metric lines, each with its line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from peelian.insight.checker import dates, figures, tables, words
from peelian.insight.checker.tables import Table

_HEADING = re.compile(r"^\s{0,3}(#{1,6})\s+(?P<text>.+?)\s*#*$")
_BOLD = re.compile(r"^\s*\*{2,3}(?P<text>[^*]+)\*{2,3}\s*:?\s*$")
LABELLED = re.compile(
    r"^(?:#{1,6}\s+|\*\*)?(?P<word>aim|objective|priority|goal|theme|outcome|commitment|target|ambition"
    r"|pledge)s?\s*(?:\d+|[ivx]+)?\s*[:.–-]\s*(?P<text>\S.*?)\**$",
    re.I,
)
_ITEM = re.compile(r"^\s*(?:[-*•–−▪◦o]\s+|\(?(?:\d{1,2}|[a-zA-Z]|[ivx]{1,4})[.)]\s+|[•▪◦−]\s*)(?P<text>\S.*)$")
_SECOND_MARK = re.compile(r"^(?:[a-zA-Z][.)]|\d{1,2}\.|[ivx]{1,4}[.)])\s+(?=\S)")
CAPTION = re.compile(
    r"^\W*(?P<what>table|figure|fig\.?|diagram|chart|graph|map|exhibit)\s+(?P<number>\d{1,2}|[A-Z]"
    r"|[ivx]{1,4})\b(?P<after>\s*[.:–—-]|\s+(?-i:[A-Z])|\s*$)",
    re.I,
)
_SAYS = re.compile(
    r"\b(?:shows?|sets? out|gives?|summarises?|is|are|was|were|has|have|illustrates?|below|above)\b", re.I
)
_BULLET = re.compile(r"^\s*[•▪◦−·]\s*$")
_IMAGE = re.compile(r"!\[[^\]]*\]\([^)]+\)|<img\b|<svg\b|<figure\b", re.I)
_SPLIT_HTML = re.compile(r"</?(?:p|br|li|ul|ol|div|td|tr)\b[^>]*/?>", re.I)
_ABBREVIATIONS = re.compile(
    r"(?:\b(?:c|ca|e\.g|i\.e|approx|no|nos|st|mr|mrs|ms|dr|supt|insp|sgt|vs|fig|figs|para|incl|est|dept|inc"
    r"|ltd|co|etc|cf|vol|pp?|pc)|\b[A-Z])\.$",
    re.I,
)


@dataclass(frozen=True)
class Sentence:
    line: int
    text: str
    section: int
    block: int
    nth: int  # which sentence of its block

    @cached_property
    def reading(self) -> figures.Reading:
        return figures.read(self.text)


@dataclass(frozen=True)
class Block:
    """A paragraph, a list item or a line that stands alone."""

    number: int
    line: int
    text: str
    section: int
    kind: str  # "paragraph", "item", "heading", "table", "image"
    leads: int = -1  # for an item: the number of the block that introduces its list
    table: int = -1


@dataclass(frozen=True)
class Heading:
    line: int
    text: str
    depth: int


@dataclass
class Document:
    """A paper or a table, read once."""

    name: str
    headings: list[Heading] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)

    @cached_property
    def sentences(self) -> list[Sentence]:
        return [
            Sentence(block.line, text, block.section, block.number, nth)
            for block in self.blocks
            if block.kind in {"paragraph", "item"}
            for nth, text in enumerate(sentences(block.text))
        ]

    @cached_property
    def by_block(self) -> dict[int, list[Sentence]]:
        found: dict[int, list[Sentence]] = {}
        for sentence in self.sentences:
            found.setdefault(sentence.block, []).append(sentence)
        return found

    @cached_property
    def date(self) -> dates.Date | None:
        """When the paper was written: its date of meeting, else the first full date in its first lines."""
        first = self.lines[:40]
        for line in [*(line for line in first if re.search(r"\bdate\b|\bmeeting\b", line, re.I)), *first]:
            for found in dates.find(words.plain(line)):
                if found.date.year and found.date.month and found.date.day:
                    return found.date
        return None

    @cached_property
    def text(self) -> str:
        return "\n".join(self.lines)

    @cached_property
    def is_rounded(self) -> bool:
        """Whether the paper says that its figures are rounded."""
        return bool(
            re.search(
                r"\b(?:figures?|numbers?|totals?|percentages?|values?|counts?|amounts?"
                r"|data)\b[^.\n]{0,40}\brounded\b|\brounded (?:to|up|down|figures|numbers)\b|"
                r"(?:due to|because of|owing to) rounding|to the nearest (?:\d|hundred|thousand|ten)|may "
                r"not (?:sum|add)",
                self.text,
                re.I,
            )
        )

    def words_above(self, table: Table) -> str:
        """A short line just above a table, which says what it is."""
        above = [b for b in self.blocks if b.kind == "paragraph" and 0 < table.line - b.line <= 3 and len(b.text) < 100]
        return above[-1].text if above else ""

    def heading(self, section: int) -> str:
        return self.headings[section].text if 0 <= section < len(self.headings) else ""

    def items(self) -> Iterator[tuple[Block | None, list[Block]]]:
        """Each list with the block that introduces it."""
        run: list[Block] = []
        for block in [*self.blocks, None]:
            if block is not None and block.kind == "item" and (not run or block.leads == run[0].leads):
                run.append(block)
                continue
            if run:
                yield (self.blocks[run[0].leads] if run[0].leads >= 0 else None), run
            run = [block] if block is not None and block.kind == "item" else []


def sentences(text: str) -> list[str]:
    """The sentences of a paragraph; "c. 40" and "St. Paul's" end none."""
    found: list[str] = []
    start = 0
    for match in re.finditer(r"[.!?][\"'”’)\]]*\s+(?=[\"'“‘(\[]?[A-Z0-9£])", text):
        if _ABBREVIATIONS.search(text[start : match.start() + 1]):
            continue
        found.append(text[start : match.end()].strip())
        start = match.end()
    found.append(text[start:].strip())
    return [sentence for sentence in found if sentence]


def from_csv(text: str, name: str) -> Document:
    document = Document(name, lines=text.splitlines())
    document.tables = tables.from_csv(text)
    return document


def from_markdown(text: str, name: str) -> Document:
    """Read a paper. Anything is a paper: what is not understood is a paragraph."""
    lines = text.lstrip("\ufeff").splitlines()
    document = Document(name, lines=lines)
    document.tables, taken = tables.split(lines)
    _Reader(document, taken).run()
    return document


class _Reader:
    """Goes through the lines once and builds blocks."""

    def __init__(self, document: Document, taken: set[int]) -> None:
        self.document = document
        self.taken = taken
        self.waiting: list[tuple[int, str]] = []
        self.item = False
        self.numbered = False
        self.leads = -1
        self.starts = {table.line - 1: i for i, table in enumerate(document.tables)}

    @property
    def section(self) -> int:
        return len(self.document.headings) - 1

    def run(self) -> None:
        for at, line in enumerate(self.document.lines):
            if at in self.starts:
                self.flush()
                self._table(self.starts[at])
            elif at not in self.taken:
                self._line(at + 1, line)
        self.flush()

    def _line(self, number: int, line: str) -> None:
        if not line.strip() or re.fullmatch(r"\s*[-_*=]{3,}\s*", line):
            self.flush()
        elif heading := _heading(line):
            self.flush()
            self.leads = -1
            self.document.headings.append(Heading(number, *heading))
            self._add("heading", number, heading[0])
        elif _IMAGE.search(line):
            self.flush()
            self._add("image", number, line.strip())
        elif is_caption(line):
            self.flush()
            self._add("paragraph", number, words.plain(line))
        elif _BULLET.match(line):
            self.flush()
            self.item = True
        elif found := _ITEM.match(line):
            self.flush()
            self.item, self.numbered = True, bool(re.match(r"\s*\d", line))
            self.waiting.append((number, _SECOND_MARK.sub("", found["text"])))
        else:
            self.waiting.append((number, line.strip()))
            if line.endswith("  ") or _is_metric(line):
                self.flush()

    def flush(self) -> None:
        """What has been read so far is a block."""
        if not self.waiting:
            return
        number, kind = self.waiting[0][0], "item" if self.item else "paragraph"
        whole = " ".join(text for _, text in self.waiting).rstrip(" -–")
        if self.item and self.numbered and (len(whole) > 100 or whole.endswith((":", ";"))):
            kind = "paragraph"  # board papers number their paragraphs
        pieces = _SPLIT_HTML.split(" ".join(text for _, text in self.waiting))
        for piece in pieces:
            if text := words.plain(piece):
                self._add(kind, number, text)
        self.waiting, self.item, self.numbered = [], False, False

    def _add(self, kind: str, line: int, text: str, table: int = -1) -> None:
        number = len(self.document.blocks)
        if kind == "paragraph":
            self.leads = number
        leads = self.leads if kind == "item" else -1
        self.document.blocks.append(Block(number, line, text, self.section, kind, leads, table))

    def _table(self, index: int) -> None:
        table = self.document.tables[index]
        table.section = self.section
        self._add("table", table.line, table.title, index)
        for row in table.plain_rows:
            for cell in row:
                if len(cell) > tables.PROSE or "<p>" in cell:
                    self._prose(cell, table.line)

    def _prose(self, cell: str, line: int) -> None:
        """Text inside a cell: its paragraphs are paragraphs of the paper."""
        lead = -1
        for piece in re.split(r"(?=<p>|<li>|•)|</(?:p|li|ul|ol)>|<(?:br|ul|ol)\b[^>]*>", cell):
            text = words.plain(piece).lstrip("• ")
            if not text:
                continue
            is_item = piece.startswith(("<li>", "•"))
            self.leads = lead
            self._add("item" if is_item else "paragraph", line, text)
            if not is_item:
                lead = len(self.document.blocks) - 1


def _heading(line: str) -> tuple[str, int] | None:
    if found := _HEADING.match(line):
        return words.plain(found["text"]), len(found[1])
    if found := LABELLED.match(line.strip()):
        return words.plain(line.strip().strip("*")), 2
    if (found := _BOLD.match(line)) and not re.search(r"\d", found["text"]):
        return words.plain(found["text"]), 3
    text = words.plain(line)
    letters = re.sub(r"[^A-Za-z]", "", text)
    if len(letters) > 3 and text == text.upper() and len(text) < 70 and not re.search(r"[.;,]$|\d", text):
        return text, 2
    return None


def is_caption(line: str) -> bool:
    """ "Table 2: leavers by reason", and not "Table 2 shows …"."""
    text = words.plain(line)
    return len(text) < 160 and bool(CAPTION.match(text)) and not _SAYS.search(text)


def _is_metric(line: str) -> bool:
    """A line that is only a figure, or a label of a figure, stands alone: "**712** up -24"."""
    text = words.plain(line)
    return bool(re.fullmatch(r"[^A-Za-z]*\d[^A-Za-z]*(?:(?:up|down)[^A-Za-z]*)*", text))


def blocks_near(document: Document, number: int, before: int, after: int) -> Sequence[Block]:
    """Blocks around one, not counting itself."""
    return [b for b in document.blocks[max(number - before, 0) : number + after + 1] if b.number != number]
