"""The pages behind the link in a text that asks for a new email address. They show nothing of the person: not a name,
not the address that died."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from peelian.core import limits
from peelian.members import actions, sessions, tokens
from peelian.members.errors import CodeRefused, SameAddress
from peelian.members.forms import CodeForm, NewEmailForm
from peelian.members.views.posted import posted

GET_OR_POST = ["GET", "HEAD", "POST"]
FROM_A_NETWORK = 30  # an hour
REPAIR = "member_repair"  # in the session: token, number of the code, address as typed


@never_cache
@require_http_methods(GET_OR_POST)
def begin(request: HttpRequest, token: str) -> HttpResponse:
    tokens.read_repair(token)
    form = NewEmailForm(posted(request))
    if form.is_valid():
        limits.limit(f"repair-network-{sessions.network(request)}", most=FROM_A_NETWORK, window=timedelta(hours=1))
        try:
            number = actions.begin_repair(token=token, email=form.cleaned_data["email"])
        except SameAddress as problem:
            form.add_error("email", str(problem))
        else:
            request.session[REPAIR] = [token, number, form.cleaned_data["email"]]
            return redirect("members:repair_code", token)
    return _page(request, "begin", {"form": form})


@never_cache
@require_http_methods(GET_OR_POST)
def code(request: HttpRequest, token: str) -> HttpResponse:
    begun, number, email = request.session.get(REPAIR) or ["", 0, ""]
    if begun != token:
        return redirect("members:repair", token)
    form = CodeForm(posted(request))
    if form.is_valid():
        limits.limit(f"try-network-{sessions.network(request)}", most=FROM_A_NETWORK * 2, window=timedelta(hours=1))
        try:
            actions.finish_repair(token=token, code_id=number, figures=form.cleaned_data["code"])
        except CodeRefused as problem:
            form.add_error("code", str(problem))
        else:
            request.session.pop(REPAIR)
            return redirect("members:repaired")
    return _page(request, "code", {"form": form, "contact": email, "token": token})


@never_cache
@require_safe
def done(request: HttpRequest) -> HttpResponse:
    return _page(request, "done", {})


def _page(request: HttpRequest, name: str, context: dict[str, object]) -> HttpResponse:
    response = render(request, f"members/repair/{name}.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response
