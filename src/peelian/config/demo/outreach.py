"""Sign-ups by officers in sessions, households under Neighbourhood Watch, and three plans of outreach: two of them long
ago and recorded, one to come."""

from __future__ import annotations

import uuid
from datetime import date, time, timedelta

import numpy as np

from peelian.config.demo.staff import Roster
from peelian.core import clock
from peelian.insight.models import OutreachPlace, OutreachPlan, OverlayWeights, WatchCover
from peelian.insight.outreach import plans
from peelian.insight.outreach.planner import planner
from peelian.insight.outreach.yields import HOURS
from peelian.members.models import DoorstepSignUp, Member
from peelian.places import queries as places
from peelian.places.models import Area

SOURCES = (DoorstepSignUp.Source.DOOR, DoorstepSignUp.Source.STREET, DoorstepSignUp.Source.EVENT)
PLANS = ((-42, DoorstepSignUp.Source.DOOR, 5), (-21, DoorstepSignUp.Source.DOOR, 5), (6, DoorstepSignUp.Source.DOOR, 4))
MOST = 6_000  # sign-ups, however many members there are
WEIGHTS = {"watch": 2, "crime": 1, "sign-ups": 2, "census": 1}


def write_records(seed: int, roster: Roster) -> None:
    """Before the rollups: who signed whom up, on the Saturday after they joined, and Watch cover of every ward."""
    rng = np.random.default_rng([seed, 54])
    officers = {ward.pk: team.officers for team in roster.teams for ward in team.wards if team.officers}
    today = clock.today()
    members = Member.objects.filter(
        source__in=SOURCES, area__in=list(officers), joined_on__gte=today - timedelta(days=700)
    )
    rows = []
    for pk, source, area, joined in members.order_by("-pk").values_list("pk", "source", "area", "joined_on")[:MOST]:
        day = min(joined + timedelta(days=(5 - joined.weekday()) % 7), today)
        team = officers[area]
        moment = clock.london(day, time(9 + int(rng.integers(3))))
        rows.append(
            DoorstepSignUp(
                id=uuid.UUID(bytes=rng.bytes(16), version=4), staff=team[day.toordinal() // 7 % len(team)],
                member_id=pk, source=source, agreed_at=moment, received_at=moment,
            )
        )  # fmt: skip
    DoorstepSignUp.objects.bulk_create(rows, batch_size=2_000)
    _write_cover(rng, today)


def _write_cover(rng: np.random.Generator, today: date) -> None:
    wards = list(places.neighbourhoods().order_by("code"))
    homes = places.populations([ward.pk for ward in wards], "households")
    WatchCover.objects.bulk_create(
        WatchCover(
            area=ward, households=round(homes[ward.pk].total * float(rng.beta(1.6, 9))),
            as_of=today.replace(day=1), file="watch.csv",
        )
        for ward in wards if ward.pk in homes
    )  # fmt: skip


def write_plans(seed: int, roster: Roster, areas: list[Area]) -> None:
    """After the rollups: plans of the first policing area with a neighbourhood team, by what the planner says today."""
    rng = np.random.default_rng([seed, 55])
    first, boss = roster.teams[0], roster.communications[0]
    OverlayWeights.objects.create(
        name="Neighbourhood Watch week", weights=WEIGHTS, topic="deprivation", groups=["1", "2"], saved_by=boss,
        saved_at=clock.now(),
    )  # fmt: skip
    for days, source, number in PLANS:
        found = planner(areas[0], OutreachPlace.Kind.SMALL_AREA, source, "ethnic-group-5", HOURS, boss)
        if not found.places:
            continue
        plan = plans.make_plan(
            by=first.sergeant, team=first.team, area=areas[0], day=clock.today() + timedelta(days=days), source=source,
            topic="ethnic-group-5", session_hours=HOURS, officers=first.officers[:2],
            places=[(place, 3.0) for place in found.places[:number]],
        )  # fmt: skip
        if days < 0:
            _came(rng, plan.pk, first.sergeant.pk)


def _came(rng: np.random.Generator, plan: int, by: int) -> None:
    """What came of a plan, drawn from a rate somewhat below what was forecast: as it goes."""
    rows = list(OutreachPlace.objects.filter(plan=plan))
    for row in rows:
        row.hours_spent = float(rng.choice([2.0, 2.5, 3.0]))
        row.sign_ups = int(rng.poisson(0.85 * row.shape / row.rate * row.hours_spent))
    OutreachPlace.objects.bulk_update(rows, ["hours_spent", "sign_ups"])
    OutreachPlan.objects.filter(pk=plan).update(
        recorded_at=clock.now(), recorded_by=by, elsewhere=int(rng.integers(0, 9))
    )
