"""Opening, keeping, reviewing and closing problem management profiles."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction

from peelian.accounts.models import Staff
from peelian.audit.actions import record
from peelian.core import clock
from peelian.priorities import errors
from peelian.priorities.actions.promises import checked_day
from peelian.priorities.models import Priority, Profile, ProfileMeasure, ProfileReview, ProfileTask
from peelian.priorities.models.profiles import PARTS

FIELDS = (*PARTS, "tactics", "partners", "review_on", "owner")


@transaction.atomic
def open_profile(*, priority: Priority, by: Staff, **fields: Any) -> Profile:
    """Begin the profile of a priority. Raises PriorityClosed, ProfileThere, DayPassed for the review."""
    if priority.state == Priority.State.CLOSED:
        raise errors.PriorityClosed
    checked_day(fields.get("review_on"))
    try:
        with transaction.atomic():
            made = Profile.objects.create(priority=priority, opened_on=clock.today(), **_known(fields))
    except IntegrityError:
        raise errors.ProfileThere from None
    record("profile.opened", "profile", made.pk, by=by, priority=priority.pk)
    return made


def _known(fields: dict[str, Any]) -> dict[str, Any]:
    unknown = set(fields) - set(FIELDS)
    if unknown:
        raise TypeError(f"A profile takes no {', '.join(sorted(unknown))}.")
    return fields


def _open(profile: Profile) -> Profile:
    current = Profile.objects.select_for_update().get(pk=profile.pk)
    if current.closed_on is not None:
        raise errors.ProfileClosed
    return current


@transaction.atomic
def save_profile(*, profile: Profile, version: int, by: Staff, **fields: Any) -> Profile:
    """Keep what was written. VERSION is the one the writer had before them. Raises ProfileClosed, ProfileChanged."""
    current = _open(profile)
    if current.version != version:
        raise errors.ProfileChanged
    for name, value in _known(fields).items():
        setattr(current, name, value)
    current.version += 1
    current.save()
    record("profile.saved", "profile", current.pk, by=by, fields=sorted(fields))
    return current


@transaction.atomic
def add_task(*, profile: Profile, what: str, who: str, due_on: date, by: Staff) -> ProfileTask:
    """Something to do. Raises ProfileClosed."""
    made = ProfileTask.objects.create(profile=_open(profile), what=what, who=who, due_on=due_on)
    record("profile.task_added", "profile", profile.pk, by=by, task=made.pk)
    return made


@transaction.atomic
def tick_task(*, task: ProfileTask, done: bool, by: Staff) -> ProfileTask:
    """Done today, or not after all. Raises ProfileClosed."""
    _open(task.profile)
    task.done_on = clock.today() if done else None
    task.save(update_fields=["done_on"])
    record("profile.task_done" if done else "profile.task_undone", "profile", task.profile_id, by=by, task=task.pk)
    return task


@transaction.atomic
def add_measure(*, profile: Profile, by: Staff, **fields: Any) -> ProfileMeasure:
    """What shows whether it works. Raises ProfileClosed."""
    made = ProfileMeasure.objects.create(profile=_open(profile), **fields)
    record("profile.measure_added", "profile", profile.pk, by=by, measure=made.pk, code=made.code)
    return made


@transaction.atomic
def set_latest(*, measure: ProfileMeasure, latest: float, of: str, by: Staff) -> ProfileMeasure:
    """Fill in the newest figure of a measure that nobody else keeps. Raises ProfileClosed, KeptElsewhere."""
    _open(measure.profile)
    if measure.code:
        raise errors.KeptElsewhere
    measure.latest, measure.latest_of = latest, of
    measure.save(update_fields=["latest", "latest_of"])
    record("profile.measured", "profile", measure.profile_id, by=by, measure=measure.pk)
    return measure


@transaction.atomic
def remove_measure(*, measure: ProfileMeasure, by: Staff) -> None:
    """Raises ProfileClosed."""
    _open(measure.profile)
    record("profile.measure_removed", "profile", measure.profile_id, by=by, measure=measure.pk)
    measure.delete()


@transaction.atomic
def review_profile(*, profile: Profile, found: str, review_on: date, by: Staff) -> ProfileReview:
    """It was looked at again today; the next time is REVIEW_ON. Raises ProfileClosed, DayPassed."""
    current = _open(profile)
    current.review_on = checked_day(review_on)
    current.version += 1
    current.save(update_fields=["review_on", "version"])
    made = ProfileReview.objects.create(profile=current, on=clock.today(), found=found, by=by)
    record("profile.reviewed", "profile", current.pk, by=by, review=made.pk, next=review_on)
    return made


@transaction.atomic
def close_profile(*, profile: Profile, learned: str, by: Staff) -> Profile:
    """It is over, and this was learned: from now on everybody in the force finds it. Raises ProfileClosed,
    NoLearning."""
    current = _open(profile)
    if not learned.strip():
        raise errors.NoLearning
    current.closed_on, current.learned = clock.today(), learned.strip()
    current.save(update_fields=["closed_on", "learned"])
    record("profile.closed", "profile", current.pk, by=by)
    return current
