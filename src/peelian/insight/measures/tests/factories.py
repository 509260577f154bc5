"""Measures and observations for tests: plain, and the least that works."""

from __future__ import annotations

from typing import Any

from peelian.core.periods import Period
from peelian.insight.measures import actions
from peelian.insight.measures.keeping import Given, keep
from peelian.insight.models import MeasureDefinition
from peelian.places.models import Area


def make_measure(code: str = "burglary", **given: Any) -> MeasureDefinition:
    """The current definition of a new measure: a monthly count."""
    said = {
        "aim": "Reductions in burglary",
        "name": f"Recorded {code}",
        "definition": "Offences recorded in the period.",
        "unit": "offences",
        "numerator": "Offences",
        "source": "The force",
        "good": "down",
    }
    measure = actions.make_measure(by=None, code=code, **(said | given))
    return MeasureDefinition.objects.get(measure=measure, current=True)


def observe(
    definition: MeasureDefinition,
    first: str,
    figures: list[Any],
    *,
    area: Area | None = None,
    status: str = "final",
    **more: Any,
) -> None:
    """Figures of periods that follow one another from FIRST on: numerators, or pairs with their denominators. None is
    "no update"."""
    period, rows = Period.parse(first), []
    for figure in figures:
        top, base = figure if isinstance(figure, tuple) else (figure, None)
        value = top if base is None else definition.value_of(top, base)
        rows.append(
            Given(
                definition, area.pk if area else None, period.start, period.end, top, base, value,
                "no-update" if figure is None else status, **more,
            )
        )  # fmt: skip
        period = after(period)
    keep(rows, source="test", by=None)


def after(period: Period) -> Period:
    """The one that follows; years follow one another by the month they end with."""
    if period.kind == "month":
        return Period.month_of(period.after)
    if period.kind == "quarter":
        return Period.quarter(period.after.year, period.after.month // 3 + 1)
    return Period.year_to(period.after.year, period.after.month)
