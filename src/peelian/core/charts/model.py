"""What a chart is made of: its words, its table and its drawing."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Final, Literal

from peelian.core.wording import number, uk_date

WIDE: Final = 640  # px: two thirds of a page, and the width of a printed paper's column
NARROW: Final = 330  # px: a phone. Text is as large there as on a desk, so that it is drawn anew and not made smaller
Kind = Literal["words", "number", "share", "points", "change", "pounds"]


@dataclass(frozen=True)
class Unit:
    """How a value is said. `share`: 0.123 is said "12%", with PLACES=1 "12.3%"; `points`: 0.031 is "+3.1 percentage
    points"; `change`: 0.6 is "+60%"; `name` comes after a number: "4.2 per 1,000"."""

    name: str = ""
    places: int = 0
    kind: Kind = "number"

    @property
    def whole(self) -> bool:
        """Whether its values are counts."""
        return self.kind == "number" and self.places == 0

    def short(self, value: float | None) -> str:
        """As on an axis or in a table: without the name."""
        if value is None or not math.isfinite(value):
            return "not known"
        if self.kind == "share":
            return f"{_rounded(100 * value, self.places)}%"
        if self.kind in ("points", "change"):
            words = _rounded(100 * value, self.places)
            words = words if words.startswith("−") or not words.strip("0.") else f"+{words}"
            return f"{words}%" if self.kind == "change" else words
        if self.kind == "pounds":
            return f"−£{_rounded(-value, self.places)}" if value < 0 else f"£{_rounded(value, self.places)}"
        return _rounded(value, self.places)

    def said(self, value: float | None) -> str:
        """As in a sentence: 4.2 per 1,000; 12.3%; +3.1 percentage points."""
        words = self.short(value)
        if self.kind == "points" and value is not None:
            return f"{words} percentage points"
        return f"{words} {self.name}".strip() if value is not None else words


def _rounded(value: float, places: int) -> str:
    """With thousands separators and a true minus; what rounds to nothing has no sign."""
    words = number(round(value, places) + 0.0, places)
    return words.replace("-", "−") if words.strip("-0.,") else words.lstrip("-")


NUMBER: Final = Unit()
SHARE: Final = Unit(kind="share")
SHARE_1: Final = Unit(kind="share", places=1)
POINTS: Final = Unit(kind="points", places=1)
CHANGE: Final = Unit(kind="change", places=1)
PER_1000: Final = Unit(name="per 1,000", places=1)
POUNDS: Final = Unit(kind="pounds", places=2)


@dataclass(frozen=True)
class Column:
    """A column of a table. Words stand left, everything else right; the file has the value, the page says it."""

    name: str
    unit: Unit = NUMBER


def words(name: str) -> Column:
    return Column(name, Unit(kind="words"))


Cell = str | int | float | date | None


@dataclass(frozen=True)
class Table:
    """What a chart shows, in figures. A column that is only a name takes words or numbers as they come. `note` says
    bases, methods and what is left out. The first cell of a row is its head."""

    caption: str
    columns: Sequence[Column | str]
    rows: Sequence[Sequence[Cell]]
    note: str = ""

    @property
    def heads(self) -> list[str]:
        return [column if isinstance(column, str) else column.name for column in self.columns]

    @property
    def head_cells(self) -> list[tuple[str, bool]]:
        """Each head, and whether numbers stand under it."""
        return list(zip(self.heads, self._numeric, strict=True))

    @property
    def body(self) -> list[list[tuple[str, bool]]]:
        """The cells as a page says them, and whether each stands among numbers."""
        return [[(self._said(at, cell), self._numeric[at]) for at, cell in enumerate(row)] for row in self.rows]

    @property
    def labelled(self) -> list[list[tuple[str, str, bool]]]:
        """The same with the head of each cell's column before it: a phone stands them beneath each other."""
        return [[(head, *cell) for head, cell in zip(self.heads, row, strict=True)] for row in self.body]

    @property
    def fits_a_phone(self) -> bool:
        """Whether it stands on a phone as it is: a name and a number, or two numbers under short heads."""
        beside = self.head_cells[1:]
        return len(beside) < 2 or (len(beside) == 2 and all(numeric and len(head) <= 10 for head, numeric in beside))

    @property
    def raw(self) -> list[list[str | int | float]]:
        """The cells as a file has them: numbers unrounded, what is not known empty."""
        return [[_plain(cell) for cell in row] for row in self.rows]

    @cached_property
    def _numeric(self) -> list[bool]:
        """Whether numbers stand in each column: in one of them a word ("not told") stands to the right as well."""
        return [
            column.unit.kind != "words"
            if isinstance(column, Column)
            else any(isinstance(row[at], int | float) for row in self.rows)
            for at, column in enumerate(self.columns)
        ]

    def _said(self, at: int, cell: Cell) -> str:
        column = self.columns[at]
        if isinstance(cell, datetime | date):
            return uk_date(cell)
        if isinstance(cell, str):
            return cell
        if isinstance(column, Column):
            return column.unit.short(cell)
        return Unit(places=0 if isinstance(cell, int) else 1).short(cell)


def _plain(cell: Cell) -> str | int | float:
    if cell is None or (isinstance(cell, float) and not math.isfinite(cell)):
        return ""
    return cell.isoformat() if isinstance(cell, date) else cell


@dataclass(frozen=True)
class Chart:
    """A drawing with its words and its table. `title` says what is shown, `finding` what one sees in it (and is its
    text alternative), `note` from where and when. `svg` is empty where nothing can be drawn: `finding` says why."""

    key: str  # a name for the address: /page/#sign-ups, /page/?csv=sign-ups
    title: str
    finding: str
    table: Table
    paint: Callable[[int], str] | None = field(default=None, repr=False, compare=False)
    note: str = ""
    as_of: datetime | None = None

    @cached_property
    def svg(self) -> str:
        """For a desk, a printed page and a PDF. Drawn when first asked for."""
        return self.paint(WIDE) if self.paint else ""

    @cached_property
    def narrow(self) -> str:
        """For a telephone."""
        return self.paint(NARROW) if self.paint else ""
