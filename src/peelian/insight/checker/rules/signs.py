"""Cells: two values in one, and arrows, words or signs that contradict the figures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import zip_longest

from peelian.insight.checker import cells, dates, words
from peelian.insight.checker.cells import Cell, Piece
from peelian.insight.checker.document import Block, Document
from peelian.insight.checker.figures import shown
from peelian.insight.checker.findings import Finding
from peelian.insight.checker.tables import Table, in_time

_RISING = re.compile(
    rf"^(?:up|rise|rising|increased?|higher|growth|[{cells.ARROWS_UP}]+)(?:\s(?:on|from|since|against)\b.*)?$", re.I
)
_FALLING = re.compile(
    rf"^(?:down|fall|falling|decreased?|lower|reduction|[{cells.ARROWS_DOWN}]+)(?:\s(?:on|from|since|against)\b.*)?$",
    re.I,
)

_LABELLED_CHANGE = re.compile(
    rf"^(?P<label>[A-Za-z][A-Za-z -]{{2,50}})\s(?P<value>\d.*(?:up|down|[{cells.ARROWS_UP}{cells.ARROWS_DOWN}]).*)$"
)


def check(document: Document) -> Iterator[Finding]:
    """direction and ambiguous-cell, in tables and in lines that are only figures."""
    for table in document.tables:
        for i in range(len(table.columns)):
            yield from _column(document, table, i)
        yield from _word_column(document, table)
    for block, after in zip_longest(document.blocks, document.blocks[1:]):
        if block is not None and block.kind in {"paragraph", "heading"} and len(block.text) < 80:
            yield from _metric(document, block, after)


def _column(document: Document, table: Table, index: int) -> Iterator[Finding]:
    column = [(row, row.cells[index]) for row in table.rows]
    doubled = [row for row, cell in column if cells.two_values(cell)]
    filled = [cell for _, cell in column if cell.pieces]
    slashes = sum("/" in cell.text for _, cell in column)
    is_format = len(doubled) > 1 and 2 * len(doubled) >= len(
        filled
    )  # "12/15" all the way down is how the column is written
    for row, cell in column:
        place = table.place(row, index)
        yield from _arrow(document, cell, place, row.line)
        written_so = is_format or len(doubled) > 1 or (slashes > 1 and "/" in cell.text)
        if (pair := cells.two_values(cell)) and (_separate(cell) or not written_so):
            yield _two(document, cell, pair, place, row.line)


def _separate(cell: Cell) -> bool:
    """Whether only a space or an arrow stands between the two numbers: no form that a column could be written in."""
    return bool(
        re.search(
            rf"[\d%]\s+(?:[{cells.ARROWS_UP}{cells.ARROWS_DOWN}\ufe0f]\s*)?[£$€]?\d", cells.without_scale(cell.text)
        )
    )


def _arrow(document: Document, cell: Cell, place: str, line: int) -> Iterator[Finding]:
    """An arrow or word before a signed number says which way; the sign decides."""
    for piece in cell.pieces:
        if not piece.arrow or not piece.signed or not piece.value or not cell.is_number:
            continue
        if (piece.arrow == "up") != (piece.value > 0):
            right = "down" if piece.arrow == "up" else "up"
            printed = shown(piece.value, piece.ulp, piece.unit)
            yield Finding(
                document.name,
                place,
                "direction",
                f"{piece.arrow} {'+' if piece.value > 0 else ''}{printed}",
                right,
                f"“{piece.arrow}” stands beside a {'fall' if piece.value < 0 else 'rise'} of "
                f"{shown(abs(piece.value), piece.ulp, piece.unit)}.",
                line,
            )


def _two(document: Document, cell: Cell, pair: tuple[Piece, Piece], place: str, line: int) -> Finding:
    first, second = (shown(p.value, p.ulp, p.unit) for p in pair)
    change = [p for p in cell.pieces if p.signed and p.unit == pair[0].unit]
    gap = abs(pair[0].value - pair[1].value)
    why = f"One cell holds {first} and {second}."
    if change and abs(change[0].value) != gap:
        why += (
            f" The change beside them, {shown(change[0].value, change[0].ulp, change[0].unit)}, is that of "
            f"neither: they are {shown(gap, pair[0].ulp, pair[0].unit)} apart."
        )
    return Finding(document.name, place, "ambiguous-cell", cell.text, "one value", why, line)


def _metric(document: Document, block: Block, after: Block | None) -> Iterator[Finding]:
    """A line of figures above or below the label that it belongs to."""
    cell = cells.read(block.text)
    if not cell.is_number:
        label, _, value = block.text.rpartition(":")
        if not label and (change := _LABELLED_CHANGE.match(block.text)):
            label, value = change["label"], change["value"]
        cell = cells.read(value) if label and re.search(r"[A-Za-z]", label) else cell
        if not cell.is_number:
            return
        name = label
    else:
        name = after.text if after is not None and len(after.text) < 60 and not re.search(r"\d", after.text) else ""
    place = f"line {block.line}" + (f", {words.plain(name)}" if name else "")
    yield from _arrow(document, cell, place, block.line)
    has_unit = any(p.arrow or p.unit for p in cell.pieces)  # "4 2" alone may be anything
    if (pair := cells.two_values(cell)) and name and has_unit and _separate(cell):
        yield _two(document, cell, pair, place, block.line)


def _word_column(document: Document, table: Table) -> Iterator[Finding]:
    """A column of "up" and "down" beside a column of signed changes, or beside two columns of figures in time."""
    said = [i for i in range(len(table.columns)) if _says_direction(table, i)]
    changes = [i for i in range(len(table.columns)) if i not in said and _is_change(table, i)]
    if said and not changes:
        yield from _word_beside_dates(document, table, said[0])
    for i in said:
        for row in table.rows:
            word = row.cells[i].text
            rising = bool(_RISING.match(word))
            for j in changes[:1]:
                value = row.cells[j].value
                if value and (_RISING.match(word) or _FALLING.match(word)) and rising != (value > Decimal(0)):
                    yield Finding(
                        document.name,
                        table.place(row, i),
                        "direction",
                        word,
                        "down" if rising else "up",
                        f"“{word}” stands beside {row.cells[j].text}.",
                        row.line,
                    )


def _word_beside_dates(document: Document, table: Table, said: int) -> Iterator[Finding]:
    """ "up" beside 370 in 2020 and 268 in 2021."""
    dated = [
        i for i, name in enumerate(table.columns) if i != said and dates.read(words.plain(name)) and table.numeric(i)
    ]
    order = in_time([table.columns[i] for i in dated])
    if len(dated) != 2 or not order:
        return
    first, last = (dated[i] for i in order)
    for row in table.rows:
        word, old, new = row.cells[said].text, row.cells[first], row.cells[last]
        if old.value is None or new.value is None or old.value == new.value:
            continue
        if bool(_RISING.match(word) if new.value < old.value else _FALLING.match(word)):
            yield Finding(
                document.name,
                table.place(row, said),
                "direction",
                word,
                "down" if new.value < old.value else "up",
                f"“{word}” stands beside {old.text} and then {new.text}.",
                row.line,
            )


def _says_direction(table: Table, index: int) -> bool:
    filled = [c.text for c in table.column(index) if c.text]
    return bool(filled) and all(
        _RISING.match(t) or _FALLING.match(t) or re.match(r"(?i)^(?:same|level|stable|no change|[-–=→➡])", t)
        for t in filled
    )


def _is_change(table: Table, index: int) -> bool:
    filled = [c for c in table.column(index) if c.main]
    named = re.search(r"\b(?:change|difference|variance|movement)\b|\+/-", table.columns[index], re.I)
    return (
        bool(filled)
        and (bool(named) or all(c.main and c.main.signed for c in filled))
        and any(c.main and c.main.signed for c in filled)
    )
