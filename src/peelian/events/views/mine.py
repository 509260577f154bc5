"""A member's own events, on My account."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from peelian.events import actions
from peelian.events.errors import NoSuchEvent
from peelian.events.queries import coming
from peelian.members.door import actor, signed_in
from peelian.members.models import Member


@require_safe
@signed_in
def listed(request: HttpRequest, member: Member) -> HttpResponse:
    return render(request, "events/public/mine.html", {"rows": list(coming.of_member(member.pk))})


@require_POST
@signed_in
def cancel(request: HttpRequest, member: Member, pk: int) -> HttpResponse:
    row = coming.of_member(member.pk).filter(pk=pk).first()
    if row is None:
        raise NoSuchEvent
    actions.cancel_place(row=row, by=actor(member))
    messages.success(request, _("You are not signed up any more for %(event)s.") % {"event": row.event.title})
    return redirect("events:mine")
