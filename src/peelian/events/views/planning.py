"""Staff pages: the list of events, and planning one."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from peelian.accounts.door import StaffRequest, needs
from peelian.core import keyset
from peelian.core.errors import RuleBroken
from peelian.events import actions, moments, queries
from peelian.events.errors import NotADraft
from peelian.events.forms.after import BANDS
from peelian.events.forms.planning import CancelForm, EventForm, FilterForm, FollowingForm, NewEventForm
from peelian.events.models import Event
from peelian.events.queries import coming
from peelian.events.queries import staff as staff_queries

GET_OR_POST = ["GET", "HEAD", "POST"]
TABS = {
    "upcoming": "Upcoming",
    "figures": "Over, without figures",
    "mine": "Mine",
    "drafts": "Drafts",
    "past": "Past",
}
NOTHING = {
    "upcoming": ("No events to come", "What your teams plan and publish stands here, the next first."),
    "figures": ("Nothing is missing", "Of every event that is over somebody has said about how many came."),
    "mine": ("Nothing of yours", "Events that you planned, or promised to do something after, stand here."),
    "drafts": ("No drafts", "An event that is not published yet stands here."),
    "past": ("No events yet", "What has taken place stands here, the last first."),
}


@require_safe
@needs("events.read")
def listed(request: StaffRequest) -> HttpResponse:
    which = request.GET.get("which", "")
    which = which if which in TABS else "upcoming"
    form = FilterForm(request.user, request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    rows = staff_queries.listed(
        request.user, which, kind=wanted.get("kind", ""), team=wanted.get("team")
    )  # fmt: skip
    page = keyset.page(rows, "starts_at", request.GET.get("page", ""), oldest_first=which != "past")
    kept = {name: value for name, value in request.GET.items() if name in ("kind", "team", "which") and value}
    title, text = NOTHING[which]
    context = {
        "which": which,
        "tabs": [(code, words, f"?{urlencode({**kept, 'which': code})}") for code, words in TABS.items()],
        "rows": page.rows,
        "filter": form,
        "nothing": {"title": title, "text": text},
        "missing": staff_queries.listed(request.user, "figures").count(),
        "may_write": request.user.may("events.write"),
        "texts": ("Newer", "Older") if which == "past" else ("Sooner", "Later"),
        **page.links(kept),
    }
    return render(request, "events/staff/list.html", context)


@require_http_methods(GET_OR_POST)
@needs("events.write")
def new(request: StaffRequest) -> HttpResponse:
    form = NewEventForm(request.user, None, request.POST if request.method == "POST" else None)
    if form.is_valid():
        event = actions.create_event(by=request.user, **form.fields_of_event())
        if every := form.cleaned_data["every"]:
            actions.repeat(event=event, every=every, until=form.cleaned_data["until"], by=request.user)
        messages.success(request, "The event is kept as a draft. Look at it, then publish it.")
        return redirect("events_staff:event", event.ref)
    return render(request, "events/staff/edit.html", {"form": form, "event": None})


@require_safe
@needs("events.read")
def detail(request: StaffRequest, ref: str) -> HttpResponse:
    event = queries.event_for(request.user, ref)
    may_change = request.user.may("events.write") and staff_queries.teams_to_plan_for(request.user).filter(
        pk=event.team_id
    ).exists()  # fmt: skip
    context = {
        "event": event,
        "rule": moments.rule_in_words(event.series.first_day, event.series.every) if event.series else "",
        "following": queries.following(event).count(),
        "taken": coming.taken(event) if event.takes_sign_ups else None,
        "named": event.attendees.count(),
        "bands": [(BANDS[code], number) for code, number in event.bands.items() if code in BANDS],
        "raised": list(event.raised.select_related("area").defer(*_heavy())),
        "actions": list(event.actions.select_related("owner")),
        "may_change": may_change,
        "may_alert": may_change and request.user.may("alerts.write") and event.public and not event.is_over,
        **_parts(event),
    }
    return render(request, "events/staff/event.html", context)


def _heavy() -> tuple[str, ...]:
    return staff_queries.HEAVY


def _parts(event: Event) -> dict[str, Any]:
    public_url = event.get_absolute_url() if event.is_shown else ""
    return {"public_url": public_url, "is_draft": event.state == Event.State.DRAFT}


@require_http_methods(GET_OR_POST)
@needs("events.write")
def edit(request: StaffRequest, ref: str) -> HttpResponse:
    event = queries.own_event_for(request.user, ref)
    posted = request.POST if request.method == "POST" else None
    form = EventForm(request.user, event, posted)
    which = FollowingForm(posted) if queries.following(event).exists() else None
    if form.is_valid():
        following = which.wants_following() if which else False
        try:
            actions.change_event(event=event, by=request.user, following=following, **form.fields_of_event())
        except RuleBroken as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _changed(event))
            return redirect("events_staff:event", ref)
    return render(request, "events/staff/edit.html", {"form": form, "event": event, "which": which})


def _changed(event: Event) -> str:
    if event.state == Event.State.PUBLISHED and event.takes_sign_ups:
        return "We have changed the event. Where time or place changed, those who signed up are told."
    return "We have changed the event."


@require_POST
@needs("events.write")
def publish(request: StaffRequest, ref: str) -> HttpResponse:
    event = queries.own_event_for(request.user, ref)
    following = FollowingForm(request.POST).wants_following()
    actions.publish_event(event=event, by=request.user, following=following)
    messages.success(request, "It is published." if event.public else "It is planned. The public does not see it.")
    return redirect("events_staff:event", ref)


@require_http_methods(GET_OR_POST)
@needs("events.write")
def cancel(request: StaffRequest, ref: str) -> HttpResponse:
    event = queries.own_event_for(request.user, ref)
    posted = request.POST if request.method == "POST" else None
    form = CancelForm(posted)
    which = FollowingForm(posted) if queries.following(event).exists() else None
    if form.is_valid():
        following = which.wants_following() if which else False
        actions.cancel_event(event=event, because=form.cleaned_data["because"], by=request.user, following=following)
        messages.success(request, "It is cancelled. Its page says why, and those who signed up are told.")
        return redirect("events_staff:event", ref)
    taken = coming.taken(event)
    return render(request, "events/staff/cancel.html", {"form": form, "event": event, "which": which, "taken": taken})


@require_http_methods(GET_OR_POST)
@needs("events.write")
def discard(request: StaffRequest, ref: str) -> HttpResponse:
    event = queries.own_event_for(request.user, ref)
    if request.method == "POST":
        actions.discard_draft(event=event, by=request.user)
        messages.success(request, "The draft is thrown away.")
        return redirect("events_staff:list")
    if event.state != Event.State.DRAFT:
        raise NotADraft
    context = {"event": event, "points": ["The draft cannot be brought back."], "kind": "warning"}
    context |= {"sentence": f"Throw away “{event.title}”?", "button": "Throw the draft away"}
    return render(request, "events/staff/confirm.html", context)


@require_POST
@needs("events.write")
def end_series(request: StaffRequest, ref: str) -> HttpResponse:
    event = queries.own_event_for(request.user, ref)
    actions.end_series(event=event, by=request.user)
    messages.success(request, "The series has ended. The events that are there stay; no more are made.")
    return redirect("events_staff:event", ref)


@require_POST
@needs("events.write")
def alert(request: StaffRequest, ref: str) -> HttpResponse:
    """Draft an alert that says when and where; it is written on from there."""
    event = queries.own_event_for(request.user, ref)
    draft = actions.draft_alert(event=event, by=request.user)
    return redirect(reverse("alerts_staff:edit", args=[draft.ref]))
