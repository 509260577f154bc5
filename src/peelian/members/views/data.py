"""A copy of one's data, for programs or to read."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_http_methods

from peelian.core import limits
from peelian.core.context import the_force
from peelian.members import actions
from peelian.members.actions.copying import Copy
from peelian.members.door import actor, signed_in_just_now
from peelian.members.models import Member

COPIES_AN_HOUR = 10


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_just_now
def copy(request: HttpRequest, member: Member) -> HttpResponse:
    if request.method != "POST":
        return render(request, "members/me/data.html")
    limits.limit(f"copy-{member.pk}", most=COPIES_AN_HOUR, window=timedelta(hours=1))
    found = actions.copy_data(member=member, by=actor(member))
    return as_file(found, "json" if request.POST.get("form") == "json" else "html")


def as_file(copy: Copy, form: str) -> HttpResponse:
    """The copy as a file to keep: JSON, or an HTML page that needs nothing else."""
    if form == "json":
        content, kind = copy.json(), "application/json"
    else:
        content = render_to_string("members/me/data_file.html", {"copy": copy, "force": the_force()})
        kind = "text/html"
    response = HttpResponse(content, content_type=f"{kind}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="my-data-{copy.made_at:%Y-%m-%d}.{form}"'
    response["Cache-Control"] = "no-store"
    return response
