"""What is kept about people here, and what the nightly job takes away."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q

from peelian.core.personal_data import EMPLOYER, PUBLIC_TASK, Declaration, Person, Rows, register
from peelian.priorities import queries
from peelian.priorities.models import Promise, Raiser

AFTER_CLOSING = timedelta(days=90)
LONGEST = timedelta(days=2 * 365)


def forget_raisers(now: datetime) -> int:
    """Forget who raised an issue 90 days after it was closed, and two years after they raised it; where something was
    promised about it, not before that has ended for 90 days, for until then they are to be told. Under a legal hold
    they stay."""
    closed = Q(report__issue__closed_on__lt=(now - AFTER_CLOSING).date())
    closed |= Q(report__issue__merged_into__closed_on__lt=(now - AFTER_CLOSING).date())
    over = Raiser.objects.filter(closed | Q(report__at__lt=now - LONGEST))
    over = over.exclude(report__issue__in=_promised_about(now))
    return int(over.filter(Q(member=None) | Q(member__legal_hold=False)).delete()[0])


def _promised_about(now: datetime) -> list[int]:
    """The issues about which a promise is open or ended within the last 90 days, with all that are the same."""
    unsettled = Q(state=Promise.State.OPEN) | Q(ended_on__gte=(now - AFTER_CLOSING).date())
    return queries.family(list(Promise.issues.through.objects.filter(
        promise__in=Promise.objects.filter(unsettled)).values_list("issue_id", flat=True).distinct()))  # fmt: skip


def _of(person: Person) -> Q:
    return Q(member_id=person.member_id) | Q(address_id__in=person.alone_ids)


def raised_by(person: Person) -> Rows:
    found = Raiser.objects.filter(_of(person)).select_related("report__issue")
    return [
        {
            "what was raised, as we wrote it down": one.report.issue.words,
            "on": one.report.day,
            "how it came to us": one.report.label,
            "you asked not to be told": one.stopped_at,
        }
        for one in found.order_by("report__day", "pk")
    ]


def forget(person: Person) -> int:
    return int(Raiser.objects.filter(_of(person)).delete()[0])


register.add(
    "priorities.Raiser",
    Declaration(
        "Telling whoever raised an issue what comes of it",
        PUBLIC_TASK,
        "Until 90 days after the issue is closed, or two years; of one that something was promised about, until 90 days"
        " after the promise ended",
        "In the answer to a subject access request",
        "Deleted",
        forget_raisers,
        "What you raised with us",
        raised_by,
        forget,
    ),
)
for label, purpose in {
    "priorities.Issue": "Who of the staff wrote down an issue; its words name nobody",
    "priorities.IssueReport": "Who of the staff wrote down that an issue was raised",
    "priorities.Merge": "Who of the staff said that two issues are the same",
    "priorities.Priority": "Who of the staff proposed a priority; its words name nobody",
}.items():
    register.add(
        label,
        Declaration(purpose, EMPLOYER, "As long as the issue", "By an administrator", "Kept without who it was"),
    )
for label, purpose in {
    "priorities.Cycle": "Who of the staff agreed a sector's list of priorities",
    "priorities.Decision": "Who of the staff decided what about a priority, and why",
    "priorities.Profile": "Who of the staff owns a problem management profile",
    "priorities.ProfileReview": "Who of the staff looked at a problem management profile again",
    "priorities.Promise": "Who of the staff sees to a promise; its words name nobody",
    "priorities.PromiseChange": "Who of the staff wrote and published what was said about a promise",
}.items():
    register.add(
        label,
        Declaration(
            purpose, EMPLOYER, "As long as the priority or promise", "By an administrator", "Kept: a public record"
        ),
    )
