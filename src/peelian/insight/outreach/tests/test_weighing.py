"""Ranks laid over one another by weights, and how far the order depends on them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from peelian.insight.outreach import weighing

VALUES = st.lists(st.floats(-1e6, 1e6, allow_subnormal=False), min_size=1, max_size=40)


def test_a_rank_is_a_share_of_all_and_equal_values_share_theirs():
    assert weighing.percentiles([10, 30, 20, 20]) == [0.125, 0.875, 0.5, 0.5]
    assert weighing.percentiles([]) == []


@given(VALUES)
def test_ranks_are_scipys_mean_ranks_less_a_half(values):
    assert weighing.percentiles(values) == pytest.approx((stats.rankdata(values) - 0.5) / len(values))


def test_the_score_is_the_mean_by_weight_and_its_parts_add_up_to_it():
    assert weighing.composite([[0.2, 0.8], [1.0, 0.0]], [1, 3]) == pytest.approx([0.65, 0.25])
    with pytest.raises(ValueError, match="no part has a weight"):
        weighing.composite([[0.2]], [0])


def test_a_ward_that_is_highest_in_everything_is_firm_and_one_that_has_one_thing_only_depends():
    rows = [[i / 30, i / 30, i / 30] for i in range(30)]
    rows[0] = [1.0, 0.1, 0.1]  # highest by the first part, low in both others
    stood = weighing.sensitivity(["a", "b", "c"], rows, [10, 1, 1])
    most = weighing.edge(30)
    assert most == 10
    assert stood[29].said(most) == "firm"
    assert (stood[29].high, stood[29].low) == (1.0, 0.0)
    assert stood[0].place <= most
    assert stood[0].said(most) == "depends on the weights"
    assert stood[0].without["a"] == 27
    assert stood[1].said(most) == ""
    assert stood[1].low == 1.0


@given(st.integers(1, 5).flatmap(lambda parts: st.lists(st.lists(st.floats(0, 1), min_size=parts, max_size=parts),
                                                        min_size=3, max_size=25)))  # fmt: skip
@settings(max_examples=25, deadline=None)
def test_as_many_are_among_the_highest_as_there_is_room_for_and_the_same_each_time(rows):
    names = [str(at) for at in range(len(rows[0]))]
    stood, again = (weighing.sensitivity(names, rows, [1] * len(names)) for _ in range(2))
    assert stood == again
    assert sum(one.high for one in stood) == pytest.approx(weighing.edge(len(rows)))
    assert sum(one.low for one in stood) == pytest.approx(weighing.edge(len(rows)))
    assert sorted(one.place for one in stood) == list(range(1, len(rows) + 1))


def test_the_weightings_are_drawn_evenly_from_all_there_are():
    drawn = weighing._weightings(4)
    assert drawn.shape == (1000, 4)
    assert np.allclose(drawn.sum(axis=1), 1)
    assert np.allclose(drawn.mean(axis=0), 0.25, atol=0.02)
    assert np.allclose(drawn.var(axis=0), 3 / 80, atol=0.006)  # of a Dirichlet with four parameters of one
