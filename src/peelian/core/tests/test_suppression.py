"""What is hidden stays hidden, however it is subtracted."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peelian.core.suppression import SMALL, small, suppress, suppress_by

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
