"""Requests by right and legal holds, for administrators. A person is found by an address of theirs in full, never in a
list; each look and each act is in the audit trail."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from peelian.accounts.door import StaffRequest, needs
from peelian.contacts.queries import masked
from peelian.core.errors import RuleBroken
from peelian.members import rights
from peelian.members.actions import rights as actions
from peelian.members.errors import NobodyFound, OnHold
from peelian.members.forms_rights import (
    CloseForm,
    CorrectForm,
    ExtendForm,
    FindForm,
    HoldForm,
    IdentityForm,
    RequestForm,
    ReviewForm,
    ToldForm,
)
from peelian.members.models import Member, RightsRequest
from peelian.members.views.data import as_file
from peelian.members.views.posted import posted

PERMISSION = "rights.manage"
GET_OR_POST = ["GET", "HEAD", "POST"]


@require_safe
@needs(PERMISSION)
def request_list(request: StaffRequest) -> HttpResponse:
    """What is not settled, overdue first, and what was."""
    waiting = [(one, rights.is_overdue(one)) for one in rights.open_requests(request.user)]
    closed = rights.closed_requests(request.user, request.GET.get("page", ""))
    context = {
        "waiting": waiting,
        "closed": closed.rows,
        "previous_url": f"?page={closed.previous}" if closed.previous else "",
        "next_url": f"?page={closed.next}" if closed.next else "",
    }
    return render(request, "members/staff/rights/list.html", context)


@require_http_methods(GET_OR_POST)
@needs(PERMISSION)
def open_request(request: StaffRequest) -> HttpResponse:
    form = RequestForm(posted(request))
    if form.is_valid():
        given = form.cleaned_data
        member, found = _find(request, form, because=given["kind"])
        if member is None and not found and given["nothing_held"]:
            form.errors.pop("contact", None)
        if not form.errors:
            keys = ("kind", "asked_by", "how", "received_on", "identity_check")
            made = actions.open_request(member=member, by=request.user, **{name: given[name] for name in keys})
            messages.success(request, "The request is recorded. Its due date is below.")
            return redirect("members_staff:rights_request", made.pk)
    return render(request, "members/staff/rights/open.html", {"form": form})


def _find(request: StaffRequest, form: FindForm, *, because: str) -> tuple[Member | None, int]:
    """Who uses the address that was typed, and how many do. Where it is a household, the form asks who of them."""
    found = rights.found_by(request.user, form.cleaned_data["contact"])
    ids = [each.pk for each in found]
    actions.note_look(by=request.user, because=because, found=len(found), member_ids=ids)
    if not found:
        form.add_error("contact", str(NobodyFound()))
        return None, 0
    form.offer(found)
    chosen = request.POST.get("member", "")
    if len(found) > 1 and chosen not in map(str, ids):
        form.add_error("member", "More than one person uses that address. Choose who it is.")
        return None, len(found)
    return next(each for each in found if len(found) == 1 or str(each.pk) == chosen), len(found)


@never_cache
@require_safe
@needs(PERMISSION)
def one_request(request: StaffRequest, pk: int) -> HttpResponse:
    return _page(request, pk)


def _page(request: StaffRequest, pk: int, **forms: Form) -> HttpResponse:
    found = rights.request_for(request.user, pk)
    actions.note_opened(request=found, by=request.user)
    context = {
        "request_": found,
        "overdue": rights.is_overdue(found),
        "contacts": _contacts(found),
        "holds": list(found.member.legal_holds.filter(ended_on=None)) if found.member else [],
        "identity_form": forms.get("identity") or IdentityForm(),
        "extend_form": forms.get("extend") or ExtendForm(),
        "told_form": forms.get("told") or ToldForm(),
        "close_form": forms.get("close") or CloseForm(),
        "form": next(iter(forms.values()), None),
    }
    return render(request, "members/staff/rights/request.html", context)


def _contacts(found: RightsRequest) -> list[str]:
    """How the person is reached, as much of it as tells that it is them."""
    points = [found.member.email, found.member.mobile, found.member.landline] if found.member else []
    return [masked(each) for each in points if each]


def _step(request: StaffRequest, pk: int, act: Callable[..., object], said: str, **forms: Form) -> HttpResponse:
    """One form of the page of a request: done and said, or the page again with what is wrong."""
    found, (form,) = rights.request_for(request.user, pk), forms.values()
    if not form.is_valid():
        return _page(request, pk, **forms)
    act(request=found, by=request.user, **form.cleaned_data)
    messages.success(request, said)
    return redirect("members_staff:rights_request", pk)


@require_POST
@needs(PERMISSION)
def identity(request: StaffRequest, pk: int) -> HttpResponse:
    return _step(request, pk, actions.note_identity, "How we know is recorded.", identity=IdentityForm(request.POST))


@require_POST
@needs(PERMISSION)
def extend(request: StaffRequest, pk: int) -> HttpResponse:
    said = "Two months more. Tell the person why."
    return _step(request, pk, actions.extend, said, extend=ExtendForm(request.POST))


@require_POST
@needs(PERMISSION)
def close(request: StaffRequest, pk: int) -> HttpResponse:
    done = _step(request, pk, actions.close_request, "The request is closed.", close=CloseForm(request.POST))
    return redirect("members_staff:rights") if done.status_code == 302 else done


@require_POST
@needs(PERMISSION)
def copy(request: StaffRequest, pk: int) -> HttpResponse:
    found = rights.request_for(request.user, pk)
    made = actions.copy_for(request=found, by=request.user)
    return as_file(made, "json" if request.POST.get("form") == "json" else "html")


@require_http_methods(GET_OR_POST)
@needs(PERMISSION)
def correct(request: StaffRequest, pk: int) -> HttpResponse:
    found = rights.request_for(request.user, pk)
    form = CorrectForm(posted(request))
    if form.is_valid():
        try:
            actions.correct(request=found, changes=form.changes(), by=request.user)
        except RuleBroken as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, "Put right.")
            return redirect("members_staff:rights_request", pk)
    return render(request, "members/staff/rights/correct.html", {"form": form, "request_": found})


@require_http_methods(GET_OR_POST)
@needs(PERMISSION)
def erase(request: StaffRequest, pk: int) -> HttpResponse:
    found = rights.request_for(request.user, pk)
    if request.method == "POST":
        actions.erase_now(request=found, by=request.user)
        messages.success(request, "Erased. What stays is the ward, when they joined and when they left.")
        return redirect("members_staff:rights_request", pk)
    if found.member and found.member.legal_hold:
        raise OnHold
    actions.note_opened(request=found, by=request.user)
    return render(request, "members/staff/rights/erase.html", {"request_": found, "contacts": _contacts(found)})


@require_POST
@needs(PERMISSION)
def restrict(request: StaffRequest, pk: int) -> HttpResponse:
    found = rights.request_for(request.user, pk)
    if found.member and found.member.restricted_at:
        return _step(request, pk, actions.unrestrict, "Their data is used again.", told=ToldForm(request.POST))
    actions.restrict(request=found, by=request.user)
    messages.success(request, "Their data is kept and not used.")
    return redirect("members_staff:rights_request", pk)


# Legal holds ---------------------------------------------------------------------------------------------------------


@require_safe
@needs(PERMISSION)
def holds(request: StaffRequest) -> HttpResponse:
    return render(request, "members/staff/rights/holds.html", {"holds": rights.standing_holds(request.user)})


@require_http_methods(GET_OR_POST)
@needs(PERMISSION)
def begin_hold(request: StaffRequest) -> HttpResponse:
    form = HoldForm(posted(request))
    if form.is_valid():
        given = form.cleaned_data
        member, _ = _find(request, form, because="legal-hold")
        if member is not None:
            actions.begin_hold(member=member, reason=given["reason"], review_on=given["review_on"], by=request.user)
            messages.success(request, "The hold stands. Nothing of theirs is erased until it ends.")
            return redirect("members_staff:holds")
    return render(request, "members/staff/rights/hold_begin.html", {"form": form})


@require_http_methods(GET_OR_POST)
@needs(PERMISSION)
def review_hold(request: StaffRequest, pk: int) -> HttpResponse:
    hold, form = rights.hold_for(request.user, pk), ReviewForm(posted(request))
    if form.is_valid():
        actions.review_hold(hold=hold, by=request.user, **form.cleaned_data)
        messages.success(request, "The hold stands until then.")
        return redirect("members_staff:holds")
    return render(request, "members/staff/rights/hold_review.html", {"form": form, "hold": hold})


@require_http_methods(GET_OR_POST)
@needs(PERMISSION)
def end_hold(request: StaffRequest, pk: int) -> HttpResponse:
    hold = rights.hold_for(request.user, pk)
    if request.method == "POST":
        actions.end_hold(hold=hold, by=request.user)
        messages.success(request, "The hold has ended. What should have been erased goes tonight.")
        return redirect("members_staff:holds")
    return render(request, "members/staff/rights/hold_end.html", {"hold": hold})
