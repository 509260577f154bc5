"""Reads of rounds: what an officer visits now, and how far a round has come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Lower

from peelian.accounts.models import Staff
from peelian.core import clock, suppression
from peelian.surveys import queries
from peelian.surveys.doors import Door
from peelian.surveys.doorstep.models import NotAgain, Round, RoundDoor, RoundStreet
from peelian.surveys.errors import NoSuchSurvey
from peelian.surveys.models import How, Survey

DONE, REFUSED, NOT_IN, NEVER = RoundDoor.Outcome
SETTLED = (DONE, REFUSED, NEVER)
# Of a door, that its address is one at which the survey's team does not call again
_SPARED = NotAgain.objects.filter(
    team=OuterRef("street__round__survey__team"), street=Lower(OuterRef("street__name")), number=OuterRef("number")
)


def rounds_of(survey: Survey) -> list[Round]:
    return list(survey.rounds.all())


def round_for(staff: Staff, ref: str, pk: int) -> Round:
    """A round of a survey the person may see; NoSuchSurvey else."""
    found = Round.objects.select_related("survey").filter(survey=queries.survey_for(staff, ref), pk=pk).first()
    if found is None:
        raise NoSuchSurvey
    return found


def streets_to_visit(staff: Staff) -> list[RoundStreet]:
    """The streets of the person's teams whose surveys take answers today, each with how many doors are due now."""
    open_ = queries.surveys_of(staff).filter(state=Survey.State.OPEN)
    found = RoundStreet.objects.filter(round__survey__in=open_).select_related("round__survey")
    rows = found.annotate(doors_in_all=Count("doors")).order_by("round__name", "name")
    streets: list[RoundStreet] = [street for street in rows if street.round.survey.takes_answers]
    due = Q(outcome="") | Q(outcome=NOT_IN, hidden_until__lte=clock.now())
    doors = RoundDoor.objects.filter(due, ~Exists(_SPARED), street__in=streets)
    counted = dict(doors.values_list("street").annotate(n=Count("pk")))
    for street in streets:
        street.due = counted.get(street.pk, 0)
    return streets


def street_for(staff: Staff, pk: int) -> RoundStreet:
    """One street of a round of a survey the person may see; NoSuchSurvey else."""
    found = RoundStreet.objects.filter(pk=pk, round__survey__in=queries.surveys_of(staff))
    street = found.select_related("round__survey__team", "round__survey__live").first()
    if street is None:
        raise NoSuchSurvey
    return street


@dataclass(frozen=True)
class Doors:
    """The doors of a street: to visit now, to come back to, and visited. Where somebody asked the team not to call
    again, be it for another survey, a door is none of these before it has been visited for this one."""

    due: list[RoundDoor]
    waiting: list[RoundDoor]
    visited: list[RoundDoor]


def doors_of(street: RoundStreet) -> Doors:
    """By number, as they stand in the street."""
    now = clock.now()
    rows = street.doors.filter(Q(outcome__in=SETTLED) | ~Exists(_SPARED))
    found = sorted(rows, key=lambda door: in_order(door.number))
    waiting = [door for door in found if door.hidden_until and door.hidden_until > now]
    visited = [door for door in found if door.outcome in SETTLED]
    return Doors([door for door in found if door not in waiting and door not in visited], waiting, visited)


def in_order(number: str) -> tuple[int, str]:
    """By the number of the house, then as written."""
    figures = "".join(sign if sign.isdigit() else " " for sign in number).split()
    return (int(figures[-1]) if figures else 0, number)


def spared(survey: Survey) -> set[tuple[str, str]]:
    """The addresses, street in small letters and number, at which the survey's team does not call again."""
    return set(NotAgain.objects.filter(team=survey.team_id).values_list("street", "number"))


def behind(survey: Survey, number: UUID) -> Door:
    """The questionnaire that was filled in under a number of the phone's; which of the doors, nothing says."""
    return Door("", survey, How.DOORSTEP, b"door:" + number.bytes)


def is_taken(survey: Survey, number: UUID) -> bool:
    """Whether the answers under this number have come before."""
    return queries.is_answered(behind(survey, number))


# How far it has come ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Counts:
    """Addresses by what came of the last visit."""

    done: int = 0
    refused: int = 0
    not_in: int = 0
    never: int = 0
    unvisited: int = 0

    @property
    def addresses(self) -> int:
        return self.visited + self.unvisited

    @property
    def visited(self) -> int:
        return self.done + self.refused + self.never + self.not_in

    @property
    def contacts(self) -> int:
        """Where somebody came to the door."""
        return self.done + self.refused + self.never

    @property
    def response_rate(self) -> float | None:
        """Response rate 1 of the addresses visited so far, I ÷ (I + R + NC): who said "do not call again" refused, and
        nobody in is a non-contact whose household counts. American Association for Public Opinion Research, Standard
        Definitions, 10th edition (2023), RR1. None before the first visit."""
        return self.done / self.visited if self.visited else None


@dataclass(frozen=True)
class StreetCounts:
    """One street; None where a small number, or one that would give a small one away, is not told."""

    name: str
    addresses: int
    visited: int | None
    done: int | None

    @property
    def response_rate(self) -> float | None:
        if self.done is None or not self.visited:
            return None
        return self.done / self.visited


def counts(found: Round) -> Counts:
    """Of all its addresses; as they were when these were deleted, where they are gone."""
    if found.totals:
        return Counts(**found.totals)
    rows = RoundDoor.objects.filter(street__round=found).values_list("outcome").annotate(n=Count("pk"))
    return _counts(dict(rows))


def by_street(found: Round) -> list[StreetCounts]:
    """Each street with its visits and who answered, small numbers not told."""
    streets: QuerySet[RoundStreet] = found.streets.annotate(
        addresses=Count("doors"),
        visited=Count("doors", filter=~Q(doors__outcome="")),
        done=Count("doors", filter=Q(doors__outcome=DONE)),
    )
    rows = list(streets)
    done = suppression.suppress([row.done for row in rows])  # type: ignore[attr-defined]
    visited = suppression.suppress([row.visited for row in rows])  # type: ignore[attr-defined]
    return [
        StreetCounts(row.name, row.addresses, seen, answered)  # type: ignore[attr-defined]
        for row, seen, answered in zip(rows, visited, done, strict=True)
    ]


def _counts(rows: Mapping[str, int]) -> Counts:
    return Counts(
        rows.get(DONE, 0), rows.get(REFUSED, 0), rows.get(NOT_IN, 0), rows.get(NEVER, 0), rows.get("", 0)
    )  # fmt: skip
