"""The representation of one area by one topic at one stage of the funnel: the table, its chart and its words."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from peelian.core import charts, wording
from peelian.core.charts import Chart, Column, Dot, Table, Unit
from peelian.core.statistics import level_words
from peelian.core.suppression import SMALL
from peelian.insight import queries
from peelian.insight.reach import sources, told
from peelian.insight.reach.comparing import NOT_TOLD, OVER, UNDER, Comparison, Group, Row, compare
from peelian.insight.reach.dimensions import NOT_ASKED, TOPICS, Compared
from peelian.insight.reach.told import OTHER, YOUNGEST, Told
from peelian.places import queries as places
from peelian.places.models import Area
from peelian.places.queries import People


@dataclass(frozen=True)
class Stage:
    """A step of the funnel. `missing` says why it cannot be counted here; empty: it can."""

    code: str
    label: str
    says: str
    missing: str = ""


STAGES: dict[str, Stage] = {
    stage.code: stage
    for stage in (
        Stage("registered", "Registered", "have confirmed and not left"),
        Stage("contactable", "Contactable", "are registered, and at least one of their addresses works"),
        Stage(
            "received",
            "Reached in 90 days",
            "are registered, and a message to many was handed over to one of their addresses in the last 90 days, with"
            " no failure heard of. A household that shares an address gets one copy, which counts for all of it",
        ),
        Stage(
            "opened",
            "Opened",
            "opened a message",
            "Whether somebody opens an email is not measured here: no message carries anything that could tell.",
        ),
        Stage(
            "replied",
            "Rated or wrote in 90 days",
            "are registered, and rated an alert or wrote to a team in the last 90 days. By an address that several"
            " share, the longest-standing of them counts",
        ),
        Stage(
            "answered",
            "Answered a survey in 90 days",
            "are registered, and answered a survey in the last 90 days",
            "" if any(one.column == "answered_on" for one in sources.SOURCES) else "There are no surveys here yet.",
        ),
    )
}
COUNTED = (
    "Members are counted, not sampled. The intervals say how far such shares differ by chance alone between memberships"
    " of this size; a gap that chance could make is no clear difference."
)
NAMED = 4  # groups in a sentence; the others are counted
_PLACES = 2  # decimals of shares in per cent, as the board paper prints them


@dataclass(frozen=True)
class Representation:
    """What the page shows. Where nothing can be compared, `refused` is the sentence that stands there instead."""

    area: Area
    topic: str
    label: str
    stage: Stage
    as_of: datetime | None
    refused: str = ""
    people: People | None = None
    told: Told | None = None
    table: Comparison | None = None
    without: str = ""  # what the row of those who did not say is called
    elsewhere: str = ""  # of the force: members who are in none of its areas
    notes: list[str] = field(default_factory=list)

    @property
    def known(self) -> str:
        """What those have in common of whom the shares are: "Of these 334 said"."""
        return TOPICS[self.topic].known

    @property
    def title(self) -> str:
        return f"{self.label}: {self.stage.label.lower()} members in {self.area.name}"

    @property
    def residents_from(self) -> str:
        """ "Census 2021, TS021", with the vintage where the source does not name it."""
        people = self.people
        if people is None:
            return ""
        source = people.source or "the loaded table"
        return source if not people.vintage or people.vintage in source else f"{source} ({people.vintage})"

    @property
    def summary(self) -> str:
        """What one sees in it, the widest gaps first."""
        assert self.table is not None
        under, over = self.table.under, self.table.over
        said = [
            f"{word}: {wording.listed(_first([row.group.short for row in rows]))}."
            for word, rows in (("Under-represented", under), ("Predominant", over))
            if rows
        ]
        rest = self.table.tests - len(under) - len(over)
        if rest:
            groups = wording.plural_count(self.table.tests, "group")
            said.append(f"No clear difference: {rest:,} of {groups}." if said else f"No clear difference in {groups}.")
        return " ".join(said) or "No group can be compared."


def _first(names: list[str]) -> list[str]:
    return names if len(names) <= NAMED + 1 else [*names[:NAMED], f"{len(names) - NAMED} more"]


def representation(area: Area, topic: str, stage: str) -> Representation:
    """AREA is one that the person may see; TOPIC and STAGE are known."""
    label = next((one.label for one in places.topics() if one.code == topic), topic.replace("-", " ").capitalize())
    shown = Representation(area, topic, label, STAGES[stage], queries.as_of(told.ROLLUP))
    if sentence := _cannot(shown):
        return replace(shown, refused=sentence)
    people, notes = population_of(area, topic)
    if people is None:
        return replace(shown, refused=_no_table(shown))
    if not people.total:
        return replace(
            shown, refused=f"The table has no residents in {area.name}, so there is nothing to compare members with."
        )
    if area.kind in Area.ADMINISTRATIVE:
        found = told.of_areas(people, stage).get(area.pk)
    else:
        found = told.of_shape(area, people, stage)
    if found is None or found.base is None:
        return replace(shown, people=people, told=found, refused=_too_few(shown))
    return _compared(shown, people, found, notes)


def _cannot(shown: Representation) -> str:
    if shown.stage.missing:
        return shown.stage.missing
    if shown.topic in NOT_ASKED:
        return NOT_ASKED[shown.topic]
    if shown.topic not in TOPICS:
        return "Nothing that members are asked corresponds to this table, so nobody can be compared."
    if shown.area.kind == Area.Kind.SMALL_AREA:
        return "A small area is not told by itself: few members live in it. Choose the ward it is in."
    if shown.as_of is None:
        return "Members have not been counted yet. It happens by itself within the hour."
    return ""


def _no_table(shown: Representation) -> str:
    if any(one.code == shown.topic for one in places.topics()):
        return (
            f"The tables about {shown.label.lower()} do not say who lives in {shown.area.name}: they are of larger"
            " areas, or of others."
        )
    return (
        f"No table about {shown.label.lower()} has been loaded yet, so there is nothing to compare members with. An"
        f" administrator loads one with: peelian import census FILE.csv --topic {shown.topic}"
    )


def _too_few(shown: Representation) -> str:
    return (
        f"Fewer than five members in {shown.area.name} can be told apart here, or telling of them would give away an"
        " area or a group beside them that is so small. Choose a larger area or fewer groups."
    )


def population_of(area: Area, topic: str) -> tuple[People | None, list[str]]:
    """Who lives there, and what has to be said of it. Ages at which nobody is asked are left out."""
    if area.kind in Area.ADMINISTRATIVE:
        people = places.population(area.pk, topic)
    else:
        people = places.population_of_shape(places.shape(area), topic)
    if people is None:
        return None, []
    notes = list(people.notes)
    if people.areas:
        notes.append(f"Answered by {wording.plural_count(people.areas, 'whole small area')}, and nothing finer.")
    if topic == "age":
        young = [one for one in people.categories if told.band(one.code)[1] < YOUNGEST]
        if young:
            left = sum(one.people for one in young)
            people = replace(people, categories=[one for one in people.categories if one not in young])
            notes.append(f"Left out, since nobody so young is asked: {left:,} residents.")
    return people, notes


def _compared(shown: Representation, people: People, found: Told, notes: list[str]) -> Representation:
    compared = TOPICS[shown.topic]
    every = [Group(one.code, one.label, one.people, found.groups[one.code]) for one in people.categories]
    groups = [group for group in every if group.people or group.members != 0]
    if (others := found.groups[OTHER]) is None or others > 0:
        label = compared.without if shown.topic == "main-language" else "Another answer"
        groups.append(Group(OTHER, label, 0, others))
    assert found.base is not None
    table = compare(groups, base=found.base, people=people.total)
    if compared.note:
        notes.append(compared.note)
    if people.estimated:
        notes.append(
            f"{wording.share(round(people.estimated * people.total), people.total)} of the people counted here rests on"
            " best fit: a border divides their small area."
        )
    notes += _of_silence(found, compared)
    elsewhere = _elsewhere(shown)
    return replace(
        shown, people=people, told=found, table=table, without=compared.without, notes=notes, elsewhere=elsewhere
    )


def _elsewhere(shown: Representation) -> str:
    """Members whom no area has, on the page of the force: they are in no row, and not forgotten."""
    if shown.area.parent_id is not None or shown.area.kind != Area.Kind.FORCE:
        return ""
    lost = told.in_no_area(shown.stage.code)
    if not lost:
        return ""
    people = "Fewer than five members have" if lost < SMALL else f"{lost:,} members have"
    return f"{people} no home that we know of in any area of the force, and stand in no row here."


def _of_silence(found: Told, asked: Compared) -> list[str]:
    if found.base_has_everybody:
        return [f"Too few {asked.unknown} to be told apart: shares are of all members here."]
    if found.not_said and found.base and found.not_said > found.base / 4:
        all_of_them = found.not_said + found.base
        return [
            f"{wording.share(found.not_said, all_of_them)} of the members here {asked.unknown}. The others may differ"
            " from them: take the shares with care."
        ]
    return []


# Table and chart ------------------------------------------------------------------------------------------------------

SHARE = Unit(kind="share", places=_PLACES)
_POINTS = Unit(kind="points", places=_PLACES)
_RATE, _RATIO = Unit(places=1), Unit(places=2)


@dataclass(frozen=True)
class Line:
    """A row as the page prints it."""

    label: str
    people: str
    members: str
    target: str
    actual: str
    interval: str
    gap: str
    gap_interval: str
    rate: str
    ratio: str
    verdict: str
    kind: str = ""  # under, over, unclear, untold


def lines(shown: Representation) -> list[Line]:
    """The rows of the table, in the order of the population's."""
    assert shown.table is not None
    return [_line(row) for row in shown.table.rows]


def _line(row: Row) -> Line:
    group, actual = row.group, row.actual
    kind = {UNDER: "under", OVER: "over", NOT_TOLD: "untold"}.get(row.verdict, "unclear")
    return Line(
        label=group.label,
        people=f"{group.people:,}",
        members="not told" if group.members is None else f"{group.members:,}",
        target="–" if row.target is None else SHARE.short(row.target),
        actual="–" if actual is None else SHARE.short(actual.value),
        interval="" if actual is None else f"{SHARE.short(actual.low)} to {SHARE.short(actual.high)}",
        gap="–" if row.gap is None else _POINTS.short(row.gap),
        gap_interval="" if row.low is None else f"{_POINTS.short(row.low)} to {_POINTS.short(row.high)}",
        rate="–" if row.rate is None else _RATE.short(row.rate),
        ratio="–" if row.ratio is None else _RATIO.short(row.ratio),
        verdict=row.verdict or "–",
        kind=kind,
    )


def chart(shown: Representation) -> Chart:
    """The gaps with the table's intervals: to the left of the stroke there are fewer members than there should be.
    Groups that are not told are in the table alone."""
    assert shown.table is not None
    dots = [
        Dot(row.group.short, row.gap, row.low, row.high, 0.0, row.verdict if row.clear else "", row.clear)
        for row in shown.table.rows
        if row.low is not None
    ]
    return charts.dots(
        "groups",
        "How far the share of members is from the share of residents, in percentage points",
        dots,
        unit=charts.POINTS,
        noun="Group",
        target_name="Same share",
        finding=shown.summary,
        note=f"Lines are {level_words(shown.table.level)} intervals." if shown.table.level else "",
        table=_table(shown),
    )


def _table(shown: Representation) -> Table:
    """All of it, as the file has it."""
    assert shown.table is not None
    assert shown.told is not None
    columns: list[Column | str] = ["Group", "People", "Members"]
    columns += [Column("Target share", SHARE), Column("Actual share", SHARE)]
    columns += [Column("Actual share 95% from", SHARE), Column("Actual share 95% to", SHARE)]
    columns += [Column("Gap (share)", _POINTS), Column("Gap from", _POINTS), Column("Gap to", _POINTS)]
    columns += [Column("Members per 1,000 people", _RATE), Column("Ratio", _RATIO), charts.words("What it says")]
    rows = [_cells(row) for row in shown.table.rows]
    silent = shown.told.not_said if shown.told.not_said is not None else NOT_TOLD
    rows.append([shown.without, None, silent, *[None] * 9, "not compared"])
    return Table(shown.title, columns, rows)


def _cells(row: Row) -> list[str | int | float | None]:
    group, actual = row.group, row.actual
    shares: list[float | None] = [actual.value, actual.low, actual.high] if actual else [None] * 3
    members = NOT_TOLD if group.members is None else group.members
    gap = [row.gap, row.low, row.high, row.rate, row.ratio]
    return [group.label, group.people, members, row.target, *shares, *gap, row.verdict]
