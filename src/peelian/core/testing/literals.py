"""Words in templates that no catalogue could hold, because they stand outside of translate tags.

A template is a resident's when it is built on the layouts of their pages and emails, or is included by one that is; so
a new page is found without being named here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from django.template.base import Lexer, Token, TokenType

from peelian.core.testing.messages import PACKAGE

# What residents' pages and emails are built on
ROOTS = ("layouts/public.html", "layouts/email.html", "layouts/message.html", "members/me/data_file.html")
# Filled in by tags, which no template names; these draw the figures of staff pages
FIGURES = tuple(f"components/{name}.html" for name in ("bar_of_parts", "chart", "rating_chart", "stat"))
# Built on them, and read by staff: where officers sign in, what tells one on duty to look, and the weekly figures
STAFFS = ("accounts/", "account/", "mfa/", "conversations/email/duty.", "insight/", "website/staff/")
# Not words: names, and what is the same in every language
ALLOWED = frozenset({"Not yet reviewed by a native speaker."})
_PARENT = re.compile(r"""^(?:extends|include)\s+["']([^"']+)["']""")
_LAYOUT_DEFAULT = re.compile(r"""^extends\s+\w+\|default:["']([^"']+)["']""")
_QUOTED = re.compile(r""""([^"]*)"|'([^']*)'""")
_WORD = re.compile(r"[A-Za-z]{2,}")
_IGNORED = re.compile(
    r"<!--.*?-->|<(style|script)\b.*?</\1>|<!doctype[^>]*>|<!\[endif\]-->|&#?\w+;", re.DOTALL | re.IGNORECASE
)
_TAG = re.compile(r"<[^>]*>", re.DOTALL)
# Attributes that are read out or shown
_SPOKEN = re.compile(r"""\b(?:aria-label|alt|title|placeholder|aria-description)=(?:"([^"]*)"|'([^']*)')""")
_GAP = "\x00"  # where a tag or a variable stood
_INNER = {"blocktranslate": "endblocktranslate", "blocktrans": "endblocktrans", "comment": "endcomment"}
# Tags whose quoted arguments are names of files, pages and components, or are translated already
_NAMES = {"extends", "include", "load", "url", "static", "translate", "trans", "block", "now", "govuk", "in_english"}


@cache
def templates() -> dict[str, Path]:
    """Every template of ours by the name it is asked for."""
    found = {}
    for folder in PACKAGE.glob("*/templates"):
        for path in folder.rglob("*"):
            if path.suffix in (".html", ".txt"):
                found[path.relative_to(folder).as_posix()] = path
    return found


def residents() -> list[str]:
    """The names of the templates that residents read."""
    named = {name: _named_in(path) for name, path in templates().items()}
    found = {name for name in named if name.startswith(("errors/", "components/")) or _is_built_on_a_root(name, named)}
    found |= {f"{name[:-5]}.txt" for name in found if f"{name[:-5]}.txt" in named}
    found = {name for name in found if not name.startswith((*STAFFS, *FIGURES))}
    while more := {one for name in found for one in named[name] if one in named} - found:
        found |= more
    return sorted(found)


def _is_built_on_a_root(name: str, named: dict[str, list[str]]) -> bool:
    return name in ROOTS or any(_is_built_on_a_root(one, named) for one in named.get(name, [])[:1] if _extends(name))


@cache
def _extends(name: str) -> bool:
    return "{% extends" in templates()[name].read_text(encoding="utf-8") if name in templates() else False


def _named_in(path: Path) -> list[str]:
    """What it extends, first, and what it includes."""
    tokens = Lexer(path.read_text(encoding="utf-8")).tokenize()
    found = [_PARENT.match(token.contents) or _LAYOUT_DEFAULT.match(token.contents) for token in tokens]
    return [match[1] for match in found if match]


def unmarked(name: str) -> list[str]:
    """Words of a template that are not marked for translation, as (line: words)."""
    return list(_unmarked(templates()[name].read_text(encoding="utf-8")))


def _unmarked(text: str) -> Iterator[str]:
    shown, until = "", ""
    for token in Lexer(text).tokenize():
        if until:
            until = "" if token.token_type == TokenType.BLOCK and token.contents == until else until
        elif token.token_type == TokenType.TEXT:
            shown += token.contents
        elif token.token_type in (TokenType.BLOCK, TokenType.VAR):
            shown += _GAP
            until = _INNER.get(token.split_contents()[0], "") if token.token_type == TokenType.BLOCK else ""
            yield from (f"{words!r} in {{% {token.contents} %}}" for words in _in_arguments(token))
    shown = _IGNORED.sub("", shown)
    yield from (repr(words.strip()) for words in _TAG.sub("\n", shown).split("\n") if _is_words(words))
    for match in _SPOKEN.finditer(shown):
        if _is_words(words := match[1] or match[2] or ""):
            yield repr(words)


def _in_arguments(token: Token) -> Iterator[str]:
    """Sentences and labels that a tag or a filter is given as they are."""
    head, *_ = token.split_contents() or [""]
    said = re.sub(r"""_\((?:"[^"]*"|'[^']*')\)""", "", token.contents)
    if token.token_type == TokenType.BLOCK and head in _NAMES:
        said = re.sub(rf"^{head}\s+(\"[^\"]*\"|'[^']*')", "", said)
    for match in _QUOTED.finditer(said):
        words = match[1] or match[2] or ""
        if _is_words(words) and (words[0].isupper() or " " in words):
            yield words


def _is_words(text: str) -> bool:
    said = text.replace(_GAP, " ").strip()
    return bool(_WORD.search(said)) and said not in ALLOWED
