"""A member's own pages of what they received and wrote. They stand here and not with members' other pages, because they
show alerts and conversations, which members must not know."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from peelian.members.door import signed_in
from peelian.members.models import Member
from peelian.website import received


@require_safe
@signed_in
def received_list(request: HttpRequest, member: Member) -> HttpResponse:
    cursor = request.GET.get("page", "")
    found = received.page(member, cursor)
    context = {
        "rows": found.rows,
        "later_page": bool(cursor),
        "next_url": f"?page={found.further}" if found.further else "",
        "others": [] if cursor else received.other_threads(member),
    }
    return render(request, "website/received.html", context)


@require_safe
@signed_in
def received_one(request: HttpRequest, member: Member, ref: str) -> HttpResponse:
    found = received.one(member, ref)
    return render(request, "website/received_one.html", {"one": found, "threads": received.said_in(found)})
