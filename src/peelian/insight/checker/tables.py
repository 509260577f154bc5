"""Tables as papers print them: CSV, Markdown with pipes, and lines with tabs."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from peelian.insight.checker import cells, dates, words
from peelian.insight.checker.cells import Cell

_RULE = re.compile(r"^\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?\s*$")
PROSE = 90  # letters: a longer cell is text, not a label


@dataclass(frozen=True)
class Row:
    line: int
    label: str
    cells: tuple[Cell, ...]  # without the label


@dataclass
class Table:
    """A table: the first column labels its rows, the first line with more than one cell its columns."""

    line: int
    corner: str
    columns: list[str]
    rows: list[Row]
    title: str = ""
    section: int = -1
    notes: str = ""
    is_csv: bool = False
    plain_rows: list[list[str]] = field(default_factory=list)

    def column(self, index: int) -> list[Cell]:
        return [row.cells[index] for row in self.rows]

    def place(self, row: Row, index: int) -> str:
        """Where a cell is, in words."""
        column = self.columns[index] or f"number {index + 2}"
        return f"line {row.line}, row {words.plain(row.label) or 'without a label'}, column {words.plain(column)}"

    def numeric(self, index: int) -> bool:
        """Whether a column holds numbers: at least half of what is printed in it."""
        filled = [c for c in self.column(index) if not c.blank and not c.nothing]
        return bool(filled) and 2 * sum(c.is_number for c in filled) >= len(filled)

    @property
    def has_numbers(self) -> bool:
        return any(self.numeric(i) for i in range(len(self.columns)))

    @property
    def end(self) -> int:
        return self.rows[-1].line if self.rows else self.line


Line = tuple[int, list[str]]


def build(lines: Sequence[Line], *, line: int, is_csv: bool = False) -> Table | None:
    """A table from lines of cells, or None where there is nothing under a head."""
    width = max((_used(row) for _, row in lines), default=0)
    if width < 2:
        return None
    padded = [(at, [*row, *[""] * (width - len(row))][:width]) for at, row in lines]
    title: list[str] = []
    notes: list[str] = []
    while len(padded) > 1 and padded[0][1][0].strip() and not any(c.strip() for c in padded[0][1][1:]):
        title.append(" ".join(padded.pop(0)[1]).strip())
    while padded and sum(bool(c.strip()) for c in padded[-1][1]) <= 1 and len(padded) > 1 and _is_note(padded[-1][1]):
        notes.insert(0, " ".join(padded.pop()[1]).strip())
    if not padded:
        return None
    head = padded[0][1]
    if _headless(head):
        head = [""] * width
    else:
        padded = padded[1:]
    _join_thousands([row for _, row in padded])
    rows = [
        Row(at, row[0].strip(), tuple(cells.read(c) for c in row[1:]))
        for at, row in padded
        if any(c.strip() for c in row)
    ]
    if not rows:
        return None
    return Table(
        line,
        words.plain(head[0]),
        [words.plain(c) for c in head[1:]],
        rows,
        " ".join(title),
        notes=" ".join(notes),
        is_csv=is_csv,
    )


_SPACED = re.compile(r"\s*[£$€]?[+\-−]?\d{1,3}(?: \d{3})+(?:\.\d+)?%?\s*")


def _join_thousands(rows: Sequence[list[str]]) -> None:
    """Read "12 400" as 12,400 in a table where all thousands are written so: one such cell alone may be two numbers."""
    cells_of = [(row, at) for row in rows for at in range(1, len(row))]
    spaced = [(row, at) for row, at in cells_of if _SPACED.fullmatch(row[at])]
    if len(spaced) > 1 and not any(re.search(r"\d,\d{3}|(?<![\d.])\d{4}", row[at]) for row, at in cells_of):
        for row, at in spaced:
            row[at] = row[at].strip().replace(" ", ",")


def _used(row: list[str]) -> int:
    return max((i + 1 for i, cell in enumerate(row) if cell.strip()), default=0)


def _is_note(row: list[str]) -> bool:
    text = " ".join(row).strip()
    return bool(text) and (len(text) > 40 or bool(re.match(r"(?:note|source|\*|\[|¹|figures)", text, re.I)))


def _headless(row: list[str]) -> bool:
    """Whether the first line is already figures: all numbers, and not years or dates."""
    rest = [cells.read(c) for c in row[1:] if c.strip()]
    if not rest or not row[0].strip():
        return False
    years = all(re.fullmatch(r"(?:19|20)\d{2}", c.text) for c in rest)
    counting = [c.text for c in rest] == [str(i) for i in range(1, len(rest) + 1)] or [c.text for c in rest] == [
        str(i) for i in range(len(rest))
    ]
    return all(c.is_number for c in rest) and not years and not counting


def from_csv(text: str) -> list[Table]:
    """The tables of a CSV file: one, or several between empty lines."""
    sample = text[:4000]
    counts = {mark: sample.count(mark) for mark in "\t;,"}
    delimiter = "\t" if counts["\t"] else ";" if counts[";"] > counts[","] else ","
    reader = csv.reader(io.StringIO(text.lstrip("\ufeff"), newline=""), delimiter=delimiter, skipinitialspace=True)
    found: list[Table] = []
    block: list[Line] = []
    before = 0
    for row in reader:
        at, before = before + 1, reader.line_num
        if any(cell.strip() for cell in row):
            block.append((at, row))
        elif block:
            block = _close(block, found)
    if block:
        _close(block, found)
    return found


def _close(block: list[Line], found: list[Table]) -> list[Line]:
    """A block between empty lines is a table, or goes on with the one before when it has its columns and no head."""
    last = found[-1] if found else None
    if last and _goes_on(last, block):
        last.rows += [_row(last, line) for line in block]
        return []
    table = build(block, line=block[0][0], is_csv=True)
    if table:
        if len(block) and not table.title and last is None and found:
            table.title = found[-1].title
        found.append(table)
    elif found and len(block) == 1:
        found[-1].notes += " " + " ".join(block[0][1]).strip()
    return []


def _row(table: Table, line: Line) -> Row:
    row = [*line[1], *[""] * (len(table.columns) + 1)]
    return Row(line[0], row[0].strip(), tuple(cells.read(c) for c in row[1 : len(table.columns) + 1]))


def _goes_on(table: Table, block: Sequence[Line]) -> bool:
    return _used(block[0][1]) == len(table.columns) + 1 and _headless(block[0][1])


def _pipe_cells(line: str) -> list[str]:
    body = line.strip().removeprefix("|")
    body = body[:-1] if body.endswith("|") and not body.endswith(r"\|") else body
    return [cell.replace(r"\|", "|").strip() for cell in re.split(r"(?<!\\)\|", body)]


def _tab_cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.rstrip("\n").split("\t")]


def _is_pipe(line: str) -> bool:
    return (line.strip().startswith("|") and line.count("|") > 1) or ("|" in line and bool(_RULE.match(line)))


def split(lines: Sequence[str]) -> tuple[list[Table], set[int]]:
    """The tables among the lines of a paper, and the numbers (from 0) of the lines that they take."""
    found: list[Table] = []
    taken: set[int] = set()
    for start, end, read in _runs(lines):
        block = [(i + 1, read(lines[i])) for i in range(start, end) if lines[i].strip() and not _RULE.match(lines[i])]
        if found and start - found[-1].end <= 6 and read is _tab_cells and _goes_on(found[-1], block):
            found[-1].rows += [_row(found[-1], line) for line in block]
        elif table := build(block, line=start + 1):
            table.plain_rows = [row for _, row in block]
            found.append(table)
        else:
            continue
        taken |= set(range(start, end))
    return found, taken


def _runs(lines: Sequence[str]) -> Iterable[tuple[int, int, Callable[[str], list[str]]]]:
    at = 0
    while at < len(lines):
        read = _pipe_cells if _is_pipe(lines[at]) else _tab_cells if "\t" in lines[at].strip("\n") else None
        if read is _pipe_cells and at + 1 < len(lines) and not _is_pipe(lines[at + 1]) and not _RULE.match(lines[at]):
            read = None
        if read is None:
            at += 1
            continue
        end = at
        while end < len(lines) and (_is_pipe(lines[end]) if read is _pipe_cells else "\t" in lines[end]):
            end += 1
        yield at, end, read
        at = end


def in_time(labels: Sequence[str]) -> list[int] | None:
    """The order in time of labels that are all dates, as indexes; None where they are not dates, or stand still."""
    read = [dates.read(words.plain(text)) for text in labels]
    if len(read) < 2 or any(date is None for date in read):
        return None
    known = [date for date in read if date]
    if all(date.year for date in known):
        return sorted(range(len(known)), key=lambda i: (known[i].year, known[i].month, known[i].day))
    if any(date.year for date in known) or len({date.month for date in known}) < len(known):
        return None
    return list(range(len(known)))  # months without a year: as they stand
