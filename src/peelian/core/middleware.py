import re
import uuid
from collections.abc import Callable

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import patch_vary_headers

from peelian.core.errors import Gone, NotFound, RuleBroken
from peelian.core.languages import may_choose, may_say
from peelian.core.views import unavailable

Respond = Callable[[HttpRequest], HttpResponse]
log = structlog.get_logger("peelian.web")
_GIVEN_ID = re.compile(r"[A-Za-z0-9-]{8,36}")


class RequestId:
    """Give each request an id (a proxy's X-Request-ID if it is sound), put it on every log line and on the response."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        request_id = given if _GIVEN_ID.fullmatch(given) else str(uuid.uuid4())
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        response = self.respond(request)
        response["X-Request-ID"] = request_id
        if not request.path.startswith(("/static/", "/healthz", "/readyz")):
            route = request.resolver_match.route if request.resolver_match else "none"
            log.info("request", method=request.method, route=route, status=response.status_code)
        return response


class Language:
    """Residents' own pages in the language they chose with ?lang=, which a cookie keeps, or else that of their browser,
    where we have a catalogue for it. Public pages, which caches keep for everybody, look at the address alone."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not may_choose(request.path):
            return self._as_the_address_says(request)
        asked = request.GET.get("lang", "").lower()
        known = dict(settings.LANGUAGES)
        language = asked if asked in known else translation.get_language_from_request(request)
        with translation.override(language):
            response = self.respond(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        if asked in known:
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME,
                asked,
                max_age=settings.LANGUAGE_COOKIE_AGE,
                secure=settings.LANGUAGE_COOKIE_SECURE,
                httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
                samesite="Lax",
            )
        return response

    def _as_the_address_says(self, request: HttpRequest) -> HttpResponse:
        """Neither the cookie nor the browser's languages: each address has one content."""
        said = "lang=" in request.META.get("QUERY_STRING", "") and may_say(request.path)
        asked = request.GET.get("lang", "").lower() if said else ""
        if asked not in dict(settings.LANGUAGES):
            return self.respond(request)
        with translation.override(asked):
            response = self.respond(request)
        response.headers.setdefault("Content-Language", asked)
        return response


class Problems:
    """The one place that turns our errors into pages."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.respond(request)

    def process_exception(self, request: HttpRequest, problem: Exception) -> HttpResponse | None:
        if isinstance(problem, NotFound):
            return render(request, "errors/404.html", status=404)
        if isinstance(problem, Gone):
            return render(request, "errors/410.html", {"reason": str(problem)}, status=410)
        if isinstance(problem, RuleBroken):
            layout = "layouts/staff.html" if request.path.startswith("/staff/") else "layouts/public.html"
            said = {"heading": translation.gettext(problem.heading), "sentence": str(problem), "layout": layout}
            return render(request, "layouts/message.html", said, status=problem.status)
        if isinstance(problem, OperationalError | InterfaceError):
            return unavailable(request)
        return None
