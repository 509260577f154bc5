"""Asking the people of a frame, and reminding those who have not answered: whom, why not, and sending it.

Nobody's membership matters here: a member is asked as anybody else is, and nothing on the page of a resident says that
they were. But a member who wants nothing from the sender, or no use of their data, is not asked either.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from peelian.accounts.models import Staff
from peelian.accounts.roles import CAP
from peelian.audit.actions import record
from peelian.core import clock, gsm, wording
from peelian.core.messages import TOKEN
from peelian.delivery import actions as delivery
from peelian.delivery.models import Lane, Send
from peelian.surveys import doors, queries
from peelian.surveys.actions.emptying import forget_days
from peelian.surveys.errors import NotAllowed, NotReady, NotYourTeam
from peelian.surveys.frames import keeping
from peelian.surveys.frames.errors import PeopleGone
from peelian.surveys.frames.importing import asked_mark
from peelian.surveys.frames.models import Frame, FramePerson, Surveyed
from peelian.surveys.frames.renderer import FrameRenderer
from peelian.surveys.inviting import Count
from peelian.surveys.models import Answered, Mailing
from peelian.surveys.sealing import TOGETHER

Kind = Mailing.Kind
Sql = tuple[str, dict[str, Any]]
RENDERERS = {Kind.INVITATION: "surveys.frame_invitation", Kind.REMINDER: "surveys.frame_reminder"}
BETWEEN = timedelta(days=5)  # an invitation and a reminder, or two reminders

# Not by member: the ledger is to say that an address was asked, and never that a member was. The kinds of addresses
# that a list has are the bits of their channels: email 1, mobile 2.
_ROWS = """
SELECT a.id AS address_id, NULL::bigint AS member_id, a.kind AS channel
  FROM surveys_frameperson p
  JOIN surveys_framecell c ON c.id = p.cell_id AND c.frame_id = %(frame)s
  JOIN contacts_address a ON a.id = p.address_id AND a.suppression = ''
 WHERE NOT EXISTS (SELECT FROM members_member m
                    WHERE (m.email_id = a.id OR m.mobile_id = a.id) AND m.left_at IS NULL
                      AND (m.restricted_at IS NOT NULL OR m.organisations & %(sender)s = 0))
"""
_INVITED = """
EXISTS (SELECT FROM surveys_mailing i JOIN delivery d ON d.send_id = i.send_id AND d.address_id = a.id WHERE"""


def rows_sql(frame: Frame, kind: str) -> Sql:
    """SQL for `address_id, member_id, channel`: for an invitation everybody who has none of this survey, for a reminder
    whoever has one of this list and has not answered."""
    values = {"frame": frame.pk, "sender": frame.survey.team.organisation.mask, "survey": frame.survey_id}
    if kind == Kind.INVITATION:
        return f"{_ROWS} AND NOT {_INVITED} i.survey_id = %(survey)s)", values
    silent = f"{_ROWS} AND {_INVITED} i.frame_id = %(frame)s) AND a.id = ANY(%(silent)s::bigint[])"
    return silent, values | {"silent": silent_ids(frame)}


def silent_ids(frame: Frame) -> list[int]:
    """The addresses of a frame from which no answer has come. Which are whose only the secret key tells."""
    ids = keeping.people_of(frame).order_by("address").values_list("address", flat=True)
    marks = {doors.mark_of(frame.survey_id, address_id): address_id for address_id in ids}
    answered = Answered.objects.filter(survey=frame.survey_id, mark__in=marks).values_list("mark", flat=True)
    used = set(answered)
    return [address_id for mark, address_id in marks.items() if mark not in used]


def count(frame: Frame, kind: str) -> Count:
    """Whom it reaches now."""
    sql, values = rows_sql(frame, kind)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), count(*) FILTER (WHERE q.channel = 1), count(*) FILTER (WHERE q.channel = 2)"
            f" FROM ({sql}) q",
            values,
        )
        return Count(*cursor.fetchone())


def next_kind(frame: Frame) -> str:
    """What goes next to its people: the invitation, a reminder, or nothing ("")."""
    sent = list(frame.mailings.values_list("kind", flat=True))
    if not sent:
        return Kind.INVITATION
    return Kind.REMINDER if sent.count(Kind.REMINDER) < keeping.REMINDERS else ""


def from_when(frame: Frame) -> date | None:
    """The first day of the next reminder; None before the invitation."""
    last = frame.mailings.order_by("-pk").values_list("send__created_at", flat=True).first()
    return last.astimezone(clock.LONDON).date() + BETWEEN if last else None


def reasons(frame: Frame, kind: str, *, by: Staff, people: int) -> list[str]:
    """Why BY may not send this to PEOPLE people, in sentences; empty when they may."""
    found = []
    survey, first = frame.survey, from_when(frame)
    cap = min(CAP.get(by.role, 0), settings.PEELIAN_MOST_PEOPLE)
    if not people:
        found.append("There is nobody left to write to.")
    if people > cap:
        found.append(f"It reaches {wording.people(people)}, and your role may write to {cap:,} at once.")
    if kind == Kind.INVITATION and 0 < people < TOGETHER and survey.is_anonymous:
        found.append(f"An anonymous survey goes to {TOGETHER} people or more: of fewer, one could be recognised.")
    if not survey.takes_answers:
        found.append("The survey is not open. Open it first.")
    if not kind:
        found.append(f"They have been reminded {keeping.REMINDERS} times. Nobody is asked more often.")
    elif first and first > clock.today():
        days = BETWEEN.days
        found.append(f"Wait until {wording.uk_date(first)}: a reminder comes {days} days after the last message.")
    return found


@transaction.atomic
def send(*, frame: Frame, kind: str, by: Staff) -> Send:
    """Freeze whom it goes to, and send. Raises PeopleGone, NotAllowed, NotYourTeam, NotReady with why BY may not."""
    held = Frame.objects.select_for_update(of=("self",), no_key=True).select_related("survey__team__organisation")
    frame = held.get(pk=frame.pk)
    must(frame, by)
    if not may_send(by):
        raise NotAllowed
    counted = count(frame, kind)
    found = reasons(frame, kind, by=by, people=counted.people)
    if kind != next_kind(frame):
        found.append("That has been sent.")
    if found:
        raise NotReady(found)
    mailing = Mailing.objects.create(survey=frame.survey, frame=frame, kind=kind, by=by, people=counted.people)
    mailing.send = delivery.open_send(
        renderer=RENDERERS[Kind(kind)],
        object_id=mailing.pk,
        lane=Lane.ROUTINE,
        rows=rows_sql(frame, kind),
        organisation_id=frame.survey.team.organisation_id,
        counted=True,
        text_parts=text_parts(mailing),
    )
    mailing.save(update_fields=["send"])
    _remember(mailing.send)
    if kind == Kind.REMINDER:
        forget_days(frame.survey)
    given = {"frame": frame.pk, "what": kind, "people": counted.people, "send": mailing.send.pk, "mailing": mailing.pk}
    record("survey.frame_asked", "survey", frame.survey.ref, by=by, **given)
    return mailing.send


def may_send(by: Staff) -> bool:
    """Whether the role may write to people at all; an analyst's may bring lists in."""
    return by.may("surveys.write") and by.may("surveys.frames") and by.role in CAP


def must(frame: Frame, by: Staff) -> None:
    """Raises PeopleGone, NotAllowed, NotYourTeam."""
    if not by.may("surveys.frames"):
        raise NotAllowed
    if not queries.may_write_for(by, frame.survey.team):
        raise NotYourTeam
    if frame.deleted_on is not None:
        raise PeopleGone


def text_parts(mailing: Mailing) -> int:
    """How many parts a text has."""
    return gsm.parts(FrameRenderer().text(mailing.pk).replace(TOKEN, "A" * 28)).parts


def _remember(send: Send) -> None:
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
