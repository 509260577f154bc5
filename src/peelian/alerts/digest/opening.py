"""When digests go: every day, and every Friday, at five in the afternoon. Each is opened once, however often it is
asked for."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import structlog
from django.db import transaction

from peelian.alerts.digest.reading import why_not
from peelian.alerts.digest.renderer import NAME, DigestRenderer
from peelian.alerts.models import Alert, Digest
from peelian.core import clock
from peelian.delivery import costs, digests
from peelian.delivery.models import Reason, Send
from peelian.members.models import Pace

log = structlog.get_logger("peelian.alerts")
BEGINS, ENDS = time(17), time(21)  # on a London clock; what could not be opened by then waits for the next day
FRIDAY = 4


def open_due(now: datetime | None = None) -> list[Send]:
    """Open the digests that are due NOW and were not opened yet; returns their sends. Safe to run twice or at once."""
    now = now or clock.now()
    shown = now.astimezone(clock.LONDON)
    if not clock.within(shown.time(), BEGINS, ENDS):
        return []
    opened = [open_one(kind, day, now) for kind, day in _due(shown.date())]
    return [send for send in opened if send is not None]


def _due(today: date) -> list[tuple[Pace.Digest, date]]:
    """Today's daily digest, and the weekly one of the last Friday."""
    friday = today - timedelta(days=(today.weekday() - FRIDAY) % 7)
    return [(Pace.Digest.DAILY, today), (Pace.Digest.WEEKLY, friday)]


@transaction.atomic
def open_one(kind: Pace.Digest, day: date, now: datetime) -> Send | None:
    """Open the digest of KIND and DAY with what waited by then. None where it was opened before or there is nothing."""
    digest, new = Digest.objects.get_or_create(kind=kind, day=day)
    if not new:
        return None
    digests.drop_unwanted(now)
    digest.send = digests.open_digest(
        renderer=NAME,
        object_id=digest.pk,
        kind=kind,
        before=clock.london(day, BEGINS),
        sends=_still_good(),
        text_parts=costs.text_parts(DigestRenderer.words(1)).parts,
    )
    digest.save(update_fields=["send"])
    if digest.send is not None:
        log.info("digest opened", kind=str(kind), recipients=digest.send.recipients)
    return digest.send


def _still_good() -> list[int]:
    """The sends that wait for a digest and may be in one; the others drop out, with why."""
    waiting = Alert.objects.filter(send__in=digests.waiting())
    good, dropped = list[int](), dict[Reason, list[int]]()
    for alert in waiting.only("send", "state", "ends_on"):
        assert alert.send_id is not None
        reason = why_not(alert)
        (dropped.setdefault(reason, []) if reason else good).append(alert.send_id)
    for reason, sends in dropped.items():
        digests.drop(send_ids=sends, reason=reason)
    return good
