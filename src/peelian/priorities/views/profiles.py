"""Problem management profiles."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from peelian.accounts.door import StaffRequest, needs
from peelian.core.errors import NotFound, RuleBroken
from peelian.priorities import actions, printed, queries
from peelian.priorities.forms.profiles import (
    KnowledgeForm,
    LatestForm,
    LearnedForm,
    MeasureForm,
    ProfileForm,
    ReviewForm,
    TaskForm,
)
from peelian.priorities.models import Profile
from peelian.priorities.models.profiles import PARTS, SHARED
from peelian.priorities.views.shared import GET_OR_POST, posted

MOST = 50


@require_safe
@needs("priorities.read")
def profiles(request: StaffRequest) -> HttpResponse:
    """What is worked on now; and what was learned before, found by its words."""
    form = KnowledgeForm(request.GET)
    q = form.cleaned_data["q"] if form.is_valid() else ""
    context = {
        "filter": form,
        "q": q,
        "open": queries.profiles_for(request.user, q=q)[:MOST],
        "closed": queries.profiles_for(request.user, q=q, closed=True)[:MOST],
        "clear_url": request.path if q else "",
    }
    return render(request, "priorities/staff/profiles.html", context)


@require_safe
@needs("priorities.read")
def profile(request: StaffRequest, ref: str) -> HttpResponse:
    return page(request, queries.profile_for(request.user, ref))


def page(request: StaffRequest, found: Profile, **forms: Any) -> HttpResponse:
    whole = queries.reads_whole(request.user, found)
    may_write = whole and request.user.may("priorities.write") and found.closed_on is None
    context = {
        "profile": found,
        "priority": found.priority,
        "whole": whole,
        "parts": [(name.capitalize(), getattr(found, name)) for name in PARTS if whole or name in SHARED],
        "partners": [line for line in found.partners.splitlines() if line.strip()],
        "tasks": found.tasks.all(),
        "measures": queries.standing(found),
        "reviews": found.reviews.select_related("by"),
        "may_write": may_write,
        "task_form": TaskForm(),
        "measure_form": MeasureForm(),
        "review_form": ReviewForm(),
        **forms,
    }
    context["form"] = next(iter(forms.values()), None)
    return render(request, "priorities/staff/profile.html", context)


@require_http_methods(GET_OR_POST)
@needs("priorities.write")
def profile_edit(request: StaffRequest, ref: str) -> HttpResponse:
    """Write the profile of a priority; it begins with the first save."""
    priority = queries.priority_for(request.user, ref)
    found = Profile.objects.filter(priority=priority).select_related("priority").first()
    form = ProfileForm(request.user, found, posted(request))
    if form.is_valid():
        try:
            if found is None:
                found = actions.open_profile(priority=priority, by=request.user, **form.told)
            else:
                version = form.cleaned_data["version"] or 0
                actions.save_profile(profile=found, version=version, by=request.user, **form.told)
        except RuleBroken as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, "Saved.")
            return redirect(found)
    context = {"form": form, "priority": priority, "profile": found}
    return render(request, "priorities/staff/profile_form.html", context)


def _writing(request: StaffRequest, ref: str) -> Profile:
    found = queries.profile_for(request.user, ref)
    queries.priority_for(request.user, ref)  # a closed one is read by everybody, and written by nobody
    return found


@require_POST
@needs("priorities.write")
def task_add(request: StaffRequest, ref: str) -> HttpResponse:
    found = _writing(request, ref)
    form = TaskForm(request.POST)
    if not form.is_valid():
        return page(request, found, task_form=form)
    actions.add_task(profile=found, by=request.user, **form.cleaned_data)
    return redirect(found)


@require_POST
@needs("priorities.write")
def task_done(request: StaffRequest, ref: str, pk: int) -> HttpResponse:
    found = _writing(request, ref)
    task = found.tasks.filter(pk=pk).first()
    if task is None:
        raise NotFound
    actions.tick_task(task=task, done=task.done_on is None, by=request.user)
    return redirect(found)


@require_POST
@needs("priorities.write")
def measure_add(request: StaffRequest, ref: str) -> HttpResponse:
    found = _writing(request, ref)
    form = MeasureForm(request.POST)
    if not form.is_valid():
        return page(request, found, measure_form=form)
    actions.add_measure(profile=found, area=found.priority.sector, by=request.user, **form.cleaned_data)
    return redirect(found)


@require_http_methods(GET_OR_POST)
@needs("priorities.write")
def measure_latest(request: StaffRequest, ref: str, pk: int) -> HttpResponse:
    """The newest figure of a measure of one's own, or its removal."""
    found = _writing(request, ref)
    measure = found.measures.filter(pk=pk).first()
    if measure is None:
        raise NotFound
    if request.method == "POST" and "remove" in request.POST:
        actions.remove_measure(measure=measure, by=request.user)
        return redirect(found)
    begun = {"latest": measure.latest, "of": measure.latest_of}
    form = LatestForm(posted(request), initial=begun)
    if form.is_valid():
        said = form.cleaned_data
        actions.set_latest(measure=measure, latest=said["latest"], of=said["of"], by=request.user)
        return redirect(found)
    context = {"form": form, "measure": measure, "profile": found, "priority": found.priority}
    return render(request, "priorities/staff/profile_measure.html", context)


@require_POST
@needs("priorities.write")
def review(request: StaffRequest, ref: str) -> HttpResponse:
    found = _writing(request, ref)
    form = ReviewForm(request.POST)
    if not form.is_valid():
        return page(request, found, review_form=form)
    actions.review_profile(profile=found, by=request.user, **form.cleaned_data)
    messages.success(request, "Written down.")
    return redirect(found)


@require_http_methods(GET_OR_POST)
@needs("priorities.write")
def profile_close(request: StaffRequest, ref: str) -> HttpResponse:
    found = _writing(request, ref)
    form = LearnedForm(found, posted(request))
    if form.is_valid():
        actions.close_profile(profile=found, learned=form.cleaned_data["learned"], by=request.user)
        messages.success(request, "Closed. Everybody in the force finds what was learned.")
        return redirect(found)
    context = {"form": form, "profile": found, "priority": found.priority}
    return render(request, "priorities/staff/profile_close.html", context)


@require_safe
@needs("priorities.read")
def profile_pdf(request: StaffRequest, ref: str) -> HttpResponse:
    found = queries.profile_for(request.user, ref)
    if not queries.reads_whole(request.user, found):
        raise NotFound
    answer = HttpResponse(printed.pdf(found), content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="profile-{found.priority.ref}.pdf"'
    answer["Cache-Control"] = "private, no-store"
    return answer
