"""Reminding those who were invited and have not answered, of an audience or of a list: now, on a day to come, or as
soon as a job has gone through a great many (surveys.reminding says when and whom).

Nobody approves a reminder once more: it takes the words and people of an invitation that somebody was let to send, and
the page on which that was decided says that two reminders may follow.
"""

from __future__ import annotations

from datetime import date, datetime, time

import structlog
from django.db import transaction

from peelian.accounts.models import Staff
from peelian.audit.actions import record
from peelian.core import clock, jobs
from peelian.core.errors import RuleBroken
from peelian.delivery.models import Send
from peelian.surveys import queries, reminding
from peelian.surveys.actions.emptying import forget_days
from peelian.surveys.actions.mailing import freeze, must_write
from peelian.surveys.errors import NotReady, RemindedAlready
from peelian.surveys.frames import asking
from peelian.surveys.frames.models import Frame
from peelian.surveys.models import Mailing, Survey
from peelian.surveys.reminding import Silent

AT = time(10)  # of the day on which one goes by itself, London time
log = structlog.get_logger("peelian.surveys")


@transaction.atomic
def remind(*, survey: Survey, by: Staff, number: int, frame: Frame | None = None) -> Send | None:
    """Send reminder NUMBER (1 or 2) now to who has not answered, in place of one that was planned; None where so many
    were invited that a job makes it ready first. Raises NotReady with why not, RemindedAlready where it has gone."""
    survey, frame = _held(survey, frame, by)
    mailings = reminding.sent(survey, frame)
    _may_go(survey, mailings, number)
    mailing = queries.planned_reminder(survey, frame) or _reminder(survey, frame, by)
    if reminding.invited(mailings) <= reminding.AT_ONCE:
        return _send(mailing, by, mailings, reminding.silent(survey, mailings))
    if not mailing.is_being_made:
        mailing.by, mailing.due_on, mailing.settings = by, clock.today(), {"looked": 0}
        mailing.save()
        jobs.enqueue("surveys.remind", mailing_id=mailing.pk)
        _record("survey.reminder_asked", mailing, by)
    return None


@transaction.atomic
def plan_reminder(*, survey: Survey, by: Staff, on: date, frame: Frame | None = None) -> Mailing:
    """Let the next reminder go by itself ON a day, in the morning; instead of the one that was planned. Raises
    NotReady."""
    survey, frame = _held(survey, frame, by)
    found = ["Choose a day to come."] if on <= clock.today() else []
    if found := found or reminding.stops(survey, reminding.sent(survey, frame), on):
        raise NotReady(found)
    _drop(survey, frame)
    mailing = _reminder(survey, frame, by)
    mailing.due_on = on
    mailing.save()
    jobs.enqueue("surveys.remind", at=datetime.combine(on, AT, clock.LONDON), mailing_id=mailing.pk)
    _record("survey.reminder_planned", mailing, by, on=on.isoformat())
    return mailing


@transaction.atomic
def drop_reminder(*, survey: Survey, by: Staff, frame: Frame | None = None) -> None:
    """The reminder that was planned, or is being made ready, does not go."""
    survey, frame = _held(survey, frame, by)
    if _drop(survey, frame):
        record("survey.reminder_dropped", "survey", survey.ref, by=by)


def remind_as_planned(*, mailing_id: int) -> None:
    """The job of a planned reminder. It does nothing where the reminder was dropped, has gone, or waits for another
    day; where it may not go now it is dropped, and the trail and the log say why. While it goes through who has
    answered, the reminder's page says how far it is."""
    waiting = Mailing.objects.filter(pk=mailing_id, send=None, due_on__lte=clock.today())
    mailing = waiting.select_related("survey", "frame").first()
    if mailing is None:
        return
    survey, mailings = mailing.survey, reminding.sent(mailing.survey, mailing.frame)

    def looked_at(number: int) -> None:
        waiting.update(settings={"looked": number})

    stop = reminding.stops(survey, mailings)
    _let_go(survey, mailing_id, Silent(0, ()) if stop else reminding.silent(survey, mailings, looked_at))


@transaction.atomic
def _let_go(survey: Survey, mailing_id: int, found: Silent) -> None:
    """Send what was planned to those of FOUND who may be written to, or drop it."""
    survey = _locked(survey)
    mailing = survey.mailings.filter(pk=mailing_id, send=None).select_related("by", "frame").first()
    if mailing is None:
        return
    by = mailing.by
    try:
        if not by.is_active:
            raise NotReady(["Whoever planned it works here no more."])
        mailing.survey, mailing.frame = _held(survey, mailing.frame, by)
        mailings = reminding.sent(survey, mailing.frame)
        _may_go(survey, mailings, reminding.reminders_sent(mailings) + 1)
        _send(mailing, by, mailings, found)
    except RuleBroken as refused:
        mailing.delete()
        record("survey.reminder_not_sent", "survey", survey.ref, by=by, because=str(refused))
        log.warning("reminder_not_sent", survey=survey.pk, mailing=mailing_id)


def _may_go(survey: Survey, mailings: list[Mailing], number: int) -> None:
    if reminding.reminders_sent(mailings) != number - 1:
        raise RemindedAlready
    if found := reminding.stops(survey, mailings):
        raise NotReady(found)


def _send(mailing: Mailing, by: Staff, mailings: list[Mailing], found: Silent) -> Send:
    due = reminding.due(mailing.survey, mailings, found, mailing.frame)
    if not due.people:
        raise NotReady(["Everybody who can be reached has answered: there is nobody to remind."])
    number = reminding.reminders_sent(mailings) + 1
    mailing.people, mailing.by = due.people, by
    mailing.settings = {"number": number, "invited": due.invited, "answered": due.answered}
    mailing.save()
    send = freeze(mailing, due.rows)
    if mailing.frame_id:
        asking.remember(send)
    forget_days(mailing.survey)
    _record("survey.reminded", mailing, by, people=due.people, send=send.pk, number=number)
    return send


def _reminder(survey: Survey, frame: Frame | None, by: Staff) -> Mailing:
    return Mailing(survey=survey, frame=frame, kind=Mailing.Kind.REMINDER, by=by)


def _drop(survey: Survey, frame: Frame | None) -> int:
    return survey.mailings.filter(kind=Mailing.Kind.REMINDER, send=None, frame=frame).delete()[0]


def _record(verb: str, mailing: Mailing, by: Staff, **given: object) -> None:
    of_list = {"frame": mailing.frame_id} if mailing.frame_id else {}
    record(verb, "survey", mailing.survey.ref, by=by, mailing=mailing.pk, **given, **of_list)


def _held(survey: Survey, frame: Frame | None, by: Staff) -> tuple[Survey, Frame | None]:
    """Both locked, as they are now. Raises NotAllowed, NotYourTeam; of a list also PeopleGone."""
    if frame is None:
        must_write(survey, by)
        return _locked(survey), None
    survey, frame = _locked(survey), asking.held(frame)
    asking.must_send(frame, by)
    return survey, frame


def _locked(survey: Survey) -> Survey:
    held = Survey.objects.select_for_update(of=("self",), no_key=True)
    return held.select_related("team__organisation").get(pk=survey.pk)
