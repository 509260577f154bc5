"""Rounds of a survey, for who leads it: making one, how far each has come, taking its addresses away."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from peelian.accounts.door import StaffRequest, needs
from peelian.core.wording import plural_count
from peelian.surveys import queries as surveys
from peelian.surveys.doors import must_be_open
from peelian.surveys.doorstep import actions, queries
from peelian.surveys.doorstep.forms import RoundForm

GET_OR_POST = ["GET", "HEAD", "POST"]


@require_safe
@needs("surveys.read")
def listed(request: StaffRequest, ref: str) -> HttpResponse:
    survey = surveys.survey_for(request.user, ref)
    rows = [(one, queries.counts(one)) for one in queries.rounds_of(survey)]
    context = {"survey": survey, "rows": rows, "may_write": request.user.may("surveys.write")}
    return render(request, "surveys/doorstep/rounds.html", context)


@require_http_methods(GET_OR_POST)
@needs("surveys.write")
def new(request: StaffRequest, ref: str) -> HttpResponse:
    survey = surveys.survey_for(request.user, ref)
    must_be_open(survey)
    posted = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = RoundForm(*posted)
    if form.is_valid():
        made = actions.make_round(survey=survey, by=request.user, **form.given)
        addresses = plural_count(queries.counts(made).addresses, "address,addresses")
        messages.success(request, f"{addresses} to visit. Officers find them under Surveys at the door.")
        return redirect("surveys_staff:round", ref, made.pk)
    return render(request, "surveys/doorstep/round_new.html", {"survey": survey, "form": form})


@require_safe
@needs("surveys.read")
def detail(request: StaffRequest, ref: str, pk: int) -> HttpResponse:
    found = queries.round_for(request.user, ref, pk)
    context = {
        "survey": found.survey,
        "round": found,
        "counts": queries.counts(found),
        "streets": queries.by_street(found),
        "may_write": request.user.may("surveys.write"),
        "may_visit": request.user.may("surveys.field") and found.survey.takes_answers,
    }
    return render(request, "surveys/doorstep/round.html", context)


@require_http_methods(GET_OR_POST)
@needs("surveys.write")
def delete(request: StaffRequest, ref: str, pk: int) -> HttpResponse:
    found = queries.round_for(request.user, ref, pk)
    if request.method == "POST":
        actions.delete_addresses(found=found, by=request.user)
        messages.success(request, "The addresses have been deleted. How many came to what is kept.")
        return redirect("surveys_staff:round", ref, pk)
    points = [
        "Officers can visit none of them any more.",
        "How many doors came to what stays.",
    ]
    context = {"survey": found.survey, "points": points, "sentence": f"Delete the addresses of “{found}”?"}
    context |= {"button": "Delete the addresses", "kind": "warning"}
    return render(request, "surveys/staff/confirm.html", context)
