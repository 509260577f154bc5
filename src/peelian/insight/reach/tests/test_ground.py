"""Shapes, wards and the force, told beside each other: nothing small comes out of adding them up and taking away."""

import itertools

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from peelian.core.suppression import small, suppress_tree
from peelian.insight.reach.ground import Ground, not_to_be_told, pieces

UNITS = 6
GROUP = "g"


def told(counts: list[int], shapes: list[set[int]], wards: list[set[int]]) -> list[set[int]]:
    """The sets of small areas whose members are told: the force, the wards that may be, the shapes that may be."""

    def of(units: set[int]) -> int:
        return sum(counts[unit] for unit in units)

    there = dict(enumerate(wards))
    areas = there | {-1: set(range(UNITS))}
    numbers = suppress_tree({at: of(units) for at, units in areas.items()}, dict.fromkeys(there, -1))
    ground = {at: {GROUP} for at in there if numbers[at] is None}
    shown = [units for at, units in areas.items() if wards and numbers[at] is not None]
    for at, shape in enumerate(shapes):
        others = [one for place, one in enumerate(shapes) if place != at]
        if GROUP not in not_to_be_told(shape, Ground(others, there, ground), lambda units: {GROUP: of(units)}):
            shown.append(shape)
    return shown


def nothing_small_follows(counts: list[int], shown: list[set[int]]) -> None:
    """No set of small areas with one to four members is a sum of what is told, however added up and taken away."""
    rows = np.array([[unit in one for unit in range(UNITS)] for one in shown], float).reshape(-1, UNITS)
    solved = np.linalg.pinv(rows) @ rows
    for size in range(1, UNITS):
        for some in itertools.combinations(range(UNITS), size):
            if small(sum(counts[unit] for unit in some)):
                asked = np.array([unit in some for unit in range(UNITS)], float)
                assert not np.allclose(asked @ solved, asked), some


SHAPE = st.sets(st.integers(0, UNITS - 1), min_size=1)


def wards_of(cuts: tuple[int, int]) -> list[set[int]]:
    low, high = sorted(cuts)
    return [part for part in (set(range(low)), set(range(low, high)), set(range(high, UNITS))) if part]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.one_of(st.integers(0, 6), st.integers(0, 40)), min_size=UNITS, max_size=UNITS),
    st.lists(SHAPE, max_size=4),
)
def test_no_small_number_follows_from_shapes_that_overlap(counts: list[int], shapes: list[set[int]]) -> None:
    nothing_small_follows(counts, told(counts, shapes, []))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.one_of(st.integers(0, 6), st.integers(0, 40)), min_size=UNITS, max_size=UNITS),
    SHAPE, st.tuples(st.integers(1, UNITS - 1), st.integers(1, UNITS - 1)),
)  # fmt: skip
def test_no_small_number_follows_from_a_shape_and_the_wards(
    counts: list[int], shape: set[int], cuts: tuple[int, int]
) -> None:
    nothing_small_follows(counts, told(counts, [shape], wards_of(cuts)))


def test_three_shapes_that_overlap_in_a_ring_are_solved_together() -> None:
    """{1,2} and {1,3} less {2,3} are twice the first, though no shape lies in another."""
    shapes, counts = [{1, 2}, {1, 3}, {2, 3}], [0, 3, 30, 40, 0, 0]
    assert told(counts, shapes, []) == [{2, 3}]


def test_a_shape_that_leaves_one_street_out_of_a_ward_says_nothing_of_the_street() -> None:
    counts = [20, 3, 30, 30, 30, 30]
    assert {0, 2} not in told(counts, [{0, 2}], [{0, 1, 2}, {3, 4, 5}])
    assert {0, 2} in told([20, 8, 30, 30, 30, 30], [{0, 2}], [{0, 1, 2}, {3, 4, 5}])


def test_pieces_of_a_shape() -> None:
    found = sorted(map(sorted, pieces({1, 2, 3}, [{2, 3, 4}, {3, 5}, {1, 2, 3, 6}, {7}])))
    assert found == [[1], [2], [3], [6]]
