"""The list of alerts, and the beginning of a new one."""

from __future__ import annotations

from urllib.parse import urlencode

from django.db.models import Avg, Count
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from peelian.accounts.door import StaffRequest, needs
from peelian.accounts.queries import teams_to_write_for
from peelian.alerts import actions, queries, translated
from peelian.alerts.forms.staff import AlertFilter, BeginForm, NewAlertForm
from peelian.alerts.views.staff_results import state_said
from peelian.core import keyset
from peelian.core.errors import RuleBroken


class NoTeam(RuleBroken):
    """You are in no team, and every alert comes from one. An administrator can add you to yours."""


@require_safe
@needs("alerts.read")
def alert_list(request: StaffRequest) -> HttpResponse:
    form = AlertFilter(request.user, request.GET)
    form.is_valid()
    wanted = {name: form.cleaned_data.get(name) for name in ("q", "state", "team")}
    found = queries.alerts_for(request.user, state=wanted["state"] or "", team=wanted["team"], q=wanted["q"] or "")
    rated = found.annotate(rating_mean=Avg("ratings__value"), rating_base=Count("ratings"))
    page = keyset.page(rated, "saved_at", request.GET.get("page", ""))
    kept = {name: getattr(value, "slug", value) for name, value in wanted.items() if value}
    resting = queries.resting(page.rows)
    waiting = list(queries.waiting_for(request.user)[:10])
    context = {
        "filter": form,
        "alerts": [(alert, state_said(resting.get(alert.pk))) for alert in page.rows],
        "narrowed": bool(kept),
        "clear_url": request.path if kept else "",
        "waiting": waiting,
        "may_write": request.user.may("alerts.write"),
        "to_read": translated.to_review(request.user).count() if request.user.may("translations.review") else 0,
        "may_keep": request.user.may("alerts.keep"),
        "previous_url": f"?{urlencode(kept | {'page': page.previous})}" if page.previous else "",
        "next_url": f"?{urlencode(kept | {'page': page.next})}" if page.next else "",
    }
    return render(request, "alerts/staff/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("alerts.write")
def new(request: StaffRequest) -> HttpResponse:
    """Whoever is in one team begins to write at once; others say first for which. `template`, `practice` and `day`
    come along from the pages that lead here."""
    teams = teams_to_write_for(request.user).order_by("name")
    count = teams.count()
    if not count:
        raise NoTeam
    given = request.POST if request.method == "POST" else request.GET
    begin = BeginForm(given)
    begin.is_valid()
    is_answered = request.method == "POST" and ("team" in request.POST or not any(begin.chosen.values()))
    form = NewAlertForm(teams, request.POST if is_answered else None)
    is_decided = count == 1 or (form.is_bound and form.is_valid())
    if request.method == "POST" and is_decided:
        team = teams[0] if count == 1 else form.cleaned_data["team"]
        alert = actions.create_draft(team=team, by=request.user, **begin.chosen)
        return redirect("alerts_staff:edit", alert.ref)
    context = {"form": form, "teams": teams, "several": count > 1, "begin": begin, "practice": begin.chosen["practice"]}
    return render(request, "alerts/staff/new.html", context)
