"""Registration: short pages, one question each, and the link in the email that ends them. No script is needed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from peelian.core import limits
from peelian.members import actions, queries, sessions, tokens
from peelian.members.forms import ADULT, TEENAGER, UNDER_13, AgeForm, AnswersForm, ChoicesForm, ContactForm
from peelian.members.models import Wording
from peelian.members.views.posted import posted

A_DAY, AN_HOUR = timedelta(days=1), timedelta(hours=1)
FROM_A_NETWORK, FOR_AN_ADDRESS = 30, 3
GET_OR_POST = ["GET", "HEAD", "POST"]


@never_cache
@require_http_methods(GET_OR_POST)
def start(request: HttpRequest) -> HttpResponse:
    """The privacy notice, and the age question before anything else is asked."""
    form = AgeForm(posted(request))
    if form.is_valid():
        age = form.cleaned_data["age"]
        if age == UNDER_13:
            request.session.pop(sessions.JOINING, None)
            return render(request, "members/join/too_young.html", {"section": "join"})
        request.session[sessions.JOINING] = {"age": age, "wording": queries.wording("privacy").pk}
        return redirect("members:register_contact")
    return _page(request, "start", form, {"wording": queries.wording("privacy")})


@never_cache
@require_http_methods(GET_OR_POST)
def contact(request: HttpRequest) -> HttpResponse:
    joining = request.session.get(sessions.JOINING)
    if joining is None:
        return redirect("members:register")
    form = ContactForm(posted(request), young=joining["age"] == TEENAGER, initial=joining.get("contact"))
    if form.is_valid():
        if form.cleaned_data["website"]:
            return _done(request)  # a program: it learns nothing
        given = {name: value for name, value in form.cleaned_data.items() if name != "website"}
        request.session[sessions.JOINING] = joining | {"contact": given}
        return redirect("members:register_choices")
    return _page(request, "contact", form)


@never_cache
@require_http_methods(GET_OR_POST)
def choices(request: HttpRequest) -> HttpResponse:
    joining = request.session.get(sessions.JOINING)
    if joining is None or "contact" not in joining:
        return redirect("members:register")
    young = joining["age"] == TEENAGER
    form = ChoicesForm(posted(request), young=young)
    if form.is_valid():
        joining = joining | {"choices": form.chosen()}
        if young:
            return _register(request, joining, {})
        request.session[sessions.JOINING] = joining
        return redirect("members:register_questions")
    return _page(request, "choices", form)


@never_cache
@require_http_methods(GET_OR_POST)
def questions(request: HttpRequest) -> HttpResponse:
    """Equality questions: adults alone, each free to leave."""
    joining = request.session.get(sessions.JOINING)
    if joining is None or "choices" not in joining or joining["age"] != ADULT:
        return redirect("members:register")
    form = AnswersForm(posted(request))
    if request.method == "POST" and form.is_valid():
        return _register(request, joining, form.cleaned_data)
    return _page(request, "questions", form)


def _register(request: HttpRequest, joining: dict[str, Any], answers: dict[str, Any]) -> HttpResponse:
    limits.limit(f"register-network-{sessions.network(request)}", most=FROM_A_NETWORK, window=AN_HOUR)
    contact = joining["contact"]
    times = limits.count(f"register-address-{sessions.key_of(contact['email'])}", window=A_DAY)
    if times <= FOR_AN_ADDRESS:  # more often nothing more is sent, and the page says the same
        actions.register(
            **contact,
            **joining["choices"],
            wording=Wording.objects.get(pk=joining["wording"]),
            young=joining["age"] == TEENAGER,
            answers=answers,
            campaign=sessions.campaign(request),
        )
    return _done(request)


def _done(request: HttpRequest) -> HttpResponse:
    request.session.pop(sessions.JOINING, None)
    return redirect("members:register_sent")


@never_cache
@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    return render(request, "members/join/sent.html", {"section": "join"})


def _page(request: HttpRequest, step: str, form: Form, more: dict[str, Any] | None = None) -> HttpResponse:
    young = (request.session.get(sessions.JOINING) or {}).get("age") == TEENAGER
    steps = ["start", "contact", "choices"] + ([] if young else ["questions"])
    context = {"section": "join", "form": form, "young": young, "step": steps.index(step) + 1, "steps": len(steps)}
    return render(request, f"members/join/{step}.html", context | (more or {}))


@never_cache
@require_http_methods(GET_OR_POST)
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the link in the email. Mail programs open links by themselves, so only the button confirms; the
    page shows nothing of the person, since mail is forwarded."""
    if request.method == "POST":
        actions.confirm(token=token)
        response = render(request, "members/join/confirmed.html", {"section": "join"})
    else:
        tokens.read(token)
        response = render(request, "members/join/confirm.html", {"section": "join"})
    response["X-Robots-Tag"] = "noindex"
    return response
