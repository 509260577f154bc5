"""What figures say, held against the papers: [G] of systems.md 7.6, 7.7, 7.8, 8.1, 8.3 and 9.1, from their inputs.

H19 is the Headline Performance Report of 19 November 2019, E18 Engagement of 20 November 2018, R23 Rebuilding Community
Policing of 19 December 2023, C21 Community Policing of 2021.
"""

from __future__ import annotations

from datetime import date

import pytest

from peelian.core.periods import Period
from peelian.core.statistics import concentration, post_stratify, wilson
from peelian.insight.measures import detail, pictures, series
from peelian.insight.measures.series import Point
from peelian.insight.models import MeasureDefinition

HOURS = [2180, 1945, 2280, 2382, 2765, 2787, 2539, 2638, 2757]
DUTIES = [366, 333, 381, 402, 514, 444, 426, 422, 437]


def defined(**given: object) -> MeasureDefinition:
    said = {"name": "Measure", "unit": "offences", "numerator": "Offences", "frequency": "month", "good": "down"}
    return MeasureDefinition(**(said | given))


def figures(first: str, values: list, definition: MeasureDefinition) -> list[Point]:
    """Months from FIRST on: counts, or pairs with their denominators."""
    made, period = [], Period.parse(first)
    for value in values:
        top, base = value if isinstance(value, tuple) else (value, None)
        made.append(Point(period, definition.value_of(top, base), top, base))
        period = Period.month_of(period.after)
    return made


def year(end: str, value: float | None, **more: float) -> Point:
    return Point(Period.parse(f"year-to-{end}"), value, **more)


def changed(first: float, last: float, **given: object) -> series.Change:
    found = series.change(defined(**given), year("2016-03", first), year("2019-06", last))
    assert found is not None
    return found


# H19 ------------------------------------------------------------------------------------------------------------------


def test_h19_lower_crime_rate_90_over_66_is_36_percent_up_and_msf_37():
    assert changed(66, 90).percent == pytest.approx(36.36, abs=0.005)
    assert f"{changed(66, 90).percent:.0f}" == "36"
    assert changed(78, 107).percent == pytest.approx(37.2, abs=0.05)
    assert changed(66, 90, per=1000).said == "up 36%, from 66 to 90"


def test_h19_lower_crime_rate_21850_a_month_is_262200_a_year_of_2913333_people():
    definition = defined()
    (whole,) = series.year_ending(definition, figures("2018-10", [21_850] * 12, definition))
    assert (whole.period.name, whole.value) == ("year-to-2019-09", 262_200)
    assert series.per_1000(whole, 2_913_333) == pytest.approx(90)


def test_h19_lower_crime_rate_90_is_lower_than_the_msf_107():
    definition = defined(per=1000, unit="per 1,000 people", group_name="Most similar forces")
    (beside,) = series.beside(definition, year("2019-06", 90, group_value=107))
    assert beside.said == "Most similar forces: 107 (ours is 16% lower)"


def test_h19_burglary_28648_is_28_percent_over_22381():
    assert changed(22_381, 28_648).said == "up 28.0%, from 22,381 to 28,648"


def test_h19_burglary_1000_homes_fewer_are_10_3_percent_of_9709():
    assert round(1_000 / 0.103) == 9_709
    assert changed(9_709, 8_709).percent == pytest.approx(-10.3, abs=0.05)


def test_h19_robbery_8918_is_82_percent_over_4900():
    assert changed(4_900, 8_918).percent == pytest.approx(82, abs=0.005)


def test_h19_hidden_crimes_97551_is_23_percent_over_79310_and_its_parts():
    assert changed(79_310, 97_551).percent == pytest.approx(23, abs=0.005)
    share = defined(per=100, unit="%")
    assert [round(share.value_of(part, 97_551) or 0) for part in (64_384, 22_437, 6_829)] == [66, 23, 7]


def test_h19_reoffending_30_1_is_1_4_points_over_28_7():
    assert pytest.approx(69.9) == 100 - 30.1
    found = changed(28.7, 30.1, per=100, unit="%", places=1)
    assert found.said == "up 1.4 percentage points, from 28.7 to 30.1"
    assert found.percent is None


def test_h19_first_time_entrants_1232_to_1094_fell_by_11_2_percent_not_13():
    """The paper divides by the new value and prints 13%."""
    assert changed(1_232, 1_094).percent == pytest.approx(-11.2, abs=0.005)
    assert changed(1_232, 1_094).said == "down 11.2%, from 1,232 to 1,094"
    assert pytest.approx(12.6, abs=0.05) == 100 * (1_232 - 1_094) / 1_094


def test_h19_complaints_220_at_20_per_1000_are_11000_employees_and_the_kinds():
    definition = defined(per=1000, unit="per 1,000 employees", frequency="quarter")
    assert definition.value_of(220, 11_000) == 20
    share = defined(per=100, unit="%")
    assert [round(share.value_of(n, 220) or 0, 1) for n in (64, 36, 24)] == [29.1, 16.4, 10.9]
    both = series.beside(definition, Point(Period.parse("2019-Q2"), 20, group_value=46, nation_value=48))
    assert [one.said.partition("(")[2] for one in both] == ["ours is 57% lower)", "ours is 58% lower)"]


def test_h19_timeliness_255_over_188_and_85_over_59_and_not_just_higher_than_others():
    assert changed(188, 255).percent == pytest.approx(35.6, abs=0.05)
    assert changed(59, 85).percent == pytest.approx(44.1, abs=0.05)
    definition = defined(per=1, unit="days")
    local = series.beside(definition, Point(Period.parse("2019-Q2"), 255, group_value=221, nation_value=150))
    assert [round(one.percent) for one in local] == [15, 70]


def test_h19_roads_1_4_percent_of_the_network_has_16_5_percent_of_ksi_11_8_times():
    assert concentration(0.165, 0.014) == pytest.approx(11.8, abs=0.02)


def test_h19_victim_satisfaction_8_1_the_young_weigh_1_789():
    """9.5% of those who answered and 17.0% of the people are from 16 to 24."""
    weights = post_stratify({"16-24": 95, "older": 905}, {"16-24": 0.17, "older": 0.83})
    assert weights["16-24"] == pytest.approx(1.789, abs=0.0005)
    assert 1 / weights["16-24"] == pytest.approx(0.559, abs=0.0005)


def test_h19_how_are_we_doing_8_3_11_4_percent_of_49184_answered_5607():
    definition = defined(per=100, unit="%", places=1, denominator="People asked", good="up")
    point = Point(Period.parse("2019-02"), definition.value_of(5_607, 49_184), 5_607, 49_184)
    low, high = wilson(5_607, 49_184)
    assert (round(100 * low, 2), round(100 * high, 2)) == (11.12, 11.68)
    said = detail.facts(definition, [point], None)[0]["value"]
    assert said == "11.4% of 49,184 people asked, 11.1% to 11.7% (95% Wilson interval)"


# E18, R23, C21 --------------------------------------------------------------------------------------------------------


def test_e18_64_duty_hours_limits_are_1961_73_to_2987_83_and_february_is_below():
    definition = defined(unit="hours")
    found = pictures.control(definition, figures("2018-01", HOURS, definition))
    assert found.result is not None
    assert found.result.centre == pytest.approx(2474.78, abs=0.005)
    assert found.result.limits.moving_range == pytest.approx(192.875)
    assert (found.result.lower, found.result.upper) == (
        pytest.approx(1961.73, abs=0.005),
        pytest.approx(2987.83, abs=0.005),
    )
    beyond = [signal.points for signal in found.result.signals if signal.rule == "beyond"]
    assert beyond == [(1,)]


def test_e18_64_duties_limits_are_307_16_to_520_62_and_none_is_outside():
    definition = defined(unit="duties")
    result = pictures.control(definition, figures("2018-01", DUTIES, definition)).result
    assert result is not None
    assert (result.centre, result.lower, result.upper) == (
        pytest.approx(413.89, abs=0.005), pytest.approx(307.16, abs=0.005), pytest.approx(520.62, abs=0.005),
    )  # fmt: skip
    assert [signal for signal in result.signals if signal.rule == "beyond"] == []


def test_e18_64_hours_per_duty_by_month_and_5_98_over_all():
    definition = defined(per=1, unit="hours per duty", places=1)
    points = figures("2018-01", list(zip(HOURS, DUTIES, strict=True)), definition)
    assert [f"{point.value:.1f}" for point in points] == ["6.0", "5.8", "6.0", "5.9", "5.4", "6.3", "6.0", "6.3", "6.3"]
    whole = definition.value_of(22_273, 3_725)
    assert (sum(HOURS), sum(DUTIES), f"{whole:.2f}") == (22_273, 3_725, "5.98")


def test_r23_39_share_meeting_16_hours_by_month_with_october_69_8_to_83_2():
    definition = defined(per=100, unit="%", places=1, good="up", denominator="Active Specials")
    under, over = [61, 47, 58, 50, 42, 31, 34], [120, 130, 111, 119, 117, 120, 115]
    points = figures("2023-04", [(o, u + o) for u, o in zip(under, over, strict=True)], definition)
    assert [f"{point.value:.1f}" for point in points] == ["66.3", "73.4", "65.7", "70.4", "73.6", "79.5", "77.2"]
    october = detail.facts(definition, points, None)[0]
    assert october["key"] == "October 2023"
    assert october["value"] == "77.2% of 149 active Specials, 69.8% to 83.2% (95% Wilson interval)"
    assert [round(definition.value_of(*of) or 0, 1) for of in ((130, 238), (115, 221))] == [54.6, 52.0]
    assert series.change(defined(), year("2023-04", 247), year("2023-10", 221)).percent == pytest.approx(
        -10.5, abs=0.05
    )


def test_r23_38_leavers_sum_to_114_and_42_are_37_percent_28_5_to_46_0():
    share = defined(per=100, unit="%")
    parts = [42, 19, 12, 4, 14, 23]
    shares = [f"{share.value_of(part, sum(parts)):.2f}" for part in parts]
    assert shares == ["36.84", "16.67", "10.53", "3.51", "12.28", "20.18"]
    low, high = wilson(42, 114)
    assert (100 * low, 100 * high) == (pytest.approx(28.55, abs=0.005), pytest.approx(46.0, abs=0.05))


def test_c21_11_duties_up_26_2_and_hours_up_22_7_percent():
    assert changed(10_011, 12_636, good="up").percent == pytest.approx(26.2, abs=0.05)
    assert changed(64_567, 79_210, good="up").percent == pytest.approx(22.7, abs=0.05)
    each = defined(per=1, unit="hours per duty")
    assert [f"{each.value_of(*of):.2f}" for of in ((79_210, 12_636), (64_567, 10_011))] == ["6.27", "6.45"]
    assert [f"{each.value_of(64_567, base):.1f}" for base in (240, 240 * 12)] == ["269.0", "22.4"]


# What there is not ----------------------------------------------------------------------------------------------------


def test_a_series_of_six_points_says_that_it_is_too_short():
    definition = defined()
    found = pictures.control(definition, figures("2018-01", HOURS[:6], definition))
    assert found.result is None
    assert found.said == "Limits need at least 8 values, and this series has 6."
    assert found.variation_tag[0] == "Too short to say"


def test_a_year_with_a_gap_is_no_year():
    definition = defined()
    points = figures("2018-01", [10] * 24, definition)
    assert len(series.year_ending(definition, points)) == 13
    assert len(series.year_ending(definition, points[:5] + points[6:])) == 13 - 6
    assert series.year_ending(defined(adds_up=False), points) == []


def test_the_population_is_not_added_up():
    rate = defined(per=1000, unit="per 1,000 people", base_adds_up=False)
    (whole,) = series.year_ending(rate, figures("2018-01", [(100, 20_000)] * 12, rate))
    assert whole.value == 60
    share = defined(per=100, unit="%")
    (whole,) = series.year_ending(share, figures("2018-01", [(100, 20_000)] * 12, share))
    assert whole.value == 0.5


def test_change_since_the_baseline_compares_years_with_years():
    definition = defined(baseline_start=date(2016, 4, 1), baseline_end=date(2017, 3, 31))
    points = figures("2016-04", [10] * 12 + [12] * 12, definition)
    found = series.since_baseline(definition, points)
    assert found is not None
    assert found.said == "up 20.0%, from 120 to 144"
    assert series.since_baseline(defined(), points) is None


def test_no_figure_is_no_change_and_a_start_of_nought_has_no_percentage():
    assert series.change(defined(), year("2016-03", None), year("2019-06", 5)) is None
    assert changed(0, 5).said == "up, from 0 to 5"
    assert changed(5, 5).said == "unchanged at 5"


@pytest.mark.parametrize(
    ("good", "value", "said"),
    [("up", 78, "reached"), ("up", 72, "3 short of it"), ("down", 72, "reached"), ("down", 78, "3 short of it")],
)
def test_a_target_is_reached_by_the_way_that_is_good(good, value, said):
    definition = defined(good=good, target=75, target_by=date(2099, 12, 31))
    assert series.against_target(definition, year("2019-06", value)).endswith(f"{said}.")


def test_variation_and_assurance_are_answered_apart():
    definition = defined(good="down", target=5)
    falling = figures("2018-01", [20, 21, 20, 22, 21, 20, 21, 20, 22, 21, 14, 13, 12, 13, 12, 13, 12], definition)
    found = pictures.control(definition, falling)
    assert (found.variation_tag[0], found.assurance_tag[0]) == ("Better than before", "Misses its target")
    reached = pictures.control(defined(good="down", target=12), falling)
    assert (reached.variation_tag[0], reached.assurance_tag[0]) == ("Better than before", "Too early to say")
    assert "limits from after the change will say" in reached.said


def test_limits_locked_to_a_baseline_do_not_follow_the_series():
    definition = defined(limits_from=date(2018, 1, 1), limits_to=date(2018, 9, 30))
    later = figures("2018-01", [*HOURS, 9_000, 9_100], definition)
    locked = pictures.control(definition, later).result
    assert locked is not None
    assert locked.centre == pytest.approx(2474.78, abs=0.005)
    assert pictures.control(defined(), later).result.centre > 3_000
