"""Views of public pages that stand in lower apps, kept or not (core.painting), which know nothing of counting. Pages
of the website itself are counted by website.painted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse

from peelian.website import visits

# URL name → what its views are counted under, with the words of the address in it
COUNTED: Final = {
    "alerts:list": "alerts",
    "alerts:page": "alert:{ref}",
    "events:list": "events",
    "events:page": "event:{ref}",
    "priorities:promises": "promises",
    "priorities:promise": "promise:{ref}",
    "members:register": "join",
    "conversations:write": "write",
}


class Visits:
    """Counts what was shown; asks nothing of session or database."""

    def __init__(self, respond: Callable[[HttpRequest], HttpResponse]) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.respond(request)
        found = request.resolver_match
        if found is not None and request.method == "GET" and response.status_code in (200, 304):
            page = COUNTED.get(found.view_name)
            if page:
                visits.count(request, page.format(**found.kwargs))
        return response
