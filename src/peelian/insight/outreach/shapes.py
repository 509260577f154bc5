"""Shapes drawn on the map to plan outreach within: of a team, seen by whoever sees the team."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import shapely
from django.db import transaction
from django.db.models import QuerySet

from peelian.accounts import queries as accounts
from peelian.accounts.models import Staff, Team
from peelian.audit.actions import record
from peelian.core import clock
from peelian.insight.models import OutreachPlace, OutreachShape
from peelian.insight.outreach.errors import NoSuchShape
from peelian.insight.outreach.planner import Somewhere
from peelian.places import queries as places
from peelian.places.geometry import Area as Geometry
from peelian.places.geometry import snap


def shapes_for(staff: Staff) -> QuerySet[OutreachShape]:
    return OutreachShape.objects.filter(team__in=accounts.teams_in_scope(staff)).select_related("team", "drawn_by")


def shape_for(staff: Staff, pk: int) -> OutreachShape:
    """Raises NoSuchShape."""
    found = shapes_for(staff).filter(pk=pk).first()
    if found is None:
        raise NoSuchShape
    return found


@transaction.atomic
def save_shape(*, name: str, team: Team, parts: Sequence[Geometry], by: Staff) -> OutreachShape:
    """PARTS together under a name; one that the team has already now means these."""
    joined = snap(shapely.union_all(list(parts)))
    given = {"geometry": json.loads(shapely.to_geojson(joined)), "drawn_by": by, "drawn_at": clock.now()}
    row, _ = OutreachShape.objects.update_or_create(name=name.strip(), team=team, defaults=given)
    record("outreach_shape.saved", "outreach_shape", row.pk, by=by, parts=len(parts))
    return row


@transaction.atomic
def remove_shape(*, shape: OutreachShape, by: Staff) -> None:
    """Plans made within it stay as they are."""
    record("outreach_shape.removed", "outreach_shape", shape.pk, by=by)
    shape.delete()


def inside(shape: OutreachShape, known: Sequence[Somewhere]) -> list[Somewhere]:
    """The small areas that lie mostly in a shape, whole, and the streets and venues whose point does."""
    geometry: Any = shapely.from_geojson(json.dumps(shape.geometry))
    units = {pk for pk, _ in places.small_areas(geometry)}
    return [
        one for one in known
        if (one.small_area_id in units if one.kind == OutreachPlace.Kind.SMALL_AREA
            else shapely.intersects_xy(geometry, *one.at))
    ]  # fmt: skip
