"""Staff pages of the street's log: three taps on a phone, then, for who wants to, what people said."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from peelian.accounts.door import StaffRequest, needs
from peelian.accounts.models import Team
from peelian.core import keyset
from peelian.core.errors import RuleBroken
from peelian.events import actions
from peelian.events.forms.street import SaidForm, TalksForm, TapForm
from peelian.events.queries import street as queries

GET_OR_POST = ["GET", "HEAD", "POST"]


@require_http_methods(GET_OR_POST)
@needs("engagement.log")
def log(request: StaffRequest) -> HttpResponse:
    teams = queries.teams_of(request.user)
    team = _team(request, teams)
    if team is None:
        return render(request, "events/street/no_team.html")
    last = queries.last_of(request.user)
    form = TapForm(team, last, request.POST if request.method == "POST" else None)
    if form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("kind", "size")}
        try:
            made = actions.log_contact(by=request.user, team=team, **given, **form.where())
        except RuleBroken as problem:
            form.add_error("place", str(problem))
        else:
            return redirect("events_staff:street_logged", made.pk)
    context = {"form": form, "team": team, "teams": teams, "today": queries.today(request.user)}
    return render(request, "events/street/log.html", context)


def _team(request: StaffRequest, teams: list[Team]) -> Team | None:
    """The one asked for, else that of the last talk, else the first."""
    asked = request.POST.get("team") or request.GET.get("team")
    last = queries.last_of(request.user)
    wanted = asked or (last.team.slug if last else "")
    return next((team for team in teams if team.slug == wanted), teams[0] if teams else None)


@require_http_methods(GET_OR_POST)
@needs("engagement.log")
def logged(request: StaffRequest, pk: int) -> HttpResponse:
    """It is kept. What they said, and how the place is called, while it can be mended."""
    contact = queries.own_contact(request.user, pk)
    may_mend = contact.may_be_mended_by(request.user)
    form = SaidForm(contact, request.POST if request.method == "POST" else None)
    if form.is_valid():
        actions.mend_contact(contact=contact, by=request.user, **form.cleaned_data)
        messages.success(request, "We have kept what they said.")
        return redirect("events_staff:street")
    context = {"contact": contact, "form": form, "may_mend": may_mend, "today": queries.today(request.user)}
    return render(request, "events/street/logged.html", context)


@require_POST
@needs("engagement.log")
def remove(request: StaffRequest, pk: int) -> HttpResponse:
    actions.remove_contact(contact=queries.own_contact(request.user, pk), by=request.user)
    messages.success(request, "It is taken away.")
    return redirect("events_staff:street")


@require_safe
@needs("engagement.log")
def listed(request: StaffRequest) -> HttpResponse:
    form = TalksForm(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    rows = queries.contacts_for(request.user)
    if words := wanted.get("q", "").strip():
        rows = rows.filter(said__icontains=words)
    if wanted.get("mine"):
        rows = rows.filter(staff=request.user)
    page = keyset.page(rows, "at", request.GET.get("page", ""))
    kept = {name: value for name, value in request.GET.items() if name in ("q", "mine") and value}
    for one in page.rows:
        one.mendable = one.may_be_mended_by(request.user)  # type: ignore[attr-defined]
    context = {
        "rows": page.rows,
        "filter": form,
        "clear_url": request.path if kept else "",
        **page.links(kept),
    }
    return render(request, "events/street/list.html", context)
