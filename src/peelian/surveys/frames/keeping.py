"""How long the people of a frame are kept: until nobody is asked any more."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from peelian.audit.actions import SYSTEM, Actor, record
from peelian.contacts.models import Address
from peelian.core import clock
from peelian.delivery import actions as delivery
from peelian.delivery.models import Send
from peelian.members.models import Member
from peelian.surveys.frames.errors import PeopleGone
from peelian.surveys.frames.models import Frame, FramePerson, Surveyed
from peelian.surveys.frames.rules import NOT_AGAIN
from peelian.surveys.models import Mailing, Survey
from peelian.surveys.reminding import MOST

AFTER_LAST = timedelta(days=14)  # after the last reminder: for mail that comes back, and calls
LONGEST = timedelta(days=90)  # whatever happens


def _day(moment: datetime) -> date:
    return moment.astimezone(clock.LONDON).date()


def people_of(frame: Frame) -> QuerySet[FramePerson]:
    return FramePerson.objects.filter(cell__frame=frame)


def deleted_by(frame: Frame) -> date:
    """The day on which the people of a frame are deleted: 14 days after the last reminder, the day after the survey
    closed, 90 days after the import; whichever comes first."""
    days = [_day(frame.at) + LONGEST]
    survey = frame.survey
    if survey.state == Survey.State.CLOSED and survey.closed_on:
        days.append(survey.closed_on + timedelta(days=1))
    elif survey.closes:
        days.append(survey.closes + timedelta(days=2))  # closed in the night after its last day
    sent = Mailing.objects.filter(frame=frame, kind=Mailing.Kind.REMINDER, send__isnull=False).order_by("pk")
    times = list(sent.values_list("send__created_at", flat=True))
    if len(times) >= MOST:
        days.append(_day(times[MOST - 1]) + AFTER_LAST)
    return min(days)


@transaction.atomic
def delete_people(*, frame: Frame, by: Actor) -> int:
    """Delete the people of a frame; what has not gone to them yet does not go. Their numbers stay, and so do those
    under a legal hold, until it ends. Returns how many. Raises PeopleGone."""
    frame = Frame.objects.select_for_update(no_key=True, of=("self",)).select_related("survey").get(pk=frame.pk)
    if frame.deleted_on is not None:
        raise PeopleGone
    for send in Send.objects.filter(pk__in=frame.mailings.values("send"), state__in=("sending", "paused")):
        delivery.recall(send_id=send.pk, by=by)
    frame.mailings.filter(send=None).delete()
    number = people_of(frame).exclude(address__in=_held()).delete()[0]
    if not people_of(frame).exists():
        Frame.objects.filter(pk=frame.pk).update(deleted_on=clock.today())
    if number:
        record("survey.frame_deleted", "survey", frame.survey.ref, by=by, frame=frame.pk, people=number)
    return number


def _held() -> QuerySet[Address]:
    """The addresses of members under a legal hold."""
    held = Member.objects.filter(legal_hold=True)
    return Address.objects.filter(Q(pk__in=held.values("email")) | Q(pk__in=held.values("mobile")))


def delete_due(now: datetime) -> int:
    """In the night: the people of frames whose day has come. Returns how many."""
    today = _day(now)
    waiting = Frame.objects.filter(deleted_on=None).select_related("survey")
    return sum(delete_people(frame=frame, by=SYSTEM) for frame in waiting if deleted_by(frame) <= today)


def forget_asked(now: datetime) -> int:
    """Forget who was asked, once they may be asked again."""
    first = clock.months_after(_day(now).replace(day=1), -NOT_AGAIN)
    return Surveyed.objects.filter(month__lt=first).delete()[0]
