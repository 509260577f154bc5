"""Receipts come by the thousand a second and need nothing of what a page does: no session, cookie, language or style
policy, and no line in the log for each. They are answered before all that."""

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from peelian.delivery.views.webhooks import receive

# As in urls_public, where carriers' addresses are made from
_PATH = re.compile(r"/webhooks/([^/]+)/(?:([^/]+)/)?")


class Receipts:
    """Answers carriers at once; everything else goes on. Errors become pages as they do for any middleware."""

    def __init__(self, respond: Callable[[HttpRequest], HttpResponse]) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        found = _PATH.fullmatch(request.path_info) if request.path_info.startswith("/webhooks/") else None
        return receive(request, found[1], found[2] or "") if found else self.respond(request)
