"""Signing in: six figures, or the link beside them, sent to a contact point of the member's."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from peelian.contacts.models import Address
from peelian.contacts.queries import masked
from peelian.core import limits
from peelian.members import actions, queries, sessions
from peelian.members.actions.codes import MOST_TRIES
from peelian.members.door import signed_in
from peelian.members.errors import CodeRefused, NoMoreTries
from peelian.members.forms import CodeForm, SignInForm, WhoForm
from peelian.members.models import Member
from peelian.members.views.posted import posted

GET_OR_POST = ["GET", "HEAD", "POST"]
CODES_FROM_A_NETWORK = 30  # an hour
TRIES_FROM_A_NETWORK = 60


@never_cache
@require_http_methods(GET_OR_POST)
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for a code. The answer is the same whether or not we know the contact point."""
    form = SignInForm(posted(request))
    if form.is_valid():
        return _send_code(request, form.cleaned_data["contact"], form.cleaned_data["contact"])
    return render(request, "members/me/sign_in.html", {"form": form})


@never_cache
@require_http_methods(GET_OR_POST)
def code(request: HttpRequest) -> HttpResponse:
    if sessions.CODE not in request.session:
        return redirect("members:sign_in")
    form = CodeForm(posted(request))
    if form.is_valid():
        limits.limit(f"try-network-{sessions.network(request)}", most=TRIES_FROM_A_NETWORK, window=timedelta(hours=1))
        try:
            address = _try(request, form.cleaned_data["code"])
        except CodeRefused as problem:
            form.add_error("code", str(problem))
        else:
            return _enter(request, address)
    context = {"form": form, "contact": request.session.get(sessions.CONTACT, "")}
    return render(request, "members/me/code.html", context)


def _send_code(request: HttpRequest, contact: str, shown: str) -> HttpResponse:
    limits.limit(f"code-network-{sessions.network(request)}", most=CODES_FROM_A_NETWORK, window=timedelta(hours=1))
    request.session[sessions.CODE] = actions.ask_for_code(contact=contact)
    request.session[sessions.CONTACT] = shown
    request.session[sessions.TRIES] = 0
    return redirect("members:code")


def _enter(request: HttpRequest, address: Address) -> HttpResponse:
    """The code or link was right. A member of a household who only proved it anew stays who they said they were."""
    who, onward = request.session.get(sessions.MEMBER), request.session.pop(sessions.NEXT, "")
    again = request.session.get(sessions.ADDRESS) == address.pk
    sessions.sign_in(request, address.pk)
    if again and who is not None:
        request.session[sessions.MEMBER] = who
    return redirect(onward if again and onward else "members:me")


@require_http_methods(GET_OR_POST)
@signed_in
def sign_in_again(request: HttpRequest, member: Member) -> HttpResponse:
    """What comes next asks for a fresh code, to the address they signed in with; one press sends it."""
    address = Address.objects.get(pk=sessions.address_id(request) or 0)
    if request.method == "POST":
        return _send_code(request, address.value, masked(address))
    return render(request, "members/me/sign_in_again.html", {"masked": masked(address)})


@never_cache
@require_http_methods(GET_OR_POST)
def link(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the link beside a code. Mail programs and scanners open links by themselves, so that only the
    button signs in; until then it says the same whatever the link is worth."""
    if request.method == "POST":
        limits.limit(f"try-network-{sessions.network(request)}", most=TRIES_FROM_A_NETWORK, window=timedelta(hours=1))
        return _enter(request, actions.use_link(token=token))
    response = render(request, "members/me/link.html")
    response["X-Robots-Tag"] = "noindex"
    return response


def _try(request: HttpRequest, figures: str) -> Any:
    """Tries are counted here too, so that a code that was never sent behaves like one that was."""
    tries = request.session[sessions.TRIES] = request.session.get(sessions.TRIES, 0) + 1
    if tries > MOST_TRIES:
        raise NoMoreTries
    if not request.session[sessions.CODE]:
        raise CodeRefused
    return actions.use_code(code_id=request.session[sessions.CODE], figures=figures)


@never_cache
@require_http_methods(GET_OR_POST)
def who(request: HttpRequest) -> HttpResponse:
    """An address shared by a household: who of them is this? First names only."""
    address = sessions.address_id(request)
    among = queries.signing_in(address) if address is not None else []
    if not among:
        sessions.sign_out(request)
        return redirect("members:sign_in")
    form = WhoForm(among, posted(request))
    if form.is_valid():
        request.session[sessions.MEMBER] = form.cleaned_data["member"]
        return redirect("members:me")
    return render(request, "members/me/who.html", {"form": form})


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    sessions.sign_out(request)
    messages.success(request, _("You are signed out."))
    return redirect("members:sign_in")
