"""What stands between a draft and its way out, whichever door it takes: complete, somebody there, not the same
again."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Q

from peelian.accounts.models import Staff
from peelian.alerts import advice, audience, charge, errors, policy, queries
from peelian.alerts.actions import translating
from peelian.alerts.audience import Forecast
from peelian.alerts.models import Alert
from peelian.core import clock, jobs

AGAIN_AFTER = timedelta(hours=1)
FURTHEST = timedelta(days=366)


def planned_time(at: datetime | None) -> datetime:
    """When the alert is to go: AT, or now. A time without a zone is read off a London clock.

    Raises PastTime, and NotATime for the hour that does not exist when the clocks go forward or for one over a year
    away.
    """
    if at is None:
        return clock.now()
    if at.tzinfo is None:
        try:
            at = clock.london(at.date(), at.time())
        except clock.NoSuchTime as problem:
            raise errors.NotATime(str(problem)) from None
    if at <= clock.now():
        raise errors.PastTime
    if at > clock.now() + FURTHEST:
        raise errors.NotATime("That is more than a year away. Choose an earlier day.")
    return at


class Stage(NamedTuple):
    """So many go first; then it waits until somebody goes on, or for so many minutes."""

    first: int = 100
    minutes: int | None = None


def stage_fields(stage: Stage | None) -> dict[str, int | None]:
    """The columns of an alert that hold its stage."""
    return {"first_stage": stage.first if stage else None, "stage_minutes": stage.minutes if stage else None}


def check(alert: Alert, *, at: datetime, again: bool, confirmed: bool) -> Forecast:
    """Count the audience of an alert about to go, and remember its fingerprint on it.

    Raises NotReady, AudienceProblem, NobodyThere, BadEndDate, SayHowMany (unless CONFIRMED), AlreadySent (unless
    AGAIN), and delivery's BudgetSpent.
    """
    missing = queries.missing(alert)
    if missing:
        raise errors.NotReady(missing)
    check_end_date(alert, alert.ends_on, sent_on=at.astimezone(clock.LONDON).date())
    counted = audience.checked(alert)
    if not confirmed and policy.is_large(counted.people):
        raise errors.SayHowMany
    if not alert.practice:
        charge.must_afford(alert, counted)
    alert.fingerprint = fingerprint(alert)
    if not again:
        _refuse_the_same(alert, at)
    return counted


def check_end_date(alert: Alert, ends_on: Any, *, sent_on: Any) -> None:
    """Raises BadEndDate when an alert sent on that day may not be shown until ENDS_ON."""
    if ends_on is None:
        return
    most = queries.most_days_shown(alert)
    if ends_on < sent_on:
        raise errors.BadEndDate("The end date is before the day it goes out. Choose a later one.")
    if ends_on > sent_on + timedelta(days=most):
        raise errors.BadEndDate(
            f"An alert of this type can be shown for {most} days at most. Choose an earlier end date."
        )


def fingerprint(alert: Alert) -> str:
    """A hash of wording and audience, the same for alerts that differ in nothing a resident would notice."""
    clauses = sorted(json.dumps(raw, sort_keys=True) for raw in audience.clauses_of(alert.audience))
    texts = [alert.title, alert.happening, alert.doing, alert.can_do]
    parts = [*texts, alert.team_id, alert.topic_id, alert.channels, alert.relation, clauses]
    if alert.practice:  # what was practised may be sent in earnest
        parts.append("practice")
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def _refuse_the_same(alert: Alert, at: datetime) -> None:
    """Two that go at the same moment must not miss each other: whoever holds the fingerprint's lock looks first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [alert.fingerprint])
    within = (at - AGAIN_AFTER, at + AGAIN_AFTER)
    alike = Alert.objects.filter(fingerprint=alert.fingerprint).exclude(pk=alert.pk)
    out = Q(sent_at__range=within) | Q(state__in=["scheduled", "waiting"], scheduled_for__range=within)
    if alike.filter(out).exists():
        raise errors.AlreadySent


def start_at(alert: Alert, at: datetime) -> None:
    """Enqueue the freezing. An older job for another time finds that its time is not the alert's and does nothing."""
    translating.ask_for(alert, going=True)
    urgent = alert.priority == Alert.Priority.URGENT
    later = at if at > clock.now() else None
    jobs.enqueue("alerts.freeze", at=later, priority=10 if urgent else 0, alert_id=alert.pk)


def counts(counted: Forecast, alert: Alert) -> dict[str, Any]:
    """What the trail keeps of an audience: its shape and its numbers."""
    return {"people": counted.people, "by_channel": counted.by_channel, "audience": alert.audience}


def overridden(alert: Alert) -> list[str]:
    """For the trail: the kinds of advice that stood when the alert was let go all the same."""
    return advice.look(alert, queries.jargon()).codes


def record_decision(alert: Alert, verb: str, *, by: Staff, people: int, comment: str = "") -> None:
    alert.decisions.create(verb=verb, by=by, people=people, comment=comment)
