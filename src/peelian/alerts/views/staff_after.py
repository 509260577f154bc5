"""When it is out: stop, go on, call off, take away, add to. Each asks once more before it does anything."""

from __future__ import annotations

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from peelian.accounts.door import StaffRequest, needs
from peelian.alerts import actions, queries
from peelian.alerts.errors import NotNow
from peelian.alerts.forms.staff import EndDateForm, OutcomeForm, WithdrawForm
from peelian.alerts.models import Alert
from peelian.core import wording
from peelian.core.errors import RuleBroken

BOTH = ["GET", "HEAD", "POST"]


@require_http_methods(BOTH)
@needs("alerts.write")
def pause(request: StaffRequest, ref: str) -> HttpResponse:
    alert = queries.alert_for(request.user, ref)
    if request.method == "POST":
        actions.pause(alert=alert, by=request.user)
        return _done(request, alert, "Paused. Nobody else gets it until you go on.")
    points = ["Nobody else gets it for now.", "You can go on whenever you like."]
    return _ask(request, alert, f"Pause sending “{alert}”?", "Pause", points)


@require_http_methods(BOTH)
@needs("alerts.write")
def resume(request: StaffRequest, ref: str) -> HttpResponse:
    alert = queries.alert_for(request.user, ref)
    if request.method == "POST":
        actions.resume(alert=alert, by=request.user)
        return _done(request, alert, "It goes on.")
    waiting = queries.results(alert).waiting
    points = [f"{_upper(wording.people(waiting))} are still to get it."] if waiting else []
    return _ask(request, alert, f"Go on sending “{alert}”?", "Go on", points)


@require_http_methods(BOTH)
@needs("alerts.write")
def recall(request: StaffRequest, ref: str) -> HttpResponse:
    alert = queries.alert_for(request.user, ref)
    if request.method == "POST":
        stopped = actions.recall(alert=alert, by=request.user)
        return _done(request, alert, f"Stopped. {_upper(wording.people(stopped))} will not get it.")
    points = [
        "Whoever has it already keeps it: a message cannot be called back.",
        "Its public page says that it was recalled.",
        "It cannot be started again. To say what was wrong, write a correction.",
    ]
    return _ask(request, alert, f"Stop the rest of “{alert}”?", "Stop the rest of this alert", points, kind="warning")


@require_http_methods(BOTH)
@needs("alerts.withdraw")
def withdraw(request: StaffRequest, ref: str) -> HttpResponse:
    alert = queries.alert_for(request.user, ref)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        actions.withdraw(alert=alert, reason=form.cleaned_data["reason"], by=request.user)
        return _done(request, alert, "Withdrawn. It is gone from pages and feeds within a minute.")
    points = [
        "Its text leaves the website, the feeds and search within a minute.",
        "Your reason stands in its place.",
        "What has not been sent yet is stopped.",
        "It cannot be brought back.",
    ]
    return _ask(request, alert, f"Withdraw “{alert}”?", "Withdraw this alert", points, kind="warning", form=form)


@require_http_methods(BOTH)
@needs("alerts.write")
def follow_up(request: StaffRequest, ref: str) -> HttpResponse:
    """An update or a correction: a new draft for exactly those who got the first."""
    alert = queries.alert_for(request.user, ref)
    relation = request.POST.get("relation") or request.GET.get("relation", "update")
    if relation not in (Alert.Relation.UPDATE, Alert.Relation.CORRECTION):
        raise NotNow
    if request.method == "POST":
        draft = actions.follow_up(alert=alert, relation=relation, by=request.user)
        return redirect("alerts_staff:edit", draft.ref)
    word = "an update to" if relation == Alert.Relation.UPDATE else "a correction of"
    points = [
        "It goes to exactly the people who got the first alert.",
        "Both stand on one page, each linked to the other.",
    ]
    return _ask(request, alert, f"Write {word} “{alert}”?", "Start writing", points, hidden={"relation": relation})


@require_http_methods(BOTH)
@needs("alerts.write")
def outcome(request: StaffRequest, ref: str) -> HttpResponse:
    alert = queries.alert_for(request.user, ref)
    form = OutcomeForm(request.POST or None, initial={"outcome": alert.outcome})
    if request.method == "POST" and form.is_valid():
        actions.set_outcome(alert=alert, outcome=form.cleaned_data["outcome"], by=request.user)
        return _done(request, alert, "Saved. The public page says so at once.")
    return _ask(request, alert, f"What came of “{alert}”", "Save", [], form=form)


@require_http_methods(BOTH)
@needs("alerts.write")
def end_date(request: StaffRequest, ref: str) -> HttpResponse:
    alert = queries.alert_for(request.user, ref)
    form = EndDateForm(request.POST or None, initial={"ends_on": alert.ends_on})
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_end_date(alert=alert, ends_on=form.cleaned_data["ends_on"], by=request.user)
        except NotNow:
            raise
        except RuleBroken as refused:
            form.add_error("ends_on", str(refused))
        else:
            return _done(request, alert, "Saved.")
    points = ["After that day the page shows only what came of it, and search engines forget it."]
    return _ask(request, alert, f"How long to show “{alert}”", "Save", points, form=form)


def _done(request: StaffRequest, alert: Alert, sentence: str) -> HttpResponse:
    messages.success(request, sentence)
    return redirect("alerts_staff:detail", alert.ref)


def _upper(words: str) -> str:
    return words[:1].upper() + words[1:]


def _ask(
    request: StaffRequest,
    alert: Alert,
    sentence: str,
    button: str,
    points: list[str],
    *,
    kind: str = "",
    form: Form | None = None,
    hidden: dict[str, str] | None = None,
) -> HttpResponse:
    context = {
        "alert": alert, "sentence": sentence, "button": button, "points": points, "kind": kind, "form": form,
        "hidden": hidden,
    }  # fmt: skip
    return render(request, "alerts/staff/confirm.html", context)
