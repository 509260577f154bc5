"""The words of an HTML email, as text: lines where it has blocks, list signs, addresses of links where they differ from
the words, and "> " before what it quotes. Nothing in it is fetched, run or shown as HTML."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Final

import nh3

from peelian.conversations.inbound.trimming import CUT

LONGEST: Final = 1_000_000  # characters of HTML that are looked at
_MOST_TAGS: Final = 20_000  # a letter has some hundreds; deeper nesting than a parser can bear cannot come from fewer
_BLOCKS = {
    "address", "article", "aside", "blockquote", "center", "dd", "div", "dl", "dt", "fieldset", "figure", "footer",
    "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "ol", "p", "pre", "section", "table", "tr", "ul",
}  # fmt: skip
_KEPT = _BLOCKS | {"a", "br", "td", "th", "b", "i", "em", "strong", "span", "font"}
# How mail programs mark where the quoted message begins
_QUOTES = re.compile(
    r"gmail_quote|gmail_attr|yahoo_quoted|moz-cite-prefix|appendonsend|divrplyfwdmsg|mail-editor-reference-message"
    r"|protonmail_quote|zmail_extra|ms-outlook-mobile-reference-message|quoted-?message",
    re.IGNORECASE,
)


def to_text(html: str) -> str:
    """HTML as text. Never raises; what it cannot read it leaves out."""
    html = html[:LONGEST].replace("\0", "")
    if html.count("<") > _MOST_TAGS:
        return _lines(re.sub(r"<[^<>]{0,10000}>", " ", html))
    clean = nh3.clean(
        html,
        tags=_KEPT,
        clean_content_tags={"script", "style", "title", "head", "noscript"} - {"head"},
        attributes={"*": {"class", "id", "style", "type"}, "a": {"href"}},
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel=None,
    )
    reader = _Reader()
    reader.feed(clean)
    reader.close()
    return _lines(reader.text())


class _Reader(HTMLParser):
    """Of HTML that nh3 has closed and cleaned."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._lines: list[str] = [""]
        self._quoted = 0
        self._link = ""
        self._cut = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in _BLOCKS:
            self._new_line()
        if not self._cut and not self._quoted and _QUOTES.search(f"{given.get('class', '')} {given.get('id', '')}"):
            self._cut = True
            self._lines += [CUT, ""]
        if tag == "blockquote":
            self._quoted += 1
        elif tag == "br":
            self._lines.append("")
        elif tag == "li":
            self._lines[-1] = "- "
        elif tag in ("td", "th") and self._lines[-1].strip():
            self._lines[-1] += " "
        elif tag == "a":
            self._link = given.get("href", "")

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self._new_line()
        if tag == "blockquote":
            self._quoted = max(0, self._quoted - 1)
        elif tag == "p":
            self._lines.append("")
        elif tag == "a":
            bare = self._link.removeprefix("mailto:").removeprefix("tel:")
            if bare and bare.startswith(("http://", "https://")) and bare.rstrip("/") not in self._lines[-1]:
                self._lines[-1] += f" <{bare[:500]}>"
            self._link = ""

    def handle_data(self, data: str) -> None:
        words = re.sub(r"\s+", " ", data)
        if self._quoted and not self._lines[-1]:
            self._lines[-1] = "> " * min(self._quoted, 5)
        self._lines[-1] += words if self._lines[-1] else words.lstrip()

    def text(self) -> str:
        return "\n".join(self._lines)

    def _new_line(self) -> None:
        if self._lines[-1].strip():
            self._lines.append("")


def _lines(text: str) -> str:
    stripped = "\n".join(line.strip() for line in text.replace("\r", "\n").split("\n"))
    return re.sub(r"\n{3,}", "\n\n", stripped).strip()
