"""How many people an officer hour signs up, by source and kind of area, from our own records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import connection

from peelian.core import wording
from peelian.core.statistics import Shrunk, gamma_poisson
from peelian.core.suppression import suppress_by
from peelian.places import queries as places
from peelian.places.models import PopulationTable
from peelian.places.queries import People

HOURS = 2.0  # a session whose time nobody recorded, unless somebody says otherwise
FIFTHS = {
    "1": "Most deprived fifth of England", "2": "Second fifth", "3": "Middle fifth", "4": "Fourth fifth",
    "5": "Least deprived fifth",
}  # fmt: skip
OTHER = ""  # no kind is known


@dataclass(frozen=True)
class Kinds:
    """By what kinds of area sign-ups are told apart: deprivation, else the Output Area Classification, else wards."""

    topic: str  # empty: by ward
    vintage: str
    labels: Mapping[str, str]
    said: str

    def of_category(self, category: str) -> str:
        """The kind of a small area of this class."""
        if self.topic == "deprivation":
            return str((int(category) + 1) // 2) if category.isdigit() else OTHER
        return category

    def of_people(self, people: People | None) -> str:
        """The kind of area in which most of these people live."""
        found: dict[str, int] = {}
        for one in people.categories if people else ():
            kind = self.of_category(one.code)
            found[kind] = found.get(kind, 0) + one.people
        return max(found, key=lambda kind: found[kind]) if any(found.values()) else OTHER

    def label(self, kind: str) -> str:
        return self.labels.get(kind, "Kind not known")


def kinds() -> Kinds:
    """The finest that is loaded."""
    tables: dict[str, PopulationTable] = {}
    for one in places.tables():
        if one.counts == "areas":
            tables.setdefault(one.topic, one)
    if table := tables.get("deprivation"):
        return Kinds("deprivation", table.vintage, FIFTHS, "how deprived the small area is, in fifths of England")
    if table := tables.get("oac"):
        return Kinds("oac", table.vintage, dict(table.labels), "the supergroup of the Output Area Classification")
    wards = {str(pk): name for pk, name in places.neighbourhoods().values_list("pk", "name")}
    return Kinds("", "", wards, "ward, since no table of deprivation or classification is loaded")


@dataclass(frozen=True)
class Yield:
    """One kind of area: what was recorded there and what follows for an hour. `sign_ups` None: not told."""

    label: str
    sign_ups: int | None
    hours: float
    found: Shrunk


@dataclass(frozen=True)
class Yields:
    """Of one source. `rest` is for kinds of area without a record of their own."""

    by_kind: dict[str, Shrunk]
    rest: Shrunk
    rows: list[Yield]
    sessions: float
    recorded_hours: float
    session_hours: float

    def of(self, kind: str) -> Shrunk:
        return self.by_kind.get(kind, self.rest)

    @property
    def alike(self) -> bool:
        """Whether kinds of area differ no more than by chance, so that each has the common rate."""
        return len({one.found.mean for one in self.rows}) == 1 and len(self.rows) > 1

    @property
    def assumption(self) -> str:
        """What the hours rest on."""
        known = f"{self.recorded_hours:,.0f} hours were recorded with plans." if self.recorded_hours else ""
        if not self.sessions:
            return known
        guess = (
            f"For {wording.plural_count(round(self.sessions), 'session')} nobody recorded the time: each is taken to"
            f" have lasted {self.session_hours:g} hours. That is an assumption; you can change it above."
        )
        return f"{guess} {known}".strip()


def yields(source: str, by: Kinds, session_hours: float) -> Yields | None:
    """None where nobody has been signed up this way, so that nothing is known."""
    rows = [row for row in _tallies(source, by) if row[2] * session_hours + row[4] > 0]
    if not rows:
        return None
    counts = [sign_ups + recorded for _, sign_ups, _, recorded, _ in rows]
    exposures = [sessions * session_hours + hours for _, _, sessions, _, hours in rows]
    found = gamma_poisson([*counts, 0], [*exposures, 0.0])
    names = [row[0] for row in rows]
    told = suppress_by(dict(zip(names, counts, strict=True)))
    lines = [
        Yield(by.label(name), told[name], hours, one) for name, hours, one in zip(names, exposures, found, strict=False)
    ]
    by_kind = dict(zip(names, found, strict=False))
    sessions, recorded = sum(row[2] for row in rows), sum(row[4] for row in rows)
    return Yields(by_kind, found[-1], sorted(lines, key=lambda one: -one.found.mean), sessions, recorded, session_hours)


def _tallies(source: str, by: Kinds) -> list[tuple[str, int, float, int, float]]:
    """Kind, sign-ups in sessions, sessions, sign-ups of recorded hours, recorded hours."""
    sums = "sum(t.sign_ups)::int, sum(t.sessions)::float, sum(t.recorded)::int, sum(t.hours)::float"
    with connection.cursor() as cursor:
        if by.topic:
            cursor.execute(
                f"SELECT coalesce(p.category, ''), {sums} FROM insight_outreachtally t LEFT JOIN places_population p"
                " ON p.area_id = t.small_area_id AND p.table_id = (SELECT id FROM places_populationtable"
                " WHERE topic = %s AND vintage = %s) WHERE t.source = %s GROUP BY 1",
                [by.topic, by.vintage, source],
            )
        else:
            cursor.execute(
                f"SELECT t.area_id::text, {sums} FROM insight_outreachtally t WHERE t.source = %s GROUP BY 1", [source]
            )
        rows = cursor.fetchall()
    found: dict[str, Sequence[float]] = {}
    for category, *numbers in rows:
        kind = by.of_category(category) if by.topic else category if category in by.labels else OTHER
        found[kind] = [a + b for a, b in zip(found.get(kind, (0, 0, 0, 0)), numbers, strict=True)]
    return [(kind, int(n[0]), float(n[1]), int(n[2]), float(n[3])) for kind, n in sorted(found.items())]
