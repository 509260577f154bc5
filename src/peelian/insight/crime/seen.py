"""The page of crime: by month with its limits, by type against the year before, by severity, and on how much ground.

Everything is the police's own open data, counted beforehand: places are moved to a point that stands for several
addresses, so that no number here is of a person or a home.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from peelian.core import charts, wording
from peelian.core.charts import Chart, Column, Dot, Series, Table, Unit
from peelian.core.periods import Period
from peelian.core.statistics import change_in_counts
from peelian.insight.crime import queries, types
from peelian.insight.crime.forms import ALL, KINDS, NEIGHBOURHOOD
from peelian.insight.crime.queries import Month
from peelian.places import queries as places
from peelian.places.models import Area

YEARS = 3  # as many as the series goes back
SOURCE = "Street crime, data.police.uk."
NOTHING = (
    "No month of street crime has been loaded. An administrator downloads one from data.police.uk and runs: peelian"
    " import crime FILE.csv"
)
NO_WEIGHTS = (
    "No weights of severity have been loaded. An administrator loads them with: peelian import severity FILE.csv"
    " --weights VERSION"
)
SCORE, TIMES = Unit(name="points of severity", places=0), Unit(name="times", places=2)
COMPARED = "By a ratio of Poisson counts, with intervals that hold for all types together (95%, Bonferroni)."


@dataclass(frozen=True)
class Seen:
    """What the page shows; where nothing is loaded `refused` is the sentence that stands there instead."""

    area: Area
    kind: str
    refused: str = ""
    year: Period | None = None  # the newest twelve months
    crimes: int | None = None  # in those; None where a month is missing
    neighbourhood: int | None = None
    residents: int | None = None
    residents_by: str = ""
    missing: str = ""
    months: Chart | None = None
    kinds: Chart | None = None
    severity: Chart | None = None
    no_severity: str = ""
    ground: Table | None = None
    charts: list[Chart] = field(default_factory=list)

    @property
    def per_1000(self) -> float | None:
        return 1000 * self.crimes / self.residents if self.crimes is not None and self.residents else None


def seen(area: Area, kind: str) -> Seen:
    newest = queries.newest_month()
    if newest is None:
        return Seen(area, kind, NOTHING)
    year = Period.year_to(newest.year, newest.month)
    before = year.year_before()
    span = Period(Period.year_to(newest.year - YEARS + 1, newest.month).start, year.end)
    known = queries.months_of(area.pk, span)
    lately, earlier = _whole(known, year), _whole(known, before)
    severity, no_severity = _severity(known, span)
    drawn = [_by_month(area, kind, known, span), _by_kind(area, lately, earlier, year), severity]
    residents, residents_by = _residents(area)
    return Seen(
        area, kind, "", year, None if lately is None else sum(one.crimes for one in lately),
        None if lately is None else _added(lately, types.NEIGHBOURHOOD), residents, residents_by,
        _missing(known, span), drawn[0], drawn[1], severity, no_severity, _ground(area, year),
        [one for one in drawn if one is not None],
    )  # fmt: skip


def _whole(known: Mapping[date, Month], period: Period) -> list[Month] | None:
    """The months of a period, or None where one is missing."""
    starts = [month.start for month in period.months()]
    return [known[start] for start in starts] if all(start in known for start in starts) else None


def _added(months: Sequence[Month], kinds: Sequence[str]) -> int | None:
    found = [month.of(kinds) for month in months]
    return None if None in found else sum(one or 0 for one in found)


def _missing(known: Mapping[date, Month], span: Period) -> str:
    first = min(known)
    gone = [f"{month.start:%B %Y}" for month in span.months() if month.start > first and month.start not in known]
    return f"Not loaded, and a gap in the figures: {wording.listed(gone)}." if gone else ""


def _residents(area: Area) -> tuple[int | None, str]:
    for topic in ("sex", "age", "ethnic-group-5"):
        people = places.population(area.pk, topic)
        if people is not None and people.total:
            return people.total, f"{people.source or topic}, {people.vintage}"
    return None, ""


# Charts ---------------------------------------------------------------------------------------------------------------


def _by_month(area: Area, kind: str, known: Mapping[date, Month], span: Period) -> Chart:
    first = min(known)
    starts = [month.start for month in span.months() if month.start >= first]
    asked = types.NEIGHBOURHOOD if kind == NEIGHBOURHOOD else (kind,)
    values = [_value(known.get(start), kind, asked) for start in starts]
    labels = [f"{start:%b %Y}" for start in starts]
    title = f"{KINDS[kind]} in {area.name}, by month"
    return charts.control_chart("months", title, labels, values, good="down", noun="Month", note=SOURCE)


def _value(month: Month | None, kind: str, asked: Sequence[str]) -> float | None:
    if month is None:
        return None
    return month.crimes if kind == ALL else month.of(asked)


def _by_kind(area: Area, lately: list[Month] | None, earlier: list[Month] | None, year: Period) -> Chart | None:
    if lately is None or earlier is None:
        return None
    rows: list[list[str | float | None]] = []
    dots: list[Dot] = []
    codes = [code for code in types.LISTS[-1].types if code != types.NOT_CRIME]
    for code in codes:
        now, then = _added(lately, [code]), _added(earlier, [code])
        if now is None or then is None or not now + then:
            continue
        change = change_in_counts(now, then, level=1 - 0.05 / len(codes))
        clear = change is not None and (change.low > 0 or change.high < 0)
        verdict = "No clear change" if not clear or change is None else "More" if change.low > 0 else "Fewer"
        ends = (change.value, change.low, change.high) if change else (None, None, None)
        rows.append([types.label(code), now, then, *ends, verdict])
        value, low, high = ends
        dots.append(Dot(types.label(code), value, low, high, target=0.0, verdict=verdict, clear=clear))
    columns: list[Column | str] = [charts.words("Type"), Column("Twelve months"), Column("The twelve before")]
    columns += [Column("Change", charts.CHANGE), Column("From", charts.CHANGE), Column("To", charts.CHANGE)]
    title = f"Change of each type in {area.name}, {year.label()} against the year before"
    return charts.dots(
        "types", title, sorted(dots, key=lambda dot: -(dot.value or 0)), unit=charts.CHANGE, noun="Type",
        target_name="No change", finding=_changed(dots), note=f"{SOURCE} {COMPARED}",
        table=Table(title, [*columns, charts.words("What it says")], rows, COMPARED),
    )  # fmt: skip


def _changed(dots: Sequence[Dot]) -> str:
    said = []
    for verdict, words in (("More", "Clearly more"), ("Fewer", "Clearly fewer")):
        labels = [dot.label.lower() for dot in dots if dot.verdict == verdict]
        said.append(f"{words}: {wording.listed(labels)}." if labels else f"{words}: none.")
    unclear = sum(dot.verdict == "No clear change" for dot in dots)
    return " ".join([*said, f"No clear change: {unclear} of {wording.plural_count(len(dots), 'type')}."])


def _severity(known: Mapping[date, Month], span: Period) -> tuple[Chart | None, str]:
    """All crimes by their weights, month by month; a sentence where there are none, or not for every type."""
    version = next(iter(queries.severity_versions()), "")
    if not version:
        return None, NO_WEIGHTS
    weights = queries.weights(version)
    without = {kind for month in known.values() for kind, n in month.by_kind.items() if n} - set(weights)
    without.discard(types.NOT_CRIME)
    if without:
        names = wording.listed(sorted(types.label(kind).lower() for kind in without))
        return None, f"By the weights {version} these have none, so that a score would be too low: {names}."
    starts = [month.start for month in span.months() if month.start >= min(known)]
    scores, means = [], []
    for start in starts:
        month = known.get(start)
        score = None if month is None else sum(
            n * weights[kind] for kind, n in month.by_kind.items() if kind != types.NOT_CRIME
        )  # fmt: skip
        scores.append(score)
        means.append(score / month.crimes if month and score is not None and month.crimes else None)
    labels = [f"{start:%b %Y}" for start in starts]
    columns = [charts.words("Month"), Column("Severity", SCORE), Column("For each crime", Unit(places=1))]
    rows = [list(row) for row in zip(labels, scores, means, strict=True)]
    note = f"Each crime counts by its weight in {version}. For each crime: whether crime became worse, apart from more."
    table = Table("Severity by month", columns, rows, note)
    title = "Severity of recorded crime, by month"
    shown = [Series("Severity", scores)]
    return charts.line("severity", title, labels, shown, unit=SCORE, noun="Month", note=note, table=table), ""


# Ground ---------------------------------------------------------------------------------------------------------------


def _ground(area: Area, year: Period) -> Table | None:
    """How crime concentrates in impact areas; of the force alone, whose ground they are a part of."""
    if area.kind != Area.Kind.FORCE:
        return None
    rows: list[list[str | float | None]] = []
    found = list(places.current_areas(Area.Kind.IMPACT_AREA).order_by("name"))
    for name, ids in [("All impact areas", [one.pk for one in found]), *((one.name, [one.pk]) for one in found)]:
        one = queries.impact(ids, None, year)
        if one is not None:
            rows.append([name, one.crimes, one.share_of_crime, one.km2, one.share_of_ground, one.times])
    if not rows:
        return None
    columns: list[Column | str] = [
        charts.words("Impact area"),
        Column("Crimes"),
        Column("Of all crime", charts.SHARE_1),
    ]
    columns += [Column("Square kilometres", Unit(places=1)), Column("Of the ground", charts.SHARE_1)]
    columns += [Column("Times its part", TIMES)]
    return Table(
        f"Crime in impact areas, {year.label()}", columns, rows,
        "Share of the force’s crime over share of its ground: 25% in 7% is 3.57 times. Where areas overlap, all of them"
        " together count the ground and its crime once.",
    )  # fmt: skip
