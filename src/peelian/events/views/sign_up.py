"""Signing up for an event, and the page behind the link to one's own place."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from peelian.contacts.queries import masked
from peelian.core.errors import RuleBroken
from peelian.core.languages import in_address
from peelian.events import actions, queries, tokens
from peelian.events.forms.public import SignUpForm
from peelian.events.models import Event, SignUp
from peelian.events.queries import coming
from peelian.members import sessions
from peelian.members.door import actor
from peelian.members.models import Member

GET_OR_POST = ["GET", "HEAD", "POST"]


class ByLink:
    """Whoever holds the link to a place."""

    def __init__(self, row: SignUp) -> None:
        self.audit_actor: tuple[str, int | None, str] = ("member", row.member_id, "by link")


@never_cache
@require_http_methods(GET_OR_POST)
def sign_up(request: HttpRequest, ref: str) -> HttpResponse:
    """A member who is signed in has the place at once; everybody else gets a link. What this answers is the same
    whether or not we know an address."""
    event = queries.public_event(ref)
    member, address = _signed_in(request)
    posted = request.POST if request.method == "POST" else None
    form = SignUpForm(posted, known=member is not None, places=event.capacity)
    if form.is_valid():
        try:
            if member is not None and address is not None:
                row = actions.book_member(
                    event=event, member=member, address_id=address, by=actor(member), **form.cleaned_data
                )
                return redirect("events:place", tokens.make(row.pk, row.address_id))
            network = sessions.network(request)
            language = get_language() or "en"
            actions.ask(event=event, network=network, language=language, **form.cleaned_data)
        except RuleBroken as problem:
            form.add_error(None, str(problem))
        else:
            return redirect(f"{_sent(event)}{in_address()}")
    context = {"event": event, "form": form, "taken": coming.taken(event), "member": member, "open": _is_open(event)}
    return _private(render(request, "events/public/sign_up.html", context))


def _sent(event: Event) -> str:
    return f"{event.get_absolute_url()}sign-up/sent/"


def _is_open(event: Event) -> bool:
    return event.takes_sign_ups and event.state == Event.State.PUBLISHED and not event.has_begun


def _signed_in(request: HttpRequest) -> tuple[Member | None, int | None]:
    address = sessions.address_id(request)
    member = sessions.member(request, address) if address is not None else None
    return (member, address) if member is not None and member.left_at is None else (None, None)


@require_safe
def sent(request: HttpRequest, ref: str) -> HttpResponse:
    return _private(render(request, "events/public/sent.html", {"event": queries.public_event(ref)}))


@never_cache
@require_http_methods(GET_OR_POST)
def place(request: HttpRequest, token: str) -> HttpResponse:
    """One's own place: confirm it, or give it back. Opening the link changes nothing: mail programs open links too."""
    row = coming.behind(token)
    if request.method == "POST":
        if request.POST.get("do") == "cancel":
            actions.cancel_place(row=row, by=ByLink(row))
        else:
            actions.confirm(token=token)
        return redirect("events:place", token)
    context = {
        "row": row,
        "event": row.event,
        "sent_to": masked(row.address),
        "before": coming.turn(row) if row.state == SignUp.State.WAITING else 0,
        "over": row.event.has_begun,
        "gone": row.event.state == Event.State.CANCELLED,
    }
    return _private(render(request, "events/public/place.html", context))


def _private(response: HttpResponse) -> HttpResponse:
    response["X-Robots-Tag"] = "noindex"
    return response
