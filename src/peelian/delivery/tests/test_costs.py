"""What texts and calls cost: prices by date, budgets that stop, what was charged in the end."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from peelian.contacts.models import Address
from peelian.core import clock
from peelian.core.messages import TOKEN
from peelian.delivery import actions, costs
from peelian.delivery.errors import BudgetSpent
from peelian.delivery.models import Budget, Carrier, Channel, Delivery, Lane, Price, Send, Spend, State
from peelian.places.models import Area
from peelian.places.tests.factories import make_grid

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 21)


@pytest.fixture
def area() -> Area:
    return make_grid()["P0"]


@pytest.fixture
def prices() -> None:
    Carrier.objects.create(name="notify", kind="notify", channel=Channel.TEXT, resting=51, weight=51)
    Carrier.objects.create(name="twilio", kind="twilio", channel=Channel.TEXT, resting=49, weight=49)
    Carrier.objects.create(name="twilio", kind="twilio", channel=Channel.VOICE)
    for channel, kind, since, pence in (
        (Channel.TEXT, "notify", date(2026, 1, 1), "2.4"),
        (Channel.TEXT, "notify", date(2026, 6, 1), "2.6"),
        (Channel.TEXT, "twilio", date(2026, 1, 1), "4"),
        (Channel.VOICE, "twilio", date(2026, 1, 1), "2.934"),
    ):
        Price.objects.create(channel=channel, kind=kind, valid_from=since, pence=Decimal(pence))


def to_phones(texts: int, calls: int = 0, lane: Lane = Lane.ROUTINE, parts: int = 1) -> Send:
    first = Address.objects.count()
    numbers = Address.objects.bulk_create(
        Address(kind=2 if n < texts else 3, value=f"+4477009{first + n:05}") for n in range(texts + calls)
    )
    rows = (
        "SELECT id AS address_id, NULL::bigint AS member_id, CASE kind WHEN 2 THEN 2 ELSE 4 END AS channel"
        " FROM contacts_address WHERE id = ANY(%(ids)s)",
        {"ids": [number.pk for number in numbers]},
    )
    return actions.open_send(renderer="delivery.test", object_id=1, lane=lane, rows=rows, text_parts=parts)


def test_a_token_counts_with_its_real_length() -> None:
    link = f"https://now.example/m/{TOKEN}/"
    assert costs.text_parts("a" * (160 - len(link) - 28 + len(TOKEN)) + link).parts == 1
    assert costs.text_parts("a" * (161 - len(link) - 28 + len(TOKEN)) + link).parts == 2


@pytest.mark.parametrize(
    ("on", "kind", "pence"),
    [
        (date(2026, 5, 31), "notify", "2.4"),
        (date(2026, 6, 1), "notify", "2.6"),
        (date(2025, 12, 31), "notify", None),
        (TODAY, "sinch", None),
    ],
)
def test_a_price_has_its_days(prices: None, on: date, kind: str, pence: str | None) -> None:
    assert costs.price(Channel.TEXT, on, kind) == (Decimal(pence) if pence else None)


def test_before_it_goes_carriers_share_as_they_rest(prices: None) -> None:
    assert costs.price(Channel.TEXT, TODAY) == (Decimal("2.6") * 51 + Decimal(4) * 49) / 100


def test_the_papers_panel_by_prices() -> None:
    """E18, appendix A: 97 texts for £13.32 and 303 calls for £8.89."""
    Carrier.objects.create(name="v", kind="v", channel=Channel.TEXT)
    Carrier.objects.create(name="v", kind="v", channel=Channel.VOICE)
    Price.objects.create(channel=Channel.TEXT, kind="v", valid_from=TODAY, pence=Decimal(1332) / 97)
    Price.objects.create(channel=Channel.VOICE, kind="v", valid_from=TODAY, pence=Decimal(889) / 303)
    texts = costs.forecast({Channel.TEXT: 97}, 1, TODAY)
    calls = costs.forecast({Channel.VOICE: 303, Channel.EMAIL: 317_908}, 1, TODAY)
    assert (round(texts.pence / 100, 2), round(calls.pence / 100, 2)) == (Decimal("13.32"), Decimal("8.89"))


def test_without_a_price_the_cost_is_not_known() -> None:
    assert costs.forecast({Channel.TEXT: 5}, 1, TODAY).unpriced == (Channel.TEXT,)
    assert costs.forecast({Channel.EMAIL: 5}, 1, TODAY).unpriced == ()


def test_the_policing_area_pays(area: Area) -> None:
    ward = Area.objects.get(code="W01")
    assert costs.charged_to([ward.pk]) == area
    assert costs.charged_to([area.pk]) == area
    assert costs.charged_to([Area.objects.get(code="F").pk]) is None
    assert costs.charged_to([]) is None


def test_a_budget_stops_what_would_pass_it(prices: None, area: Area) -> None:
    Budget.objects.create(area=area, from_month=clock.today().replace(day=1), pounds=Decimal("1.00"))
    first = to_phones(0, 30)
    costs.book(first, area=area)
    assert Spend.objects.get(send=first).pence == Decimal("88.020")
    assert costs.month_of(area, clock.today()).is_close
    with pytest.raises(BudgetSpent, match=r"£0.29 .* Area P0 has £0.12 left"):
        costs.book(to_phones(0, 10), area=area)
    urgent = to_phones(0, 10, lane=Lane.URGENT)
    costs.book(urgent, area=area)
    assert costs.month_of(area, clock.today()).left == Decimal("-0.1736")


def test_another_area_and_the_next_month_have_their_own(prices: None, area: Area) -> None:
    Budget.objects.create(area=area, from_month=date(2026, 1, 1), pounds=Decimal(5))
    Budget.objects.create(area=area, from_month=date(2027, 1, 1), pounds=Decimal(7))
    assert costs.month_of(area, date(2026, 12, 31)).budget == 5
    assert costs.month_of(area, date(2027, 1, 1)).budget == 7
    assert costs.month_of(Area.objects.get(code="P1"), date(2027, 1, 1)).budget is None


def test_what_was_charged_takes_the_place_of_the_forecast(prices: None, area: Area) -> None:
    send = to_phones(10, parts=2)
    costs.book(send, area=area)
    by_name = {carrier.name: carrier.pk for carrier in Carrier.objects.filter(channel=Channel.TEXT)}
    rows = list(Delivery.objects.filter(send=send).order_by("address"))
    fates = [
        (State.DELIVERED, "", "notify"),
        (State.FAILED, "unanswered", "twilio"),  # taken, and charged, though nobody was reached
        (State.FAILED, "refused", "notify"),
        (State.NOT_SENT, "recalled", "notify"),
        (State.UNKNOWN, "", "notify"),
    ]
    for row, (state, reason, name) in zip(rows, fates, strict=False):
        Delivery.objects.filter(send=send, address=row.address_id).update(
            state=state, reason=reason, carrier=by_name[name]
        )
    for _ in range(2):
        costs.settle(send)
    spend = Spend.objects.get(send=send)
    assert (spend.pence, spend.final) == (2 * (Decimal("2.6") * 2 + Decimal(4)), True)
