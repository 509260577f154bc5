"""A PDF as a screen reader has it: its tags, read by a library that did not set it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pikepdf


@dataclass(frozen=True)
class Cell:
    """`tag` TH or TD; `scope` of a head, Row or Column; `heads` the scopes of the heads that are said before it."""

    tag: str
    scope: str
    heads: tuple[str, ...]


class Paper:
    def __init__(self, made: bytes) -> None:
        self.pdf = pikepdf.open(io.BytesIO(made))
        self.tree: Any = self.pdf.Root.StructTreeRoot
        names = pikepdf.NameTree(self.tree.IDTree).items() if "/IDTree" in self.tree else ()
        self.named: dict[str, Any] = {str(name): cell for name, cell in names}

    @property
    def pages(self) -> int:
        return len(self.pdf.pages)

    @property
    def bookmarks(self) -> list[str]:
        """Titles of the outline, outer and inner, in order."""
        with self.pdf.open_outline() as outline:
            return list(_titles(outline.root))

    @property
    def is_ua(self) -> bool:
        """Whether it says of itself that it is PDF/UA-1, and is tagged."""
        said = self.pdf.Root.Metadata.read_bytes()
        return b"<pdfuaid:part>1</pdfuaid:part>" in said and bool(self.pdf.Root.MarkInfo.Marked)

    @cached_property
    def tags(self) -> list[str]:
        return [str(one.S)[1:] for one in _within(self.tree)]

    @property
    def alternatives(self) -> list[str]:
        """What is said in place of each picture."""
        return [str(one.Alt) for one in _within(self.tree) if str(one.S) == "/Figure"]

    @property
    def tables(self) -> list[list[list[Cell]]]:
        """Each table as rows of cells."""
        found = [one for one in _within(self.tree) if str(one.S) == "/Table"]
        return [
            [[self._cell(cell) for cell in _below(row)] for row in _within(table) if str(row.S) == "/TR"]
            for table in found
        ]

    def _cell(self, cell: Any) -> Cell:
        about = _about(cell)
        heads = tuple(str(_about(self.named[str(name)])["/Scope"])[1:] for name in about.get("/Headers", []))
        return Cell(str(cell.S)[1:], str(about.get("/Scope", "/"))[1:], heads)


def _titles(items: Any) -> Iterator[str]:
    for item in items:
        yield item.title
        yield from _titles(item.children)


def _about(cell: Any) -> Any:
    given = cell.get("/A", [])
    every = given if isinstance(given, pikepdf.Array) else [given]
    return next((one for one in every if str(one.O) == "/Table"), pikepdf.Dictionary())


def _below(one: Any) -> list[Any]:
    kids = one.get("/K", [])
    every = kids if isinstance(kids, pikepdf.Array) else [kids]
    return [kid for kid in every if isinstance(kid, pikepdf.Dictionary) and "/S" in kid]


def _within(one: Any) -> Iterator[Any]:
    for kid in _below(one):
        yield kid
        yield from _within(kid)
