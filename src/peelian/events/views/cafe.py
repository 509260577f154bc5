"""Staff pages of a World Café: set up, links and codes of the tables, notes and themes, giving it back."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from peelian.accounts.door import StaffRequest, needs
from peelian.core import qr
from peelian.core.errors import RuleBroken
from peelian.events import actions, queries
from peelian.events.errors import NotACafe
from peelian.events.forms.cafe import InsightForm, NextForm, SetUpForm, SortForm, TypedForm
from peelian.events.models import CafeTable, Event
from peelian.events.queries import cafe as cafe_queries

GET_OR_POST = ["GET", "HEAD", "POST"]


def _cafe(request: StaffRequest, ref: str) -> Event:
    event = queries.own_event_for(request.user, ref)
    if event.kind != Event.Kind.CAFE:
        raise NotACafe
    return event


@require_http_methods(GET_OR_POST)
@needs("events.write")
def set_up(request: StaffRequest, ref: str) -> HttpResponse:
    event = _cafe(request, ref)
    initial = {
        "questions": "\n".join(event.rounds.values_list("question", flat=True)),
        "hosts": "\n".join(event.tables.values_list("host", flat=True)),
    }
    form = SetUpForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        try:
            actions.set_up_cafe(event=event, by=request.user, **form.cleaned_data)
        except RuleBroken as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, "The tables are set. Print their codes, or send each host their link.")
            return redirect("events_staff:cafe_codes", ref)
    return render(request, "events/cafe/set_up.html", {"event": event, "form": form})


@require_safe
@needs("events.write")
def codes(request: StaffRequest, ref: str) -> HttpResponse:
    """A code to scan for each table, one under the other, to print and cut."""
    event = _cafe(request, ref)
    rows = [(table, _link(table), qr.inline(_link(table), css="ev-code")) for table in event.tables.all()]
    return render(request, "events/cafe/codes.html", {"event": event, "rows": rows})


def _link(table: CafeTable) -> str:
    return f"{settings.PEELIAN_BASE_URL}{reverse('events:table', args=[table.key])}"


@require_http_methods(GET_OR_POST)
@needs("events.write")
def notes(request: StaffRequest, ref: str) -> HttpResponse:
    event = _cafe(request, ref)
    form = TypedForm(event, request.POST if request.method == "POST" else None)
    if form.is_valid():
        actions.note_typed(event=event, by=request.user, **form.cleaned_data)
        messages.success(request, "We have kept the note.")
        return redirect("events_staff:cafe_notes", ref)
    rows = list(cafe_queries.notes(event))
    without = request.GET.get("which") == "without"
    context = {
        "event": event,
        "form": form,
        "rows": [row for row in rows if not row.themes.all()] if without else rows,
        "count": len(rows),
        "without": without,
        "themes": list(event.themes.all()),
        "tables": event.tables.count(),
    }
    return render(request, "events/cafe/notes.html", context)


@require_POST
@needs("events.write")
def sort(request: StaffRequest, ref: str) -> HttpResponse:
    """Put the ticked notes under a theme, or take their themes from them."""
    event = _cafe(request, ref)
    form = SortForm(event, request.POST)
    theme = str(request.POST.get("theme", "")).strip()
    if not form.is_valid():
        messages.error(request, " ".join(str(one) for errors in form.errors.values() for one in errors))
    elif request.POST.get("do") == "clear":
        actions.untag_notes(event=event, note_ids=form.cleaned_data["notes"], by=request.user)
        messages.success(request, "They stand under no theme now.")
    elif not theme:
        messages.error(request, "Write the theme that the ticked notes are about")
    else:
        number = actions.tag_notes(event=event, note_ids=form.cleaned_data["notes"], theme=theme, by=request.user)
        messages.success(request, f"{number} under “{theme}”.")
    return redirect("events_staff:cafe_notes", ref)


@require_POST
@needs("events.write")
def remove_note(request: StaffRequest, ref: str, pk: int) -> HttpResponse:
    actions.remove_note(event=_cafe(request, ref), pk=pk, by=request.user)
    messages.success(request, "The note is taken away.")
    return redirect("events_staff:cafe_notes", ref)


@require_http_methods(GET_OR_POST)
@needs("events.write")
def back(request: StaffRequest, ref: str) -> HttpResponse:
    """What we learned, what happens next, and giving it back."""
    event = _cafe(request, ref)
    form = InsightForm(event, request.POST if request.method == "POST" else None)
    if form.is_valid():
        actions.add_insight(event=event, by=request.user, **form.cleaned_data)
        messages.success(request, "We have kept what we learned.")
        return redirect("events_staff:cafe_back", ref)
    context = {
        "event": event,
        "form": form,
        "next": NextForm(initial={"story": event.cafe_next}),
        "insights": list(event.insights.select_related("theme")),
    }
    return render(request, "events/cafe/back.html", context)


@require_POST
@needs("events.write")
def publish(request: StaffRequest, ref: str) -> HttpResponse:
    event = _cafe(request, ref)
    form = NextForm(request.POST)
    story = form.cleaned_data["story"] if form.is_valid() else event.cafe_next
    published = request.POST.get("do") == "publish"
    actions.publish_back(event=event, story=story, published=published, by=request.user)
    messages.success(request, "It stands on the event’s page." if published else "It is ours alone.")
    return redirect("events_staff:cafe_back", ref)


@require_POST
@needs("events.write")
def send(request: StaffRequest, ref: str) -> HttpResponse:
    number = actions.send_back(event=_cafe(request, ref), by=request.user)
    messages.success(request, f"Told: {number}." if number else "Nobody who asked to hear is left to be told.")
    return redirect("events_staff:cafe_back", ref)


@require_POST
@needs("events.write")
def remove_insight(request: StaffRequest, ref: str, pk: int) -> HttpResponse:
    actions.remove_insight(event=_cafe(request, ref), pk=pk, by=request.user)
    messages.success(request, "It is taken away.")
    return redirect("events_staff:cafe_back", ref)
