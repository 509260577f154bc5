"""One measure printed with differing decimals: 23.22% in one month, 23.9% in the next."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import permutations

from peelian.insight.checker import cells, words
from peelian.insight.checker.cells import Cell, Piece
from peelian.insight.checker.document import Document, Sentence
from peelian.insight.checker.figures import Figure, shown
from peelian.insight.checker.findings import Finding
from peelian.insight.checker.rules.derived import turned
from peelian.insight.checker.tables import Row, Table, in_time


@dataclass(frozen=True)
class Printed:
    place: str
    line: int
    cell: Cell
    piece: Piece
    worked: Decimal | None = None  # to more places, where its part and its whole are known

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
                [_printed(table, r, i, m) for r in table.rows if (m := r.cells[i].main)],
                in_time([r.label for r in table.rows]) is not None,
            )
        dated = in_time(table.columns) is not None
        if dated or turned(table) is not None:
            for row in table.rows:
                found = [_printed(table, row, i, m) for i, c in enumerate(row.cells) if (m := c.main)]
                yield from _mixed(document, found, dated)
    yield from _lines(document)
    yield from _said(document)


def _printed(table: Table, row: Row, index: int, piece: Piece) -> Printed:
    """A cell that is a percentage by its sign or by the name of its column."""
    if "%" in table.columns[index] and not piece.unit:
        piece = replace(piece, unit="%")
    return Printed(table.place(row, index), row.line, row.cells[index], piece, _worked_beside(row, index, piece))


def _worked_beside(row: Row, index: int, piece: Piece) -> Decimal | None:
    """The percentage to more places, where two counts in its row are its part and its whole."""
    counts = [c.value for i, c in enumerate(row.cells) if i != index and c.main and c.unit == "" and c.value]
    shares = {100 * a / b for a, b in permutations(counts, 2) if b > a > 0}
    fitting = [s for s in shares if abs(s - piece.value) <= piece.ulp / 2]
    return fitting[0] if len(fitting) == 1 else None


def _mixed(document: Document, printed: Sequence[Printed], dated: bool) -> Iterator[Finding]:
    """A run of percentages of which most have the same decimals, and few have fewer; 0% and 100% may stand without.

    Of two, one decimal beside two is enough, when they are one measure at two dates.
    """
    if len(printed) < 2 or any(p.piece.unit != "%" for p in printed):
        return
    if len(printed) == 2:
        less, more = sorted(printed, key=lambda p: p.places)
        if dated and 0 < less.places < more.places:
            yield _finding(document, less, more.places, less.worked)
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
            yield _finding(document, one, usual, one.worked if one.places < usual else None)


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


def _said(document: Document) -> Iterator[Finding]:
    """ "In August 23.9% of members were active" beside "23.22% of members were active" in September."""
    seen: dict[tuple[str, ...], tuple[Sentence, Figure]] = {}
    for sentence in document.sentences:
        figures = [f for f in sentence.reading.figures if f.unit == "%"]
        after = tuple(words.stems(re.split(r"[,;:(]", sentence.text[figures[0].end :])[0])) if len(figures) == 1 else ()
        if len(after) < 2 or figures[0].sense or figures[0].signed or figures[0].ulp == 1:
            continue
        first = seen.setdefault(after, (sentence, figures[0]))
        if first[0].section == sentence.section and first[1].ulp != figures[0].ulp:
            coarse, fine = sorted([first, (sentence, figures[0])], key=lambda s: -s[1].ulp)
            usual = max(-int(fine[1].ulp.as_tuple().exponent), 0)
            yield Finding(
                document.name,
                f"line {coarse[0].line}",
                "decimals",
                coarse[1].text,
                f"{usual} decimals",
                f"The same measure is printed as {fine[1].text} in line {fine[0].line}.",
                coarse[0].line,
            )


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
