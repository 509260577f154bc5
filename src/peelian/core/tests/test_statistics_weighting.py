"""Weights: they meet their targets, cost what Kish says, and are refused in words where there are none."""

from __future__ import annotations

import math
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peelian.core.statistics import CannotWeight, Stratum, kish, post_stratified, post_stratify, proportion, rake

# A table of four by four, and the margins it is to have.
SEED = [[40, 30, 20, 10], [35, 50, 100, 75], [30, 80, 70, 120], [20, 30, 40, 50]]
ROWS, COLUMNS = (150, 300, 400, 150), (200, 300, 400, 100)


def people_of(seed: list[list[int]]) -> dict[str, list[str]]:
    cells = [(str(i), str(j)) for i, row in enumerate(seed) for j, n in enumerate(row) for _ in range(n)]
    return {"row": [i for i, _ in cells], "column": [j for _, j in cells]}


def targets_of(rows: tuple[float, ...], columns: tuple[float, ...]) -> dict[str, dict[str, float]]:
    return {
        "row": {str(i): value for i, value in enumerate(rows)},
        "column": {str(j): value for j, value in enumerate(columns)},
    }


def table_of(people: dict[str, list[str]], weights: tuple[float, ...]) -> dict[tuple[str, str], float]:
    sums: Counter[tuple[str, str]] = Counter()
    for i, j, weight in zip(people["row"], people["column"], weights, strict=True):
        sums[i, j] += weight  # type: ignore[assignment]
    return dict(sums)


def test_raking_keeps_both_margins_and_every_odds_ratio() -> None:
    """S. E. Fienberg (1970), Annals of Mathematical Statistics 41, 907-917: one table alone has these margins and the
    seed's odds ratios, and it is what iterative proportional fitting ends in."""
    people = people_of(SEED)
    found = rake(people, targets_of(ROWS, COLUMNS))
    table = table_of(people, found.weights)
    size = sum(table.values())
    for i, value in enumerate(ROWS):
        assert sum(table[str(i), str(j)] for j in range(4)) / size == pytest.approx(value / 1000, abs=1e-6)
    for j, value in enumerate(COLUMNS):
        assert sum(table[str(i), str(j)] for i in range(4)) / size == pytest.approx(value / 1000, abs=1e-6)
    for i in range(3):
        for j in range(3):
            of_seed = SEED[i][j] * SEED[3][3] / SEED[i][3] / SEED[3][j]
            of_table = table[str(i), str(j)] * table["3", "3"] / table[str(i), "3"] / table["3", str(j)]
            assert of_table == pytest.approx(of_seed)
    assert found.met
    assert found.rounds[-1].gap < 1e-6 < found.rounds[0].gap
    assert math.fsum(found.weights) / len(found.weights) == pytest.approx(1)


def test_raking_one_dimension_is_post_stratification() -> None:
    answered = {"White": 847, "Asian": 102, "Black": 28, "Other": 23}
    wanted = {"White": 0.70, "Asian": 0.19, "Black": 0.06, "Other": 0.05}
    column = [name for name, count in answered.items() for _ in range(count)]
    raked = dict(zip(column, rake({"group": column}, {"group": wanted}).weights, strict=True))
    assert raked == {name: pytest.approx(weight) for name, weight in post_stratify(answered, wanted).items()}


def test_h19_l242_the_weight_of_young_people_who_answered() -> None:
    weights = post_stratify({"16-24": 95, "25 and over": 905}, {"16-24": 0.170, "25 and over": 0.830})
    assert round(weights["16-24"], 3) == 1.789
    assert round(1 / weights["16-24"], 3) == 0.559


def test_weights_held_within_limits_say_what_they_miss() -> None:
    people = {"age": ["young"] * 2 + ["old"] * 98, "sex": ["F", "M"] * 50}
    targets = {"age": {"young": 0.2, "old": 0.8}, "sex": {"F": 0.5, "M": 0.5}}
    free, held = rake(people, targets), rake(people, targets, limits=(0.3, 3))
    assert max(free.weights) == pytest.approx(10)
    assert max(held.weights) <= 3 + 1e-9
    assert (free.met, held.met) == (True, False)
    assert held.rounds[-1].trimmed > 0
    assert "miss “age” by 13." in held.said() or "miss “age” by 14." in held.said()
    assert free.said().startswith("Weights met every target after ")


def test_starting_weights_stay_in_proportion_within_a_category() -> None:
    found = rake({"sex": ["F", "F", "M"]}, {"sex": {"F": 1, "M": 1}}, weights=[1, 3, 5])
    assert found.weights[1] == pytest.approx(3 * found.weights[0])
    assert found.weights[2] == pytest.approx(1.5)


@pytest.mark.parametrize(
    ("people", "targets", "said"),
    [
        ({"sex": ["F"]}, {"sex": {"F": 0.5, "M": 0.5}}, "Nobody who answered is “M” (sex)"),
        ({"sex": ["F", "X"]}, {"sex": {"F": 1.0}}, "There are people who are “X” (sex), and no target for them."),
        ({"sex": ["F", "M"]}, {"sex": {"F": 1.0, "M": 0.0}}, "There are people who are “M” (sex)"),
        ({"sex": []}, {"sex": {"F": 1.0}}, "There is nobody to weight."),
        ({"sex": ["F"]}, {"age": {"old": 1.0}}, "do not have the same dimensions"),
        ({"sex": ["F"]}, {"sex": {"F": math.nan}}, "are no shares"),
        (
            {"sex": ["F", "F", "M", "M"], "age": ["young", "young", "old", "old"]},
            {"sex": {"F": 0.5, "M": 0.5}, "age": {"young": 0.9, "old": 0.1}},
            "The targets contradict each other",
        ),
    ],
)
def test_weights_that_cannot_be_are_refused_in_words(
    people: dict[str, list[str]], targets: dict[str, dict[str, float]], said: str
) -> None:
    with pytest.raises(CannotWeight) as refused:
        rake(people, targets)
    assert said in str(refused.value)


CATEGORIES = st.sampled_from(["a", "b", "c"])


@given(
    st.lists(st.tuples(CATEGORIES, st.sampled_from(["x", "y"])), max_size=60),
    st.tuples(*[st.floats(0.05, 1)] * 3),
    st.tuples(*[st.floats(0.05, 1)] * 2),
)
@settings(max_examples=60, deadline=None)
def test_whoever_answers_the_targets_are_met(
    pairs: list[tuple[str, str]], one: tuple[float, ...], two: tuple[float, ...]
) -> None:
    everyone = [*pairs, *((c, d) for c in "abc" for d in "xy")]  # nobody is missing from any cell
    people = {"one": [c for c, _ in everyone], "two": [d for _, d in everyone]}
    targets = {"one": dict(zip("abc", one, strict=True)), "two": dict(zip("xy", two, strict=True))}
    found = rake(people, targets)
    assert found.met
    assert min(found.weights) > 0
    for name, wanted in targets.items():
        for category, value in wanted.items():
            have = math.fsum(w for w, c in zip(found.weights, people[name], strict=True) if c == category)
            assert have / math.fsum(found.weights) == pytest.approx(value / sum(wanted.values()), abs=2e-6)


# --- What weights cost ------------------------------------------------------------------------------------------


def test_equal_weights_cost_nothing_and_unequal_ones_what_kish_says() -> None:
    """L. Kish (1965), section 11.7: one half at weight 1 and one half at 3 is a design effect of 1 + (1/2)² = 1.25."""
    assert kish([2.0] * 8).effective == pytest.approx(8)
    half = kish([1.0] * 50 + [3.0] * 50)
    assert (half.design_effect, half.effective) == (pytest.approx(1.25), pytest.approx(80))
    for wrong in ([], [0.0], [1.0, -1.0]):
        with pytest.raises(ValueError, match="above nought"):
            kish(wrong)


@given(st.lists(st.floats(0.01, 100), min_size=1, max_size=50))
def test_weights_never_tell_more_than_there_are_people(weights: list[float]) -> None:
    found = kish(weights)
    assert 1 - 1e-9 <= found.effective <= len(weights) * (1 + 1e-9)
    assert found.design_effect >= 1 - 1e-9


# --- Estimates by category --------------------------------------------------------------------------------------


def test_an_estimate_by_category_is_the_weighted_mean_with_a_stratified_variance() -> None:
    """W. G. Cochran (1977), 5A.9, by hand: 0.2 x 0.5 + 0.8 x 0.25 = 0.3, and the sum of squared shares x variances."""
    found = post_stratified([Stratum("young", 20, 40, 0.2), Stratum("old", 40, 160, 0.8)])
    assert (found.value, found.base) == (pytest.approx(0.3), 200)
    error = math.sqrt(0.04 * 0.25 / 39 + 0.64 * 0.1875 / 159)
    assert (found.high - found.low) / 2 == pytest.approx(1.96 * error, rel=0.02)


def test_an_estimate_by_category_of_a_sample_like_everybody_is_the_plain_one() -> None:
    found = post_stratified([Stratum("a", 100, 400, 0.4), Stratum("b", 150, 600, 0.6)])
    plain = proportion(250, 1000)
    assert found.value == plain.value
    assert (found.low, found.high) == (pytest.approx(plain.low, abs=2e-4), pytest.approx(plain.high, abs=2e-4))


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(1, 50), st.floats(0.01, 1)), min_size=1, max_size=6))
def test_an_estimate_by_category_lies_in_its_interval(given_strata: list[tuple[int, int, float]]) -> None:
    found = post_stratified([Stratum("x", min(part, base), base, share) for part, base, share in given_strata])
    assert 0 <= found.low <= found.value + 1e-9
    assert found.value <= found.high + 1e-9 <= 1 + 2e-9


def test_a_category_without_answers_is_refused_in_words() -> None:
    with pytest.raises(CannotWeight, match="Nobody who answered is “young”"):
        post_stratified([Stratum("young", 0, 0, 0.2), Stratum("old", 40, 160, 0.8)])
    with pytest.raises(CannotWeight, match="no shares"):
        post_stratified([])
    with pytest.raises(CannotWeight, match="young"):
        post_stratify({"old": 3}, {"old": 0.5, "young": 0.5})
