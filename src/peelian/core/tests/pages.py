"""Parts of pages, rendered and read."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.template import engines
from lxml import html

CORE = Path(__file__).resolve().parent.parent
NOW = datetime(2018, 10, 3, 17, 0, tzinfo=UTC)  # 6pm in London, summer time


def render(source: str, **context: Any) -> html.HtmlElement:
    text = engines["django"].from_string("{% load peelian %}<div>" + source + "</div>").render(context)
    return html.fromstring(text)


def said(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())
