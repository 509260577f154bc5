"""The inbox, and what a supervisor is to look at."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from peelian.accounts.door import StaffRequest, needs
from peelian.conversations import queries, raising
from peelian.conversations.forms import InboxFilter

FIRST = 5  # of what was raised, above the list; the rest is one link away
NUMBERED = ("waiting", "unread", "mine", "unassigned")


@require_safe
@needs("conversations.read")
def inbox(request: StaffRequest) -> HttpResponse:
    show = request.GET.get("show", "waiting")
    show = show if show in queries.FILTERS else "waiting"
    cursor = request.GET.get("page", "")
    form = InboxFilter(request.user, {**request.GET.dict(), "show": show})
    chosen = form.cleaned_data if form.is_valid() else {}
    page = queries.inbox(
        request.user,
        show=show,
        cursor=cursor,
        tag=chosen.get("tag"),
        area=chosen.get("area"),
        older_than=int(chosen.get("age") or 0),
    )
    narrowed = {name: request.GET[name] for name in ("tag", "area", "age") if request.GET.get(name)}
    base = "?" + urlencode({"show": show, **narrowed})
    first = show in ("waiting", "unread") and not cursor and not narrowed
    context = {
        "rows": queries.with_clocks(page.rows),
        "raised": queries.with_clocks(queries.raised_rows(request.user, FIRST)) if first else [],
        "lists": _lists(request, show, narrowed),
        "filter": form,
        "narrowed": narrowed,
        "clear_url": f"?show={show}" if narrowed else "",
        "show": show,
        "previous_url": f"{base}&page={page.previous}" if page.previous else "",
        "next_url": f"{base}&page={page.next}" if page.next else "",
        "oldest_first": show in ("waiting", "unread"),
        "links": _links(request),
    }
    return render(request, "conversations/inbox.html", context)


def _lists(request: StaffRequest, show: str, narrowed: dict[str, str]) -> list[dict[str, Any]]:
    numbers = queries.numbers(request.user)
    return [
        {
            "label": label,
            "url": "?" + urlencode({"show": name, **narrowed}),
            "current": name == show,
            "number": numbers.get(name) if name in NUMBERED else None,
        }
        for name, label in queries.FILTERS.items()
    ]


LINKS = [
    ("Look at these first", "conversations_staff:raised", "conversations.supervise"),
    ("Intelligence to receive", "conversations_staff:to_receive", "intelligence.receive"),
    ("Kept aside", "conversations_staff:aside", "conversations.aside"),
    ("Saved answers", "conversations_staff:saved", "conversations.answer"),
    ("How quickly we answer", "conversations_staff:figures", "conversations.figures"),
    ("Hours and promises", "conversations_staff:desks", "conversations.manage"),
    ("Words that raise a message", "conversations_staff:words", "conversations.manage"),
]


def _links(request: StaffRequest) -> list[tuple[str, str]]:
    return [(label, name) for label, name, permission in LINKS if request.user.may(permission)]


@require_safe
@needs("conversations.supervise")
def raised(request: StaffRequest) -> HttpResponse:
    """What nobody has looked at yet, in full; and what somebody looked at last."""
    page = queries.raised_for(request.user, cursor=request.GET.get("page", ""))
    context = {
        "rows": page.rows,
        "seen": queries.raised_seen(request.user),
        "may_set": request.user.may("conversations.manage"),
        "unwatched": queries.teams_without_duty(request.user),
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
