"""Charts: never empty, never a NaN, readable without colour and without seeing."""

import itertools
import math
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.http import Http404, StreamingHttpResponse
from django.test import RequestFactory
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from peelian.core import charts, printing
from peelian.core.charts import Area, Bar, Chart, Dot, Point, Series, Spot, Table
from peelian.core.charts.drawing import COLOURS, LINES, some, spread, ticks
from peelian.core.tests.pages import CORE, render, said
from peelian.core.tests.test_colours import STYLES, contrast, luminance, tokens

MONTHS = ["Jul", "Aug", "Sep"]
AS_OF = datetime(2018, 10, 3, 17, 0, tzinfo=UTC)


def texts(svg: str) -> list[str]:
    return ["".join(node.itertext()) for node in etree.fromstring(svg).iter("{*}text")]


def a_line() -> Chart:
    return charts.line("sign-ups", "Sign-ups", MONTHS, [Series("Castle Vale", [4, None, 9])])


def body(response: StreamingHttpResponse | None) -> str:
    assert response is not None
    return b"".join(response).decode()  # type: ignore[arg-type]


# --- What stands on the page --------------------------------------------------------------------------------


def test_a_chart_is_named_by_its_title_and_its_finding_and_has_its_figures_beneath() -> None:
    chart = charts.bars("sources", "How people joined", [Bar("Door", 812), Bar("Event", 1204)], noun="Source")
    page = render("{% chart chart %}", chart=chart)
    (figure,) = page.xpath(".//figure")
    pictures = figure.xpath(".//*[local-name()='svg']")
    assert [picture.get("role") for picture in pictures] == ["img", "img"]  # one for a wide place, one for a narrow
    names = [said(page.get_element_by_id(part)) for part in pictures[0].get("aria-labelledby").split()]
    assert names == ["How people joined", "Event has most, 1,204; Door has least, 812."]
    assert figure.get("id") == "sources"
    rows = figure.xpath(".//table//tr")
    assert [[said(cell) for cell in row] for row in rows] == [["Source", "Value"], ["Event", "1,204"], ["Door", "812"]]


def test_a_chart_says_as_of_when_and_from_what() -> None:
    chart = Chart("k", "Title", "Nothing yet.", Table("t", ["a"], []), note="From 334 ratings.", as_of=AS_OF)
    page = render("{% chart chart %}", chart=chart)
    assert said(page.xpath(".//figcaption")[0]) == "From 334 ratings. As of Wednesday 3 October 2018, 6pm."
    assert page.xpath(".//svg | .//details") == []


def test_what_people_wrote_is_words_in_a_drawing_and_never_markup() -> None:
    evil = '<script>x</script>" onload="y'
    chart = charts.bars("k", evil, [Bar(evil, 1), Bar("a\x00b", 2)])
    page = render("{% chart chart %}", chart=chart)
    assert page.xpath(".//script | .//*[@onload]") == []
    assert "ab" in texts(chart.svg)


# --- The file -----------------------------------------------------------------------------------------------


def test_a_charts_figures_come_as_a_file_with_numbers_as_they_are_and_no_formula() -> None:
    chart = charts.bars("k", "T", [Bar("=cmd()", 0.1234567), Bar("Door", 0.5)], unit=charts.SHARE, noun="Source")
    asked = charts.csv_asked_for(RequestFactory().get("/", {"csv": "k"}), chart)
    assert body(asked).split("\r\n") == ["Source,Value", "Door,0.5", "'=cmd(),0.1234567", ""]
    assert charts.csv_asked_for(RequestFactory().get("/"), chart) is None
    with pytest.raises(Http404):
        charts.csv_asked_for(RequestFactory().get("/", {"csv": "other"}), chart)


def test_a_charts_file_keeps_what_the_page_was_filtered_by() -> None:
    request = RequestFactory().get("/", {"area": "7", "csv": "other"})
    page = render("{% chart chart %}", chart=a_line(), request=request)
    assert page.xpath(".//a/@href") == ["?area=7&csv=sign-ups"]


def test_what_is_not_known_is_empty_in_a_file_and_said_on_a_page() -> None:
    table = a_line().table
    assert table.raw[1] == ["Aug", ""]
    assert table.body[1][1] == ("not known", True)


# --- Bad data -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([], "There is nothing to show yet."),
        ([Bar("Door", None)], "None of these is known."),
        ([Bar("Door", math.nan), Bar("Event", math.inf)], "None of these is known."),
        ([Bar("Door", 812)], "Door: 812."),
        ([Bar("Door", 0), Bar("Event", 0)], "All of them are 0."),
    ],
)
def test_bars_of_nothing_are_a_sentence(rows: list[Bar], sentence: str) -> None:
    chart = charts.bars("k", "T", rows)
    assert (chart.svg, chart.narrow, chart.finding) == ("", "", sentence)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ([None, None, None], "There is nothing to show yet."),
        ([math.nan, math.inf, None], "There is nothing to show yet."),
        ([0, 0, 0], "0 throughout."),
        ([0, None, 0], "0 wherever a figure is told."),
        ([None, 7, None], "Aug: 7. One period is too short for a line."),
    ],
)
def test_a_line_of_nothing_is_a_sentence(values: list[float | None], sentence: str) -> None:
    chart = charts.line("k", "T", MONTHS, [Series("x", values)])
    assert (chart.svg, chart.finding) == ("", sentence)


def test_a_line_of_no_series_has_no_table() -> None:
    assert charts.line("k", "T", MONTHS, []).table.rows == []


def test_of_what_is_counted_an_axis_shows_no_halves() -> None:
    chart = charts.line("k", "T", MONTHS, [Series("x", [0, 1, 0])])
    assert set(texts(chart.svg)) - set(MONTHS) == {"0", "1"}
    assert ticks(0, 1, least=1.0) == [0, 1]
    assert ticks(0, 40, least=1.0) == ticks(0, 40)


def test_a_word_among_numbers_stands_where_they_stand() -> None:
    table = Table("T", ["Month", "Came", "Why"], [["Jul", "not told", "rain"], ["Aug", 7, ""]])
    assert table.head_cells == [("Month", False), ("Came", True), ("Why", False)]
    assert table.body[0] == [("Jul", False), ("not told", True), ("rain", False)]
    assert table.labelled[1] == [("Month", "Aug", False), ("Came", "7", True), ("Why", "", False)]


def test_a_line_says_from_where_to_where_it_goes() -> None:
    series = [Series("Castle Vale", [4, 12, 9]), Series("Elm Bridge", [1, 2, None])]
    chart = charts.line("k", "T", MONTHS, series)
    assert chart.finding == ("From Jul to Sep: Castle Vale 4 to 9; Elm Bridge 1 to 2.")
    one = charts.line("k", "T", MONTHS, series[:1])
    assert one.finding == "From 4 (Jul) to 9 (Sep), highest 12 in Aug."


def test_a_gap_in_a_line_is_not_drawn_over() -> None:
    chart = charts.line("k", "T", ["a", "b", "c", "d", "e"], [Series("x", [1, 2, None, 4, 5])])
    (way,) = re.findall(r'd="(M[^"]*)"[^>]*stroke-linecap', chart.svg)
    assert way.count("M") == 2


def test_more_than_four_lines_are_drawn_each_by_itself() -> None:
    series = [Series(f"Group {i}", [i, i + 1, i + 2]) for i in range(6)]
    chart = charts.line("k", "T", MONTHS, series)
    assert [f"Group {i}" for i in range(6)] == [t for t in texts(chart.svg) if t.startswith("Group")]
    assert texts(chart.svg).count("Jul") == 6


def test_dots_say_who_is_over_and_under_and_for_how_many_it_is_not_clear() -> None:
    rows = [
        Dot("White", 0.8, 0.78, 0.82, 0.6),
        Dot("Asian", 0.1, 0.09, 0.11, 0.25),
        Dot("Mixed", 0.05, 0.03, 0.07, 0.045, clear=False),
        Dot("Other", None),
    ]
    chart = charts.dots("k", "T", rows, target_name="Share of people")
    assert chart.finding == ("Above share of people: White. Below share of people: Asian. No clear difference: 1 of 3.")
    assert "not known" in texts(chart.svg)


# --- Anything may come --------------------------------------------------------------------------------------

# How long it takes to think of something says how busy the machine is, not what is wrong
SLOWLY = settings(suppress_health_check=[HealthCheck.too_slow])
Value = float | None
ANY = st.one_of(st.none(), st.floats(allow_nan=True, allow_infinity=True, width=32), st.integers(-(10**9), 10**9))


def is_drawn_well(chart: Chart) -> None:
    assert chart.finding
    for svg in (chart.svg, chart.narrow):
        if not svg:
            continue
        etree.fromstring(svg)
        shapes = re.sub(r">[^<]*<", "><", svg)
        assert not re.search(r"\b(nan|inf)\b", shapes), svg
        assert not re.search(r"\bnan\b|\binf\b", chart.finding)


@SLOWLY
@given(st.lists(st.tuples(st.text(max_size=30), ANY, ANY, ANY), max_size=8))
def test_whatever_comes_rows_are_drawn_or_said(
    rows: list[tuple[str, float | None, float | None, float | None]],
) -> None:
    is_drawn_well(charts.bars("k", "T", [Bar(*row) for row in rows]))
    is_drawn_well(charts.dots("k", "T", [Dot(*row, target=row[1]) for row in rows]))


@given(st.lists(st.lists(ANY, min_size=5, max_size=5), max_size=6))
def test_whatever_comes_lines_are_drawn_or_said(values: list[list[float | None]]) -> None:
    series = [Series(str(i), one, one, one) for i, one in enumerate(values)]
    is_drawn_well(charts.line("k", "T", list("abcde"), series))
    for one in values:
        assert "nan" not in charts.sparkline(one, "x")


# --- Scales -------------------------------------------------------------------------------------------------


def test_an_axis_has_round_steps_around_the_values() -> None:
    assert ticks(0, 9) == [0, 2, 4, 6, 8, 10]
    assert ticks(3, 1204) == [0, 500, 1000, 1500]
    assert ticks(0, 0.31) == [0, 0.1, 0.2, 0.3, 0.4]
    assert ticks(-3, 2) == [-3, -2, -1, 0, 1, 2]


def words_of(svg: str) -> list[str]:
    return re.findall(r"<text[^>]*>([^<]*)", svg)


@pytest.mark.parametrize("unit", [charts.SHARE, charts.Unit("%")])
def test_the_limits_of_whole_percentages_are_told_apart(unit: charts.Unit) -> None:
    """Values of 95.0% to 95.2%, said without places, were three lines of the same name."""
    values = [(95 + 0.1 * (at % 3)) / (100 if unit.kind == "share" else 1) for at in range(24)]
    chart = charts.control_chart("k", "T", [f"m{at}" for at in range(24)], values, unit=unit)
    for svg in (chart.svg, chart.narrow):
        said = [one for one in words_of(svg) if "imit" in one or "Mean" in one]
        assert len({one.split()[-1] for one in said}) == len(said) == 3
        steps = [one for one in words_of(svg) if one[0].isdigit()]
        assert len(set(steps)) == len(steps) > 2


@pytest.mark.parametrize("value", [0.0, 0.5, 0.97, 1.0])
def test_around_a_share_that_never_changes_the_axis_stays_within_the_whole(value: float) -> None:
    chart = charts.control_chart("k", "T", [f"m{at}" for at in range(12)], [value] * 12, unit=charts.SHARE)
    steps = [float(one.rstrip("%")) for one in words_of(chart.svg) if one.endswith("%") and one[0].isdigit()]
    assert steps[0] >= 0
    assert steps[-1] <= 100
    assert steps[-1] - steps[0] <= 12
    assert len(set(steps)) == len(steps)


@given(st.lists(st.floats(0, 200), min_size=1, max_size=4))
def test_labels_beside_lines_never_lie_on_each_other(wanted: list[float]) -> None:
    placed = sorted(spread(wanted, 17, 0, 250))
    assert all(b - a >= 17 - 1e-9 for a, b in itertools.pairwise(placed))
    assert placed[0] >= 0
    assert placed[-1] <= 250


def test_the_last_label_under_an_axis_is_always_written() -> None:
    labels = [f"2018-{month:02}" for month in range(1, 13)]
    assert some(labels, 300)[-1] == 11
    assert some(labels, 5) == [11]


# --- Colours ------------------------------------------------------------------------------------------------


def test_a_pdf_has_the_light_colours_of_the_pages() -> None:
    light = tokens("light")
    assert {name: light[name] for name in COLOURS} == COLOURS


def test_every_colour_of_a_chart_has_its_class_in_the_style_sheet() -> None:
    rules = set(re.findall(r"^\.(p-c-[\w-]+) \{ (fill|stroke): var\(--p-([\w-]+)\); \}$", STYLES, re.M))
    wanted = {(f"p-c-{kind}-{name}", kind, name) for name in COLOURS for kind in ("fill", "stroke")}
    assert rules == wanted


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_lines_can_be_told_from_the_ground_and_steps_from_each_other(scheme: str) -> None:
    palette = tokens(scheme)
    for ground in ("surface", "ground"):
        assert all(contrast(palette[colour], palette[ground]) >= 4.5 for colour, _, _ in LINES)  # their names too
    steps = [luminance(palette[f"step-{i}"]) for i in range(1, 6)]
    assert steps == sorted(steps, reverse=scheme == "light")  # in grey they keep their order
    assert all(contrast(palette[f"step-{i}"], palette[f"step-{i + 1}"]) > 1.2 for i in range(1, 5))


def test_lines_are_told_apart_without_colour() -> None:
    assert len({dash for _, dash, _ in LINES}) == len({shape for _, _, shape in LINES}) == len(LINES)


def test_no_drawing_carries_a_style_the_policy_would_refuse() -> None:
    assert "style=" not in a_line().svg
    assert not [p for p in (CORE / "charts").glob("*.py") if re.search(r'style="|<style', p.read_text())]


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


# --- On paper -------------------------------------------------------------------------------------------------


def test_a_drawing_goes_into_an_accessible_pdf_as_it_is(tmp_path: Path) -> None:
    template = tmp_path / "paper.typ"
    template.write_text(
        '#let chart = json(bytes(sys.inputs.data))\n#set document(title: "Paper")\n#set text(lang: "en")\n'
        '= Paper\n#image(bytes(chart.svg), format: "svg", alt: chart.finding)\n'
    )
    chart = a_line()
    paper = printing.pdf(template, {"svg": chart.svg, "finding": chart.finding})
    assert paper.startswith(b"%PDF")
    assert b"AtkinsonHyperlegible" in paper  # the words are words, in the typeface of printed papers
