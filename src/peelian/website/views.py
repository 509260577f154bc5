"""The residents' shell: home, areas, privacy, accessibility. No page here reads a session or sets a cookie."""

import json
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from peelian.alerts import queries as alerts
from peelian.conversations import figures
from peelian.core.languages import in_address
from peelian.places import queries as places
from peelian.places.models import Area
from peelian.website import queries
from peelian.website.forms import AreaFilter, PostcodeForm

ALERTS_ON_HOME = 3
ALERTS_OF_AN_AREA = 25
FRESH = 30  # seconds a page may be kept: what is withdrawn is gone within the minute


@require_safe
@cache_control(public=True, max_age=FRESH)
def home(request: HttpRequest) -> HttpResponse:
    form = PostcodeForm(request.GET) if "postcode" in request.GET else PostcodeForm()
    if form.is_bound and form.is_valid() and form.neighbourhood:
        return redirect(reverse("website:area", args=[form.neighbourhood.code]) + in_address())
    latest = alerts.public_alerts()[:ALERTS_ON_HOME]
    return render(request, "website/home.html", {"section": "home", "form": form, "alerts": latest})


@require_safe
@cache_control(public=True, max_age=FRESH)
def areas(request: HttpRequest) -> HttpResponse:
    form = AreaFilter(request.GET)
    part = form.cleaned_data["q"].strip() if form.is_valid() else ""
    groups = queries.neighbourhoods_by_policing_area(part)
    context = {
        "section": "areas",
        "filter": form,
        "part": part,
        "groups": groups,
        "found": sum(len(group.areas) for group in groups),
        "clear_url": request.path if part else "",
    }
    return render(request, "website/areas.html", context)


@require_safe
def area(request: HttpRequest, code: str) -> HttpResponse:
    found = queries.public_area(code)
    above = [one for one in reversed(places.ancestors(found)) if one.kind != Area.Kind.FORCE]
    context = {
        "section": "areas",
        "area": found,
        "above": above,
        "teams": queries.teams_for(found),
        "promise": figures.in_public(found),
        "alerts": alerts.public_alerts(area=found)[:ALERTS_OF_AN_AREA],
        "outline": _outline(found),
    }
    response = render(request, "website/area.html", context)
    # A name that an officer takes back is gone at once, not when a cache forgets it
    kept: dict[str, Any] = {"no_cache": True} if settings.PEELIAN_SHOW_OFFICER_NAMES else {"max_age": FRESH}
    patch_cache_control(response, public=True, **kept)
    return response


@require_safe
@cache_control(public=True, max_age=FRESH)
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "website/privacy.html", {"wording": queries.privacy_notice()})


@require_safe
@cache_control(public=True, max_age=FRESH)
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "website/accessibility.html")


def _outline(area: Area) -> str:
    feature = {"type": "Feature", "properties": {"name": area.name}, "geometry": area.outline}
    return json.dumps({"type": "FeatureCollection", "features": [feature]})
