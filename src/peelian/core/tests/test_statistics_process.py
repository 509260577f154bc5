"""XmR charts: limits and rules against published data, and against the series of the board papers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peelian.core.statistics import Limits, TooShort, XmR, xmr

MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
HOURS = [2_180, 1_945, 2_280, 2_382, 2_765, 2_787, 2_539, 2_638, 2_757]
DUTIES = [366, 333, 381, 402, 514, 444, 426, 422, 437]
CADETS = [492, 468, 494, 462, 472, 500, 472, 434, 420, 401]
LEADERS = [165, 144, 151, 148, 141, 147, 152, 146, 128, 115]
FLAT = [9.0, 11.0] * 10  # mean 10, moving range 2, limits 4.68 and 15.32, near 6.45 and 13.55


def rules(series: list[float | None], limits: Limits | None = None) -> list[tuple[str, tuple[int, ...], bool]]:
    return [(s.rule, s.points, s.high) for s in xmr(series, baseline=limits or Limits(10, 2)).signals]


def two_places(found: XmR) -> tuple[float, float, float]:
    return round(found.centre, 2), round(found.lower, 2), round(found.upper, 2)


# --- Published examples ---------------------------------------------------------------------------------------


def test_nist_handbook_6_3_2_2_flow_of_ten_batches() -> None:
    """NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.2.2: mean 50.81, moving range 1.8778, limits 45.8159 and
    55.8041, which take 3 / 1.128 where everybody else has 2.66."""
    flow = [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1]
    found = xmr(flow)
    assert found.centre == pytest.approx(50.81)
    assert found.limits.moving_range == pytest.approx(1.8778, abs=5e-5)
    assert (found.lower, found.upper) == (pytest.approx(45.8159, abs=1e-3), pytest.approx(55.8041, abs=1e-3))
    assert found.signals == ()


def test_making_data_count_keeps_a_large_moving_range() -> None:
    """The series of NHSRplotthedots' vignette “Deviations from Excel defaults”, as the spreadsheet has it: the mean is
    1.94 and the moving ranges, among them 8 and 9, are all in."""
    found = xmr([1, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1])
    assert round(found.centre, 2) == 1.94
    assert found.limits.moving_range == pytest.approx(32 / 17)
    assert [(s.rule, s.points) for s in found.signals] == [("beyond", (4,))]


def test_e18_para_64_duty_hours_february_is_below_the_lower_limit() -> None:
    found = xmr(HOURS)
    assert two_places(found) == (2474.78, 1961.73, 2987.83)
    assert found.limits.moving_range == 192.875
    assert [s.said(MONTHS) for s in found.signals if s.rule == "beyond"] == ["Feb is below the lower limit"]
    assert found.trial


def test_e18_para_64_duties_have_no_point_outside() -> None:
    found = xmr(DUTIES)
    assert two_places(found) == (413.89, 307.16, 520.62)
    assert [s for s in found.signals if s.rule == "beyond"] == []


def test_r23_para_27_leaders_october_breaches_the_lower_limit() -> None:
    found = xmr(LEADERS)
    assert (round(found.centre, 1), *two_places(found)[1:]) == (143.7, 118.28, 169.12)
    assert [s.said(MONTHS) for s in found.signals if s.rule == "beyond"] == ["Oct is below the lower limit"]
    assert found.variation("up") == "concerning"


def test_r23_para_27_cadets_do_not() -> None:
    found = xmr(CADETS)
    assert two_places(found) == (461.5, 396.77, 526.23)
    assert [s for s in found.signals if s.rule == "beyond"] == []


# --- The four rules -------------------------------------------------------------------------------------------


def test_a_point_on_a_limit_is_not_beyond_it() -> None:
    assert rules([10, Limits(10, 2).upper, 10, 10]) == []
    assert rules([10, 15.33, 10, 4.67]) == [("beyond", (1,), True), ("beyond", (3,), False)]


def test_seven_above_the_mean_are_a_run_and_six_are_not() -> None:
    assert rules([9, *[11, 11.5] * 3, 9]) == []
    assert rules([9, *[11, 11.5] * 3, 11, 9]) == [("run", tuple(range(1, 8)), True)]


def test_the_mean_itself_is_on_neither_side() -> None:
    assert rules([11, 11.5, 11, 10, 11, 11.5, 11, 11.5]) == []


def test_seven_points_that_rise_are_a_trend_and_six_are_not() -> None:
    """NHSRplotthedots, test-ptd_calculate_point_type.R: 1 to 6 is none, 1 to 7 is one, 1 2 3 3 4 5 6 is none."""
    wide = Limits(4, 5)
    assert rules([1, 2, 3, 4, 5, 6], wide) == []
    assert rules([1, 2, 3, 4, 5, 6, 7], wide) == [("trend", tuple(range(7)), True)]
    assert rules([1, 2, 3, 3, 4, 5, 6], wide) == []
    assert rules([7, 6, 5, 4, 3, 2, 1], wide) == [("trend", tuple(range(7)), False)]


def test_two_of_three_near_one_limit_are_a_signal_and_near_both_are_not() -> None:
    """The same file: near, not, near counts; near, not, not, near does not. And all three on one side of the mean."""
    assert rules([14, 11, 14, 9]) == [("near", (0, 2), True)]
    assert rules([9, 14, 14, 14, 9]) == [("near", (1, 2, 3), True)]
    assert rules([14, 11, 14, 9, 9, 6, 6, 6]) == [("near", (0, 2), True), ("near", (5, 6, 7), False)]
    assert rules([14, 11, 11, 14]) == []
    assert rules([14, 9, 14]) == []
    assert rules([14, 6, 14]) == []


def test_a_gap_breaks_a_run_and_no_range_is_taken_over_it() -> None:
    assert rules([11, 11.5, 11, None, 11.5, 11, 11.5, 11]) == []
    found = xmr([1.0, 2.0, 1.0, 2.0, None, 100.0, 101.0, 100.0, 101.0])
    assert found.limits.moving_range == 1


# --- Baselines ------------------------------------------------------------------------------------------------


def test_a_locked_baseline_holds_later_points_against_earlier_ones() -> None:
    later = [*FLAT[:12], 14.0, 14.2, 14.1, 14.3, 14.0, 14.2, 14.1]
    locked, moving = xmr(later, baseline=12), xmr(later)
    assert (locked.centre, locked.trial) == (10, False)
    assert any(s.rule == "run" and s.points == tuple(range(11, 19)) for s in locked.signals)
    assert moving.centre > 11
    kept = xmr(later[12:], baseline=locked.limits)
    assert [s.rule for s in kept.signals].count("run") == 1
    assert xmr(later, baseline=range(12)).limits == locked.limits


def test_six_points_are_too_short_and_twelve_are_firm() -> None:
    with pytest.raises(TooShort, match=r"^Limits need at least 8 values, and this series has 6\.$"):
        xmr(FLAT[:6])
    with pytest.raises(TooShort, match="has none"):
        xmr([None, float("nan")])
    with pytest.raises(TooShort, match="a gap after each"):
        xmr([1, None] * 8)
    assert [xmr(FLAT[:size]).trial for size in (8, 11, 12)] == [True, True, False]


def test_a_series_that_never_changes_has_no_signal() -> None:
    found = xmr([0.1] * 20)
    assert (found.signals, found.lower, found.upper) == ((), pytest.approx(0.1), pytest.approx(0.1))


# --- Variation and assurance ----------------------------------------------------------------------------------


def test_variation_is_of_the_latest_point_and_good_or_bad_by_what_is_wanted() -> None:
    up = xmr([*FLAT, 16.0], baseline=Limits(10, 2))
    assert (up.variation("up"), up.variation("down"), up.variation()) == ("improving", "concerning", "higher")
    over = xmr([*FLAT, 16.0, 9.0], baseline=Limits(10, 2))
    assert over.variation("up") == "common"


def test_assurance_is_apart_from_variation() -> None:
    steady = xmr(FLAT)
    asked = [(target, good) for target in (4, 10, 16) for good in ("up", "down")]
    assert [steady.assurance(target, good) for target, good in asked] == [  # type: ignore[arg-type]
        "pass", "fail", "hit-or-miss", "hit-or-miss", "fail", "pass",
    ]  # fmt: skip
    over = xmr([*FLAT, 16.0], baseline=Limits(10, 2))
    assert (over.assurance(16, "up"), over.assurance(16, "down"), over.assurance(17, "up")) == (
        "changed", "pass", "fail",
    )  # fmt: skip


@given(st.lists(st.floats(-1e6, 1e6), min_size=8, max_size=60))
def test_limits_hold_the_mean_and_the_rules_keep_to_the_series(values: list[float]) -> None:
    found = xmr(values)
    assert found.lower <= found.centre <= found.upper
    for signal in found.signals:
        assert list(signal.points) == sorted(set(signal.points))
        assert signal.points[-1] < len(values)
        assert {"beyond": 1, "run": 7, "trend": 7, "near": 2}[signal.rule] <= len(signal.points)


@given(st.lists(st.integers(0, 1000), min_size=8, max_size=40), st.integers(1, 1000))
def test_a_series_moved_or_turned_over_has_the_same_signals(values: list[int], by: int) -> None:
    plain, moved, turned = xmr(values), xmr([v + by for v in values]), xmr([-v for v in values])
    assert [(s.rule, s.points, s.high) for s in plain.signals] == [(s.rule, s.points, s.high) for s in moved.signals]
    assert [(s.rule, s.points, not s.high) for s in plain.signals] == [
        (s.rule, s.points, s.high) for s in turned.signals
    ]
