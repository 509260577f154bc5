"""Numbers of people small enough to point at somebody: which of them a table may tell.

Hiding what is under five is not enough where the total stands beside it: total less what is told is what is hidden. So
a hidden number is hidden among others (secondary suppression; L. Willenborg and T. de Waal, Elements of Statistical
Disclosure Control, 2001, chapter 6). Nobody at all is no small number: nought is told.
"""

from __future__ import annotations

import heapq
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
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


def suppress_tree(counts: Mapping[Key, int], parents: Mapping[Key, Key]) -> dict[Key, int | None]:
    """Counts within counts (wards in a sector, campaigns of a kind), told beside each other at every level: each, None
    where it is not to be told. PARENTS names the one above; what has none is added up by nobody.

    From the top down: where the one above is told, its parts are parts of a told total; where it is hidden to hide
    another, one of its parts goes with it, or they would add up to it. What it counts and none of its parts does hides
    like a part.
    """
    below: dict[Key, list[Key]] = {}
    for key in counts:
        if key in parents:
            below.setdefault(parents[key], []).append(key)
    found: dict[Key, int | None] = {
        key: None if small(count) else count for key, count in counts.items() if key not in parents
    }
    waiting = list(found)
    while waiting:
        above = waiting.pop()
        parts = {key: counts[key] for key in below.get(above, [])}
        rest = max(0, counts[above] - sum(parts.values()))
        found |= suppress_by(parts, rest=rest, hide_one=found[above] is None)
        waiting += parts
    return found


def suppress_rows(
    rows: Mapping[Key, Sequence[int]], parents: Mapping[Key, Key], within: Sequence[int | None]
) -> dict[Key, list[int | None]]:
    """Rows of several numbers, each column a tree of its own. WITHIN says of each column which one before it counts the
    same people and more (confirmed within joined), or None: what is hidden in that is hidden in this too, because it
    would say how many those are at the least."""
    columns: list[dict[Key, int | None]] = []
    for at, outer in enumerate(within):
        told = suppress_tree({key: numbers[at] for key, numbers in rows.items()}, parents)
        if outer is not None:
            told = {key: None if columns[outer][key] is None else count for key, count in told.items()}
        columns.append(told)
    return {key: [column[key] for column in columns] for key in rows}


def told(count: int) -> str:
    """A number that stands alone, in words for a table: "fewer than 5", or the number."""
    return f"fewer than {SMALL}" if small(count) else f"{count:,}"


@dataclass(frozen=True)
class SuppressedTable:
    """A table of counts with its totals; None is not told."""

    cells: list[list[int | None]]
    row_totals: list[int | None]
    column_totals: list[int | None]
    total: int | None


MOVE = 2  # a small number could as well be one more or two more: three values at least, for whoever knows the rest
_TOTAL_COST = 10**12  # a total is hidden only where no other number can hide a small one


def suppress_table(counts: Sequence[Sequence[int]]) -> SuppressedTable:
    """Rows and columns that are all added up, and told with their totals: no small number can be worked out.

    Each small number lies on a round of hidden numbers, along which people could be moved from one to the next without
    changing anything that is told (D. Gusfield, SIAM Journal on Computing 17, 1988, 552-571; for each small number the
    round that hides fewest people besides). Hidden numbers on that round that would get smaller are large enough to,
    knowing that nought is never hidden. Totals count as numbers of the table, hidden only where nothing else will do.
    Shares and rates of hidden numbers are to be hidden with them. Raises ValueError for rows of different length.
    """
    if len({len(row) for row in counts}) > 1 or any(count < 0 for row in counts for count in row):
        raise ValueError("a table has rows of one length and counts of nought or more")
    columns = len(counts[0]) if counts else 0
    whole = [[*row, sum(row)] for row in counts]
    whole.append([sum(row[at] for row in whole) for at in range(columns + 1)])
    hidden: set[tuple[int, int]] = set()
    for count, i, j in sorted((count, i, j) for i, row in enumerate(whole) for j, count in enumerate(row)):
        if small(count):
            hidden.update(_round(whole, hidden, i, j))
    told: list[list[int | None]] = [
        [None if (i, j) in hidden else count for j, count in enumerate(row)] for i, row in enumerate(whole)
    ]
    return SuppressedTable([row[:-1] for row in told[:-1]], [row[-1] for row in told[:-1]], told[-1][:-1], told[-1][-1])


def _round(whole: Sequence[Sequence[int]], hidden: set[tuple[int, int]], i: int, j: int) -> set[tuple[int, int]]:
    """The numbers of the cheapest round through (i, j) along which it can grow: from its column back to its row, now to
    a number in the same column, now in the same row. Rows are nodes, columns are the nodes after them."""
    rows = len(whole)
    start, end = rows + j, i
    paid, came = {start: 0}, {start: start}
    waiting = [(0, start)]
    while waiting:
        cost, node = heapq.heappop(waiting)
        if node == end:
            break
        if cost > paid[node]:
            continue
        for (row, column), to in _steps(whole, node):
            # Where (i, j) grows, the next number of its column shrinks, and so on in turn; a total goes with the
            # numbers it adds up and not against them. What shrinks by MOVE has to be one at least afterwards.
            shrinks = (node >= rows) != (_adds_up(whole, row, column) != _adds_up(whole, i, j))
            if (row, column) == (i, j) or not whole[row][column] or (shrinks and whole[row][column] <= MOVE):
                continue
            outer = row == rows - 1 or column == len(whole[0]) - 1
            more = 0 if (row, column) in hidden else whole[row][column] + _TOTAL_COST * outer
            if cost + more < paid.get(to, cost + more + 1):
                paid[to], came[to] = cost + more, node
                heapq.heappush(waiting, (cost + more, to))
    found, node = {(i, j)}, end  # there always is a round: through the totals, which can all grow with (i, j)
    while came[node] != node:
        a, b = sorted((node, came[node]))
        found.add((a, b - rows))
        node = came[node]
    return found


def _adds_up(whole: Sequence[Sequence[int]], row: int, column: int) -> bool:
    """Whether this is the total of a row or a column. The total of everything goes with the numbers again."""
    return (row == len(whole) - 1) != (column == len(whole[0]) - 1)


def _steps(whole: Sequence[Sequence[int]], node: int) -> Iterator[tuple[tuple[int, int], int]]:
    rows = len(whole)
    if node < rows:
        yield from (((node, column), rows + column) for column in range(len(whole[0])))
    else:
        yield from (((row, node - rows), row) for row in range(rows))
