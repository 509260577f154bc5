"""What this app brings to pages of the apps below it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from peelian.accounts.models import Staff
from peelian.priorities import queries

MOST = 5  # of what a member raised


def of_thread(request: HttpRequest, thread_id: int) -> dict[str, Any] | None:
    """On the page of a conversation: the issues it is part of, and the link that makes one of it."""
    return raised_from(request, "conversations.thread", thread_id)


def mine(request: HttpRequest, member_id: int) -> dict[str, Any] | None:
    """On My account: what the member raised, and what came of it."""
    rows, number = queries.raised_by(member_id, MOST)
    return {"rows": rows, "more": number - len(rows)} if rows else None


def raised_from(request: HttpRequest, source: str, pk: int) -> dict[str, Any] | None:
    staff = request.user
    if not isinstance(staff, Staff) or not staff.may("priorities.read"):
        return None
    link = f"{reverse('priorities_staff:issue_new')}?{urlencode({'source': source, 'id': pk})}"
    return {
        "issues": [one for one in queries.issues_of_source(source, pk) if queries.may_see(staff, one)],
        "make_url": link if staff.may("priorities.write") else "",
    }
