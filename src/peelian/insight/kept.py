"""What a page works out from the rollups, kept until one of them is brought up to date.

Whatever else it depends on is part of what is asked: the scope of who asks as well, so that nobody is shown what was
worked out for somebody else. What changes in between shows after the next refresh, as the page says with its "as of".
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from django.core.cache import cache
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from peelian.core import clock
from peelian.insight import queries

HOURS = 25  # the daily ones are brought up to date within
PLACES = 500  # parts of one name that are kept: weights in an address are anybody's choice, and so are any number
T = TypeVar("T")


def kept(name: str, asked: object, rollups: Sequence[str], make: Callable[[], T]) -> T:
    """What MAKE returned when ASKED (its `repr` is compared) since all of these rollups were refreshed; where one never
    was, nothing is kept."""
    as_of = queries.as_of_each(*rollups)
    if not all(as_of):
        return make()
    key = f"insight.{name}.{_digest(asked, as_of)}"
    found: tuple[T] | None = cache.get(key)
    if found is None:
        found = (make(),)
        cache.set(key, found, HOURS * 3600)
    return found[0]


def kept_part(
    request: HttpRequest, template: str, asked: object, rollups: Sequence[str], make: Callable[[], Mapping[str, Any]]
) -> SafeString:
    """A finished part of a page: TEMPLATE with what MAKE says, painted once for ASKED, the address's choices and the
    day. It has the request but none of the context processors, so nothing of the person or the session is in it."""
    as_of = queries.as_of_each(*rollups)

    def paint() -> SafeString:
        return render_to_string(template, {**make(), "request": request})

    if not all(as_of):
        return paint()
    wanted = _digest(asked, as_of, request.path, request.GET.urlencode(), clock.today())
    key = f"insight.part.{template}.{int(wanted, 16) % PLACES}"
    found: tuple[str, bytes] | None = cache.get(key)
    if found is not None and found[0] == wanted:
        return mark_safe(zlib.decompress(found[1]).decode())  # noqa: S308  a template's own, which escaped its words
    painted = paint()
    # A map of 200 wards is 500 KB, which the database would take longer to hand over than it takes to be unpacked
    cache.set(key, (wanted, zlib.compress(painted.encode(), 1)), HOURS * 3600)
    return painted


@lru_cache
def program() -> str:
    """What the parts are painted by: with another version they are painted anew. By its contents, so that it is alike
    on every machine: the worker paints for the web processes of others."""
    here = Path(__file__).parent.parent
    files = (path for room in ("insight", "core", "places") for path in (here / room).rglob("*"))
    found = hashlib.sha256()
    for path in sorted(path for path in files if path.suffix in {".py", ".html"} and "tests" not in path.parts):
        found.update(path.read_bytes())
    return found.hexdigest()[:16]


def _digest(*asked: object) -> str:
    return hashlib.sha256("|".join(map(repr, (program(), *asked))).encode()).hexdigest()[:40]
