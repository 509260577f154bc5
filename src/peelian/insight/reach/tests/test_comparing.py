"""The Origins report rebuilt from its two columns of counts, and when a gap is one.

Engagement, Strategic Policing and Crime Board of 20 November 2018, appendix A, lines 351-406 (E18). The totals,
2,263,691 residents and 52,940 coded members, are the pair on which its undamaged rows agree.
"""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peelian.insight.reach.comparing import NOBODY, NOT_TOLD, OVER, UNCLEAR, UNDER, Group, compare

RESIDENTS, CODED = 2_263_691, 52_940
COUNTS = {  # in area, registered
    "England": (1_265_856, 31_044),
    "Wales": (153_569, 3_735),
    "Ireland": (136_573, 3_125),
    "Pakistani": (106_820, 1_717),
    "Scotland": (98_575, 2_296),
    "Sikh": (88_224, 1_730),
    "Other Muslim": (81_290, 1_339),
    "Hindu Indian": (68_258, 1_418),
    "Bangladeshi": (29_454, 411),
    "Polish": (26_891, 481),
    "German": (14_203, 333),
    "Italian And Maltese": (13_418, 322),
    "French And Maltese": (9_948, 264),
    "Nigerian": (9_279, 142),
    "North African": (8_938, 171),
}


@pytest.fixture(scope="module")
def origins():
    groups = [Group(name, name, *counts) for name, counts in COUNTS.items()]
    table = compare(groups, base=CODED, people=RESIDENTS)
    return table, {row.group.label: row for row in table.rows}


def percent(value: float) -> str:
    return f"{100 * value:.2f}"


@pytest.mark.parametrize(("origin", "printed"), [("England", "55.92"), ("Ireland", "6.03"), ("Bangladeshi", "1.30")])
def test_E18_appendix_A_L351_target_shares_as_printed(origins, origin, printed):
    assert percent(origins[1][origin].target) == printed


@pytest.mark.parametrize(
    ("origin", "printed"),
    [("Bangladeshi", "0.78"), ("Scotland", "4.34"), ("Sikh", "3.27"), ("Pakistani", "3.24"), ("Hindu Indian", "2.68"),
     ("Nigerian", "0.27"), ("North African", "0.32"), ("German", "0.63")],
)  # fmt: skip
def test_E18_appendix_A_L351_actual_shares_as_printed(origins, origin, printed):
    assert percent(origins[1][origin].actual.value) == printed


@pytest.mark.parametrize(
    ("origin", "target", "gap"),
    [("Nigerian", "0.41", -0.14), ("North African", "0.39", -0.07), ("German", "0.63", 0.0)],
)
def test_E18_appendix_A_L355_rows_whose_leading_nought_was_read_as_an_eight(origins, origin, target, gap):
    row = origins[1][origin]
    assert percent(row.target) == target
    assert round(100 * row.gap, 2) == gap


def test_E18_appendix_A_L374_england_is_58_64_percent_and_not_the_printed_80_37(origins):
    row = origins[1]["England"]
    assert percent(row.actual.value) == "58.64"
    assert round(100 * row.gap, 2) == 2.72


def test_E18_appendix_A_groups_stand_by_the_sign_of_their_gap(origins):
    """The printed "predominant" list holds negative gaps, and the "under-represented" one positive."""
    table, rows = origins
    assert [row.group.label for row in table.over] == ["England", "Wales"]
    assert {row.group.label for row in table.under} == {
        "Pakistani", "Other Muslim", "Sikh", "Bangladeshi", "Hindu Indian", "Polish", "Nigerian",
        "North African",
    }  # fmt: skip
    assert rows["Scotland"].verdict == rows["German"].verdict == UNCLEAR
    assert all((row.gap > 0) == (row.verdict == OVER) for row in table.rows if row.clear)


def test_E18_appendix_A_ethiopian_6_members_of_31_residents_is_seen_for_what_it_is():
    """31 residents and 6 registered, printed with a gap of 0.00: eight times its share, yet 0.01 points."""
    groups = [Group("e", "Ethiopian", 31, 6), Group("rest", "Others", RESIDENTS - 31, CODED - 6)]
    row = compare(groups, base=CODED, people=RESIDENTS).rows[0]
    assert (row.verdict, round(100 * row.gap, 2)) == (OVER, 0.01)
    assert round(row.rate) == 194
    assert round(row.ratio, 1) == 8.3


def test_rates_and_ratios_have_their_base(origins):
    row = origins[1]["Pakistani"]
    assert row.rate == pytest.approx(16.074, abs=0.001)
    assert row.ratio == pytest.approx(0.6873, abs=0.0001)
    assert row.actual.base == CODED


def test_without_members_or_population_there_is_no_share_and_no_verdict():
    groups = [Group("a", "A", 10, 0), Group("b", "B", 20, 0)]
    for base, people in ((0, 30), (10, 0), (0, 0)):
        table = compare(groups, base=base, people=people)
        assert table.level is None
        assert not any(row.clear for row in table.rows)
        assert all(row.gap is None and row.ratio is None for row in table.rows)


def test_a_group_that_nobody_is_of_in_the_table_and_one_not_told_are_not_judged():
    table = compare([Group("a", "A", 0, 9), Group("b", "B", 90, 91), Group("c", "C", 10, None)], base=100, people=100)
    assert [row.verdict for row in table.rows] == [NOBODY, UNCLEAR, NOT_TOLD]
    assert (table.rows[0].rate, table.rows[0].ratio, table.tests) == (None, None, 1)


@settings(deadline=None, max_examples=150)
@given(st.lists(st.tuples(st.integers(0, 5_000), st.integers(0, 400)), min_size=1, max_size=12))
def test_the_interval_leaves_the_target_out_exactly_where_the_gap_is_clear(counts):
    groups = [Group(str(at), str(at), *pair) for at, pair in enumerate(counts)]
    base, people = sum(pair[1] for pair in counts), sum(pair[0] for pair in counts)
    table = compare(groups, base=base, people=people)
    for row in table.rows:
        numbers = [row.gap, row.rate, row.ratio, row.low, row.high]
        assert all(value is None or math.isfinite(value) for value in numbers)
        if row.low is not None:
            assert row.clear == (row.low > 0 or row.high < 0)
            assert not row.clear or (row.verdict == UNDER) == (row.gap < 0)
