"""The least that pages of members need: an area with a postcode, and members in it."""

from typing import Any

from peelian.accounts.tests.factories import make_staff, make_team
from peelian.contacts import actions as contacts
from peelian.contacts.models import Address
from peelian.core import clock
from peelian.members import actions, audience, queries
from peelian.members.models import Campaign, Member
from peelian.places.cells import UNITS_PER_DEGREE
from peelian.places.models import Area, Postcode
from peelian.places.tests.factories import make_area, square


def make_postcode(code: str = "AB12CD", longitude: float = -1.995, latitude: float = 52.005) -> Postcode:
    x, y = round(longitude * UNITS_PER_DEGREE), round(latitude * UNITS_PER_DEGREE)
    return Postcode.objects.create(code=code, longitude=x, latitude=y)


def make_ward(code: str = "W01", name: str = "Elm Bridge", column: int = 0) -> Area:
    return make_area(code, square(column, 0), name=name)


def make_member(email: str = "sam@home.example", *, confirmed: bool = True, postcode: str = "", **given: Any) -> Member:
    given.setdefault("joined_on", clock.today())
    if email:
        given["email"] = contacts.address(Address.Kind.EMAIL, email)
    if confirmed:
        given.setdefault("confirmed_at", clock.now())
    member = Member.objects.create(**given, **queries.position(postcode))
    audience.refresh([member.pk])
    return member


def make_campaign(name: str = "Library poster", **given: Any) -> Campaign:
    """By somebody of a team made for it, unless one is given."""
    team = given.pop("team", None) or make_team()
    by = given.pop("by", None) or make_staff(teams=[team])
    return actions.make_campaign(name=name, team=team, by=by, **given)
