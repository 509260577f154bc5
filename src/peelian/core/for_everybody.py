"""Pages and files that say the same to everybody who asks.

They set no cookie and hold no form's token. Whoever fetched one may keep it for a minute, so that what is taken back is
gone within the minute, and is told shortly where it is as it was. Text is sent compressed: there is no secret in it
that its length could give away.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, Final, ParamSpec

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe

FRESH: Final = 60  # seconds
_TEXT: Final = ("text/", "application/json", "application/geo+json", "application/xml", "application/atom+xml")
P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def for_everybody(view: View[P]) -> View[P]:
    """Mark a view of such a page. It answers GET and HEAD alone."""
    kept = require_safe(cache_control(public=True, max_age=FRESH)(conditional_page(view)))

    @wraps(view)
    def answer(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        response = kept(request, *args, **kwargs)
        if isinstance(response, HttpResponse) and response.get("Content-Type", "").startswith(_TEXT):
            return _SQUEEZED.process_response(request, response)
        return response

    return answer


_SQUEEZED = GZipMiddleware(lambda request: HttpResponse())
