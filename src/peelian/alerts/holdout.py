"""Withholding an alert from a small share of its audience, drawn at random, so that a pulse of both shows whether such
alerts worry people (surveys.pulse).

It is off until a decision of an ethics body is entered (HoldoutDecision), and over when that ends. The rules stand
here, beneath every decision: a routine alert alone, of a type that the decision names and that warns nobody of a danger
and looks for nobody, to places and not to chosen people, with a public page on which everybody may read it, and not an
update of what somebody has read. Nobody under 18 is held out, nobody whom somebody helps and nobody who shares an
address: what one misses no other misses.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from peelian.alerts.audience import clauses_of, selection
from peelian.alerts.models import Alert, HeldOut, HoldoutDecision
from peelian.core import clock, wording
from peelian.members.models import Topic
from peelian.members.queries import alone_sql

Sql = tuple[str, dict[str, Any]]
FEWEST = 500  # people of an audience: of fewer, some of those held out could be guessed, and they would teach little
KEPT = timedelta(days=14)  # after the alert: whom nobody has asked by then is asked no more
# Types that warn, help to look for somebody, or are promised to those who get them: no decision can name them
NEVER = frozenset(
    {"residential-storm", "suspicious-circumstances", "road-safety", "community-safety-news", "information-request",
     "scheme-administration"}
)  # fmt: skip
_BY_PLACE = frozenset({"areas", "polygon", "everybody", "languages"})  # kinds of clauses

_HOLD_OUT = """
INSERT INTO alerts_heldout (alert_id, member_id)
SELECT DISTINCT %(held_alert)s::bigint, m.id FROM ({rows}) r JOIN members_member m ON m.id = r.member_id
 WHERE {draw} < %(held_share)s AND {alone}
"""
_WITHOUT = """
SELECT r.address_id, r.member_id, r.channel FROM ({rows}) r
 WHERE NOT EXISTS (SELECT 1 FROM alerts_heldout x WHERE x.alert_id = %(held_alert)s AND x.member_id = r.member_id)
"""


def draw_sql(member: str, seed: str) -> str:
    """SQL for a number from 0 to 1 that a seed (the name of a parameter) gives a member, the same each time: the first
    32 bits of SHA-256. Not a hash of PostgreSQL's own, which another version may compute otherwise."""
    digest = f"sha256(convert_to(%({seed})s || ':' || {member}::text, 'UTF8'))"
    return f"(('x' || encode(substr({digest}, 1, 4), 'hex'))::bit(32)::bigint / 4294967296.0)"


def decision() -> HoldoutDecision | None:
    """The decision that holds today."""
    today = clock.today()
    found = HoldoutDecision.objects.filter(ended_at=None, decided_on__lte=today, until__gte=today)
    return found.prefetch_related("topics").first()


def may_be_named() -> QuerySet[Topic]:
    """The types that a decision may name."""
    return Topic.objects.exclude(slug__in=NEVER).filter(purpose=Topic.Purpose.PUBLIC_TASK)


def may_withhold(alert: Alert, by: HoldoutDecision, *, people: int) -> bool:
    """Whether the rules and this decision let the alert be withheld from some of so many people."""
    topic = alert.topic
    return (
        topic is not None
        and topic.slug not in NEVER
        and topic.purpose == Topic.Purpose.PUBLIC_TASK
        and topic in by.topics.all()
        and alert.priority == Alert.Priority.ROUTINE
        and alert.relation == Alert.Relation.NEW
        and not alert.restricted
        and not alert.practice
        and people >= FEWEST
        and _is_by_place(clauses_of(alert.audience))
    )


def _is_by_place(clauses: Iterable[Any]) -> bool:
    """Whether the audience is of places and languages: who belongs to a group, or got another alert, was chosen."""
    return all(isinstance(raw, dict) and raw.get("kind") in _BY_PLACE for raw in clauses)


def withhold(alert: Alert, *, people: int) -> int:
    """Draw who is held out of an alert that is being frozen for so many people, in its transaction; returns how many.
    The same decision and alert draw the same people."""
    holds = decision()
    if holds is None or not may_withhold(alert, holds, people=people):
        return 0
    rows, values = selection(alert).rows_sql()
    sql = _HOLD_OUT.format(rows=rows, draw=draw_sql("m.id", "held_seed"), alone=alone_sql("m"))
    given = {"held_alert": alert.pk, "held_seed": f"{holds.seed}:{alert.ref}", "held_share": holds.percent / 100}
    with connection.cursor() as cursor:
        cursor.execute(sql, values | given)
        return int(cursor.rowcount)


def without(alert: Alert, rows: Sql) -> Sql:
    """The rows of an audience (Selection.rows_sql) without those whom `withhold` drew."""
    if not alert.held_out:
        return rows
    sql, values = rows
    return _WITHOUT.format(rows=sql), values | {"held_alert": alert.pk}


def members_sql(alert: Alert) -> Sql:
    """SQL for `member_id` of those held out of an alert, while that is kept."""
    return "SELECT x.member_id FROM alerts_heldout x WHERE x.alert_id = %(held_alert)s", {"held_alert": alert.pk}


def forget(alert: Alert) -> None:
    """Who was held out is needed no more: they have been asked, or will not be."""
    HeldOut.objects.filter(alert=alert).delete()


def sentence(alert: Alert, people: int) -> str:
    """What whoever lets an alert go is told; empty where it is withheld from nobody."""
    holds = decision()
    if holds is None or not may_withhold(alert, holds, people=people):
        return ""
    about = wording.people(max(1, round(people * holds.percent / 100)))
    return (
        f"About {about} ({holds.percent}%), drawn at random, do not get it, to learn whether such alerts worry people"
        f" ({holds}). Its public page shows it to everybody. If nobody must miss it, make it important."
    )


def decisions() -> QuerySet[HoldoutDecision]:
    """Every decision there was, the newest first."""
    return HoldoutDecision.objects.select_related("entered_by", "ended_by").prefetch_related("topics")


def is_over(one: HoldoutDecision) -> bool:
    return one.ended_at is not None or one.until < clock.today()


def withheld() -> QuerySet[Alert]:
    """The alerts that were withheld from somebody."""
    return Alert.objects.filter(~Q(held_out=0))
