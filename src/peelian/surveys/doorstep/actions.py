"""Writes of rounds: a list made, a visit, the addresses taken away. What an officer is told at a door goes by
`surveys.actions.answer`, apart from the visit: no row, log line or row of the trail has both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from peelian.accounts.models import Staff
from peelian.audit.actions import record
from peelian.core import clock
from peelian.members import doorstep
from peelian.surveys import actions
from peelian.surveys.doors import Door
from peelian.surveys.doorstep import listing, queries
from peelian.surveys.doorstep.listing import Listed
from peelian.surveys.doorstep.models import NotAgain, Round, RoundDoor, RoundStreet
from peelian.surveys.errors import AnsweredAlready
from peelian.surveys.models import How, Survey, Version


@transaction.atomic
def make_round(
    *, survey: Survey, by: Staff, name: str, listed: Sequence[Listed], every: int = 1, seed: int = 0, days: int = 28
) -> Round:
    """A round of these addresses, or of every EVERY-th from a start drawn with SEED; kept DAYS days at most. Addresses
    at which the team is not to call again are left out."""
    start, drawn = listing.draw(listed, every, seed) if every > 1 else (1, list(listed))
    spared = queries.spared(survey)
    called = [one for one in drawn if (one.street.casefold(), one.number) not in spared]
    today = clock.today()
    made = Round.objects.create(
        survey=survey, name=name, every=every, start=start, seed=seed if every > 1 else 0, listed=len(listed),
        left_out=len(drawn) - len(called), delete_on=today + timedelta(days=days), made_by=by, made_on=today,
    )  # fmt: skip
    streets = [RoundStreet(round=made, name=street) for street in dict.fromkeys(one.street for one in called)]
    by_name = {street.name: street for street in RoundStreet.objects.bulk_create(streets)}
    RoundDoor.objects.bulk_create(RoundDoor(street=by_name[one.street], number=one.number) for one in called)
    record("survey.round_made", "survey", survey.ref, by=by, round=made.pk, addresses=len(called), every=every)
    return made


@transaction.atomic
def visit(*, door: RoundDoor, outcome: str, by: Staff) -> None:
    """What came of a visit; the last one stands. No row of the trail: its time would say when somebody answered."""
    today = clock.today()
    door.outcome, door.day = outcome, today
    door.hidden_until = doorstep.come_back(clock.now()) if outcome == RoundDoor.Outcome.NOT_IN else None
    door.save(update_fields=["outcome", "day", "hidden_until"])
    address: dict[str, Any] = {
        "team_id": door.street.round.survey.team_id, "street": door.street.name.casefold(), "number": door.number
    }  # fmt: skip
    if outcome == RoundDoor.Outcome.NEVER:
        NotAgain.objects.update_or_create(**address, defaults={"day": today})
    else:
        NotAgain.objects.filter(**address, day=today).delete()  # pressed by mistake, and put right


def answer(*, survey: Survey, number: UUID, version: Version, given: Mapping[str, Any], language: str) -> None:
    """Take in what somebody said at a door, once for each NUMBER that the phone makes. Nothing here says which door.
    Raises Closed, NotOpenYet, NothingAnswered."""
    door = Door("", survey, How.DOORSTEP, b"door:" + number.bytes)
    try:
        actions.answer(door=door, version=version, given=given, language=language)
    except AnsweredAlready:
        return  # the phone had lost our answer


@transaction.atomic
def forget_addresses(*, found: Round) -> None:
    """Take the addresses of a round away; how many came to what stays."""
    found.totals = asdict(queries.counts(found))
    found.save(update_fields=["totals"])
    found.streets.all().delete()


@transaction.atomic
def delete_addresses(*, found: Round, by: Staff) -> None:
    """The same before its time, by somebody."""
    forget_addresses(found=found)
    record("survey.round_emptied", "survey", found.survey.ref, by=by, round=found.pk)
