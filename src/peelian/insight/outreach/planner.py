"""The outreach planner: places ordered by the representation that an officer hour there is expected to bring.

    worth of a place = for each clearly under-represented group, its gap in percentage points × the share of the
                       place's residents who are of it, added up
    gain of an hour  = members an hour brings there × worth

Members an hour brings come from our own records (outreach.yields); gaps from the representation page; shares from the
population tables. That those who join are as those who live there is an assumption, and the page says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from peelian.accounts.models import Staff
from peelian.core import charts, wording
from peelian.core.charts import Chart, Column, Table, Unit
from peelian.core.statistics import Estimate, Shrunk
from peelian.insight import queries
from peelian.insight.models import OutreachPlace
from peelian.insight.outreach import ground, records
from peelian.insight.outreach.yields import Kinds, Yields, kinds, yields
from peelian.insight.reach import told
from peelian.insight.reach.comparing import Row
from peelian.insight.reach.representation import representation
from peelian.members import queries_campaigns as campaigns
from peelian.members import queries_doorstep as doorstep
from peelian.members.models import Campaign
from peelian.places import queries as places
from peelian.places.models import Area

Kind = OutreachPlace.Kind
FLOOR = 100  # residents: a place of fewer is left out
SHOWN = 25
DRAWN = 300  # small areas that a map can still show
STREETS = 200
MOSTLY = 0.5
GAIN, RATE = Unit(places=2), Unit(places=1)


@dataclass(frozen=True)
class Place:
    """Somewhere to go: what an hour is expected to bring, and what that is worth."""

    key: str  # in addresses: small-area-17, street-4, venue-9
    kind: str
    label: str
    residents: int
    area_type: str
    hour: Shrunk
    worth: float
    share: float  # of its residents who are of the under-represented groups, 0 to 1
    area_id: int = 0
    small_area_id: int = 0
    at: tuple[float, float] = (0.0, 0.0)  # longitude, latitude
    outline: Mapping[str, Any] | None = None
    key_id: int = 0  # of the street or campaign

    @property
    def members(self) -> Estimate:
        return self.hour.estimate()

    @property
    def gain(self) -> Estimate:
        one = self.members
        return Estimate(one.value * self.worth, one.low * self.worth, one.high * self.worth, one.base, one.method)


@dataclass(frozen=True)
class LeftOut:
    """Somewhere of too few residents, or of which the table does not speak: nothing is told but that it is there."""

    kind: str
    small_area_id: int
    at: tuple[float, float]


@dataclass(frozen=True)
class Planner:
    """What the page shows; where there is nothing to order, `refused` is the sentence that stands there instead."""

    area: Area
    kind: str
    source: str
    topic: str
    as_of: datetime | None
    refused: str = ""
    places: list[Place] = field(default_factory=list)  # the most first
    under: list[Row] = field(default_factory=list)
    yields: Yields | None = None
    by: Kinds | None = None
    left_out: int = 0  # places of too few residents, or without figures
    chart: Chart | None = None
    within: str = ""  # the name of the drawn shape that they lie in

    @property
    def shown(self) -> list[Place]:
        return self.places[:SHOWN]


Somewhere = Place | LeftOut
Within = Callable[[list[Somewhere]], list[Somewhere]]


def planner(
    area: Area, kind: str, source: str, topic: str, session_hours: float, staff: Staff,
    *, within: tuple[str, Within] | None = None,
) -> Planner:  # fmt: skip
    """AREA is one that the person may see. WITHIN is the name of a drawn shape and what keeps the places in it."""
    named = within[0] if within else ""
    blank = Planner(area, kind, source, topic, queries.as_of(told.ROLLUP, records.NAME), within=named)
    if blank.as_of is None:
        return _refused(blank, "Outreach has not been counted yet. It happens by itself within the hour.")
    compared = representation(area, topic, "registered")
    if compared.table is None or compared.people is None:
        return _refused(blank, compared.refused)
    if not compared.table.under:
        label = compared.label.lower()
        return _refused(blank, f"No group in {area.name} is clearly under-represented by {label}, so an hour changes"
                               " representation no more in one place than in another. Choose another topic or"
                               " area.")  # fmt: skip
    by = kinds()
    found = yields(source, by, session_hours)
    if found is None:
        return _refused(blank, "Nobody has been signed up this way in the last two years, so nothing says how many an"
                               " hour brings. Choose another way.")  # fmt: skip
    worth = _Worth(compared.table.under, compared.people)
    candidates = list({Kind.SMALL_AREA: _small_areas, Kind.STREET: _streets, Kind.VENUE: _venues}[Kind(kind)](
        area, staff, worth, by, found))  # fmt: skip
    if within and candidates:
        candidates = within[1](candidates)
        if not candidates:
            return _refused(blank, f"No place of this kind in {area.name} lies in the shape {named}.")
    known = [place for place in candidates if isinstance(place, Place)]
    if not known:
        return _refused(
            blank, _nowhere(kind, f"the part of {area.name} within {named}" if within else area.name, bool(candidates))
        )
    known.sort(key=lambda place: (-place.gain.value, place.label))
    made = Planner(
        area, kind, source, topic, blank.as_of, "", known, compared.table.under, found, by,
        len(candidates) - len(known), within=named,
    )  # fmt: skip
    return Planner(**{**made.__dict__, "chart": _chart(made)})


def _refused(blank: Planner, sentence: str) -> Planner:
    return Planner(blank.area, blank.kind, blank.source, blank.topic, blank.as_of, sentence, within=blank.within)


def _nowhere(kind: str, where: str, some: bool) -> str:
    if some:
        return f"No place in {where} has {FLOOR} residents or more of whom the table speaks."
    return {
        Kind.SMALL_AREA: f"No small areas of {where} have been imported.",
        Kind.STREET: f"No street in {where} is on the lists of your teams. Officers add them under Doorstep.",
        Kind.VENUE: f"No venue or event in {where} runs as a campaign of your teams. Add one under Campaigns.",
    }[Kind(kind)]


class _Worth:
    """What a member somewhere is worth: from the gaps of the clearly under-represented, and who lives there."""

    def __init__(self, under: list[Row], people: places.People) -> None:
        self.gaps = {row.group.code: -100 * (row.gap or 0.0) for row in under}
        self.topic, self.vintage = people.topic, people.vintage
        self.counted = {one.code for one in people.categories}

    def of(self, figures: Mapping[str, float]) -> tuple[int, float, float] | None:
        """Residents, worth and share of the under-represented; None where they are too few."""
        here = {code: n for code, n in figures.items() if code in self.counted}
        residents = sum(here.values())
        if residents < FLOOR:
            return None
        worth = sum(gap * here.get(code, 0.0) for code, gap in self.gaps.items()) / residents
        share = sum(here.get(code, 0.0) for code in self.gaps) / residents
        return round(residents), worth, share


def _small_areas(area: Area, staff: Staff, worth: _Worth, by: Kinds, found: Yields) -> Iterable[Somewhere]:
    ids = [pk for pk, weight in places.small_areas(area.pk) if weight >= MOSTLY]
    figures = places.figures_of_small_areas(ids, worth.topic, worth.vintage)
    types = _types(by, ids)
    rows = Area.objects.filter(pk__in=ids).order_by("code").values_list(
        "pk", "code", "name", "longitude", "latitude", "outline" if len(ids) <= DRAWN else "pk"
    )  # fmt: skip
    wards = _wards(by, [(round(lon * 1e7), round(lat * 1e7)) for _, _, _, lon, lat, _ in rows])
    for (pk, code, name, lon, lat, outline), ward in zip(rows, wards, strict=True):
        told_of = worth.of(figures.get(pk, {}))
        kind = types.get(pk, "") if by.topic else str(ward)
        label = name if name == code else f"{name} ({code})"
        yield LeftOut(Kind.SMALL_AREA, pk, (lon, lat)) if told_of is None else Place(
            f"{Kind.SMALL_AREA}-{pk}", Kind.SMALL_AREA, label, told_of[0], by.label(kind), found.of(kind), *told_of[1:],
            ward, pk, (lon, lat), outline if isinstance(outline, dict) else None,
        )  # fmt: skip


def _streets(area: Area, staff: Staff, worth: _Worth, by: Kinds, found: Yields) -> Iterable[Somewhere]:
    within = places.with_descendants([area.pk])
    streets = list(doorstep.streets_for(staff).filter(area__in=within)[:STREETS])
    units = ground.small_areas_holding([(one.longitude, one.latitude) for one in streets])
    figures = places.figures_of_small_areas(units, worth.topic, worth.vintage)
    types = _types(by, units)
    for street, unit in zip(streets, units, strict=True):
        told_of = worth.of(figures.get(unit, {}))
        kind = types.get(unit, "") if by.topic else str(street.area_id or 0)
        at = street.longitude / 1e7, street.latitude / 1e7
        yield LeftOut(Kind.STREET, unit, at) if told_of is None else Place(
            f"{Kind.STREET}-{street.pk}", Kind.STREET, f"{street.name}, {street.area}", told_of[0], by.label(kind),
            found.of(kind), *told_of[1:], street.area_id or 0, unit, at, None, street.pk,
        )  # fmt: skip


def _venues(area: Area, staff: Staff, worth: _Worth, by: Kinds, found: Yields) -> Iterable[Somewhere]:
    """By the ward they are in: nothing finer is known of who comes there."""
    within = places.with_descendants([area.pk])
    kinds_of = (Campaign.Kind.VENUE, Campaign.Kind.EVENT)
    venues = list(campaigns.running(campaigns.campaigns_for(staff).filter(kind__in=kinds_of, area__in=within)))
    wards = [one.area for one in venues if one.area]
    people = places.populations([ward.pk for ward in wards], worth.topic, worth.vintage)
    classes = places.populations([ward.pk for ward in wards], by.topic, by.vintage) if by.topic else {}
    for venue, ward in zip(venues, wards, strict=True):
        who = people.get(ward.pk)
        told_of = worth.of({one.code: one.people for one in who.categories}) if who else None
        kind = by.of_people(classes.get(ward.pk)) if by.topic else str(ward.pk)
        at = ward.longitude, ward.latitude
        yield LeftOut(Kind.VENUE, 0, at) if told_of is None else Place(
            f"{Kind.VENUE}-{venue.pk}", Kind.VENUE, f"{venue.name}, {ward.name}", told_of[0], by.label(kind),
            found.of(kind), *told_of[1:], ward.pk, 0, at, None, venue.pk,
        )  # fmt: skip


def _types(by: Kinds, ids: Iterable[int]) -> dict[int, str]:
    if not by.topic:
        return {}
    classes = places.figures_of_small_areas(list(ids), by.topic, by.vintage)
    return {pk: by.of_category(next(iter(found))) for pk, found in classes.items() if found}


def _wards(by: Kinds, points: list[tuple[int, int]]) -> list[int]:
    import numpy as np

    if not points:
        return []
    where = np.array(points, np.int64)
    return [int(pk) for pk in places.lowest_areas(where[:, 0], where[:, 1])]


# Map and table --------------------------------------------------------------------------------------------------------


def _chart(made: Planner) -> Chart:
    first = made.places[0]
    said = (
        f"An hour is worth most in {first.label}: {GAIN.said(first.gain.value)} of gain"
        f" ({GAIN.short(first.gain.low)} to {GAIN.short(first.gain.high)})."
    )
    if all(place.outline for place in made.places):
        areas = [charts.Area(one.label, one.outline or {}, one.gain.value) for one in made.places]
        spots: list[charts.Spot] = []
    else:
        below = places.neighbourhoods().filter(pk__in=places.with_descendants([made.area.pk])).order_by("name")
        areas = [charts.Area(one.name, one.outline) for one in below]
        spots = [charts.Spot(one.label, *one.at, one.gain.value) for one in made.shown]
    return charts.area_map(
        "places", f"Gain expected from an officer hour in {made.area.name}", areas, unit=GAIN, spots=spots,
        noun="Place", finding=said, table=_table(made),
    )  # fmt: skip


def _table(made: Planner) -> Table:
    columns: list[Column | str] = [charts.words("Place"), charts.words("Kind of area"), Column("Residents")]
    columns += [Column("Members an hour", RATE), Column("from", RATE), Column("to", RATE)]
    columns += [Column("Worth of a member", GAIN), Column("Gain of an hour", GAIN)]
    columns += [Column("Gain from", GAIN), Column("Gain to", GAIN)]
    rows: list[list[str | int | float | None]] = []
    for one in made.places:
        members, gain = one.members, one.gain
        rows.append([one.label, one.area_type, one.residents, members.value, members.low, members.high,
                     one.worth, gain.value, gain.low, gain.high])  # fmt: skip
    names = wording.listed([row.group.label for row in made.under])
    return Table(f"Places in {made.area.name} by gain of an hour", columns, rows, f"Under-represented: {names}.")
