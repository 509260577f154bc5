"""A neighbourhood's alerts, priorities, promises and meetings as a frame for somebody else's website, and the page that
gives the code for it. No cookie, no script, nothing that tracks; the frame may stand on any https website, and only
this page may."""

from __future__ import annotations

from typing import Any

from csp.constants import NONE, SELF
from csp.decorators import csp
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.clickjacking import xframe_options_exempt

from peelian.alerts import queries as alerts
from peelian.core.for_everybody import for_everybody
from peelian.core.languages import in_address
from peelian.events import queries as events
from peelian.places import queries as places
from peelian.places.models import Area
from peelian.priorities import queries as priorities

ALERTS, EVENTS, PRIORITIES, PROMISES = 5, 3, 3, 3  # shown at most
LOOKS = ("light", "dark")
HEIGHT = 640  # CSS pixels that the code suggests
FRAME = (
    '<iframe src="{}" title="{}" width="100%" height="{}" loading="lazy"'
    ' sandbox="allow-popups allow-popups-to-escape-sandbox" referrerpolicy="no-referrer"></iframe>'
)
POLICY: dict[str, Any] = {
    "default-src": [NONE],
    "style-src": [SELF],
    "img-src": [SELF],
    "base-uri": [NONE],
    "form-action": [NONE],
    "frame-ancestors": ["https:"],
}


def _area(code: str) -> Area:
    found = places.area(code.replace("\x00", ""))
    if found.kind not in Area.ADMINISTRATIVE:
        raise places.NoSuchArea
    return found


@for_everybody
@xframe_options_exempt
@csp(POLICY)  # type: ignore[arg-type]
def frame(request: HttpRequest, code: str) -> HttpResponse:
    area = _area(code)
    look = request.GET.get("look", "")
    context = {
        "area": area,
        "alerts": alerts.public_alerts(area=area)[:ALERTS],
        "events": events.around(area)[:EVENTS],
        "priorities": priorities.public_priorities(area)[:PRIORITIES],
        "promises": priorities.public_promises_first_overdue(area)[:PROMISES],
        "base": settings.PEELIAN_BASE_URL,
        "look": look if look in LOOKS else "",
    }
    return render(request, "api/embed.html", context)


@for_everybody
def code(request: HttpRequest, code: str) -> HttpResponse:
    area = _area(code)
    look = request.GET.get("look", "")
    query = "&".join(part for part in (in_address().removeprefix("?"), f"look={look}" if look in LOOKS else "") if part)
    address = settings.PEELIAN_BASE_URL + reverse("api:embed", args=[area.code]) + (f"?{query}" if query else "")
    frame = format_html(FRAME, address, f"{area.name}: {settings.PEELIAN_FORCE_NAME}", HEIGHT)
    return render(request, "api/embed_code.html", {"area": area, "address": address, "code": str(frame)})
