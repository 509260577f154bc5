"""After an event: how many came, who agreed to be named, what was raised, minutes, and who does what by when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db import transaction

from peelian.accounts.models import Staff
from peelian.audit.actions import record
from peelian.contacts import actions as contacts
from peelian.contacts.models import Address
from peelian.core import clock
from peelian.events import errors
from peelian.events.models import Action, Attendee, Event, RaisedIssue
from peelian.places.models import Area

# What somebody is told before their name is written down, word for word
CONSENT = (
    "We keep your name, and your email address if you give it, for a year to know who took part."
    " We do not publish it. You can ask us to delete it at any time."
)


@transaction.atomic
def record_figures(*, event: Event, attended: int, bands: Mapping[str, int], by: Staff) -> None:
    """About how many came, and of which groups where somebody counted. Raises TooEarly."""
    if not event.has_begun:
        raise errors.TooEarly
    Event.objects.filter(pk=event.pk).update(attended=attended, bands=dict(bands), figures_at=clock.now())
    event.refresh_from_db()
    record("event.figures", "event", event.ref, by=by, attended=attended, bands=len(bands))


@transaction.atomic
def write_down(*, event: Event, name: str, email: str, wants_back: bool, by: Staff) -> Attendee:
    """Somebody who came has heard CONSENT and said yes. Raises BadAddress, TooEarly."""
    if not event.has_begun:
        raise errors.TooEarly
    address = contacts.address(Address.Kind.EMAIL, email) if email else None
    made = Attendee.objects.create(
        event=event, name=name, address=address, wants_back=wants_back and address is not None, wording=CONSENT, by=by,
        at=clock.now(),
    )  # fmt: skip
    record("event.attendee_named", "event", event.ref, by=by, attendee=made.pk)
    return made


@transaction.atomic
def remove_attendee(*, event: Event, pk: int, by: Staff) -> None:
    if not event.attendees.filter(pk=pk).delete()[0]:
        raise errors.NoSuchRow
    record("event.attendee_removed", "event", event.ref, by=by, attendee=pk)


@transaction.atomic
def save_minutes(*, event: Event, text: str, by: Staff) -> None:
    """Keep the minutes as they are now. Published ones stay published."""
    Event.objects.filter(pk=event.pk).update(minutes=text.replace("\r\n", "\n").strip())
    event.refresh_from_db()
    record("event.minutes_saved", "event", event.ref, by=by)


@transaction.atomic
def publish_minutes(*, event: Event, published: bool, by: Staff) -> None:
    """Show the minutes on the event's page, or no longer. Raises NoMinutes, NotForResidents."""
    if published and not event.minutes:
        raise errors.NoMinutes
    if published and not event.public:
        raise errors.NotForResidents
    Event.objects.filter(pk=event.pk).update(minutes_published_at=clock.now() if published else None)
    event.refresh_from_db()
    record("event.minutes_published" if published else "event.minutes_withdrawn", "event", event.ref, by=by)


@transaction.atomic
def raise_issue(*, event: Event, said: str, people: int | None, area: Area, by: Staff) -> RaisedIssue:
    """What somebody raised, in words of no name."""
    made = RaisedIssue.objects.create(event=event, said=said, people=people, area=area, at=clock.now())
    record("event.issue_raised", "event", event.ref, by=by, raised=made.pk, area=area.pk)
    return made


@transaction.atomic
def remove_raised(*, event: Event, pk: int, by: Staff) -> None:
    if not event.raised.filter(pk=pk).delete()[0]:
        raise errors.NoSuchRow
    record("event.issue_removed", "event", event.ref, by=by, raised=pk)


@transaction.atomic
def add_action(*, event: Event, text: str, owner: Staff | None, partner: str, due_on: date, by: Staff) -> Action:
    made = Action.objects.create(event=event, text=text, owner=owner, partner=partner, due_on=due_on)
    record("event.action_added", "event", event.ref, by=by, action=made.pk)
    return made


@transaction.atomic
def finish_action(*, event: Event, pk: int, by: Staff) -> None:
    if not event.actions.filter(pk=pk, done_at=None).update(done_at=clock.now()):
        raise errors.NoSuchRow
    record("event.action_done", "event", event.ref, by=by, action=pk)
