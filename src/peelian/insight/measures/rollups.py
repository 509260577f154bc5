"""Observations of the measures that Peelian computes, kept by the hourly refresh.

A month is provisional until the next one is over and final from then on; what changes afterwards is kept as a revision.
Each refresh looks at the last two whole months, the first one at two years. What is counted as it stands is kept for
the month that has just ended and not computed again.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.backends.utils import CursorWrapper

from peelian.core import clock
from peelian.core.measures import Measure, Observation, measures
from peelian.core.periods import Period, last_whole_month
from peelian.insight.measures import actions, computed, computed_crime  # noqa: F401 (register their measures)
from peelian.insight.measures.keeping import Given, keep
from peelian.insight.models import MeasureDefinition
from peelian.insight.models import Observation as Row
from peelian.insight.rollups import Rollup, rollups

NAME = "measures.observations"
FIRST_TIME, LATER = 24, 2  # months
SOURCE = "Computed by Peelian"
STANDS_FOR = timedelta(days=7)  # what is counted as it stands is that of the month before only so long


def refresh(cursor: CursorWrapper, since: datetime | None) -> None:
    """Keep what has changed."""
    actions.keep_registered()
    current = MeasureDefinition.objects.filter(current=True, measure__computed=True).select_related("measure")
    by_code = {row.measure.code: row for row in current}
    newest = last_whole_month(clock.today())
    periods = [newest]
    for _ in range((LATER if since else FIRST_TIME) - 1):
        periods.insert(0, periods[0].previous())
    for code, measure in measures.items():
        if measure.compute is not None and code in by_code:
            for period in _asked(measure, by_code[code], periods, since):
                keep(observed(measure, by_code[code], period, newest), source=SOURCE, by=None)


def _asked(
    measure: Measure, definition: MeasureDefinition, periods: list[Period], since: datetime | None
) -> Sequence[Period]:
    if measure.changed_since is not None:
        return measure.changed_since(since)
    return _as_it_stands(definition, periods[-1]) if measure.as_it_stands else periods


def _as_it_stands(definition: MeasureDefinition, newest: Period) -> list[Period]:
    """The month that has just ended, once; none where it is too long over to be told from today's figure."""
    there = Row.objects.filter(measure_id=definition.measure_id, start=newest.start, end=newest.end).exists()
    return [] if there or clock.today() > newest.end + STANDS_FOR else [newest]


def observed(measure: Measure, definition: MeasureDefinition, period: Period, newest: Period) -> list[Given]:
    """What was in one period, for the force and its areas."""
    assert measure.compute is not None
    found: dict[int | None, Observation] = {}
    force = measure.compute(period, None)
    if force is not None:
        found[None] = force
    if measure.compute_areas is not None:
        found |= dict(measure.compute_areas(period).items())
    settled = period != newest or measure.as_it_stands or measure.changed_since is not None
    status = Row.Status.FINAL if settled else Row.Status.PROVISIONAL
    return [_given(measure, definition, period, area_id, one, status) for area_id, one in found.items()]


def _given(
    measure: Measure, definition: MeasureDefinition, period: Period, area_id: int | None, one: Observation, status: str
) -> Given:
    return Given(
        definition, area_id, period.start, period.end, one.numerator, one.denominator, measure.value(one),
        Row.Status.NO_UPDATE if one.status == "no-update" else status, one.note,
    )  # fmt: skip


rollups.add(Rollup(NAME, refresh))
