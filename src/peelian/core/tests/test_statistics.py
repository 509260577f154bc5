"""Published examples, and how often intervals hold what was planted."""

from __future__ import annotations

import random

import pytest

from peelian.core import statistics
from peelian.core.statistics import clustered_mean, clustered_proportion, difference, proportion, student, wilson
from peelian.core.tests.pages import CORE


@pytest.mark.parametrize(
    ("successes", "base", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0000, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_gives_newcombes_figures(successes: int, base: int, low: float, high: float) -> None:
    """R. G. Newcombe (1998), Statistics in Medicine 17, table I, method 3."""
    assert wilson(successes, base) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


@pytest.mark.parametrize(("successes", "base"), [(1, 0), (3, 2), (-1, 2)])
def test_what_is_no_proportion_is_refused(successes: int, base: int) -> None:
    with pytest.raises(ValueError, match="no proportion"):
        wilson(successes, base)


def test_an_estimate_says_how_many_that_would_be() -> None:
    found = proportion(1, 100)
    expected, low, high = found.of(1_000)
    assert (expected, found.base) == (10, 100)
    assert low == pytest.approx(1.8, abs=0.05)
    assert high == pytest.approx(54.5, abs=0.05)


def test_equal_clusters_tell_as_much_as_independent_people() -> None:
    alike = clustered_proportion([5, 5, 5, 5], [100, 100, 100, 100])
    assert (alike.low, alike.high) == wilson(20, 400)


def test_unlike_clusters_tell_less() -> None:
    unlike = clustered_proportion([0, 20, 0, 0], [100, 100, 100, 100])
    low, high = wilson(20, 400)
    assert unlike.low < low
    assert unlike.high > high


def _beta(chance: random.Random, mean: float, weight: float) -> float:
    return chance.betavariate(mean * weight, (1 - mean) * weight)


@pytest.mark.parametrize("weight", [1e6, 500.0])  # every alert with the same rate; and rates that differ between alerts
def test_the_interval_holds_the_planted_rate_in_at_least_90_of_100_seeds(weight: float) -> None:
    held = 0
    for seed in range(100):
        chance = random.Random(seed)
        bases = [chance.randint(200, 1_500) for _ in range(60)]
        hits = []
        for base in bases:
            rate = _beta(chance, 0.004, weight)
            hits.append(sum(chance.random() < rate for _ in range(base)))
        found = clustered_proportion(hits, bases)
        held += found.low <= 0.004 <= found.high
    assert held >= 90


@pytest.mark.parametrize(
    ("later", "earlier", "low", "high"),
    [((56, 70), (48, 80), 0.0524, 0.3339), ((9, 10), (3, 10), 0.1705, 0.8090), ((10, 10), (0, 20), 0.6791, 1.0000)],
)
def test_a_difference_of_proportions_is_newcombes(
    later: tuple[int, int], earlier: tuple[int, int], low: float, high: float
) -> None:
    """R. G. Newcombe (1998), Statistics in Medicine 17, 873-890, table II, method 10."""
    found = difference(proportion(*later), proportion(*earlier))
    assert (found.low, found.high) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))
    assert found.clear


def test_no_clear_difference() -> None:
    assert not difference(proportion(5, 56), proportion(0, 29)).clear


@pytest.mark.parametrize(("freedom", "value"), [(5, 2.571), (10, 2.228), (20, 2.086), (30, 2.042), (120, 1.980)])
def test_students_table(freedom: int, value: float) -> None:
    """Any printed table of t, 95% two-sided."""
    assert student(0.95, freedom) == pytest.approx(value, abs=1e-3)


def test_the_mean_of_students_own_patients() -> None:
    """Student (1908), Biometrika 6: hours of sleep gained with the second drug; R's t.test prints the interval."""
    hours = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]
    found = clustered_mean(hours, [1] * 10)
    assert found.value == pytest.approx(2.33)
    assert (found.low, found.high) == (pytest.approx(0.8977, abs=1e-3), pytest.approx(3.7623, abs=1e-3))


def test_values_of_one_cluster_tell_less_than_as_many_of_many() -> None:
    alike = clustered_mean([50, 10, 50, 10, 50], [10] * 5)
    apart = clustered_mean([5, 1, 5, 1, 5] * 10, [1] * 50)
    assert alike.value == apart.value
    assert alike.high - alike.low > 2 * (apart.high - apart.low)
    with pytest.raises(ValueError, match="no values"):
        clustered_mean([], [])
    with pytest.raises(ValueError, match="too few"):
        clustered_mean([3.0, 4.0], [1, 1])


def test_every_method_is_on_the_reference_page() -> None:
    page = (CORE.parents[2] / "docs/reference/statistics.md").read_text()
    methods = [name for name in statistics.__all__ if name[0].islower()]
    helpers = {"student", "poisson_interval"}  # inside other methods, which the page names
    assert [name for name in methods if f"`{name}" not in page and name not in helpers] == []
