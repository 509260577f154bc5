"""How many alerts about crime the residents of each neighbourhood had."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from peelian.accounts.door import StaffRequest, needs
from peelian.alerts import dose
from peelian.core import wording


@require_safe
@needs("alerts.read")
def doses(request: StaffRequest) -> HttpResponse:
    rows = dose.by_neighbourhood(request.user)
    shown = [row for row in rows if row.shown]
    highest = max((row.doses.mean or 0 for row in shown), default=0)
    people, alerts = sum(row.doses.people for row in shown), sum(row.doses.alerts for row in shown)
    many = sum(row.doses.many for row in shown)
    context = {
        "rows": [(row, f"{100 * (row.doses.mean or 0) / highest:.1f}%" if highest else "0%") for row in rows],
        "people": people,
        "mean": wording.number(alerts / people if people else None, 1),
        "base": f"{alerts:,} to {people:,} residents in {dose.DAYS} days",
        "many_share": wording.share(many, people),
        "many_label": f"Residents who had {dose.MANY} or more",
        "many_base": f"{wording.people(many)} of {people:,}",
        "days": dose.DAYS,
        "most": dose.MANY,
    }
    return render(request, "alerts/staff/doses.html", context)
