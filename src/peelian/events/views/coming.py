"""Staff pages with people's names: who comes, and who came and agreed to be named. Opening one is in the trail."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from peelian.accounts.door import StaffRequest, needs
from peelian.audit.actions import record
from peelian.core.errors import RuleBroken
from peelian.events import actions, queries
from peelian.events.actions.after import CONSENT
from peelian.events.forms.after import AttendeeForm
from peelian.events.models import SignUp
from peelian.events.queries import coming

GET_OR_POST = ["GET", "HEAD", "POST"]


@never_cache
@require_safe
@needs("events.write")
def listed(request: StaffRequest, ref: str) -> HttpResponse:
    event = queries.own_event_for(request.user, ref)
    rows = list(coming.coming(event))
    record("event.people_seen", "event", event.ref, by=request.user, people=len(rows))
    context = {
        "event": event,
        "taken": coming.taken(event),
        "booked": [row for row in rows if row.state == SignUp.State.BOOKED],
        "waiting": [row for row in rows if row.state == SignUp.State.WAITING],
    }
    return render(request, "events/staff/coming.html", context)


@never_cache
@require_http_methods(GET_OR_POST)
@needs("events.write")
def named(request: StaffRequest, ref: str) -> HttpResponse:
    """Who came and agreed to be named; somebody more."""
    event = queries.own_event_for(request.user, ref)
    form = AttendeeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("name", "email", "wants_back")}
        try:
            actions.write_down(event=event, by=request.user, **given)
        except RuleBroken as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, "We have written down their name.")
            return redirect("events_staff:named", ref)
    rows = list(event.attendees.all())
    record("event.named_seen", "event", event.ref, by=request.user, people=len(rows))
    return render(request, "events/staff/named.html", {"event": event, "form": form, "rows": rows, "consent": CONSENT})


@require_POST
@needs("events.write")
def unname(request: StaffRequest, ref: str, pk: int) -> HttpResponse:
    event = queries.own_event_for(request.user, ref)
    actions.remove_attendee(event=event, pk=pk, by=request.user)
    messages.success(request, "Their name is deleted.")
    return redirect("events_staff:named", ref)
