"""What texts and calls cost: by policing area, by month, by price."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from peelian.accounts import queries as accounts
from peelian.accounts.door import StaffRequest, needs
from peelian.core import clock
from peelian.delivery import pricing
from peelian.delivery.costs import Month
from peelian.delivery.forms_limits import BudgetForm, PriceForm
from peelian.delivery.limiting import must_be_for_all

GET_OR_POST = ["GET", "HEAD", "POST"]


@require_safe
@needs("costs.read")
def costs(request: StaffRequest) -> HttpResponse:
    today = clock.today()
    areas = pricing.payers(request.user)
    everywhere = accounts.scope_area_ids(request.user) is None
    months = pricing.months(areas, today)
    past = pricing.year(request.user, areas, today)
    context = {
        "month": today.replace(day=1),
        "rows": [(one, _part(one), min(_part(one) or 0, 100)) for one in months],
        "close": [one for one in months if one.is_close],
        "elsewhere": pricing.charged_to_nobody(today) if everywhere else None,
        "everywhere": everywhere,
        "past": past,
        "year_total": sum(one.pounds for one in past),
        "prices": [(one, f"{one.pence.normalize():f}") for one in pricing.prices()],
        "today": today,
        "may_manage": request.user.may("costs.manage"),
    }
    return render(request, "delivery/costs/page.html", context)


def _part(month: Month) -> int | None:
    """Per cent of the budget that is spent, rounded down, so that 100 means all of it; None without a budget."""
    if month.budget is None:
        return None
    return int(100 * month.spent / month.budget) if month.budget else 100


@require_http_methods(GET_OR_POST)
@needs("costs.manage")
def add_price(request: StaffRequest) -> HttpResponse:
    must_be_for_all(request.user)
    form = PriceForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        pricing.set_price(**form.given(), by=request.user)
        messages.success(request, "The price is set.")
        return redirect("delivery_staff:costs")
    return render(request, "delivery/costs/price.html", {"form": form})


@require_http_methods(GET_OR_POST)
@needs("costs.manage")
def set_budget(request: StaffRequest) -> HttpResponse:
    areas = pricing.areas_to_budget(request.user)
    form = BudgetForm(request.POST if request.method == "POST" else None, areas=areas)
    if form.is_valid():
        budget = pricing.set_budget(**form.given(), by=request.user)
        messages.success(request, f"The budget of {budget.area.name} is set.")
        return redirect("delivery_staff:costs")
    return render(request, "delivery/costs/budget.html", {"form": form})
