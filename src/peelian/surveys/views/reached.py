"""What holds for every page that a questionnaire's link opens. The forms need no cookie: the token in the address is
the secret, which only the link holds. A GET changes nothing. Nothing is kept by caches, indexed or passed on."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from peelian.core import languages
from peelian.core.errors import Gone, NotFound, RuleBroken
from peelian.surveys.doors import Door, door, language_of
from peelian.surveys.models import Survey

View = Callable[..., HttpResponse]
PIECE, MOST_READ = 64 * 1024, 20_000_000  # bytes


def by_link(view: View) -> View:
    """The view is given the Door behind the token; what is refused becomes a page with one sentence."""

    @csrf_exempt
    @require_http_methods(["GET", "HEAD", "POST"])
    @cache_control(private=True, no_store=True)
    @wraps(view)
    def guarded(request: HttpRequest, token: str, **given: Any) -> HttpResponse:
        return answered(request, lambda: _opened(request, view, door(token), **given))

    return guarded


def _opened(request: HttpRequest, view: View, found: Door, **given: Any) -> HttpResponse:
    with languages.reading(asked_in(request, found.survey)):
        return answered(request, lambda: view(request, found, **given))


def asked_in(request: HttpRequest, survey: Survey) -> str:
    """The language that the questions are asked in: what the address says, else what the browser asks for; empty for
    English."""
    if said := request.GET.get("lang", ""):
        return language_of(survey, said)
    for part in request.headers.get("Accept-Language", "").split(","):
        code = languages.base(part.partition(";")[0].strip())
        if code == "en":
            return ""
        if found := language_of(survey, code):
            return found
    return ""


def answered(request: HttpRequest, make: Callable[[], HttpResponse]) -> HttpResponse:
    try:
        response = make()
    except NotFound as problem:
        response = plain(request, _("That link does not work"), str(problem), 404)
    except Gone as problem:
        response = plain(request, _("This survey has closed"), str(problem), 410)
    except RuleBroken as problem:
        response = plain(request, _("That cannot be done now"), str(problem), 409)
    except RequestDataTooBig:
        _read_to_the_end(request)
        said = _("What you sent is far too long for us. What you answered before it is kept. Go back and shorten it.")
        response = plain(request, _("That is too long"), said, 413)
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"
    return response


def plain(request: HttpRequest, heading: str, sentence: str, status: int) -> HttpResponse:
    return render(request, "surveys/public/plain.html", {"heading": heading, "sentence": sentence}, status=status)


def _read_to_the_end(request: HttpRequest) -> None:
    """Take in what still comes and forget it: a server that hangs up midway shows no page at all."""
    for _piece in range(MOST_READ // PIECE):
        if not request.read(PIECE):
            return
