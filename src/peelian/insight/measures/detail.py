"""All that the page of one measure says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.text import capfirst

from peelian.accounts.models import Staff
from peelian.core import wording
from peelian.core.charts import Chart, Column, Table, Unit, words
from peelian.core.periods import Period
from peelian.core.statistics import proportion
from peelian.insight.measures import listing, pictures, queries, series
from peelian.insight.measures.pictures import Control
from peelian.insight.measures.queries import Said
from peelian.insight.measures.series import Point
from peelian.insight.models import MeasureDefinition, Observation
from peelian.places.models import Area

Fact = dict[str, object]


@dataclass(frozen=True)
class Shown:
    """A measure in an area."""

    points: list[Point]
    last: Point | None
    newest: Point | None
    control: Control
    facts: list[Fact]
    charts: list[Chart]
    said: Said | None
    tables: list[Chart] = field(default_factory=list)  # areas and revisions, as tables with a file of their own
    caveats: list[str] = field(default_factory=list)

    @property
    def no_update(self) -> str:
        if self.newest is None or self.newest.value is not None:
            return ""
        note = f" {self.newest.note}" if self.newest.note else ""
        return f"No update for {self.newest.period.label()}.{note}"


def of(staff: Staff, definition: MeasureDefinition, area: Area | None, until: Period | None) -> Shown:
    points = queries.observations(definition.measure, area, until=until)
    last = series.latest(points)
    people = queries.people_in(area) if definition.is_count and definition.adds_up else None
    tables = [_areas(staff, definition, area, last), _history(definition, area)]
    period = points[-1].period if points else None
    return Shown(
        points=points,
        last=last,
        newest=points[-1] if points else None,
        control=pictures.control(definition, points),
        facts=facts(definition, points, people),
        charts=pictures.of(definition, points, people=people),
        said=queries.said(definition.measure, area, period) if period else None,
        tables=[table for table in tables if table is not None],
        caveats=caveats(definition, points, area),
    )


def facts(definition: MeasureDefinition, points: Sequence[Point], people: float | None) -> list[Fact]:
    """Key and value, for a summary list and for a paper: the figure with its base, the year, change, comparison."""
    last = series.latest(points)
    if last is None:
        return []
    found = [(capfirst(last.period.label()), _figure(definition, last))]
    ends = [] if definition.frequency == "year" else series.year_ending(definition, points)
    if ends:
        found.append((capfirst(ends[-1].period.label()), _figure(definition, ends[-1])))
    rate = series.per_1000(ends[-1] if ends else last, people)
    if rate is not None:
        found.append(("Per 1,000 people", f"{rate:,.1f}, of {people:,.0f} people"))
    before = series.on_year_before(definition, points)
    if before is not None:
        found.append(("On the year before", _judged(definition, before)))
    since = series.since_baseline(definition, points)
    if since is not None:
        found.append((f"Since the baseline, {since.first.period.label()}", _judged(definition, since)))
    found += [("Beside others", one.said) for one in series.beside(definition, last)]
    target = series.against_target(definition, last)
    if target:
        found.append(("Target", target))
    return [{"key": key, "value": value} for key, value in found]


def _judged(definition: MeasureDefinition, change: series.Change) -> str:
    good = series.better(definition, change.difference)
    return change.said if good is None else f"{change.said} ({'better' if good else 'worse'})"


def _figure(definition: MeasureDefinition, point: Point) -> str:
    """ "66.3% of 5,607 answers, 65.0% to 67.5%": never a share without its base, nor without its interval where it is
    one of people or cases."""
    shown = listing.said(definition, point.value)
    status = "" if point.status == Observation.Status.FINAL else f" ({pictures.STATUS_WORDS[point.status].lower()})"
    base = point.denominator
    if definition.is_count:
        return f"{shown}{status}"
    if base is None:
        return f"{shown}{status}; no base is given"
    of_base = f"of {base:,.0f} {small(definition.denominator)}" if definition.denominator else f"of {base:,.0f}"
    if definition.per != 100 or not float(base).is_integer() or not float(point.numerator or 0).is_integer():
        return f"{shown}, {of_base.replace('of ', 'from ', 1)}{status}"
    found = proportion(int(point.numerator or 0), int(base))
    return f"{shown} {of_base}, {100 * found.low:.1f}% to {100 * found.high:.1f}% (95% Wilson interval){status}"


def small(given: str) -> str:
    """With a small first letter, unless it is one of an abbreviation."""
    return given if given[:2].isupper() else given[:1].lower() + given[1:]


def caveats(definition: MeasureDefinition, points: Sequence[Point], area: Area | None) -> list[str]:
    """What to know before one reads the figures: boundaries, definitions that changed, provisional figures, notes."""
    found = queries.boundary_changes(area)
    versions = sorted({point.version for point in points})
    if len(versions) > 1:
        found.append("The definition changed while this was measured; what was when is beneath.")
    provisional = [point for point in points if point.status == Observation.Status.PROVISIONAL]
    if provisional:
        found.append(f"Provisional: {wording.listed([point.period.label() for point in provisional[-3:]])}.")
    found += [f"{capfirst(point.period.label())}: {point.note}" for point in points[-6:] if point.note]
    return found


def _areas(staff: Staff, definition: MeasureDefinition, area: Area | None, last: Point | None) -> Chart | None:
    """The newest period by the areas below, in their own order: no league."""
    if last is None:
        return None
    below = queries.areas_below(staff, area)
    rows = queries.of_areas(definition.measure, below, last.period)
    if not rows:
        return None
    columns: list[Column | str] = [words("Area")]
    if not definition.is_count:
        columns += [Column(definition.numerator, Unit()), Column(definition.denominator or "Base", Unit())]
    columns += [Column(capfirst(definition.unit) or "Figure", Unit(places=definition.places)), words("Status")]
    cells = []
    for one in below:
        row = rows.get(one.pk)
        if row is not None:
            parts = [] if definition.is_count else [row.numerator, row.denominator]
            cells.append([one.name, *parts, row.value, pictures.STATUS_WORDS[row.status]])
    title = f"By area, {last.period.label()}"
    return Chart("areas", title, "", Table(title, columns, cells))


def _history(definition: MeasureDefinition, area: Area | None) -> Chart | None:
    rows = queries.history(definition.measure, area)
    if not rows:
        return None
    columns: list[Column | str] = [
        words("Period"), Column("Figure", Unit(places=definition.places)), words("Status"), words("Came in"),
        words("From"),
    ]  # fmt: skip
    cells = [
        [row.period.label(), row.value, pictures.STATUS_WORDS[row.status] + (", stands" if row.current else ""),
         wording.uk_date(row.entered_at), row.source]
        for row in rows
    ]  # fmt: skip
    return Chart("revisions", "Figures that were changed", "", Table("Figures that were changed", columns, cells))
