"""Charts: never empty, never a NaN, readable without colour and without seeing."""

import itertools
import math
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.http import Http404, StreamingHttpResponse
from django.test import RequestFactory
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from peelian.core import charts, printing
from peelian.core.charts import Bar, Chart, Dot, Series, Table
from peelian.core.charts.drawing import COLOURS, LINES, some, spread, ticks
from peelian.core.tests.drawings import ANY, is_drawn_well, texts, words_of
from peelian.core.tests.pages import CORE, render, said
from peelian.core.tests.test_colours import STYLES, contrast, luminance, tokens

MONTHS = ["Jul", "Aug", "Sep"]
AS_OF = datetime(2018, 10, 3, 17, 0, tzinfo=UTC)


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


@pytest.mark.parametrize(
    ("heads", "fits"),
    [
        (["Came"], True),
        (["Views", "Visits"], True),
        (["Views", "Share of all views"], False),
        (["Views", charts.words("Why")], False),
        (["Views", "Visits", "Share"], False),
    ],
)
def test_on_a_phone_a_table_stays_one_where_it_fits_and_is_stacked_where_it_does_not(
    heads: list[charts.Column | str], fits: bool
) -> None:
    table = charts.Table("By day", [charts.words("Day"), *heads], [["Monday", *[7] * len(heads)]])
    assert table.fits_a_phone is fits
    made = charts.bars("days", "By day", [charts.Bar("Monday", 7)], noun="Day", table=table)
    (drawn,) = render("{% chart made %}", made=made).cssselect("table")
    assert ("p-table--stack" in drawn.get("class")) is not fits
    assert [cell.get("data-label") for cell in drawn.cssselect("td")] == table.heads[1:]
