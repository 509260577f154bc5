from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from peelian.accounts.door import StaffRequest, needs
from peelian.insight import actions, queries


@require_safe
@needs("insight.read")
def overview(request: StaffRequest) -> HttpResponse:
    context = {"pages": queries.pages_for(request.user), "may_refresh": request.user.may("insight.manage")}
    return render(request, "insight/overview.html", context)


@require_POST
@needs("insight.manage")
def refresh(request: StaffRequest) -> HttpResponse:
    actions.refresh_now(by=request.user)
    messages.success(request, "The figures are being brought up to date. Look again in a minute.")
    return redirect("insight_staff:overview")
