"""The overlay: wards by Neighbourhood Watch cover, crime, sign-ups and who lives there, laid over one another to find
where to go (Engagement, November 2018, paragraph 54). The paper names the four sources and neither weights nor scale:
here the weights are chosen and shown, every source is a rank, and what depends on the weights is said to.

Everything is read from rollups and tables of areas.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection

from peelian.core import charts, wording
from peelian.core.charts import Chart, Column, Table, Unit
from peelian.core.periods import Period
from peelian.core.suppression import SMALL
from peelian.insight import queries
from peelian.insight.crime import types
from peelian.insight.crime.queries import crimes_by_area
from peelian.insight.models import CrimeFile, WatchCover
from peelian.insight.outreach import weighing
from peelian.insight.outreach.weighing import Stood
from peelian.insight.reach import told
from peelian.insight.reach.wards import RESIDENTS
from peelian.places import queries as places
from peelian.places.models import Area
from peelian.places.queries import People

MONTHS = 12
FLOOR = 100  # residents: a ward of fewer is left out
WEIGHT = 10  # the highest
CRIMES = {"all": "All recorded crime", "neighbourhood": "Burglary, robbery, vehicle crime, theft from the person"}
SCORE = Unit(places=0)
_RATE, _SHARE = Unit(places=1), charts.SHARE_1


@dataclass(frozen=True)
class Part:
    """A source: what it measures, its unit, and whether much of it or little is a reason to go there."""

    code: str
    label: str
    unit: Unit
    more: bool  # much of it is a reason
    says: str


PARTS = (
    Part("watch", "Under Neighbourhood Watch", _SHARE, False, "few households under Neighbourhood Watch"),
    Part("crime", "Crimes per 1,000 residents", _RATE, True, "much recorded crime"),
    Part("sign-ups", "Members per 1,000 residents", _RATE, False, "few members"),
    Part("census", "Share of the chosen groups", _SHARE, True, "many residents of the chosen groups"),
)
LABELS = {part.code: part.label for part in PARTS}


@dataclass(frozen=True)
class Choice:
    """What the address says: the weight of each part, and the groups that the census part counts."""

    weights: Mapping[str, int]
    topic: str = ""
    groups: tuple[str, ...] = ()
    crime: str = "all"  # of CRIMES; the second stands for the paper's serious acquisitive crime


@dataclass(frozen=True)
class Ward:
    """One ward: each part's value and rank (0 to 1, high is a reason to go), the score out of 100 and how it stands."""

    area: Area
    values: dict[str, float]
    ranks: dict[str, float]
    score: float
    stood: Stood
    said: str  # firm, depends on the weights, or nothing

    @property
    def why(self) -> list[str]:
        """The parts in which it is in the highest fifth."""
        return [part.says for part in PARTS if self.ranks.get(part.code, 0) >= 0.8]

    @property
    def range(self) -> str:
        best, worst = self.stood.places()
        return str(best) if best == worst else f"{best} to {worst}"


@dataclass(frozen=True)
class Overlay:
    """What the page shows. `missing`: part → the sentence that says why it is left out."""

    area: Area
    choice: Choice
    as_of: datetime | None
    refused: str = ""
    wards: list[Ward] = field(default_factory=list)  # the highest score first
    used: tuple[Part, ...] = ()
    missing: dict[str, str] = field(default_factory=dict)
    bases: dict[str, str] = field(default_factory=dict)  # part → what it was worked out from
    untold: tuple[str, ...] = ()
    chart: Chart | None = None
    edge: int = 0

    @property
    def highest(self) -> list[Ward]:
        return self.wards[: self.edge]

    @property
    def nearly(self) -> list[Ward]:
        """Wards beyond the highest that other weights would have put there."""
        return [ward for ward in self.wards[self.edge :] if ward.said]


def overlay(area: Area, choice: Choice) -> Overlay:
    """AREA is one that the person may see; its neighbourhoods are laid over."""
    shown = Overlay(area, choice, queries.as_of(told.ROLLUP))
    ids = places.with_descendants([area.pk])
    below = list(places.neighbourhoods().filter(pk__in=ids).order_by("name", "code"))
    if len(below) < 3:
        return _refused(shown, f"{area.name} has fewer than three wards, so there is nothing to lay over one another.")
    found = _Sources([one.pk for one in below], choice)
    parts = tuple(part for part in PARTS if found.values[part.code] and choice.weights.get(part.code, 0) > 0)
    if not parts:
        return _refused(shown, _nothing(found.missing), found.missing)
    known = [one for one in below if all(one.pk in found.values[part.code] for part in parts)]
    if len(known) < 3:
        return _refused(shown, "Fewer than three wards have all of these figures, or may be told.", found.missing)
    wards = _laid(known, parts, found.values, choice)
    there = {one.pk for one in known}
    untold = tuple(one.name for one in below if one.pk not in there)
    made = Overlay(
        area, choice, shown.as_of, "", wards, parts, found.missing, found.bases, untold, None, weighing.edge(len(known))
    )
    return Overlay(**{**made.__dict__, "chart": _chart(made)})


def version() -> tuple[object, ...]:
    """Changes with a file of Watch or of crime: for what is laid over and kept."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT sum(hashtextextended(w::text, 0)) FROM insight_watchcover w),"
            " (SELECT sum(hashtextextended(f::text, 0)) FROM insight_crimefile f)"
        )
        return tuple(cursor.fetchone())


def _refused(shown: Overlay, sentence: str, missing: dict[str, str] | None = None) -> Overlay:
    return Overlay(shown.area, shown.choice, shown.as_of, sentence, missing=missing or {})


def _nothing(missing: Mapping[str, str]) -> str:
    if len(missing) == len(PARTS):
        return "None of the four sources is there yet."
    return "No source that is there has a weight. Give one of them a weight above nought."


def _laid(
    known: Sequence[Area], parts: Sequence[Part], values: Mapping[str, Mapping[int, float]], choice: Choice
) -> list[Ward]:
    ranks = {}
    for part in parts:
        of = [values[part.code][one.pk] for one in known]
        ranks[part.code] = weighing.percentiles(of if part.more else [-value for value in of])
    rows = list(zip(*(ranks[part.code] for part in parts), strict=True))
    weights = [choice.weights[part.code] for part in parts]
    scores = weighing.composite(rows, weights)
    stood = weighing.sensitivity([part.code for part in parts], rows, weights)
    most = weighing.edge(len(known))
    wards = [
        Ward(
            one,
            {part.code: values[part.code][one.pk] for part in parts},
            {part.code: ranks[part.code][at] for part in parts},
            100 * scores[at],
            stood[at],
            stood[at].said(most),
        )
        for at, one in enumerate(known)
    ]
    return sorted(wards, key=lambda ward: ward.stood.place)


class _Sources:
    """Each part's value by ward, or the sentence that says why there is none."""

    def __init__(self, wards: list[int], choice: Choice) -> None:
        self.wards, self.choice = wards, choice
        self.missing: dict[str, str] = {}
        self.bases: dict[str, str] = {}
        self.people = self._residents()
        self.values: dict[str, dict[int, float]] = {
            "watch": self._watch(),
            "crime": self._crime(),
            "sign-ups": self._sign_ups(),
            "census": self._census(),
        }

    def _residents(self) -> dict[int, People]:
        for topic in RESIDENTS:
            if found := places.populations(self.wards, topic):
                return {pk: people for pk, people in found.items() if people.total >= FLOOR}
        return {}

    def _without_people(self, part: str) -> dict[int, float]:
        self.missing[part] = "Not known: no table of the population says how many people live in these wards."
        return {}

    def _watch(self) -> dict[int, float]:
        rows = list(WatchCover.objects.filter(area__in=self.wards).values_list("area", "households", "as_of"))
        if not rows:
            self.missing["watch"] = "Not supplied: no file of households under Neighbourhood Watch has been brought in."
            return {}
        households = places.populations(self.wards, "households")
        known = {pk: people.total for pk, people in households.items() if people.total >= FLOOR}
        if not known:
            self.missing["watch"] = "Not known: no table says how many households these wards have."
            return {}
        oldest = min(as_of for _, _, as_of in rows)
        self.bases["watch"] = (
            f"households under Watch as of {wording.uk_date(oldest)}, of all households; under five count as none"
        )
        return {pk: min(under / known[pk], 1.0) if under >= SMALL else 0.0 for pk, under, _ in rows if pk in known}

    def _crime(self) -> dict[int, float]:
        if not self.people:
            return self._without_people("crime")
        period = _crime_period()
        kinds = None if self.choice.crime == "all" else types.NEIGHBOURHOOD
        counts = crimes_by_area(self.wards, kinds, period) if period else {}
        if not counts or period is None:
            self.missing["crime"] = (
                "Not supplied: no month of the police’s open data has been brought in."
                if period is None
                else f"Not supplied: some months of {period.label()} have no file of crime."
            )
            return {}
        self.bases["crime"] = f"{CRIMES[self.choice.crime].lower()}, {period.label()}, of all residents"
        return {pk: 1000 * n / self.people[pk].total for pk, n in counts.items() if pk in self.people}

    def _sign_ups(self) -> dict[int, float]:
        if not self.people:
            return self._without_people("sign-ups")
        if queries.as_of(told.ROLLUP) is None:
            self.missing["sign-ups"] = "Members have not been counted yet. It happens by itself within the hour."
            return {}
        members = told.totals("registered")
        self.bases["sign-ups"] = "registered members, of all residents"
        return {
            pk: 1000 * n / self.people[pk].total
            for pk in self.wards
            if pk in self.people and (n := members.get(pk)) is not None
        }

    def _census(self) -> dict[int, float]:
        if not self.choice.topic or not self.choice.groups:
            self.missing["census"] = "No groups of residents are chosen."
            return {}
        found = places.populations(self.wards, self.choice.topic)
        if not found:
            self.missing["census"] = "Not known: no table about it speaks of these wards."
            return {}
        labels = {one.code: one.label for people in found.values() for one in people.categories}
        names = wording.listed([labels[code] for code in self.choice.groups if code in labels])
        if not names:
            self.missing["census"] = "No groups of residents are chosen."
            return {}
        self.bases["census"] = f"residents by {next(iter(found.values())).label.lower()}: {names}"
        chosen = set(self.choice.groups)
        return {
            pk: sum(one.people for one in people.categories if one.code in chosen) / people.total
            for pk, people in found.items()
            if people.total >= FLOOR
        }


def _crime_period() -> Period | None:
    """The twelve months up to the newest that is loaded."""
    newest = CrimeFile.objects.filter(dataset=CrimeFile.Dataset.STREET).order_by("-month").values_list("month").first()
    return Period.year_to(newest[0].year, newest[0].month) if newest else None


# Chart and table ------------------------------------------------------------------------------------------------------


def _chart(shown: Overlay) -> Chart:
    top = shown.highest
    firm = [ward.area.name for ward in top if ward.said == "firm"]
    said = f"Highest: {wording.listed([ward.area.name for ward in top])}." if top else ""
    if top:
        some = (
            f"{wording.listed(firm)} hardly {'depends' if len(firm) == 1 else 'depend'}"
            if firm
            else "every one depends"
        )
        said += f" Among them {some} on the weights."
    return charts.area_map(
        "overlay",
        f"Reasons to go, out of 100, in the wards of {shown.area.name}",
        [charts.Area(ward.area.name, ward.area.outline, ward.score) for ward in shown.wards],
        unit=SCORE,
        noun="Ward",
        finding=said,
        table=_table(shown),
    )


def _table(shown: Overlay) -> Table:
    """For a page: what each source says of a ward. How the score is made up, and how steady it is, is in the file."""
    columns = [charts.words("Ward"), Column("Place", Unit()), Column("Score", Unit(places=1))]
    columns += [*(Column(part.label, part.unit) for part in shown.used), charts.words("Places without one source")]
    rows: list[list[str | int | float | None]] = [
        [ward.area.name, ward.stood.place, ward.score, *(ward.values[part.code] for part in shown.used), ward.range]
        for ward in shown.wards
    ]
    note = (
        "The file has more columns: how many points of the score each source adds, how often other weights put the ward"
        " among the highest and the lowest, and what its place depends on."
    )
    return Table(f"Wards of {shown.area.name} by score", columns, rows, note)


def whole_table(shown: Overlay) -> Table:
    """For a file: everything."""
    columns: list[Column | str] = [charts.words("Ward"), Column("Place", Unit()), Column("Score", Unit(places=1))]
    for part in shown.used:
        columns += [Column(part.label, part.unit), Column(f"Points: {part.code}", Unit(places=1))]
    columns += [
        charts.words("Places without one source"),
        Column(f"Weightings in the highest {shown.edge}", charts.SHARE),
        Column(f"Weightings in the lowest {shown.edge}", charts.SHARE),
        charts.words("What its place depends on"),
    ]
    return Table(f"Wards of {shown.area.name} by score", columns, [_row(shown, ward) for ward in shown.wards])


def _row(shown: Overlay, ward: Ward) -> list[str | int | float | None]:
    row: list[str | int | float | None] = [ward.area.name, ward.stood.place, ward.score]
    for part in shown.used:
        row += [ward.values[part.code], points(shown, ward, part)]
    return [*row, ward.range, ward.stood.high, ward.stood.low, ward.said]


def points(shown: Overlay, ward: Ward, part: Part) -> float:
    """What a part adds to the score: the parts of a ward add up to it."""
    whole = sum(shown.choice.weights[one.code] for one in shown.used)
    return 100 * ward.ranks[part.code] * shown.choice.weights[part.code] / whole
