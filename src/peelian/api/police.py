"""The force in the words of data.police.uk, so that programs written for it read us unchanged.

Its conventions are kept: coordinates and population are strings, a time has no zone and is that of a London clock,
texts are HTML, an empty text is null, lists have no pages. What it says and we do not know (senior officers, police
stations) is an empty list.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils.html import escape, linebreaks
from django.utils.text import slugify

from peelian.accounts import queries as accounts
from peelian.accounts.models import Team
from peelian.alerts.markdown import to_html
from peelian.api import errors
from peelian.core import clock
from peelian.events import queries as events
from peelian.events.models import Event
from peelian.places import queries as places
from peelian.places.models import Area
from peelian.priorities import queries as priorities

Json = dict[str, Any]
_CALLED = re.compile(
    r"^(the )?(police service of )?(the )?(?P<name>.*?)( police( service| force)?| constabulary)?$", re.IGNORECASE
)
TOPICS = ("age", "sex", "ethnic-group-5", "ethnic-group-19")  # each counts everybody who lives there
MEETINGS = frozenset(Event.Kind.values) - {Event.Kind.STALL, Event.Kind.SCHOOL, Event.Kind.OTHER}
MOST_EVENTS = 100
UNITS = 10**7  # of a degree


def force_id() -> str:
    """Leicestershire Police is leicestershire, Avon and Somerset Constabulary avon-and-somerset."""
    name = settings.PEELIAN_FORCE_NAME.strip()
    found = _CALLED.match(name)
    return slugify(found["name"] if found else name) or slugify(name) or "force"


def forces() -> list[Json]:
    return [{"id": force_id(), "name": settings.PEELIAN_FORCE_NAME}]


def force(wanted: str) -> Json:
    _must_be_ours(wanted)
    base = settings.PEELIAN_BASE_URL
    ways = [
        ("website", f"{base}/", "Alerts, areas and how to join"),
        ("rss", f"{base}/alerts/feed.atom", "The newest alerts"),
    ]
    return {
        "description": None,
        "url": f"{base}/",
        "engagement_methods": [
            {"url": url, "type": kind, "description": _html(said), "title": kind} for kind, url, said in ways
        ],
        "telephone": "101",
        "id": force_id(),
        "name": settings.PEELIAN_FORCE_NAME,
    }


def senior_officers(wanted: str) -> list[Json]:
    """Nobody: who leads the force is not kept here. data.police.uk answers so for most forces."""
    _must_be_ours(wanted)
    return []


def neighbourhoods(wanted: str) -> list[Json]:
    _must_be_ours(wanted)
    rows = places.neighbourhoods().filter(kind__in=Area.ADMINISTRATIVE).order_by("name", "code")
    return [{"id": code, "name": name} for code, name in rows.values_list("code", "name")]


def neighbourhood(wanted: str, code: str) -> Json:
    area = area_of(wanted, code)
    teams = accounts.teams_near(area)
    page = f"{settings.PEELIAN_BASE_URL}/areas/{area.code}/"
    return {
        "url_force": page,
        "contact_details": _contact(teams[0]) if teams else {},
        "name": area.name,
        "welcome_message": None,
        "links": [
            {"url": page, "title": f"{area.name}: alerts and team", "description": None},
            {"url": f"{page}feed.atom", "title": f"Alerts for {area.name} in a feed reader", "description": None},
        ],
        "centre": {"latitude": _degrees(area.latitude), "longitude": _degrees(area.longitude)},
        "locations": [],
        "description": next((_html(team.about) for team in teams if team.about), None),
        "population": str(_population(area)),
        "id": area.code,
    }


def people(wanted: str, code: str) -> list[Json]:
    """The teams' people: by name where the force and the person allow it, otherwise by what they are."""
    area = area_of(wanted, code)
    return [
        {"bio": None, "contact_details": _contact(team), "name": one.name or one.title, "rank": one.title}
        for team in accounts.teams_near(area)
        for one in accounts.public_people(team)
    ]


def events_of(wanted: str, code: str) -> list[Json]:
    """What somebody who lives there may go to, the next first; without what was cancelled."""
    rows = events.around(area_of(wanted, code)).exclude(state=Event.State.CANCELLED)
    return [
        {
            "contact_details": _contact(one.team),
            "description": str(to_html(one.summary)) or None,
            "title": one.title,
            "address": ", ".join(part for part in (one.venue, one.address, one.postcode) if part) or None,
            "type": "meeting" if one.kind in MEETINGS else "other",
            "start_date": _clock(one.starts_at),
            "end_date": _clock(one.ends_at),
        }
        for one in rows[:MOST_EVENTS]
    ]


def priorities_of(wanted: str, code: str) -> list[Json]:
    """What the list that the neighbourhood is on says to residents."""
    return [
        {
            "issue": _html(one.title),
            "issue-date": _midnight(one.opened_on),
            "action": _html(one.doing) if one.doing else None,
            "action-date": _midnight(one.reviewed_on) if one.doing else None,
        }
        for one in priorities.public_priorities(area_of(wanted, code))
    ]


def boundary(wanted: str, code: str) -> list[Json]:
    """The border, as one line that ends where it begins; of an area in several parts, that of the largest."""
    shape = places.shape(area_of(wanted, code))
    largest = max(getattr(shape, "geoms", [shape]), key=lambda part: part.area)
    return [{"latitude": _degrees(y), "longitude": _degrees(x)} for x, y in largest.exterior.coords]


def locate(point: str) -> Json:
    """The force and neighbourhood at a point, written "51.500617,-0.124629"."""
    latitude, longitude = _point(point)
    kind = settings.PEELIAN_NEIGHBOURHOOD_KIND
    holding = places.areas_holding(round(longitude * UNITS), round(latitude * UNITS), kind=kind)
    found = [area for area in holding if area.kind in Area.ADMINISTRATIVE]
    if not found:
        raise errors.NobodyThere
    return {"force": force_id(), "neighbourhood": found[-1].code}


# Parts -------------------------------------------------------------------------------------------------------------


def area_of(wanted: str, code: str) -> Area:
    """The neighbourhood of an address. Raises NoSuchForce, NoSuchNeighbourhood."""
    _must_be_ours(wanted)
    found = places.neighbourhoods().filter(code=code.replace("\x00", ""), kind__in=Area.ADMINISTRATIVE).first()
    if found is None:
        raise errors.NoSuchNeighbourhood
    return found


def _must_be_ours(wanted: str) -> None:
    if wanted.lower() != force_id():
        raise errors.NoSuchForce


def _contact(team: Team) -> Json:
    """Only what there is, as data.police.uk does; 101 where a team has no number of its own."""
    return {"telephone": team.public_phone or "101"} | ({"email": team.public_email} if team.public_email else {})


def _population(area: Area) -> int:
    """0 where no table is loaded, which is what data.police.uk says of every neighbourhood."""
    found = (places.population(area.pk, topic) for topic in TOPICS)
    return next((people.total for people in found if people), 0)


def _degrees(value: float) -> str:
    """Seven places at most, which is a centimetre; never 1e-05."""
    return f"{value:.7f}".rstrip("0").rstrip(".")


def _clock(moment: datetime) -> str:
    return moment.astimezone(clock.LONDON).strftime("%Y-%m-%dT%H:%M:%S")


def _midnight(day: date | None) -> str | None:
    return f"{day.isoformat()}T00:00:00" if day else None


def _html(text: str) -> str:
    return str(linebreaks(escape(text.strip())))


def _point(text: str) -> tuple[float, float]:
    parts = text.split(",")
    try:
        latitude, longitude = (float(part) for part in parts)
    except ValueError:
        raise errors.BadQuestion("Say where as ?q=latitude,longitude, such as ?q=51.500617,-0.124629.") from None
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):  # nan is in no range either
        raise errors.BadQuestion("A latitude is from -90 to 90, a longitude from -180 to 180.")
    return latitude, longitude
