"""A paper as HTML by itself and as tagged PDF (PDF/UA-1), both from the same data."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string

from peelian.core import printing
from peelian.insight.printing import TEMPLATES

TEMPLATE = TEMPLATES / "paper.typ"
STYLES = "insight/paper.css"


def html(data: dict[str, Any]) -> bytes:
    """A page that needs nothing else: its styles are in it, it loads and runs nothing."""
    found = finders.find(STYLES)
    assert isinstance(found, str), STYLES
    styles = Path(found).read_text(encoding="utf-8")
    return render_to_string("insight/papers/paper_file.html", {"data": data, "styles": styles}).encode()


def pdf(data: dict[str, Any]) -> bytes:
    return printing.pdf(TEMPLATE, data)
