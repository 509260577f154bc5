"""Counting whom an invitation reaches: while somebody waits, or by a job where they may be more than inviting.AT_ONCE.

What the job counted, and whom it drew, is kept with the invitation (`settings`: "counting" from when it was asked for,
then "counted", and the strata with the sample; of the sample's people the rows of Sampled). Other choices forget it.
What is then let go is "looked" at by a second job (surveys.actions.mailing), which says in "refused" why it did not.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from peelian.accounts.models import Staff
from peelian.alerts.errors import AudienceProblem
from peelian.audit.actions import record
from peelian.core import clock, jobs
from peelian.surveys import inviting, sampling
from peelian.surveys.inviting import Count
from peelian.surveys.models import Mailing, Sampled

AGAIN = timedelta(minutes=15)  # after which a job that has not come back is put once more


@transaction.atomic
def count_audience(*, mailing: Mailing, by: Staff) -> Count | None:
    """Whom it reaches: now, or as it was counted within the day; None where they are many and a job counts them first.
    Each count goes into the trail, with its shape and sample. Raises AudienceProblem."""
    if (before := inviting.kept(mailing)) is not None:
        return before
    if inviting.are_many(mailing):
        _let_count(mailing, by)
        return None
    counted = inviting.count(mailing)
    _record(mailing, counted, by)
    return counted


def _let_count(mailing: Mailing, by: Staff) -> None:
    """Put the job, once; the invitation is as it is kept then."""
    held = Mailing.objects.select_for_update(of=("self",)).get(pk=mailing.pk)
    asked = held.settings.get("counting")
    if held.send_id is None and (asked is None or clock.now() - datetime.fromisoformat(asked) > AGAIN):
        forget_count(held)
        held.settings |= {"counting": clock.now().isoformat()}
        held.save(update_fields=["settings"])
        jobs.enqueue("surveys.count_audience", mailing_id=held.pk, staff_id=by.pk)
    mailing.settings = held.settings


@transaction.atomic
def count_as_asked(*, mailing_id: int, staff_id: int) -> None:
    """The job: count, draw, and keep both. It keeps nothing where other choices were made meanwhile. An audience that
    cannot be asked any more is left uncounted, and its page says why."""
    unsent = Mailing.objects.filter(pk=mailing_id, send=None)
    mailing = unsent.select_related("survey__team__organisation").first()
    if mailing is None or not mailing.is_being_counted:
        return
    asked = mailing.settings["counting"]
    try:
        counted = inviting.count(mailing)
    except AudienceProblem:
        counted = None
    held = unsent.select_for_update(of=("self",)).select_related("survey__team__organisation").first()
    if held is None or held.settings.get("counting") != asked:
        return
    forget_count(held)
    if counted is not None and counted.drawn is not None:
        held.settings |= inviting.to_keep(held, counted)
        counted.drawn.remember(held.pk)
        _record(held, counted, Staff.objects.get(pk=staff_id))
    held.save(update_fields=["settings"])


def forget_count(mailing: Mailing) -> None:
    """Neither what was counted nor who was drawn; what was chosen stays, and why it has not gone. The caller saves its
    settings."""
    Sampled.objects.filter(mailing=mailing).delete()
    said = {name: value for name, value in mailing.settings.items() if name == "refused"}
    mailing.settings = sampling.stored(sampling.plan_of(mailing.settings)) | said


def _record(mailing: Mailing, counted: Count, by: Staff) -> None:
    chosen = sampling.stored(sampling.plan_of(mailing.settings))
    given = {"people": counted.people, "audience": mailing.audience, **chosen}
    record("survey.audience_counted", "survey", mailing.survey.ref, by=by, **given)
