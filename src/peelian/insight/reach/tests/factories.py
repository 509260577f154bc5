"""Members by the hundred, and what was sent to them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from peelian.contacts.models import Address
from peelian.core import clock
from peelian.delivery.models import Delivery, Send, State
from peelian.insight import rollups
from peelian.members import audience
from peelian.members.models import EqualityAnswers, Member
from peelian.places.models import Area


def people(number: int, area: Area | None = None, *, at: tuple[int, int] | None = None, **given: Any) -> list[Member]:
    """So many confirmed members of an area, perhaps at a point (1e-7 degree); answers to equality questions by name."""
    answers = {
        name: given.pop(name)
        for name in ("ethnic_group", "sex", "birth_year", "origin_code", "disability")
        if name in given
    }
    given.setdefault("joined_on", clock.today() - timedelta(days=400))
    given.setdefault("confirmed_at", clock.now())
    first = (Address.objects.order_by("-pk").values_list("pk", flat=True).first() or 0) + 1
    addresses = Address.objects.bulk_create(
        Address(kind=Address.Kind.EMAIL, value=f"p{first + n}@home.example") for n in range(number)
    )
    where = {"longitude": at[0], "latitude": at[1], "cell": 1} if at else {}
    made = Member.objects.bulk_create(Member(email=one, area=area, **where, **given) for one in addresses)
    if answers:
        EqualityAnswers.objects.bulk_create(EqualityAnswers(member=one, **answers) for one in made)
    audience.refresh([one.pk for one in made])
    return made


def send_to(members: list[Member], *, at: datetime | None = None, state: int = State.DELIVERED, **given: Any) -> Send:
    """A send to many that ended AT (now), to these members' email addresses."""
    ended = at or clock.now()
    send = Send.objects.create(renderer="alerts.alert", object_id=1, lane="routine", finished_at=ended, **given)
    Send.objects.filter(pk=send.pk).update(created_at=ended - timedelta(hours=1))
    Delivery.objects.bulk_create(
        Delivery(send=send, address_id=one.email_id, member=one, channel=1, state=state, changed_at=ended)
        for one in members
    )
    return send


def refresh() -> None:
    from peelian.insight.reach.rollups import SIGN_UPS, STAGES

    rollups.refresh(SIGN_UPS)
    rollups.refresh(STAGES)


def days_ago(days: int) -> date:
    return clock.today() - timedelta(days=days)
