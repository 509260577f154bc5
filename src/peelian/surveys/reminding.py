"""Who is reminded of an invitation: everybody who was invited, has not answered, and may still be written to.

That somebody has answered is known only to whoever has the secret key: marks are keyed hashes, made here one by one and
compared, and the key never goes to the database. Once a reminder has gone the ledger shows it to anybody: who was
invited and not reminded had answered by then. What they answered it does not show (surveys.actions.emptying keeps that
so); docs/security.md says both.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection

from peelian.core import clock, wording
from peelian.members.audience import Clause, Selection
from peelian.surveys import doors
from peelian.surveys.inviting import WRITTEN, Sql
from peelian.surveys.models import Answered, Mailing, Survey

MOST = 2  # reminders of a survey
APART = timedelta(days=3)  # from whatever was sent last
PIECE = 10_000  # rows read at once
_INVITED = "SELECT DISTINCT member_id FROM delivery WHERE send_id = ANY(%s) AND member_id IS NOT NULL"


@dataclass(frozen=True)
class Due:
    """A reminder as it would go now: how many were invited and how many of them have not answered, and SQL for whom of
    those it may be sent to."""

    invited: int
    left: int
    rows: Sql
    people: int
    addresses: int

    @property
    def answered(self) -> int:
        return self.invited - self.left

    @property
    def out_of_reach(self) -> int:
        """Who has not answered and left, turned it off or cannot be reached since."""
        return self.left - self.people


def sent(survey: Survey) -> list[Mailing]:
    """Every mailing to an audience that has gone, in turn; lists have reminders of their own (surveys.frames)."""
    return list(
        survey.mailings.filter(send__isnull=False, frame=None).select_related("send").order_by("send__created_at", "pk")
    )


def reminders_sent(mailings: list[Mailing]) -> int:
    return sum(one.kind == Mailing.Kind.REMINDER for one in mailings)


def earliest(mailings: list[Mailing]) -> date | None:
    """The first day on which the next reminder may go; None before anybody was invited."""
    if not mailings or mailings[-1].send is None:
        return None
    return mailings[-1].send.created_at.astimezone(clock.LONDON).date() + APART


def stops(survey: Survey, mailings: list[Mailing], on: date | None = None) -> list[str]:
    """Why no reminder may go ON that day (none: now), in sentences."""
    found, day = [], on or clock.today()
    first = earliest(mailings)
    if first is None:
        return ["Nobody has been invited yet."]
    if reminders_sent(mailings) >= MOST:
        found.append("Two reminders have gone. There is no third.")
    elif day < first:
        day_words = wording.uk_date(first)
        found.append(f"The last message went less than three days before. A reminder may go from {day_words} on.")
    if not survey.takes_answers or (on and survey.closes and on > survey.closes):
        found.append("The survey is not open then." if on else "The survey is not open.")
    return found


def due(survey: Survey, mailings: list[Mailing]) -> Due:
    """Whom a reminder would go to now."""
    invitations = [one for one in mailings if one.kind == Mailing.Kind.INVITATION]
    members = _invited(invitations)
    left = _not_answered(survey, members)
    channels = 0
    for one in invitations:
        channels |= one.channels
    asked = Clause("include", "members", members_sql=("SELECT unnest(%s::bigint[])", [left]))
    rows = Selection([asked], topic=None, organisation=survey.team.organisation, channels=channels & WRITTEN).rows_sql()
    sql, values = rows
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(DISTINCT q.member_id), count(*) FROM ({sql}) q", values)
        people, addresses = cursor.fetchone()
    return Due(len(members), len(left), rows, people, addresses)


def _invited(invitations: list[Mailing]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(_INVITED, [[one.send_id for one in invitations]])
        return [row[0] for row in cursor.fetchall()]


def _not_answered(survey: Survey, members: list[int]) -> list[int]:
    marks = set(Answered.objects.filter(survey=survey).values_list("mark", flat=True).iterator(PIECE))
    if not marks:
        return members
    mark = doors.marker(survey.pk)
    return [one for one in members if mark(one) not in marks]
