"""Figures that stand at areas, added up along the tree of areas. The apps above compute their measures with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from peelian.core.measures import Observation
from peelian.places.models import Area
from peelian.places.queries import with_descendants

KINDS = (Area.Kind.POLICING_AREA, Area.Kind.SECTOR, Area.Kind.WARD)
Row = tuple[int, float, float | None]  # area id, numerator, base where there is one
Observed = Callable[[Sequence[Row]], Observation | None]


def counted(found: Sequence[Row]) -> Observation:
    return Observation(sum(n for _, n, _ in found))


def of_base(found: Sequence[Row]) -> Observation | None:
    """None where there was nothing to take a mean or a share of: no figure, rather than a share of nothing."""
    base = sum(b for _, _, b in found if b is not None)
    return Observation(sum(n for _, n, _ in found), base) if base else None


def within(found: Sequence[Row], area_id: int | None) -> Sequence[Row]:
    """What stands at an area and at all below it; everything for None, the whole force."""
    if area_id is None:
        return found
    below = with_descendants([area_id])
    return [row for row in found if row[0] in below]


def parents() -> dict[int, tuple[int | None, str]]:
    """Of the current administrative areas by id: the area above, and the kind."""
    current = Area.objects.filter(valid_to=None, kind__in=Area.ADMINISTRATIVE).values_list("pk", "parent_id", "kind")
    return {pk: (parent, kind) for pk, parent, kind in current}


def by_area(found: Sequence[Row], observed: Observed) -> dict[int, Observation]:
    """The same as `within` for every area of KINDS at once; areas without a figure are left out."""
    tree = parents()
    sums: dict[int, list[Row]] = {pk: [] for pk, (_, kind) in tree.items() if kind in KINDS}
    for row in found:
        at: int | None = row[0]
        while at is not None and at in tree:
            if at in sums:
                sums[at].append(row)
            at = tree[at][0]
    made = {pk: observed(below) for pk, below in sums.items()}
    return {pk: one for pk, one in made.items() if one is not None}
