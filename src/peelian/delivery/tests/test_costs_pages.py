"""What texts and calls cost, on pages: sums by area and month, who sees whose, prices and budgets."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from peelian.accounts.models import Staff
from peelian.accounts.roles import Role
from peelian.accounts.tests.factories import make_staff, sign_in
from peelian.audit.models import Event
from peelian.core import clock
from peelian.core.testing.html import PageClient
from peelian.delivery import costs, pricing
from peelian.delivery.carriers import registry
from peelian.delivery.models import Budget, Channel, Price, Send, Spend
from peelian.places.models import Area
from peelian.places.tests.factories import make_grid

pytestmark = pytest.mark.django_db
PAGE = "/staff/delivery/costs/"
THIS = clock.today().replace(day=1)


@pytest.fixture
def areas() -> dict[str, Area]:
    return make_grid()


def spend(area: Area | None, pounds: str, month: date = THIS, *, final: bool = True) -> None:
    send = Send.objects.create(renderer="delivery.test", object_id=1, lane="routine")
    Spend.objects.create(send=send, area=area, month=month, pence=Decimal(pounds) * 100, final=final)


def rows(client: PageClient, caption: str) -> dict[str, list[str]]:
    """The rows of a table by their heads."""
    (table,) = (
        one for one in client.page(PAGE).document.cssselect("table") if caption in one.find("caption").text_content()
    )
    texts = [[" ".join(cell.text_content().split()) for cell in row] for row in table.cssselect("tbody tr")]
    return {row[0]: row[1:] for row in texts}


def signed_in(client: PageClient, role: str, *scope: Area) -> Staff:
    return sign_in(client, make_staff(role, *scope))


def test_this_month_by_policing_area(client: PageClient, areas) -> None:
    signed_in(client, Role.ANALYST)
    Budget.objects.create(area=areas["P0"], from_month=date(2026, 1, 1), pounds=10)
    Budget.objects.create(area=areas["P0"], from_month=THIS, pounds=50)
    Budget.objects.create(area=areas["P0"], from_month=pricing.coming_months()[1], pounds=999)
    Budget.objects.create(area=areas["P1"], from_month=THIS, pounds=0)
    spend(areas["P0"], "30.50")
    spend(areas["P0"], "9.49", final=False)
    spend(areas["P0"], "700", pricing._months_before(THIS, 1))
    spend(areas["P1"], "1")
    spend(None, "4")
    found = rows(client, "this month")
    assert {name: row[:3] for name, row in found.items()} == {
        areas["P0"].name: ["£39.99", "£50.00", "79%"],
        areas["P1"].name: ["£1.00", "£0.00", "100%"],
        areas["P2"].name: ["£0.00", "no limit", "–"],
        "Teams of the whole force": ["£4.00", "no limit", "–"],
    }
    year = rows(client, "twelve months")
    assert len(year) == 12
    assert list(year.values())[:3] == [["4", "£44.99"], ["1", "£700.00"], ["0", "£0.00"]]
    assert "£9.49 of it booked" in next(iter(year))


def test_the_sums_are_those_that_sending_goes_by(areas) -> None:
    Budget.objects.create(area=areas["P0"], from_month=date(2026, 1, 1), pounds=10)
    spend(areas["P0"], "12.34")
    some = [areas["P0"], areas["P1"]]
    assert pricing.months(some, THIS) == [costs.month_of(area, THIS) for area in some]


@pytest.mark.parametrize(("spent", "warned"), [("79.99", False), ("80", True), ("100", True)])
def test_four_fifths_are_a_warning(client: PageClient, areas, spent, warned) -> None:
    signed_in(client, Role.ANALYST)
    Budget.objects.create(area=areas["P0"], from_month=THIS, pounds=100)
    spend(areas["P0"], spent)
    page = client.page(PAGE)
    assert (page.texts(".p-notice--care") != []) == warned
    if warned:
        assert f"£{Decimal(spent):.2f} of its £100.00 for this month are spent" in page.text()
        assert ("until next month" in page.text()) == (spent == "100")


def test_who_has_areas_sees_their_policing_areas_only(client: PageClient, areas) -> None:
    for code, pounds in (("P0", "1"), ("P1", "20"), (None, "300")):
        spend(areas[code] if code else None, pounds)
    Area.objects.filter(pk=areas["W01"].pk).update(parent=areas["P0"])
    signed_in(client, Role.SUPERVISOR, Area.objects.get(pk=areas["W01"].pk))
    assert list(rows(client, "this month")) == [areas["P0"].name]
    assert next(iter(rows(client, "twelve months").values())) == ["1", "£1.00"]
    assert areas["P1"].name not in client.page(PAGE).text()
    signed_in(client, Role.SUPERVISOR, areas["P1"])
    assert list(rows(client, "this month")) == [areas["P1"].name]


def test_before_anything_is_set_the_page_says_so(client: PageClient) -> None:
    signed_in(client, Role.COMMUNICATIONS)
    text = client.page(PAGE).text()
    assert "No policing areas" in text
    assert "No prices yet" in text
    assert not any("/budget/" in link or "/price/" in link for link in client.page(PAGE).links())


@pytest.mark.parametrize("number", [1, 3])
def test_however_many_areas_the_page_asks_as_much(client: PageClient, number, django_assert_max_num_queries) -> None:
    signed_in(client, Role.ANALYST)
    for area in list(make_grid(columns=number).values()):
        spend(area, "1")
    client.page(PAGE)
    with django_assert_max_num_queries(12):
        client.page(PAGE)


# Prices and budgets ---------------------------------------------------------------------------------------------------


def test_a_price_holds_from_its_day_on(client: PageClient) -> None:
    registry.row_ids()
    administrator = signed_in(client, Role.ADMINISTRATOR)
    assert client.page(f"{PAGE}price/").texts(".govuk-radios__label") == [
        "A text by simulator, each part",
        "A call by simulator",
    ]
    for day, pence in (("2026-04-01", "2.4"), ("2026-06-01", "2.655"), ("2026-06-01", "2.65")):
        client.page(f"{PAGE}price/", {"what": "2-simulator", "pence": pence, "valid_from": day}, post=True)
    found = {day: costs.price(Channel.TEXT, day, "simulator") for day in (date(2026, 5, 31), date(2026, 6, 1))}
    assert list(found.values()) == [Decimal("2.4"), Decimal("2.65")]
    assert [event.data["replaced"] for event in Event.objects.filter(verb="price.set").order_by("id")] == [
        False,
        False,
        True,
    ]
    assert Event.objects.filter(verb="price.set", actor_id=administrator.pk).count() == 3
    Price.objects.filter(valid_from=date(2026, 4, 1)).update(pence=10)
    assert [row[0] for row in rows(client, "Prices by").values()] == ["2.65", "10"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "Choose what is priced"),
        ({"what": "1-smtp", "pence": "1", "valid_from": "2026-01-01"}, "Choose what"),
        ({"what": "2-simulator", "pence": "-1", "valid_from": "2026-01-01"}, "or more"),
        ({"what": "2-simulator", "pence": "2.4567", "valid_from": "2026-01-01"}, "fewer digits after the point"),
        ({"what": "2-simulator", "pence": "cheap", "valid_from": "2026-01-01"}, "as a number"),
        ({"what": "2-simulator", "pence": "2", "valid_from": "soon"}, "real date"),
    ],
)
def test_a_price_that_cannot_be_meant(client: PageClient, given, said) -> None:
    registry.row_ids()
    signed_in(client, Role.ADMINISTRATOR)
    summary = " ".join(client.page(f"{PAGE}price/", given, post=True).texts(".govuk-error-summary__list li"))
    assert said in summary
    assert "valid " not in summary.lower()
    assert not Price.objects.exists()


def test_a_budget_holds_from_its_month_on(client: PageClient, areas) -> None:
    signed_in(client, Role.ADMINISTRATOR)
    for pounds in ("100", "120.50"):
        given = {"area": "P0", "from_month": f"{THIS}", "pounds": pounds}
        client.page(f"{PAGE}budget/", given, post=True)
    assert costs.month_of(areas["P0"], THIS).budget == Decimal("120.50")
    assert [(event.object_id, event.data["pounds"]) for event in Event.objects.filter(verb="budget.set")] == [
        ("P0", "120.50"),
        ("P0", "100"),
    ]
    page = client.page(f"{PAGE}budget/", {"area": "W00", "from_month": "2020-01-01", "pounds": "-3"}, post=True)
    assert len(page.texts(".govuk-error-summary__list li")) == 3


def test_an_administrator_sets_budgets_in_their_own_areas_and_no_prices(client: PageClient, areas) -> None:
    signed_in(client, Role.ADMINISTRATOR, areas["P0"])
    assert client.page(f"{PAGE}budget/").texts("#id_area option") == [areas["P0"].name]
    client.page(f"{PAGE}budget/", {"area": "P1", "from_month": f"{THIS}", "pounds": "5"}, post=True)
    assert not Budget.objects.exists()
    assert "whole force" in client.page(f"{PAGE}price/", expect=409).text()
    signed_in(client, Role.ADMINISTRATOR, areas["W00"])
    assert "none lies in the areas you look after" in client.page(f"{PAGE}budget/", expect=409).text()


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.COMMUNICATIONS, Role.ANALYST])
def test_only_administrators_set_prices_and_budgets(client: PageClient, areas, role) -> None:
    signed_in(client, role)
    given = {"area": "P0", "from_month": f"{THIS}", "pounds": "5"}
    assert client.post(f"{PAGE}budget/", given).status_code == client.post(f"{PAGE}price/", {}).status_code == 404
    assert not Budget.objects.exists()
