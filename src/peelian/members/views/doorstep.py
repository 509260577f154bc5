"""Joining at the door: one page that works without script, and without a signal once it has been opened with script.

The page's script keeps sign-ups on the phone, sealed (members.sealing), and sends them to `send`; `state` and `key`
give it what it needs of a signed-in session. `shell` is the page without anybody's name, and `worker` the service
worker that keeps it. docs/security.md says who could want what of the phone."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from peelian.accounts import device
from peelian.accounts.door import StaffRequest, needs
from peelian.core import limits
from peelian.core.errors import RuleBroken
from peelian.core.fields import plain_errors
from peelian.members import actions, doorstep, queries_doorstep, sealing
from peelian.members.errors import NotOpened, NotReadable
from peelian.members.forms_doorstep import SENTENCES, SignUpForm
from peelian.members.models import DoorstepKey, DoorstepSignUp
from peelian.members.receivers import KEYS
from peelian.members.views.posted import posted

STAYS = ("street", "campaign")  # from one person to the next, in the address
AT_ONCE = 20  # sign-ups in one answer

FILES = (
    "core/mark.svg", "core/peelian.css", "core/peelian.js", "members/doorstep.css", "members/doorstep.js",
    "members/doorstep_queue.js", "vendor/govuk-frontend/govuk-frontend.min.css",
    "vendor/govuk-frontend/govuk-frontend.min.js",
)  # fmt: skip


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
    return render(request, "members/doorstep/page.html", {"form": form, "sentences": json.dumps(SENTENCES)})


def _again(request: StaffRequest, form: SignUpForm) -> str:
    """The page for the next person, in the same street and for the same campaign."""
    stays = {name: form.cleaned_data[name].pk for name in STAYS if form.cleaned_data[name]}
    here = reverse("members_staff:doorstep")
    return f"{here}?{urlencode(stays)}" if stays else here


@require_safe
@needs("doorstep.work")
def shell(request: StaffRequest) -> HttpResponse:
    """The page as the phone may keep it: nobody's name, no token of the session, no message."""
    context = {"form": SignUpForm(request.user), "sentences": json.dumps(SENTENCES), "shell": True, "person": None}
    context |= {"navigation": [], "messages": []}
    return render(request, "members/doorstep/page.html", context)


@require_safe
@needs("doorstep.work")
def worker(request: StaffRequest) -> HttpResponse:
    """The service worker, with the names of the files that it keeps. Served from here, because a worker looks after
    nothing above its own address."""
    given = {
        "page": reverse("members_staff:doorstep"),
        "shell": reverse("members_staff:doorstep_shell"),
        "files": [static(name) for name in FILES],
    }
    script = f"const GIVEN = {json.dumps(given)};\nimportScripts({json.dumps(static('members/doorstep_worker.js'))});\n"
    return HttpResponse(script, content_type="text/javascript; charset=utf-8")


@require_GET
@needs("doorstep.work")
def state(request: StaffRequest) -> HttpResponse:
    """Which of the keys that the phone holds are this person's and still open something, and a token to send with.
    From now on they end when this session is signed out."""
    held = _numbers(request.GET.get("held", "").split(",")[:100])
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
    entries = _entries(request)
    known = queries_doorstep.received(request.user, [number for number, _ in entries])
    answers = [{"id": str(number)} | _answer(request, number, entry, known) for number, entry in entries]
    return JsonResponse({"answers": answers})


def _entries(request: StaffRequest) -> list[tuple[UUID, dict[str, str]]]:
    try:
        given = json.loads(request.body)["entries"][:AT_ONCE]
        return [(UUID(entry["id"]), {name: str(value) for name, value in entry.items()}) for entry in given]
    except (ValueError, KeyError, TypeError, AttributeError):
        raise NotReadable from None


def _answer(request: StaffRequest, number: UUID, entry: dict[str, str], known: set[UUID]) -> dict[str, Any]:
    if number in known:
        return {"now": "done"}
    try:
        typed, saved = _opened(request, number, entry)
    except NotOpened as problem:
        return {"now": "lost", "sentence": str(problem)}
    form = SignUpForm(request.user, typed)
    if not form.is_valid():
        return {
            "now": "wrong",
            "typed": typed,
            "errors": {bound.name: plain_errors(bound) for bound in form if bound.errors},
        }
    try:
        actions.sign_up_at_the_door(id=number, given=form.given(), by=request.user, agreed_at=saved)
    except limits.TooMany as problem:
        return {"now": "later", "sentence": str(problem)}
    except RuleBroken as problem:
        return {"now": "wrong", "typed": typed, "errors": {"": [str(problem)]}}
    return {"now": "done"}


def _opened(request: StaffRequest, number: UUID, entry: dict[str, str]) -> tuple[dict[str, Any], datetime]:
    """What was typed, by field, and when it was saved. Raises NotOpened."""
    for key_id in _numbers([entry.get("key", "")]):
        live = queries_doorstep.live_key(request.user, key_id)
        plain = sealing.opened(
            salt=bytes(live.salt), staff_id=request.user.pk, key_id=live.pk, entry_id=number,
            theirs=entry.get("half", ""), nonce=entry.get("nonce", ""), sealed=entry.get("sealed", ""),
        )  # fmt: skip
        try:
            said = json.loads(plain)
            return dict(said["typed"]), datetime.fromisoformat(said["saved"])
        except (ValueError, KeyError, TypeError):
            break
    raise NotOpened


def _numbers(texts: list[str]) -> list[UUID]:
    found = []
    for text in texts:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found
