"""What is hidden stays hidden, however it is subtracted."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from peelian.core.suppression import SMALL, SuppressedTable, small, suppress, suppress_by, suppress_table, suppress_tree

numbers = st.lists(st.integers(0, 40), max_size=12)


def test_a_small_number_takes_the_smallest_other_with_it() -> None:
    assert suppress([12, 3, 9, 40]) == [12, None, None, 40]
    assert suppress_by({"a": 12, "b": 0, "c": 7}) == {"a": 12, "b": 0, "c": 7}  # nobody is no small number
    assert suppress([1, 1, 9]) == [None, None, None]  # two people together are still few
    assert suppress([3, 20], rest=6) == [None, 20]  # who is in no part hides already
    assert suppress([20, 30], rest=2) == [None, 30]  # who is in no part is hidden too
    assert suppress([3], rest=0) == [None]  # nothing else to hide it with: the caller hides the total
    assert suppress([9, 12], hide_one=True) == [None, 12]
    with pytest.raises(ValueError, match="nought or more"):
        suppress([-1])


@given(numbers, st.integers(0, 10), st.booleans())
def test_the_total_gives_nothing_away(counts: list[int], rest: int, hide_one: bool) -> None:
    told = suppress(counts, rest=rest, hide_one=hide_one)
    assert [one for one in told if one is not None] == [
        count for count, one in zip(counts, told, strict=True) if one is not None
    ]
    assert not any(small(one) for one in told if one)
    hidden = [count for count, one in zip(counts, told, strict=True) if one is None] + [rest] * bool(rest)
    if not hidden or (len(hidden) == 1 and not small(hidden[0])):
        return
    shown = [one for one in told if one]
    assert not shown or (len(hidden) >= 2 and sum(counts) + rest - sum(shown) >= SMALL)


# --- Counts within counts ---------------------------------------------------------------------------------------

SHAPE = {"a": "all", "b": "all", "c": "all", **{f"{above}{n}": above for above in "abc" for n in range(3)}}
LEAVES = [key for key in SHAPE if len(key) == 2]


def attack_tree(told: dict[str, int | None], at: str) -> tuple[float, float]:
    """The least and the most that a hidden number can be, for somebody who knows what is told, that each counts its
    parts and perhaps others, that people are whole, and that nought is never hidden."""
    hidden = [key for key, count in told.items() if count is None]
    above = sorted(set(SHAPE.values()))
    lines, sums = [], []
    for parent in above:  # the hidden ones, then what each counts besides its parts
        sign = {key: 1 for key in SHAPE if SHAPE[key] == parent} | {parent: -1}
        lines.append([sign.get(key, 0) for key in hidden] + [int(one == parent) for one in above])
        sums.append(-sum(sign[key] * count for key in sign if (count := told[key]) is not None))
    bounds = Bounds([1] * len(hidden) + [0] * len(above), 10_000)
    ends = []
    for direction in (1, -1):
        goal = [direction if key == at else 0 for key in hidden] + [0] * len(above)
        found = milp(goal, constraints=LinearConstraint(lines, sums, sums), bounds=bounds, integrality=1)
        assert found.success
        ends.append(direction * found.fun)
    return ends[0], ends[1]


def test_a_ward_cannot_be_got_from_its_sector_less_the_others() -> None:
    counts = {"force": 145, "sector": 45, "other": 100, "elm": 3, "oak": 12, "ash": 30}
    parents = {"sector": "force", "other": "force", "elm": "sector", "oak": "sector", "ash": "sector"}
    assert suppress_tree(counts, parents) == counts | {"elm": None, "oak": None}


def test_one_hidden_to_hide_its_neighbour_is_not_added_up_from_its_parts() -> None:
    counts = {"force": 43, "few": 3, "sector": 40, "oak": 18, "ash": 22}
    parents = {"few": "force", "sector": "force", "oak": "sector", "ash": "sector"}
    assert suppress_tree(counts, parents) == counts | {"few": None, "sector": None, "oak": None}


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.one_of(st.integers(0, 7), st.integers(0, 60)), min_size=len(LEAVES), max_size=len(LEAVES)),
    st.lists(st.integers(0, 7), min_size=4, max_size=4),
)
def test_no_small_number_in_a_tree_can_be_worked_out(leaves: list[int], rests: list[int]) -> None:
    counts = dict(zip(LEAVES, leaves, strict=True))
    for above, rest in zip(("a", "b", "c", "all"), rests, strict=True):
        counts[above] = rest + sum(counts[key] for key in SHAPE if SHAPE[key] == above)
    told = suppress_tree(counts, SHAPE)
    assert all(told[key] in (None, count) for key, count in counts.items())
    for key, count in counts.items():
        if small(count):
            assert told[key] is None
            least, most = attack_tree(told, key)
            assert least < most
        if not count:
            assert told[key] == 0


# --- Tables with totals ---------------------------------------------------------------------------------------


def whole(counts: list[list[int]]) -> list[list[int]]:
    rows = [[*row, sum(row)] for row in counts]
    return [*rows, [sum(column) for column in zip(*rows, strict=True)]]


def told_of(table: SuppressedTable) -> list[list[int | None]]:
    rows = [[*row, total] for row, total in zip(table.cells, table.row_totals, strict=True)]
    return [*rows, [*table.column_totals, table.total]]


def attack(told: list[list[int | None]], at: tuple[int, int]) -> tuple[float, float]:
    """The least and the most that a hidden number can be, for somebody who knows what is told, that totals add up, that
    people are whole, and that nought is never hidden: an integer programme over the hidden numbers."""
    hidden = [(i, j) for i, row in enumerate(told) for j, n in enumerate(row) if n is None]
    lines, sums = [], []
    every = [[(i, j) for j in range(len(told[0]))] for i in range(len(told))]
    for line in [*every, *map(list, zip(*every, strict=True))]:
        sign = {place: -1 if place == line[-1] else 1 for place in line}
        lines.append([sign.get(place, 0) for place in hidden])
        sums.append(-sum(sign[i, j] * n for i, j in line if (n := told[i][j]) is not None))
    ends = []
    for direction in (1, -1):
        goal = [direction if place == at else 0 for place in hidden]
        found = milp(goal, constraints=LinearConstraint(lines, sums, sums), bounds=Bounds(1, 10_000), integrality=1)
        assert found.success
        ends.append(direction * found.fun)
    return ends[0], ends[1]


def test_a_small_number_in_a_table_is_hidden_by_three_others() -> None:
    table = suppress_table([[20, 3, 50], [40, 9, 60], [7, 30, 80]])
    assert table.cells == [[None, None, 50], [40, 9, 60], [None, None, 80]]
    assert (table.row_totals, table.column_totals, table.total) == ([73, 109, 117], [67, 42, 190], 299)


def test_totals_are_hidden_only_where_nothing_else_will_do() -> None:
    assert told_of(suppress_table([[3, 0], [0, 9]])) == [[None, 0, None], [0, 9, 9], [None, 9, None]]
    assert told_of(suppress_table([[10, 20], [30, 0]])) == whole([[10, 20], [30, 0]])  # nobody is no small number
    assert told_of(suppress_table([])) == [[0]]
    for wrong in ([[1, 2], [3]], [[-1]]):
        with pytest.raises(ValueError, match="one length"):
            suppress_table(wrong)


@given(
    st.integers(1, 5).flatmap(
        lambda columns: st.lists(
            st.lists(st.one_of(st.integers(0, 12), st.integers(0, 300)), min_size=columns, max_size=columns),
            min_size=1,
            max_size=5,
        )
    )
)
@settings(max_examples=40, deadline=None)
def test_whoever_knows_the_totals_cannot_tell_a_small_number(counts: list[list[int]]) -> None:
    told, true = told_of(suppress_table(counts)), whole(counts)
    for i, j in itertools.product(range(len(true)), range(len(true[0]))):
        assert told[i][j] in (true[i][j], None)
        assert told[i][j] is None or not small(true[i][j])
        assert told[i][j] is not None or true[i][j]
        if small(true[i][j]):
            least, most = attack(told, (i, j))
            assert least <= true[i][j]
            assert most >= true[i][j] + 2
