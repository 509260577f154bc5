"""Writes of rounds: a list made, a visit, the addresses taken away. What an officer is told at a door goes by
`surveys.actions.answer`, apart from the visit: no row, log line or row of the trail has both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from peelian.accounts.models import Staff
from peelian.audit.actions import record
from peelian.core import clock
from peelian.members import doorstep
from peelian.surveys import actions
from peelian.surveys.doorstep import listing, queries
from peelian.surveys.doorstep.listing import Listed
from peelian.surveys.doorstep.models import NotAgain, Round, RoundDoor, RoundStreet
from peelian.surveys.errors import AnsweredAlready
from peelian.surveys.models import Survey, Version

AT_ONCE = timedelta(minutes=5)  # a visit that is no older was not kept waiting


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
def visit(*, door: RoundDoor, outcome: str, by: Staff, at: datetime | None = None) -> RoundDoor:
    """The door with what came of a visit, AT by the phone's clock (None: now); the last one stands.

    One that waited for a signal for more than a few minutes changes nothing where the door is settled since that day:
    it may be the same one sent twice, and must not undo a colleague's "do not call again". No row of the trail: its
    time would say when somebody answered."""
    now = clock.now()
    moment = now if at is None else min(max(at, now - doorstep.KEPT), now)
    day = moment.astimezone(clock.LONDON).date()
    door = RoundDoor.objects.select_for_update(of=("self",)).select_related("street__round__survey").get(pk=door.pk)
    address: dict[str, Any] = {
        "team_id": door.street.round.survey.team_id, "street": door.street.name.casefold(), "number": door.number
    }  # fmt: skip
    was = door.outcome
    if outcome == RoundDoor.Outcome.NEVER:  # however late we hear of it, they have asked
        NotAgain.objects.update_or_create(**address, defaults={"day": day})
    if now - moment > AT_ONCE and was in queries.SETTLED and door.day is not None and door.day >= day:
        return door
    door.outcome, door.day = outcome, day
    door.hidden_until = doorstep.come_back(moment) if outcome == RoundDoor.Outcome.NOT_IN else None
    door.save(update_fields=["outcome", "day", "hidden_until"])
    if was == RoundDoor.Outcome.NEVER != outcome:
        NotAgain.objects.filter(**address, day=day).delete()  # pressed by mistake, and put right
    return door


def answer(*, survey: Survey, number: UUID, version: Version, given: Mapping[str, Any], language: str) -> None:
    """Take in what somebody said at a door, once for each NUMBER that the phone makes. Nothing here says which door.
    Raises Closed, NotOpenYet, NothingAnswered."""
    try:
        actions.answer(door=queries.behind(survey, number), version=version, given=given, language=language)
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
