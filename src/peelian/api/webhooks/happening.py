"""What happened: noted once, with a telling for each address that wants it, in the transaction in which it is
noticed."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import transaction

from peelian.accounts import queries as accounts
from peelian.alerts.models import Alert
from peelian.api.models_webhooks import Happened, Looked, Telling, Webhook
from peelian.conversations import queries as conversations
from peelian.core import clock, jobs
from peelian.priorities import queries as priorities

SENDS = "alerts.alert"  # the renderer of an alert's send
OVERLAP = timedelta(minutes=10)  # what was committed late is still found; what was found before is known by its number


_Kind = Webhook.Kind


class _Found(NamedTuple):
    about: str
    data: dict[str, Any]
    at: datetime
    team_id: int


def _wanting(kind: str) -> list[Webhook]:
    rows = Webhook.objects.filter(ended_at=None, made_by__is_active=True, kinds__contains=[kind])
    return list(rows.select_related("made_by"))


def note(
    kind: str, about: str, data: dict[str, Any], *, at: datetime, team_id: int | None, among: list[Webhook]
) -> Happened | None:
    """Note what happened and tell those AMONG whose administrator sees the team. None: it was noted before."""
    told = [one for one in among if team_id is None or accounts.teams_in_scope(one.made_by).filter(pk=team_id).exists()]
    if not told:
        return None
    payload = {"type": kind, "timestamp": at.isoformat(), "data": data}
    row = Happened(uid=f"msg_{uuid.uuid4().hex}", kind=kind, about=about, payload=payload, at=clock.now())
    Happened.objects.bulk_create([row], ignore_conflicts=True)
    happened = Happened.objects.filter(uid=row.uid).first()
    if happened is None:
        return None
    for webhook in told:
        telling = Telling.objects.create(webhook=webhook, happened=happened, next_at=clock.now())
        jobs.enqueue("api.tell", telling_id=telling.pk, round=1)
    return happened


def send_moved(send: Any) -> None:
    """delivery.hooks.send_moved: an alert has been handed to everybody. For practice nobody is told."""
    if send.renderer != SENDS or str(send.state) != "sent":
        return
    among = _wanting(Webhook.Kind.ALERT_SENT)
    alert = Alert.objects.filter(send_id=send.pk).select_related("team", "topic").first() if among else None
    if alert is None or alert.practice:
        return
    data = {"alert": alert.ref, "team": alert.team.slug, "priority": alert.priority, "public": not alert.restricted}
    note(Webhook.Kind.ALERT_SENT, f"alert:{alert.pk}", data, at=clock.now(), team_id=alert.team_id, among=among)


@transaction.atomic
def look() -> int:
    """Note what residents wrote and what was said about promises since the last look; returns how much was new."""
    return sum(
        _look_for(kind, read) for kind, read in ((_Kind.REPLY_RECEIVED, _replies), (_Kind.PROMISE_CHANGED, _promises))
    )


def _look_for(kind: str, read: Callable[[datetime], Iterable[_Found]]) -> int:
    """Note what READ finds since the last look. The first look notes nothing: it says from when on."""
    among, now = _wanting(kind), clock.now()
    mark = Looked.objects.select_for_update().filter(kind=kind).first()
    noted = 0
    for one in read(mark.until - OVERLAP) if among and mark else ():
        since = [webhook for webhook in among if webhook.made_at <= one.at]
        noted += note(kind, one.about, one.data, at=one.at, team_id=one.team_id, among=since) is not None
    Looked.objects.update_or_create(kind=kind, defaults={"until": now})
    return noted


def _replies(since: datetime) -> Iterable[_Found]:
    for one in conversations.received_since(since):
        data = {"thread": one.thread_id, "message": one.pk, "team": one.team, "alert": one.alert}
        yield _Found(f"message:{one.pk}", data, one.at, one.team_id)


def _promises(since: datetime) -> Iterable[_Found]:
    for one in priorities.promise_changes_since(since).select_related("promise__team", "promise__area"):
        promise = one.promise
        assert one.published_at is not None
        state = one.what if one.ends else "open"  # after this change: another may have followed within the minute
        data = {"promise": promise.ref, "change": one.pk, "what": one.what, "state": state}
        data |= {"team": promise.team.slug, "area": promise.area.code}
        yield _Found(f"promise-change:{one.pk}", data, one.published_at, promise.team_id)


def forget(before: datetime) -> int:
    """Delete what happened before then, with its tellings; returns how many things."""
    _, deleted = Happened.objects.filter(at__lt=before).delete()
    return deleted.get("api.Happened", 0)
