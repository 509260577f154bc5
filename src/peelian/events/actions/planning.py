"""Planning an event: written, published, changed, cancelled."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db import transaction

from peelian.accounts.models import Staff
from peelian.audit.actions import Actor, record
from peelian.core import clock
from peelian.core.references import with_new_ref
from peelian.events import errors
from peelian.events.actions import signing_up, telling
from peelian.events.models import Event, Series
from peelian.events.queries import staff as queries

# What a form may fill in, in the order of the form
FIELDS = (
    "kind", "title", "summary", "starts_at", "ends_at", "area", "team", "public", "venue", "address", "postcode",
    "longitude", "latitude", "access", "online_url", "offered", "languages", "partners", "takes_sign_ups", "capacity",
)  # fmt: skip
TIMES = ("starts_at", "ends_at")
# What those who signed up must be told when it changes
TOLD = (*TIMES, "venue", "address", "postcode", "longitude", "latitude", "online_url")


@transaction.atomic
def create_event(*, by: Staff, **fields: Any) -> Event:
    """A draft with a reference of its own (FIELDS: those named above). Raises NotYourTeam."""
    if not queries.teams_to_plan_for(by).filter(pk=fields["team"].pk).exists():
        raise errors.NotYourTeam
    made = new_event(author=by, **fields)
    record("event.drafted", "event", made.ref, by=by, team=made.team_id, area=made.area_id)
    return made


def new_event(**values: Any) -> Event:
    """A row with a reference that no other has. In the caller's transaction."""
    settled = _settled(values)
    return with_new_ref(Event, lambda ref: Event.objects.create(ref=ref, changed_at=clock.now(), **settled))


def _settled(values: Mapping[str, Any]) -> dict[str, Any]:
    """Restricted kinds are not public whoever asks."""
    return {**values, "public": values.get("public", True) and values["kind"] not in Event.RESTRICTED}


@transaction.atomic
def change_event(*, event: Event, by: Staff, following: bool = False, **fields: Any) -> Event:
    """Mend an event and, with FOLLOWING, all later ones of its series in the same way: they move by as many days and to
    the same hours. Those who signed up are told where time or place changed. Raises AlreadyCancelled, NotYourTeam."""
    found = Event.objects.select_for_update().get(pk=event.pk)
    if found.state == Event.State.CANCELLED:
        raise errors.AlreadyCancelled
    if not queries.teams_to_plan_for(by).filter(pk=fields["team"].pk).exists():
        raise errors.NotYourTeam
    later = list(queries.following(found).select_for_update(of=("self",))) if following else []
    moved = _london_day(fields["starts_at"]) - found.day
    for one in later:
        _apply(one, {**fields, **_same_hours(one, fields, moved)}, by)
    _apply(found, fields, by)
    if following and found.series is not None:
        _keep_rule(found, moved)
    return found


def _apply(event: Event, fields: Mapping[str, Any], by: Actor) -> None:
    given = _settled(fields)
    changed = [name for name, value in given.items() if getattr(event, name) != value]
    if not changed:
        return
    for name in changed:
        setattr(event, name, given[name])
    tell = bool(set(changed) & set(TOLD))
    if event.state == Event.State.PUBLISHED:
        event.sequence += 1
    event.changed_at = clock.now()
    event.save()
    record("event.changed", "event", event.ref, by=by, fields=sorted(changed))
    if tell and event.state == Event.State.PUBLISHED and not event.is_over:
        telling.tell_of_change(event)
    if "capacity" in changed or "takes_sign_ups" in changed:
        signing_up.move_up(event)


def _same_hours(one: Event, fields: Mapping[str, Any], moved: timedelta) -> dict[str, Any]:
    """The hours of FIELDS on the day of ONE, which moves by as many days; those after midnight on the next."""
    away = one.day + moved - _london_day(fields["starts_at"])
    return {name: _at_that_hour(_london_day(fields[name]) + away, fields[name]) for name in TIMES}


def _london_day(moment: Any) -> date:
    day: date = moment.astimezone(clock.LONDON).date()
    return day


def _at_that_hour(day: Any, moment: Any) -> Any:
    return clock.london(day, moment.astimezone(clock.LONDON).time().replace(fold=0))


def _keep_rule(event: Event, moved: timedelta) -> None:
    """What is made ahead later follows the change."""
    series = event.series
    assert series is not None
    series.starts, series.ends = (getattr(event, name).astimezone(clock.LONDON).time() for name in TIMES)
    series.first_day += moved
    series.made_until += moved
    series.save()


@transaction.atomic
def publish_event(*, event: Event, by: Staff, following: bool = False) -> Event:
    """Let people know of it. Raises NotReady with what is missing, AlreadyCancelled."""
    for one in [event, *(queries.following(event) if following else [])]:
        found = Event.objects.select_for_update().get(pk=one.pk)
        if found.state == Event.State.CANCELLED:
            raise errors.AlreadyCancelled
        if found.state == Event.State.PUBLISHED:
            continue
        if missing := _missing(found):
            raise errors.NotReady(missing)
        now = clock.now()
        Event.objects.filter(pk=found.pk).update(state=Event.State.PUBLISHED, published_at=now, changed_at=now)
        record("event.published", "event", found.ref, by=by, public=found.public)
    event.refresh_from_db()
    return event


def _missing(event: Event) -> str:
    if not (event.venue or event.address or event.online_url):
        return "Say where it is, or give the link to take part online, before you publish it."
    return ""


@transaction.atomic
def cancel_event(*, event: Event, because: str, by: Staff, following: bool = False) -> Event:
    """It does not take place, and its page says why. Those who signed up are told. Raises NotPublished for drafts."""
    for one in [event, *(queries.following(event) if following else [])]:
        _cancel(one, because.strip(), by, must=one.pk == event.pk)
    if following and event.series is not None:
        Series.objects.filter(events=event).update(ended_at=clock.now())
    event.refresh_from_db()
    return event


def _cancel(event: Event, because: str, by: Staff, *, must: bool) -> None:
    found = Event.objects.select_for_update().get(pk=event.pk)
    if found.state == Event.State.DRAFT:
        if must:
            raise errors.NotPublished
        found.delete()
        return
    if found.state == Event.State.CANCELLED:
        return
    now = clock.now()
    found.state, found.cancelled_at, found.cancelled_because = Event.State.CANCELLED, now, because
    found.sequence, found.changed_at = found.sequence + 1, now
    found.save()
    record("event.cancelled", "event", found.ref, by=by)
    if not found.is_over:
        telling.tell_of_change(found)


@transaction.atomic
def discard_draft(*, event: Event, by: Staff) -> None:
    """Throw a draft away. Raises NotADraft."""
    if not Event.objects.filter(pk=event.pk, state=Event.State.DRAFT).delete()[0]:
        raise errors.NotADraft
    record("event.discarded", "event", event.ref, by=by)


def copies(event: Event) -> dict[str, Any]:
    """What another event like this one begins with; not its time."""
    return {name: getattr(event, name) for name in FIELDS if name not in TIMES}
