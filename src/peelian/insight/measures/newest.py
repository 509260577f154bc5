"""The newest figure of a measure, for programmes below that work towards a target (core.measures.kept_figures)."""

from __future__ import annotations

from peelian.core.measures import Kept
from peelian.insight.measures import listing, queries
from peelian.insight.measures.errors import NoSuchMeasure
from peelian.insight.models import Observation
from peelian.places.models import Area


def newest(code: str, area_id: int | None) -> Kept | None:
    """Of a force-wide figure AREA_ID is None."""
    try:
        definition = queries.definition(code)
    except NoSuchMeasure:
        return None
    area = Area.objects.filter(pk=area_id).first() if area_id is not None else None
    if area_id is not None and area is None:
        return None
    points = [one for one in queries.observations(definition.measure, area) if one.value is not None]
    if not points:
        return None
    last = points[-1]
    assert last.value is not None
    provisional = last.status == Observation.Status.PROVISIONAL
    return Kept(last.value, listing.said(definition, last.value), last.period.label(), provisional)
