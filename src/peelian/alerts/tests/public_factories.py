"""A place with a team, alerts that have gone out, and the link in somebody's message."""

from datetime import timedelta
from typing import Any

import shapely

from peelian.accounts.models import Organisation, Staff, Team
from peelian.accounts.roles import Role
from peelian.alerts.models import Alert, AlertArea
from peelian.contacts.models import Address
from peelian.core import clock
from peelian.delivery.models import Delivery, Lane, Send
from peelian.delivery.tokens import make
from peelian.members.models import Member, Topic
from peelian.places.models import Area, Postcode

DEGREE = 10_000_000
NAMES = {"valerie", "stone", "valerie.stone@home.example", "pat", "alder"}


def make_area(
    code: str = "W01", name: str = "Elm Bridge", kind: str = "ward", *, at: float = 0, parent: Area | None = None
) -> Area:
    """A square of 0.01 degree, AT degrees east of the first."""
    shape = shapely.box(-2 + at, 52, -1.99 + at, 52.01)
    west, south, east, north = (round(edge * DEGREE) for edge in shape.bounds)
    return Area.objects.create(
        kind=kind,
        code=code,
        name=name,
        parent=parent,
        boundary=shapely.to_wkb(shape),
        outline=shapely.geometry.mapping(shape),
        longitude=shape.centroid.x,
        latitude=shape.centroid.y,
        west=west,
        south=south,
        east=east,
        north=north,
        cover=b"",
    )


def make_postcode(code: str = "HE11AA", at: float = 0) -> Postcode:
    return Postcode.objects.create(code=code, longitude=round((-1.995 + at) * DEGREE), latitude=round(52.005 * DEGREE))


def make_team(name: str = "Elm Bridge team", *areas: Area, **given: Any) -> Team:
    police = Organisation.objects.get(slug="police")
    team = Team.objects.create(slug=name.lower().replace(" ", "-"), name=name, organisation=police, **given)
    team.areas.add(*areas)
    return team


def make_author() -> Staff:
    found, _ = Staff.objects.get_or_create(
        email="pat.alder@heartshire.example", defaults={"role": Role.OFFICER, "name": "Pat Alder", "job_title": "PCSO"}
    )
    return found


def make_alert(*areas: Area, ref: str = "abc123", team: Team | None = None, **given: Any) -> Alert:
    """An alert that has gone out."""
    given.setdefault("title", "Vans broken into on Mill Lane")
    given.setdefault("happening", "Tools were taken from **three** vans.")
    given.setdefault("doing", "We patrol at night.")
    given.setdefault("can_do", "Take your tools indoors.")
    given.setdefault("state", Alert.State.SENT)
    given.setdefault("sent_at", clock.now() - timedelta(hours=2))
    given.setdefault("topic", Topic.objects.get(slug="vehicle-crime"))
    team = team or Team.objects.filter(name="Elm Bridge team").first() or make_team()
    send = Send.objects.create(renderer="alerts.alert", object_id=0, lane=Lane.ROUTINE, organisation=team.organisation)
    alert = Alert.objects.create(ref=ref, team=team, author=make_author(), send=send, **given)
    Send.objects.filter(pk=send.pk).update(object_id=alert.pk)
    AlertArea.objects.bulk_create(AlertArea(alert=alert, area=area) for area in areas)
    return alert


def make_member(email: str = "valerie.stone@home.example", **given: Any) -> Member:
    """Shares the address when somebody has it already."""
    address, _ = Address.objects.get_or_create(
        kind=Address.Kind.EMAIL, value=email, defaults={"verified_at": clock.now()}
    )
    given = {"first_name": "Valerie", "last_name": "Stone", "confirmed_at": clock.now()} | given
    return Member.objects.create(email=address, joined_on=clock.today(), **given)


def make_token(alert: Alert, member: Member) -> str:
    """The link in the message that MEMBER was handed."""
    Delivery.objects.get_or_create(
        send=alert.send,
        address=member.email,
        defaults={"member": member, "channel": 1, "state": 3, "changed_at": clock.now()},
    )
    return make(alert.send_id, member.email_id)
