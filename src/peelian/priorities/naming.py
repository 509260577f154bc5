"""Keeping names out of what becomes public or is read by many: what points at somebody in the words, and whether they
name whoever raised it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from peelian.alerts.identifying import marks
from peelian.core.wording import listed
from peelian.members.models import Member

KINDS = {
    "name": "a name",
    "plate": "a number plate",
    "house": "a house number",
    "postcode": "a postcode",
    "phone": "a telephone number",
    "email": "an email address",
}


def what_points_at_somebody(words: str, member_ids: Iterable[int] = ()) -> str:
    """What to take out, in a sentence; empty where nothing was found. Patterns and single names miss some and find
    harmless ones (somebody called Green, and a green van), so whoever writes may say that it points at nobody."""
    found = [f"“{mark.words}” ({KINDS[mark.kind]})" for mark in marks(words)]
    names = {name for pair in _names(member_ids) for name in pair if name}
    found += [f"“{name}” (somebody who raised it)" for name in sorted(names) if _stands_in(name, words)]
    if not found:
        return ""
    return f"Take out what may point at somebody: {listed(found)}. Or tick below that it points at nobody"


def names_one_of(words: str, member_ids: Iterable[int]) -> bool:
    """Whether the words hold the whole name of one of these members."""
    return any(first and last and _stands_in(f"{first} {last}", words) for first, last in _names(member_ids))


def _names(member_ids: Iterable[int]) -> list[tuple[str, str]]:
    rows = Member.objects.filter(pk__in=list(member_ids)).values_list("first_name", "last_name")
    return [(first.strip(), last.strip()) for first, last in rows]


def _stands_in(name: str, words: str) -> bool:
    """As words of their own; a single name begins with a capital there, as it is written."""
    apart = r"\s+".join(re.escape(part) for part in name.split())
    return re.search(rf"\b{apart}\b", words, re.IGNORECASE if " " in name else 0) is not None
