"""One measure printed with differing decimals: 23.22% in one month, 23.9% in the next."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from peelian.insight.checker import cells, words
from peelian.insight.checker.cells import Cell, Piece
from peelian.insight.checker.document import Document
from peelian.insight.checker.figures import shown
from peelian.insight.checker.findings import Finding
from peelian.insight.checker.rules.derived import turned


@dataclass(frozen=True)
class Printed:
    place: str
    line: int
    cell: Cell
    piece: Piece

    @property
    def places(self) -> int:
        return max(-int(self.piece.ulp.as_tuple().exponent), 0)


_LABELLED = re.compile(r"^(?P<label>[A-Za-z][^:]{3,100}):\s*(?P<value>[\d£(].{0,40})$")


def check(document: Document) -> Iterator[Finding]:
    """decimals: in a column or row of percentages, and in lines with one label that stand several times."""
    for table in document.tables:
        for i in range(len(table.columns)):
            yield from _mixed(
                document,
                [Printed(table.place(r, i), r.line, r.cells[i], m) for r in table.rows if (m := r.cells[i].main)],
            )
        if turned(table) is not None:
            for row in table.rows:
                yield from _mixed(
                    document,
                    [Printed(table.place(row, i), row.line, c, m) for i, c in enumerate(row.cells) if (m := c.main)],
                )
    yield from _lines(document)


def _mixed(document: Document, printed: Sequence[Printed]) -> Iterator[Finding]:
    """A run of percentages of which most have the same decimals, and few have fewer; 0% and 100% may stand without."""
    if len(printed) < 3 or any(p.piece.unit != "%" for p in printed):
        return
    telling = [p for p in printed if p.piece.value not in {Decimal(0), Decimal(100)}]
    places = [p.places for p in telling]
    if not places:
        return
    usual = max(set(places), key=lambda n: (places.count(n), n))
    if 3 * places.count(usual) < 2 * len(places):
        return
    for one in telling:
        if one.places != usual:
            yield _finding(document, one, usual, None)


def _lines(document: Document) -> Iterator[Finding]:
    """ "Label: 12,401 (23.22%)" beside "Label: 12,039 (23.9%)"."""
    seen: dict[str, Printed] = {}
    for block in document.blocks:
        match = _LABELLED.match(block.text)
        if not match or block.kind not in {"paragraph", "item"}:
            continue
        cell = cells.read(match["value"])
        percents = [p for p in cell.pieces if p.unit == "%" and not p.signed]
        if len(percents) != 1 or cell.rest or percents[0].value in {Decimal(0), Decimal(100)}:
            continue
        one = Printed(f"line {block.line}", block.line, cell, percents[0])
        first = seen.setdefault(words.label(match["label"]), one)
        if one.places != first.places:
            less, more = sorted((one, first), key=lambda p: p.places)
            yield _finding(document, less, more.places, _worked(document, less))


def _worked(document: Document, one: Printed) -> Decimal | None:
    """The percentage to more places, where a line of the same run gives the number that it is a share of."""
    count = next((p.value for p in one.cell.pieces if p.unit == ""), None)
    if count is None:
        return None
    around = [b for b in document.blocks if b.kind in {"paragraph", "item"} and abs(b.line - one.line) <= 14]
    for block in sorted(around, key=lambda b: abs(b.line - one.line)):
        match = _LABELLED.match(block.text)
        base = cells.read(match["value"]).value if match else None
        if base and base > count and abs(100 * count / base - one.piece.value) <= one.piece.ulp / 2:
            return 100 * count / base
    return None


def _finding(document: Document, one: Printed, usual: int, worked: Decimal | None) -> Finding:
    text = shown(one.piece.value, one.piece.ulp, "%")
    expected = (
        shown(worked, Decimal(1).scaleb(-usual), "%")
        if worked is not None
        else f"{usual} decimal{'s' if usual != 1 else ''}"
    )
    return Finding(
        document.name,
        one.place,
        "decimals",
        text,
        expected,
        f"The same measure has {usual} decimal{'s' if usual != 1 else ''} elsewhere and {one.places} here.",
        one.line,
    )
