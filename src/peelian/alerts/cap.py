"""Urgent alerts in the Common Alerting Protocol 1.2 (OASIS, 2010), for systems that collect warnings.

An update or correction is an Update that names what it follows; a withdrawal is a Cancel, in place of the page's 410,
so that whoever took the alert in takes it out again. How urgent, severe and certain it is, cap_values says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from peelian.alerts import queries, translated
from peelian.alerts.cap_values import grades
from peelian.alerts.markdown import to_text
from peelian.alerts.models import Alert
from peelian.alerts.translated import Said
from peelian.core import clock
from peelian.core.for_everybody import for_everybody
from peelian.core.languages import ENGLISH
from peelian.places.models import Area

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
MEDIA_TYPE = "application/cap+xml"
# By type of alert; others: Security
CATEGORIES = {
    "road-safety": "Transport",
    "missing-person": "Rescue",
    "crime-prevention": "Safety",
    "residential-storm": "Met",
}
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, production 2
Element = ElementTree.Element


@for_everybody
def cap(request: HttpRequest, ref: str) -> HttpResponse:
    """NoSuchAlert for what is not urgent, besides what has no public page."""
    return HttpResponse(message(queries.urgent_alert(ref)), content_type=f"{MEDIA_TYPE}; charset=utf-8")


def message(alert: Alert) -> bytes:
    """The whole message."""
    root = Element("alert", xmlns=NAMESPACE)
    cancelled = alert.state == Alert.State.WITHDRAWN
    sent = alert.withdrawn_at if cancelled else alert.sent_at
    assert sent is not None
    _add(root, "identifier", _identifier(alert, cancelled=cancelled))
    _add(root, "sender", settings.PEELIAN_MAIL_FROM)
    _add(root, "sent", _moment(sent))
    _add(root, "status", "Actual")
    _add(root, "msgType", "Cancel" if cancelled else "Update" if alert.relation else "Alert")
    _add(root, "scope", "Public")
    if cancelled:
        _add(root, "note", alert.withdrawn_reason)
    if earlier := [alert] if cancelled else _earlier(alert):
        _add(root, "references", " ".join(_reference(one) for one in earlier))
    if not cancelled:
        areas = [shown.area for shown in alert.areas.select_related("area").order_by("area__name")]
        for said in _said(alert):
            root.append(_info(alert, said, areas))
    written: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _info(alert: Alert, said: Said, areas: list[Area]) -> Element:
    """What it says, in one language."""
    info = Element("info")
    slug = alert.topic.slug if alert.topic else ""
    _add(info, "language", "en-GB" if said.language == ENGLISH else said.language)
    _add(info, "category", CATEGORIES.get(slug, "Security"))
    _add(info, "event", alert.topic.name if alert.topic else "Alert")
    for name, value in grades(alert)._asdict().items():
        _add(info, name, value)
    if alert.ends_on is not None:
        _add(info, "expires", _moment(clock.london(alert.ends_on + timedelta(days=1), time(0))))
    _add(info, "senderName", f"{settings.PEELIAN_FORCE_NAME}, {alert.team.name}")
    _add(info, "headline", said.title)
    for name, text in _texts(alert, said):
        _add(info, name, text)
    _add(info, "web", settings.PEELIAN_BASE_URL + alert.get_absolute_url())
    _add(info, "contact", alert.team.public_phone or "101")
    for area in areas:
        info.append(_area(area))
    if not areas:
        _add(_add(info, "area", ""), "areaDesc", settings.PEELIAN_FORCE_NAME)
    return info


def _texts(alert: Alert, said: Said) -> Iterator[tuple[str, str]]:
    """Once it has ended, only what came of it may still be read."""
    if alert.has_ended:
        parts = {"description": [alert.outcome], "instruction": []}
    else:
        outcome = alert.outcome if said.language == ENGLISH else ""
        parts = {
            "description": [said.texts["happening"], said.texts["doing"], outcome],
            "instruction": [said.texts["can_do"]],
        }
    for name, given in parts.items():
        if text := "\n\n".join(to_text(one) for one in given if one.strip()):
            yield name, text


def _said(alert: Alert) -> list[Said]:
    """In English, and in the languages that its page offers."""
    shown = [] if alert.has_ended else translated.shown(alert)
    others = (translated.said_in(alert, one.language) for one in shown)
    return [translated.original(alert), *(one for one in others if one is not None)]


def _earlier(alert: Alert) -> list[Alert]:
    """What it follows: the first and all that followed it before, in order of time; also where the page is gone."""
    if not alert.relation:
        return []
    return [
        one for one in queries.urgent_family(alert) if one.sent_at and alert.sent_at and one.sent_at < alert.sent_at
    ]


def _identifier(alert: Alert, *, cancelled: bool = False) -> str:
    """Unique in the world by our own name; without spaces, commas, < and &."""
    host = urlsplit(settings.PEELIAN_BASE_URL).netloc
    return f"{host}:{alert.ref}{':cancel' if cancelled else ''}"


def _reference(alert: Alert) -> str:
    assert alert.sent_at is not None
    return f"{settings.PEELIAN_MAIL_FROM},{_identifier(alert)},{_moment(alert.sent_at)}"


def _area(area: Area) -> Element:
    found = Element("area")
    _add(found, "areaDesc", area.name)
    for ring in _outer_rings(area.outline):
        _add(found, "polygon", " ".join(f"{y:.5f},{x:.5f}" for x, y, *_ in ring))
    code = _add(found, "geocode", "")
    _add(code, "valueName", "area")
    _add(code, "value", area.code)
    return found


def _outer_rings(outline: Any) -> list[Any]:
    """A polygon of CAP has no holes; an area in several parts has several."""
    kind, given = outline.get("type"), outline.get("coordinates") or []
    polygons = {"Polygon": [given], "MultiPolygon": given}.get(kind, [])
    return [polygon[0] for polygon in polygons if polygon and len(polygon[0]) >= 4]


def _add(above: Element, name: str, text: str) -> Element:
    found = ElementTree.SubElement(above, name)
    found.text = _NO_XML.sub("", text) or None
    return found


def _moment(at: datetime) -> str:
    """With an offset and without fractions, as the standard wants it."""
    return at.astimezone(clock.LONDON).replace(microsecond=0).isoformat()
