"""The list of measures by aim: for each the newest figure, where it goes and whether that is said."""

from __future__ import annotations

from dataclasses import dataclass

from peelian.core import wording
from peelian.core.charts import Column, Table, words
from peelian.core.periods import Period
from peelian.insight.measures import pictures, queries, series
from peelian.insight.measures.pictures import Control
from peelian.insight.measures.series import Change, Point
from peelian.insight.models import Aim, MeasureDefinition
from peelian.places.models import Area

KEY = "measures"


@dataclass(frozen=True)
class Row:
    """One measure. `point` is its newest figure; `waits` that the newest period itself has none ("no update")."""

    definition: MeasureDefinition
    point: Point | None
    newest: Point | None
    change: Change | None
    control: Control
    commentary: str

    @property
    def figure(self) -> str:
        """ "2,204 offences", "72 %", "no figure yet"."""
        if self.point is None:
            return "no figure yet"
        return said(self.definition, self.point.value)

    @property
    def waits(self) -> str:
        """A first-class answer: nothing new came for the newest period."""
        if self.newest is None or self.newest.value is not None:
            return ""
        return f"No update for {self.newest.period.label()}"

    @property
    def status(self) -> str:
        return pictures.STATUS_WORDS.get(self.point.status, "") if self.point else ""


def said(definition: MeasureDefinition, value: float | None) -> str:
    """A figure with its unit: 72.0%, 90 per 1,000 people."""
    shown = wording.number(value, definition.places)
    if value is None:
        return shown
    return f"{shown}%" if definition.unit == "%" else f"{shown} {definition.unit}"


@dataclass(frozen=True)
class Group:
    """An aim with its measures; an aim of the plan without any is listed all the same."""

    aim: Aim
    rows: list[Row]


def by_aim(area: Area | None, until: Period | None) -> list[Group]:
    """All measures, a handful of statements whatever their number."""
    definitions = queries.definitions()
    measures = [one.measure for one in definitions]
    found = queries.all_observations(measures, area, until=until)
    writing = queries.commentary_states(measures, area)
    rows: dict[int, list[Row]] = {}
    for one in definitions:
        points = found.get(one.measure_id, [])
        last = series.latest(points)
        rows.setdefault(one.aim_id, []).append(
            Row(
                one, last, points[-1] if points else None,
                series.on_year_before(one, points), pictures.control(one, points), writing.get(one.measure_id, ""),
            )
        )  # fmt: skip
    return [Group(aim, rows.get(aim.pk, [])) for aim in queries.aims()]


def table(groups: list[Group]) -> Table:
    """The list as a file."""
    columns: list[Column | str] = [
        words(name)
        for name in (
            "Measure",
            "Code",
            "Aim",
            "Period",
            "Figure",
            "Unit",
            "Status",
            "Year before",
            "Variation",
            "Target",
        )
    ]
    rows = [
        [
            row.definition.name, row.definition.measure.code, group.aim.title,
            row.point.period.name if row.point else "",
            "" if row.point is None or row.point.value is None else f"{row.point.value:.{row.definition.places}f}",
            row.definition.unit, row.status, row.change.said if row.change else "",
            row.control.variation_tag[0], row.control.assurance_tag[0],
        ]
        for group in groups
        for row in group.rows
    ]  # fmt: skip
    return Table("Measures", columns, rows)
