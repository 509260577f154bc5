"""The charts of a measure: what it does by itself and what stands out, years, rates, and beside the group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils.text import capfirst

from peelian.core import charts
from peelian.core.charts import Chart, Column, Series, Table, Unit, words
from peelian.core.statistics import ASSURANCE_WORDS, VARIATION_WORDS, TooShort, XmR, xmr
from peelian.insight.measures.series import Point, latest, per_1000, year_ending
from peelian.insight.models import MeasureDefinition, Observation

STATUS_WORDS = dict(Observation.Status.choices)
# Variation → (what a list says, colour of its tag); the words carry the meaning
VARIATION_TAGS = {
    "common": ("No clear change", "grey"),
    "improving": ("Better than before", "green"),
    "concerning": ("Worse than before", "amber"),
    "higher": ("Higher than before", "blue"),
    "lower": ("Lower than before", "blue"),
}
ASSURANCE_TAGS = {
    "pass": ("Meets its target", "green"),
    "fail": ("Misses its target", "amber"),
    "hit-or-miss": ("By chance only", "grey"),
    "changed": ("Too early to say", "grey"),
}
PERIODS = {"month": "Month", "quarter": "Quarter", "year": "Year ending"}


@dataclass(frozen=True)
class Control:
    """What the XmR chart says: variation (is it changing?) and, apart from it, assurance (will it meet its target?).
    `why_not` where the series is too short for either."""

    result: XmR | None
    variation: str = ""
    assurance: str = ""
    why_not: str = ""

    @property
    def variation_tag(self) -> tuple[str, str]:
        return VARIATION_TAGS.get(self.variation, ("Too short to say", "grey"))

    @property
    def assurance_tag(self) -> tuple[str, str]:
        return ASSURANCE_TAGS.get(self.assurance, ("No target", "grey"))

    @property
    def said(self) -> str:
        """In a sentence or two, for a page and a paper."""
        if self.result is None:
            return self.why_not
        both = [VARIATION_WORDS[self.variation]]  # type: ignore[index]
        if self.assurance:
            both.append(ASSURANCE_WORDS[self.assurance])  # type: ignore[index]
        return " ".join(both)


def control(definition: MeasureDefinition, series: Sequence[Point]) -> Control:
    """Limits from the locked baseline where there is one, else from the whole series."""
    try:
        result = xmr([point.value for point in series], baseline=_baseline(definition, series))
    except TooShort as problem:
        return Control(None, why_not=str(problem))
    good = definition.good or None
    variation = result.variation(good)  # type: ignore[arg-type]
    if definition.target is None or good is None:
        return Control(result, variation)
    return Control(result, variation, result.assurance(definition.target, good))  # type: ignore[arg-type]


def _baseline(definition: MeasureDefinition, series: Sequence[Point]) -> range | None:
    limits = definition.limits
    if limits is None:
        return None
    inside = [at for at, one in enumerate(series) if one.period.start >= limits.start and one.period.end <= limits.end]
    return range(inside[0], inside[-1] + 1) if inside else None


def unit(definition: MeasureDefinition) -> Unit:
    if definition.per == 100:
        return Unit(kind="share", places=definition.places)
    return Unit(name=definition.unit, places=definition.places)


def label(point: Point) -> str:
    """Short, for an axis: "Sep 2018", "Jul to Sep 2018", "Sep 2018" for a year that ends then."""
    end = f"{point.period.end:%b %Y}"
    return f"{point.period.start:%b} to {end}" if point.period.kind == "quarter" else end


def of(
    definition: MeasureDefinition, series: Sequence[Point], *, people: float | None = None, prefix: str = ""
) -> list[Chart]:
    """All charts that there are figures for. PREFIX makes their keys differ where several measures share a page."""
    found = [maker(definition, series, prefix) for maker in (control_chart, years, group)]
    if definition.is_count and definition.adds_up and people:
        found.append(rates(definition, series, people, prefix))
    return [chart for chart in found if chart is not None]


def control_chart(definition: MeasureDefinition, series: Sequence[Point], prefix: str = "") -> Chart | None:
    """The series with its limits; one too short for them is a plain line that says so."""
    if latest(series) is None:
        return None
    good = definition.good or None
    target = None if good is None else scaled(definition, definition.target)
    drawn = charts.control_chart(
        f"{prefix}series", f"{definition.name}, by {definition.frequency}", [label(point) for point in series],
        [scaled(definition, point.value) for point in series], unit=unit(definition),
        baseline=_baseline(definition, series), target=target, good=good,  # type: ignore[arg-type]
        noun=PERIODS[definition.frequency],
    )  # fmt: skip
    found = control(definition, series)
    note = f"{locked(definition)} {drawn.note}".strip() if found.result is not None else drawn.note
    return replace(drawn, table=figures(definition, series), note=note)


def scaled(definition: MeasureDefinition, value: float | None) -> float | None:
    """As charts take it: a percentage is a share from 0 to 1."""
    return value / 100 if value is not None and definition.per == 100 else value


def locked(definition: MeasureDefinition) -> str:
    """On what the limits rest, and why."""
    if definition.limits is None:
        return "Limits rest on the whole series: mean ± 2.66 mean moving ranges."
    first, last = definition.limits.months()[0].label(), definition.limits.months()[-1].label()
    return f"Limits are locked to {first} to {last}: mean ± 2.66 mean moving ranges."


def figures(definition: MeasureDefinition, series: Sequence[Point]) -> Table:
    """Each figure with its parts, its status and its caveat."""
    has_base = any(point.denominator is not None for point in series)
    columns: list[Column | str] = [words(PERIODS[definition.frequency])]
    if has_base:
        columns += [Column(definition.numerator, Unit()), Column(definition.denominator or "Base", Unit())]
    columns += [Column(_headed(definition), Unit(places=definition.places)), words("Status"), words("Note")]
    rows: list[list[str | float | None]] = []
    for point in series:
        parts = [point.numerator, point.denominator] if has_base else []
        status = STATUS_WORDS.get(point.status, point.status)
        rows.append([capfirst(point.period.label()), *parts, point.value, status, point.note])
    return Table(definition.name, columns, rows, definition.definition)


def _headed(definition: MeasureDefinition) -> str:
    return f"{definition.name} ({definition.unit})" if definition.unit else definition.name


def years(definition: MeasureDefinition, series: Sequence[Point], prefix: str = "") -> Chart | None:
    """By years that end with each month; None for what does not add up or is observed by years."""
    ends = [] if definition.frequency == "year" else year_ending(definition, series)
    if not ends:
        return None
    one = Series(definition.name, [scaled(definition, point.value) for point in ends])
    return charts.line(
        f"{prefix}years", f"{definition.name}, years ending with each month", [label(point) for point in ends], [one],
        unit=unit(definition), noun="Year ending", from_zero=False,
    )  # fmt: skip


def group(definition: MeasureDefinition, series: Sequence[Point], prefix: str = "") -> Chart | None:
    """Beside the group and the nation; None where they are not known."""
    known = [point for point in series if point.group_value is not None or point.nation_value is not None]
    if not known:
        return None
    shown = [Series("Ours", [scaled(definition, point.value) for point in series])]
    if any(point.group_value is not None for point in known):
        shown.append(
            Series(capfirst(definition.group_name), [scaled(definition, point.group_value) for point in series])
        )
    if any(point.nation_value is not None for point in known):
        shown.append(Series(definition.nation_name, [scaled(definition, point.nation_value) for point in series]))
    return charts.line(
        f"{prefix}group", f"{definition.name}, beside others", [label(point) for point in series], shown,
        unit=unit(definition), noun=PERIODS[definition.frequency],
    )  # fmt: skip


def rates(definition: MeasureDefinition, series: Sequence[Point], people: float, prefix: str = "") -> Chart | None:
    """A count per 1,000 of the people who live there: by years where twelve months are known, else as observed."""
    ends = year_ending(definition, series) or list(series)
    one = Series("Per 1,000 people", [per_1000(point, people) for point in ends])
    if not any(value is not None for value in one.values):
        return None
    return charts.line(
        f"{prefix}rate", f"{definition.name} per 1,000 people", [label(point) for point in ends], [one],
        unit=charts.PER_1000,
        noun="Year ending" if ends[0].period.kind == "year" else PERIODS[definition.frequency],
        note=f"Of {people:,.0f} people.",
    )  # fmt: skip
