"""When and whom we remind of an invitation: everybody of it who has not answered and may still be written to. One rule
for an audience and for a list of victims; whom it takes its rows from is all that differs.

That somebody has answered is known only to whoever has the secret key: marks are keyed hashes, made here one by one and
compared, and the key never goes to the database. Once a reminder has gone the ledger shows it to anybody: who was
invited and not reminded had answered by then. What they answered it does not show (surveys.actions.emptying keeps that
so); docs/security.md says both.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection, transaction

from peelian.core import clock, wording
from peelian.members.audience import Clause, Selection, Sql
from peelian.surveys import doors, sampling
from peelian.surveys.frames import rows
from peelian.surveys.frames.models import Frame
from peelian.surveys.inviting import WRITTEN
from peelian.surveys.models import Answered, Mailing, Survey

MOST = 2  # reminders of an invitation
# From whatever was sent last. More than the longest weekend of the year (Good Friday to Easter Monday, four days), so
# that nobody is reminded of what they had no working day to read; and a survey of two weeks still has room for both
APART = timedelta(days=5)
AT_ONCE = 20_000  # invited people whose marks are made while somebody waits for a page; of more a job makes them
PIECE = 50_000  # people looked at between two words of how far it is
_INVITED = {  # by whether it is a list: there the ledger names the address and no member
    False: "SELECT DISTINCT member_id FROM delivery WHERE send_id = ANY(%s) AND member_id IS NOT NULL",
    True: "SELECT DISTINCT address_id FROM delivery WHERE send_id = ANY(%s)",
}
_SILENT = "SELECT who FROM survey_silent"
Progress = Callable[[int], None]  # how many have been looked at


@dataclass(frozen=True)
class Silent:
    """How many were invited, and the numbers (of members; of a list, of addresses) of those who have not answered."""

    invited: int
    who: Sequence[int]

    @property
    def answered(self) -> int:
        return self.invited - len(self.who)


@dataclass(frozen=True)
class Due:
    """A reminder as it would go now: who has not answered, and SQL for whom of those it may be sent to."""

    silent: Silent
    rows: Sql
    people: int
    addresses: int

    @property
    def invited(self) -> int:
        return self.silent.invited

    @property
    def answered(self) -> int:
        return self.silent.answered

    @property
    def out_of_reach(self) -> int:
        """Who has not answered and left, turned it off or cannot be reached since."""
        return len(self.silent.who) - self.people


def sent(survey: Survey, frame: Frame | None = None) -> list[Mailing]:
    """Every mailing that has gone to the audience, or to one list, in turn."""
    gone = survey.mailings.filter(send__isnull=False, frame=frame).select_related("send")
    return list(gone.order_by("send__created_at", "pk"))


def reminders_sent(mailings: Sequence[Mailing]) -> int:
    return sum(one.kind == Mailing.Kind.REMINDER for one in mailings)


def invited(mailings: Sequence[Mailing]) -> int:
    """How many people were invited, as it was frozen: one sum, whatever their number."""
    gone = (one for one in mailings if one.kind == Mailing.Kind.INVITATION and one.send)
    return sum(one.people if one.people is not None else one.send.recipients for one in gone if one.send)


def earliest(mailings: Sequence[Mailing]) -> date | None:
    """The first day on which the next reminder may go; None before anybody was invited."""
    if not mailings or mailings[-1].send is None:
        return None
    return mailings[-1].send.created_at.astimezone(clock.LONDON).date() + APART


def stops(survey: Survey, mailings: Sequence[Mailing], on: date | None = None) -> list[str]:
    """Why no reminder may go ON that day (none: now), in sentences."""
    found, day = [], on or clock.today()
    first = earliest(mailings)
    if first is None:
        return ["Nobody has been invited yet."]
    if reminders_sent(mailings) >= MOST:
        found.append("Two reminders have gone. There is no third.")
    elif day < first:
        found.append(
            f"The last message went less than {APART.days} days before. A reminder may go from"
            f" {wording.uk_date(first)} on."
        )
    if not survey.takes_answers or (on and survey.closes and on > survey.closes):
        found.append("The survey is not open then." if on else "The survey is not open.")
    return found


def silent(survey: Survey, mailings: Sequence[Mailing], progress: Progress = lambda looked: None) -> Silent:
    """Who of the invited has not answered. A mark is made for each: a second or two for a million."""
    is_list = any(one.frame_id for one in mailings)
    marks = set(Answered.objects.filter(survey=survey).values_list("mark", flat=True).iterator(PIECE))
    mark = doors.marker(survey.pk, of_addresses=is_list)
    who, number = array("q"), 0
    sends = [one.send_id for one in mailings if one.kind == Mailing.Kind.INVITATION]
    with connection.chunked_cursor() as cursor:
        cursor.execute(_INVITED[is_list], [sends])
        while found := cursor.fetchmany(PIECE):
            who.extend(one for (one,) in found if mark(one) not in marks)
            number += len(found)
            progress(number)
    return Silent(number, who)


def due(survey: Survey, mailings: Sequence[Mailing], found: Silent, frame: Frame | None = None) -> Due:
    """Whom of those who have not answered a reminder would go to. In the transaction that uses its rows."""
    sampling.by_one_process()
    _lay_down(found.who)
    sql, values = rows.rows_sql(frame, f"a.id IN ({_SILENT})") if frame else _members(survey, mailings)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(DISTINCT coalesce(q.member_id, -q.address_id)), count(*) FROM ({sql}) q", values)
        people, addresses = cursor.fetchone()
    return Due(found, (sql, values), people, addresses)


@transaction.atomic
def due_now(survey: Survey, mailings: Sequence[Mailing], frame: Frame | None = None) -> Due | None:
    """For a page: whom it would go to. None before anybody was invited, and where they are too many to wait for."""
    if not 0 < invited(mailings) <= AT_ONCE:
        return None
    return due(survey, mailings, silent(survey, mailings), frame)


def _members(survey: Survey, mailings: Sequence[Mailing]) -> Sql:
    channels = 0
    for one in mailings:
        channels |= one.channels if one.kind == Mailing.Kind.INVITATION else 0
    asked = Clause("include", "members", members_sql=(_SILENT, []))
    return Selection([asked], topic=None, organisation=survey.team.organisation, channels=channels & WRITTEN).rows_sql()


def _lay_down(who: Sequence[int]) -> None:
    """In a table of this transaction's own, which a million numbers reach sooner than a parameter."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.survey_silent")
        cursor.execute("CREATE TEMPORARY TABLE survey_silent (who bigint) ON COMMIT DROP")
        with cursor.copy("COPY survey_silent FROM STDIN") as stream:
            for first in range(0, len(who), PIECE):
                stream.write("".join(f"{one}\n" for one in who[first : first + PIECE]))
        cursor.execute("ANALYZE survey_silent")
