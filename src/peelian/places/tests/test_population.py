"""Tables of the population: read, refused with a sentence, added up to areas and drawn shapes, in vintages."""

from pathlib import Path

import pytest
from django.core.management import call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from peelian.audit.actions import COMMAND_LINE
from peelian.audit.models import Event
from peelian.core import clock
from peelian.places import actions, queries, topics
from peelian.places.errors import FileRefused
from peelian.places.geometry import to_units
from peelian.places.models import Area, Population, PopulationTable, Postcode, Share, SmallArea
from peelian.places.population import rounded
from peelian.places.tests.factories import SIDE, SOUTH, WEST, make_area, square

pytestmark = pytest.mark.django_db
SEX = "area_code,category,people\nS0,female,60\nS0,male,40\nS1,female,100\nS1,male,100\nS2,female,10\nS2,male,30\n"


def put_postcodes(*columns: float) -> None:
    """A postcode in the first row of the grid, so many columns from the west."""
    for number, column in enumerate(columns):
        longitude, latitude = to_units(WEST + column * SIDE, SOUTH + SIDE / 2)
        Postcode.objects.create(code=f"T{number:02}1AA", longitude=longitude, latitude=latitude)


def make_ground(*postcodes: float) -> dict[str, Area]:
    """Four columns: wards A and B of two each in force F; small areas S0 (column 0), S1 (1 and 2, over the border of
    the wards) and S2 (column 3)."""
    shapes = {"F": square(0, 0, 4), "A": square(0, 0, 2), "B": square(2, 0, 2)}
    areas = {code: make_area(code, shape, "force" if code == "F" else "ward") for code, shape in shapes.items()}
    for code, shape in {"S0": square(0, 0), "S1": square(1, 0, 2), "S2": square(3, 0)}.items():
        areas[code] = make_area(code, shape, "small-area")
    put_postcodes(*postcodes)
    return areas


def load(folder: Path, text: str, topic: str = "sex", **options):
    path = folder / "table.csv"
    path.write_text(text, encoding="utf-8")
    return actions.import_census(path, topic=topic, by=COMMAND_LINE, **options)


def refusal(folder: Path, text: str, topic: str = "sex", **options) -> list[str]:
    with pytest.raises(FileRefused) as caught:
        load(folder, text, topic, **options)
    assert not PopulationTable.objects.exists()
    return str(caught.value).splitlines()


def people_of(area: Area, topic: str = "sex", vintage=None) -> dict[str, int]:
    return {one.code: one.people for one in queries.population(area.pk, topic, vintage).categories}


# Best fit -------------------------------------------------------------------------------------------------------------


def test_a_small_area_on_a_border_is_divided_by_its_postcodes(tmp_path):
    areas = make_ground(0.5, 1.2, 1.5, 1.8, 2.5, 3.5)  # three of S1's four postcodes are in A
    load(tmp_path, SEX, vintage="2021", boundary_vintage="2021", source="Census 2021, ONS")
    west, east, force = (queries.population(areas[code].pk, "sex") for code in "ABF")
    assert people_of(areas["A"]) == {"female": 135, "male": 115}
    assert people_of(areas["B"]) == {"female": 35, "male": 55}
    assert (west.total, west.estimated) == (250, pytest.approx(150 / 250))
    assert (east.total, east.estimated) == (90, pytest.approx(50 / 90))
    assert (force.total, force.estimated, force.covered, force.notes) == (340, 0, 1, [])
    assert (west.vintage, west.boundary_vintage, west.source) == ("2021", "2021", "Census 2021, ONS")
    assert queries.how_fitted(areas["A"].pk) == {"postcodes": 1}
    assert people_of(areas["S1"]) == {"female": 100, "male": 100}


def test_without_postcodes_a_point_inside_decides_and_the_border_makes_it_an_estimate(tmp_path):
    areas = make_ground()
    load(tmp_path, SEX)
    west, east = (queries.population(areas[code].pk, "sex") for code in "AB")
    # The middle of S1 lies on the border of A and B, where everything counts as inside: of the fixture's own making
    assert west.estimated == pytest.approx(200 / 300)
    assert (east.total, queries.how_fitted(areas["B"].pk)) == (240, {"interior": 1})
    assert {one.how for one in SmallArea.objects.all()} == {"interior"}


def test_small_areas_within_a_small_area_weigh_its_points(tmp_path):
    areas = make_ground(0.5, 1.5, 2.5, 3.5)
    areas["M"] = make_area("M", square(0, 0, 4), "small-area")  # an MSOA around the three
    load(tmp_path, SEX)
    load(tmp_path, "area_code,category,people\nM,0-17,100\nM,18+,300\n", "age", vintage="2021")
    age = queries.population(areas["A"].pk, "age")
    # 100 of S0 and half of S1's 200 live in A, of 340
    assert (people_of(areas["A"], "age"), age.estimated) == ({"0-17": 59, "18+": 176}, 1)
    assert people_of(areas["F"], "age") == {"0-17": 100, "18+": 300}
    assert SmallArea.objects.get(area=areas["M"]).how == "lower"
    # The table of sex speaks of the smaller ones, and is added up to the larger
    assert people_of(areas["M"]) == {"female": 170, "male": 170}
    assert {area for area, _ in queries.small_areas(areas["M"].pk)} == {areas[code].pk for code in ("S0", "S1", "S2")}


def test_a_drawn_shape_is_answered_by_whole_small_areas_and_nothing_finer(tmp_path):
    areas = make_ground(0.5, 1.2, 1.5, 1.8, 2.5, 3.5)
    load(tmp_path, SEX)
    load(tmp_path, "area_code,decile,score\nS0,1,50\nS1,4,20\nS2,9,5\n", "deprivation")
    drawn = queries.population_of_shape(square(0, 0, 2), "sex")
    assert ({one.code: one.people for one in drawn.categories}, drawn.areas) == ({"female": 160, "male": 140}, 2)
    assert drawn.estimated == pytest.approx(200 / 300)
    assert queries.small_areas(square(0, 0, 2)) == [(areas["S0"].pk, 1.0), (areas["S1"].pk, 1.0)]
    deprived = queries.population_of_shape(square(0, 0, 2), "deprivation")
    assert (deprived.people("1"), deprived.people("4"), deprived.score) == (100, 200, pytest.approx(30))
    # A garden within a small area does not give away what is known of the few who live there
    assert queries.population_of_shape(square(0, 0).buffer(-0.0049), "sex").total == 100
    assert queries.population_of_shape(square(9, 9), "sex") is None


def test_figures_of_larger_areas_are_added_up_and_never_divided(tmp_path):
    areas = make_ground(0.5, 1.5, 2.5, 3.5)
    load(tmp_path, "area_code,category,people\nA,female,70\nA,male,60\nB,female,20\nB,male,30\n")
    assert people_of(areas["F"]) == {"female": 90, "male": 90}
    assert queries.population(areas["S0"].pk, "sex") is None
    assert queries.population_of_shape(square(0, 0, 4), "sex") is None
    load(tmp_path, "area_code,category,people\nA,female,70\nA,male,60\n")
    assert queries.population(areas["F"].pk, "sex") is None


def test_classes_of_small_areas_count_their_people(tmp_path):
    areas = make_ground(0.5, 1.2, 1.5, 1.8, 2.5, 3.5)
    done = load(tmp_path, "lsoa21_code,IMD_decile,IMD_rank,IMD_score\nS0,1.0,300,50.5\nS1,2,900,30\nS2,10,32000,2\n",
                "deprivation", vintage="2025")  # fmt: skip
    assert done.warnings == [
        "No table counts the people of 3 small areas yet: load one (sex, say), and these classes get their people."
    ]
    assert queries.population(areas["A"].pk, "deprivation") is None
    load(tmp_path, SEX, vintage="2021")
    load(tmp_path, "Geography_Code,Supergroup,Group,Subgroup\nS0,4,4c,4c2\nS1,4,4a,4a1\nS2,1,1b,1b1\n", "oac")
    west = queries.population(areas["A"].pk, "deprivation")
    assert [(one.code, one.people) for one in west.categories if one.people] == [("1", 100), ("2", 150)]
    assert (len(west.categories), west.score) == (10, pytest.approx((100 * 50.5 + 150 * 30) / 250))
    assert Population.objects.get(area=areas["S2"], table__topic="deprivation").rank == 32000
    assert people_of(areas["A"], "oac") == {"1": 0, "4": 250}
    assert people_of(areas["A"], "oac-group") == {"1b": 0, "4a": 150, "4c": 100}
    assert queries.population(areas["A"].pk, "oac-subgroup").people("4c2") == 100


def test_a_vendors_postcodes_share_the_people_of_their_small_area(tmp_path):
    areas = make_ground(0.5, 1.2, 1.5, 1.8, 2.5, 2.5, 3.5)  # two of them in one place
    load(tmp_path, SEX)
    text = "postcode,mosaic,label\nt00 1aa,A,City\nT011AA,A,City\nT021AA,B,Suburb\nT031AA,B,Suburb\nT041AA,A,City\n"
    load(tmp_path, f"{text}T051AA,B,Suburb\nT061AA,B,Suburb\n", "mosaic", vintage="2024")
    west = queries.population(areas["A"].pk, "mosaic")
    # S1's 200 people at five postcodes, 40 each; three of them in A
    assert {one.label: one.people for one in queries.population(areas["S1"].pk, "mosaic").categories} == {
        "City": 80, "Suburb": 120,
    }  # fmt: skip
    assert (west.total, west.estimated) == (220, 1)


@settings(deadline=None)
@given(st.lists(st.floats(0, 1e5), max_size=20))
def test_parts_add_up_to_the_total_whatever_is_rounded(values):
    whole = rounded(values)
    assert sum(whole) == round(sum(values))
    assert all(abs(one - value) < 1 for one, value in zip(whole, values, strict=True))


# Vintages -------------------------------------------------------------------------------------------------------------


def test_vintages_stand_side_by_side_and_a_comparison_says_so(tmp_path):
    areas = make_ground(0.5, 1.5, 2.5, 3.5)
    load(tmp_path, SEX.replace("60", "50"), vintage="2011", boundary_vintage="2011")
    load(tmp_path, SEX, vintage="2021", boundary_vintage="2021")
    change = queries.compare(areas["S0"].pk, "sex", "2011", "2021")
    assert (change.of("female"), change.of("male")) == (10, 0)
    assert change.note == (
        "This compares figures of 2011 and of 2021 and small areas as their borders were in 2011 and in 2021: some of"
        " the difference may be in how they were counted."
    )
    assert queries.across(change.after, change.after) == ""
    assert people_of(areas["S0"])["female"] == 60  # the newest, unless another is asked for
    assert people_of(areas["S0"], vintage="2011")["female"] == 50
    (topic,) = queries.topics()
    assert (topic.code, topic.label, topic.vintage, topic.vintages) == ("sex", "Sex", "2021", ["2021", "2011"])


def test_the_same_table_again_takes_the_place_of_the_first(tmp_path):
    areas = make_ground(0.5, 1.5, 2.5, 3.5)
    first = load(tmp_path, SEX, vintage="2021")
    second = load(tmp_path, SEX.replace("S0,male,40", "S0,male,41"), vintage="2021")
    assert (first.replaced, second.replaced) == (False, True)
    assert (PopulationTable.objects.count(), Population.objects.count(), people_of(areas["S0"])["male"]) == (1, 6, 41)
    assert Event.objects.filter(verb="population.imported").count() == 2


def test_a_boundary_that_changes_after_a_table_is_said(tmp_path):
    areas = make_ground(0.5, 1.5, 2.5, 3.5)
    load(tmp_path, SEX, vintage="2021", boundary_vintage="2021")
    Area.objects.filter(code="F").update(vintage="2025")
    assert queries.population(areas["F"].pk, "sex").notes == [
        "The border here is of 2025; the figures are of small areas as they were in 2021."
    ]
    Area.objects.filter(code="S0").update(boundary_changed_at=clock.now())
    actions.people_moved()
    assert queries.population(areas["A"].pk, "sex").notes == [
        "The border of 1 of the table’s areas has changed since it was loaded: the figures are those of the old border"
        " until the table is loaded again."
    ]


def test_shares_follow_when_an_upper_border_moves(tmp_path):
    areas = make_ground(0.5, 1.2, 1.5, 1.8, 2.5, 3.5)
    load(tmp_path, SEX)
    moved = actions.area_from(square(0, 0, 3), kind="ward", code="A", name="A")
    Area.objects.filter(code="A").update(boundary=moved.boundary)
    actions.people_moved()
    assert people_of(areas["A"]) == {"female": 160, "male": 140}
    assert not Share.objects.filter(area=areas["A"], split=True).exists()


def test_a_table_that_lacks_some_of_a_place_says_how_much_it_covers(tmp_path):
    areas = make_ground(0.5, 1.5, 2.5, 3.5)
    load(tmp_path, SEX, vintage="2021")
    load(tmp_path, "area_code,category,people\nS0,christian,50\nS0,none,50\n", "religion", vintage="2021")
    west = queries.population(areas["A"].pk, "religion")
    assert (west.total, west.covered) == (100, pytest.approx(0.5))
    assert west.notes == ["The table speaks of 50% of the people here; the others are missing from these figures."]


# Bad input ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ("X9,female,1", "area_code: there is no area of the code X9. Import the areas first."),
        (",female,1", "area_code: it is empty."),
        ("S0,female,-3", "people: -3 is less than nobody."),
        ("S0,female,many", "people: 'many' is not a number of people."),
        ("S0,female,nan", "people: 'nan' is not a number of people."),
        ("S0,female,", "people: '' is not a number of people."),
        ("S0,female,1.5", "people: 1.5 is not a whole number of people."),
        ("S0,female,99999999999", "people: 99999999999 is more people than there can be."),
        ("S0,,4", "category: it is empty."),
        ("S0,martian,4", "category: 'martian' is no category of sex. They are female, male."),
        ("OLD,female,4", "area_code: OLD ended on 5 May 2024. Its borders changed: use a table of the areas of today."),
        (
            "S0,female,10\nS0,male,20\nS0,Total,41",
            "people: the total of S0 is 41, and its parts add up to 30. Up to 10 apart is taken (--tolerance).",
        ),
        (
            "S0,total,41",
            "people: the total of S0 is 41, and its parts add up to 0. Up to 10 apart is taken (--tolerance).",
        ),
    ],
)  # fmt: skip
def test_a_bad_row_is_named_with_its_line_and_field(tmp_path, rows, sentence):
    make_ground()
    make_area("OLD", square(8, 0), "small-area")
    Area.objects.filter(code="OLD").update(valid_to="2024-05-05")
    line = 2 + rows.count("\n")
    assert refusal(tmp_path, f"area_code,category,people\n{rows}\n") == [
        f"table.csv, line {line}: {sentence}",
        "1 bad row: nothing was imported.",
    ]


def test_rows_that_come_twice_name_the_first(tmp_path):
    make_ground()
    assert refusal(tmp_path, "area_code,category,people\nS0,male,5\nS1,male,5\nS0,Males,6\n")[0] == (
        "table.csv, line 4: people: Male of S0 is there twice, first in line 2."
    )


def test_a_table_of_other_boundaries_is_refused(tmp_path):
    make_ground()
    Area.objects.filter(code="S0").update(vintage="2021")
    assert refusal(tmp_path, SEX, boundary_vintage="2011")[0] == (
        "table.csv, line 2: area_code: the border of S0 here is of 2021, and the table’s is of 2011."
    )


@pytest.mark.parametrize(
    ("text", "topic", "sentence"),
    [
        ("", "sex", "table.csv has no rows below its head."),
        ("place,category,people\nS0,male,1\n", "sex", "table.csv, line 1: there is no column named area_code."),
        ("area_code,category,people\nS0,male\n", "sex", "table.csv, line 2: 2 fields, and the head has 3."),
        ("area_code,male,Males\nS0,1,2\n", "sex", "table.csv, line 1: the columns 'male' and 'Males' are both Male."),
        ("area_code,male,male\nS0,1,2\n", "sex", "table.csv, line 1: the column 'male' is there twice."),
        ("area_code,colour\nS0,1\n", "sex", "table.csv, line 1: no column is a category of sex."),
        ("area_code,K12\nS0,1\n", "origins", "table.csv, line 1: there are no columns category and people."),
        ("area_code,tenth\nS0,1\n", "deprivation", "table.csv, line 1: there is no column named decile"),
        ("area_code,decile\nS0,11\n", "deprivation", "table.csv, line 2: decile: 11 is no tenth"),
        ("area_code,decile\nA,1\n", "deprivation", "table.csv, line 2: area_code: A is not a small area"),
        ("area_code,supergroup,group\nS0,4,5c\n", "oac", "table.csv, line 2: group: '5c', '4' is not of the"),
        ("postcode,code\nT1,A\n", "mosaic", "table.csv, line 2: postcode: 'T1' is not a postcode."),
        (SEX, "Sex!", "'Sex!' is no name for a topic"),
    ],
)
def test_a_file_that_is_no_such_table_is_refused(tmp_path, text, topic, sentence):
    make_ground()
    assert refusal(tmp_path, text, topic)[0].startswith(sentence)


def test_an_area_with_a_bad_row_is_left_out_as_a_whole(tmp_path):
    areas = make_ground(0.5, 1.5, 2.5, 3.5)
    done = load(tmp_path, SEX.replace("S1,male,100", "S1,male,-1"), skip_bad=tmp_path / "bad.csv")
    assert (done.areas, done.rows, done.bad) == (2, 4, 2)
    assert queries.population(areas["S1"].pk, "sex") is None
    assert (tmp_path / "bad.csv").read_text().splitlines() == [
        "line,reason,row…",
        '4,"another row of this area cannot be used, and part of an area misleads.",S1,female,100',
        "5,people: -1 is less than nobody.,S1,male,'-1",
    ]


def test_a_wide_table_and_the_census_of_perturbed_totals(tmp_path):
    areas = make_ground(0.5, 1.5, 2.5, 3.5)
    done = load(
        tmp_path,
        'lsoa21_code,lad_code,Total: All usual residents,"Asian, Asian British or Asian Welsh",White\n'
        'S0,E1,"1,004",400,600.0\nS1,E1,10,3,7\n',
        "ethnic-group-5",
    )
    assert (done.rows, done.people, done.passed_over) == (4, 1010, ["lad_code"])
    assert people_of(areas["S0"], "ethnic-group-5") == {"asian": 400, "white": 600}
    (table,) = PopulationTable.objects.all()
    assert (
        refusal_after(tmp_path) == "table.csv, line 2: Total: the total of S0 is 1,004, and its parts add up to 1,000."
    )
    assert list(PopulationTable.objects.values_list("loaded_at")) == [(table.loaded_at,)]


def refusal_after(folder: Path) -> str:
    with pytest.raises(FileRefused) as caught:
        load(folder, "area_code,Total,asian,white\nS0,1004,400,600\n", "ethnic-group-5", tolerance=3)
    return str(caught.value).partition(" Up to")[0]


# Words ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("topic", "text", "code"),
    [
        ("ethnic-group-19", "Asian, Asian British or Asian Welsh: Bangladeshi (number)", "asian-bangladeshi"),
        ("ethnic-group-19", "Mixed or Multiple ethnic groups: Other Mixed or Multiple ethnic groups", "mixed-other"),
        ("ethnic-group-19", "White: Other White", "white-other"),
        ("ethnic-group-19", "Other ethnic group: Any other ethnic group", "other"),
        ("ethnic-group-5", "Mixed or Multiple ethnic groups", "mixed"),
        ("age", "Aged 4 years and under", "0-4"), ("age", "age_15_19", "15-19"), ("age", "age_90_plus", "90+"),
        ("age", "Aged under 1 year", "0"), ("age", "Aged 85 years and over", "85+"), ("age", "16 to 24", "16-24"),
        ("age", "Aged 37 years", "37"), ("age", "90+", "90+"),
        ("english", "Main language is not English (English or Welsh in Wales): Cannot speak English", "none"),
        ("english", "Main language is not English (English or Welsh in Wales)", ""),
        ("disability", "Not disabled under the Equality Act", "none"),
        ("religion", "No religion", "none"),
        ("origins", "Czech And Slovak", "czech-and-slovak"),
    ],
)  # fmt: skip
def test_the_censuss_own_words_are_understood(topic, text, code):
    assert topics.category(topic, text)[0] == code


@pytest.mark.parametrize("text", ["Unknown", "-4", "24-16", "1-2-3", "lad_code", "age", "200+"])
def test_what_is_no_age_is_not_taken_for_one(text):
    with pytest.raises(topics.UnknownCategory):
        topics.category("age", text)


def test_categories_are_those_that_members_answers_are_stored_under():
    from peelian.members import categories

    assert topics.ETHNIC_19 == categories.ETHNIC_GROUP
    assert set(topics.KINDS["sex"].labels) == set(categories.SEX)
    assert set(categories.DISABILITY) <= set(topics.KINDS["disability"].labels)
    answers = [code for codes in topics.KINDS["ethnic-group-5"].answers.values() for code in codes]
    assert sorted(answers) == sorted(categories.ETHNIC_GROUP)


# The command ----------------------------------------------------------------------------------------------------------


def test_the_command_says_what_it_did(tmp_path, capsys):
    make_ground(0.5, 1.5, 2.5, 3.5)
    path = tmp_path / "sex.csv"
    path.write_text(SEX)
    for said in ("", " They take the place of those there were."):
        call_command("import_census", str(path), topic="sex", vintage="2021")
        assert capsys.readouterr().out == f"6 rows of 3 areas, 340 people.{said}\n"


def test_an_answer_is_one_question(tmp_path, django_assert_num_queries):
    areas = make_ground(0.5, 1.5, 2.5, 3.5)
    load(tmp_path, SEX)
    with django_assert_num_queries(1):
        assert queries.population(areas["F"].pk, "sex").total == 340
    with django_assert_num_queries(1):
        assert len(queries.populations([area.pk for area in areas.values()], "sex")) == 6
