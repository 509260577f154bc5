"""Markdown that people wrote, as blocks for a paper: what the PDF is set from. Only kinds of blocks and words are in
it; markup that we do not know is words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.token import Token

Piece = dict[str, Any]  # "text", and perhaps "strong", "em", "url"
Block = dict[str, Any]  # "kind": paragraph, heading, item, quote; "pieces"; of an item "mark"
_PARSER = MarkdownIt("commonmark", {"html": False})
_SCHEMES = {"http", "https", "mailto"}


def blocks(text: str) -> list[Block]:
    """The text in order; lists and quotations are not nested, since nobody reads them so in a board paper."""
    found: list[Block] = []
    lists: list[int | None] = []
    kind, quoted = "paragraph", 0
    for token in _PARSER.parse(text):
        if token.type in ("bullet_list_open", "ordered_list_open"):
            lists.append(int(token.attrs.get("start", 1)) if token.type.startswith("ordered") else None)
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            lists.pop()
        elif token.type in ("blockquote_open", "blockquote_close"):
            quoted += 1 if token.type.endswith("open") else -1
        elif token.type == "heading_open":
            kind = "heading"
        elif token.type == "heading_close":
            kind = "paragraph"
        elif token.type == "list_item_open":
            kind = "item"
        elif token.type == "list_item_close":
            kind = "paragraph"
        elif token.type == "inline":
            found.append(_block(kind, quoted, lists, token))
        elif token.type in ("fence", "code_block"):
            found.append({"kind": "paragraph", "pieces": [{"text": token.content.strip()}]})
    return found


def _block(kind: str, quoted: int, lists: list[int | None], token: Token) -> Block:
    pieces = _pieces(token.children or [])
    if kind == "item" and lists:
        number = lists[-1]
        if number is not None:
            lists[-1] = number + 1
        return {"kind": "item", "mark": "•" if number is None else f"{number}.", "pieces": pieces}
    return {"kind": "quote" if quoted else kind, "pieces": pieces}


def _pieces(tokens: Sequence[Token]) -> list[Piece]:
    found: list[Piece] = []
    style: dict[str, Any] = {}
    for token in tokens:
        if token.type in ("text", "code_inline", "image") and token.content:
            found.append({"text": token.content, **style})
        elif token.type in ("softbreak", "hardbreak"):
            found.append({"text": " "})
        elif token.type in ("strong_open", "em_open"):
            style = style | {token.type.removesuffix("_open"): True}
        elif token.type in ("strong_close", "em_close"):
            style = {key: value for key, value in style.items() if key != token.type.removesuffix("_close")}
        elif token.type == "link_open":
            url = str(token.attrs.get("href", ""))
            style = style | ({"url": url} if urlsplit(url).scheme in _SCHEMES else {})
        elif token.type == "link_close":
            style = {key: value for key, value in style.items() if key != "url"}
    return found


def plain(found: Sequence[Block]) -> str:
    """The same without marks, for the checker."""
    return "\n\n".join(
        (f"{block['mark']} " if block["kind"] == "item" else "") + "".join(piece["text"] for piece in block["pieces"])
        for block in found
    )
