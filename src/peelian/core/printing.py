"""Papers to print, as tagged PDF (PDF/UA-1), set by typst in one sans typeface of our own (docs/decisions)."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

from django.conf import settings


class FontsMissing(RuntimeError):
    """The typeface of printed papers is not there. Run `make setup`, which copies it to build/fonts."""


def pdf(template: Path, data: Mapping[str, object]) -> bytes:
    """TEMPLATE (a .typ file) with DATA, which it reads as `json(bytes(sys.inputs.data))`: words that people wrote are
    values there and never markup. The template may read files of its own folder and nothing else. In its tables the
    first cell of each row is the head of that row, as on our pages."""
    made = _compile(template, data, kind="pdf")
    return _with_row_heads(made) if b"/S/Table/" in made else made


def png(template: Path, data: Mapping[str, object], *, ppi: float = 72) -> bytes:
    """The first page as a picture, to look at on a screen."""
    return _compile(template, data, kind="png", ppi=ppi)


def _compile(template: Path, data: Mapping[str, object], *, kind: Literal["pdf", "png"], ppi: float = 72) -> bytes:
    import typst  # 80 MB, and needed by few requests

    fonts = settings.PRINT_FONTS
    if not any(fonts.glob("*.ttf")):
        raise FontsMissing(FontsMissing.__doc__)
    compiler = typst.Compiler(template, root=template.parent, font_paths=[fonts], ignore_system_fonts=True)
    made = compiler.compile(
        format=kind, ppi=ppi, pdf_standards=["ua-1"] if kind == "pdf" else [], sys_inputs={"data": json.dumps(data)}
    )
    page = made[0] if isinstance(made, list) else made
    assert page is not None  # without a path to write to it is returned
    return page


# Heads of rows --------------------------------------------------------------------------------------------------------
# typst tags the cells of table.header alone; its function for heads of rows is behind a switch that its Python package
# does not have (docs/decisions/0022), so the finished file is told.


def _with_row_heads(made: bytes) -> bytes:
    """The same file with the first cell of each row tagged as its head: a screen reader says it before each cell."""
    import pikepdf

    with pikepdf.open(io.BytesIO(made)) as paper:
        tree = paper.Root.StructTreeRoot
        names: dict[str, Any] = {}
        for table, rows in enumerate(_tables(tree), 1):
            for row, cells in enumerate(rows, 1):
                if str(cells[0].S) == "/TD":
                    name = f"R{table:06}y{row:06}"
                    _make_head(cells[0], name)
                    names[name] = cells[0]
                    for cell in cells[1:]:
                        _add_head(cell, name)
        _register(paper, tree, names)
        kept = io.BytesIO()
        paper.save(kept, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return kept.getvalue()


def _tables(tree: Any) -> Iterator[list[list[Any]]]:
    """The rows of each table in the order of the paper, each a list of its cells."""
    waiting = [tree]
    while waiting:
        one = waiting.pop()
        below = _below(one)
        if str(one.get("/S", "")) == "/Table":
            parts = [row for part in below for row in ([part] if str(part.S) == "/TR" else _below(part))]
            yield [cells for row in parts if (cells := _below(row))]
        else:
            waiting += reversed(below)


def _below(one: Any) -> list[Any]:
    """The elements directly in an element; its marks on the page are numbers and no elements."""
    import pikepdf

    kids = one.get("/K", [])
    every = kids if isinstance(kids, pikepdf.Array) else [kids]
    return [kid for kid in every if isinstance(kid, pikepdf.Dictionary) and "/S" in kid]


def _make_head(cell: Any, name: str) -> None:
    import pikepdf

    cell.S, cell.ID = pikepdf.Name.TH, pikepdf.String(name)
    _about_table(cell).Scope = pikepdf.Name.Row


def _add_head(cell: Any, name: str) -> None:
    import pikepdf

    about = _about_table(cell)
    about.Headers = pikepdf.Array([*about.get("/Headers", []), pikepdf.String(name)])


def _about_table(cell: Any) -> Any:
    """What a cell says about itself as part of a table; made where there is nothing."""
    import pikepdf

    given = cell.get("/A", pikepdf.Array())
    every = list(given) if isinstance(given, pikepdf.Array) else [given]
    found = next((one for one in every if str(one.get("/O", "")) == "/Table"), None)
    if found is None:
        cell.A = pikepdf.Array([pikepdf.Dictionary(O=pikepdf.Name.Table), *every])
        found = cell.A[0]
    return found


def _register(paper: Any, tree: Any, names: Mapping[str, Any]) -> None:
    """Cells are found by their names through a tree, in which names stand in order."""
    import pikepdf

    if "/IDTree" not in tree:
        tree.IDTree = paper.make_indirect(pikepdf.Dictionary(Names=pikepdf.Array()))
    found = pikepdf.NameTree(tree.IDTree)
    for name, cell in names.items():
        found[name] = cell
