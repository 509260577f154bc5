"""Whom a pulse asks: some of those an alert was frozen for, and as many of those held out of it.

By intention to treat: who was to get it, whether the message arrived, was read, or waits for a digest; and who was not
to, even if they read it on the website. Both are drawn alike, from adults who share no address and have no helper,
without those asked lately. What is chosen after the alert (a type turned off because of it) leaves nobody out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection

from peelian.accounts.models import Organisation
from peelian.alerts import dose, holdout
from peelian.alerts.models import Alert
from peelian.core import clock
from peelian.members.audience import Clause, Selection, Sql
from peelian.members.queries import alone_sql
from peelian.surveys.inviting import WRITTEN
from peelian.surveys.pulse.models import Arm, Dose, PulseProgramme, PulseSlice

FEWEST = 20  # people, both arms together: fewer are not troubled
SLACK = 8  # so many times as many as are wanted are looked at, because some may not be asked

_DRAW = """
SELECT m.id FROM ({pool}) p JOIN members_member m ON m.id = p.member_id
 WHERE {draw} < %(near)s AND m.left_at IS NULL AND m.restricted_at IS NULL AND {alone}
   AND NOT EXISTS (SELECT 1 FROM ({asked}) a WHERE a.member_id = m.id)
 ORDER BY {draw} LIMIT %(wanted)s
"""
_ASKED = "SELECT d.member_id FROM delivery d WHERE d.send_id = ANY(%(recent)s) AND d.member_id IS NOT NULL"
_GOT = "SELECT DISTINCT d.member_id FROM delivery d WHERE d.send_id = %(alert_send)s"
_ONE_EACH = """
SELECT DISTINCT ON (r.member_id) r.address_id, r.member_id, r.channel FROM ({rows}) r ORDER BY r.member_id, r.channel
"""


@dataclass(frozen=True)
class Part:
    """Members of one arm who had alike many alerts before."""

    arm: Arm
    dose: Dose
    members: list[int]


def parts(programme: PulseProgramme, alert: Alert, seed: str) -> list[Part]:
    """Everybody who is to be asked about an alert; nobody where they would be too few. The same seed draws the same
    people. As many of those who got it as of those held out, so that no alert weighs more in one arm than in the other
    once alerts are pooled."""
    assert alert.send is not None
    recent = _recent(programme)
    got: Sql = (_GOT, {"alert_send": alert.send_id})
    held = _draw(holdout.members_sql(alert), seed, recent, wanted=programme.most, of=alert.held_out)
    wanted = len(held) or programme.most
    chosen = _draw(got, seed, recent, wanted=wanted, of=alert.send.recipients)
    if len(held) + len(chosen) < FEWEST:
        return []
    found = _by_dose(Arm.GOT if held else Arm.ALONE, chosen, alert.send_id)
    return found + _by_dose(Arm.HELD, held, alert.send_id)


def _recent(programme: PulseProgramme) -> list[int]:
    """The sends by which people were asked within the days of rest."""
    since = clock.now() - timedelta(days=programme.rest_days)
    found = PulseSlice.objects.filter(round__opened_at__gte=since, send__isnull=False)
    return [pk for pk in found.values_list("send_id", flat=True) if pk is not None]


def _draw(pool: Sql, seed: str, recent: Sequence[int], *, wanted: int, of: int) -> list[int]:
    sql = _DRAW.format(pool=pool[0], draw=holdout.draw_sql("m.id", "seed"), alone=alone_sql("m"), asked=_ASKED)
    near = min(1.0, SLACK * wanted / of) if of else 1.0
    given = pool[1] | {"seed": seed, "near": near, "recent": list(recent), "wanted": wanted}
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        return [row[0] for row in cursor.fetchall()]


def _by_dose(arm: Arm, members: Sequence[int], send_id: int | None) -> list[Part]:
    doses = dose.before(send_id=send_id, member_ids=members)
    found: dict[Dose, list[int]] = {}
    for member in members:
        found.setdefault(Dose.of(doses.get(member, 0)), []).append(member)
    return [Part(arm, one, found[one]) for one in Dose if one in found]


def rows_sql(members: Sequence[int], organisation: Organisation) -> Sql:
    """SQL for `address_id, member_id, channel` of those who can be written to now, each once: by email, else by text.
    Raises nothing; who has stopped since is not among them."""
    chosen = Clause("include", "members", members_sql=("SELECT unnest(%s::bigint[])", [list(members)]))
    sql, values = Selection([chosen], topic=None, organisation=organisation, channels=WRITTEN).rows_sql()
    return _ONE_EACH.format(rows=sql), values
