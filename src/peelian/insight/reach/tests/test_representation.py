"""The representation page: an area, a topic, a stage."""

from __future__ import annotations

import csv
import io

import pytest
from django.test import Client
from django.urls import reverse

from peelian.accounts.roles import Role
from peelian.accounts.tests.factories import make_staff, sign_in
from peelian.audit.actions import COMMAND_LINE
from peelian.core import clock
from peelian.insight.reach import told
from peelian.insight.reach.representation import representation
from peelian.insight.reach.tests.factories import people, refresh, send_to
from peelian.members.models import EqualityAnswers, Member
from peelian.places import actions, fitting, queries
from peelian.places.models import Area
from peelian.places.tests.factories import make_area, make_grid, square

pytestmark = pytest.mark.django_db
SEX = "area_code,category,people\n" + "".join(f"S{at},female,100\nS{at},male,100\n" for at in range(6))


def load(tmp_path, text: str, topic: str, **options) -> None:
    path = tmp_path / "table.csv"
    path.write_text(text, encoding="utf-8")
    actions.import_census(path, topic=topic, by=COMMAND_LINE, **options)


def point(column: int, row: int) -> tuple[int, int]:
    return -20_000_000 + column * 100_000 + 50_000, 520_000_000 + row * 100_000 + 50_000


@pytest.fixture
def ground(tmp_path) -> dict[str, Area]:
    """A force of three policing areas of two wards, each ward a small area too."""
    areas = make_grid()
    for column in range(3):
        for row in range(2):
            code = f"S{2 * column + row}"
            areas[code] = make_area(code, square(column, row), "small-area")
    fitting.refresh()
    load(tmp_path, SEX, "sex", vintage="2021", source="Census 2021, TS008")
    return areas


def rows(shown) -> dict[str, tuple]:
    return {row.group.code: (row.group.people, row.group.members, row.verdict) for row in shown.table.rows}


def test_an_area_has_the_members_of_all_below_it_against_its_residents(ground):
    people(60, ground["W00"], sex="female")
    people(20, ground["W01"], sex="male")
    people(30, ground["W10"], sex="male")
    people(9, ground["W01"])
    refresh()
    shown = representation(ground["P0"], "sex", "registered")
    assert rows(shown) == {"female": (200, 60, "predominant"), "male": (200, 20, "under-represented")}
    assert (shown.told.total, shown.told.base, shown.told.not_said) == (89, 80, 9)
    female = shown.table.rows[0]
    assert (female.target, female.actual.value, female.rate, female.ratio) == (0.5, 0.75, 300, 1.5)
    assert rows(representation(ground["F"], "sex", "registered"))["male"][1] == 50


def test_each_stage_is_a_table_of_its_own(ground):
    women = people(60, ground["W00"], sex="female")
    people(60, ground["W00"], sex="male")
    send_to(women[:40])
    refresh()
    shown = representation(ground["W00"], "sex", "received")
    assert rows(shown)["female"][:2] == (100, 40)
    assert "not measured" in representation(ground["W00"], "sex", "opened").refused
    assert "no surveys" in representation(ground["W00"], "sex", "answered").refused


def test_a_drawn_shape_is_answered_by_whole_small_areas_and_nothing_finer(ground):
    drawn = make_area("D1", square(0, 0).buffer(0.002), "drawn", name="Around the station")
    fitting.refresh()
    people(30, ground["W00"], at=point(0, 0), sex="female")
    people(20, ground["W00"], at=point(0, 0), sex="male")
    people(50, ground["W10"], at=(-19_895_000, 520_005_000), sex="male")  # in the shape, and not in its small area
    refresh()
    shown = representation(drawn, "sex", "registered")
    assert rows(shown)["female"][:2] == (100, 30)
    assert rows(shown)["male"][:2] == (100, 20)
    assert any("1 whole small area" in note for note in shown.notes)


def test_shapes_that_differ_by_few_people_do_not_give_them_away(ground):
    """Drawn twice, once with a small area more in which three women live."""
    small = make_area("D1", square(0, 0), "drawn")
    large = make_area("D2", square(0, 0, 1, 2), "drawn")
    fitting.refresh()
    people(30, ground["W00"], at=point(0, 0), sex="female")
    people(20, ground["W00"], at=point(0, 0), sex="male")
    people(3, ground["W01"], at=point(0, 1), sex="female")
    people(6, ground["W01"], at=point(0, 1), sex="male")
    refresh()
    for one in (small, large):
        assert {row.group.members for row in representation(one, "sex", "registered").table.rows} == {None}


def test_shapes_that_overlap_do_not_give_away_what_only_one_of_them_has(ground):
    """Three women live where the shapes do not meet; neither lies in the other."""
    ring = make_area("D1", square(0, 0, 1, 2), "drawn")
    other = make_area("D2", square(0, 1, 2, 1), "drawn")
    fitting.refresh()
    for row, women in ((0, 3), (1, 30)):
        people(women, ground[f"W0{row}"], at=point(0, row), sex="female")
        people(20, ground[f"W0{row}"], at=point(0, row), sex="male")
    people(30, ground["W11"], at=point(1, 1), sex="female")
    people(30, ground["W11"], at=point(1, 1), sex="male")
    refresh()
    assert {row.group.members for row in representation(ring, "sex", "registered").table.rows} == {None}
    assert rows(representation(other, "sex", "registered"))["female"][1] is None  # of the ward it cuts they are left


def test_a_small_area_is_not_told_by_itself(ground):
    people(30, ground["W00"], at=point(0, 0), sex="female")
    refresh()
    assert "not told by itself" in representation(ground["S0"], "sex", "registered").refused


def test_shapes_with_nearly_the_same_members_tell_nothing(ground):
    small = make_area("D1", square(0, 0), "drawn")
    large = make_area("D2", square(0, 0, 1, 2), "drawn")
    fitting.refresh()
    people(30, ground["W00"], at=point(0, 0), sex="female")
    people(20, ground["W00"], at=point(0, 0), sex="male")
    people(4, ground["W01"], at=point(0, 1), sex="female")
    refresh()
    for one in (small, large):
        assert "ewer than five" in representation(one, "sex", "registered").refused


def test_under_five_is_not_told_nor_what_would_give_it_back(ground):
    people(30, ground["W00"], sex="female")
    people(3, ground["W00"], sex="male")
    people(40, ground["W01"], sex="female")
    people(40, ground["W01"], sex="male")
    refresh()
    assert {row.group.members for row in representation(ground["W00"], "sex", "registered").table.rows} == {None}
    # or the policing area less this ward would be the other
    assert {row.group.members for row in representation(ground["W01"], "sex", "registered").table.rows} == {None}
    assert rows(representation(ground["P0"], "sex", "registered"))["male"][1] == 43


def test_the_same_is_hidden_in_an_area_of_few_members_and_beside_it(ground):
    people(3, ground["W00"], sex="female")
    people(40, ground["W01"], sex="female")
    people(40, ground["W01"], sex="male")
    refresh()
    for code in ("W00", "W01"):
        assert "ewer than five" in representation(ground[code], "sex", "registered").refused
    assert told.totals("registered")[ground["W00"].pk] is None
    assert told.totals("registered")[ground["P0"].pk] == 83


def test_who_did_not_say_is_a_row_and_few_of_them_are_counted_with_the_rest(ground):
    people(50, ground["W00"], sex="female")
    people(46, ground["W00"], sex="male")
    people(3, ground["W00"])
    refresh()
    shown = representation(ground["W00"], "sex", "registered")
    assert (shown.told.not_said, shown.told.base) == (None, 99)
    assert any("Too few did not say" in note for note in shown.notes)


def test_members_in_no_area_are_said_on_the_page_of_the_force(ground):
    people(50, ground["W00"], sex="female")
    people(50, ground["W00"], sex="male")
    people(7, None)
    refresh()
    assert representation(ground["F"], "sex", "registered").elsewhere.startswith("7 members have no home")
    assert representation(ground["P0"], "sex", "registered").elsewhere == ""


def test_what_cannot_be_compared_is_a_sentence(ground, tmp_path):
    people(20, ground["W00"], sex="female")
    lonely = make_area("W99", square(8, 8), name="Far Moor")
    assert "not been counted yet" in representation(ground["F"], "sex", "registered").refused
    refresh()
    assert "No table about" in representation(ground["F"], "age", "registered").refused
    assert "not asked for their religion" in representation(ground["F"], "religion", "registered").refused
    assert "do not say who lives in Far Moor" in representation(lonely, "sex", "registered").refused
    load(tmp_path, "area_code,category,people\nW00,female,0\nW00,male,0\n", "sex", vintage="2031")
    assert "no residents in Ward 00" in representation(ground["W00"], "sex", "registered").refused


def test_ages_are_this_year_less_the_year_of_birth_and_children_are_left_out(ground, tmp_path):
    load(tmp_path, "area_code,category,people\nW00,0-9,500\nW00,10-24,40\nW00,25-64,100\nW00,65+,60\n", "age")
    year = clock.today().year
    for years, number in ((24, 10), (25, 20), (64, 5), (80, 10)):
        people(number, ground["W00"], birth_year=year - years)
    refresh()
    shown = representation(ground["W00"], "age", "registered")
    assert {code: row[:2] for code, row in rows(shown).items()} == {
        "10-24": (40, 10),
        "25-64": (100, 25),
        "65+": (60, 10),
    }
    assert shown.table.people == 200
    assert any("500 residents" in note for note in shown.notes)


def test_origins_are_compared_by_their_code_and_what_no_table_names_is_a_row(ground, tmp_path):
    load(tmp_path, "area_code,category,people\nW00,Italian And Maltese,40\nW00,Polish,60\n", "origins")
    people(30, ground["W00"], origin_code="Italian And Maltese")
    people(20, ground["W00"], origin_code="polish")
    people(10, ground["W00"], origin_code="Baltic States")
    refresh()
    shown = representation(ground["W00"], "origins", "registered")
    assert {code: row[1] for code, row in rows(shown).items()} == {"italian-and-maltese": 30, "polish": 20, "*": 10}
    assert any("inferred from names" in note for note in shown.notes)


def test_deprivation_is_that_of_the_small_area_of_the_home(ground, tmp_path):
    text = "area_code,decile\n" + "".join(f"S{at},{1 if at < 2 else 10}\n" for at in range(6))
    load(tmp_path, text, "deprivation", vintage="2025")
    people(30, ground["W00"], at=point(0, 0))
    people(10, ground["W10"], at=point(1, 0))
    people(6, ground["W10"])
    refresh()
    shown = representation(ground["F"], "deprivation", "registered")
    assert rows(shown) == {"1": (400, 30, "predominant"), "10": (800, 10, "under-represented")}
    assert shown.told.not_said == 6


# The page -------------------------------------------------------------------------------------------------------------

PAGE = "insight_staff:representation"


def test_the_page_says_it_in_words_a_chart_a_table_and_a_file(client, ground):
    people(60, ground["W00"], sex="female")
    people(20, ground["W00"], sex="male")
    refresh()
    sign_in(client, make_staff(Role.ANALYST))
    url = f"{reverse(PAGE)}?area=W00&topic=sex&stage=registered"
    text = client.get(url).content.decode()
    for words in (
        "Under-represented: Male.",
        "Census 2021, TS008",
        "counted, not sampled",
        "As of",
        "+25.00",
        'id="groups"',
    ):
        assert words.lower() in text.lower(), words
    file = b"".join(client.get(f"{url}&csv=groups").streaming_content).decode()
    head, female, *_ = csv.reader(io.StringIO(file))
    assert head[:3] == ["Group", "People", "Members"]
    assert female[:5] == ["Female", "100", "60", "0.5", "0.75"]
    assert client.get(f"{url}&csv=other").status_code == 404


def test_a_supervisor_sees_their_areas_and_others_are_not_found(client, ground):
    sign_in(client, make_staff(Role.SUPERVISOR, ground["P0"]))
    assert "Whom we reach in Area P0" in client.get(reverse(PAGE)).content.decode()
    assert client.get(f"{reverse(PAGE)}?area=W00").status_code == 200
    assert client.get(f"{reverse(PAGE)}?area=W10").status_code == 404
    assert client.get(f"{reverse(PAGE)}?area=F").status_code == 404


def test_what_somebody_types_into_the_address_breaks_nothing(client, ground):
    sign_in(client, make_staff(Role.ANALYST))
    assert client.get(f"{reverse(PAGE)}?topic=<b>&stage=;drop").status_code == 200
    Area.objects.update(valid_to=clock.today())
    assert "No areas yet" in client.get(reverse(PAGE)).content.decode()


def test_the_page_asks_as_often_for_many_areas_as_for_few(ground, django_assert_max_num_queries):
    for area in [ground[code] for code in ("W00", "W01", "W10", "W11", "W20", "W21")]:
        people(20, area, sex="female")
        people(20, area, sex="male")
    refresh()
    client = Client()
    sign_in(client, make_staff(Role.ANALYST))
    with django_assert_max_num_queries(40):
        client.get(f"{reverse(PAGE)}?topic=sex")
    assert queries.topics()
    assert Member.objects.count() == EqualityAnswers.objects.count()
