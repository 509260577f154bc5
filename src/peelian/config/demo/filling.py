"""Fills an empty database with the demonstration force, in one transaction: a demo that is killed leaves nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db import connection, transaction

from peelian.accounts.models import Staff
from peelian.alerts.models import Alert
from peelian.alerts.quality import rolling
from peelian.api.bundle import making
from peelian.audit.actions import COMMAND_LINE, record, seal
from peelian.config.demo import (
    crime,
    doorstep,
    engine,
    events,
    geography,
    groups,
    headline,
    insight,
    joining,
    ledger,
    outreach,
    people,
    priorities,
    pulse,
    residents,
    staff,
    surveys,
    threads,
    trail,
    victims,
    waiting,
    website,
)
from peelian.config.demo.alerts import Desk
from peelian.config.demo.geography import Geography
from peelian.config.demo.writing import copy
from peelian.contacts.models import Address
from peelian.core import clock, installation
from peelian.members import audience
from peelian.members.models import Member, Topic
from peelian.places.actions import area_from, settle_tree
from peelian.places.models import Area, Postcode

MEMBERS = 20_000
SEED = 1829
LONGEST_SECTOR = 24  # characters of the ward that a sector is named after
WINDS = ("East", "North East", "North", "North West", "West", "South West", "South", "South East")


@dataclass(frozen=True)
class Filled:
    """What was written, for the person who asked for it."""

    members: int
    alerts: int
    signs_in: list[tuple[str, str, str]]  # email, role, where


@dataclass(frozen=True)
class Places:
    """The areas as rows."""

    force: Area
    policing_areas: list[Area]
    sectors: list[tuple[Area, list[Area]]]


def is_empty() -> bool:
    """Whether the database holds nobody and nothing yet."""
    return not any(model.objects.exists() for model in (Area, Postcode, Staff, Address, Member, Alert))


@transaction.atomic
def fill(*, members: int = MEMBERS, seed: int = SEED, tell: Callable[[str], object] = lambda step: None) -> Filled:
    """Write the force, its people and its year. TELL is given each step in words as it begins."""
    rng = np.random.default_rng(seed)
    tell("places, staff and residents")
    ground = geography.build(rng)
    placed = write_places(ground)
    roster = staff.write(rng, placed.sectors, placed.policing_areas)
    population = people.build(rng, ground, members, clock.today())
    people.write(rng, population, people.streets(rng, population.postcodes))
    audience.refresh()
    tell("a year of alerts, ratings and answers")
    desk = Desk(rng, roster, population, placed.force, placed.policing_areas, list(Topic.objects.all()))
    book = ledger.Ledger(desk, desk.year())
    book.write()
    threads.write(book)
    engine.write(rng, placed.policing_areas)
    tell("doorsteps, campaigns and groups")
    doorstep.write(rng, roster)
    joining.write(rng, roster)
    groups.write(rng, roster)
    priorities.write(seed, roster)
    surveys.write(seed, placed.policing_areas, roster.teams[0].sector)
    victims.write(seed, placed.sectors[0][1])
    pulse.write(seed)
    waiting.keep_texts(roster)
    events.write(seed, roster)
    trail.write([*trail.joined(), *trail.invited()])
    rolling.roll_up(everything=True)
    tell("crime, population and outreach")
    crime.write(seed, ground, residents.write(seed, ground, members))
    outreach.write_records(seed, roster)
    tell("what a year of it adds up to")
    _analyze()  # of all the people and messages just written: without, counting takes six minutes and more
    insight.write()
    outreach.write_plans(seed, roster, placed.policing_areas)
    headline.write(seed, roster, placed.policing_areas)
    tell("the website")
    website.write(seed, roster)
    making.publish_due()
    installation.mark_demo()
    record("demo.filled", "demo", seed, by=COMMAND_LINE, members=members, alerts=len(book.written))
    seal()  # the past days, as each night would have
    _analyze()
    return Filled(members, len(book.written), roster.signs_in)


def _analyze() -> None:
    """By name: without, the shared tables of the server are read too, and stay locked to the end of the transaction."""
    with connection.cursor() as cursor:
        names = connection.introspection.table_names(cursor)
        cursor.execute(f"ANALYZE {', '.join(map(connection.ops.quote_name, names))}")


def write_places(ground: Geography) -> Places:
    """Areas from the largest to the smallest, each with its parent; then the impact areas and the postcodes."""
    force = _keep(ground.force, Area.Kind.FORCE, "HS", "Heartshire", None)
    areas = [
        _keep(shape, Area.Kind.POLICING_AREA, f"HSA{number}", f"Heartshire {wind}", force)
        for number, (shape, wind) in enumerate(zip(ground.policing_areas, _winds(ground), strict=True), 1)
    ]
    sectors: list[tuple[Area, list[Area]]] = []
    for number, shape in enumerate(ground.sectors):
        above = areas[ground.area_of_sector[number]]
        sectors.append((_keep(shape, Area.Kind.SECTOR, f"HSS{number + 1}", _sector_name(ground, number), above), []))
    for ward in ground.wards:
        sector, wards = sectors[ward.sector]
        wards.append(_keep(ward.shape, Area.Kind.WARD, ward.code, ward.name, sector))
    for code, name, shape in ground.impact_areas:
        _keep(shape, Area.Kind.IMPACT_AREA, code, name, None)
    settle_tree()
    rows = [postcode for ward in ground.wards for postcode in ward.postcodes]
    copy(Postcode, ("code", "longitude", "latitude"), rows)
    return Places(force, areas, sectors)


def _winds(ground: Geography) -> list[str]:
    """Where each policing area lies from the middle; no two are called alike."""
    middle, found = ground.force.centroid, list[str]()
    for shape in ground.policing_areas:
        angle = np.arctan2(shape.centroid.y - middle.y, (shape.centroid.x - middle.x) * 0.61)
        at = round(float(angle) / (np.pi / 4)) % 8
        while WINDS[at] in found and len(found) < len(WINDS):
            at = (at + 1) % 8
        found.append(WINDS[at])
    return found


def _sector_name(ground: Geography, sector: int) -> str:
    """After the most town-like of its wards."""
    wards = sorted((ward for ward in ground.wards if ward.sector == sector), key=lambda ward: -ward.town)
    name = next((ward.name for ward in wards if len(ward.name) <= LONGEST_SECTOR), wards[0].name)
    return f"{name} sector"


def _keep(shape: Any, kind: Area.Kind, code: str, name: str, parent: Area | None) -> Area:
    area = area_from(shape, kind=kind, code=code, name=name)
    area.parent, area.parent_given = parent, parent is not None
    area.save()
    return area
