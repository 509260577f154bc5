"""Whom an invitation goes to: an audience as alerts store one, without those who were invited to this survey before.

`rows_sql` is the one place that says who is written to; a sample (surveys.sampling) or a reminder narrows what it
gives. Confirmation, agreement to hear from the sender, suppression and the residents' own settings are part of every
audience, and delivery asks them again when it hands over.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection

from peelian.accounts.models import Staff
from peelian.accounts.roles import CAP
from peelian.alerts import audience, policy
from peelian.core import wording
from peelian.members.audience import Selection
from peelian.members.models import CHANNELS
from peelian.surveys.models import Mailing, Survey
from peelian.surveys.sealing import TOGETHER

Sql = tuple[str, dict[str, Any]]
WRITTEN = CHANNELS["email"] | CHANNELS["text"]  # nobody is called and asked to type a link

_NOT_INVITED = """
SELECT r.address_id, r.member_id, r.channel FROM ({rows}) r
 WHERE NOT EXISTS (SELECT 1 FROM surveys_mailing i JOIN delivery d ON d.send_id = i.send_id
                    WHERE i.survey_id = %(survey_invited_to)s AND d.address_id = r.address_id)
"""


def selection(mailing: Mailing) -> Selection:
    """The audience. Raises alerts.errors.AudienceProblem."""
    clauses = audience.parse(mailing.audience)
    team = mailing.survey.team
    return Selection(clauses, topic=None, organisation=team.organisation, channels=mailing.channels & WRITTEN)


def rows_sql(mailing: Mailing) -> Sql:
    """SQL for `address_id, member_id, channel`, an address once, for freezing a send. Raises AudienceProblem."""
    sql, values = selection(mailing).rows_sql()
    return _NOT_INVITED.replace("{rows}", sql), values | {"survey_invited_to": mailing.survey_id}


@dataclass(frozen=True)
class Count:
    """Whom an invitation reaches now, each once, and by how many addresses of each channel."""

    people: int
    emails: int
    texts: int

    @property
    def ways(self) -> str:
        """By 1,104 emails and 12 texts."""
        said = [wording.plural_count(n, noun) for n, noun in ((self.emails, "email"), (self.texts, "text")) if n]
        return wording.listed(said)


def count(mailing: Mailing) -> Count:
    """Raises AudienceProblem for an audience that cannot be asked."""
    sql, values = rows_sql(mailing)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(DISTINCT q.member_id), count(*) FILTER (WHERE q.channel = 1),"
            f" count(*) FILTER (WHERE q.channel = 2) FROM ({sql}) q",
            values,
        )
        return Count(*cursor.fetchone())


def reasons(mailing: Mailing, *, by: Staff, people: int) -> list[str]:
    """Why BY may not send this to PEOPLE people, in sentences; empty when they may."""
    found = []
    cap = min(CAP.get(by.role, 0), settings.PEELIAN_MOST_PEOPLE)
    if not people:
        found.append("Nobody of this audience can be invited who has not been already.")
    if people > cap:
        found.append(
            f"It reaches {wording.people(people)}, and your role may invite {cap:,} at once. Ask somebody of a role"
            " that may, or choose a smaller area."
        )
    if not policy.within_scope(mailing.audience, by):
        found.append("It reaches people outside your own area. Choose areas within it.")
    if 0 < people < TOGETHER and mailing.survey.is_anonymous:
        found.append(f"An anonymous survey goes to {TOGETHER} people or more: of fewer, one could be recognised.")
    if not mailing.survey.takes_answers:
        found.append("The survey is not open. Open it first.")
    return found


def invited(survey: Survey) -> int:
    """How many addresses have been invited, by all invitations; reminders go to the same."""
    sends = survey.mailings.filter(kind=Mailing.Kind.INVITATION, send__isnull=False)
    return sum(sends.values_list("send__recipients", flat=True))
