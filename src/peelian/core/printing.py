"""Papers to print, as tagged PDF (PDF/UA-1), set by typst in one sans typeface of our own (docs/decisions)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from django.conf import settings


class FontsMissing(RuntimeError):
    """The typeface of printed papers is not there. Run `make setup`, which copies it to build/fonts."""


def pdf(template: Path, data: Mapping[str, object]) -> bytes:
    """TEMPLATE (a .typ file) with DATA, which it reads as `json(bytes(sys.inputs.data))`: words that people wrote are
    values there and never markup. The template may read files of its own folder and nothing else."""
    return _compile(template, data, kind="pdf")


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
