"""What the delivery engine shows of the year: prices, budgets and costs of texts and calls, residents who asked for
less, and how many alerts about crime each resident had."""

from __future__ import annotations

from datetime import time, timedelta
from decimal import Decimal

import numpy as np
from django.db import connection

from peelian.alerts import dose
from peelian.core import clock
from peelian.delivery import ask_carriers
from peelian.delivery.models import Budget, Carrier, Channel, Price
from peelian.members.models import Member, Pace
from peelian.places.models import Area

PENCE = {Channel.TEXT: Decimal("2.9"), Channel.VOICE: Decimal("4.1")}  # invented
POUNDS = Decimal(4)  # of each policing area, each month
A_YEAR = timedelta(days=400)
ASKED_FOR_LESS = 0.06  # of all members

_SPENT = """
INSERT INTO delivery_spend (send_id, area_id, month, pence, final)
SELECT d.send_id, team.area_id, date_trunc('month', s.created_at)::date,
       sum(CASE d.channel WHEN 2 THEN %(text)s ELSE %(voice)s END), true
  FROM delivery d JOIN delivery_send s ON s.id = d.send_id JOIN alerts_alert a ON a.send_id = s.id
  LEFT JOIN LATERAL (
       SELECT CASE up.kind WHEN 'policing-area' THEN up.id ELSE own.id END AS area_id FROM accounts_team_areas t
         JOIN places_area own ON own.id = t.area_id LEFT JOIN places_area up ON up.id = own.parent_id
        WHERE t.team_id = a.team_id AND 'policing-area' IN (own.kind, up.kind) ORDER BY own.code LIMIT 1) team ON true
 WHERE d.channel <> 1 AND d.state IN (2, 3, 6) GROUP BY 1, 2, 3
"""


def write(rng: np.random.Generator, policing_areas: list[Area]) -> None:
    """After the ledger: costs follow from it, and doses too."""
    ask_carriers.make_rows()
    first = (clock.today() - A_YEAR).replace(day=1)
    for channel, pence in PENCE.items():
        for kind in Carrier.objects.filter(channel=channel).values_list("kind", flat=True):
            Price.objects.create(channel=channel, kind=kind, valid_from=first, pence=pence)
    Budget.objects.bulk_create(Budget(area=area, from_month=first, pounds=POUNDS) for area in policing_areas)
    with connection.cursor() as cursor:
        cursor.execute(_SPENT, {"text": PENCE[Channel.TEXT], "voice": PENCE[Channel.VOICE]})
    _ask_for_less(rng)
    dose.count_anew()


def _ask_for_less(rng: np.random.Generator) -> None:
    members = np.array(Member.objects.order_by("pk").values_list("pk", flat=True))
    chosen = np.sort(rng.choice(members, int(len(members) * ASKED_FOR_LESS), replace=False))
    limits = rng.choice([1, 2, 3, 5], len(chosen)).tolist()
    Pace.objects.bulk_create(
        Pace(
            member_id=member,
            weekly_limit=limit,
            digest=Pace.Digest.DAILY if limit == 5 else Pace.Digest.WEEKLY,
            quiet_from=time(22) if limit < 3 else None,
            quiet_until=time(7) if limit < 3 else None,
        )
        for member, limit in zip(chosen.tolist(), limits, strict=True)
    )
