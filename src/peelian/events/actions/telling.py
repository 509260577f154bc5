"""What goes out about an event: to those who signed up by themselves, and to residents by an alert that somebody looks
at first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db import transaction

from peelian.accounts.models import Staff
from peelian.alerts import actions as alerts
from peelian.alerts.models import Alert
from peelian.audit.actions import record
from peelian.contacts.models import Address
from peelian.core import clock, jobs, languages, wording
from peelian.core.languages import ENGLISH
from peelian.delivery import actions as delivery
from peelian.delivery.models import Channel, Delivery, Lane
from peelian.events import errors
from peelian.events.models import Event, SignUp, Telling
from peelian.events.queries import coming
from peelian.members.models import Topic

SIGN_UP, TELLING = "events.sign_up", "events.telling"
_ROWS = "SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::int[]) AS whom(address_id, member_id, channel)"
TOPIC = "meeting-notice"
What = Telling.What
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


@dataclass(frozen=True)
class Whom:
    """An address, and the member it is for; of somebody who is no member the language they read, where we know it."""

    address: Address
    member_id: int | None = None
    language: str = ""


def tell_of_change(event: Event) -> int:
    """Tell everybody with a place or on the list that time, place or the event itself has changed. Returns how many."""
    return tell(event, What.CHANGED, coming.told_of_changes(event))


def tell(event: Event, what: str, rows: Iterable[SignUp], others: Iterable[Whom] = ()) -> int:
    """One message to all of ROWS whom something may reach, and to OTHERS, in the caller's transaction: an address once,
    and of what is told once (a reminder, what came of it) never again. Returns how many addresses.

    It is one send; those who are no members and read another language than English have one for each language, because
    delivery knows the language of members alone. The lane is that of answers: whoever asked for a place hears of it
    whatever else they have turned down, unless the address itself is stopped.
    """
    signed_up = (Whom(at, row.member_id, row.language) for row in rows if (at := coming.reached_at(row)) is not None)
    whom: dict[int, Whom] = {}
    for one in (*signed_up, *others):
        whom.setdefault(one.address.pk, one)
    for again in _told_before(event, what, list(whom)):
        del whom[again]
    for language, those in groupby(sorted(whom.values(), key=_apart), key=_apart):
        _send_to(event, what, language, list(those))
    return len(whom)


def _apart(one: Whom) -> str:
    return "" if one.member_id or languages.is_english(one.language or ENGLISH) else one.language


def _told_before(event: Event, what: str, address_ids: list[int]) -> list[int]:
    if what == What.CHANGED:  # it can change again
        return []
    sends = Telling.objects.filter(event=event, what=what).values("send")
    return list(Delivery.objects.filter(send__in=sends, address__in=address_ids).values_list("address_id", flat=True))


def _send_to(event: Event, what: str, language: str, whom: list[Whom]) -> None:
    told = Telling.objects.create(event=event, what=what, language=language, at=clock.now())
    columns = (
        [one.address.pk for one in whom],
        [one.member_id for one in whom],
        [int(delivery.CHANNELS[Address.Kind(one.address.kind)]) for one in whom],
    )
    told.send = delivery.open_send(
        renderer=TELLING, object_id=told.pk, lane=Lane.TRANSACTIONAL, rows=(_ROWS, columns),
        organisation_id=event.team.organisation_id,
    )  # fmt: skip
    told.save(update_fields=["send"])


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
