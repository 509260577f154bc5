"""The pages of areas, and the borders that maps ask for."""

from __future__ import annotations

import json
from datetime import date

import pytest
from django.http import HttpResponse

from peelian.accounts.models import Staff
from peelian.accounts.roles import Role
from peelian.accounts.tests.factories import make_staff, sign_in
from peelian.core.testing.html import PageClient
from peelian.members import audience
from peelian.members.tests.test_audience import make_member
from peelian.places.models import Area
from peelian.places.tests.factories import make_area, make_grid, square

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(client: PageClient) -> PageClient:
    sign_in(client, Staff.objects.create(email="reader@heartshire.example", role=Role.ANALYST))
    return client


def test_without_areas_the_page_says_how_to_get_them(reader: PageClient) -> None:
    page = reader.page("/staff/places/")
    assert page.texts(".p-empty__title") == ["No areas yet"]


def test_areas_by_kind_with_how_many(reader: PageClient) -> None:
    make_grid()
    page = reader.page("/staff/places/")
    assert page.texts(".p-kinds li") == ["Forces 1", "Policing areas 3", "Wards 6"]
    assert page.texts("tbody th") == ["Ward 00", "Ward 01", "Ward 10", "Ward 11", "Ward 20", "Ward 21"]
    assert page.texts("tbody td[data-label='Part of']")[0] == "Area P0"
    assert reader.page("/staff/places/", {"kind": "policing-area"}).texts("tbody th") == [
        "Area P0",
        "Area P1",
        "Area P2",
    ]
    assert reader.page("/staff/places/", {"q": "ward 2"}).texts("tbody th") == ["Ward 20", "Ward 21"]
    assert reader.page("/staff/places/", {"q": "nowhere"}).texts(".p-empty__title") == ["No area found"]
    assert reader.page("/staff/places/", {"kind": "nonsense"}).texts("tbody th")[0] == "Ward 00"


def officer_of(client: PageClient, *areas: Area) -> PageClient:
    sign_in(client, make_staff(Role.OFFICER, *areas))
    return client


def test_people_of_some_areas_find_theirs_and_no_other(client: PageClient) -> None:
    grid = make_grid()
    spot, elsewhere = make_area("H1", square(0, 0), "hotspot"), make_area("H2", square(1, 0), "hotspot")
    Area.objects.filter(pk=spot.pk).update(parent=grid["W00"])
    reader = officer_of(client, grid["P0"])
    page = reader.page("/staff/places/")
    assert page.texts(".p-kinds li") == ["Policing areas 1", "Wards 2", "Hotspots 1"]
    assert page.texts("tbody th") == ["Ward 00", "Ward 01"]
    assert reader.page("/staff/places/", {"q": "ward"}).texts("tbody th") == ["Ward 00", "Ward 01"]
    assert reader.page("/staff/places/", {"after": "W20"}).texts("tbody th") == ["Ward 00", "Ward 01"]
    assert reader.page("/staff/places/", {"kind": "force"}).texts("tbody th") == ["Ward 00", "Ward 01"]
    for code in ("P0", "W00", "W01", spot.code):
        reader.page(f"/staff/places/{code}/")
    for code in ("F", "P1", "W10", elsewhere.code):
        reader.page(f"/staff/places/{code}/", expect=404)
    missing = reader.page("/staff/places/NOWHERE/", expect=404).text().replace("NOWHERE", "W10")
    assert reader.page("/staff/places/W10/", expect=404).text() == missing


def test_no_count_of_others_can_be_read(client: PageClient) -> None:
    grid = make_grid()
    for number in range(7):
        make_member(-1.995, 52.005)
        make_member(-1.985, 52.005, channels=1 if number else 3)
    make_member(-1.995, 52.015)
    audience.refresh()
    reader = officer_of(client, grid["W00"], grid["W01"])
    assert reader.page("/staff/places/W00/").texts(".p-audience__count") == ["7 people"]
    assert reader.page("/staff/places/W01/").texts(".p-audience__count") == ["fewer than 5 people"]
    for above_or_beside in ("F", "P0", "W10"):
        assert "7 people" not in reader.page(f"/staff/places/{above_or_beside}/", expect=404).text()


def test_areas_above_ones_own_are_named_and_lead_nowhere(client: PageClient, reader: PageClient) -> None:
    grid = make_grid()

    def led_to(page: PageClient) -> list[str]:
        links = page.page("/staff/places/W00/").document.cssselect(".p-lede a")
        return [str(link.get("href")) for link in links]

    assert led_to(reader) == ["/staff/places/P0/", "/staff/places/F/"]
    mine = officer_of(client, grid["W00"])
    assert "Ward in Area P0, Testshire" in mine.page("/staff/places/W00/").text()
    assert led_to(mine) == []
    assert led_to(officer_of(client, grid["P0"])) == ["/staff/places/P0/"]


def test_somebody_whose_areas_have_ended_reads_so(client: PageClient) -> None:
    grid = make_grid()
    reader = officer_of(client, grid["W00"])
    Area.objects.filter(pk=grid["W00"].pk).update(valid_to=date(2020, 1, 1))
    assert reader.page("/staff/places/").texts(".p-empty__title") == ["No areas of yours"]


def test_long_lists_go_on_after_the_last(reader: PageClient) -> None:
    area = make_area("A000", square(0, 0), kind="hotspot", name="Spot 000")
    copies = []
    for number in range(1, 53):
        copy = Area.objects.get(pk=area.pk)
        copy.pk, copy.code, copy.name = None, f"A{number:03}", f"Spot {number:03}"
        copies.append(copy)
    Area.objects.bulk_create(copies)
    first = reader.page("/staff/places/", {"kind": "hotspot"})
    second = reader.page(f"/staff/places/{first.document.cssselect('a[rel=next]')[0].get('href')}")
    assert first.texts("tbody th")[-1] == "Spot 049"
    assert second.texts("tbody th") == ["Spot 050", "Spot 051", "Spot 052"]


def test_an_area_says_who_lives_there_by_channel(reader: PageClient) -> None:
    make_grid()
    for number in range(7):
        make_member(-1.995, 52.005, channels=1 if number else 3)
    make_member(-1.985, 52.005)
    audience.refresh()
    page = reader.page("/staff/places/W00/")
    assert page.texts(".p-audience__count") == ["7 people"]
    assert page.texts(".govuk-summary-list__row")[0] == "By email 7 people"
    assert reader.page("/staff/places/W10/").texts(".p-audience__count") == ["fewer than 5 people"]
    assert "Nobody we can reach" in reader.page("/staff/places/W21/").text()
    assert reader.page("/staff/places/P0/").texts(".p-two__main li") == ["Ward 00", "Ward 01"]
    reader.page("/staff/places/NOWHERE/", expect=404)


def test_borders_are_given_once_and_change_with_the_areas(reader: PageClient) -> None:
    make_grid()
    answer = reader.get("/staff/places/areas.geojson", {"kind": "ward"})
    borders = json.loads(answer.content)
    assert [feature["properties"]["code"] for feature in borders["features"]] == [
        "W00",
        "W01",
        "W10",
        "W11",
        "W20",
        "W21",
    ]
    assert borders["features"][0]["properties"] == {"code": "W00", "name": "Ward 00", "kind": "ward"}
    tag = answer["ETag"]
    again = reader.get("/staff/places/areas.geojson", {"kind": "ward"}, headers={"If-None-Match": tag})
    assert again.status_code == 304
    make_area("W30", square(3, 0), name="New name")
    changed = reader.get("/staff/places/areas.geojson", {"kind": "ward"}, headers={"If-None-Match": tag})
    assert "New name" in changed.content.decode()
    assert len(json.loads(reader.get("/staff/places/areas.geojson").content)["features"]) == 11
    assert reader.get("/staff/places/areas.geojson", {"kind": "nonsense"}).status_code == 404


def codes(answer: HttpResponse) -> list[str]:
    return [feature["properties"]["code"] for feature in json.loads(answer.content)["features"]]


def test_borders_are_for_everybody_and_ones_own_on_request(client: PageClient) -> None:
    grid = make_grid()
    reader = officer_of(client, grid["P1"])
    url = "/staff/places/areas.geojson"
    everything = reader.get(url, {"kind": "ward"})
    assert codes(everything) == ["W00", "W01", "W10", "W11", "W20", "W21"]
    own = reader.get(url, {"kind": "ward", "mine": "1"})
    assert codes(own) == ["W10", "W11"]
    assert own["ETag"] != everything["ETag"]
    same = {"If-None-Match": own["ETag"]}
    assert reader.get(url, {"kind": "ward", "mine": "1"}, headers=same).status_code == 304
    moved = officer_of(client, grid["P2"])
    assert codes(moved.get(url, {"kind": "ward", "mine": "1"}, headers=same)) == ["W20", "W21"]
    listed = moved.page("/staff/places/").document.cssselect(".p-map")[0]
    assert listed.get("data-areas") == f"{url}?kind=ward&mine=1"
    beside = moved.page("/staff/places/W20/").document.cssselect(".p-map")[0]
    assert (beside.get("data-areas"), beside.get("data-page")) == (f"{url}?kind=ward", None)


def test_nobody_comes_in_without_signing_in(client: PageClient) -> None:
    for path in ("", "areas.geojson", "W00/"):
        assert client.get(f"/staff/places/{path}").status_code == 302
