"""What follows from an audience once it is frozen: the areas whose pages show the alert, and how many by each
channel."""

from __future__ import annotations

from typing import Any

import shapely
from django.db import connection

from peelian.alerts import holdout
from peelian.alerts.audience import clauses_of, selection
from peelian.alerts.models import Alert, AlertArea
from peelian.members.models import CHANNELS
from peelian.places import queries as places
from peelian.places.geometry import drawn_polygon, to_units
from peelian.places.models import Area

TOUCHES = 1e-10  # square degrees, about a square metre: less than that is a border in common


def recipients_by_channel(alert: Alert) -> dict[str, int]:
    """How many addresses the audience has by channel; an address shared by a household counts once."""
    sql, values = holdout.without(alert, selection(alert).rows_sql())
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT channel, count(*) FROM ({sql}) q GROUP BY channel", values)
        found = dict(cursor.fetchall())
    return {name: found[bit] for name, bit in CHANNELS.items() if found.get(bit)}


def areas_shown(alert: Alert) -> set[int]:
    """The administrative areas the alert is about. A drawing and areas of other kinds become the neighbourhoods
    they touch; an update shows where its first does; an audience without a place shows where the sending team
    works, or force-wide."""
    if alert.first_id is not None:
        return set(AlertArea.objects.filter(alert=alert.first_id).values_list("area_id", flat=True))
    found: set[int] = set()
    away: set[int] = set()
    for raw in clauses_of(alert.audience):
        if raw.get("effect") == "include":
            found |= _areas_of(raw)
        elif raw.get("effect") == "exclude" and raw.get("kind") == "areas":
            away |= places.with_descendants(_known(raw).values_list("pk", flat=True))
    if not found:
        found = _bound_by(alert) or set(alert.team.areas.values_list("pk", flat=True)) or _whole_force()
    return found - away


def _bound_by(alert: Alert) -> set[int]:
    """For groups and languages: the place that an "only people in" condition names."""
    clauses = [raw for raw in clauses_of(alert.audience) if raw.get("effect") == "must"]
    return set().union(*(_areas_of(raw) for raw in clauses))


def _areas_of(raw: dict[str, Any]) -> set[int]:
    if raw.get("kind") == "everybody":
        return _whole_force()
    if raw.get("kind") == "polygon":
        return _touched(drawn_polygon(raw.get("polygon") or {}))
    if raw.get("kind") != "areas":
        return set()
    found: set[int] = set()
    for area in _known(raw):
        found |= {area.pk} if area.kind in Area.ADMINISTRATIVE else _touched(places.shape(area))
    return found


def _known(raw: dict[str, Any]) -> Any:
    return places.current_areas().filter(code__in=[str(value) for value in raw.get("values") or []])


def _whole_force() -> set[int]:
    force = places.force()
    return {force.pk} if force else set()


def _touched(shape: Any) -> set[int]:
    """The neighbourhoods that a shape lies over; touching along a border is not enough."""
    west, south, east, north = shape.bounds
    (low_x, low_y), (high_x, high_y) = to_units(west, south), to_units(east, north)
    near = places.neighbourhoods().filter(west__lte=high_x, east__gte=low_x, south__lte=high_y, north__gte=low_y)
    return {area.pk for area in near if shapely.intersection(places.shape(area), shape).area > TOUCHES}
