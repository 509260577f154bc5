"""The page of crime: counts by month and type against the year before, severity, and impact areas, with their files."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from peelian.accounts.roles import Role
from peelian.accounts.tests.factories import make_staff, sign_in
from peelian.audit.models import Event
from peelian.core import clock
from peelian.insight.crime import queries, seen
from peelian.insight.models import CrimeCount, CrimeFile, SeverityWeight
from peelian.places.models import Area
from peelian.places.tests.factories import make_area, make_grid, square

pytestmark = pytest.mark.django_db
PATH = "/staff/insight/crime/"
LAST = date(2025, 7, 1)


def put(area: Area, months: int, kinds: dict[str, int], *, growth: dict[str, int] | None = None) -> None:
    """The newest MONTHS months up to July 2025 with so many of each kind in each; GROWTH more in the newest twelve."""
    for back in range(months):
        month = clock.months_after(LAST, -back)
        file, _ = CrimeFile.objects.get_or_create(
            dataset="street", month=month, reported_by="Testshire Police",
            defaults={"types": "2013-05", "sha256": f"{back}", "rows": 0, "counted": 10, "without_place": 0,
                      "loaded_at": clock.now()},
        )  # fmt: skip
        rows = {kind: n + ((growth or {}).get(kind, 0) if back < 12 else 0) for kind, n in kinds.items()}
        CrimeCount.objects.bulk_create(CrimeCount(file=file, area=area, kind=kind, n=n) for kind, n in rows.items())


@pytest.fixture
def force():
    make_grid()
    area = Area.objects.get(code="F")
    put(area, 30, {"burglary": 40, "robbery": 10, "drugs": 20, "anti-social-behaviour": 99}, growth={"burglary": 20})
    return area


def test_a_year_of_crime_its_neighbourhood_crime_and_what_clearly_changed(client, force):
    sign_in(client, make_staff(Role.ANALYST))
    page = client.page(PATH)
    text = page.text()
    assert "Year ending July 2025: 1,080 crimes" in text  # 12 × (60 + 10 + 20): anti-social behaviour is no crime
    assert "Of them 840 neighbourhood crime" in text
    assert "Clearly more: burglary. Clearly fewer: none. No clear change: 2 of 3 types." in text
    assert "No weights of severity have been loaded" in text
    assert "nan" not in text.lower().replace("finan", "")
    rows = {row[0]: row[1:3] for row in seen.seen(force, "all").kinds.table.rows}
    assert rows == {"Burglary": [720, 480], "Robbery": [120, 120], "Drugs": [240, 240]}


def test_each_chart_has_its_file_and_its_address_and_taking_it_is_in_the_trail(client, force):
    sign_in(client, make_staff(Role.ANALYST))
    text = b"".join(client.get(f"{PATH}?area=F&kind=burglary&csv=months").streaming_content).decode()
    assert len(text.splitlines()) == 31
    assert text.splitlines()[-1].startswith("Jul 2025,60")
    assert Event.objects.filter(verb="crime.exported", data__crime="burglary").count() == 1
    assert client.get(f"{PATH}?csv=nothing").status_code == 404


def test_a_month_that_is_missing_is_a_gap_and_no_sum(force):
    CrimeFile.objects.filter(month=date(2025, 3, 1)).delete()
    found = seen.seen(force, "neighbourhood")
    assert (found.crimes, found.kinds) == (None, None)
    assert found.missing == "Not loaded, and a gap in the figures: March 2025."
    values = {row[0]: row[1] for row in found.months.table.rows}
    assert (values["Mar 2025"], values["Feb 2025"]) == (None, 70)


def test_types_that_a_months_list_lacks_are_not_counted_in_it(force):
    CrimeFile.objects.filter(month__lt=date(2024, 1, 1)).update(types="2011-09")
    values = {row[0]: row[1] for row in seen.seen(force, "neighbourhood").months.table.rows}
    assert (values["Dec 2023"], values["Jan 2024"]) == (None, 50)
    values = {row[0]: row[1] for row in seen.seen(force, "all").months.table.rows}
    assert (values["Dec 2023"], values["Jan 2024"]) == (70, 70)


def test_severity_counts_each_crime_by_its_weight_or_says_what_has_none(force):
    def weigh(**weights: float) -> None:
        SeverityWeight.objects.all().delete()
        SeverityWeight.objects.bulk_create(
            SeverityWeight(version="ons-2024", kind=kind, weight=weight, loaded_at=clock.now())
            for kind, weight in weights.items()
        )

    weigh(burglary=400, robbery=700)
    found = seen.seen(force, "all")
    assert found.severity is None
    assert found.no_severity == "By the weights ons-2024 these have none, so that a score would be too low: drugs."
    weigh(burglary=400, robbery=700, drugs=50)
    month, score, mean = seen.seen(force, "all").severity.table.rows[-1]
    assert (month, score) == ("Jul 2025", 60 * 400 + 10 * 700 + 20 * 50)
    assert mean == pytest.approx(32_000 / 90)
    assert queries.severity_versions() == ["ons-2024"]


def test_c21_para_35_crime_in_impact_areas_against_their_part_of_the_ground(client, force):
    impact = make_area("I", square(0, 0, 1, 1), "impact-area")
    put(impact, 12, {"burglary": 30})
    sign_in(client, make_staff(Role.ADMINISTRATOR))
    page = client.page(PATH)
    assert "Crime in impact areas, year ending July 2025" in page.text()
    row = seen.seen(force, "all").ground.rows[0]
    assert (row[0], row[1], row[2]) == ("All impact areas", 360, pytest.approx(360 / 1_080))
    assert row[5] == pytest.approx(row[2] / row[4])
    text = b"".join(client.get(f"{PATH}?csv=ground").streaming_content).decode()
    assert len(text.splitlines()) == 3
    assert seen.seen(Area.objects.get(code="W00"), "all").ground is None


def test_with_nothing_loaded_a_sentence_says_what_to_do(client):
    make_grid()
    sign_in(client, make_staff(Role.ANALYST))
    page = client.page(PATH)
    assert "No month of street crime has been loaded" in page.text()
    assert reverse("insight_staff:crime") in client.page("/staff/insight/").links()


def test_people_with_areas_see_those_and_the_queries_do_not_grow(client, force, django_assert_max_num_queries):
    sign_in(client, make_staff(Role.SUPERVISOR, Area.objects.get(code="P0")))
    assert client.get(f"{PATH}?area=F").status_code == 404
    assert client.get(f"{PATH}?area=W00").status_code == 200
    sign_in(client, make_staff(Role.ANALYST))
    client.get(PATH)
    with django_assert_max_num_queries(30):
        client.get(PATH)
