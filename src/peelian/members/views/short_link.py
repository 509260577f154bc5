"""The short link on posters and cards."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from peelian.members import queries_campaigns, sessions


@never_cache
@require_safe
def follow(request: HttpRequest, code: str) -> HttpResponse:
    """To the registration pages, which remember what brought the visitor. A code that has ended works as before, and so
    does one that was mistyped: whoever wants to join is never turned away by a poster."""
    campaign = queries_campaigns.campaign_by_code(code)
    if campaign is not None and request.method == "GET":
        sessions.keep_campaign(request, campaign)
    response = redirect("members:register")
    response["X-Robots-Tag"] = "noindex"
    return response
