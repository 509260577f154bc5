"""Numbers of people small enough to point at somebody: which of them a table may tell.

Hiding what is under five is not enough where the total stands beside it: total less what is told is what is hidden. So
a hidden number is hidden among others (secondary suppression; L. Willenborg and T. de Waal, Elements of Statistical
Disclosure Control, 2001, chapter 6). Nobody at all is no small number: nought is told.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import TypeVar

SMALL = 5  # under this a number of people is not told
NOT_TOLD = "not told"  # on a page: the same words for a small number and for one that would give a small one away

Key = TypeVar("Key", bound=Hashable)


def small(count: int) -> bool:
    """Whether this number of people could point at somebody."""
    return 0 < count < SMALL


def suppress(counts: Sequence[int], *, rest: int = 0, hide_one: bool = False) -> list[int | None]:
    """Parts of a total that is told: each part, None where it is not to be told.

    Every small part is hidden, and then the smallest of the others until at least two are hidden that are five or more
    together. REST is what the total counts and no part does (people with a place too large for any part): it is never
    told, so it hides like a part. HIDE_ONE is for parts of a total that is itself hidden among its neighbours: one of
    them goes even where none is small, or they could be added up. Print the hidden ones alike; "fewer than 5" on one
    and something else on the other would undo it.
    """
    if any(count < 0 for count in (*counts, rest)):
        raise ValueError("a number of people is nought or more")
    hidden = {index for index, count in enumerate(counts) if small(count)}
    others = sorted(
        (index for index, count in enumerate(counts) if index not in hidden and count),
        key=lambda index: (counts[index], index),
    )
    unseen = rest + sum(counts[index] for index in hidden)
    needed = bool(hidden) or small(rest)
    while others and (
        (needed and (len(hidden) + bool(rest) < 2 or unseen < SMALL)) or (hide_one and not hidden and not rest)
    ):
        at = others.pop(0)
        hidden.add(at)
        unseen += counts[at]
    return [None if index in hidden else count for index, count in enumerate(counts)]


def suppress_by(counts: Mapping[Key, int], *, rest: int = 0, hide_one: bool = False) -> dict[Key, int | None]:
    """The same by name, area or whatever the parts are kept by."""
    told = suppress(list(counts.values()), rest=rest, hide_one=hide_one)
    return dict(zip(counts, told, strict=True))


def told(count: int) -> str:
    """A number that stands alone, in words for a table: "fewer than 5", or the number."""
    return f"fewer than {SMALL}" if small(count) else f"{count:,}"
