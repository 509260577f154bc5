"""A small force for tests of alerts: a grid of square wards, teams, staff of each role, and members in the wards."""

from __future__ import annotations

import datetime as dt
import itertools
import json
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from django.db import connection

from peelian.accounts.models import Organisation, Staff, Team
from peelian.accounts.roles import Role
from peelian.alerts import actions
from peelian.alerts.models import Alert
from peelian.contacts.models import Address
from peelian.core import clock
from peelian.delivery import actions as delivery
from peelian.delivery.models import Batch, Channel, Delivery, State, Tally
from peelian.members import audience
from peelian.members.models import Group, Member, Topic
from peelian.places import queries as places
from peelian.places.cells import UNITS_PER_DEGREE, cell_of
from peelian.places.models import Area
from peelian.places.tests.factories import SIDE, SOUTH, WEST, make_grid

CONFIRMED = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
_numbers = itertools.count(1)

WORDS = {
    "title": "Vans broken into on Mill Lane",
    "happening": "Tools were taken from **three** vans on Monday night.",
    "doing": "We patrol the lane at night.",
    "can_do": "Take your tools indoors. Tell us what you saw.",
}


@dataclass
class Force:
    """Wards W00, W10, W20 (bottom) and W01, W11, W21 (top), a policing area for each column, the force F."""

    areas: dict[str, Area]
    team: Team  # looks after P0
    officer: Staff  # of the team, scope P0
    supervisor: Staff  # scope P0
    communications: Staff  # the whole force, in the team
    members: dict[str, list[Member]] = field(default_factory=dict)


def make_force(people: dict[str, int] | None = None) -> Force:
    """A force with so many members in each ward; ten in W00, six in W01 and five in W10 unless said otherwise."""
    areas = make_grid()
    team = make_team("Elm Bridge team", areas["P0"])
    officer = make_staff(Role.OFFICER, areas["P0"], team=team)
    supervisor = make_staff(Role.SUPERVISOR, areas["P0"])
    force = Force(areas, team, officer, supervisor, make_staff(Role.COMMUNICATIONS, team=team))
    for code, count in ({"W00": 10, "W01": 6, "W10": 5} if people is None else people).items():
        force.members[code] = [make_member(code) for _ in range(count)]
    audience.refresh()
    return force


def make_team(name: str, *areas: Area) -> Team:
    team = Team.objects.create(
        slug=name.lower().replace(" ", "-"), name=name, organisation=Organisation.objects.get(slug="police")
    )
    team.areas.add(*areas)
    return team


def make_staff(role: str, *scope: Area, team: Team | None = None) -> Staff:
    staff = Staff.objects.create(email=f"{role}{next(_numbers)}@heartshire.example", role=role)
    staff.scope.add(*scope)
    if team is not None:
        team.people.add(staff)
    return staff


def make_member(ward: str = "", **fields: Any) -> Member:
    """A confirmed member in the middle of a ward ("W21": third column, second row), or without a place."""
    number = next(_numbers)
    values: dict[str, Any] = {"joined_on": CONFIRMED.date(), "confirmed_at": CONFIRMED}
    if "email" not in fields:
        values["email"] = Address.objects.create(kind=1, value=f"person{number}@home.example")
    if ward:
        x = round((WEST + (int(ward[1]) + 0.5) * SIDE) * UNITS_PER_DEGREE) + number % 1000
        y = round((SOUTH + (int(ward[2]) + 0.5) * SIDE) * UNITS_PER_DEGREE)
        area = int(places.lowest_areas(np.array([x]), np.array([y]))[0])
        values |= {"longitude": x, "latitude": y, "cell": cell_of(x, y), "area_id": area or None}
    return Member.objects.create(**values | fields)


def make_many(ward: str, count: int) -> None:
    """COUNT more members of a ward, quickly, each with an address."""
    first = make_member(ward)
    addresses = Address.objects.bulk_create(
        Address(kind=1, value=f"many{first.pk}-{n}@home.example") for n in range(count - 1)
    )
    shared = {name: getattr(first, name) for name in ("joined_on", "confirmed_at", "longitude", "latitude", "cell")}
    Member.objects.bulk_create(Member(email=address, area_id=first.area_id, **shared) for address in addresses)
    audience.refresh()


def make_group(*members: Member, slug: str = "dog-walkers", team: Team | None = None) -> Group:
    group = Group.objects.create(slug=slug, name=slug.replace("-", " ").capitalize(), team=team)
    for member in members:
        group.memberships.create(member=member)
    return group


def inside(*codes: str, effect: str = "include") -> dict[str, Any]:
    return {"effect": effect, "kind": "areas", "values": list(codes)}


def drawn(west: float, south: float, east: float, north: float, effect: str = "include") -> dict[str, Any]:
    """A rectangle in squares of the grid: (0, 0, 1, 1) is the ward W00."""
    ring = [(west, south), (east, south), (east, north), (west, north), (west, south)]
    points = [[round(WEST + x * SIDE, 7), round(SOUTH + y * SIDE, 7)] for x, y in ring]
    return {"effect": effect, "kind": "polygon", "polygon": {"type": "Polygon", "coordinates": [points]}}


def make_draft(force: Force, *clauses: dict[str, Any], by: Staff | None = None, **fields: Any) -> Alert:
    """A complete draft, to the ward W00 unless clauses are given."""
    by = by or force.officer
    alert = actions.create_draft(team=force.team, by=by)
    given = {"topic": Topic.objects.get(slug="vehicle-crime"), "channels": 7, **WORDS}
    given["audience"] = {"clauses": list(clauses) or [inside("W00")]}
    actions.save_draft(alert=alert, version=1, by=by, **given | fields)
    return Alert.objects.get(pk=alert.pk)


def make_frozen(force: Force, *clauses: dict[str, Any], by: Staff | None = None, **fields: Any) -> Alert:
    """An alert that is being sent."""
    alert = make_draft(force, *clauses, by=by, **fields)
    actions.send_now(alert=alert, by=by or force.officer, again=True)
    assert actions.freeze(alert_id=alert.pk)
    return Alert.objects.select_related("send", "topic", "team").get(pk=alert.pk)


def hand_over(alert: Alert, *, only: int | None = None, finish: bool = True) -> list[int]:
    """As delivery's worker leaves it: the first ONLY of the ledger (all) handed over, tallied, and the send finished.
    Returns the addresses."""
    rows = Delivery.objects.filter(send_id=alert.send_id).order_by("address_id")
    ids = list(rows.values_list("address_id", flat=True)[:only])
    done = Delivery.objects.filter(send_id=alert.send_id, address_id__in=ids)
    done.update(state=State.HANDED_OVER, changed_at=clock.now())
    Tally.objects.create(send_id=alert.send_id, channel=Channel.EMAIL, state=State.HANDED_OVER, n=len(ids))
    if finish:
        Batch.objects.filter(send_id=alert.send_id).update(done_at=clock.now())
        delivery.finish(alert.send_id)
    return ids


def make_sent(force: Force, *clauses: dict[str, Any], **fields: Any) -> Alert:
    """An alert that everybody was handed."""
    alert = make_frozen(force, *clauses, **fields)
    hand_over(alert)
    return Alert.objects.select_related("send", "topic", "team", "first").get(pk=alert.pk)


def addresses_of(alert: Alert) -> set[int]:
    return set(Delivery.objects.filter(send_id=alert.send_id).values_list("address_id", flat=True))


def emails_of(*members: Member) -> set[int]:
    return {member.email_id for member in members}


def audit_of(alert: Alert) -> list[tuple[str, str, dict[str, Any]]]:
    """(verb, actor's label, data) of the alert's rows in the trail, in order."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT verb, actor_label, data FROM audit_event WHERE object_kind = 'alert' AND object_id = %s"
            " ORDER BY id",
            [alert.ref],
        )
        return [(verb, label, _object(data)) for verb, label, data in cursor.fetchall()]


def jobs_named(name: str) -> list[tuple[dict[str, Any], Any]]:
    """(arguments, not before) of the jobs that wait under a name."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT args, scheduled_at FROM procrastinate_jobs WHERE task_name = %s ORDER BY id", [name])
        return [(_object(args), at) for args, at in cursor.fetchall()]


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else json.loads(value)
