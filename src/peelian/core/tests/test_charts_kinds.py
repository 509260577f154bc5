"""Control charts, funnels, calendars and maps: what they say and mark, whatever comes."""

import re
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from peelian.core import charts
from peelian.core.charts import Area, Point, Spot
from peelian.core.tests.drawings import ANY, is_drawn_well, texts

# --- Control charts -------------------------------------------------------------------------------------------

HOURS: list[float | None] = [2_180, 1_945, 2_280, 2_382, 2_765, 2_787, 2_539, 2_638, 2_757]
YEAR = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def test_e18_para_64_a_control_chart_says_and_marks_february() -> None:
    chart = charts.control_chart("hours", "Duty hours", YEAR[:9], HOURS, target=2_000, good="up")
    assert chart.finding == (
        "No clear change: the latest value is within what this series does by itself. Unusual: Feb is below the lower "
        "limit. The target will be met at some times and missed at others, by chance alone."
    )
    for words in ("Mean 2,475", "Upper limit 2,988", "Lower limit 1,962", "Target 2,000", "Unusually low"):
        assert words in texts(chart.svg)
    assert chart.table.raw[1] == ["Feb", 1945, "beyond the limit"]
    assert "limits 1,961.7 and 2,987.8" in chart.table.note
    assert "on trial" in chart.note


def test_six_points_are_a_plain_line_that_says_why() -> None:
    chart = charts.control_chart("hours", "Duty hours", YEAR[:6], HOURS[:6])
    assert chart.finding.endswith("Limits need at least 8 values, and this series has 6.")
    assert chart.svg
    assert not [words for words in texts(chart.svg) if "limit" in words]


def test_unusual_points_have_a_shape_of_their_own() -> None:
    values: list[float | None] = [9.0, 11.0] * 7 + [30.0, -30.0]
    chart = charts.control_chart("k", "T", [str(i) for i in range(16)], values, baseline=14, good="up")
    assert {"Unusually high", "Unusually low", "Baseline to 13"} <= set(texts(chart.svg))
    assert (
        chart.svg.count('class="p-c-fill-accent') == 2
    )  # in the key and in the picture, in the colour of what is good
    assert chart.svg.count('class="p-c-fill-urgent') == 2


# --- Funnels --------------------------------------------------------------------------------------------------

WARDS = [Point(f"Ward {i}", 500 + 25 * i + 10 * (i % 3), 10_000 + 500 * i) for i in range(20)]


def test_a_funnel_names_only_what_chance_does_not_explain() -> None:
    chart = charts.funnel("wards", "T", [*WARDS, Point("High Ward", 1_500, 10_000)], nouns="wards")
    assert "Higher than chance explains: High Ward." in chart.finding
    assert [words for words in texts(chart.svg) if words.endswith("Ward")] == ["High Ward"]
    assert chart.table.raw[-1][-1] == "higher"


def test_a_funnel_needs_three_areas_with_people() -> None:
    few = charts.funnel("wards", "T", [Point("A", 1, 10), Point("B", 1, 10), Point("C", 0, 0)])
    assert (few.svg, few.finding) == ("", "A funnel needs at least three areas and one event.")
    assert few.table.raw[2] == ["C", 0, 0, "", "", "", "no rate without a base"]
    assert charts.funnel("wards", "T", []).finding == "There is nothing to show yet."


# --- Calendars ------------------------------------------------------------------------------------------------

FIRST, LAST = date(2018, 3, 5), date(2018, 9, 2)


def test_a_calendar_has_a_square_for_each_day_and_says_which_was_busiest() -> None:
    counts = {FIRST + timedelta(days=i): i % 7 for i in range(182)}
    counts[date(2018, 6, 6)] = 40
    chart = charts.calendar("days", "T", counts, start=FIRST, end=LAST)
    assert chart.finding == (
        "584 sign-ups in 182 days, most on Sundays; the busiest day was Wednesday 6 June 2018 with 40. On 26 days "
        "there was none."
    )
    assert chart.svg.count("<rect") == 182 + 6  # and the key: none, and five steps of eight
    assert len(chart.table.rows) == 26


def test_a_calendar_of_few_people_never_tells_one_to_four_apart() -> None:
    chart = charts.calendar(
        "days", "T", {FIRST: 1, FIRST + timedelta(days=1): 4}, start=FIRST, end=LAST, hide_small=True
    )
    assert chart.table.raw[0][1:3] == ["1 to 4", "1 to 4"]
    assert len(chart.table.columns) == 8  # no sum of a week, which would give a day back
    assert len(set(re.findall(r'class="(p-c-fill-step-\d)"', chart.svg))) == 1
    assert "with fewer than 5" in chart.finding
    two = charts.calendar("days", "T", {FIRST: 2}, start=FIRST, end=LAST, hide_small=True)
    assert "1 to 4" in texts(two.svg), "the key does not tell that the most were two"


def test_a_calendar_of_nothing_is_a_sentence() -> None:
    chart = charts.calendar("days", "T", {}, start=FIRST, end=LAST)
    assert (chart.svg, chart.finding) == ("", "No sign-up from Monday 5 March 2018 to Sunday 2 September 2018.")


# --- Maps -----------------------------------------------------------------------------------------------------


def square(x: float, y: float) -> dict[str, object]:
    ring = [[x, y], [x + 0.1, y], [x + 0.1, y + 0.1], [x, y + 0.1], [x, y]]
    return {"type": "Polygon", "coordinates": [ring]}


def test_a_map_shades_by_value() -> None:
    areas = [Area(f"Ward {i}", square(-1.9 + 0.1 * i, 52.4), value=10.0 * i) for i in range(5)]
    chart = charts.area_map("map", "T", areas, unit=charts.PER_1000)
    assert chart.finding == "Highest in Ward 4, 40.0 per 1,000; lowest in Ward 0, 0.0 per 1,000."
    assert chart.svg.count("<path") == 5
    assert "<title>Ward 4: 40.0 per 1,000</title>" in chart.svg
    assert len(set(re.findall(r'<path [^>]*class="p-c-fill-(step-\d)', chart.svg))) == 5


def test_a_map_of_kinds_is_told_apart_by_pattern() -> None:
    kinds = ["over", "under", "unclear", "untold", None]
    areas = [Area(f"Ward {i}", square(-1.9 + 0.1 * i, 52.4), kind=kind) for i, kind in enumerate(kinds)]
    chart = charts.area_map("map", "T", areas)
    assert "Predominant: 1 of 4 areas (Ward 0)." in chart.finding
    assert {"Predominant", "Under-represented", "No clear difference", "Too few to tell", "Not known"} <= set(
        texts(chart.svg)
    )
    ids = re.findall(r' id="([^"]+)"', chart.svg + chart.narrow)
    assert len(ids) == len(set(ids)) == 4
    assert set(re.findall(r"url\(#([^)]+)\)", chart.svg + chart.narrow)) == set(ids)


def test_a_map_of_places_has_circles_and_a_map_of_nothing_a_sentence() -> None:
    base = [Area("Ward", square(-1.9, 52.4))]
    chart = charts.area_map("map", "T", base, spots=[Spot("Library", -1.85, 52.45, 9), Spot("Market", -1.84, 52.44, 4)])
    assert chart.svg.count("<circle") == 2
    assert chart.finding == "2 places, most at Library: 9."
    assert charts.area_map("map", "T", base).finding == "None of these is known."
    assert charts.area_map("map", "T", [Area("Ward", {"type": "Point", "coordinates": [0, 0]}, 1)]).svg == ""


@given(st.lists(ANY, min_size=1, max_size=30))
def test_whatever_comes_control_charts_and_maps_are_drawn_or_said(values: list[float | None]) -> None:
    is_drawn_well(charts.control_chart("k", "T", [str(i) for i in range(len(values))], values, target=3, good="down"))
    is_drawn_well(charts.area_map("k", "T", [Area("x", square(-1.9, 52.4), value=v) for v in values]))


@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)), max_size=12), st.sampled_from([None, 1000]))
@settings(max_examples=40, deadline=None)
def test_whatever_comes_funnels_are_drawn_or_said(points: list[tuple[int, int]], per: int | None) -> None:
    is_drawn_well(charts.funnel("k", "T", [Point("x", part, base) for part, base in points], per=per))


@given(st.dictionaries(st.integers(0, 400), st.integers(-5, 10**7), max_size=20), st.integers(0, 400), st.booleans())
@settings(max_examples=40, deadline=None)
def test_whatever_comes_calendars_are_drawn_or_said(counts: dict[int, int], length: int, hide_small: bool) -> None:
    days = {FIRST + timedelta(days=at): count for at, count in counts.items()}
    end = FIRST + timedelta(days=length)
    is_drawn_well(charts.calendar("k", "T", days, start=FIRST, end=end, hide_small=hide_small))
