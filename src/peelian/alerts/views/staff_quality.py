"""The quality of a team's messages, quarter beside quarter."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from peelian.accounts.door import StaffRequest, needs
from peelian.alerts.forms.staff_planning import QualityForm
from peelian.alerts.quality import panel


@require_safe
@needs("alerts.read")
def quality(request: StaffRequest) -> HttpResponse:
    form = QualityForm(request.user, request.GET)
    teams, quarter = form.wanted
    name = teams[0].name if len(teams) == 1 else "All teams in your area" if teams else ""
    context: dict[str, Any] = {"form": form, "name": name, "quarter": quarter}
    if teams:
        rows, now, before = panel.panel(teams, quarter)
        context |= {"rows": rows, "alerts_now": now, "alerts_before": before}
    return render(request, "alerts/staff/quality.html", context)
