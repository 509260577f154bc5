"""A headline report as data: everything it says, in the order of the papers, ready to be set as HTML and PDF.

Aim, measure, source, chart, commentary, response; then Appendix A (panels) and Appendix B (tables). Nothing in it
depends on the moment it is made but `made`, the date line: made twice from the same data, the rest is the same.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.text import capfirst

from peelian.core.context import the_force
from peelian.core.periods import Period
from peelian.core.wording import listed, uk_date, uk_datetime
from peelian.insight.measures import detail, pictures, queries, series
from peelian.insight.measures.queries import Said
from peelian.insight.measures.rollups import NAME
from peelian.insight.models import Aim, Commentary, Measure, MeasureDefinition
from peelian.insight.papers import appendices, hiding
from peelian.insight.papers.prose import blocks
from peelian.insight.printing import chart_data
from peelian.insight.queries import as_of
from peelian.places.models import Area

Data = dict[str, Any]
Progress = Callable[[int, int], None]  # steps done, of how many
PURPOSE = "To say how the headline measures of the plan stand, what named people say about them, and what is done."
NOT_MEASURED = "The plan has this aim, and no measure of it is kept. It is listed so that nobody misses it."
NO_COMMENTARY = "No commentary has been written."
NO_RESPONSE = "No response has been written."
NOT_SIGNED = "Written and not signed yet, so it is left out."


@dataclass(frozen=True)
class Subject:
    """What the paper is about: the whole force, or an area."""

    area: Area | None
    name: str
    number: int = 0


def build(
    period: Period,
    areas: Sequence[Area],
    *,
    public: bool,
    made_at: datetime,
    progress: Progress = lambda done, of: None,
) -> Data:
    """All that the paper says. PUBLIC hides small numbers and leaves out what nobody has signed."""
    subjects = [Subject(area, area.name, at) for at, area in enumerate(areas)] or [Subject(None, the_force().name)]
    definitions = queries.definitions()
    steps = len(definitions) + 2
    sections = _sections(definitions, subjects, period, public=public, progress=lambda done: progress(done, steps))
    a = appendices.panels("A", period, subjects, public=public)
    b = _tables(definitions, subjects, period, public=public)
    progress(steps, steps)
    known = as_of(NAME)
    return {
        "title": "Headline Performance Report",
        "lang": "en",
        "force": the_force().name,
        "period": capfirst(period.label()),
        "subjects": listed([subject.name for subject in subjects]),
        "public": public,
        "made": f"Made on {uk_datetime(made_at)}",
        "made_on": [made_at.year, made_at.month, made_at.day],
        "as_of": f"What Peelian computes is as of {uk_datetime(known)}." if known else "",
        "purpose": PURPOSE,
        "aims": [{"title": section["aim"], "measured": bool(section["measures"])} for section in sections],
        "sections": sections,
        "appendix_a": a,
        "appendix_b": b,
        "reading": _reading(public),
    }


def _reading(public: bool) -> list[str]:
    """How to read it: the conventions, once."""
    said = [
        "A percentage change is counted from the earlier figure. The change of a percentage is in percentage points.",
        "Limits in a chart are the mean plus and minus 2.66 mean moving ranges (XmR). Four rules mark what chance alone"
        " hardly does: one value beyond a limit, seven in a row on one side of the mean, seven in a row rising or"
        " falling, two of three near the same limit (NHS England, Making Data Count).",
        "Whether a figure changes and whether it meets its target are two questions, and are answered apart.",
        "Intervals of percentages are 95% Wilson score intervals. Those who answer or rate choose to: an interval does"
        " not speak for those who do not.",
        "Provisional figures may still change; revised ones have changed, and the page of the measure shows from what.",
    ]
    if public:
        said.append("Numbers of people under five are not told, nor those that would give them away.")
    return said


# Sections -------------------------------------------------------------------------------------------------------------


def _sections(
    definitions: Sequence[MeasureDefinition],
    subjects: Sequence[Subject],
    period: Period,
    *,
    public: bool,
    progress: Callable[[int], None],
) -> list[Data]:
    found: dict[int, list[Data]] = {}
    measures = [one.measure for one in definitions]
    figures = [queries.all_observations(measures, subject.area, until=period) for subject in subjects]
    words = [queries.all_said(measures, subject.area, period) for subject in subjects]
    for done, one in enumerate(definitions, 1):
        parts = [
            _part(one, subject, figures[at].get(one.measure_id, []), words[at].get(one.measure_id), period, public)
            for at, subject in enumerate(subjects)
        ]
        found.setdefault(one.aim_id, []).append(_measure(one, parts))
        progress(done)
    return [_section(aim, found.get(aim.pk, [])) for aim in queries.aims()]


def _section(aim: Aim, measures: list[Data]) -> Data:
    missing = "" if measures else NOT_MEASURED
    return {"aim": aim.title, "measures": measures, "missing": missing}


def _measure(definition: MeasureDefinition, parts: list[Data]) -> Data:
    return {
        "code": definition.measure.code,
        "name": definition.name,
        "definition": definition.definition,
        "source": definition.source,
        "source_url": definition.source_url,
        "counted": _counted(definition),
        "parts": parts,
    }


def _counted(definition: MeasureDefinition) -> str:
    of = f", of {detail.small(definition.denominator)}" if definition.denominator else ""
    return f"{detail.small(definition.numerator)}{of}"


def _part(
    definition: MeasureDefinition,
    subject: Subject,
    points: list[series.Point],
    said: Said | None,
    period: Period,
    public: bool,
) -> Data:
    """A measure in one area: figures, charts, commentary, response."""
    shown = hiding.points(definition, points) if public else points
    people = queries.people_in(subject.area) if definition.is_count and definition.adds_up else None
    charts = pictures.of(definition, shown, people=people, prefix=f"{definition.measure.code}-{subject.number}-")
    found = pictures.control(definition, shown)
    return {
        "subject": subject.name,
        "figures": detail.facts(definition, shown, people),
        "no_update": _no_update(definition.measure, points, period),
        "says": "" if charts or not series.latest(shown) else found.said,
        "variation": found.variation_tag[0],
        "assurance": found.assurance_tag[0],
        "charts": [chart_data(chart) for chart in charts],
        "commentary": _words(said.commentary if said else None, NO_COMMENTARY, public),
        "response": _words(said.response if said else None, NO_RESPONSE, public),
        "caveats": detail.caveats(definition, shown, subject.area),
    }


def _no_update(measure: Measure, points: Sequence[series.Point], period: Period) -> str:
    """Said plainly where the period brought nothing new."""
    if not points:
        return "No figure has been observed."
    newest = points[-1]
    if newest.value is None:
        return f"No update for {newest.period.label()}." + (f" {newest.note}" if newest.note else "")
    if newest.period.end < period.end:
        return f"No update since {newest.period.label()}."
    return ""


def _words(row: Commentary | None, nothing: str, public: bool) -> Data:
    """What a named person wrote. The public version has only what is signed."""
    if row is None:
        return {"blocks": [], "by": "", "none": nothing}
    if not row.written:
        late = f", {row.days_overdue} days ago" if row.overdue and not public else ""
        by = "" if public else f"{row.author} was to write it by {uk_date(row.due_on)}{late}."
        return {"blocks": [], "by": by, "none": nothing}
    if public and row.signed_by_id is None:
        return {"blocks": [], "by": "", "none": NOT_SIGNED}
    signed = f", signed by {row.signed_by}" if row.signed_by else ", not signed yet"
    role = row.author.get_role_display()
    return {"blocks": blocks(row.text), "by": role if public else f"{row.author}{signed}", "none": ""}


def _tables(
    definitions: Sequence[MeasureDefinition], subjects: Sequence[Subject], period: Period, *, public: bool
) -> list[Data]:
    """Appendix B: each measure by the areas below, for its newest period."""
    found = []
    for subject in subjects:
        below = queries.children(subject.area)
        for one in definitions:
            rows = queries.newest_of_areas(one.measure, below, period)
            if rows:
                found.append(appendices.by_area(one, subject.name, below, rows, public=public))
    return [*appendices.panels("B", period, subjects, public=public), *found]
