"""Rates of small groups drawn together: against published data, a textbook's figures and SciPy."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import optimize, stats

from peelian.core.statistics import gamma_poisson
from peelian.core.statistics.shrinking import Shrunk, gamma_quantile

# Lip cancer in the 56 districts of Scotland, 1975 to 1980: D. Clayton and J. Kaldor (1987), Biometrics 43, table 1
OBSERVED = [
    9, 39, 11, 9, 15, 8, 26, 7, 6, 20, 13, 5, 3, 8, 17, 9, 2, 7, 9, 7, 16, 31, 11, 7, 19, 15, 7, 10, 16, 11, 5, 3, 7,
    8, 11, 9, 11, 8, 6, 4, 10, 8, 2, 6, 19, 3, 2, 3, 28, 6, 1, 1, 1, 1, 0, 0,
]  # fmt: skip
EXPECTED = [
    1.4, 8.7, 3.0, 2.5, 4.3, 2.4, 8.1, 2.3, 2.0, 6.6, 4.4, 1.8, 1.1, 3.3, 7.8, 4.6, 1.1, 4.2, 5.5, 4.4, 10.5, 22.7,
    8.8, 5.6, 15.5, 12.5, 6.0, 9.0, 14.4, 10.2, 4.8, 2.9, 7.0, 8.5, 12.3, 10.1, 12.7, 9.4, 7.2, 5.3, 18.8, 15.8, 4.3,
    14.6, 50.7, 8.2, 5.6, 9.3, 88.7, 19.6, 3.4, 3.6, 5.7, 7.0, 4.2, 1.8,
]  # fmt: skip


def test_the_lip_cancer_data_of_clayton_and_kaldor_1987_are_fitted_as_by_scipys_maximum() -> None:
    e = np.array(EXPECTED)

    def unlikely(logs: np.ndarray) -> float:
        shape, rate = np.exp(logs)
        return -float(stats.nbinom.logpmf(OBSERVED, shape, rate / (rate + e)).sum())

    shape, rate = np.exp(optimize.minimize(unlikely, [0.0, 0.0], method="Nelder-Mead", options={"xatol": 1e-9}).x)
    found = gamma_poisson(OBSERVED, EXPECTED)
    for n, exposure, one in zip(OBSERVED, EXPECTED, found, strict=True):
        assert one.mean == pytest.approx((shape + n) / (rate + exposure), rel=1e-4)
    # The largest raw ratio, 6.43 on 1.4 expected, is drawn down furthest; Glasgow, with 88.7 expected, hardly moves
    assert found[0].mean < 4.2 < OBSERVED[0] / EXPECTED[0]
    assert found[48].mean == pytest.approx(28 / 88.7, rel=0.06)
    assert found[54].mean > 0


@pytest.mark.parametrize(("deaths", "rate"), [(0, 4.55e-5), (1, 4.77e-5), (2, 5.00e-5)])
def test_kidney_cancer_in_a_county_of_a_thousand_gelman_bayesian_data_analysis_2_7(deaths: int, rate: float) -> None:
    """The prior there is gamma(20, 430,000); ten years of a county of 1,000 add 10,000."""
    assert Shrunk(20 + deaths, 430_000 + 10_000, deaths, 10_000).mean == pytest.approx(rate, rel=2e-3)


@pytest.mark.parametrize("shape", [0.3, 0.5, 1, 4.2, 37, 1234.5])
@pytest.mark.parametrize("share", [0.025, 0.5, 0.975])
def test_quantiles_are_scipys(shape: float, share: float) -> None:
    assert gamma_quantile(share, shape) == pytest.approx(stats.gamma.ppf(share, shape), rel=1e-8)
    one = Shrunk(shape, 3.0, 1, 1.0)
    expected = one.expected(2.0)
    assert expected.low == stats.nbinom.ppf(0.025, shape, 3 / 5)
    assert expected.high == stats.nbinom.ppf(0.975, shape, 3 / 5)


def test_groups_that_differ_by_chance_only_get_what_is_common_and_no_more_certainty_than_all_records() -> None:
    found = gamma_poisson([10, 10, 10], [5, 5, 5])
    assert {round(one.mean, 3) for one in found} == {round(30.5 / 15, 3)}
    assert found[0].estimate().low == pytest.approx(stats.gamma.ppf(0.025, 30.5) / 15, rel=1e-6)


def test_the_thinner_the_record_the_nearer_the_common_rate() -> None:
    counts, hours = [2, 20, 200, 5, 5, 30], [1.0, 10.0, 100.0, 20.0, 20.0, 60.0]
    thin, middle, thick = gamma_poisson(counts, hours)[:3]
    assert thin.mean < middle.mean < thick.mean < 2.0
    assert thin.weight < middle.weight < thick.weight
    assert thin.estimate().high - thin.estimate().low > thick.estimate().high - thick.estimate().low
    untried = gamma_poisson([*counts, 0], [*hours, 0.0])[-1]
    assert untried.weight == 0
    assert math.isfinite(untried.estimate().high)


def test_nothing_at_all_is_a_wide_interval_and_no_hours_are_refused() -> None:
    low_high = gamma_poisson([0, 0], [4.0, 4.0])[0].estimate()
    assert 0 < low_high.value < low_high.high < 1
    for counts, hours in (([0], [0.0]), ([-1], [1.0]), ([1], [math.nan]), ([1, 2], [1.0])):
        with pytest.raises(ValueError):
            gamma_poisson(counts, hours)
