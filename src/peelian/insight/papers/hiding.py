"""What a paper for the public does not tell: numbers under five, and those that would give them away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from peelian.core.suppression import small, suppress
from peelian.insight.measures.series import Point
from peelian.insight.models import MeasureDefinition, Observation

SAID = "Fewer than five, so not told."


def points(definition: MeasureDefinition, given: Sequence[Point]) -> list[Point]:
    """A series without what rests on fewer than five: such a count, a share with such a side."""
    return [_hidden(point) if _tells(definition, point) else point for point in given]


def _tells(definition: MeasureDefinition, point: Point) -> bool:
    numerator, denominator = point.numerator, point.denominator
    if numerator is None:
        return False
    if definition.is_count or denominator is None:
        return small(round(numerator))
    if definition.per == 100:
        return small(round(numerator)) or small(round(denominator - numerator)) or small(round(denominator))
    return small(round(denominator))


def _hidden(point: Point) -> Point:
    return replace(point, value=None, numerator=None, denominator=None, note=SAID)


def rows(definition: MeasureDefinition, given: Sequence[Observation]) -> list[bool]:
    """Which of the areas below a total are told. A count that is hidden takes another with it, or the total would give
    it back."""
    if definition.is_count:
        counts = [round(row.numerator or 0) for row in given]
        return [told is not None for told in suppress(counts)]
    bare = [Point(row.period, row.value, row.numerator, row.denominator, row.status) for row in given]
    told = [not _tells(definition, point) for point in bare]
    if sum(told) == len(told) - 1:
        bases = [(row.denominator or 0.0, at) for at, row in enumerate(given) if told[at]]
        if bases:
            told[min(bases)[1]] = False
    return told
