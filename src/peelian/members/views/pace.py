"""The member's page of how often and when they want to hear."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from peelian.members import actions
from peelian.members.door import actor, signed_in
from peelian.members.forms_pace import PaceForm
from peelian.members.models import Member
from peelian.members.views.me import GET_OR_POST
from peelian.members.views.posted import posted


@require_http_methods(GET_OR_POST)
@signed_in
def change(request: HttpRequest, member: Member) -> HttpResponse:
    form = PaceForm(member, settings.PEELIAN_QUIET_HOURS, posted(request))
    if form.is_valid():
        actions.change_pace(member=member, by=actor(member), changes=form.changes(), hours=form.hours())
        messages.success(request, _("We have changed how often and when we write."))
        return redirect("members:me")
    return render(request, "members/me/pace.html", {"form": form, "member": member})
