"""Who lives in an area, by topic, and which tables of the population are loaded. Pages for staff."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Count
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from peelian.audit.door import needs
from peelian.core import charts, wording
from peelian.core.charts import Bar, Chart, Column, Table
from peelian.core.charts.model import Cell
from peelian.places import queries, topics
from peelian.places.models import Area, PopulationTable, SmallArea
from peelian.places.population import Change, People
from peelian.places.views import PERMISSION, own_areas

MEASURES = {"households": "Households"}  # what is counted, where it is not people
HOW = {
    SmallArea.How.POSTCODES: "by where their postcodes lie",
    SmallArea.How.LOWER: "by the smaller areas in them",
    SmallArea.How.INTERIOR: "by one point inside each",
}


@dataclass(frozen=True)
class Shown:
    """One topic of one area as its page shows it. `whole` is the same of the force's area, to set it beside."""

    area: Area
    people: People
    whole: People | None
    change: Change | None

    @property
    def counted(self) -> str:
        return MEASURES.get(self.people.topic, "People")

    @property
    def estimate(self) -> str:
        """How much of it is an estimate, and how that was made."""
        if not self.people.estimated:
            return "No border divides a small area here, so none of it is an estimate."
        how = [HOW[SmallArea.How(name)] for name in sorted(queries.how_fitted(self.area.pk)) if name in HOW]
        share = "Under 1%" if self.people.estimated < 0.01 else f"{self.people.estimated:.0%}"
        fitted = f", divided {wording.listed(how)}" if how else ""
        return f"{share} of it rests on small areas that the border divides{fitted}: an estimate."


@require_safe
@needs(PERMISSION)
def area_population(request: HttpRequest, code: str) -> HttpResponseBase:
    area = queries.area(code, within=own_areas(request))
    known = queries.topics(area.pk)
    topic = next((one for one in known if one.code == request.GET.get("topic")), known[0] if known else None)
    if topic is None:
        return render(request, "places/population.html", {"area": area, "topics": [], "loaded": bool(queries.topics())})
    vintage = request.GET.get("vintage")
    shown = _shown(area, topic, vintage if vintage in topic.vintages else None)
    chart = _chart(shown)
    if (file := charts.csv_asked_for(request, chart)) is not None:
        return file
    context = {
        "area": area,
        "topics": [(one, f"?{urlencode({'topic': one.code})}") for one in known],
        "topic": topic,
        "vintages": [(one, f"?{urlencode({'topic': topic.code, 'vintage': one})}") for one in topic.vintages],
        "shown": shown,
        "chart": chart,
        "changes": _changes(shown),
    }
    return render(request, "places/population.html", context)


def _shown(area: Area, topic: queries.Topic, vintage: str | None) -> Shown:
    people = queries.population(area.pk, topic.code, vintage)
    if people is None:  # no table of that vintage speaks of this area
        people = queries.population(area.pk, topic.code)
    assert people is not None  # the topic was chosen among those that have an answer
    force = queries.force()
    whole = queries.population(force.pk, topic.code, people.vintage) if force and force.pk != area.pk else None
    older = next((one for one in topic.vintages[topic.vintages.index(people.vintage) + 1 :]), None)
    change = None if older is None else queries.compare(area.pk, topic.code, older, people.vintage)
    return Shown(area, people, whole if whole and whole.total else None, change)


def _chart(shown: Shown) -> Chart:
    people, total = shown.people, shown.people.total
    title = f"{people.label}: {shown.area.name}"
    rows = [Bar(one.label, one.people / total if total else None) for one in people.categories]
    columns: list[Column | str] = [charts.words("Category"), Column(shown.counted), Column("Share", charts.SHARE_1)]
    if shown.whole:
        columns.append(Column("Share in the whole force", charts.SHARE_1))
    figures: list[Sequence[Cell]] = []
    for one in people.categories:
        beside = [_share(shown.whole, one.code)] if shown.whole else []
        figures.append([one.label, one.people, one.people / total if total else None, *beside])
    note = _source(people)
    table = Table(title, columns, figures, note=f"Of {total:,} {shown.counted.lower()}. {note}")
    return charts.bars(
        "population",
        title,
        rows,
        unit=charts.SHARE_1,
        noun="Category",
        ordered=False,
        note=note,
        table=table,
        finding=_poorest(people),
    )


def _poorest(people: People) -> str:
    """Of deprivation what one wants to know first; of other topics the chart says what it shows."""
    if people.topic != "deprivation" or not people.total:
        return ""
    lowest = wording.share(people.people("1") + people.people("2"), people.total)
    return f"{lowest[:1].upper()}{lowest[1:]} live in small areas that are among the most deprived fifth of England."


def _share(people: People | None, code: str) -> float | None:
    return people.people(code) / people.total if people and people.total else None


def _source(people: People) -> str:
    named = people.source or "The loaded table"
    vintage = f", {people.vintage}" if people.vintage and people.vintage not in named else ""
    borders = f", small areas as in {people.boundary_vintage}" if people.boundary_vintage else ""
    return f"{named}{vintage}{borders}."


def _changes(shown: Shown) -> list[tuple[str, int, int, str]]:
    """Category, before, after, and the difference with its sign."""
    if shown.change is None:
        return []
    before, after = shown.change.before, shown.change.after
    return [
        (one.label, before.people(one.code), one.people, f"{one.people - before.people(one.code):+,}".replace("-", "−"))
        for one in after.categories
    ]


@require_safe
@needs(PERMISSION)
def tables(request: HttpRequest) -> HttpResponseBase:
    """What is loaded: topic, vintage, source, rows, when."""
    rows = [{"table": table, "topic": _topic_label(table), "units": _units(table)} for table in queries.tables()]
    fitted = dict(SmallArea.objects.values_list("how").annotate(n=Count("pk")))
    methods = [{"how": HOW[SmallArea.How(how)], "n": n} for how, n in sorted(fitted.items())]
    return render(request, "places/population_tables.html", {"rows": rows, "methods": methods})


def _topic_label(table: PopulationTable) -> str:
    return topics.kind(table.topic).label


def _units(table: PopulationTable) -> str:
    if table.counts == PopulationTable.Counts.POSTCODES:
        return "a class for each postcode"
    return "a class for each small area" if table.counts == PopulationTable.Counts.AREAS else "people by category"
