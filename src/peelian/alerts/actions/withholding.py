"""The decision of an ethics body that lets some alerts be withheld from a few (alerts.holdout): entered, ended."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import date

from django.db import connection, transaction

from peelian.accounts.models import Staff
from peelian.alerts import errors, holdout
from peelian.alerts.actions.trail import must
from peelian.alerts.models import HoldoutDecision
from peelian.audit.actions import record
from peelian.core import clock
from peelian.members.models import Topic

_LOCK = "SELECT pg_advisory_xact_lock(7306)"  # of two entered at once the later ends the earlier


@transaction.atomic
def enter_decision(
    *, by: Staff, body: str, decided_on: date, until: date, reference: str, text: str, percent: int,
    topics: Collection[Topic],
) -> HoldoutDecision:  # fmt: skip
    """From its day on alerts of TOPICS may be withheld from PERCENT of their people. It takes the place of the one
    before. Raises NotAllowed, and BadDecision with what is wrong."""
    must(by, "alerts.holdout")
    if found := problems(decided_on=decided_on, until=until, percent=percent, topics=topics):
        raise errors.BadDecision(" ".join(found))
    with connection.cursor() as cursor:
        cursor.execute(_LOCK)
    HoldoutDecision.objects.filter(ended_at=None).update(ended_at=clock.now(), ended_by=by)
    made = HoldoutDecision.objects.create(
        body=body, decided_on=decided_on, until=until, reference=reference, text=text, percent=percent,
        seed=secrets.token_hex(16), entered_by=by,
    )  # fmt: skip
    made.topics.set(topics)
    given = {"decided_on": decided_on.isoformat(), "until": until.isoformat(), "percent": percent}
    record("holdout.entered", "holdout", made.pk, by=by, topics=sorted(one.slug for one in topics), **given)
    return made


def problems(*, decided_on: date, until: date, percent: int, topics: Collection[Topic]) -> list[str]:
    """What stands against a decision, in sentences."""
    found = []
    if decided_on > clock.today():
        found.append("The day of the decision lies ahead. Enter it once it has been made.")
    if until < clock.today():
        found.append("The last day lies in the past.")
    elif until > decided_on + HoldoutDecision.LONGEST:
        found.append("A decision holds for a year at most. Choose an earlier last day.")
    if not 1 <= percent <= 10:
        found.append("The share is 1% to 10%.")
    if not topics:
        found.append("Choose the types of alerts that were decided on.")
    allowed = set(holdout.may_be_named().values_list("pk", flat=True))
    if never := sorted(one.name for one in topics if one.pk not in allowed):
        found.append(f"These are never withheld: {', '.join(never)}.")
    return found


@transaction.atomic
def end_decision(*, decision: HoldoutDecision, by: Staff) -> None:
    """From now on nothing is withheld. Ended already: nothing happens."""
    must(by, "alerts.holdout")
    if HoldoutDecision.objects.filter(pk=decision.pk, ended_at=None).update(ended_at=clock.now(), ended_by=by):
        record("holdout.ended", "holdout", decision.pk, by=by)
