"""Making and ending what brings residents to us."""

from __future__ import annotations

import secrets
from datetime import date

from django.db import transaction

from peelian.accounts.models import Staff, Team
from peelian.audit.actions import record
from peelian.core import clock
from peelian.members.models_campaigns import ALPHABET, LENGTH, Campaign
from peelian.places.models import Area


@transaction.atomic
def make_campaign(
    *,
    by: Staff,
    name: str,
    team: Team,
    kind: str = Campaign.Kind.CAMPAIGN,
    area: Area | None = None,
    officer: Staff | None = None,
    starts: date | None = None,
    ends: date | None = None,
) -> Campaign:
    """Something new to join by, with a short link of its own."""
    campaign = Campaign.objects.create(
        code=_unused_code(), kind=kind, name=name, team=team, area=area, officer=officer,
        starts=starts or clock.today(), ends=ends, created_by=by,
    )  # fmt: skip
    record("campaign.made", "campaign", campaign.pk, by=by, what=kind, team=team.pk)
    return campaign


@transaction.atomic
def end_campaign(*, campaign: Campaign, by: Staff) -> None:
    """It is over. Posters that still hang go on working. Again it does nothing."""
    if Campaign.objects.filter(pk=campaign.pk, ended_at=None).update(ended_at=clock.now()):
        record("campaign.ended", "campaign", campaign.pk, by=by)


def _unused_code() -> str:
    """One of 28^6, 480 million; with a thousand in use, two tries are needed twice in a million times."""
    while True:
        code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
        if not Campaign.objects.filter(code=code).exists():
            return code
