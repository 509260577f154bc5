"""What stands before every address under /api/: how large, how often, from which website, and how it is kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

import structlog
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import conditional_page

from peelian.api import problems, tokens
from peelian.core import limits
from peelian.core.errors import PeelianError
from peelian.members import sessions

log = structlog.get_logger("peelian.api")
View = Callable[..., HttpResponse]
LARGEST = 1_000_000  # bytes of a body
MOST_A_MINUTE = 300  # questions from one network without a token
FRESH = 30  # seconds a public answer may be kept: what is withdrawn is gone within the minute


def door(view: View) -> View:
    """Guard one address. A body that is too large is refused by its announced length, before a byte of it is read."""
    answered = conditional_page(view)

    @csrf_exempt  # nothing here looks at a cookie
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            response = _refusal(request) or answered(request, *args, **kwargs)
        except PeelianError as problem:
            response = problems.of(problem)
        except (OperationalError, InterfaceError):
            log.error("database unavailable; see DATABASE_URL")
            response = problems.problem(503, "The database does not answer. Try again in a minute.", Retry_After="60")
        return _marked(request, response)

    return guarded


def read_only(view: View) -> View:
    """The same for an address that only answers GET."""

    @wraps(view)
    def reading(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return problems.problem(405, "This address answers GET alone.", Allow="GET, HEAD")
        return view(request, *args, **kwargs)

    return door(reading)


def _refusal(request: HttpRequest) -> HttpResponse | None:
    try:
        announced = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return problems.problem(400, "The length of the body could not be read.")
    if announced > LARGEST:
        return problems.problem(413, f"The body is larger than {LARGEST:,} bytes. Send less at once.")
    if not tokens.identify(request):  # else the token is counted
        limits.limit(f"api:{sessions.network(request)}", most=MOST_A_MINUTE, window=timedelta(minutes=1))
    return None


def _marked(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Open data may be read from any website; what a token opens is kept by nobody."""
    if "Authorization" in request.headers:
        response["Cache-Control"] = "private, no-store"
    else:
        response["Access-Control-Allow-Origin"] = "*"
        if not response.has_header("Cache-Control"):
            response["Cache-Control"] = f"public, max-age={FRESH}"
    patch_vary_headers(response, ("Authorization",))
    return response
