"""Pages of the website itself: painted once for everybody (core.painting), and counted where they are sent."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from peelian.core import painting
from peelian.website import visits

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def painted(page: str = "") -> Callable[[View[P]], Callable[..., HttpResponseBase]]:
    """Mark a view as one that says the same to everybody. PAGE is what visits to it are counted under, with the words
    of the address in it ("area:{code}"); without one they are not counted."""

    def mark(view: View[P]) -> Callable[..., HttpResponseBase]:
        kept = painting.painted(view)

        @wraps(view)
        def answer(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            found = kept(request, *args, **kwargs)
            if page and found.status_code in (200, 304) and request.method == "GET":
                visits.count(request, page.format(**kwargs))
            return found

        return answer

    return mark
