"""What a page works out from the rollups, kept until one of them is brought up to date.

Whatever else it depends on is part of what is asked. What changes in between shows after the next refresh, as the page
says with its "as of".
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import TypeVar

from django.core.cache import cache

from peelian.insight import queries

HOURS = 25  # the daily ones are brought up to date within
T = TypeVar("T")


def kept(name: str, asked: object, rollups: Sequence[str], make: Callable[[], T]) -> T:
    """What MAKE returned when ASKED (its `repr` is compared) since all of these rollups were refreshed; where one never
    was, nothing is kept."""
    as_of = queries.as_of_each(*rollups)
    if not all(as_of):
        return make()
    key = f"insight.{name}.{hashlib.sha256(f'{asked!r}|{as_of}'.encode()).hexdigest()[:40]}"
    found: tuple[T] | None = cache.get(key)
    if found is None:
        found = (make(),)
        cache.set(key, found, HOURS * 3600)
    return found[0]
