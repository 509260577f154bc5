"""Which numbers of a table of areas and groups may be told, so that nothing under five is, and nothing told gives it
back: not the total of an area, not the area above less its other parts, not the same people in fewer groups.

Hiding goes on in rows and columns together until neither gives one back (core.suppression does one row), and always in
all areas of the force at once, so that a page hides the same whoever asks for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field

from peelian.core.suppression import SMALL, small
from peelian.insight.reach.dimensions import NOT_SAID

Counts = Mapping[str, int]  # group → members
Hidden = dict[int, set[str]]  # area → groups


@dataclass
class Node:
    """An area with the members of each group in it (NOT_SAID: those who did not say), and the areas directly below
    it."""

    key: int
    counts: dict[str, int] = field(default_factory=dict)
    below: list[Node] = field(default_factory=list)

    def own(self, group: str) -> int:
        """Members of the area who are in none of those below."""
        return self.counts.get(group, 0) - sum(child.counts.get(group, 0) for child in self.below)


@dataclass(frozen=True)
class Families:
    """The same people in fewer groups, on another page: the family of each group, and what was hidden there."""

    of: Mapping[str, str]
    hidden: Hidden

    def counts(self, counts: Counts) -> dict[str, int]:
        found: dict[str, int] = dict.fromkeys(self.of.values(), 0)
        for group, count in counts.items():
            found[self.of[group]] += count
        return found

    def whole(self, groups: Set[str]) -> set[str]:
        """The families all of whose groups are among these."""
        return {family for family in self.of.values() if all(g in groups for g, of in self.of.items() if of == family)}


def hidden_in_row(counts: Counts, forced: Iterable[str] = ()) -> set[str]:
    """The groups not to be told where their total is: the small ones, those FORCED, and the smallest of the others
    until what is hidden is at least two groups and five people; where there are no others, a nought. Those who did not
    say come last, because shares rest on their number."""
    hidden = {group for group, count in counts.items() if small(count)} | set(forced)
    if hidden:
        others = [group for group in counts if group not in hidden]
        for group in sorted(others, key=lambda one: (not counts[one], one == NOT_SAID, counts[one], one)):
            if len(hidden) >= 2 and sum(counts[one] for one in hidden) >= SMALL:
                break
            hidden.add(group)
    return hidden


def hidden_everywhere(top: Node, families: Families | None = None) -> Hidden:
    """What is not to be told of an area and of all areas below it: rows and columns in turn until both hold. It ends,
    since cells are only ever added."""
    nodes = list(walk(top))
    found = {node.key: in_row(node, set(), families) for node in nodes}
    while True:
        before = sum(map(len, found.values()))
        for node in nodes:
            for group in top.counts:
                _hide_in_column(group, node, found)
        for node in nodes:
            found[node.key] = in_row(node, found[node.key], families)
        if sum(map(len, found.values())) == before:
            return found


def walk(node: Node) -> Iterator[Node]:
    yield node
    for child in node.below:
        yield from walk(child)


def in_row(node: Node, forced: set[str], families: Families | None) -> set[str]:
    """One area by itself. With families each is a row of its own: where the family is told, its groups must not be
    given back by it; where it is not, none of them is told."""
    if families is None:
        return hidden_in_row(node.counts, forced)
    hidden: set[str] = set()
    for family in set(families.of.values()):
        groups = {group: count for group, count in node.counts.items() if families.of[group] == family}
        if family in families.hidden[node.key]:
            hidden |= set(groups)
        else:
            hidden |= hidden_in_row(groups, forced & set(groups))
    return hidden


def _hide_in_column(group: str, above: Node, found: Hidden) -> None:
    """Hide the group in more of the areas below until what is told above gives none of them back; where nothing is told
    above, in one of them at least, or they could be added up. Where that cannot be, hide it above."""
    if not above.below:
        return
    own = above.own(group)
    hidden = [child for child in above.below if group in found[child.key]]
    others = [child for child in above.below if group not in found[child.key]]
    others.sort(key=lambda child: (not child.counts[group], child.counts[group], child.key))
    while not _safe(hidden, own, group, above_told=group not in found[above.key]):
        if not others:
            found[above.key].add(group)
            return
        child = others.pop(0)
        found[child.key].add(group)
        hidden.append(child)


def _safe(hidden: Sequence[Node], own: int, group: str, *, above_told: bool) -> bool:
    if not above_told:
        return bool(hidden or own)
    if not hidden and not small(own):
        return True
    return len(hidden) + bool(own) >= 2 and own + sum(child.counts[group] for child in hidden) >= SMALL
