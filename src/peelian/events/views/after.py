"""Staff pages for what comes after an event: how many came, minutes, what was raised, who does what."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from peelian.accounts.door import StaffRequest, needs
from peelian.core.errors import RuleBroken
from peelian.events import actions, queries
from peelian.events.forms.after import ActionForm, FiguresForm, MinutesForm, RaisedForm

GET_OR_POST = ["GET", "HEAD", "POST"]


def _back(ref: str, part: str = "") -> HttpResponse:
    return redirect(f"{reverse('events_staff:event', args=[ref])}{part}")


@require_http_methods(GET_OR_POST)
@needs("events.write")
def figures(request: StaffRequest, ref: str) -> HttpResponse:
    event = queries.own_event_for(request.user, ref)
    form = FiguresForm(event, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            actions.record_figures(
                event=event, attended=form.cleaned_data["attended"], bands=form.bands(), by=request.user
            )
        except RuleBroken as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, "We have kept how many came.")
            return _back(ref)
    return render(request, "events/staff/figures.html", {"event": event, "form": form})


@require_http_methods(GET_OR_POST)
@needs("events.write")
def minutes(request: StaffRequest, ref: str) -> HttpResponse:
    event = queries.own_event_for(request.user, ref)
    form = MinutesForm(request.POST if request.method == "POST" else None, initial={"text": event.minutes})
    if form.is_valid():
        actions.save_minutes(event=event, text=form.cleaned_data["text"], by=request.user)
        messages.success(request, "We have kept the minutes.")
        return _back(ref, "#minutes")
    return render(request, "events/staff/minutes.html", {"event": event, "form": form})


@require_POST
@needs("events.write")
def publish_minutes(request: StaffRequest, ref: str) -> HttpResponse:
    event = queries.own_event_for(request.user, ref)
    published = request.POST.get("published") == "yes"
    actions.publish_minutes(event=event, published=published, by=request.user)
    messages.success(request, "The minutes stand on the event’s page." if published else "The minutes are ours alone.")
    return _back(ref, "#minutes")


@require_http_methods(GET_OR_POST)
@needs("events.write")
def raised(request: StaffRequest, ref: str) -> HttpResponse:
    event = queries.own_event_for(request.user, ref)
    form = RaisedForm(request.user, event, request.POST if request.method == "POST" else None)
    if form.is_valid():
        actions.raise_issue(event=event, by=request.user, **form.cleaned_data)
        messages.success(request, "We have kept what was raised.")
        return _back(ref, "#raised")
    return render(request, "events/staff/raised.html", {"event": event, "form": form})


@require_POST
@needs("events.write")
def unraise(request: StaffRequest, ref: str, pk: int) -> HttpResponse:
    event = queries.own_event_for(request.user, ref)
    actions.remove_raised(event=event, pk=pk, by=request.user)
    messages.success(request, "It is taken away.")
    return _back(ref, "#raised")


@require_http_methods(GET_OR_POST)
@needs("events.write")
def action(request: StaffRequest, ref: str) -> HttpResponse:
    event = queries.own_event_for(request.user, ref)
    form = ActionForm(request.user, event, request.POST if request.method == "POST" else None)
    if form.is_valid():
        actions.add_action(event=event, by=request.user, **form.cleaned_data)
        messages.success(request, "We have kept who does it, and by when.")
        return _back(ref, "#actions")
    return render(request, "events/staff/action.html", {"event": event, "form": form})


@require_POST
@needs("events.write")
def action_done(request: StaffRequest, ref: str, pk: int) -> HttpResponse:
    event = queries.own_event_for(request.user, ref)
    actions.finish_action(event=event, pk=pk, by=request.user)
    messages.success(request, "Done.")
    return _back(ref, "#actions")
