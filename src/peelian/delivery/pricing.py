"""Prices and budgets: what an area's month looks like, what the year did, and setting both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models import Count, Q, QuerySet, Sum

from peelian.accounts import queries as accounts
from peelian.accounts.models import Staff
from peelian.audit.actions import record
from peelian.core import clock
from peelian.delivery.costs import PAID, Month
from peelian.delivery.errors import NoBudgetOfYours
from peelian.delivery.limiting import must_be_for_all
from peelian.delivery.models import Budget, Carrier, Channel, Price, Spend
from peelian.places import queries as places
from peelian.places.models import Area

YEAR = 12  # months that the table shows


def payers(staff: Staff) -> list[Area]:
    """The policing areas whose spending the person sees: those in their areas, and those that their areas lie in."""
    every = places.current_areas(Area.Kind.POLICING_AREA).order_by("name")
    scope = accounts.scope_area_ids(staff)
    if scope is None:
        return list(every)
    above = {one.pk for area in staff.scope.all() for one in places.ancestors(area)}
    return [area for area in every if area.pk in scope or area.pk in above]


def areas_to_budget(staff: Staff) -> list[Area]:
    """The policing areas that an administrator sets budgets for: those in their areas. Raises NoBudgetOfYours."""
    scope = accounts.scope_area_ids(staff)
    found = [
        one
        for one in places.current_areas(Area.Kind.POLICING_AREA).order_by("name")
        if scope is None or one.pk in scope
    ]
    if not found:
        raise NoBudgetOfYours
    return found


def months(areas: Sequence[Area], on: date) -> list[Month]:
    """How the month of a day stands in each of the areas: two statements for all of them."""
    first = on.replace(day=1)
    spent = dict(
        Spend.objects.filter(area__in=areas, month=first)
        .values("area_id")
        .annotate(sum=Sum("pence"))
        .values_list("area_id", "sum")
    )
    budgets = dict(
        Budget.objects.filter(area__in=areas, from_month__lte=first)
        .order_by("area_id", "-from_month")
        .distinct("area_id")
        .values_list("area_id", "pounds")
    )
    return [Month(area, first, (spent.get(area.pk) or Decimal(0)) / 100, budgets.get(area.pk)) for area in areas]


@dataclass(frozen=True)
class Past:
    """A month in pounds; `booked` is the part that is forecast, of sends that have not ended."""

    month: date
    pounds: Decimal
    booked: Decimal
    sends: int


def year(staff: Staff, areas: Sequence[Area], on: date) -> list[Past]:
    """The last twelve months, this one first; for who sees the whole force with what no policing area is charged."""
    first = on.replace(day=1)
    start = _months_before(first, YEAR - 1)
    found = {
        month: (pence or Decimal(0), booked or Decimal(0), sends)
        for month, pence, booked, sends in _seen(staff, areas)
        .filter(month__gte=start)
        .values("month")
        .annotate(total=Sum("pence"), booked=Sum("pence", filter=Q(final=False)), sends=Count("pk"))
        .values_list("month", "total", "booked", "sends")
    }
    listed = [_months_before(first, ago) for ago in range(YEAR)]
    nothing = (Decimal(0), Decimal(0), 0)
    return [
        Past(month, pence / 100, booked / 100, sends)
        for month in listed
        for pence, booked, sends in [found.get(month, nothing)]
    ]


def charged_to_nobody(on: date) -> Decimal:
    """Pounds of this month that no policing area pays, because the team looks after none."""
    pence = Spend.objects.filter(area=None, month=on.replace(day=1)).aggregate(sum=Sum("pence"))["sum"]
    return (pence or Decimal(0)) / 100


def _seen(staff: Staff, areas: Sequence[Area]) -> QuerySet[Spend]:
    if accounts.scope_area_ids(staff) is None:
        return Spend.objects.all()
    return Spend.objects.filter(area__in=areas)


def _months_before(first: date, ago: int) -> date:
    year, month = divmod(first.year * 12 + first.month - 1 - ago, 12)
    return date(year, month + 1, 1)


def prices() -> list[Price]:
    """By channel and kind of carrier, the newest first."""
    return list(Price.objects.order_by("channel", "kind", "-valid_from"))


def kinds_to_price() -> list[tuple[Channel, str]]:
    """The channels and kinds of carrier that cost something: of the carriers there are, and of those priced before."""
    found = set(Carrier.objects.filter(channel__in=PAID).values_list("channel", "kind"))
    found |= set(Price.objects.values_list("channel", "kind"))
    return sorted((Channel(channel), kind) for channel, kind in found)


@transaction.atomic
def set_price(*, channel: Channel, kind: str, valid_from: date, pence: Decimal, by: Staff) -> Price:
    """What one part of a text, or one call, costs from a day on. One given for the same day before is replaced; what
    was charged already stays."""
    must_be_for_all(by)
    price, new = Price.objects.update_or_create(
        channel=channel, kind=kind, valid_from=valid_from, defaults={"pence": pence}
    )
    what = {"channel": channel.label, "carrier": kind, "valid_from": valid_from, "pence": pence}
    record("price.set", "price", price.pk, by=by, **what, replaced=not new)
    return price


@transaction.atomic
def set_budget(*, area: Area, from_month: date, pounds: Decimal, by: Staff) -> Budget:
    """What an area may spend in each month from one on. Raises NoBudgetOfYours for an area out of the person's own."""
    if area not in areas_to_budget(by):
        raise NoBudgetOfYours
    first = from_month.replace(day=1)
    budget, new = Budget.objects.update_or_create(area=area, from_month=first, defaults={"pounds": pounds})
    record("budget.set", "area", area.code, by=by, from_month=first, pounds=pounds, replaced=not new)
    return budget


def coming_months() -> list[date]:
    """This month and the eleven after it, to choose from."""
    first = clock.today().replace(day=1)
    return [_months_before(first, -ahead) for ahead in range(YEAR)]
