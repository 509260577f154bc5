"""Reads for joining at the door: what may be opened, which trial runs there, the streets of one's teams."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from peelian.accounts import queries as accounts
from peelian.accounts.models import Staff, Team
from peelian.core import clock
from peelian.members import doorstep
from peelian.members.errors import NoSuchStreet, NotOpened
from peelian.members.models import Door, DoorstepKey, DoorstepSignUp, Street
from peelian.places import queries as places
from peelian.places.models import Area

NO_ANSWER, DONE, REFUSED = Door.Outcome.NO_ANSWER, Door.Outcome.DONE, Door.Outcome.REFUSED


def live_keys(staff: Staff, ids: Iterable[UUID]) -> list[DoorstepKey]:
    """Of these keys the person's own that still open something."""
    since = clock.now() - doorstep.KEPT
    return list(DoorstepKey.objects.filter(pk__in=list(ids), staff=staff, made_at__gt=since))


def live_key(staff: Staff, key_id: UUID) -> DoorstepKey:
    """One of the person's own keys; NotOpened when it is somebody else's, ended or a day old."""
    for key in live_keys(staff, [key_id]):
        return key
    raise NotOpened


def received(staff: Staff, ids: Iterable[UUID]) -> set[UUID]:
    """Which of these sign-ups the person has sent already."""
    return set(DoorstepSignUp.objects.filter(pk__in=list(ids), staff=staff).values_list("pk", flat=True))


def running_hotspot(longitude: int, latitude: int) -> Area | None:
    """The hotspot of a running trial that holds a point (1e-7 degree): of areas of that kind the one that is current
    and has begun; of several the smallest."""
    today = clock.today()
    holding = [
        area
        for area in places.areas_holding(longitude, latitude, kind=Area.Kind.HOTSPOT)
        if area.valid_from is None or area.valid_from <= today
    ]
    return holding[-1] if holding else None


# Streets to visit ----------------------------------------------------------------------------------------------------


def teams_for(staff: Staff) -> QuerySet[Team]:
    """The teams on whose lists the person works."""
    return accounts.teams_in_scope(staff)


def streets_for(staff: Staff, *, lately_too: bool = False) -> QuerySet[Street]:
    """The streets on the lists of the person's teams that are not finished; LATELY_TOO: nor were a day ago."""
    wanted = Q(finished_at=None)
    if lately_too:
        wanted |= Q(finished_at__gt=clock.now() - doorstep.KEPT)
    found = Street.objects.filter(wanted, team__in=teams_for(staff)).select_related("area", "team")
    return found.defer("area__boundary", "area__cover", "area__outline")  # large, and not wanted here


def street_for(staff: Staff, pk: int) -> Street:
    """One street, finished or not; NoSuchStreet when it is on no list of theirs."""
    found = Street.objects.filter(team__in=teams_for(staff), pk=pk).select_related("area", "team").first()
    if found is None:
        raise NoSuchStreet
    return found


def with_counts(streets: QuerySet[Street], now: datetime) -> QuerySet[Street]:
    """Each street with today's doors by outcome, and how many doors are to be visited now."""
    today = Q(doors__day=now.astimezone(clock.LONDON).date())
    due = Q(doors__outcome="") | Q(doors__outcome=NO_ANSWER, doors__hidden_until__lte=now)
    return streets.annotate(
        done=Count("doors", filter=today & Q(doors__outcome=DONE)),
        refused=Count("doors", filter=today & Q(doors__outcome=REFUSED)),
        no_answer=Count("doors", filter=today & Q(doors__outcome=NO_ANSWER)),
        due=Count("doors", filter=due),
    )


@dataclass
class Round:
    """The streets to visit: now, later, and finished today; and the day's doors by outcome over all of them."""

    now: list[Street]
    later: list[Street]
    finished: list[Street]
    done: int
    refused: int
    no_answer: int

    @property
    def doors(self) -> int:
        return self.done + self.refused + self.no_answer


def round_for(staff: Staff, team: Team | None = None) -> Round:
    """The person's round, of all their teams or one."""
    now = clock.now()
    midnight = clock.london(clock.today(), datetime.min.time())
    every = Street.objects.filter(team__in=teams_for(staff)).select_related("area", "team")
    every = every.filter(Q(finished_at=None) | Q(finished_at__gte=midnight))
    if team is not None:
        every = every.filter(team=team)
    found = list(with_counts(every, now).order_by("name", "pk"))
    open_ = [street for street in found if street.finished_at is None]
    later = [street for street in open_ if street.hidden_until and street.hidden_until > now]
    return Round(
        [street for street in open_ if street not in later],
        later,
        [street for street in found if street.finished_at],
        *(sum(getattr(street, name) for street in found) for name in ("done", "refused", "no_answer")),
    )


def counts_today(street: Street) -> Street:
    """The street with today's doors by outcome."""
    return with_counts(Street.objects.filter(pk=street.pk), clock.now()).get()


@dataclass
class Doors:
    """The doors of a street: to visit now, waiting for a later hour, and answered."""

    due: list[Door]
    waiting: list[Door]
    answered: list[Door]


def doors_of(street: Street) -> Doors:
    """By number, as they stand in the street."""
    now = clock.now()
    found = sorted(street.doors.all(), key=lambda door: _in_order(door.number))
    waiting = [door for door in found if door.hidden_until and door.hidden_until > now]
    answered = [door for door in found if door.outcome in (DONE, REFUSED)]
    due = [door for door in found if door not in waiting and door not in answered]
    return Doors(due, waiting, answered)


def _in_order(number: str) -> tuple[int, str]:
    figures = "".join(sign if sign.isdigit() else " " for sign in number).split()
    return (int(figures[-1]) if figures else 0, number)


def signed_up_on(staff: Staff, day: date) -> int:
    """How many people the person signed up on a day."""
    return DoorstepSignUp.objects.filter(staff=staff, agreed_at__date=day).count()


# For insight ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SignedUp:
    """One sign-up of a day: where it was made, as far as is known, and the home (1e-7 degree), where there is one."""

    street_id: int | None
    place: str
    campaign_id: int | None
    home: tuple[int, int] | None


def signed_up(staff_ids: Iterable[int], source: str, day: date) -> list[SignedUp]:
    """Whom these people signed up on a London day by one source. Holds nobody's name."""
    begins = clock.london(day, datetime.min.time())
    ends = clock.london(day + timedelta(days=1), datetime.min.time())
    rows = DoorstepSignUp.objects.filter(
        staff__in=list(staff_ids), source=source, agreed_at__gte=begins, agreed_at__lt=ends
    )
    return [
        SignedUp(
            street, place, campaign, (longitude, latitude) if longitude is not None and latitude is not None else None
        )
        for street, place, campaign, longitude, latitude in rows.values_list(
            "street", "place", "member__campaign", "member__longitude", "member__latitude"
        )
    ]


def places_of_streets() -> list[tuple[int, tuple[int, int]]]:
    """Every street on a list, with where it is (1e-7 degree)."""
    rows = Street.objects.order_by("pk").values_list("pk", "longitude", "latitude")
    return [(pk, (longitude, latitude)) for pk, longitude, latitude in rows]
