"""The streets to visit: put on a team's list, doors knocked at, finished."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import IntegrityError, transaction

from peelian.accounts.models import Staff, Team
from peelian.audit.actions import record
from peelian.core import clock
from peelian.members import doorstep, queries
from peelian.members.errors import StreetListed
from peelian.members.models import Door, Street


@transaction.atomic
def add_street(*, team: Team, name: str, postcode: str, by: Staff, doors: Iterable[str] = ()) -> Street:
    """Put a street on the team's list, with the numbers of the doors to visit if they are known. Raises StreetListed
    and UnknownPostcode."""
    where = queries.position(postcode)
    where.pop("cell")
    try:
        with transaction.atomic():
            street = Street.objects.create(team=team, name=name, added_by=by, added_on=clock.today(), **where)
    except IntegrityError:
        raise StreetListed from None
    numbers = list(dict.fromkeys(doors))
    Door.objects.bulk_create(Door(street=street, number=number) for number in numbers)
    record("street.added", "street", street.pk, by=by, team=team.pk, doors=len(numbers))
    return street


@transaction.atomic
def knock(*, street: Street, number: str, outcome: str, by: Staff, note: str = "") -> Door:
    """What came of knocking at a door. Where nobody answered it is hidden until it is worth trying again."""
    now = clock.now()
    told = {
        "outcome": outcome,
        "at": now,
        "day": clock.today(),
        "hidden_until": doorstep.come_back(now) if outcome == Door.Outcome.NO_ANSWER else None,
        "staff": by,
    }
    if note:
        told |= {"note": note, "note_at": now}
    door, _ = Door.objects.update_or_create(street=street, number=number, defaults=told)
    record("door.knocked", "door", door.pk, by=by, street=street.pk, outcome=outcome)
    return door


@transaction.atomic
def forget_note(*, door: Door, by: Staff) -> None:
    """Take a door's note away before its time."""
    Door.objects.filter(pk=door.pk).update(note="", note_at=None)
    record("door.note_removed", "door", door.pk, by=by)


@transaction.atomic
def leave_for_now(*, street: Street, by: Staff) -> Street:
    """Nobody answers any more: the street comes back when its doors do."""
    street.hidden_until = doorstep.come_back(clock.now())
    street.save(update_fields=["hidden_until"])
    record("street.left_for_now", "street", street.pk, by=by)
    return street


@transaction.atomic
def finish_street(*, street: Street, by: Staff) -> None:
    """The street is done with and leaves the list; what came of it stays for the counts."""
    Street.objects.filter(pk=street.pk, finished_at=None).update(finished_at=clock.now(), hidden_until=None)
    record("street.finished", "street", street.pk, by=by)


@transaction.atomic
def take_up_again(*, street: Street, by: Staff) -> None:
    """Back on the list, now. Raises StreetListed when it has been added anew meanwhile."""
    try:
        with transaction.atomic():
            Street.objects.filter(pk=street.pk).update(finished_at=None, hidden_until=None)
    except IntegrityError:
        raise StreetListed from None
    record("street.taken_up_again", "street", street.pk, by=by)
