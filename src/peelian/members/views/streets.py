"""The streets to visit: today's round, one street with its doors, adding one."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from peelian.accounts.door import StaffRequest, needs
from peelian.core import clock, wording
from peelian.core.errors import NotFound
from peelian.members import actions, doorstep, queries_doorstep
from peelian.members.errors import StreetListed
from peelian.members.forms_doorstep import KnockForm, StreetForm
from peelian.members.models import Street
from peelian.members.views.posted import posted


@require_safe
@needs("doorstep.work")
def streets(request: StaffRequest) -> HttpResponse:
    """Today's round: of one team, or of all that the person works for."""
    teams = list(queries_doorstep.teams_for(request.user).order_by("name"))
    asked = request.GET.get("team", "")
    own = request.user.teams.order_by("name").first()
    team = next((one for one in teams if one.slug == asked), None if asked == "all" else own or None)
    context = {"round": queries_doorstep.round_for(request.user, team), "team": team, "teams": teams}
    return render(request, "members/doorstep/streets.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("doorstep.work")
def add(request: StaffRequest) -> HttpResponse:
    form = StreetForm(request.user, posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.add_street(**form.cleaned_data, by=request.user)
        except StreetListed as problem:
            form.add_error("name", str(problem))
        else:
            messages.success(request, f"{made.name} is on the list.")
            return redirect("members_staff:streets")
    return render(request, "members/doorstep/street_add.html", {"form": form})


@require_safe
@needs("doorstep.work")
def street(request: StaffRequest, pk: int) -> HttpResponse:
    found = queries_doorstep.street_for(request.user, pk)
    number = request.GET.get("door", "")[:12]
    return _street(request, found, KnockForm(initial={"number": number}))


@require_POST
@needs("doorstep.work")
def knock(request: StaffRequest, pk: int) -> HttpResponse:
    """A door's number and the button that says what came of it."""
    found = queries_doorstep.street_for(request.user, pk)
    form = KnockForm(request.POST)
    if not form.is_valid():
        return _street(request, found, form)
    door = actions.knock(street=found, by=request.user, **form.cleaned_data)
    said = f"{door.number}: {door.get_outcome_display().lower()}."
    if door.hidden_until:
        said = f"{door.number}: no answer. It comes back {_hour(door.hidden_until)}."
    messages.success(request, said)
    return redirect("members_staff:street", pk)


def _hour(moment: datetime) -> str:
    """`at 6pm`, or `tomorrow at 9am`."""
    local = moment.astimezone(clock.LONDON)
    day = "at" if local.date() == clock.today() else "tomorrow at"
    return f"{day} {wording.uk_time(moment)}"


@require_POST
@needs("doorstep.work")
def forget(request: StaffRequest, pk: int, door: int) -> HttpResponse:
    found = queries_doorstep.street_for(request.user, pk).doors.filter(pk=door).first()
    if found is None:
        raise NotFound
    actions.forget_note(door=found, by=request.user)
    return redirect("members_staff:street", pk)


@require_POST
@needs("doorstep.work")
def later(request: StaffRequest, pk: int) -> HttpResponse:
    left = actions.leave_for_now(street=queries_doorstep.street_for(request.user, pk), by=request.user)
    assert left.hidden_until is not None
    messages.success(request, f"{left.name} comes back {_hour(left.hidden_until)}.")
    return redirect("members_staff:streets")


@require_POST
@needs("doorstep.work")
def finish(request: StaffRequest, pk: int) -> HttpResponse:
    found = queries_doorstep.street_for(request.user, pk)
    actions.finish_street(street=found, by=request.user)
    messages.success(request, f"{found.name} is finished.")
    return redirect("members_staff:streets")


@require_POST
@needs("doorstep.work")
def again(request: StaffRequest, pk: int) -> HttpResponse:
    found = queries_doorstep.street_for(request.user, pk)
    actions.take_up_again(street=found, by=request.user)
    return redirect("members_staff:street", found.pk)


def _street(request: StaffRequest, found: Street, form: KnockForm) -> HttpResponse:
    context = {
        "street": found,
        "form": form,
        "doors": queries_doorstep.doors_of(found),
        "counts": queries_doorstep.counts_today(found),
        "days": doorstep.NOTES_KEPT.days,
    }
    return render(request, "members/doorstep/street.html", context)
