"""The residents' shell: home, areas, privacy, accessibility. No page here reads a session or sets a cookie."""

from __future__ import annotations

import json
from functools import partial
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from peelian.accounts import queries as accounts
from peelian.alerts import holdout
from peelian.alerts import queries as alerts
from peelian.conversations import figures
from peelian.core import clock, files
from peelian.core.charts import csv_asked_for
from peelian.core.languages import in_address
from peelian.core.painting import only_while
from peelian.events import queries as events
from peelian.insight.kept import kept
from peelian.places import queries as places
from peelian.places.models import Area
from peelian.places.outlines import light
from peelian.priorities import queries as priorities
from peelian.website import neighbourhood, queries, reading
from peelian.website import statistics as doing
from peelian.website.forms import AreaFilter, PostcodeForm
from peelian.website.painted import painted

ALERTS_ON_HOME = 3
NEWS_ON_HOME = 2
ALERTS_OF_AN_AREA = 5
EVENTS_OF_AN_AREA = 4
PROMISES_OF_AN_AREA = 4
FIGURES = ("panels.alerts", "reach.stages", "crime.counts")  # the rollups that a page's figures follow from


@require_safe
@painted("home")
def home(request: HttpRequest) -> HttpResponse:
    form = PostcodeForm(request.GET) if "postcode" in request.GET else PostcodeForm()
    if form.is_bound and form.is_valid():
        return redirect(_found(form))
    latest = alerts.public_alerts()[:ALERTS_ON_HOME]
    context = {"section": "home", "form": form, "alerts": latest, "news": reading.news()[:NEWS_ON_HOME]}
    return render(request, "website/home.html", context)


def _found(form: PostcodeForm) -> str:
    """The page of the neighbourhood that was asked for, or the list of those that it may be."""
    if form.neighbourhood is not None:
        return reverse("website:area", args=[form.neighbourhood.code]) + in_address()
    asked = {"q": form.cleaned_data["postcode"]} | ({"lang": in_address().code} if in_address() else {})
    return f"{reverse('website:areas')}?{urlencode(asked)}"


@require_safe
@painted("areas")
def areas(request: HttpRequest) -> HttpResponse:
    form = AreaFilter(request.GET)
    part = form.cleaned_data["q"].strip() if form.is_valid() else ""
    groups = queries.neighbourhoods_by_policing_area(part)
    if part and not groups and (there := queries.neighbourhood_of(part)):
        return redirect(reverse("website:area", args=[there.code]) + in_address())
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
@painted("areas:map")
def areas_map(request: HttpRequest) -> HttpResponse:
    """All neighbourhoods on a map. Where somebody is, their browser finds out by itself: we are not told."""
    return render(request, "website/areas_map.html", {"section": "areas"})


@require_safe
@painted()
def outlines(request: HttpRequest) -> HttpResponse:
    """The borders that the map draws."""
    drawn = places.neighbourhoods().exclude(outline=None)
    return JsonResponse(light(drawn), safe=False, json_dumps_params={"separators": (",", ":"), "ensure_ascii": False})


@require_safe
@painted("area:{code}")
def area(request: HttpRequest, code: str) -> HttpResponseBase:
    found = queries.public_area(code)
    if "csv" in request.GET:
        crime = neighbourhood.crime_in(found)
        if (file := csv_asked_for(request, *([crime.chart] if crime else []))) is not None:
            return file
    above = list(reversed(places.ancestors(found)))
    teams = queries.teams_for(found, above)
    shown = list(alerts.public_alerts(area=found)[: ALERTS_OF_AN_AREA + 1])
    context = {
        "section": "areas",
        "area": found,
        "above": [one for one in above if one.kind != Area.Kind.FORCE],
        "teams": teams,
        "promise": figures.in_public(found),
        "alerts": shown[:ALERTS_OF_AN_AREA],
        "more_alerts": len(shown) > ALERTS_OF_AN_AREA,
        "priorities": priorities.public_priorities(found),
        "promises": list(priorities.public_promises_first_overdue(found)[:PROMISES_OF_AN_AREA]),
        "events": list(events.around(found)[:EVENTS_OF_AN_AREA]),
        "figures": figures_of(found),
        "outline": _outline(found),
    }
    response = render(request, "website/area.html", context)
    if settings.PEELIAN_SHOW_OFFICER_NAMES:
        # A name that an officer takes back is gone at once, not when a cache forgets it
        keys = [team.pk for team in teams]
        only_while(response, partial(_are_still, keys, accounts.names_shown(keys)))
    return response


def _are_still(keys: list[int], names: str) -> bool:
    return settings.PEELIAN_SHOW_OFFICER_NAMES and accounts.names_shown(keys) == names


def figures_of(area: Area) -> SafeString:
    """The part of an area's page that follows from what insight keeps: painted once after each refresh."""

    bare = HttpRequest()
    bare.GET = QueryDict(in_address().removeprefix("?"))

    def paint() -> str:
        context = {
            "area": area,
            "rated": neighbourhood.rated(area),
            "reached": neighbourhood.reached(area),
            "crime": neighbourhood.crime_in(area),
            "force_name": settings.PEELIAN_FORCE_NAME,
            "in_language": in_address(),
            "request": bare,  # for the address of the figures' file: the page's own, with nothing of who asks
        }
        return render_to_string("website/area_figures.html", context)

    asked = (area.pk, area.name, get_language(), clock.today())
    return mark_safe(kept("website.figures", asked, FIGURES, paint))  # noqa: S308  a template's own words


@require_safe
@painted()
def photo(request: HttpRequest, key: str) -> HttpResponse:
    """A photograph of a team, or of somebody who is shown by name; gone as soon as either is taken back."""
    response = files.show(accounts.photo(key))
    only_while(response, partial(_may_be_seen, key))
    return response


def _may_be_seen(key: str) -> bool:
    return accounts.has_photo(key)


@require_safe
@painted("statistics")
def statistics(request: HttpRequest) -> HttpResponse:
    context = {
        "section": "statistics",
        "force_figures": doing.of_the_force(),
        "places": doing.by_policing_area(),
        "days": doing.ANSWERED_OVER,
        "promised": doing.promised(),
    }
    return render(request, "website/statistics.html", context)


@require_safe
@painted("privacy")
def privacy(request: HttpRequest) -> HttpResponse:
    context = {
        "wording": queries.privacy_notice(),
        "holdout": holdout.decision(),
        "held_out_days": holdout.KEPT.days,
    }
    return render(request, "website/privacy.html", context)


@require_safe
@painted("accessibility")
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "website/accessibility.html")


def _outline(area: Area) -> str:
    feature = {"type": "Feature", "properties": {"name": area.name}, "geometry": area.outline}
    return json.dumps({"type": "FeatureCollection", "features": [feature]})
