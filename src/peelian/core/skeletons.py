"""Pages that say the same to everybody but for a few words: made once, kept in the process, and given those words.

To fill a template of eight nodes a line takes milliseconds; to put an address and a form's token into a page that is
there already takes none. A view names what its page depends on, and answers with `respond`:

    return skeletons.respond(request, "members/join/sent.html", _sent_context, heading, own={"email": address})

That one person's words never reach another is how it is built, not a rule to remember:

- A skeleton is made without the request. What stands in for it knows the part of the site ("/register/") and nothing
  else: no cookie, session, person, query or header.
- Its context is `make(*key)`, and all of `key` is what tells skeletons apart, with the template, the language, the part
  of the site and the force's settings. So what is in a page is in its key.
- What is somebody's own is not in it: where OWN words, the form's token, a script's nonce or the page's address belong,
  is a mark, which nobody outside the process can guess. They are put in when the page is sent, escaped, between the
  pieces; what they say is never searched for marks.

Templates see a mark in place of each own word: they may print it as text or in a quoted attribute, put it into
`{% url %}`, and ask whether it is there, but not take it apart. A page that changes with the time of day has the time
in its key, or is none of these. With a query in its address, or messages waiting to be read, a page is rendered as any
other.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.html import conditional_escape
from django.utils.translation import get_language

from peelian.core.context import Force, the_force

Make = Callable[..., Mapping[str, Any]]
KEPT = 256  # pages of 7 to 35 KB
TOKEN, NONCE, PATH = "csrf_token", "csp_nonce", "path"
_EDGE = secrets.token_hex(16)
_MARK = re.compile(f"{_EDGE}([a-z_]+){_EDGE}")


def respond(
    request: HttpRequest, template: str, make: Make, *key: Hashable, own: Mapping[str, str] | None = None
) -> HttpResponse:
    """The page that TEMPLATE makes of `make(*key)` and, put in for this answer alone, OWN words."""
    own = own or {}
    if request.GET:
        return render(request, template, {**make(*key), **own})
    said = frozenset(name for name, words in own.items() if words)  # an empty word may leave a paragraph out
    skeleton = _made(template, make, key, said, _part(request.path), get_language(), the_force())
    if skeleton.shows_messages and len(get_messages(request)):
        return render(request, template, {**make(*key), **own})
    return HttpResponse(skeleton.filled(request, own))


@dataclass(frozen=True)
class _Skeleton:
    """What everybody reads, in pieces; between them the names of what is one's own."""

    pieces: tuple[bytes, ...]
    names: tuple[str, ...]
    shows_messages: bool

    def filled(self, request: HttpRequest, own: Mapping[str, str]) -> bytes:
        words: dict[str, str] = {name: conditional_escape(own[name]) for name in own}
        if TOKEN in self.names:
            words[TOKEN] = get_token(request)
        if PATH in self.names:
            words[PATH] = conditional_escape(request.path.removeprefix(_part(request.path)))
        if NONCE in self.names:
            words[NONCE] = conditional_escape(request.csp_nonce)  # type: ignore[attr-defined]
        between = [words[name].encode() for name in self.names]
        return b"".join([part for pair in zip(self.pieces, between, strict=False) for part in pair] + [self.pieces[-1]])


class _Messages:
    """Stands where a page shows messages that wait for its reader: there are none, and that it asked is noted."""

    asked = False

    def __len__(self) -> int:
        self.asked = True
        return 0

    def __iter__(self) -> Iterator[str]:
        return iter(())


@lru_cache(maxsize=KEPT)
def _made(
    template: str,
    make: Make,
    key: tuple[Hashable, ...],
    own: frozenset[str],
    part: str,
    language: str | None,  # the one that is active, which the template reads
    force: Force,  # as the template reads it too
) -> _Skeleton:
    nobody: Any = HttpRequest()
    nobody.method, nobody.path = "GET", f"{part}{_mark(PATH)}"
    nobody.user, nobody.csp_nonce = AnonymousUser(), _mark(NONCE)
    messages = _Messages()
    context = {**make(*key), **{name: _mark(name) for name in own}, TOKEN: _mark(TOKEN), "messages": messages}
    pieces = _MARK.split(render_to_string(template, context, nobody))
    return _Skeleton(tuple(piece.encode() for piece in pieces[::2]), tuple(pieces[1::2]), messages.asked)


def _mark(name: str) -> str:
    return f"{_EDGE}{name}{_EDGE}"


def _part(path: str) -> str:
    """The part of the site that a page belongs to, by which the language is chosen: "/m/" of "/m/<token>/rate/5/"."""
    return f"/{path.split('/')[1]}/"
