"""The pulse for staff: what it found, how it is asked, and the decision that lets alerts be withheld."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from peelian.accounts.door import StaffRequest, needs
from peelian.alerts import actions as alerts
from peelian.alerts import holdout
from peelian.audit.actions import record
from peelian.core import charts, clock
from peelian.surveys.models import Boxed
from peelian.surveys.pulse import actions, charting, results
from peelian.surveys.pulse.forms import DecisionForm, SettingsForm
from peelian.surveys.sealing import TOGETHER

GET_OR_POST = ["GET", "HEAD", "POST"]


@require_safe
@needs("surveys.results")
def shown(request: StaffRequest) -> HttpResponseBase:
    """Pooled results of the last twelve months."""
    programme = actions.programme()
    found = results.pooled(programme) if programme else None
    drawn = charting.drawn(found) if found else []
    if (file := charts.csv_asked_for(request, *drawn)) is not None:
        record("pulse.exported", "pulse", 1, by=request.user, what=request.GET["csv"][:60])
        return file
    context = {
        "programme": programme,
        "found": found,
        "charts": drawn if found and found.answers else [],
        "responses": results.responses(found.since) if found else [],
        "boxed": Boxed.objects.filter(survey=programme.survey_id).count() if programme else 0,
        "together": TOGETHER,
        "fewest": results.FEWEST,
        "smallest": holdout.FEWEST,
        "decision": holdout.decision(),
        "may_change": request.user.may("surveys.pulse"),
    }
    return render(request, "surveys/staff/pulse.html", context)


@require_http_methods(GET_OR_POST)
@needs("surveys.pulse")
def settings(request: StaffRequest) -> HttpResponse:
    kept = actions.programme()
    form = SettingsForm(request.user, kept, request.POST if request.method == "POST" else None)
    if form.is_valid():
        made = actions.save_programme(by=request.user, **form.cleaned_data)
        said = "Saved. People are asked after alerts that go out from now." if made.on else "Saved. Nobody is asked."
        messages.success(request, said)
        return redirect("surveys_staff:pulse")
    return render(request, "surveys/staff/pulse_settings.html", {"form": form, "programme": kept})


@require_safe
@needs("surveys.results")
def decisions(request: StaffRequest) -> HttpResponse:
    """Every decision there was, and what holds now."""
    context = {
        "now": holdout.decision(),
        "rows": [(one, holdout.is_over(one)) for one in holdout.decisions()],
        "withheld": holdout.withheld().count(),
        "fewest": holdout.FEWEST,
        "may_change": request.user.may("alerts.holdout"),
        "today": clock.today(),
    }
    return render(request, "surveys/staff/holdout.html", context)


@require_http_methods(GET_OR_POST)
@needs("alerts.holdout")
def decide(request: StaffRequest) -> HttpResponse:
    """Enter a decision; it takes the place of the one that holds."""
    form = DecisionForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        alerts.enter_decision(by=request.user, **form.cleaned_data)
        messages.success(request, "The decision is entered and holds from now. The trail says by whom.")
        return redirect("surveys_staff:holdout")
    return render(request, "surveys/staff/holdout_new.html", {"form": form, "now": holdout.decision()})


@require_POST
@needs("alerts.holdout")
def end(request: StaffRequest) -> HttpResponse:
    """Nothing is withheld from now on."""
    holds = holdout.decision()
    if holds is not None:
        alerts.end_decision(decision=holds, by=request.user)
        messages.success(request, "The decision has ended. Nothing is withheld from anybody from now on.")
    return redirect("surveys_staff:holdout")
