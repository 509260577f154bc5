"""Limits of carriers and mail domains, for administrators of the whole force."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from peelian.accounts.door import StaffRequest, needs
from peelian.core.errors import RuleBroken
from peelian.delivery import limiting
from peelian.delivery.forms_limits import LimitForm
from peelian.delivery.views.operations_words import limit_name, limit_said

MANAGE = "operations.manage"
GET_OR_POST = ["GET", "HEAD", "POST"]


@require_http_methods(GET_OR_POST)
@needs(MANAGE)
def add(request: StaffRequest) -> HttpResponse:
    limiting.must_be_for_all(request.user)
    form = LimitForm(_posted(request))
    if form.is_valid():
        domain = form.cleaned_data["mail_domain"]
        try:
            limit = limiting.add_limit(carrier=form.carrier(), mail_domain=domain, by=request.user, **form.numbers())
        except RuleBroken as problem:
            form.add_error("mail_domain" if domain else "subject", str(problem))
        else:
            messages.success(request, f"{limit_name(limit)} is limited from now on.")
            return redirect("delivery_staff:operations")
    return render(request, "delivery/operations/limit.html", {"form": form})


@require_http_methods(GET_OR_POST)
@needs(MANAGE)
def change(request: StaffRequest, pk: int) -> HttpResponse:
    limit = limiting.limit_for(request.user, pk)
    form = LimitForm(_posted(request), limit=limit)
    if form.is_valid():
        limiting.change_limit(limit=limit, by=request.user, **form.numbers())
        messages.success(request, f"The limit of {limit_name(limit)} is changed. Workers keep to it within a second.")
        return redirect("delivery_staff:operations")
    return render(request, "delivery/operations/limit.html", {"form": form, "limit": limit, "name": limit_name(limit)})


@require_http_methods(GET_OR_POST)
@needs(MANAGE)
def remove(request: StaffRequest, pk: int) -> HttpResponse:
    limit = limiting.limit_for(request.user, pk)
    if request.method == "POST":
        name = limit_name(limit)
        limiting.remove_limit(limit=limit, by=request.user)
        messages.success(request, f"{name} has no limit any more.")
        return redirect("delivery_staff:operations")
    points = [f"It is limited to {limit_said(limit)}.", "Without the limit it gets as many messages as it takes."]
    return render(request, "delivery/operations/limit_remove.html", {"name": limit_name(limit), "points": points})


def _posted(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None
