"""Differences, p-values, many comparisons at once and funnels: against the papers and against SciPy."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from peelian.core.statistics import (
    adjusted,
    benjamini_hochberg,
    exact_or_score_p,
    fcr_level,
    funnel_limits,
    level_words,
    newcombe,
    proportion,
    two_proportion_p,
    wilson,
)

# Y. Benjamini and Y. Hochberg (1995), section 4: fifteen endpoints of a trial of thrombolysis (Neuhaus and others 1992)
NEUHAUS = [
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0,
]  # fmt: skip
PS = st.lists(st.floats(0, 1), min_size=1, max_size=30)


@pytest.mark.parametrize(
    ("later", "earlier", "low", "high"),
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((0, 10), (0, 10), -0.2775, 0.2775),
        ((10, 10), (0, 20), 0.6791, 1.0000),
        ((10, 10), (0, 10), 0.6075, 1.0000),
    ],
)
def test_newcombe_1998_table_ii_method_10(
    later: tuple[int, int], earlier: tuple[int, int], low: float, high: float
) -> None:
    """R. G. Newcombe (1998), Statistics in Medicine 17, 873-890, table II, contrasts (a) to (h)."""
    found = newcombe(*later, *earlier)
    assert (found.low, found.high) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))
    assert found.base == later[1] + earlier[1]


@given(st.integers(1, 10**6), st.integers(1, 10**6), st.data())
def test_a_difference_lies_in_its_interval_and_turns_with_its_sides(n1: int, n2: int, data: st.DataObject) -> None:
    a, b = data.draw(st.integers(0, n1)), data.draw(st.integers(0, n2))
    found, other = newcombe(a, n1, b, n2), newcombe(b, n2, a, n1)
    assert -1 - 1e-9 <= found.low <= found.value <= found.high <= 1 + 1e-9
    assert (other.low, other.high) == (pytest.approx(-found.high), pytest.approx(-found.low))


# --- p-values -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("part", "base", "share"), [(0, 20, 0.2), (7, 20, 0.2), (3, 400, 0.01), (19, 20, 0.9)])
def test_few_against_a_target_is_scipys_exact_test(part: int, base: int, share: float) -> None:
    assert exact_or_score_p(part, base, share) == pytest.approx(stats.binomtest(part, base, share).pvalue, rel=1e-9)


@given(st.integers(1, 300), st.floats(0.001, 0.03), st.data())
@settings(max_examples=40, deadline=None)
def test_the_exact_test_is_scipys_for_any_small_table(base: int, share: float, data: st.DataObject) -> None:
    part = data.draw(st.integers(0, min(base, 20)))
    assert exact_or_score_p(part, base, share) == pytest.approx(stats.binomtest(part, base, share).pvalue, rel=1e-6)


def test_many_against_a_target_is_the_score_test_that_wilsons_interval_turns_round() -> None:
    assert exact_or_score_p(66, 1000, 0.05) == pytest.approx(
        2 * stats.norm.sf((0.066 - 0.05) / math.sqrt(0.05 * 0.95 / 1000)), rel=1e-9
    )
    low, high = wilson(66, 1000)
    assert exact_or_score_p(66, 1000, low) == pytest.approx(0.05)
    assert exact_or_score_p(66, 1000, high) == pytest.approx(0.05)


def test_a_target_of_nobody_or_everybody_is_met_or_not() -> None:
    assert [exact_or_score_p(*args) for args in ((0, 9, 0.0), (1, 9, 0.0), (9, 9, 1.0), (8, 9, 1.0))] == [1, 0, 1, 0]


def test_a_target_that_is_far_away_answers_at_once() -> None:
    assert exact_or_score_p(2_000_000, 2_000_000, 1e-6) == 0.0


@pytest.mark.parametrize(("a", "n1", "b", "n2"), [(3, 4, 1, 4), (1, 9, 11, 14), (0, 500, 4, 800), (2, 3000, 0, 1)])
def test_few_against_few_is_scipys_fisher(a: int, n1: int, b: int, n2: int) -> None:
    """The first is R. A. Fisher's lady who tasted tea: The Design of Experiments (1935), chapter II; p = 0.486."""
    expected = stats.fisher_exact([[a, n1 - a], [b, n2 - b]]).pvalue
    assert two_proportion_p(a, n1, b, n2) == pytest.approx(expected, rel=1e-7)


def test_fishers_tea() -> None:
    assert two_proportion_p(3, 4, 1, 4) == pytest.approx(34 / 70)


def test_many_against_many_is_scipys_chi_squared() -> None:
    expected = stats.chi2_contingency([[660, 340], [600, 400]], correction=False).pvalue
    assert two_proportion_p(660, 1000, 600, 1000) == pytest.approx(expected, rel=1e-9)
    assert two_proportion_p(0, 10, 0, 20) == 1.0


@pytest.mark.parametrize("bad", [(1, 0, 0.5), (3, 2, 0.5), (1, 2, 1.5), (1, 2, math.nan)])
def test_what_is_no_proportion_has_no_p_value(bad: tuple[int, int, float]) -> None:
    with pytest.raises(ValueError, match=r"no (proportion|share)"):
        exact_or_score_p(*bad)


# --- Many at once -------------------------------------------------------------------------------------------


def test_benjamini_hochberg_1995_section_4_rejects_the_four_smallest() -> None:
    mixed = NEUHAUS[::-1]
    assert benjamini_hochberg(NEUHAUS, 0.05) == [True] * 4 + [False] * 11
    assert benjamini_hochberg(mixed, 0.05) == [False] * 11 + [True] * 4
    assert sum(p <= 0.05 for p in NEUHAUS) == 9  # one by one, nine would have been called clear


@given(PS)
def test_adjusted_p_values_are_scipys(ps: list[float]) -> None:
    assert adjusted(ps) == pytest.approx(list(stats.false_discovery_control(ps)), rel=1e-9, abs=1e-300)


@given(PS, st.floats(0.001, 0.5))
def test_what_stands_at_a_strict_level_stands_at_a_loose_one(ps: list[float], q: float) -> None:
    strict, loose = benjamini_hochberg(ps, q), benjamini_hochberg(ps, min(1.0, 2 * q))
    assert all(b for a, b in zip(strict, loose, strict=True) if a)
    most = max((p for p, stands in zip(ps, strict, strict=True) if stands), default=-1)
    assert all(p > most for p, stands in zip(ps, strict, strict=True) if not stands)


def test_no_p_values_stand_where_there_are_none_and_a_nan_is_refused() -> None:
    assert benjamini_hochberg([], 0.05) == []
    for wrong in (math.nan, -0.1, 1.1):
        with pytest.raises(ValueError, match="between 0 and 1"):
            benjamini_hochberg([0.1, wrong])
        with pytest.raises(ValueError, match="between 0 and 1"):
            adjusted([wrong])


def test_intervals_of_what_stands_are_as_wide_as_benjamini_and_yekutieli_2005_ask() -> None:
    """Definition 1 there: of R selected among m, each at level 1 - R q / m."""
    assert fcr_level(4, 15, 0.05) == pytest.approx(1 - 4 * 0.05 / 15)
    assert fcr_level(15, 15, 0.05) == pytest.approx(0.95)
    assert fcr_level(0, 15, 0.05) == fcr_level(1, 15, 0.05)
    assert level_words(fcr_level(4, 15, 0.05)) == "98.7%"
    assert (level_words(0.95), level_words(0.99996)) == ("95%", "99.996%")
    with pytest.raises(ValueError, match="16 of 15"):
        fcr_level(16, 15)


def test_what_stands_against_its_target_has_an_interval_that_leaves_the_target_out() -> None:
    """Benjamini and Yekutieli, section 3: tests and intervals that are each other's inverse agree."""
    targets, parts, base = [0.20, 0.10, 0.05, 0.30, 0.35], [260, 105, 52, 240, 343], 1000
    stands = benjamini_hochberg([exact_or_score_p(k, base, share) for k, share in zip(parts, targets, strict=True)])
    level = fcr_level(sum(stands), len(stands))
    intervals = [proportion(k, base, level=level) for k in parts]
    outside = [not i.low <= share <= i.high for i, share in zip(intervals, targets, strict=True)]
    assert stands == outside == [True, False, False, True, False]


# --- Funnels ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("rate", "base"), [(0.05, 200), (0.3, 40), (0.9, 60), (0.01, 5000)])
def test_funnel_limits_are_spiegelhalters_between_two_counts(rate: float, base: int) -> None:
    """D. J. Spiegelhalter (2005), appendix A.1.1, computed here from SciPy's quantiles."""
    (found,) = funnel_limits(rate, [base])

    def limit(tail: float) -> float:
        r = stats.binom.ppf(tail, base, rate)
        below, at = stats.binom.cdf(r - 1, base, rate), stats.binom.cdf(r, base, rate)
        return float((r - (at - tail) / (at - below)) / base)

    tails = (0.025, 0.975, 0.001, 0.999)
    limits = (found.low, found.high, found.lowest, found.highest)
    for tail, value in zip(tails, limits, strict=True):
        assert value == pytest.approx(max(0, limit(tail)), abs=1e-9 if rate <= 0.5 else 1.01 / base)


def test_normal_funnel_limits_go_on_where_exact_ones_end() -> None:
    below, above = funnel_limits(0.05, [8_400, 8_500])  # variance 399 and 404
    assert below.highest == pytest.approx(above.highest, rel=0.01)
    assert below.lowest == pytest.approx(above.lowest, rel=0.02)


@given(st.floats(0, 1), st.lists(st.integers(1, 10**6), min_size=1, max_size=5))
@settings(max_examples=40, deadline=None)
def test_a_funnel_holds_its_middle_and_narrows(rate: float, bases: list[int]) -> None:
    found = sorted(funnel_limits(rate, bases), key=lambda limits: limits.base)
    for one in found:
        assert 0 <= one.lowest <= one.low + 1e-12
        assert one.high <= one.highest + 1e-12 <= 1 + 2e-12
        assert one.low - 1 / one.base <= rate <= one.high + 1 / one.base


def test_a_funnel_of_events_and_what_it_refuses() -> None:
    (found,) = funnel_limits(0.09, [1000], poisson=True)  # 90 per 1,000
    assert stats.poisson.ppf(0.975, 90) / 1000 >= found.high > (stats.poisson.ppf(0.975, 90) - 1) / 1000
    assert (found.side(0.2), found.side(0.09), found.side(0.01)) == (1, 0, -1)
    for rate, base in ((1.2, 10), (-0.1, 10), (0.5, 0), (math.nan, 10)):
        with pytest.raises(ValueError, match=r"no rate|needs a base"):
            funnel_limits(rate, [base])
