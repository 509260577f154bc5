"""What editors write, as everybody reads it: pages, advice, news and their pictures."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from peelian.alerts.markdown import to_html
from peelian.core import files, keyset
from peelian.core.languages import ENGLISH, direction, in_address, is_english
from peelian.website import reading
from peelian.website.feeds import NewsFeed
from peelian.website.forms import SearchForm
from peelian.website.models import Page, Version
from peelian.website.painted import painted

OPENER = "noopener"  # our own links say where somebody came from, so that arrivals can be told from reading on


def shown(page: Page, said: Version) -> dict[str, Any]:
    """What the page's template says."""
    picture = said.picture
    return {
        "section": page.kind,
        "page": page,
        "said": said,
        "body": to_html(said.body, 2, OPENER),
        "picture": picture,
        "picture_url": settings.PEELIAN_BASE_URL + reverse("website:picture", args=[picture.key]) if picture else "",
        "language": ENGLISH if is_english(page.language) else page.language,
        "direction": direction(page.language),
        "address": settings.PEELIAN_BASE_URL + page.get_absolute_url(),
        "up": {"news": reverse("website:news"), "advice": reverse("website:advice"), "page": "/"}[page.kind],
    }


@require_safe
@painted("page:{slug}")
def page(request: HttpRequest, slug: str) -> HttpResponse:
    return _page(request, Page.Kind.PAGE, slug)


@require_safe
@painted("news:{slug}")
def news_item(request: HttpRequest, slug: str) -> HttpResponse:
    return _page(request, Page.Kind.NEWS, slug)


@require_safe
@painted("advice:{slug}")
def advice_page(request: HttpRequest, slug: str) -> HttpResponse:
    return _page(request, Page.Kind.ADVICE, slug)


def _page(request: HttpRequest, kind: str, slug: str) -> HttpResponse:
    found = reading.page(kind, slug)
    assert found.live is not None  # of what is published
    return render(request, "website/page.html", shown(found, found.live))


@require_safe
@painted("advice")
def advice(request: HttpRequest) -> HttpResponse:
    """ "Your options": who deals with what, under headings."""
    context = {"section": "advice", "sections": reading.advice(), "form": SearchForm()}
    return render(request, "website/advice.html", context)


@require_safe
@painted("news")
def news(request: HttpRequest) -> HttpResponse:
    rows = keyset.page(reading.news(), "published_at", request.GET.get("page", ""), size=12)
    kept = {"lang": code} if (code := in_address().code) else {}
    context = {
        "section": "news",
        "rows": rows.rows,
        "previous_url": f"?{urlencode(kept | {'page': rows.previous})}" if rows.previous else "",
        "next_url": f"?{urlencode(kept | {'page': rows.next})}" if rows.next else "",
    }
    return render(request, "website/news.html", context)


@require_safe
@painted()
def news_feed(request: HttpRequest) -> HttpResponse:
    return NewsFeed()(request)


@require_safe
@painted()
def picture(request: HttpRequest, key: str) -> HttpResponse:
    """A picture of a page that is published; a minute after it is not, it is gone."""
    return files.show(reading.picture(key))
