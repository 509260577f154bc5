"""The teams, for administrators."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from peelian.accounts import actions, queries
from peelian.accounts.door import StaffRequest, needs
from peelian.accounts.forms import TeamForm
from peelian.accounts.models import Team
from peelian.accounts.views.photos import photo_of
from peelian.accounts.views.staff import ask_then_do, neighbours
from peelian.core.keyset import ROWS

FIELDS = ("name", "organisation", "public_email", "public_phone", "about", "social")


@require_safe
@needs("accounts.manage")
def listed(request: StaffRequest) -> HttpResponse:
    teams = queries.teams_in_scope(request.user).select_related("organisation").prefetch_related("areas", "people")
    page = Paginator(teams.order_by("name", "pk"), ROWS).get_page(request.GET.get("page"))
    return render(request, "accounts/team_list.html", {"rows": page.object_list} | neighbours(request, page))


@ask_then_do
@needs("accounts.manage")
def add(request: StaffRequest) -> HttpResponse:
    return _edit(request, None)


@ask_then_do
@needs("accounts.manage")
def edit(request: StaffRequest, slug: str) -> HttpResponse:
    return _edit(request, queries.team_for(request.user, slug))


def _edit(request: StaffRequest, team: Team | None) -> HttpResponse:
    now = {}
    if team:
        now = {name: getattr(team, name) for name in FIELDS}
        now |= {"areas": team.areas.all(), "people": team.people.all()}
    form = TeamForm(request.user, request.POST or None, initial=now)
    if request.method == "POST" and form.is_valid():
        actions.save_team(team=team, by=request.user, **form.cleaned_data)
        messages.success(request, "Saved.")
        return redirect("accounts_staff:teams")
    said = {"form": form, "team": team, "heading": team.name if team else "Add a team"}
    return render(request, "accounts/team_edit.html", said)


@ask_then_do
@needs("accounts.manage")
def photo(request: StaffRequest, slug: str) -> HttpResponse:
    team = queries.team_for(request.user, slug)
    return photo_of(request, team, reverse("accounts_staff:team_edit", args=[team.slug]), team.name)
