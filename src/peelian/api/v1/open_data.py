"""What everybody may read: the force, areas, teams, alerts."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from peelian.accounts import queries as accounts
from peelian.accounts.models import Team
from peelian.alerts import queries as alerts
from peelian.alerts import translated
from peelian.alerts.enclosed import enclosures
from peelian.alerts.models import Alert
from peelian.alerts.reading import html_of
from peelian.api import errors, geojson
from peelian.api.v1 import paging, schemas
from peelian.api.v1.router import router
from peelian.members import queries as members
from peelian.members.models import Topic
from peelian.places import queries as places
from peelian.places.models import Area

KINDS = [str(kind) for kind in Area.ADMINISTRATIVE]
MAP = {"responses": {200: {"content": {geojson.MEDIA_TYPE: {"schema": {"type": "object", "required": ["type"]}}}}}}


def public_area(code: str) -> Area:
    """An area of which anything is public. Raises NoSuchArea."""
    found = places.area(code)
    if found.kind not in Area.ADMINISTRATIVE:
        raise places.NoSuchArea(f"There is no area of the code {code}.")
    return found


@router.get("/force", response=schemas.Force, summary="The force")
def force(request: HttpRequest) -> dict[str, Any]:
    return {
        "name": settings.PEELIAN_FORCE_NAME,
        "service": settings.PEELIAN_SERVICE_NAME,
        "website": f"{settings.PEELIAN_BASE_URL}/",
        "report_online": settings.PEELIAN_REPORT_URL,
        "languages": [code for code, _ in settings.LANGUAGES],
    }


@router.get("/areas", response=schemas.AreaPage, summary="Areas")
def list_areas(
    request: HttpRequest, kind: schemas.AreaKind | None = None, parent: schemas.Code = "", cursor: schemas.Cursor = ""
) -> dict[str, Any]:
    """Of one kind, or directly in the area PARENT, or all."""
    rows = places.current_areas(kind).filter(kind__in=KINDS).select_related("parent").defer("outline")
    if parent:
        rows = rows.filter(parent=public_area(parent))
    found, following = paging.by_key(request, rows, cursor)
    return {"items": [_area(one) for one in found], "next": following}


@router.get("/areas.geojson", response=None, summary="Areas on a map", openapi_extra=MAP)
def map_of_areas(request: HttpRequest, kind: schemas.AreaKind | None = None) -> HttpResponse:
    """Borders, simplified for maps (RFC 7946), of one kind: unless said otherwise of neighbourhoods."""
    wanted = kind or settings.PEELIAN_NEIGHBOURHOOD_KIND
    rows = places.current_areas(wanted).filter(kind__in=KINDS).select_related("parent").order_by("code")
    return geojson.answer([(one.outline, _area(one)) for one in rows])


@router.get("/areas/{code}", response=schemas.Area, summary="One area")
def one_area(request: HttpRequest, code: str) -> dict[str, Any]:
    return _area(public_area(code))


def _area(area: Area) -> dict[str, Any]:
    return {
        "code": area.code,
        "name": area.name,
        "kind": area.kind,
        "parent": area.parent.code if area.parent else None,
        "longitude": area.longitude,
        "latitude": area.latitude,
        "page": f"{settings.PEELIAN_BASE_URL}/areas/{area.code}/",
    }


@router.get("/teams", response=schemas.TeamPage, summary="Neighbourhood teams")
def list_teams(request: HttpRequest, area: schemas.Code = "", cursor: schemas.Cursor = "") -> dict[str, Any]:
    """All, or those of an area: its own, else those of the nearest area above it."""
    rows = accounts.public_teams()
    if area:
        rows = rows.filter(pk__in=[one.pk for one in accounts.teams_near(public_area(area))])
    found, following = paging.by_key(request, rows, cursor)
    return {"items": [_team(one) for one in found], "next": following}


@router.get("/teams/{slug}", response=schemas.Team, summary="One team")
def one_team(request: HttpRequest, slug: str) -> dict[str, Any]:
    found = accounts.public_teams().filter(slug=slug).first()
    if found is None:
        raise errors.NoSuchTeam
    return _team(found)


def _team(team: Team) -> dict[str, Any]:
    return {
        "slug": team.slug,
        "name": team.name,
        "organisation": team.organisation.slug,
        "about": team.about,
        "email": team.public_email or None,
        "phone": team.public_phone or None,
        "areas": [brief(area) for area in team.areas.all() if area.kind in KINDS],
    }


def brief(area: Area) -> dict[str, str]:
    return {"code": area.code, "name": area.name}


@router.get("/alert-types", response=list[schemas.AlertType], summary="Types of alerts")
def list_types(request: HttpRequest) -> list[Topic]:
    return list(members.topics())


@router.get("/alerts", response=schemas.AlertPage, summary="Alerts")
def list_alerts(
    request: HttpRequest,
    area: schemas.Code = "",
    type: schemas.Slug = "",  # noqa: A002 (the name of the parameter)
    q: schemas.Words = "",
    cursor: schemas.Cursor = "",
) -> dict[str, Any]:
    """What stands now, newest first: of an area (with those above and below it), of a type, with words in it."""
    topic = _topic(type) if type else None
    rows = alerts.public_alerts(area=public_area(area) if area else None, topic=topic, q=q)
    rows = rows.select_related("first").prefetch_related("translations", enclosures())
    found, following = paging.by_time(request, rows, "sent_at", cursor)
    return {"items": [_alert(one) for one in found], "next": following}


@router.get(
    "/alerts/{ref}",
    response=schemas.Alert,
    summary="One alert",
    openapi_extra={"x-more": [410]},
    operation_id="one_alert",
)
def one_alert(request: HttpRequest, ref: str) -> dict[str, Any]:
    """410 with the reason after it was withdrawn."""
    return _alert(alerts.public_alert(ref))


def _topic(slug: str) -> Topic:
    found = members.topics().filter(slug=slug).first()
    if found is None:
        raise errors.NoSuchType
    return found


def _alert(alert: Alert) -> dict[str, Any]:
    ended = alert.has_ended
    shown = sorted((one.area for one in alert.areas.all()), key=lambda area: (area.name, area.code))
    return {
        "ref": alert.ref,
        "title": alert.title,
        "type": alert.topic,
        "priority": alert.priority,
        "team": alert.team.slug,
        "areas": [brief(area) for area in shown if area.kind in KINDS],
        "sent_at": alert.sent_at,
        "ends_on": alert.ends_on,
        "relation": alert.relation,
        "first": alert.first.ref if alert.first else None,
        "recalled": alert.state == Alert.State.RECALLED,
        "happening": None if ended else alert.happening,
        "doing": None if ended else alert.doing,
        "can_do": None if ended else alert.can_do,
        "outcome": alert.outcome or None,
        "html": str(html_of(alert)),
        "languages": [] if ended else [one.language for one in translated.shown(alert)],
        "page": settings.PEELIAN_BASE_URL + alert.get_absolute_url(),
    }
