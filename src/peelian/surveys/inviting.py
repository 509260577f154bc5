"""Whom an invitation goes to: an audience as alerts store one, without those who were invited to this survey before.

`rows_sql` is the one place that says who is written to; a sample (surveys.sampling) or a reminder narrows what it
gives. Confirmation, agreement to hear from the sender, suppression and the residents' own settings are part of every
audience, and delivery asks them again when it hands over.

Of a great many a job counts, draws and freezes (surveys.actions.counting). What it counted, and whom it drew, is kept
with the invitation for a day: pages show it, and a sample that is sent is the one that was shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Sum
from django.db.models.functions import Coalesce

from peelian.accounts.models import Staff
from peelian.alerts import audience, policy
from peelian.alerts.errors import Reason
from peelian.alerts.models import Alert
from peelian.core import clock, wording
from peelian.members.audience import Clause, Selection, Sql
from peelian.members.models import CHANNELS
from peelian.surveys import sampling
from peelian.surveys.models import Mailing, Survey
from peelian.surveys.sampling import Drawn, Stratum
from peelian.surveys.sealing import TOGETHER

WRITTEN = CHANNELS["email"] | CHANNELS["text"]  # nobody is called and asked to type a link
AT_ONCE = 20_000  # people who are counted while somebody waits for a page; more by a job
KEPT = timedelta(days=1)  # what the job counted and drew

_NOT_INVITED = """
SELECT r.address_id, r.member_id, r.channel FROM ({rows}) r
 WHERE NOT EXISTS (SELECT 1 FROM surveys_mailing i JOIN delivery d ON d.send_id = i.send_id
                    WHERE i.survey_id = %(survey_invited_to)s AND d.address_id = r.address_id)
   AND NOT EXISTS (SELECT 1 FROM surveys_mailing i JOIN delivery d ON d.send_id = i.send_id
                    WHERE i.survey_id = %(survey_invited_to)s AND d.member_id = r.member_id)
"""


def rows_sql(mailing: Mailing) -> Sql:
    """SQL for `address_id, member_id, channel`, an address once, for freezing a send. Raises AudienceProblem."""
    return _rows_of(mailing, audience.parse(mailing.audience))


def _selection(mailing: Mailing, clauses: list[Clause]) -> Selection:
    team = mailing.survey.team
    return Selection(clauses, topic=None, organisation=team.organisation, channels=mailing.channels & WRITTEN)


def _rows_of(mailing: Mailing, clauses: list[Clause]) -> Sql:
    sql, values = _selection(mailing, clauses).rows_sql()
    return _NOT_INVITED.replace("{rows}", sql), values | {"survey_invited_to": mailing.survey_id}


def chosen(mailing: Mailing) -> Drawn:
    """Whom of them it goes to: all, or a sample as the mailing's settings say. Those who were drawn before and may
    still be written to, or else drawn now. In a transaction. Raises AudienceProblem."""
    plan = sampling.plan_of(mailing.settings)
    if (before := kept(mailing)) and before.strata:
        return Drawn(_drawn_before(mailing), list(before.strata))
    rows = rows_sql(mailing)
    return sampling.draw(mailing.pk, rows, plan) if plan else Drawn(rows)


def _drawn_before(mailing: Mailing) -> Sql:
    drawn = f"SELECT member_id FROM surveys_sampled WHERE mailing_id = {mailing.pk:d}"
    them = Clause("include", "members", members_sql=(drawn, []))
    return _rows_of(mailing, [them])


@dataclass(frozen=True)
class Count:
    """Whom an invitation reaches, each once, and by how many addresses of each channel. Of a sample also the strata it
    is drawn from. AT a time before, where it was kept; else now, with what it was counted from."""

    people: int
    emails: int
    texts: int
    strata: Sequence[Stratum] = field(default=(), compare=False, repr=False)
    drawn: Drawn | None = field(default=None, compare=False, repr=False)
    at: datetime | None = field(default=None, compare=False)

    @property
    def ways(self) -> str:
        """By 1,104 emails and 12 texts."""
        said = [wording.plural_count(n, noun) for n, noun in ((self.emails, "email"), (self.texts, "text")) if n]
        return wording.listed(said)

    @property
    def frame(self) -> int:
        """How many people the sample is drawn from; nought without a sample."""
        return sum(one.people for one in self.strata)

    @property
    def is_for_a_job(self) -> bool:
        """Whether to send it takes longer than somebody waits: of many the list is made anew, but for a sample that is
        kept and small."""
        return self.at is not None and not (self.strata and self.people <= AT_ONCE)


@transaction.atomic
def count(mailing: Mailing) -> Count:
    """Raises AudienceProblem for an audience that cannot be asked."""
    sampling.by_one_process()
    drawn = chosen(mailing)
    sql, values = drawn.rows
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(DISTINCT q.member_id), count(*) FILTER (WHERE q.channel = 1),"
            f" count(*) FILTER (WHERE q.channel = 2) FROM ({sql}) q",
            values,
        )
        people, emails, texts = cursor.fetchone()
    return Count(people, emails, texts, drawn.strata, drawn)


def are_many(mailing: Mailing) -> bool:
    """Whether they may be too many to count while somebody waits. Raises AudienceProblem."""
    return _selection(mailing, audience.parse(mailing.audience)).may_exceed(AT_ONCE)


def kept(mailing: Mailing) -> Count | None:
    """What a job has counted within the day; None before, and where the survey has become anonymous since, or is no
    more."""
    found = mailing.settings.get("counted")
    if not found or found["anonymous"] != mailing.survey.is_anonymous:
        return None
    at = datetime.fromisoformat(found["at"])
    strata = sampling.strata_of(mailing.settings)
    counted = Count(found["people"], found["emails"], found["texts"], strata, at=at)
    return counted if clock.now() - at < KEPT else None


def to_keep(mailing: Mailing, counted: Count) -> dict[str, Any]:
    """COUNTED for the mailing's settings, beside its sample."""
    numbers = {"people": counted.people, "emails": counted.emails, "texts": counted.texts}
    known = {"at": clock.now().isoformat(), "anonymous": mailing.survey.is_anonymous}
    sample = sampling.stored(sampling.plan_of(mailing.settings), counted.strata)
    return sample | {"counted": numbers | known}


def stops(mailing: Mailing, *, people: int) -> list[str]:
    """Why this can go to nobody now, whoever sends it, in sentences."""
    found = []
    if not people:
        found.append("Nobody of this audience can be invited who has not been already.")
    if 0 < people < TOGETHER and mailing.survey.is_anonymous:
        found.append(f"An anonymous survey goes to {TOGETHER} people or more: of fewer, one could be recognised.")
    if not mailing.survey.takes_answers:
        found.append("The survey is not open. Open it first.")
    plan = sampling.plan_of(mailing.settings)
    if plan and plan.is_equal and plan.is_stratified and mailing.survey.is_anonymous:
        found.append(
            "As many of each stratum means unequal chances, and the answers to an anonymous survey do not say of which"
            " stratum they are, so nothing could weight them back. Draw in proportion."
        )
    return found


def reasons(mailing: Mailing, *, by: Staff, people: int) -> list[Reason]:
    """Why BY needs a second person to send this to PEOPLE people; empty when they may send it alone. As for alerts."""
    return policy.reasons(as_alert(mailing), by=by, people=people)


def as_alert(mailing: Mailing) -> Alert:
    """An alert that is never kept, to the same people from the same team, for the editor and the rules of alerts."""
    return Alert(
        team=mailing.survey.team, author_id=mailing.by_id, asked_by=mailing.asked_by, people=mailing.people,
        audience=mailing.audience, channels=mailing.channels,
    )  # fmt: skip


def invited(survey: Survey) -> int:
    """How many people have been invited, by all invitations; reminders go to the same."""
    sent = survey.mailings.filter(kind=Mailing.Kind.INVITATION, send__isnull=False)
    return int(sent.aggregate(all=Sum(Coalesce("people", "send__recipients")))["all"] or 0)
