"""Promises, for staff."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from peelian.accounts.door import StaffRequest, needs
from peelian.core import files
from peelian.core.errors import NotFound, RuleBroken
from peelian.priorities import actions, errors, queries
from peelian.priorities.forms.promises import ChangeForm, PromiseFilter, PromiseForm
from peelian.priorities.models import Issue, Promise, PromiseChange
from peelian.priorities.views.shared import GET_OR_POST, given, listed, posted


@require_safe
@needs("priorities.read")
def promise_list(request: StaffRequest) -> HttpResponse:
    staff = request.user
    form = PromiseFilter(staff, request.GET)
    kept = given(form)
    wanted = form.cleaned_data
    rows = queries.promises_for(
        staff, show=wanted.get("show") or "open", area=wanted.get("area"), mine=bool(wanted.get("mine"))
    )
    context = {
        "filter": form,
        "may_write": staff.may("priorities.write"),
        "to_publish": queries.changes_to_publish(staff)[:10] if staff.may("promises.publish") else [],
    }
    return render(request, "priorities/staff/promises.html", context | listed(request, rows, "changed_at", kept))


@require_http_methods(GET_OR_POST)
@needs("priorities.write")
def promise_new(request: StaffRequest) -> HttpResponse:
    """A promise, by itself, of an issue (`issue`) or for a priority (`priority`)."""
    linked, begun = _begin(request)
    form = PromiseForm(request.user, linked, posted(request), initial=begun, promise=None)
    if form.is_valid():
        try:
            made = actions.make_promise(by=request.user, **form.told)
        except RuleBroken as problem:
            form.add_error("area", str(problem))
        else:
            return redirect("priorities_staff:promise_publish", made.ref)
    return render(request, "priorities/staff/promise_form.html", {"form": form, "promise": None})


def _begin(request: StaffRequest) -> tuple[list[Issue], dict[str, Any]]:
    linked: list[Issue] = []
    begun: dict[str, Any] = {}
    if ref := request.GET.get("issue", ""):
        issue = queries.issue_for(request.user, ref)
        linked = [issue]
        labels = list(dict.fromkeys(one.label for one in queries.reports_of(issue)))
        channel = ", ".join(labels)[:80]
        begun = {"said": issue.words, "area": issue.area.code, "channel": channel, "issues": [issue.ref]}
    if ref := request.GET.get("priority", ""):
        priority = queries.priority_for(request.user, ref)
        linked = linked or list(priority.issues.select_related("area"))
        begun |= {"priority": priority.ref, "issues": [one.ref for one in linked]}
        # the sector may lie above whoever works in one of its wards: then where it was raised
        areas = [priority.sector, *(one.area for one in linked)]
        begun.setdefault("area", next((one.code for one in areas if queries.areas_of(request.user).contains(one)), ""))
    return linked, begun


@require_safe
@needs("priorities.read")
def promise(request: StaffRequest, ref: str) -> HttpResponse:
    found = queries.promise_for(request.user, ref)
    waiting = queries.waiting_change(found)
    may_write = request.user.may("priorities.write")
    context = {
        "promise": found,
        "changes": queries.changes_of(found, public=True),
        "waiting": waiting,
        "issues": found.issues.select_related("area"),
        "told": queries.audience_of(found).count(),
        "may_write": may_write and waiting is None and found.is_public,
        "may_edit": may_write and not found.is_public,
        "may_publish": request.user.may("promises.publish"),
        "may_draft": request.user.may("alerts.write") and found.is_public,
    }
    return render(request, "priorities/staff/promise.html", context)


@require_http_methods(GET_OR_POST)
@needs("priorities.write")
def promise_edit(request: StaffRequest, ref: str) -> HttpResponse:
    found = queries.promise_for(request.user, ref)
    form = PromiseForm(request.user, list(found.issues.all()), posted(request), promise=found)
    if form.is_valid():
        try:
            actions.change_draft(promise=found, by=request.user, **form.told)
        except RuleBroken as problem:
            form.add_error("said", str(problem))
        else:
            return redirect("priorities_staff:promise_publish", found.ref)
    return render(request, "priorities/staff/promise_form.html", {"form": form, "promise": found})


@require_http_methods(GET_OR_POST)
@needs("priorities.write")
def promise_change(request: StaffRequest, ref: str) -> HttpResponse:
    """Say what became of it; the next page shows it as residents will read it, and how many are told."""
    found = queries.promise_for(request.user, ref)
    form = ChangeForm(found, posted(request), request.FILES if request.method == "POST" else None)
    if form.is_valid():
        said = form.cleaned_data
        photo = said["photo"].read() if said["photo"] else b""
        paper = _paper(said)
        try:
            actions.write_change(
                promise=found,
                what=said["what"],
                text=said["text"].strip(),
                due_on=said["due_on"],
                photo=photo,
                alt=said["alt"],
                paper=paper,
                by=request.user,
            )
        except (errors.NotAPaper, errors.NoTitle, errors.VirusFound) as problem:
            form.add_error("paper", str(problem))
        except (errors.NotAPicture, errors.NoAlt) as problem:
            form.add_error("photo", str(problem))
        except RuleBroken as problem:
            form.add_error("photo" if photo else "paper" if paper else "text", str(problem))
        else:
            return redirect("priorities_staff:promise_publish", found.ref)
    return render(request, "priorities/staff/promise_change.html", {"form": form, "promise": found})


def _paper(said: dict[str, Any]) -> actions.Paper | None:
    if not said["paper"]:
        return None
    return actions.Paper(said["paper"].read(), said["title"], said["paper_public"])


@require_http_methods(GET_OR_POST)
@needs("priorities.write")
def promise_publish(request: StaffRequest, ref: str) -> HttpResponse:
    """What waits, as residents will read it, and how many are told. Who may publish has the button; for others it is
    said that somebody will."""
    found = queries.promise_for(request.user, ref)
    waiting = queries.waiting_change(found)
    may_publish = request.user.may("promises.publish")
    if waiting is None:
        return redirect("priorities_staff:promise", found.ref)
    if request.method == "POST":
        if not may_publish:
            raise NotFound
        actions.publish_change(change=_seen(request, waiting), by=request.user)
        messages.success(request, "Published. Whoever raised it is told now, or when quiet hours are over.")
        return redirect("priorities_staff:promise", found.ref)
    context = {
        "promise": found,
        "change": waiting,
        "told": queries.audience_of(found).count(),
        "may_publish": may_publish,
    }
    return render(request, "priorities/staff/promise_publish.html", context)


def _seen(request: StaffRequest, waiting: PromiseChange) -> PromiseChange:
    """What the person had before them; where that is gone or was written anew, its publishing says so."""
    return (
        waiting
        if request.POST.get("change", "") == waiting.seen
        else PromiseChange(pk=0, promise_id=waiting.promise_id)
    )


@require_http_methods(GET_OR_POST)
@needs("priorities.write")
def promise_discard(request: StaffRequest, ref: str) -> HttpResponse:
    found = queries.promise_for(request.user, ref)
    waiting = queries.waiting_change(found)
    if waiting is None:
        raise NotFound
    if request.method != "POST":
        what = "promise" if waiting.what == PromiseChange.What.PROMISED else "change to the promise"
        points = ["Nobody has read it.", "It cannot be brought back."]
        context: dict[str, Any] = {"promise": found, "points": points, "kind": "warning"}
        context |= {"sentence": f"Throw this {what} away?", "button": "Throw it away"}
        return render(request, "priorities/staff/confirm.html", context)
    actions.discard_change(change=waiting, by=request.user)
    messages.success(request, "Thrown away. Nobody has read it.")
    if not Promise.objects.filter(pk=found.pk).exists():
        return redirect("priorities_staff:promises")
    return redirect("priorities_staff:promise", found.ref)


@require_POST
@needs("alerts.write")
def promise_alert(request: StaffRequest, ref: str) -> HttpResponse:
    """An alert drafted from the promise, opened where it is written."""
    found = queries.promise_for(request.user, ref)
    alert = actions.draft_alert(promise=found, by=request.user)
    messages.success(request, "Drafted from the promise. Read it over before you send it.")
    return redirect("alerts_staff:edit", alert.ref)


@require_safe
@needs("priorities.read")
def promise_picture(request: StaffRequest, ref: str) -> HttpResponse:
    """The picture that waits to be published, for staff alone."""
    found = queries.promise_for(request.user, ref)
    waiting = queries.waiting_change(found)
    if waiting is None or waiting.picture is None:
        raise NotFound
    answer = HttpResponse(bytes(waiting.picture.content), content_type=waiting.picture.media_type)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Cache-Control"] = "private, no-store"
    return answer


@require_safe
@needs("priorities.read")
def promise_paper(request: StaffRequest, ref: str, change: int) -> HttpResponse:
    """A PDF of a promise, public or not, for staff: as something to save."""
    found = queries.paper_of(queries.promise_for(request.user, ref), change)
    assert found.file is not None  # of what is there
    return files.download(found.file, found.file_name)


@require_POST
@needs("promises.publish")
def promise_paper_hide(request: StaffRequest, ref: str, change: int) -> HttpResponse:
    """Take a PDF away from residents."""
    found = queries.paper_of(queries.promise_for(request.user, ref), change)
    actions.hide_paper(change=found.change, by=request.user)
    messages.success(request, "Residents no longer get that file.")
    return redirect("priorities_staff:promise", ref)
