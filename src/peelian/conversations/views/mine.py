"""A resident's own conversations, behind a code sent to the address they belong to: to read, to write again, to begin
one. Where a thread is sensitive this is the only place where its answers stand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from peelian.accounts.queries import nearest_team
from peelian.contacts.models import Address
from peelian.contacts.queries import masked
from peelian.conversations import actions, letters, promise, queries, tokens
from peelian.conversations.errors import LinkRefused
from peelian.conversations.forms_public import AgainForm, CodeForm, MessageForm
from peelian.conversations.models import Message
from peelian.conversations.views.writing import about
from peelian.core import clock, limits
from peelian.core.errors import RuleBroken
from peelian.members import actions as members
from peelian.members import queries as member_queries
from peelian.members import sessions
from peelian.members.door import actor, signed_in
from peelian.members.errors import CodeRefused
from peelian.members.models import Member

GET_OR_POST = ["GET", "HEAD", "POST"]
AN_HOUR = timedelta(hours=1)
CODES_FROM_A_NETWORK, TRIES_FROM_A_NETWORK = 30, 60
SHOWN = 50


class Reader:
    """Who signed in with a code: an address, and the member it is, where it is one."""

    def __init__(self, address_id: int, member: Member | None) -> None:
        self.address_id, self.member = address_id, member

    @property
    def audit_actor(self) -> tuple[str, int | None, str]:
        return ("member", self.member.pk if self.member else None, "signed in")


def with_code(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Pass on whoever has shown a code, a member or not; households say first who they are."""

    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **given: Any) -> HttpResponse:
        address = sessions.address_id(request)
        if address is None:
            return redirect("members:sign_in")
        member = sessions.member(request, address)
        if member is None and len(member_queries.member_for_address(address)) > 1:
            return redirect("members:who")
        return view(request, Reader(address, member), *args, **given)

    return guarded


@require_safe
@with_code
def listed(request: HttpRequest, reader: Reader) -> HttpResponse:
    rows = list(queries.threads_of_resident(reader.address_id, reader.member)[:SHOWN])
    return render(request, "conversations/mine/list.html", {"rows": rows, "is_member": reader.member is not None})


@require_http_methods(GET_OR_POST)
@with_code
def thread(request: HttpRequest, reader: Reader, pk: int) -> HttpResponse:
    found = queries.thread_of_resident(reader.address_id, reader.member, pk)
    form = AgainForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            actions.write_again(thread_id=found.pk, text=form.cleaned_data["text"], how=Message.How.CODE, by=reader)
        except RuleBroken as problem:
            form.add_error("text", str(problem))
        else:
            messages.success(request, _("Your message is with the %(team)s.") % {"team": found.team.name})
            return _sent(found.pk)
    due = promise.due_in_words(found.due_at, clock.now()) if found.due_at else None
    context = {"thread": found, "said": queries.said_in(found), "form": form, "due": due}
    context["reached"] = "sent" in request.GET and request.method != "POST"
    return render(request, "conversations/mine/thread.html", context)


def _sent(pk: int) -> HttpResponse:
    """To the conversation, which says that the message has arrived."""
    return redirect(reverse("conversations:mine_thread", args=[pk]) + "?sent=1")


@require_http_methods(GET_OR_POST)
@signed_in
def write(request: HttpRequest, member: Member) -> HttpResponse:
    """Begin a conversation with the team of where the member lives."""
    team = nearest_team(member.area)
    address = sessions.address_id(request)
    if team is None or address is None:
        return redirect("conversations:mine")
    form = MessageForm(request.POST if request.method == "POST" else None, initial={"language": member.language})
    if form.is_valid():
        try:
            begun = actions.open_or_continue(
                team=team,
                subject=letters.subject_of(member.area, team),
                about="",
                text=form.cleaned_data["text"],
                address_id=address,
                member_id=member.pk,
                how=Message.How.CODE,
                by=actor(member),
                language=form.cleaned_data["language"],
            )
        except RuleBroken as problem:
            form.add_error("text", str(problem))
        else:
            messages.success(request, _("Your message is with the %(team)s.") % {"team": team.name})
            return _sent(begun.pk)
    return render(request, "conversations/mine/write.html", {"form": form, "member": member, **about(team)})


# Reading what is sensitive --------------------------------------------------------------------------------------------


@never_cache
@require_http_methods(GET_OR_POST)
def read(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the link in a message that only says that there is an answer: it sends a code to the address of
    the thread, and to no other."""
    thread_id, address = _address(token)
    if sessions.address_id(request) == address.pk:
        return redirect("conversations:mine_thread", pk=thread_id)
    if request.method == "POST":
        limits.limit(f"code-network-{sessions.network(request)}", most=CODES_FROM_A_NETWORK, window=AN_HOUR)
        request.session[sessions.CODE] = members.send_code(address=address)
        request.session[sessions.TRIES] = 0
        return redirect("conversations:code", token=token)
    return _private(render(request, "conversations/mine/read.html", {"sent_to": masked(address)}))


@never_cache
@require_http_methods(GET_OR_POST)
def code(request: HttpRequest, token: str) -> HttpResponse:
    thread_id, address = _address(token)
    if not request.session.get(sessions.CODE):
        return redirect("conversations:read", token=token)
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        limits.limit(f"try-network-{sessions.network(request)}", most=TRIES_FROM_A_NETWORK, window=AN_HOUR)
        try:
            shown = members.use_code(code_id=request.session[sessions.CODE], figures=form.cleaned_data["code"])
        except CodeRefused as problem:
            form.add_error("code", str(problem))
        else:
            sessions.sign_in(request, shown.pk)
            return redirect("conversations:mine_thread", pk=thread_id)
    return _private(render(request, "conversations/mine/code.html", {"form": form, "sent_to": masked(address)}))


def _address(token: str) -> tuple[int, Address]:
    thread_id, address_id = tokens.read(token)
    address = Address.objects.filter(pk=address_id).first()
    if address is None:
        raise LinkRefused
    return thread_id, address


def _private(response: HttpResponse) -> HttpResponse:
    response["X-Robots-Tag"] = "noindex"
    return response
