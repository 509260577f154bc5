"""Rates, ratios and changes, against SciPy and against the board papers' own figures."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from peelian.core.charts import CHANGE, PER_1000, SHARE_1, Unit
from peelian.core.statistics import (
    change_in_counts,
    concentration,
    percentage_change,
    poisson_interval,
    proportion,
    rate,
    rate_ratio,
)


@pytest.mark.parametrize("count", range(10))
def test_limits_of_few_events_are_the_exact_ones(count: int) -> None:
    """F. Garwood (1936), Biometrika 28, 437-442, by SciPy's chi-squared: for none 0 to 3.69, for five 1.62 to 11.67."""
    low, high = poisson_interval(count)
    assert low == pytest.approx(stats.chi2.ppf(0.025, 2 * count) / 2 if count else 0, abs=1e-9)
    assert high == pytest.approx(stats.chi2.ppf(0.975, 2 * count + 2) / 2, abs=1e-9)


@pytest.mark.parametrize("count", [10, 12, 65, 1000])
def test_byars_limits_are_within_a_fifth_of_a_percent_of_the_exact_ones(count: int) -> None:
    """Public Health England, Technical guide: confidence intervals (2018), says so for ten or more."""
    low, high = poisson_interval(count)
    assert low == pytest.approx(stats.chi2.ppf(0.025, 2 * count) / 2, rel=0.002)
    assert high == pytest.approx(stats.chi2.ppf(0.975, 2 * count + 2) / 2, rel=0.002)


@given(st.integers(0, 10**6))
def test_limits_hold_their_count_and_grow_with_it(count: int) -> None:
    (low, high), (next_low, next_high) = poisson_interval(count), poisson_interval(count + 1)
    assert 0 <= low <= count < high
    if count + 1 != 10:  # where the exact ones end and Byar's begin
        assert next_low > low
    assert next_high > high


def test_a_rate_has_its_base_its_interval_and_its_method() -> None:
    found = rate(65, 100_000)
    assert (found.value, found.base, found.method) == (pytest.approx(0.65), 100_000, "Byar’s interval")
    assert rate(3, 1000).method == "exact Poisson interval"
    for count, base in ((1, 0), (-1, 10)):
        with pytest.raises(ValueError, match=r"needs a base|no count"):
            rate(count, base)


def test_a_ratio_of_rates_is_scipys_within_its_method() -> None:
    found = rate_ratio(60, 10_000, 30, 10_000)
    assert found is not None
    assert found.value == pytest.approx(2)
    exact = stats.binomtest(60, 90).proportion_ci(method="wilson")
    assert found.low == pytest.approx(exact.low / (1 - exact.low))
    assert found.high == pytest.approx(exact.high / (1 - exact.high))
    assert rate_ratio(3, 10, 0, 10) is None


@given(st.integers(0, 10**5), st.integers(1, 10**5), st.floats(1, 1e6), st.floats(1, 1e6))
def test_a_ratio_is_finite_and_in_its_interval(count: int, other: int, base: float, other_base: float) -> None:
    found = rate_ratio(count, base, other, other_base)
    assert found is not None
    assert 0 <= found.low <= found.value * (1 + 1e-9)
    assert found.value <= found.high * (1 + 1e-9)
    assert math.isfinite(found.high)


def test_a_change_from_nothing_has_no_percentage() -> None:
    assert percentage_change(7, 0) is None
    assert percentage_change(math.nan, 4) is None
    assert change_in_counts(7, 0) is None
    assert concentration(0.25, 0) is None


def test_a_change_in_counts_knows_when_it_is_nothing() -> None:
    up, unclear = change_in_counts(1600, 1000), change_in_counts(11, 9)
    assert up is not None
    assert unclear is not None
    assert (up.value, up.low > 0) == (pytest.approx(0.6), True)
    assert unclear.low < 0 < unclear.high


# --- The board papers -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("later", "earlier", "printed"),
    [
        pytest.param(9.6, 6, "+60.0%", id="C21 ¶42 readability"),
        pytest.param(90, 66, "+36.4%", id="H19 recorded crime per 1,000"),
        pytest.param(107, 78, "+37.2%", id="H19 most similar forces"),
        pytest.param(8_918, 4_900, "+82.0%", id="H19 robbery"),
        pytest.param(1_094, 1_232, "−11.2%", id="H19 first-time entrants on the right base"),
        pytest.param(255, 188, "+35.6%", id="H19 local investigation days"),
        pytest.param(85, 59, "+44.1%", id="H19 local resolution days"),
        pytest.param(12_636, 10_011, "+26.2%", id="C21 ¶11 specials' duties"),
        pytest.param(79_210, 64_567, "+22.7%", id="C21 ¶11 specials' hours"),
        pytest.param(401, 492, "−18.5%", id="R23 ¶27 cadets"),
        pytest.param(115, 165, "−30.3%", id="R23 ¶27 leaders"),
        pytest.param(221, 247, "−10.5%", id="R23 ¶39 specials"),
        pytest.param(85_737, 81_752, "+4.9%", id="H19 L278 members"),
    ],
)
def test_changes_of_the_papers(later: float, earlier: float, printed: str) -> None:
    assert CHANGE.said(percentage_change(later, earlier)) == printed


@pytest.mark.parametrize(
    ("share", "of_share", "times"),
    [
        pytest.param(0.25, 0.07, "3.57", id="H19 L64 crime in impact areas"),
        pytest.param(0.30, 0.07, "4.29", id="H19 L64 violence"),
        pytest.param(0.33, 0.07, "4.71", id="H19 L64 homicides"),
        pytest.param(0.165, 0.014, "11.79", id="H19 killed or seriously injured on strategic routes"),
    ],
)
def test_concentrations_of_the_papers(share: float, of_share: float, times: str) -> None:
    assert Unit(places=2).said(concentration(share, of_share)) == times


@pytest.mark.parametrize(
    ("part", "base", "printed"),
    [
        pytest.param(115, 149, "77.2%", id="R23 ¶39 October over 16 hours"),
        pytest.param(120, 181, "66.3%", id="R23 ¶39 April, with the 120 that the sum asks for"),
        pytest.param(130, 177, "73.4%", id="R23 ¶39 May"),
        pytest.param(111, 169, "65.7%", id="R23 ¶39 June"),
        pytest.param(119, 169, "70.4%", id="R23 ¶39 July"),
        pytest.param(117, 159, "73.6%", id="R23 ¶39 August"),
        pytest.param(120, 151, "79.5%", id="R23 ¶39 September"),
        pytest.param(14, 19, "73.7%", id="C21 ¶37 vehicle crime"),
        pytest.param(12, 19, "63.2%", id="C21 ¶37 violence under 25"),
        pytest.param(10, 19, "52.6%", id="C21 ¶37 theft from the person"),
        pytest.param(36, 220, "16.4%", id="H19 complaint allegations, second kind"),
        pytest.param(24, 220, "10.9%", id="H19 complaint allegations, third kind"),
        pytest.param(200, 728, "27.5%", id="E18 L287 other alerts"),
        pytest.param(42, 114, "36.8%", id="R23 ¶38 joined the regulars"),
        pytest.param(19, 114, "16.7%", id="R23 ¶38 change in circumstances"),
        pytest.param(15, 19, "78.9%", id="C21 ¶37 burglary"),
        pytest.param(18, 19, "94.7%", id="C21 ¶37 robbery"),
        pytest.param(570, 660, "86.4%", id="C21 ¶23 cadet places filled"),
        pytest.param(458, 600, "76.3%", id="R23 ¶19 cadet places with those on their way"),
        pytest.param(64, 220, "29.1%", id="H19 complaint allegations"),
    ],
)
def test_shares_of_the_papers_have_scipys_interval(part: int, base: int, printed: str) -> None:
    found, expected = proportion(part, base), stats.binomtest(part, base).proportion_ci(method="wilson")
    assert SHARE_1.said(found.value) == printed
    assert (found.low, found.high) == (pytest.approx(expected.low), pytest.approx(expected.high))


@pytest.mark.parametrize(
    ("part", "base", "low", "high"),
    [
        pytest.param(115, 149, "69.8%", "83.2%", id="R23 ¶39 October over 16 hours"),
        pytest.param(42, 114, "28.6%", "46.0%", id="R23 ¶38 joined the regulars"),
    ],
)
def test_intervals_of_the_papers_shares(part: int, base: int, low: str, high: str) -> None:
    found = proportion(part, base)
    assert (SHARE_1.said(found.low), SHARE_1.said(found.high)) == (low, high)


def test_h19_l254_response_to_the_poll() -> None:
    found = proportion(5_607, 49_184)
    two = Unit(kind="share", places=2)
    assert (SHARE_1.said(found.value), two.said(found.low), two.said(found.high)) == ("11.4%", "11.12%", "11.68%")


@pytest.mark.parametrize(
    ("mean", "printed"), [pytest.param(5.44, "90.67%", id="E18 ¶29"), pytest.param(5.39, "89.83%", id="H19 L286")]
)
def test_satisfaction_is_the_mean_rating_over_six(mean: float, printed: str) -> None:
    assert Unit(kind="share", places=2).said(mean / 6) == printed


@pytest.mark.parametrize(
    ("offences", "people", "printed"),
    [
        pytest.param(12 * 21_850, 2_913_333, "90.0 per 1,000", id="H19 average month times twelve"),
        pytest.param(8_918, 2_913_333, "3.1 per 1,000", id="H19 robbery"),
    ],
)
def test_rates_of_the_papers(offences: int, people: int, printed: str) -> None:
    assert PER_1000.said(rate(offences, people).value) == printed


@pytest.mark.parametrize(
    ("parts", "bases", "printed"),
    [
        pytest.param(
            [2_180, 1_945, 2_280, 2_382, 2_765, 2_787, 2_539, 2_638, 2_757],
            [366, 333, 381, 402, 514, 444, 426, 422, 437],
            ["6.0", "5.8", "6.0", "5.9", "5.4", "6.3", "6.0", "6.3", "6.3"],
            id="E18 ¶64 hours per duty, January to September 2018",
        ),
        pytest.param(
            [366, 333, 381, 402, 514, 444, 426, 422, 437],
            [152, 150, 141, 139, 137, 137, 137, 138, 152],
            ["2.4", "2.2", "2.7", "2.9", "3.8", "3.2", "3.1", "3.1", "2.9"],
            id="E18 ¶64 duties per officer, at the only headcounts that fit",
        ),
        pytest.param([570], [181], ["3.1"], id="C21 ¶23 cadets per leader"),
    ],
)
def test_averages_of_the_papers(parts: list[int], bases: list[int], printed: list[str]) -> None:
    one_place = Unit(places=1)
    assert [one_place.said(rate(n, base, per=1).value) for n, base in zip(parts, bases, strict=True)] == printed


def test_r23_para_27_cadets_per_leader() -> None:
    cadets = [492, 468, 494, 462, 472, 500, 472, 434, 420, 401]
    leaders = [165, 144, 151, 148, 141, 147, 152, 146, 128, 115]
    found = [Unit(places=2).said(rate(n, base, per=1).value) for n, base in zip(cadets, leaders, strict=True)]
    assert found == ["2.98", "3.25", "3.27", "3.12", "3.35", "3.40", "3.11", "2.97", "3.28", "3.49"]


@pytest.mark.parametrize(
    ("part", "base", "printed"),
    [
        pytest.param(85_728, 85_737, "99.99%", id="H19 L279 contactable members"),
        pytest.param(53_130, 53_408, "99.48%", id="E18 L247 without the incommunicado"),
        pytest.param(52_768, 53_408, "98.80%", id="E18 L247 without those with comms issues either"),
        pytest.param(31_044, 52_940, "58.64%", id="E18 appendix A, England"),
    ],
)
def test_shares_of_the_papers_to_two_places(part: int, base: int, printed: str) -> None:
    assert Unit(kind="share", places=2).said(proportion(part, base).value) == printed
