"""What helps people and search engines to find things: search, the map of the site, what robots may read."""

from __future__ import annotations

from datetime import datetime
from xml.sax.saxutils import escape

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from peelian.alerts import queries as alerts
from peelian.events import queries as events
from peelian.places import queries as places
from peelian.priorities import queries as priorities
from peelian.website import reading
from peelian.website import search as finding
from peelian.website.forms import SearchForm
from peelian.website.painted import painted

MOST_ALERTS = 1_000
# One's own pages, staff's, and addresses that are nobody else's
NOT_FOR_ROBOTS = ("/staff/", "/me/", "/m/", "/register/", "/unsubscribe/", "/search/", "/outbox/", "/q/", "/photos/")


@require_safe
@painted("search")
def search(request: HttpRequest) -> HttpResponse:
    form = SearchForm(request.GET if "q" in request.GET else None)
    asked = form.cleaned_data["q"].strip() if form.is_bound and form.is_valid() else ""
    context = {"section": "search", "form": form, "asked": asked, "results": finding.search(asked)}
    return render(request, "website/search.html", context)


@require_safe
@painted()
def sitemap(request: HttpRequest) -> HttpResponse:
    """Every public page that lasts, with the day it last changed."""
    fixed = ("home", "areas", "advice", "news", "statistics", "privacy", "accessibility")
    rows: list[tuple[str, datetime | None]] = [(reverse(f"website:{name}"), None) for name in fixed]
    rows += [(reverse(name), None) for name in ("alerts:list", "events:list", "priorities:promises", "api:open_data")]
    codes = places.neighbourhoods().values_list("code", flat=True)
    rows += [(reverse("website:area", args=[code]), None) for code in codes]
    rows += [(page.get_absolute_url(), page.changed_at) for page in reading.published()]
    rows += [(alert.get_absolute_url(), alert.sent_at) for alert in alerts.public_alerts()[:MOST_ALERTS]]
    rows += [(one.get_absolute_url(), one.changed_at) for one in priorities.public_promises()]
    rows += [(event.get_absolute_url(), event.changed_at) for event in events.public_events()]
    urls = "".join(_url(path, changed) for path, changed in rows)
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    return HttpResponse(f"{head}{urls}</urlset>\n", content_type="application/xml")


def _url(path: str, changed: datetime | None) -> str:
    said = f"<lastmod>{changed:%Y-%m-%d}</lastmod>" if changed else ""
    return f"<url><loc>{escape(settings.PEELIAN_BASE_URL + path)}</loc>{said}</url>\n"


@require_safe
@painted()
def robots(request: HttpRequest) -> HttpResponse:
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in NOT_FOR_ROBOTS)]
    lines.append(f"Sitemap: {settings.PEELIAN_BASE_URL}{reverse('website:sitemap')}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
