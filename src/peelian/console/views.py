"""Today: what waits for me, what just happened, one picture of my patch."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from peelian.accounts.door import StaffRequest, needs
from peelian.console import queries
from peelian.core import clock


@require_safe
@needs("today.read")
def today(request: StaffRequest) -> HttpResponse:
    staff = request.user
    context = {
        "today": queries.today(staff),
        "patch": queries.patch(staff),
        "day": clock.today(),
        "may_write": staff.may("alerts.write") and staff.teams.exists(),
        "may_manage": staff.may("accounts.manage"),
        "may_audit": staff.may("audit.read"),
    }
    return render(request, "console/today.html", context)
