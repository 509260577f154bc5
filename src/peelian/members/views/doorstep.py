"""Joining at the door: one page that works without script, and without a signal once it has been opened with script.

The page's script keeps sign-ups on the phone, sealed (members.sealing), and sends them to `send`. `state` and `key`
give it, and the pages at the door of other programmes, what they need of a signed-in session (members.waiting)."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from peelian.accounts import device
from peelian.accounts.door import StaffRequest, needs
from peelian.core import limits
from peelian.core.errors import RuleBroken
from peelian.core.fields import plain_errors
from peelian.members import actions, doorstep, queries_doorstep, sealing, waiting
from peelian.members.errors import NotOpened, NotReadable
from peelian.members.forms_doorstep import SENTENCES, SignUpForm
from peelian.members.models import DoorstepKey, DoorstepSignUp
from peelian.members.receivers import KEYS
from peelian.members.views.posted import posted
from peelian.members.waiting import Entry

STAYS = ("street", "campaign")  # from one person to the next, in the address


@require_http_methods(["GET", "HEAD", "POST"])
@needs("doorstep.work")
def page(request: StaffRequest) -> HttpResponse:
    """The form. Without script it is sent as it stands; its number makes a second press harmless."""
    initial = {name: request.GET[name] for name in STAYS if request.GET.get(name, "").isdigit()}
    if "campaign" in initial and "street" not in initial:
        initial["source"] = DoorstepSignUp.Source.EVENT
    form = SignUpForm(request.user, posted(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        if not form.cleaned_data["id"]:
            raise NotReadable
        actions.sign_up_at_the_door(id=form.cleaned_data["id"], given=form.given(), by=request.user)
        messages.success(request, "Signed up. One message is on its way, and they join when they say yes to it.")
        return redirect(_again(request, form))
    context = {"form": form, "sentences": json.dumps(SENTENCES)} | waiting.kept(request)
    return render(request, "members/doorstep/page.html", context)


def _again(request: StaffRequest, form: SignUpForm) -> str:
    """The page for the next person, in the same street and for the same campaign."""
    stays = {name: form.cleaned_data[name].pk for name in STAYS if form.cleaned_data[name]}
    here = reverse("members_staff:doorstep")
    return f"{here}?{urlencode(stays)}" if stays else here


@require_safe
@needs("doorstep.work")
def worker(request: StaffRequest) -> HttpResponse:
    """The service worker that keeps the page."""
    return waiting.worker(reverse("members_staff:doorstep"), "members/doorstep.js")


@require_GET
@needs("doorstep.work")
def state(request: StaffRequest) -> HttpResponse:
    """Which of the keys that the phone holds are this person's and still open something, and a token to send with.
    From now on they end when this session is signed out."""
    held = waiting.numbers(request.GET.get("held", "").split(",")[:100])
    mine = queries_doorstep.live_keys(request.user, held)
    _note(request, mine)
    return JsonResponse({"token": get_token(request), "mine": [str(key.pk) for key in mine]})


@require_POST
@needs("doorstep.work")
def key(request: StaffRequest) -> HttpResponse:
    """A new key for this phone: its public half, which seals and does not open."""
    made = actions.make_key(by=request.user)
    _note(request, [made])
    half = sealing.public_half(salt=bytes(made.salt), staff_id=request.user.pk, key_id=made.pk)
    ends = int((made.made_at + doorstep.KEPT).timestamp() * 1000)
    response = JsonResponse({"id": str(made.pk), "half": half, "ends": ends})
    device.note(response, request.user)
    return response


def _note(request: StaffRequest, keys: list[DoorstepKey]) -> None:
    noted = request.session.get(KEYS, [])
    new = [str(key.pk) for key in keys if str(key.pk) not in noted]
    if new:
        request.session[KEYS] = [*noted, *new][-50:]


@require_POST
@needs("doorstep.work")
def send(request: StaffRequest) -> HttpResponse:
    """Sign-ups from the phone, each with its answer: `done` (now or before), `wrong` with what was typed and the
    sentence beside each field, `later`, or `lost` when nobody can open it any more."""
    entries = waiting.entries(request)
    known = queries_doorstep.received(request.user, [entry.number for entry in entries])
    answers = [{"id": str(entry.number)} | _answer(request, entry, known) for entry in entries]
    return JsonResponse({"answers": answers})


def _answer(request: StaffRequest, entry: Entry, known: set[UUID]) -> dict[str, Any]:
    if entry.number in known:
        return {"now": "done"}
    try:
        typed, saved = entry.opened(request.user)
    except NotOpened as problem:
        return {"now": "lost", "sentence": str(problem)}
    wrong = {"now": "wrong", "at": reverse("members_staff:doorstep"), "typed": typed}
    form = SignUpForm(request.user, typed)
    if not form.is_valid():
        return wrong | {"errors": {bound.name: plain_errors(bound) for bound in form if bound.errors}}
    try:
        actions.sign_up_at_the_door(id=entry.number, given=form.given(), by=request.user, agreed_at=saved)
    except limits.TooMany as problem:
        return {"now": "later", "sentence": str(problem)}
    except RuleBroken as problem:
        return wrong | {"errors": {"": [str(problem)]}}
    return {"now": "done"}
