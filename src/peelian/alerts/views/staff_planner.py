"""The planner: what a team sent and means to send, week by week."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from peelian.accounts.door import StaffRequest, needs
from peelian.alerts.forms.staff_planning import PlannerForm
from peelian.alerts.planner import weeks


@require_safe
@needs("alerts.read")
def planner(request: StaffRequest) -> HttpResponse:
    form = PlannerForm(request.user, request.GET)
    context: dict[str, Any] = {"form": form, "team": form.chosen}
    if form.chosen is not None:
        found, others = weeks(form.chosen, form.teams, near=form.days)
        may_write = form.may_write and request.user.may("alerts.write")
        context |= {"weeks": found, "others": others, "near": form.days, "may_write": may_write}
    return render(request, "alerts/staff/planner.html", context)
