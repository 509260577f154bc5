"""The inbox, and what a supervisor is to look at."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from peelian.accounts.door import StaffRequest, needs
from peelian.conversations import queries, raising
from peelian.conversations.forms import InboxFilter


@require_safe
@needs("conversations.read")
def inbox(request: StaffRequest) -> HttpResponse:
    show = request.GET.get("show", "waiting")
    show = show if show in queries.FILTERS else "waiting"
    page = queries.inbox(request.user, show=show, cursor=request.GET.get("page", ""))
    base = f"?show={show}"
    context = {
        "rows": page.rows,
        "filter": InboxFilter({"show": show}),
        "show": show,
        "previous_url": f"{base}&page={page.previous}" if page.previous else "",
        "next_url": f"{base}&page={page.next}" if page.next else "",
        "oldest_first": show in ("waiting", "unread"),
    }
    return render(request, "conversations/inbox.html", context)


@require_safe
@needs("conversations.supervise")
def raised(request: StaffRequest) -> HttpResponse:
    """What nobody has looked at yet, in full; and what somebody looked at last."""
    page = queries.raised_for(request.user, cursor=request.GET.get("page", ""))
    context = {
        "rows": page.rows,
        "seen": queries.raised_seen(request.user),
        "previous_url": f"?page={page.previous}" if page.previous else "",
        "next_url": f"?page={page.next}" if page.next else "",
    }
    return render(request, "conversations/raised.html", context)


@require_POST
@needs("conversations.supervise")
def raised_seen(request: StaffRequest, pk: int) -> HttpResponse:
    """Say that one is looking, and be taken to the conversation."""
    found = queries.one_raised(request.user, pk)
    if raising.acknowledge(raised=found, by=request.user):
        messages.success(request, "You are looking at this one. Nobody else is told about it any more.")
    return redirect(found.thread)
