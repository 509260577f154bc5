"""Places that people named, as numbers of neighbourhoods. Nothing finer is shown: an answer is an H3 cell, and counts
where its middle lies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import h3
import numpy as np
from django.conf import settings
from django.db.models import Count

from peelian.core import charts, wording
from peelian.core.charts import Chart, Column, Table
from peelian.core.statistics import Estimate, proportion
from peelian.core.suppression import NOT_TOLD, suppress
from peelian.places import queries as places
from peelian.places.cells import to_units
from peelian.places.models import Area
from peelian.surveys import definition
from peelian.surveys.analysis.results import FEWEST
from peelian.surveys.analysis.tallies import hows
from peelian.surveys.definition import Question, say
from peelian.surveys.models import Answer, Survey

OUTSIDE = "Outside our neighbourhoods"


@dataclass(frozen=True)
class Line:
    """A neighbourhood (None: outside all of them), how many named a place in it, and their share; None is not told."""

    area: Area | None
    count: int | None
    share: Estimate | None

    @property
    def label(self) -> str:
        return self.area.name if self.area else OUTSIDE


def wheres(survey: Survey, asked: Sequence[Question], way: str = "") -> list[tuple[int, Chart]]:
    """For each question about a place, with its number among those ASKED, a map and the figures under it."""
    numbered = [(number, one) for number, one in enumerate(asked, 1) if one.kind == definition.PLACE]
    return [(number, _chart(number, one, *lines(survey, one, way))) for number, one in numbered]


def lines(survey: Survey, one: Question, way: str = "") -> tuple[list[Line], int]:
    """The neighbourhoods that were named and those beside them, by the alphabet, and how many people named a place."""
    cells = _cells(survey, one, way)
    shown, counted, outside = _by_neighbourhood(cells)
    told = suppress([*(counted[area.pk] for area in shown), outside])
    base = cells.total()
    made = [
        Line(area, count, proportion(count, base) if count is not None and base >= FEWEST else None)
        for area, count in zip([*shown, None], told, strict=True)
    ]
    return [line for line in made if line.area or line.count != 0], base


def _cells(survey: Survey, one: Question, way: str) -> Counter[str]:
    rows = Answer.objects.filter(survey=survey, **{f"answers__{one.key}__isnull": False})
    if (asked_for := hows(way)) is not None:
        rows = rows.filter(how__in=asked_for)
    counted = rows.order_by().values_list(f"answers__{one.key}").annotate(n=Count("pk"))
    return Counter({cell: number for cell, number in counted if isinstance(cell, str) and h3.is_valid_cell(cell)})


def _by_neighbourhood(cells: Counter[str]) -> tuple[list[Area], Counter[int], int]:
    """The neighbourhoods with an answer and those below the same area; numbers by id; how many are in none."""
    middles = [h3.cell_to_latlng(cell) for cell in cells]
    points = np.array([to_units(longitude, latitude) for latitude, longitude in middles], np.int64).reshape(-1, 2)
    above = dict(places.current_areas().filter(kind__in=Area.ADMINISTRATIVE).values_list("pk", "parent"))
    found = places.neighbourhoods().defer("boundary", "cover").order_by("name", "code")
    neighbourhoods = {area.pk: area for area in found}
    counted: Counter[int] = Counter()
    outside = 0
    for lowest, number in zip(places.lowest_areas(points[:, 0], points[:, 1]).tolist(), cells.values(), strict=True):
        at: int | None = lowest
        while at and at not in neighbourhoods:
            at = above.get(at)
        if at:
            counted[at] += number
        else:
            outside += number
    parents = {neighbourhoods[pk].parent_id for pk in counted}
    return [area for area in neighbourhoods.values() if area.parent_id in parents], counted, outside


def _chart(number: int, one: Question, found: Sequence[Line], base: int) -> Chart:
    title, share = f"{number}. {say(one.text)}", charts.SHARE_1
    columns: list[Column | str] = [charts.words(Area.Kind(settings.PEELIAN_NEIGHBOURHOOD_KIND).label)]
    columns += ["People", Column("Share", share), Column("From", share), Column("To", share)]
    body: list[list[str | int | float | None]] = [
        [line.label, NOT_TOLD if line.count is None else line.count,
         *((line.share.value, line.share.low, line.share.high) if line.share else [NOT_TOLD] * 3)]
        for line in found
    ]  # fmt: skip
    note = (
        f"Of {wording.plural_count(base, 'person,people')} with a place, not weighted; Wilson score intervals, 95%."
        " A place is kept as an area some hundred metres across, and counts where its middle lies. It says what people"
        " told us of, not where more happens: more people live, and more answer, in some neighbourhoods than in others."
    )
    areas = [charts.Area(line.label, line.area.outline, line.count) for line in found if line.area]
    return charts.area_map(
        f"q-{one.key}", title, areas, noun="Neighbourhood", finding=_finding(found, base), note=note,
        table=Table(title, columns, body, note),
    )  # fmt: skip


def _finding(found: Sequence[Line], base: int) -> str:
    if not base:
        return "Nobody has named a place."
    said = f"{wording.plural_count(base, 'person,people')} named a place"
    told = [line for line in found if line.area and line.count]
    if not told:
        return f"{said}; in no neighbourhood enough to tell." if base >= 5 else "Fewer than 5 people named a place."
    most = max(told, key=lambda line: line.count or 0)
    interval = (
        f", {charts.SHARE.short(most.share.value)}"
        f" (95% interval {charts.SHARE.short(most.share.low)} to {charts.SHARE.short(most.share.high)})"
        if most.share
        else ""
    )
    return f"{said}, most of them in {most.label}: {most.count:,}{interval}."
