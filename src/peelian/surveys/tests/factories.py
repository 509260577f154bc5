"""Surveys for tests, and invitations as delivery's ledger has them."""

from __future__ import annotations

import itertools
from typing import Any

from peelian.accounts.models import Organisation, Staff, Team
from peelian.accounts.roles import Role
from peelian.contacts.models import Address
from peelian.core import clock
from peelian.delivery import tokens
from peelian.delivery.models import Delivery, Lane, Send
from peelian.members.models import Member
from peelian.surveys.models import Mailing, Survey

_numbers = itertools.count(1)


def option(code: str, text: str, **more: Any) -> dict[str, Any]:
    return {"code": code, "text": {"en": text}, **more}


SAFE = {
    "key": "safe", "kind": "likert", "text": {"en": "How safe do you feel?", "ur": "آپ کتنا محفوظ محسوس کرتے ہیں؟"},
    "options": [option("safe", "Safe"), option("unsafe", "Unsafe")], "dont_know": True, "required": True,
    "good": ["safe"],
}  # fmt: skip
WHY = {
    "key": "why", "kind": "text", "text": {"en": "You said {safe}. What makes you say so?"},
    "show": [{"question": "safe", "answers": ["unsafe"]}],
}  # fmt: skip
SEEN = {
    "key": "seen", "kind": "multiple", "text": {"en": "What have you seen?"},
    "options": [option("litter", "Litter"), option("cars", "Cars raced"), option("none", "None", alone=True)],
}  # fmt: skip
RATE = {
    "key": "rate",
    "kind": "rating",
    "text": {"en": "How are we doing?"},
    "low": {"en": "badly"},
    "high": {"en": "well"},
}
GRID = {
    "key": "each", "kind": "grid", "text": {"en": "Do you agree?"},
    "rows": [option("fair", "They treat me fairly"), option("kind", "They listen")],
    "options": [option("yes", "Agree"), option("no", "Disagree")], "dont_know": True,
}  # fmt: skip
WHERE = {"key": "where", "kind": "place", "text": {"en": "Where was it?"}}
WHOLE = {
    "pages": [
        {"key": "p1", "title": {"en": "Your street"}, "questions": [SAFE]},
        {"key": "p2", "title": {"en": "What you have seen"}, "questions": [WHY, SEEN, WHERE]},
        {"key": "p3", "title": {"en": "About us"}, "questions": [RATE, GRID]},
    ]
}


def make_team(name: str = "Elm Bridge team") -> Team:
    police = Organisation.objects.get(slug="police")
    return Team.objects.get_or_create(
        slug=name.lower().replace(" ", "-"), defaults={"name": name, "organisation": police}
    )[0]


def make_officer(team: Team, role: str = Role.COMMUNICATIONS) -> Staff:
    staff = Staff.objects.create(email=f"asks{next(_numbers)}@heartshire.example", role=role, is_demo=True)
    team.people.add(staff)
    return staff


def make_survey(definition: dict[str, Any] | None = None, **fields: Any) -> Survey:
    """An open survey with an answerable version; open_link and anonymous unless said otherwise."""
    team = fields.pop("team", None) or make_team()
    author = fields.pop("author", None) or make_officer(team)
    state = fields.pop("state", Survey.State.OPEN)
    words = {"title": "Your street", "purpose": "We want to know.", "closing": "We tell you in May."}
    survey = Survey.objects.create(ref=f"srv{next(_numbers)}", team=team, author=author, **words | fields)
    version = survey.versions.create(number=1, definition=definition or WHOLE)
    if state != Survey.State.DRAFT:
        survey.live, survey.state, survey.opened_on = version, state, clock.today()
        survey.closed_on = clock.today() if state == Survey.State.CLOSED else None
        survey.save()
    return survey


def invite(survey: Survey, count: int = 1, *, members: list[Member] | None = None) -> list[str]:
    """The tokens of so many invitations, as the messages carry them."""
    mailing = Mailing.objects.create(survey=survey, by=survey.author)
    send = Send.objects.create(renderer="surveys.invitation", object_id=mailing.pk, lane=Lane.ROUTINE)
    mailing.send = send
    mailing.save()
    addresses = [one.email for one in members or []] or Address.objects.bulk_create(
        Address(kind=1, value=f"asked{next(_numbers)}@home.example") for _ in range(count)
    )
    ids = [one.pk if one else None for one in members or []] or [None] * count
    Delivery.objects.bulk_create(
        Delivery(send=send, address=address, member_id=member, channel=1, state=3, changed_at=clock.now())
        for address, member in zip(addresses, ids, strict=True)
    )
    return [tokens.make(send.pk, address.pk) for address in addresses if address]
