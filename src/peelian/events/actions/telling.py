"""What goes out about an event: to those who signed up by themselves, and to residents by an alert that somebody looks
at first."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from peelian.accounts.models import Staff
from peelian.alerts import actions as alerts
from peelian.alerts.models import Alert
from peelian.audit.actions import record
from peelian.core import jobs, wording
from peelian.delivery.models import Channel
from peelian.events import errors
from peelian.events.models import Event, SignUp
from peelian.events.queries import coming
from peelian.members.models import Topic

SIGN_UP, CHANGED, REMINDER = "events.sign_up", "events.changed", "events.reminder"
BACK, BACK_NAMED = "events.back", "events.back_named"
TOPIC = "meeting-notice"
EVERY_CHANNEL = int(Channel.EMAIL | Channel.TEXT | Channel.VOICE)


def send(renderer: str, row: SignUp, address_id: int, at: datetime | None = None) -> None:
    """One message about one sign-up, in the caller's transaction."""
    jobs.enqueue(
        "delivery.transactional",
        queue=jobs.TRANSACTIONAL,
        at=at,
        renderer=renderer,
        object_id=row.pk,
        address_id=address_id,
        member_id=row.member_id,
    )


def send_about(renderer: str, object_id: int, address_id: int) -> None:
    """One message to somebody who is no member, in the caller's transaction."""
    jobs.enqueue(
        "delivery.transactional",
        queue=jobs.TRANSACTIONAL,
        renderer=renderer,
        object_id=object_id,
        address_id=address_id,
        member_id=None,
    )


def tell_of_change(event: Event) -> int:
    """Tell everybody with a place or on the list that time, place or the event itself has changed. Returns how many."""
    told = 0
    for row in coming.told_of_changes(event):
        if address := coming.reached_at(row):
            send(CHANGED, row, address.pk)
            told += 1
    return told


@transaction.atomic
def draft_alert(*, event: Event, by: Staff) -> Alert:
    """A draft of an alert that says when and where, to the area of the event; nothing is sent. The same draft again
    while it stands. Raises NotPublished, NotForResidents, and what alerts refuses."""
    if event.state != Event.State.PUBLISHED:
        raise errors.NotPublished
    if not event.public:
        raise errors.NotForResidents
    if event.alert is not None:
        return event.alert
    draft = alerts.create_draft(team=event.team, by=by)
    saved = alerts.save_draft(alert=draft, version=draft.version, by=by, **_words(event))
    Event.objects.filter(pk=event.pk).update(alert=saved)
    record("event.alert_drafted", "event", event.ref, by=by, alert=saved.ref)
    return saved


def _words(event: Event) -> dict[str, Any]:
    from django.conf import settings

    where = ", ".join(part for part in (event.venue, event.address) if part) or "Online"
    page = f"{settings.PEELIAN_BASE_URL}{event.get_absolute_url()}"
    come = "Say that you are coming, and read more, at" if event.takes_sign_ups else "Come along. Read more at"
    return {
        "title": event.title,
        "topic": Topic.objects.filter(slug=TOPIC).first(),
        "happening": f"{event.get_kind_display()}: {wording.uk_range(event.starts_at, event.ends_at)}, {where}.",
        "doing": event.summary,
        "can_do": f"{come} {page}",
        "audience": {"clauses": [{"effect": "include", "kind": "areas", "values": [event.area.code]}]},
        "channels": EVERY_CHANNEL,
        "ends_on": event.day,
    }
