"""Markdown as residents get it: HTML without anything that could run, load or track, and plain text complete in
itself."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

import nh3
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "a", "blockquote", "h2", "h3", "h4", "code", "pre", "hr"}
SCHEMES = {"http", "https", "mailto", "tel"}


def _image(renderer: object, tokens: Sequence[Token], number: int, options: object, env: object) -> str:
    """Only what a picture shows in words: a picture that is fetched tells its owner who reads."""
    return escape(tokens[number].content)


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "breaks": True})
    parser.add_render_rule("image", _image)
    return parser


_PARSER = _parser()


# Where a link leads does not learn who reads what, and is not praised by us
TELLS_NOTHING = "noopener noreferrer nofollow"


@lru_cache(maxsize=256)  # the same few alerts are read by thousands in the same hour
def to_html(text: str, top: int = 3, rel: str = TELLS_NOTHING) -> SafeString:
    """The text as safe HTML. Headings start at the third level: the parts of an alert have the second. Elsewhere TOP
    says where."""
    tokens = _PARSER.parse(text)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            written = max(int(token.tag[1]), 2) - 2 if top == 2 else max(int(token.tag[1]), 3) - 3
            token.tag = f"h{min(top + written, 4)}"
    rendered = _PARSER.renderer.render(tokens, _PARSER.options, {})
    clean = nh3.clean(
        rendered, tags=TAGS, attributes={"a": {"href"}, "ol": {"start"}}, url_schemes=SCHEMES, link_rel=rel
    )
    return mark_safe(clean)  # noqa: S308  cleaned in the line above


def to_text(text: str) -> str:
    """The text without marks: list items begin with "- " or their number, links are followed by their address."""
    blocks: list[str] = []
    lists: list[int | None] = []  # the next number, or None for bullets
    lead = ""
    for token in _PARSER.parse(text):
        if token.type in ("bullet_list_open", "ordered_list_open"):
            lists.append(int(token.attrs.get("start", 1)) if token.type.startswith("ordered") else None)
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            lists.pop()
        elif token.type == "list_item_open":
            number = lists[-1]
            lead = "- " if number is None else f"{number}. "
            lists[-1] = None if number is None else number + 1
        elif token.type == "inline":
            blocks.append(lead + _inline(token.children or []).replace("\n", "\n" + " " * len(lead)))
            lead = ""
        elif token.type in ("fence", "code_block"):
            blocks.append(token.content.rstrip("\n"))
    return _spaced(blocks)


def _spaced(blocks: list[str]) -> str:
    """Blocks with an empty line between them, but items of a list close together."""
    text = ""
    for before, block in zip(["", *blocks], blocks, strict=False):
        close = _is_item(before) and _is_item(block)
        text += ("\n" if close else "\n\n" if text else "") + block
    return text


def _is_item(block: str) -> bool:
    return re.match(r"- |\d+\. ", block) is not None


def _inline(tokens: list[Token]) -> str:
    text, link, begins = "", "", 0
    for token in tokens:
        if token.type in ("text", "code_inline", "image"):
            text += token.content
        elif token.type in ("softbreak", "hardbreak"):
            text += "\n"
        elif token.type == "link_open":
            link, begins = str(token.attrs.get("href", "")), len(text)
        elif token.type == "link_close":
            words = text[begins:]
            bare = link.removeprefix("mailto:").removeprefix("tel:")
            text += f" ({bare})" if bare and bare != words else ""
    return text


def one_line(text: str) -> str:
    """The text in one line, without anything that could end a mail header."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
