"""The lists of priorities, one for each sector, and agreeing them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from peelian.accounts.door import StaffRequest, needs
from peelian.core import clock, keyset
from peelian.core.errors import RuleBroken
from peelian.priorities import actions, queries
from peelian.priorities.actions.lists import plan
from peelian.priorities.errors import NoSuchList, SectorGone
from peelian.priorities.forms.lists import AgreeForm, PriorityForm, SectorForm
from peelian.priorities.models import Cycle, Issue
from peelian.priorities.views.shared import GET_OR_POST, posted

MOST_LISTED = 300
CYCLES = 6  # a quarter of a year at a time


@require_safe
@needs("priorities.read")
def lists(request: StaffRequest) -> HttpResponse:
    """Every list the person reads; whoever reads one alone is led to it."""
    found = queries.lists_for(request.user)
    if len(found) == 1 and "all" not in request.GET:
        return redirect("priorities_staff:list", found[0].sector.pk)
    return render(request, "priorities/staff/lists.html", {"lists": found[:MOST_LISTED], "number": len(found)})


@require_safe
@needs("priorities.read")
def one_list(request: StaffRequest, pk: int) -> HttpResponse:
    found = queries.list_for(request.user, pk)
    cycles = keyset.page(queries.agreed_cycles(found.sector), "last_at", request.GET.get("page", ""), size=CYCLES)
    context = {
        "list": found,
        "listed": [one for one in found.priorities if one.rank],
        "proposed": [one for one in found.priorities if not one.rank],
        "closed": queries.closed_priorities(found.sector),
        "cycles": cycles.rows,
        **{name: url and f"{url}#decided" for name, url in cycles.links({}).items()},
        "cycle_begins": queries.next_cycle_begins(found.sector, clock.today()),
        "may_write": request.user.may("priorities.write"),
    }
    return render(request, "priorities/staff/list.html", context)


@require_http_methods(GET_OR_POST)
@needs("priorities.agree")
def agree(request: StaffRequest, pk: int) -> HttpResponse:
    """First what becomes of each and why; then the list as it will be, and the button that agrees it."""
    found = queries.list_for(request.user, pk)
    if not found.may_agree:
        raise NoSuchList
    if found.gone:
        raise SectorGone
    is_first = not Cycle.objects.filter(sector=found.sector).exists()
    form = AgreeForm(found.priorities, is_first, posted(request))
    context: dict[str, Any] = {
        "list": found,
        "form": form,
        "is_first": is_first,
        "seen": queries.fingerprint(found.priorities),
    }
    if not form.is_valid():
        return render(request, "priorities/staff/agree.html", context)
    if "agree" not in request.POST:
        context |= {"planned": plan(found.priorities, form.choices), "begins": _begins(found.sector, form)}
        return render(request, "priorities/staff/agree_check.html", context)
    actions.agree_list(
        sector=found.sector,
        choices=form.choices,
        seen=request.POST.get("seen", ""),
        by=request.user,
        starts=form.cleaned_data.get("starts"),
    )
    messages.success(request, f"The list of {found.sector} is agreed.")
    return redirect("priorities_staff:list", found.sector.pk)


def _begins(sector: Any, form: AgreeForm) -> Any:
    return queries.next_cycle_begins(sector, clock.today()) or form.cleaned_data.get("starts")


@require_http_methods(GET_OR_POST)
@needs("priorities.write")
def priority_new(request: StaffRequest) -> HttpResponse:
    """Propose a priority for a sector's list, from an issue (`issue`) or by itself."""
    sectors = queries.sectors_for(request.user).filter(valid_to=None)
    issue = _issue(request)
    asked = request.GET.get("sector", "")
    on = queries.list_of(issue.area) if issue else None
    sector = sectors.filter(pk=on.pk).first() if on else None
    if asked:
        sector = sectors.filter(code=asked).first()
    if sector is None and sectors.count() == 1:
        sector = sectors.first()
    if sector is None:
        which = SectorForm(request.user, request.GET if asked else None)
        return render(request, "priorities/staff/sector.html", {"form": which, "issue": issue})
    begun = {"title": issue.words[:120], "source": "community", "issues": [issue.ref]} if issue else {}
    form = PriorityForm(request.user, sector, None, posted(request), initial=begun)
    if form.is_valid():
        made = actions.propose_priority(sector=sector, by=request.user, **_fields(form))
        messages.success(request, "Proposed. It comes onto the list when that is agreed.")
        return redirect(made)
    return render(request, "priorities/staff/priority_form.html", {"form": form, "sector": sector, "priority": None})


def _issue(request: StaffRequest) -> Issue | None:
    ref = request.GET.get("issue", "")
    return queries.issue_for(request.user, ref) if ref else None


def _fields(form: PriorityForm) -> dict[str, Any]:
    said = form.cleaned_data
    fields = {name: said[name].strip() for name in ("title", "evidence", "doing")}
    return {**fields, "source": said["source"], "public": said["public"], "issues": list(said["issues"])}


@require_safe
@needs("priorities.read")
def priority(request: StaffRequest, ref: str) -> HttpResponse:
    found = queries.priority_for(request.user, ref)
    agrees = queries.may_agree(request.user, found.sector)
    context = {
        "priority": found,
        "issues": found.issues.select_related("area").order_by("-made_at"),
        "promises": queries.promises_of_priority(found),
        "profile": getattr(found, "profile", None),
        "decisions": found.decisions.select_related("by", "cycle"),
        "may_change": (found.state == "proposed" and request.user.may("priorities.write"))
        or (found.state == "listed" and agrees),
        "may_move": found.sector.valid_to and found.state != "closed" and request.user.may("priorities.write"),
        "may_write": request.user.may("priorities.write"),
    }
    return render(request, "priorities/staff/priority.html", context)


@require_http_methods(GET_OR_POST)
@needs("priorities.write")
def priority_edit(request: StaffRequest, ref: str) -> HttpResponse:
    found = queries.priority_for(request.user, ref)
    form = PriorityForm(request.user, found.sector, found, posted(request))
    if form.is_valid():
        try:
            return redirect(actions.change_priority(priority=found, by=request.user, **_fields(form)))
        except RuleBroken as problem:
            form.add_error("title", str(problem))
    context = {"form": form, "sector": found.sector, "priority": found}
    return render(request, "priorities/staff/priority_form.html", context)


@require_http_methods(GET_OR_POST)
@needs("priorities.write")
def priority_move(request: StaffRequest, ref: str) -> HttpResponse:
    """To another list: for the priorities of a sector that ended."""
    found = queries.priority_for(request.user, ref)
    form = SectorForm(request.user, posted(request))
    if form.is_valid():
        moved = actions.move_priority(priority=found, to=form.cleaned_data["sector"], by=request.user)
        messages.success(request, f"Proposed for the list of {moved.sector}.")
        return redirect(moved)
    return render(request, "priorities/staff/priority_move.html", {"form": form, "priority": found})
