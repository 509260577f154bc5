"""Staff, teams and areas for tests of any app: plain, and the least that works."""

import itertools
from functools import cache
from typing import Any

import shapely
from allauth.mfa.totp.internal import auth as totp
from django.contrib.auth.hashers import make_password
from django.test import Client

from peelian.accounts.models import Organisation, Staff, Team
from peelian.accounts.roles import Role
from peelian.places.models import Area
from peelian.places.tests.factories import save_area

PASSWORD = "heather lamp otter 44"
_number = itertools.count(1)


def make_area(code: str, name: str = "", *, kind: str = "ward", parent: Area | None = None, at: int = 0) -> Area:
    """A square of about a kilometre, the AT-th to the east."""
    west = -1.9 + 0.01 * at
    return save_area(code, shapely.box(west, 52.4, west + 0.01, 52.41), kind, name, parent)


def make_staff(role: str = Role.OFFICER, *areas: Area, email: str = "", teams: Any = (), **given: Any) -> Staff:
    """Somebody with the password above, in the teams; no areas: the whole force."""
    staff = Staff(email=email or f"staff{next(_number)}@heartshire.example", role=role, **given)
    staff.password = _hashed()
    staff.save()
    staff.scope.set(areas)
    staff.teams.set(teams)
    return staff


@cache
def _hashed() -> str:
    """Once for all: a good hash is slow on purpose."""
    return make_password(PASSWORD)


def make_team(name: str = "Elm Bridge team", *areas: Area, **given: Any) -> Team:
    slug = given.pop("slug", name.lower().replace(" ", "-"))
    organisation = given.pop("organisation", None) or Organisation.objects.get(slug="police")
    team = Team.objects.create(slug=slug, name=name, organisation=organisation, **given)
    team.areas.set(areas)
    return team


def give_app(staff: Staff) -> str:
    """Set up an app as the person's second step; returns its secret."""
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(staff, secret)
    return secret


def code_now(secret: str) -> str:
    """What the app shows."""
    counter = next(totp.yield_hotp_counters_from_time())
    return totp.format_hotp_value(totp.hotp_value(secret, counter))


def sign_in(client: Client, staff: Staff) -> Staff:
    """Signed in with a second step set up, without going through the pages."""
    if not staff.authenticator_set.exists():
        give_app(staff)
    client.force_login(staff)
    return staff
