"""Appendix A, the panels, and Appendix B, the tables of a headline report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.utils.text import capfirst

from peelian.core.charts import Column, Table, Unit, words
from peelian.core.panels import Line, Scope
from peelian.core.panels import panels as registered
from peelian.core.periods import Period
from peelian.core.suppression import NOT_TOLD, SMALL, small
from peelian.insight.measures import pictures
from peelian.insight.models import MeasureDefinition, Observation
from peelian.insight.papers import hiding
from peelian.insight.printing import table_data
from peelian.places.models import Area

if TYPE_CHECKING:
    from peelian.insight.papers.build import Subject

Data = dict[str, Any]
FEWER = f"fewer than {SMALL}"


def panels(appendix: str, period: Period, subjects: Sequence[Subject], *, public: bool) -> list[Data]:
    """The panels that apps have registered for an appendix, for each area of the paper. One without lines is left
    out."""
    found = []
    for subject in subjects:
        scope = Scope(period, subject.area.pk if subject.area else None)
        for panel in registered.values():
            lines = list(panel.lines(scope)) if panel.appendix == appendix else []
            if lines:
                found.append(_panel(panel.title, subject.name, scope, lines, public))
    return found


def _panel(title: str, subject: str, scope: Scope, lines: Sequence[Line], public: bool) -> Data:
    before = scope.before().period.label()
    columns = [words(name) for name in ("", capfirst(scope.period.label()), capfirst(before), "Change", "Note")]
    rows = [_line(line) if public else [line.label, line.now, line.before, line.change, line.note] for line in lines]
    caption = f"{title}, {subject}, {scope.period.label()}"
    return table_data(Table(caption, columns, rows), numeric=(1, 2, 3))


def _line(line: Line) -> list[str]:
    """For the public: without numbers under five, and without the change that would give one back."""
    hidden = [_small(line.now), _small(line.before)]
    now = FEWER if hidden[0] else line.now
    before = FEWER if hidden[1] else line.before
    return [line.label, now, before, "" if any(hidden) else line.change, line.note]


def _small(figure: str) -> bool:
    return figure.isdecimal() and small(int(figure))


def by_area(
    definition: MeasureDefinition,
    subject: str,
    areas: Sequence[Area],
    rows: Mapping[int, Observation],
    *,
    public: bool,
) -> Data:
    """A measure by the areas below a place: in their own order, no league."""
    there = [(area, rows[area.pk]) for area in areas if area.pk in rows]
    told = hiding.rows(definition, [row for _, row in there]) if public else [True] * len(there)
    period = there[0][1].period
    columns: list[Column | str] = [words("Area")]
    if not definition.is_count:
        columns += [Column(definition.numerator), Column(definition.denominator or "Base")]
    columns += [Column(capfirst(definition.unit) or "Figure", Unit(places=definition.places)), words("Status")]
    cells: list[list[str | float | None]] = []
    for (area, row), is_told in zip(there, told, strict=True):
        parts: list[str | float | None] = [] if definition.is_count else [row.numerator, row.denominator]
        figures = [*parts, row.value] if is_told else [NOT_TOLD] * (len(parts) + 1)
        cells.append([area.name, *figures, pictures.STATUS_WORDS[row.status]])
    title = f"{definition.name} in {subject} by area, {period.label()}"
    table = Table(title, columns, cells, definition.definition)
    return table_data(table)
