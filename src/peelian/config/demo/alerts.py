"""A year of alerts of the demonstration force: who wrote what about which places, and whom it reached then."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from peelian.accounts.models import Staff, Team
from peelian.alerts.models import Alert
from peelian.config.demo import names, words
from peelian.config.demo.people import LANGUAGES, Ints, Population
from peelian.config.demo.staff import Roster, SectorTeam
from peelian.config.demo.words import Words
from peelian.core import clock
from peelian.core.references import LETTERS
from peelian.members.models import EMAIL, TEXT, VOICE, Topic
from peelian.places.geometry import circle, covers_units
from peelian.places.models import Area

ALERTS = 420
DAYS = 365
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
# How often each type is written, for those written more or less than once
OFTEN = {
    "residential-burglary": 5, "residential-asb": 5, "vehicle-crime": 5, "information-request": 4, "crime-update": 4,
    "road-safety": 3, "residential-crime": 3, "crime-prevention": 3, "meeting-notice": 3, "good-news": 2,
    "suspicious-circumstances": 2, "feedback-request": 2, "business-crime": 2,
}  # fmt: skip
WARD, SECTOR, POLICING_AREA, FORCE = range(4)
HOW_WIDE = (0.74, 0.185, 0.055, 0.02)
CAPS = (2_000, 10_000, 50_000, 50_000)  # accounts.roles.CAP of those who write for that width


@dataclass
class Written:
    """One alert, and whom it reached: parallel arrays of members (places in the population) and channel bits."""

    topic: Topic
    said: Words
    filling: dict[str, Any]
    team: Team
    author: Staff
    areas: list[Area]
    audience: dict[str, Any]
    at: datetime
    channels: int = EMAIL
    priority: str = Alert.Priority.ROUTINE
    state: str = Alert.State.SENT
    relation: str = ""
    first: Written | None = None
    approver: Staff | None = None
    restricted: bool = False
    scheduled_for: datetime | None = None
    returned: bool = False
    ref: str = ""
    members: Ints = field(default_factory=lambda: np.empty(0, np.int64))
    bits: Ints = field(default_factory=lambda: np.empty(0, np.int64))

    @property
    def is_out(self) -> bool:
        return self.state in (Alert.State.SENT, Alert.State.RECALLED, Alert.State.WITHDRAWN)

    @property
    def title(self) -> str:
        return self.said.title.format(**self.filling)[:120]


@dataclass
class Desk:
    """Where alerts are written: the staff, the places, the people and one source of luck."""

    rng: np.random.Generator
    roster: Roster
    people: Population
    force: Area
    policing_areas: list[Area]
    topics: list[Topic]

    def __post_init__(self) -> None:
        self.reached = self.people.reached_by()
        self.streets = sorted({names.street(self.rng) for _ in range(80)})
        self.ward_of = {ward.pk: team.sector.pk for team in self.roster.teams for ward in team.wards}

    def year(self) -> list[Written]:
        """Every alert, the oldest first, with a ref of its own."""
        often = np.array([OFTEN.get(topic.slug, 1) for topic in self.topics], float)
        ages = np.sort(self.rng.integers(1, DAYS, ALERTS))[::-1]
        written = [
            self._write(self.topics[self.rng.choice(len(self.topics), p=often / often.sum())], int(days))
            for days in ages
        ]
        self._vary(written)
        written += self._later(written)
        written.sort(key=lambda one: one.at)
        written += self._on_the_desk()
        for one, ref in zip(written, self._refs(len(written)), strict=True):
            one.ref = ref
        for one in written:
            if one.first is not None:
                one.audience = {"clauses": [{"effect": "include", "kind": "received", "values": [one.first.ref]}]}
        return written

    def _write(self, topic: Topic, days: int) -> Written:
        """An alert of that type so many days ago; one that would reach nobody is written for everybody instead."""
        sector: SectorTeam = self.roster.teams[self.rng.integers(len(self.roster.teams))]
        width = int(self.rng.choice(4, p=HOW_WIDE))
        team, author, areas = self._sender(width, sector)
        at = self._moment(days)
        said = words.ALERTS[topic.slug]
        clauses = [{"effect": "include", "kind": "areas", "values": [area.code for area in areas]}]
        one = Written(
            topic, said[self.rng.integers(len(said))], self._filling(at, areas[0]), team, author, areas,
            {"clauses": clauses}, at,
        )  # fmt: skip
        luck = self.rng.random()
        if luck < 0.06:
            one.priority, one.channels = Alert.Priority.URGENT, EMAIL | TEXT | (VOICE if luck < 0.015 else 0)
        elif luck < 0.2:
            one.priority = Alert.Priority.IMPORTANT
        self.reach(one, self._living_in(areas))
        if not len(one.members):
            one.areas, one.author, one.team = [self.force], self.roster.communications[0], self.roster.force
            one.audience = {"clauses": [{"effect": "include", "kind": "everybody"}]}
            self.reach(one, self.people.area > 0)
            width = FORCE
        if one.priority == Alert.Priority.URGENT or len(one.members) < 5 or len(one.members) > CAPS[width]:
            one.approver = sector.sergeant if width == WARD else self.roster.communications[1]
        return one

    def _sender(self, width: int, sector: SectorTeam) -> tuple[Team, Staff, list[Area]]:
        if width == WARD:
            place = int(self.rng.integers(len(sector.wards)))
            wards = [sector.wards[place]]
            if place == 0:
                return sector.ward_team, sector.officers[0], wards
            number = 1 + (place - 1) // 2
            if self.rng.random() < 0.25:
                wards = sector.wards[1 + (number - 1) * 2 : 1 + number * 2]
            return sector.team, sector.officers[number], wards
        if width == SECTOR:
            return sector.team, sector.sergeant, [sector.sector]
        lead = self.roster.communications[0]
        if width == POLICING_AREA:
            return self.roster.force, lead, [self.policing_areas[self.rng.integers(len(self.policing_areas))]]
        return self.roster.force, lead, [self.force]

    def reach(self, one: Written, living: NDArray[np.bool_]) -> None:
        """Who of those was a confirmed member then and hears about this type."""
        days = (self.people.today - one.at.date()).days
        bits = self.reached & one.channels
        wants = (self.people.interests >> one.topic.bit) & 1
        found = np.flatnonzero(
            living & (bits > 0) & (wants > 0) & (self.people.organisations & 1 > 0) & (self.people.joined > days)
        )
        one.members, one.bits = found, bits[found]

    def _living_in(self, areas: list[Area]) -> NDArray[np.bool_]:
        ids = {area.pk for area in areas}
        for ward, sector in self.ward_of.items():
            above = next(team.sector.parent_id for team in self.roster.teams if team.sector.pk == sector)
            if ids & {ward, sector, above, self.force.pk}:
                ids.add(ward)
        return np.isin(self.people.area, list(ids)) & self.people.placed

    def _filling(self, at: datetime, area: Area) -> dict[str, Any]:
        street, other = self.rng.choice(self.streets, 2, replace=False)
        return {
            "ward": area.name, "street": str(street), "other": str(other), "n": int(self.rng.integers(3, 10)),
            "day": WEEKDAYS[(at.weekday() - int(self.rng.integers(1, 5))) % 7],
            "hour": ("4pm", "5.30pm", "6pm", "7pm", "8pm")[self.rng.integers(5)],
        }  # fmt: skip

    def _moment(self, days: int) -> datetime:
        day = self.people.today - timedelta(days=days)
        minute = int(self.rng.integers(8 * 60, 19 * 60))
        at = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(minutes=minute)
        return at if days < 0 or at < clock.now() else at - timedelta(days=1)  # nothing happened later today

    def _refs(self, count: int) -> list[str]:
        letters = np.array(list(LETTERS))
        refs: dict[str, None] = {}
        while len(refs) < count:
            refs["".join(self.rng.choice(letters, 8))] = None
        return list(refs)

    # What stands out -------------------------------------------------------------------------------------------------

    def _vary(self, written: list[Written]) -> None:
        """One recalled, one withdrawn, a restricted one, some by language, one drawn on the map."""
        narrow = [one for one in written if len(one.areas) == 1 and one.areas[0].kind == Area.Kind.WARD]
        recalled, withdrawn, restricted, drawn, *others = (
            narrow[at] for at in self.rng.choice(np.arange(len(narrow) // 2, len(narrow)), 9, replace=False)
        )
        recalled.state, withdrawn.state, restricted.restricted = Alert.State.RECALLED, Alert.State.WITHDRAWN, True
        self._draw(drawn)
        for one in others:
            language = int(self.rng.integers(1, len(LANGUAGES)))
            keep = np.isin(self.people.language[one.members], [0, language])
            if keep.any():
                spoken = {"effect": "must", "kind": "languages", "values": ["en", LANGUAGES[language]]}
                one.audience["clauses"].append(spoken)
                one.members, one.bits = one.members[keep], one.bits[keep]

    def _draw(self, one: Written) -> None:
        """Put a circle in the ward's middle in the ward's place."""
        shape = circle(one.areas[0].longitude, one.areas[0].latitude, 1_200, points=24)
        around = covers_units(shape, self.people.longitude, self.people.latitude) & self.people.placed
        ring = [list(point) for point in shape.exterior.coords]
        before = one.members, one.bits
        self.reach(one, around)
        if not len(one.members):
            one.members, one.bits = before
            return
        polygon = {"type": "Polygon", "coordinates": [ring]}
        one.audience = {"clauses": [{"effect": "include", "kind": "polygon", "polygon": polygon}]}

    def _later(self, written: list[Written]) -> list[Written]:
        """Updates and corrections, each to exactly those who were handed the first."""
        firsts = [
            one for one in written
            if one.state == Alert.State.SENT and not one.restricted and (self.people.today - one.at.date()).days > 4
        ]  # fmt: skip
        found = []
        for number, at in enumerate(self.rng.choice(len(firsts), 10, replace=False)):
            first = firsts[int(at)]
            said, relation = (
                (words.UPDATE, Alert.Relation.UPDATE) if number < 8 else (words.CORRECTION, Alert.Relation.CORRECTION)
            )
            later = first.at + timedelta(days=int(self.rng.integers(1, 4)), hours=2)
            found.append(
                Written(
                    first.topic,
                    said,
                    first.filling | {"title": first.title},
                    first.team,
                    first.author,
                    first.areas,
                    {},
                    later,
                    relation=relation,
                    first=first,
                    channels=first.channels,
                    members=first.members,
                    bits=first.bits,
                    approver=first.approver,
                    priority=first.priority,
                )
            )
        return found

    def _on_the_desk(self) -> list[Written]:
        """What is not out yet: two drafts, one of them sent back; one waiting for approval; one scheduled."""
        states = (Alert.State.DRAFT, Alert.State.DRAFT, Alert.State.WAITING, Alert.State.SCHEDULED)
        chosen = ("residential-asb", "road-safety", "vehicle-crime", "meeting-notice")
        by_slug = {topic.slug: topic for topic in self.topics}
        found = []
        for number, (state, slug) in enumerate(zip(states, chosen, strict=True)):
            sector = self.roster.teams[0]
            one = self._write(by_slug[slug], 0)
            one.team, one.author, one.areas = sector.ward_team, sector.officers[0], [sector.wards[0]]
            one.state, one.returned, one.approver = state, number == 1, None
            one.priority, one.channels = Alert.Priority.ROUTINE, EMAIL
            one.audience = {"clauses": [{"effect": "include", "kind": "areas", "values": [sector.wards[0].code]}]}
            self.reach(one, self._living_in(one.areas))
            if state == Alert.State.WAITING:
                one.priority, one.channels = Alert.Priority.URGENT, EMAIL | TEXT
            if state == Alert.State.SCHEDULED:
                one.scheduled_for = self._moment(-1).replace(hour=9, minute=0)
            found.append(one)
        return found
