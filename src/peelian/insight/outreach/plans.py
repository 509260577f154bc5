"""Plans of outreach: saved with their forecasts, recorded, and how well the forecasts did."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import QuerySet

from peelian.accounts import queries as accounts
from peelian.accounts.models import Staff, Team
from peelian.audit.actions import record
from peelian.core import clock
from peelian.core.statistics import Estimate, proportion
from peelian.insight.models import OutreachOfficer, OutreachPlace, OutreachPlan
from peelian.insight.outreach import ground
from peelian.insight.outreach.errors import NoSuchPlan, NothingChosen, NotToBeRecorded
from peelian.insight.outreach.planner import Place
from peelian.members import queries_doorstep as doorstep
from peelian.members.models import DoorstepSignUp
from peelian.places.models import Area

ENOUGH = 8  # outcomes: under so many nothing is said of the forecasts
DOOR = DoorstepSignUp.Source.DOOR


def plans_for(staff: Staff) -> QuerySet[OutreachPlan]:
    """Those of the teams in the person's scope, the newest day first."""
    return OutreachPlan.objects.filter(team__in=accounts.teams_in_scope(staff)).select_related("team", "area")


def plan_for(staff: Staff, pk: int) -> OutreachPlan:
    found = plans_for(staff).filter(pk=pk).first()
    if found is None:
        raise NoSuchPlan
    return found


def plan_by_number(pk: int) -> OutreachPlan:
    """Any plan: for a command, which is nobody's and sees everything."""
    found = OutreachPlan.objects.select_related("team", "area").filter(pk=pk).first()
    if found is None:
        raise NoSuchPlan
    return found


@transaction.atomic
def make_plan(
    *, by: Staff, team: Team, area: Area, day: date, source: str, topic: str, session_hours: float,
    officers: Sequence[Staff], places: Sequence[tuple[Place, float]],
) -> OutreachPlan:  # fmt: skip
    """PLACES with the hours there, of all officers together. What is forecast is kept as it was. Raises
    NothingChosen."""
    if not officers or not places or any(hours <= 0 for _, hours in places):
        raise NothingChosen
    plan = OutreachPlan.objects.create(
        team=team, area=area, day=day, source=source, topic=topic, session_hours=session_hours, made_by=by,
        made_at=clock.now(),
    )  # fmt: skip
    OutreachOfficer.objects.bulk_create(OutreachOfficer(plan=plan, staff=one) for one in officers)
    OutreachPlace.objects.bulk_create(
        OutreachPlace(
            plan=plan, kind=one.kind, label=one.label[:140], area_id=one.area_id, small_area_id=one.small_area_id,
            street_id=one.key_id if one.kind == OutreachPlace.Kind.STREET else None,
            campaign_id=one.key_id if one.kind == OutreachPlace.Kind.VENUE else 0,
            hours=hours, shape=one.hour.shape, rate=one.hour.rate, worth=one.worth,
        )
        for one, hours in places
    )  # fmt: skip
    record("outreach.planned", "outreach_plan", plan.pk, by=by, places=len(places))
    return plan


@transaction.atomic
def record_outcome(*, plan: OutreachPlan, hours: Mapping[int, float], by: Staff) -> None:
    """HOURS spent by place; 0: nobody went. Sign-ups are not typed but counted from our own records. May be done again.
    Raises NotToBeRecorded before the day."""
    if plan.day > clock.today():
        raise NotToBeRecorded
    found = list(plan.places.select_for_update())
    counted, plan.elsewhere = count_sign_ups(plan, found)
    for place in found:
        place.hours_spent = hours.get(place.pk, 0.0)
        place.sign_ups = counted[place.pk]
    OutreachPlace.objects.bulk_update(found, ["hours_spent", "sign_ups"])
    plan.recorded_by, plan.recorded_at = by, clock.now()
    plan.save(update_fields=["recorded_by", "recorded_at", "elsewhere"])
    record("outreach.recorded", "outreach_plan", plan.pk, by=by)


def count_sign_ups(plan: OutreachPlan, found: Sequence[OutreachPlace]) -> tuple[dict[int, int], int]:
    """How many of the officers' sign-ups of that day and source belong to each place, and how many to none.

    One belongs where its street, its campaign or the name of its place says; at doors also where the home is. A plan of
    one place has them all."""
    officers = OutreachOfficer.objects.filter(plan=plan).values_list("staff", flat=True)
    rows = doorstep.signed_up(officers, plan.source, plan.day)
    homes = [row.home for row in rows if row.home and plan.source == DOOR]
    unit_of = dict(zip(homes, ground.small_areas_holding(homes), strict=True))
    counted, elsewhere = dict.fromkeys((place.pk for place in found), 0), 0
    for row in rows:
        unit = unit_of.get(row.home, 0) if row.home else 0
        place = found[0] if len(found) == 1 else _place_of(row, unit, found)
        if place is None:
            elsewhere += 1
        else:
            counted[place.pk] += 1
    return counted, elsewhere


def _place_of(row: doorstep.SignedUp, unit: int, found: Sequence[OutreachPlace]) -> OutreachPlace | None:
    name = row.place.strip().casefold()
    for place in found:
        if row.street_id and row.street_id == place.street_id:
            return place
        if row.campaign_id and row.campaign_id == place.campaign_id:
            return place
        if name and name == place.label.partition(",")[0].strip().casefold():
            return place
    of_unit = [place for place in found if place.kind == OutreachPlace.Kind.SMALL_AREA and place.small_area_id == unit]
    return of_unit[0] if unit and of_unit else None


# Forecasts ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Outcome:
    """A place somebody went to: what was forecast for the hours they spent, and what came."""

    place: OutreachPlace
    forecast: Estimate
    came: int

    @property
    def inside(self) -> bool:
        return self.forecast.low <= self.came <= self.forecast.high


@dataclass(frozen=True)
class ForecastError:
    """Over all outcomes. Both figures None under `ENOUGH`."""

    outcomes: int
    mean_error: float | None = None  # members, without sign
    inside: Estimate | None = None  # the share of outcomes within their 95% interval


def outcome(place: OutreachPlace) -> Outcome | None:
    """None where nobody went, or nothing has been recorded."""
    if not place.hours_spent or place.sign_ups is None:
        return None
    return Outcome(place, place.forecast.expected(place.hours_spent), place.sign_ups)


def forecast_error(staff: Staff) -> ForecastError:
    """Of the plans that the person sees."""
    rows = OutreachPlace.objects.filter(plan__in=plans_for(staff), hours_spent__gt=0, sign_ups__isnull=False)
    return error_of([one for one in map(outcome, rows) if one])


def error_of(found: Sequence[Outcome]) -> ForecastError:
    if len(found) < ENOUGH:
        return ForecastError(len(found))
    off = sum(abs(one.forecast.value - one.came) for one in found) / len(found)
    return ForecastError(len(found), off, proportion(sum(one.inside for one in found), len(found)))
