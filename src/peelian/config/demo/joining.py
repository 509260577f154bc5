"""What brought residents of two teams here: a poster, an officer's card, an event at a school, a stall in the street.

Who joined by one is chosen from those who joined while it ran anyway: the year's alerts went out to them already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from peelian.accounts.models import Staff, Team
from peelian.config.demo.people import moment
from peelian.config.demo.staff import Roster
from peelian.core import clock
from peelian.members import actions, sources
from peelian.members.models import Campaign, Member
from peelian.members.models_campaigns import ALPHABET, LENGTH
from peelian.places.models import Area

NINE_O_CLOCK = 9 * 60


@dataclass(frozen=True)
class Plan:
    """A campaign: days ago that it began and had its last day (None: it runs), and the share of those who joined there
    meanwhile that it brought."""

    kind: Campaign.Kind
    name: str
    team: Team
    by: Staff
    wards: Sequence[Area]
    began: int
    last: int | None
    share: float
    officer: Staff | None = None


def write(rng: np.random.Generator, roster: Roster) -> None:
    """Four campaigns of the first ward team and the team of its sector, then the count of how people joined."""
    for plan in _plans(roster):
        _join(rng, plan, _campaign(rng, plan))
    sources.count()


def _plans(roster: Roster) -> list[Plan]:
    first = roster.teams[0]
    pcso, sergeant, ward = first.officers[0], first.sergeant, first.wards[0]
    kinds, own = Campaign.Kind, first.ward_team
    return [
        Plan(kinds.OFFICER, f"Cards of the PCSO for {ward.name}"[:80], own, pcso, [ward], 400, None, 0.35, pcso),
        Plan(kinds.VENUE, f"Poster in the library, {ward.name}"[:80], own, pcso, [ward], 230, None, 0.6),
        Plan(kinds.EVENT, "Fair at the school", first.team, sergeant, first.wards, 221, 200, 0.7),
        Plan(kinds.OTHER, "Saturday stall in the market street", first.team, sergeant, first.wards, 75, None, 0.4),
    ]  # fmt: skip


def _campaign(rng: np.random.Generator, plan: Plan) -> Campaign:
    today = clock.today()
    made = actions.make_campaign(
        by=plan.by, name=plan.name, team=plan.team, kind=plan.kind, officer=plan.officer,
        area=plan.wards[0] if len(plan.wards) == 1 else plan.team.areas.get(),
        starts=today - timedelta(days=plan.began),
        ends=None if plan.last is None else today - timedelta(days=plan.last),
    )  # fmt: skip
    # A code of the seed's, and made the day before it began
    made.code = "".join(rng.choice(list(ALPHABET), LENGTH))
    made.created_at = moment(today, plan.began + 1, NINE_O_CLOCK)
    made.save(update_fields=["code", "created_at"])
    return made


def _join(rng: np.random.Generator, plan: Plan, campaign: Campaign) -> None:
    """Who came by its link came by the web."""
    until = campaign.ends or clock.today()
    joined = Member.objects.filter(
        area__in=plan.wards,
        campaign=None,
        source__in=("web", "event", "street"),
        joined_on__range=(campaign.starts, until),
    )
    found = np.array(joined.order_by("pk").values_list("pk", flat=True), np.int64)
    came = found[rng.random(len(found)) < plan.share]
    Member.objects.filter(pk__in=came.tolist()).update(campaign=campaign, source="web")
