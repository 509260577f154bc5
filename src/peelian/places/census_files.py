"""Tables of the population out of CSV files, each bad row with its line, field and reason.

A file is long (area_code, category, people), wide (a column for each category), of classes (a decile or a group for
each small area), or of postcodes (a class for each).
"""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from peelian.places import topics as words
from peelian.places.bad_rows import BadRow
from peelian.places.errors import FileRefused
from peelian.places.queries import postcode_code

CODE_COLUMN = re.compile(r"^(area|geography|small|lsoa|msoa|oa|dz|sdz|ward|wd|lad|ltla|utla)[a-z]*\d*[ _]?(code|cd)$")
CLASS_COLUMNS = {
    "deprivation": ("decile", "imd_decile", "imd_decil"),
    "oac": ("subgroup", "group", "supergroup"),
}
POSTCODE_CLASS = ("code", "category", "type", "group")
LARGEST = 2_000_000_000
TOLERANCE = 10  # people; the Census of 2021 moves single figures by a few, so that tables differ from their totals


@dataclass(frozen=True)
class KnownArea:
    """What a row needs to know of the area that it names."""

    pk: int
    is_small: bool
    vintage: str
    ended: str = ""  # the day that it ended, in words; empty: it has not


@dataclass(frozen=True)
class Figure:
    """One row of a table as it is kept."""

    area: int
    category: str
    people: int | None
    rank: int | None = None
    score: float | None = None


@dataclass
class Read:
    """What a file holds. `labels` in the order of pages; `passed_over` the columns that no category was found for."""

    layout: str  # people, areas or postcodes, as PopulationTable.Counts
    figures: dict[str, list[Figure]] = field(default_factory=dict)  # topic → rows
    labels: dict[str, dict[str, str]] = field(default_factory=dict)
    postcodes: dict[str, str] = field(default_factory=dict)  # postcode → class
    passed_over: list[str] = field(default_factory=list)
    bad: list[BadRow] = field(default_factory=list)
    left_out: list[BadRow] = field(default_factory=list)  # good rows of areas that have a bad one


@dataclass(frozen=True)
class _Row:
    line: int
    cells: dict[str, str]

    def bad(self, reason: str) -> BadRow:
        return BadRow(self.line, reason, list(self.cells.values()))


@dataclass(frozen=True)
class _Cell:
    """A number for a category of an area, with the row it stands in."""

    row: _Row
    column: str
    area: int
    category: str
    people: int


class _Wrong(ValueError):
    """What is wrong with one row; the message names the field."""


def read(
    path: Path,
    topic: str,
    areas: dict[str, KnownArea],
    *,
    code_field: str | None = None,
    boundary_vintage: str = "",
    tolerance: int = TOLERANCE,
) -> Read:
    """Everything in the file that can be used, and what cannot. Raises FileRefused where the file is none of these."""
    rows = list(_rows(path))
    columns = list(rows[0].cells) if rows else []
    if not rows:
        raise FileRefused(f"{path.name} has no rows below its head.")
    named = {column.strip().lower(): column for column in columns}
    if topic in words.POSTCODE_TOPICS and "postcode" in named:
        return _postcodes(path, topic, rows, named)
    code = _code_column(path, columns, code_field)
    finder = _Finder(areas, code, boundary_vintage)
    if {"category", "people"} <= set(named):
        return _long(topic, rows, finder, named["category"], named["people"], tolerance)
    classes = [named[name] for name in CLASS_COLUMNS.get(topic, ()) if name in named]
    if topic in CLASS_COLUMNS:
        if not classes:
            wanted = " or ".join(CLASS_COLUMNS[topic])
            raise FileRefused(f"{path.name}, line 1: there is no column named {wanted}.")
        return _classes(topic, rows, finder, classes, named)
    return _wide(path, topic, rows, finder, tolerance)


@dataclass
class _Finder:
    areas: dict[str, KnownArea]
    column: str
    boundary_vintage: str

    def area(self, row: _Row, *, small: bool = False) -> KnownArea:
        """The area that a row names. Raises _Wrong with the field and the reason."""
        code = row.cells[self.column].strip()
        if not code:
            raise _Wrong(f"{self.column}: it is empty.")
        found = self.areas.get(code)
        if found is None:
            raise _Wrong(f"{self.column}: there is no area of the code {code}. Import the areas first.")
        if found.ended:
            raise _Wrong(
                f"{self.column}: {code} ended on {found.ended}. Its borders changed: use a table of the areas of today."
            )
        if self.boundary_vintage and found.vintage and found.vintage != self.boundary_vintage:
            raise _Wrong(
                f"{self.column}: the border of {code} here is of {found.vintage}, and the table’s is of"
                f" {self.boundary_vintage}."
            )
        if small and not found.is_small:
            raise _Wrong(f"{self.column}: {code} is not a small area, and only those are of one class.")
        return found


# The file -------------------------------------------------------------------------------------------------------------


def _rows(path: Path) -> Iterator[_Row]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            head = next(reader, [])
            twice = sorted({name for name in head if head.count(name) > 1})
            if twice:
                raise FileRefused(f"{path.name}, line 1: the column {twice[0]!r} is there twice.")
            for cells in reader:
                if not any(cell.strip() for cell in cells):
                    continue
                if len(cells) != len(head):
                    raise FileRefused(
                        f"{path.name}, line {reader.line_num}: {len(cells)} fields, and the head has {len(head)}."
                    )
                yield _Row(reader.line_num, dict(zip(head, cells, strict=True)))
    except UnicodeDecodeError as problem:
        raise FileRefused(f"{path.name} is not UTF-8 text. Save it as CSV UTF-8.") from problem
    except FileNotFoundError as problem:
        raise FileRefused(f"{path.name} was not found.") from problem
    except (OSError, csv.Error) as problem:
        raise FileRefused(f"{path.name} cannot be read: {problem}.") from problem


def _code_column(path: Path, columns: list[str], named: str | None) -> str:
    there = ", ".join(columns)[:200]
    if named is not None:
        if named not in columns:
            raise FileRefused(f"{path.name}, line 1: there is no column named {named}. Its columns are: {there}.")
        return named
    exact = next((column for column in columns if column.strip().lower() in ("area_code", "code")), None)
    found = exact or next((column for column in columns if CODE_COLUMN.match(column.strip().lower())), None)
    if found is None:
        raise FileRefused(
            f"{path.name}, line 1: there is no column named area_code. Name the one that holds the areas’ codes with"
            f" --code. Its columns are: {there}."
        )
    return found


def _number(column: str, text: str) -> int:
    """A whole number of people; "1,742" and "1742.0" are. Raises _Wrong."""
    bare = text.strip().replace(",", "")
    try:
        value = float(bare)
    except ValueError:
        value = math.nan
    if not re.fullmatch(r"[-+]?\d+(\.\d*)?", bare) or not math.isfinite(value):
        raise _Wrong(f"{column}: {text.strip()!r} is not a number of people.")
    if value < 0:
        raise _Wrong(f"{column}: {text.strip()} is less than nobody.")
    if value != int(value):
        raise _Wrong(f"{column}: {text.strip()} is not a whole number of people.")
    if value > LARGEST:
        raise _Wrong(f"{column}: {text.strip()} is more people than there can be.")
    return int(value)


# People by category ---------------------------------------------------------------------------------------------------


def _long(topic: str, rows: list[_Row], finder: _Finder, category: str, people: str, tolerance: int) -> Read:
    done = Read("people")
    cells: list[_Cell] = []
    labels: dict[str, str] = {}
    for row in rows:
        try:
            area = finder.area(row)
            text = row.cells[category].strip()
            code, label = _category(topic, category, text)
            if not code:
                continue
            if code != words.TOTAL:
                labels.setdefault(code, label)
            cells.append(_Cell(row, people, area.pk, code, _number(people, row.cells[people])))
        except _Wrong as problem:
            done.bad.append(row.bad(str(problem)))
    _keep(done, topic, cells, labels, rows, finder, tolerance)
    return done


def _wide(path: Path, topic: str, rows: list[_Row], finder: _Finder, tolerance: int) -> Read:
    done = Read("people")
    found, labels = _category_columns(path, topic, [name for name in rows[0].cells if name != finder.column], done)
    cells: list[_Cell] = []
    for row in rows:
        try:
            area = finder.area(row)
            numbers = {column: _number(column, row.cells[column]) for column in found}
        except _Wrong as problem:
            done.bad.append(row.bad(str(problem)))
        else:
            cells += [_Cell(row, name, area.pk, code, numbers[name]) for name, code in found.items()]
    _keep(done, topic, cells, labels, rows, finder, tolerance)
    return done


def _category_columns(path: Path, topic: str, columns: list[str], done: Read) -> tuple[dict[str, str], dict[str, str]]:
    """Column → category of those that are one, and their labels. Of a topic without categories of its own every column
    would be one, and the name of a town a number of people: such a table has to be long."""
    if not words.kind(topic).closed and topic != "age":
        raise FileRefused(
            f"{path.name}, line 1: there are no columns category and people. A table about {topic} has a row for each"
            " area and category: area_code,category,people."
        )
    found: dict[str, str] = {}
    labels: dict[str, str] = {}
    for column in columns:
        try:
            code, label = _category(topic, column, column)
        except _Wrong:
            done.passed_over.append(column)
            continue
        if code in found.values():
            if code == words.TOTAL:
                done.passed_over.append(column)
                continue
            first = next(name for name, other in found.items() if other == code)
            raise FileRefused(f"{path.name}, line 1: the columns {first!r} and {column!r} are both {label}.")
        if code:
            found[column] = code
            labels.update({code: label} if code != words.TOTAL else {})
    if not labels:
        raise FileRefused(f"{path.name}, line 1: no column is a category of {topic}. {_categories(topic)}")
    return found, labels


def _category(topic: str, column: str, text: str) -> tuple[str, str]:
    if not text:
        raise _Wrong(f"{column}: it is empty.")
    if words.is_total(text):
        return words.TOTAL, ""
    try:
        return words.category(topic, text)
    except words.UnknownCategory:
        raise _Wrong(f"{column}: {text[:80]!r} is no category of {topic}. {_categories(topic)}") from None


def _categories(topic: str) -> str:
    if topic == "age":
        return "Ages are bands of years, such as 0-4, 16-24 or 90+."
    return f"They are {', '.join(words.kind(topic).labels)}." if words.kind(topic).closed else ""


def _keep(
    done: Read,
    topic: str,
    cells: list[_Cell],
    labels: dict[str, str],
    rows: list[_Row],
    finder: _Finder,
    tolerance: int,
) -> None:
    """Look for what is there twice and for totals that do not fit; an area with a bad row is left out as a whole."""
    first: dict[tuple[int, str], _Cell] = {}
    for cell in cells:
        earlier = first.setdefault((cell.area, cell.category), cell)
        if earlier is not cell:
            said = cell.row.cells[finder.column].strip()
            what = "the total" if cell.category == words.TOTAL else labels[cell.category]
            done.bad.append(
                cell.row.bad(f"{cell.column}: {what} of {said} is there twice, first in line {earlier.row.line}.")
            )
    done.bad += _totals(first, finder, tolerance)
    _leave_out(done, topic, first, labels, rows, finder)


def _totals(first: dict[tuple[int, str], _Cell], finder: _Finder, tolerance: int) -> Iterator[BadRow]:
    parts: dict[int, int] = {}
    for (area, category), cell in first.items():
        if category != words.TOTAL:
            parts[area] = parts.get(area, 0) + cell.people
    for (area, category), cell in first.items():
        if category == words.TOTAL and abs(cell.people - parts.get(area, 0)) > tolerance:
            yield cell.row.bad(
                f"{cell.column}: the total of {cell.row.cells[finder.column].strip()} is {cell.people:,}, and its parts"
                f" add up to {parts.get(area, 0):,}. Up to {tolerance:,} apart is taken (--tolerance)."
            )


def _leave_out(
    done: Read,
    topic: str,
    first: dict[tuple[int, str], _Cell],
    labels: dict[str, str],
    rows: list[_Row],
    finder: _Finder,
) -> None:
    lines = {row.line for row in done.bad}
    spoilt = {finder.areas[row.cells[finder.column].strip()].pk for row in rows if row.line in lines
              and row.cells[finder.column].strip() in finder.areas}  # fmt: skip
    kept = [cell for cell in first.values() if cell.category != words.TOTAL]
    also = {cell.row.line: cell.row for cell in first.values() if cell.area in spoilt and cell.row.line not in lines}
    why = "another row of this area cannot be used, and part of an area misleads."
    done.left_out = [row.bad(why) for row in also.values()]
    done.bad.sort(key=lambda row: row.line)
    done.figures[topic] = [Figure(cell.area, cell.category, cell.people) for cell in kept if cell.area not in spoilt]
    done.labels[topic] = words.in_order(topic, labels)


# Classes --------------------------------------------------------------------------------------------------------------


def _classes(topic: str, rows: list[_Row], finder: _Finder, columns: list[str], named: dict[str, str]) -> Read:
    """The decile, or supergroup, group and subgroup, of each small area. Of an OAC subgroup the others follow."""
    done = Read("areas")
    rank = next((named[name] for name in ("rank", "imd_rank") if name in named), None)
    score = next((named[name] for name in ("score", "imd_score") if name in named), None)
    seen: dict[int, int] = {}
    for row in rows:
        try:
            area = finder.area(row, small=True)
            if area.pk in seen:
                raise _Wrong(f"{finder.column}: this area is there twice, first in line {seen[area.pk]}.")
            classes = _oac(row, columns) if topic == "oac" else {topic: _decile(row, columns[0])}
            place = _optional(row, rank), _optional(row, score)
        except _Wrong as problem:
            done.bad.append(row.bad(str(problem)))
            continue
        seen[area.pk] = row.line
        for name, code in classes.items():
            at = place if name == "deprivation" else (None, None)
            position = None if at[0] is None else int(at[0])
            done.figures.setdefault(name, []).append(Figure(area.pk, code, None, position, at[1]))
    for name, figures in done.figures.items():
        known = words.kind(name).labels
        codes = sorted({figure.category for figure in figures}, key=lambda code: (len(code), code))
        # All tenths, so that a page says "0" of those where nobody lives
        done.labels[name] = dict(known) if name == "deprivation" else {code: known.get(code, code) for code in codes}
    return done


def _decile(row: _Row, column: str) -> str:
    value = _number(column, row.cells[column])
    if not 1 <= value <= 10:
        raise _Wrong(f"{column}: {value} is no tenth: they go from 1, the most deprived, to 10.")
    return str(value)


def _oac(row: _Row, columns: list[str]) -> dict[str, str]:
    codes = [row.cells[column].strip().lower() for column in columns]
    longest = max(codes, key=len)
    if not re.fullmatch(r"[1-8]([a-d][1-9]?)?", longest) or not all(longest.startswith(code) for code in codes):
        shown = ", ".join(repr(code) for code in codes)
        raise _Wrong(
            f"{columns[0]}: {shown} is not of the classification: a supergroup is 1 to 8, a group 4c, a subgroup 4c2."
        )
    levels = {"oac": longest[:1], "oac-group": longest[:2], "oac-subgroup": longest[:3]}
    return {name: code for name, code in levels.items() if len(code) == {"oac": 1, "oac-group": 2}.get(name, 3)}


def _optional(row: _Row, column: str | None) -> float | None:
    if column is None or not row.cells[column].strip():
        return None
    try:
        value = float(row.cells[column])
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise _Wrong(f"{column}: {row.cells[column].strip()!r} is not a number.")
    return value


# Postcodes ------------------------------------------------------------------------------------------------------------


def _postcodes(path: Path, topic: str, rows: list[_Row], named: dict[str, str]) -> Read:
    done = Read("postcodes")
    column = next((named[name] for name in (topic, *POSTCODE_CLASS) if name in named), None)
    if column is None:
        raise FileRefused(f"{path.name}, line 1: there is no column named {topic} or code for the postcodes’ class.")
    label_column = next((named[name] for name in ("label", "name", "description") if name in named), None)
    labels: dict[str, str] = {}
    lines: dict[str, int] = {}
    for row in rows:
        try:
            postcode = postcode_code(row.cells[named["postcode"]])
            if not 5 <= len(postcode) <= 7 or not postcode.isalnum():
                raise _Wrong(f"postcode: {row.cells[named['postcode']]!r} is not a postcode.")
            if postcode in lines:
                raise _Wrong(
                    f"postcode: {row.cells[named['postcode']]} is there twice, first in line {lines[postcode]}."
                )
            text = row.cells[column].strip()
            code = words.slug(text)
            if not code:
                raise _Wrong(f"{column}: it is empty.")
        except _Wrong as problem:
            done.bad.append(row.bad(str(problem)))
            continue
        lines[postcode] = row.line
        done.postcodes[postcode] = code
        labels.setdefault(code, (row.cells[label_column].strip() if label_column else "") or text)
    done.figures[topic] = []
    done.labels[topic] = dict(sorted(labels.items()))
    return done
