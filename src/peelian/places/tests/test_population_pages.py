"""The pages about who lives in an area, and the list of loaded tables."""

import pytest

from peelian.accounts.models import Staff
from peelian.accounts.roles import Role
from peelian.accounts.tests.factories import make_staff, sign_in
from peelian.places.tests.test_population import SEX, load, make_ground

pytestmark = pytest.mark.django_db
TABLES = "/staff/places/population/"


@pytest.fixture
def reader(client):
    sign_in(client, Staff.objects.create(email="reader@heartshire.example", role=Role.ANALYST))
    return client


def page_of(code: str) -> str:
    return f"/staff/places/{code}/population/"


def test_without_tables_the_pages_say_how_to_get_them(reader):
    make_ground()
    assert reader.page(page_of("A")).texts(".p-empty__title") == ["No population yet"]
    assert reader.page(TABLES).texts(".p-empty__title") == ["No tables yet"]


def test_an_area_by_topic_with_source_vintage_and_what_is_an_estimate(reader, tmp_path):
    make_ground(0.5, 1.2, 1.5, 1.8, 2.5, 3.5)
    load(tmp_path, SEX, vintage="2021", boundary_vintage="2021", source="Census 2021, ONS")
    page = reader.page(page_of("A"), {"topic": "sex"})
    assert page.texts("h1") == ["Who lives in Area A"]
    assert page.texts(".p-lede") == ["250 people."]
    assert page.texts("main li:not(:has(a))")[0] == (
        "60% of it rests on small areas that the border divides, divided by where their postcodes lie: an estimate."
    )
    assert page.texts("tbody tr") == ["Female13554.0%50.0%", "Male11546.0%50.0%"]
    assert "Census 2021, ONS, small areas as in 2021." in page.texts("figcaption")[0]
    whole = reader.page(page_of("F"))
    assert whole.texts("thead th") == ["Category", "People", "Share"]
    assert "none of it is an estimate" in whole.texts("main li:not(:has(a))")[0]


def test_two_vintages_are_compared_with_what_else_differs(reader, tmp_path):
    make_ground(0.5, 1.5, 2.5, 3.5)
    load(tmp_path, SEX.replace("60", "50"), vintage="2011", boundary_vintage="2011")
    load(tmp_path, SEX, vintage="2021", boundary_vintage="2021")
    page = reader.page(page_of("S0"))
    assert page.texts("h2")[-1] == "Since 2011"
    assert "small areas as their borders were in 2011 and in 2021" in " ".join(page.texts("p"))
    assert page.texts("tbody tr")[-2:] == ["Female5060+10", "Male4040+0"]
    assert reader.page(page_of("S0"), {"vintage": "2011"}).texts(".p-lede") == ["90 people."]


def test_a_table_of_larger_areas_is_not_divided(reader, tmp_path):
    make_ground()
    load(tmp_path, "area_code,category,people\nF,female,70\nF,male,60\n")
    assert reader.page(page_of("A")).texts(".p-empty__title") == ["No table speaks of this area"]


def test_the_figures_can_be_taken_away(reader, tmp_path):
    make_ground(0.5, 1.5, 2.5, 3.5)
    load(tmp_path, SEX)
    got = reader.get(page_of("F"), {"csv": "population"})
    assert b"".join(got.streaming_content).decode().splitlines()[:2] == ["Category,People,Share", "Female,170,0.5"]


def test_only_those_whose_scope_holds_the_area_see_it(client, tmp_path):
    areas = make_ground()
    load(tmp_path, SEX)
    officer = make_staff("officer")
    officer.scope.add(areas["A"])
    sign_in(client, officer)
    assert client.get(page_of("A")).status_code == 200
    assert client.get(page_of("B")).status_code == 404


def test_every_loaded_table_is_listed_in_a_few_questions(reader, tmp_path, django_assert_max_num_queries):
    make_ground(0.5, 1.5, 2.5, 3.5)
    load(tmp_path, SEX, vintage="2021", boundary_vintage="2021", source="Census 2021, ONS")
    load(tmp_path, "area_code,decile\nS0,1\nS1,4\nS2,9\n", "deprivation", vintage="2025")
    page = reader.page(TABLES)
    assert [row[:4] for row in page.texts("tbody th")] == ["Sexp", "Depr"]
    assert page.texts("tbody td")[:4] == ["2021", "2021", "Census 2021, ONS", "6"]
    assert "Of 3 small areas it does so by where their postcodes lie." in " ".join(page.texts("p"))
    with django_assert_max_num_queries(16):
        reader.page(page_of("F"))
