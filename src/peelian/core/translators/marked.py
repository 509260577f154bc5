"""Markdown through a translator: what is marked, linked or must stay as it is comes back so, or is put back by us.

A text becomes blocks: a paragraph, an item of a list, a heading. Of each block only the words go, as HTML in which
every element has a number. What comes back counts only if each element is there once and in its place; otherwise the
block's words go once more, in the pieces between the elements, which nothing can then lose.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape, unescape
from html.parser import HTMLParser
from typing import Final, NamedTuple

from markdown_it import MarkdownIt
from markdown_it.token import Token

from peelian.core.languages import direction
from peelian.core.translators.base import Translated, Translator

_PARSER: Final = MarkdownIt("commonmark", {"html": False})
_LEAD: Final = re.compile(r"(?:[ \t]*(?:[-*+]|\d{1,9}[.)]|#{1,6}|>)[ \t]+)*[ \t]*")
_FENCE: Final = re.compile(r"[ \t]*(```|~~~)")
_ENDS: Final = re.compile(r"[.!?:;…)\]]['\"’”»*_]*$|  $|\\$")
# Never translated: addresses of any kind, placeholders, figures of four and more with what belongs to them, and the
# codes of roads (A45, M6)
_KEPT: Final = re.compile(
    r"https?://[^\s<>]*[^\s<>.,;:!?)\]'\"’”]|www\.[^\s<>]*[^\s<>.,;:!?)\]'\"’”]|[^\s<>()\[\]@,;:]+@[\w.-]+\.\w+"
    r"|\{\{?\s*[\w.]+\s*\}\}?|%\(\w+\)[sd]|\+?\d[\d ]{2,}\d|\b(?:999|101|111|55)\b|\b[ABM]\d{1,4}(?:\(M\)|\b)"
)
_GROUPS: Final = re.compile(r"(?<![\w+/.=-])\+?\d+(?: \d+)+(?![\w/])")
_SPECIAL: Final = re.compile(r"[\\*\[\]`]|(?<!\w)_|_(?!\w)")
_LIKE_A_BLOCK: Final = re.compile(r"(\d{0,9})((?<=\d)[.)](?=\s)|(?<!\d)(?:[-+#](?=\s)|>))")
_MARKS: Final = {"strong": "**", "em": "*"}


class Element(NamedTuple):
    """What stands for a number: `before` and `after` are Markdown around its words; without words they are all of
    it."""

    before: str
    after: str
    has_words: bool


class Block(NamedTuple):
    """`html` are the words as they go; empty where there is nothing to translate and `lead` is the whole line."""

    lead: str
    html: str
    elements: list[Element]


def translate(translator: Translator, texts: Sequence[str], *, to: str, source: str = "en") -> Translated:
    """Texts in Markdown, in another language, in one request and at most one more. Raises TranslatorProblem."""
    cut = [_blocks(text) for text in texts]
    going = [block for blocks in cut for block in blocks if block.html]
    if not going:
        return Translated(list(texts), source)
    answer = translator.translate([block.html for block in going], to=to, source=source, html=True)
    words = [_back(block, text) for block, text in zip(going, answer.texts, strict=True)]
    broken = [number for number, one in enumerate(words) if one is None]
    if broken:
        pieces = [_pieces(going[number].html) for number in broken]
        plain = [unescape(piece) for each in pieces for piece in each if _has_words(piece)]
        again = iter(translator.translate(plain, to=to, source=source or answer.source).texts if plain else ())
        for number, each in zip(broken, pieces, strict=True):
            whole = "".join(_around(piece, next(again)) if _has_words(piece) else piece for piece in each)
            words[number] = _back(going[number], whole, strict=False)
    found = iter(words)
    made = ["\n".join(block.lead + (next(found) or "" if block.html else "") for block in blocks) for blocks in cut]
    return Translated([_isolated(text) for text in made] if direction(to) == "rtl" else made, answer.source)


def _isolated(text: str) -> str:
    """Numbers written in groups, like those of telephones, as one run from the left within words that run from the
    right, which would set the groups in the opposite order (Unicode Standard Annex 9)."""
    return _GROUPS.sub(lambda found: f"\u2066{found[0]}\u2069", text)


def translate_line(translator: Translator, texts: Sequence[str], *, to: str, source: str = "en") -> Translated:
    """The same for texts that are no Markdown, such as titles: only addresses, numbers and placeholders are kept."""
    escaped = [_SPECIAL.sub(lambda found: f"\\{found[0]}", " ".join(text.split())) for text in texts]
    answer = translate(translator, [_no_block(text) for text in escaped], to=to, source=source)
    return Translated([re.sub(r"\\([^\w\s])", r"\1", text) for text in answer.texts], answer.source)


def translate_plain(translator: Translator, text: str, *, to: str, source: str = "en") -> Translated:
    """The same for a text that is no Markdown and has lines; those without words stay."""
    lines = text.split("\n")
    going = [number for number, line in enumerate(lines) if any(sign.isalpha() for sign in line)]
    answer = translate_line(translator, [lines[number] for number in going], to=to, source=source)
    for number, line in zip(going, answer.texts, strict=True):
        lines[number] = line
    return Translated("\n".join(lines).split("\n"), answer.source)


# There ------------------------------------------------------------------------------------------------------------


def _blocks(text: str) -> list[Block]:
    """The text's lines as blocks. Lines that break off in the middle of a sentence go on as one."""
    blocks: list[Block] = []
    fenced = False
    joined: str | None = None  # the paragraph that goes on
    for line in [*text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), None]:
        fence = line is not None and _FENCE.match(line) is not None
        lead = "" if line is None else _LEAD.match(line)[0]  # type: ignore[index]
        goes_on = line is not None and not fenced and not fence and not lead.strip() and bool(line.strip())
        if joined is not None and goes_on and line is not None:
            joined = f"{joined} {line.strip()}"
        else:
            if joined is not None:
                blocks.append(_block(joined))
            joined = line if line is not None and not fenced and not fence and line.strip() else None
            if joined is None and line is not None:
                blocks.append(Block(line, "", []))
        if joined is not None and (_ENDS.search(joined) or "#" in lead):
            blocks.append(_block(joined))
            joined = None
        fenced = fenced != fence
    return blocks


def _block(line: str) -> Block:
    lead = _LEAD.match(line)[0]  # type: ignore[index]
    elements: list[Element] = []
    tokens = _PARSER.parseInline(line[len(lead) :].strip())
    html = _html(tokens[0].children or [] if tokens else [], elements)
    return Block(lead, html, elements) if _has_words(html) else Block(line, "", [])


def _html(tokens: list[Token], elements: list[Element]) -> str:
    html, links = "", []
    for token in tokens:
        if token.type == "text":
            html += _words(token.content, elements)
        elif token.type in ("softbreak", "hardbreak"):
            html += " "
        elif token.type == "link_open":
            links.append(len(elements))
            html += f'<a id="t{_number(elements, "[", _target(token), True)}">'
        elif token.type == "link_close":
            links.pop()
            html += "</a>"
        elif token.type in ("strong_open", "em_open"):
            mark = _MARKS[token.tag]
            html += f'<{token.tag} id="t{_number(elements, mark, mark, True)}">'
        elif token.type in ("strong_close", "em_close"):
            html += f"</{token.tag}>"
        else:
            html += _kept(_source_of(token), elements)
    return html


def _target(token: Token) -> str:
    href, title = token.attrs.get("href", ""), token.attrs.get("title", "")
    return f']({href} "{title}")' if title else f"]({href})"


def _source_of(token: Token) -> str:
    """Code, and pictures, which are shown as their words: as they were written."""
    if token.type == "code_inline":
        return f"`{token.content}`"
    return f"![{token.content}]({token.attrs.get('src', '')})" if token.type == "image" else token.content


def _words(text: str, elements: list[Element]) -> str:
    html, done = "", 0
    for found in _KEPT.finditer(text):
        html += escape(text[done : found.start()], quote=False) + _kept(_escaped(found[0]), elements)
        done = found.end()
    return html + escape(text[done:], quote=False)


def _kept(markdown: str, elements: list[Element]) -> str:
    """LibreTranslate leaves what is in <code> alone, DeepL what says translate="no"."""
    number = _number(elements, markdown, "", False)
    shown = escape(re.sub(r"\\([^\w\s])", r"\1", markdown), quote=False)
    return f'<code id="t{number}" translate="no" class="notranslate">{shown}</code>'


def _number(elements: list[Element], before: str, after: str, has_words: bool) -> int:
    elements.append(Element(before, after, has_words))
    return len(elements) - 1


def _has_words(html: str) -> bool:
    return any(c.isalpha() for c in re.sub(r"<code .*?</code>|<[^>]*>|&\w+;", "", html))


def _pieces(html: str) -> list[str]:
    """The block cut at its elements: words, elements that stay, and tags by themselves."""
    return [piece for piece in re.split(r"(<code .*?</code>|</?(?:a|strong|em)\b[^>]*>)", html) if piece]


def _around(piece: str, words: str) -> str:
    """Words in place of a piece's, with the white space that stood around it."""
    before = piece[: len(piece) - len(piece.lstrip())]
    return f"{before}{escape(words.strip(), quote=False)}{piece[len(piece.rstrip()) :]}"


# And back ---------------------------------------------------------------------------------------------------------


def _back(block: Block, html: str, *, strict: bool = True) -> str | None:
    """What came back, as Markdown. None where an element is missing, twice or astride another."""
    reader = _Reader(block.elements, strict)
    reader.feed(html)
    reader.close()
    if not reader.fits():
        return None
    text = " ".join("".join(reader.markdown).split())
    return _no_block(text)


class _Reader(HTMLParser):
    """Reads what came back. LibreTranslate resolves entities, so that a bare < or & in it is a sign like any other."""

    def __init__(self, elements: list[Element], strict: bool) -> None:
        super().__init__(convert_charrefs=True)
        self._elements, self._strict = elements, strict
        self._open: list[tuple[str, int]] = []
        self._seen: list[int] = []
        self._wrong = False
        self.markdown: list[str] = []

    def fits(self) -> bool:
        return not self._open and not self._wrong and sorted(self._seen) == list(range(len(self._elements)))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = re.fullmatch(r"t(\d{1,4})", dict(attrs).get("id") or "")
        number = int(named[1]) if named else -1
        if not 0 <= number < len(self._elements):
            self._wrong = True
            return
        self._seen.append(number)
        self._open.append((tag, number))
        self.markdown.append(self._elements[number].before)

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open[-1][0] != tag:
            self._wrong = True
            return
        bare = self.markdown[-1].rstrip()
        gap = self.markdown[-1][len(bare) :]  # "**bold **" would not be bold either
        self.markdown[-1:] = [bare, self._elements[self._open.pop()[1]].after, gap]

    def handle_data(self, data: str) -> None:
        if self._open and not self._elements[self._open[-1][1]].has_words:
            return  # it is as we had it
        lead = data[: len(data) - len(data.lstrip())]
        if self.markdown and self._opens() and lead:  # "** bold**" would not be bold
            self.markdown.insert(-1, " ")
            data = data.lstrip()
        self.markdown.append(_escaped(data))

    def _opens(self) -> bool:
        return bool(self._open) and self.markdown[-1] == self._elements[self._open[-1][1]].before

    def unknown_decl(self, data: str) -> None:
        self._wrong = True


def _no_block(text: str) -> str:
    """TEXT so that it begins no list, heading or quotation."""
    found = _LIKE_A_BLOCK.match(text)
    return f"{found[1]}\\{text[found.end(1) :]}" if found else text


def _escaped(text: str) -> str:
    return _SPECIAL.sub(lambda found: f"\\{found[0]}", text)
