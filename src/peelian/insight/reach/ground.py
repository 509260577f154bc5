"""What a shape must not tell, because other shapes or the wards, taken from it, would leave a small number.

Every count of a shape is a sum over its small areas, so whoever asks for several solves for what they differ by. The
borders of all shapes cut a shape into pieces; a group is told of it only where each piece has nobody of the group or
five and more. Whatever is added up and taken away leaves whole pieces, so nothing small can come out, however the
shapes overlap. Of wards, what can come out is the shape less the wards that lie in it, and the wards it touches less
the shape: the same holds for those two, and where they have nobody, a ward's hidden number is hidden in the shape too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass

from peelian.core.suppression import small

ALL = "all"  # everybody, as a group of their own
Units = Set[int]  # small areas


@dataclass(frozen=True)
class Ground:
    """What else is told: the other shapes, and of each ward its small areas and the groups that are hidden in it."""

    shapes: Iterable[Units]
    wards: Mapping[int, Units]
    hidden_in_ward: Mapping[int, Set[str]]


def pieces(inside: Units, shapes: Iterable[Units]) -> Iterator[Units]:
    """INSIDE as the borders of the other shapes cut it, and the rest of each shape in which it lies whole."""
    cuts = [units for units in shapes if units & inside and units != inside]
    parts: dict[tuple[bool, ...], set[int]] = defaultdict(set)
    for unit in inside:
        parts[tuple(unit in cut for cut in cuts)].add(unit)
    yield from parts.values()
    yield from (cut - inside for cut in cuts if inside < cut)


def not_to_be_told(inside: Units, ground: Ground, counts: Callable[[Units], Mapping[str, int]]) -> set[str]:
    """The groups (or ALL) not to be told of a shape of these small areas. COUNTS gives the members of some by group."""
    found = {group for piece in pieces(inside, ground.shapes) for group, n in counts(piece).items() if small(n)}
    within = {ward for ward, units in ground.wards.items() if units <= inside}
    touched = {ward for ward, units in ground.wards.items() if units & inside}
    less = set(inside).difference(*(ground.wards[ward] for ward in within))
    around = set().union(*(ground.wards[ward] for ward in touched)) - inside
    for left, wards in ((less, within), (around, touched)):
        hidden = set().union(*(ground.hidden_in_ward.get(ward, set()) for ward in wards))
        found |= {group for group, n in counts(left).items() if small(n) or (not n and group in hidden)}
    return found
