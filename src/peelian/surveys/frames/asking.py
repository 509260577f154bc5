"""Inviting the people of a list: whom, why not, and sending it. Reminding them is as everywhere (surveys.reminding)."""

from __future__ import annotations

from django.conf import settings
from django.db import connection, transaction

from peelian.accounts.models import Staff
from peelian.accounts.roles import CAP
from peelian.audit.actions import record
from peelian.core import clock, wording
from peelian.delivery.models import Send
from peelian.surveys import queries
from peelian.surveys.actions.mailing import freeze
from peelian.surveys.errors import NotAllowed, NotReady, NotYourTeam
from peelian.surveys.frames.errors import PeopleGone
from peelian.surveys.frames.importing import asked_mark
from peelian.surveys.frames.models import Frame, FramePerson, Surveyed
from peelian.surveys.frames.rows import rows_sql
from peelian.surveys.inviting import Count
from peelian.surveys.models import Mailing
from peelian.surveys.sealing import TOGETHER


def count(frame: Frame) -> Count:
    """Whom an invitation reaches now."""
    sql, values = rows_sql(frame)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), count(*) FILTER (WHERE q.channel = 1), count(*) FILTER (WHERE q.channel = 2)"
            f" FROM ({sql}) q",
            values,
        )
        return Count(*cursor.fetchone())


def is_invited(frame: Frame) -> bool:
    """Whether its invitation has gone."""
    return frame.mailings.filter(kind=Mailing.Kind.INVITATION).exists()


def reasons(frame: Frame, *, by: Staff, people: int) -> list[str]:
    """Why BY may not invite PEOPLE people of it, in sentences; empty when they may."""
    found = []
    survey = frame.survey
    cap = min(CAP.get(by.role, 0), settings.PEELIAN_MOST_PEOPLE)
    if is_invited(frame):
        return ["That has been sent."]
    if not people:
        found.append("There is nobody left to write to.")
    if people > cap:
        found.append(f"It reaches {wording.people(people)}, and your role may write to {cap:,} at once.")
    if 0 < people < TOGETHER and survey.is_anonymous:
        found.append(f"An anonymous survey goes to {TOGETHER} people or more: of fewer, one could be recognised.")
    if not survey.takes_answers:
        found.append("The survey is not open. Open it first.")
    return found


@transaction.atomic
def invite(*, frame: Frame, by: Staff) -> Send:
    """Freeze whom it goes to, and send. Raises PeopleGone, NotAllowed, NotYourTeam, NotReady with why BY may not."""
    frame = held(frame)
    must_send(frame, by)
    counted = count(frame)
    if found := reasons(frame, by=by, people=counted.people):
        raise NotReady(found)
    mailing = Mailing.objects.create(survey=frame.survey, frame=frame, by=by, people=counted.people)
    send = freeze(mailing, rows_sql(frame))
    remember(send)
    given = {"frame": frame.pk, "people": counted.people, "send": send.pk, "mailing": mailing.pk}
    record("survey.frame_asked", "survey", frame.survey.ref, by=by, **given)
    return send


def held(frame: Frame) -> Frame:
    """Locked until the transaction ends, as it is now."""
    found = Frame.objects.select_for_update(of=("self",), no_key=True).select_related("survey__team__organisation")
    return found.get(pk=frame.pk)


def may_send(by: Staff) -> bool:
    """Whether the role may write to people at all; an analyst's may bring lists in."""
    return by.may("surveys.write") and by.may("surveys.frames") and by.role in CAP


def must_send(frame: Frame, by: Staff) -> None:
    """Raises PeopleGone, NotAllowed, NotYourTeam."""
    must(frame, by)
    if not may_send(by):
        raise NotAllowed


def must(frame: Frame, by: Staff) -> None:
    """Raises PeopleGone, NotAllowed, NotYourTeam."""
    if not by.may("surveys.frames"):
        raise NotAllowed
    if not queries.may_write_for(by, frame.survey.team):
        raise NotYourTeam
    if frame.deleted_on is not None:
        raise PeopleGone


def remember(send: Send) -> None:
    """That these people have been asked: nobody asks them as victims again within a year."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.kind, a.value FROM delivery d JOIN contacts_address a ON a.id = d.address_id"
            " WHERE d.send_id = %s",
            [send.pk],
        )
        marks = sorted(asked_mark(row) for row in cursor.fetchall())
    month = clock.today().replace(day=1)
    rows = [Surveyed(mark=mark, month=month) for mark in marks]
    Surveyed.objects.bulk_create(rows, update_conflicts=True, unique_fields=["mark"], update_fields=["month"])


def stratum_of(survey_id: int, address_id: int) -> str:
    """What an answer that is kept with the person says of what they were asked for; empty for everybody else. By it
    those who answered are laid beside those who were asked."""
    cell = FramePerson.objects.filter(survey=survey_id, address=address_id).values_list("cell", flat=True).first()
    return f"frame:{cell}" if cell else ""
