"""Reminding those who were invited and have not answered: at most twice, three days after whatever went before."""

from __future__ import annotations

from datetime import date, datetime, time

import structlog
from django.db import transaction

from peelian.accounts.models import Staff
from peelian.audit.actions import record
from peelian.core import clock, jobs
from peelian.core.errors import RuleBroken
from peelian.delivery.models import Send
from peelian.surveys import reminding
from peelian.surveys.actions.emptying import forget_days
from peelian.surveys.actions.mailing import freeze, must_write
from peelian.surveys.errors import NotReady, RemindedAlready
from peelian.surveys.models import Mailing, Survey

AT = time(10)  # of the day on which one goes by itself, London time
log = structlog.get_logger("peelian.surveys")


@transaction.atomic
def remind(*, survey: Survey, by: Staff, number: int) -> Send:
    """Send reminder NUMBER (1 or 2) now to who has not answered, in place of one that was planned. Raises NotReady with
    why not, RemindedAlready where that one has gone."""
    must_write(survey, by)
    survey = _locked(survey)
    mailing = survey.mailings.filter(kind=Mailing.Kind.REMINDER, send=None, frame=None).first()
    return _send(survey, mailing or Mailing(survey=survey, kind=Mailing.Kind.REMINDER, by=by), by, number)


@transaction.atomic
def plan_reminder(*, survey: Survey, by: Staff, on: date) -> Mailing:
    """Let the next reminder go by itself ON a day, in the morning; instead of the one that was planned. Raises
    NotReady."""
    must_write(survey, by)
    survey = _locked(survey)
    found = ["Choose a day to come."] if on <= clock.today() else []
    if found := found or reminding.stops(survey, reminding.sent(survey), on):
        raise NotReady(found)
    survey.mailings.filter(kind=Mailing.Kind.REMINDER, send=None, frame=None).delete()
    mailing = Mailing.objects.create(survey=survey, kind=Mailing.Kind.REMINDER, by=by, due_on=on)
    jobs.enqueue("surveys.remind", at=datetime.combine(on, AT, clock.LONDON), mailing_id=mailing.pk)
    record("survey.reminder_planned", "survey", survey.ref, by=by, on=on.isoformat(), mailing=mailing.pk)
    return mailing


@transaction.atomic
def drop_reminder(*, survey: Survey, by: Staff) -> None:
    """The reminder that was planned does not go."""
    must_write(survey, by)
    survey = _locked(survey)
    gone, _ = survey.mailings.filter(kind=Mailing.Kind.REMINDER, send=None, frame=None).delete()
    if gone:
        record("survey.reminder_dropped", "survey", survey.ref, by=by)


@transaction.atomic
def remind_as_planned(*, mailing_id: int) -> None:
    """The job of a planned reminder. It does nothing where the reminder was dropped, has gone, or waits for another
    day; where it may not go now it is dropped, and the trail and the log say why."""
    found = Mailing.objects.filter(pk=mailing_id, send=None, due_on__lte=clock.today()).select_related("by").first()
    if found is None:
        return
    survey = _locked(found.survey)
    mailing = survey.mailings.filter(pk=mailing_id, send=None).select_related("by").first()
    if mailing is None:
        return
    try:
        if not mailing.by.is_active:
            raise NotReady(["Whoever planned it works here no more."])
        must_write(survey, mailing.by)
        _send(survey, mailing, mailing.by, reminding.reminders_sent(reminding.sent(survey)) + 1)
    except RuleBroken as refused:
        mailing.delete()
        record("survey.reminder_not_sent", "survey", survey.ref, by=mailing.by, because=str(refused))
        log.warning("reminder_not_sent", survey=survey.pk, mailing=mailing_id)


def _send(survey: Survey, mailing: Mailing, by: Staff, number: int) -> Send:
    mailings = reminding.sent(survey)
    if reminding.reminders_sent(mailings) != number - 1:
        raise RemindedAlready
    if found := reminding.stops(survey, mailings):
        raise NotReady(found)
    due = reminding.due(survey, mailings)
    if not due.people:
        raise NotReady(["Everybody who can be reached has answered: there is nobody to remind."])
    mailing.people, mailing.by = due.people, by
    mailing.settings = {"number": number, "invited": due.invited, "answered": due.answered}
    mailing.save()
    send = freeze(mailing, due.rows)
    forget_days(survey)
    given = {"people": due.people, "send": send.pk, "mailing": mailing.pk, "number": number}
    record("survey.reminded", "survey", survey.ref, by=by, **given)
    return send


def _locked(survey: Survey) -> Survey:
    held = Survey.objects.select_for_update(of=("self",), no_key=True)
    return held.select_related("team__organisation").get(pk=survey.pk)
