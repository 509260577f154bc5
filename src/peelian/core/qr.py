"""QR codes of addresses of ours: to print, to show, to keep as a file. A quarter of one may be dirty or torn (error
level Q); ISO/IEC 18004 asks for a border of four modules."""

from __future__ import annotations

import io
from typing import Literal

import segno
from django.utils.safestring import SafeString, mark_safe

Kind = Literal["svg", "png"]
CONTENT_TYPES: dict[Kind, str] = {"svg": "image/svg+xml", "png": "image/png"}
INK, PAPER = "#0b1f33", "#ffffff"
BORDER = 4  # modules
_SCALE: dict[Kind, int] = {"svg": 8, "png": 24}  # units and pixels of a module


def drawn(link: str, *, kind: Kind, border: int = BORDER) -> bytes:
    """The QR code of LINK as a file."""
    made = io.BytesIO()
    options = {"xmldecl": False} if kind == "svg" else {}
    _code(link).save(made, kind=kind, border=border, dark=INK, light=PAPER, scale=_SCALE[kind], **options)
    return made.getvalue()


def inline(link: str, *, css: str) -> SafeString:
    """The same as an SVG element of the class CSS inside a page, as large as its place."""
    picture = _code(link).svg_inline(border=BORDER, dark=INK, light=PAPER, svgclass=css, omitsize=True)
    return mark_safe(picture)  # noqa: S308 (drawn here from an address of ours)


def _code(link: str) -> segno.QRCode:
    return segno.make(link, error="q", micro=False)
