"""An event of a team that looks after one ward, and what it needs."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from peelian.accounts.models import Staff, Team
from peelian.accounts.roles import Role
from peelian.accounts.tests.factories import make_area, make_staff, make_team
from peelian.contacts import actions as contacts
from peelian.contacts.models import Address
from peelian.core import clock
from peelian.delivery.models import Delivery
from peelian.events.actions.planning import new_event
from peelian.events.models import Event, SignUp
from peelian.members.actions.actor import MemberActor
from peelian.places.models import Area


class Desk:
    """A ward, its team and an officer in it."""

    def __init__(self) -> None:
        self.ward: Area = make_area("W01", "Elm Bridge")
        self.team: Team = make_team("Elm Bridge team", self.ward)
        self.officer: Staff = make_staff(Role.OFFICER, self.ward, teams=[self.team], name="Pat Alder")

    def event(self, starts: datetime | None = None, *, hours: float = 2, **given: Any) -> Event:
        """A published ward meeting of two hours, in ten days."""
        starts = starts or clock.now() + timedelta(days=10)
        values: dict[str, Any] = {
            "kind": "ward", "title": "Elm Bridge ward meeting", "area": self.ward, "team": self.team,
            "venue": "Elm Park Library", "state": Event.State.PUBLISHED, "author": self.officer,
            "starts_at": starts, "ends_at": starts + timedelta(hours=hours),
        }  # fmt: skip
        return new_event(**{**values, **given})


def make_event(team: Team, area: Area, **given: Any) -> Event:
    starts = clock.now() + timedelta(days=10)
    values: dict[str, Any] = {
        "kind": "ward", "title": "Ward meeting", "area": area, "team": team, "venue": "The library",
        "starts_at": starts, "ends_at": starts + timedelta(hours=2), "state": Event.State.PUBLISHED,
    }  # fmt: skip
    return new_event(**{**values, **given})


def make_sign_up(event: Event, email: str, **given: Any) -> SignUp:
    """Somebody with a place."""
    values = {"state": SignUp.State.BOOKED, "asked_at": clock.now(), "placed_at": clock.now()}
    return SignUp.objects.create(
        event=event, address=contacts.address(Address.Kind.EMAIL, email), **{**values, **given}
    )  # fmt: skip


def told(event: Event, what: str = "") -> list[str]:
    """The addresses that something was told to all at once about an event, in the order in which it was frozen."""
    tellings = event.tellings.filter(what=what) if what else event.tellings.all()
    sent = Delivery.objects.filter(send__in=tellings.values("send")).order_by("send", "address")
    return list(sent.values_list("address__value", flat=True))


BY_MEMBER = MemberActor(0)
