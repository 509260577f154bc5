"""Series: the events of a rule, made ahead one by one, each a copy of the last."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction

from peelian.accounts.models import Staff
from peelian.audit.actions import SYSTEM, Actor, record
from peelian.core import clock
from peelian.events import errors, moments
from peelian.events.actions.planning import copies, new_event
from peelian.events.models import Event, Series

AHEAD = timedelta(days=182)  # so far are events of a series without an end made
MOST = 60  # events made at once: a year of weeks, and some


@transaction.atomic
def repeat(*, event: Event, every: str, until: date | None, by: Staff) -> Series:
    """Make EVENT the first of a series by the rule (Series.Every); the others are there at once, up to UNTIL, or half a
    year ahead without it."""
    starts, ends = (moment.astimezone(clock.LONDON).time() for moment in (event.starts_at, event.ends_at))
    series = Series.objects.create(
        every=every, first_day=event.day, starts=starts, ends=ends, last_day=until, made_until=event.day
    )
    event.series = series
    event.save(update_fields=["series"])
    made = _make(series, event, by)
    record("event.repeated", "event", event.ref, by=by, every=every, made=made)
    return series


def make_ahead() -> int:
    """Keep every series that goes on half a year ahead; returns how many events were made. Safe to run twice."""
    wanted = clock.today() + AHEAD
    going_on = Series.objects.filter(ended_at=None, made_until__lt=wanted, last_day=None)
    return sum(_one_ahead(pk) for pk in going_on.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def _one_ahead(pk: int) -> int:
    series = Series.objects.select_for_update().get(pk=pk)
    last = series.events.exclude(state=Event.State.CANCELLED).order_by("-starts_at").first()
    return _make(series, last, SYSTEM) if last and series.ended_at is None else 0


def _make(series: Series, like: Event, by: Actor) -> int:
    """The events from where the series was left, as LIKE is; a day without such an hour is passed over. Published ones
    follow a published one."""
    until = series.last_day or clock.today() + AHEAD
    made, at = 0, series.made_until
    for day in moments.days(series.first_day, series.every):
        if day > until or made >= MOST:
            break
        if day <= series.made_until:
            continue
        at = day
        last = moments.last_day(day, series.starts, series.ends)
        begins, ends = moments.moments(day, series.starts), moments.moments(last, series.ends)
        if begins and ends and ends[0] > begins[0]:
            _copy(series, like, begins[0], ends[0], by)
            made += 1
    Series.objects.filter(pk=series.pk).update(made_until=at)
    return made


def _copy(series: Series, like: Event, starts: object, ends: object, by: Actor) -> None:
    published = like.state == Event.State.PUBLISHED
    stamps = {"state": Event.State.PUBLISHED, "published_at": clock.now()} if published else {}
    given = {**copies(like), "author": like.author, "series": series, "starts_at": starts, "ends_at": ends, **stamps}
    made = new_event(**given)
    record("event.made_ahead", "event", made.ref, by=by, series=series.pk)


@transaction.atomic
def end_series(*, event: Event, by: Staff) -> None:
    """No more events are made after those that are there. Raises NoFurther."""
    if event.series_id is None:
        raise errors.NoFurther
    Series.objects.filter(pk=event.series_id, ended_at=None).update(ended_at=clock.now())
    record("event.series_ended", "event", event.ref, by=by)
