"""What this app declares in the register of personal data (core.personal_data)."""

from datetime import datetime, timedelta

from django.db.models import F, Q, QuerySet

from peelian.core.personal_data import EMPLOYER, PUBLIC_TASK, Declaration, Person, Rows, register
from peelian.surveys.doorstep import personal_data  # noqa: F401 (declares itself)
from peelian.surveys.models import Answer, Begun, Comment, Sampled, Survey

BEGUN_KEPT = timedelta(days=30)
KEPT = timedelta(days=2 * 365)  # with the person, after the survey has closed
ANONYMOUS = "Not exported: nobody can tell whose it is"


def forget_who_answered(now: datetime) -> int:
    """Two years after a survey closed its answers no longer say whose they are; the answers themselves stay."""
    old = Answer.objects.filter(survey__closed_on__lt=(now - KEPT).date()).exclude(member=None, address=None)
    return old.exclude(member__legal_hold=True).update(member=None, address=None, area=None, language="")


def delete_old_beginnings(now: datetime) -> int:
    """Delete what somebody began and did not change for 30 days."""
    return Begun.objects.filter(kept_on__lt=(now - BEGUN_KEPT).date()).delete()[0]


def forget_samples(now: datetime) -> int:
    """Once a survey has closed, what weights need stands with its answers, and who was drawn in the ledger."""
    closed = Survey.objects.filter(state=Survey.State.CLOSED).values("pk")
    return Sampled.objects.filter(mailing__survey__in=closed).delete()[0]


def sample_rows(person: Person) -> Rows:
    found = Sampled.objects.filter(member=person.member_id).order_by("mailing")
    return list(found.values(survey_title=F("mailing__survey__title")))


def answers_of(person: Person) -> QuerySet[Answer]:
    """A member's own, and those that came by an invitation to an address that nobody else uses."""
    theirs = Q(member_id=person.member_id) | Q(member=None, address__in=person.alone_ids)
    return Answer.objects.filter(theirs).order_by("day", "pk")


def answer_rows(person: Person) -> Rows:
    found = answers_of(person)
    return list(found.values("day", "answers", survey_title=F("survey__title"), came_by=F("how")))


def comment_rows(person: Person) -> Rows:
    found = Comment.objects.filter(answer__in=answers_of(person)).order_by("pk")
    return list(found.values("question", "text", survey_title=F("survey__title")))


register.add(
    "surveys.Answer",
    Declaration(
        "Learning what people think of us and of where they live; who answered only where the page said so",
        PUBLIC_TASK,
        "Who it was: two years after the survey closed; the answers without it as long as the survey",
        "In the answer to a subject access request; of an anonymous survey nobody can tell whose an answer is",
        "Deleted; of an anonymous survey nobody can tell whose an answer is",
        forget_who_answered,
        "What you answered in surveys",
        answer_rows,
        lambda person: answers_of(person).delete()[0],
    ),
)
register.add(
    "surveys.Comment",
    Declaration(
        "What people answer in their own words",
        PUBLIC_TASK,
        "As long as the answer",
        "In the answer to a subject access request; of an anonymous survey nobody can tell whose an answer is",
        "Deleted with the answer",
        called="What you wrote in surveys",
        rows=comment_rows,
    ),
)
register.add(
    "surveys.Tag",
    Declaration(
        "What staff sort free texts under: a word about what a text says, not about who wrote it",
        PUBLIC_TASK,
        "As long as a comment has it",
        "Not exported: it says nothing about a person",
        "Taken off with the comment",
    ),
)
register.add(
    "surveys.Answered",
    Declaration(
        "One answer for each invitation: a keyed hash that says an invitation was used, not whose it was",
        PUBLIC_TASK,
        "As long as the survey",
        ANONYMOUS,
        "Kept: nobody can tell whose it is",
    ),
)
register.add(
    "surveys.Boxed",
    Declaration(
        "Answers to an anonymous survey, sealed until ten have come or it closes",
        PUBLIC_TASK,
        "Until ten have come or the survey closes",
        ANONYMOUS,
        "Kept: nobody can tell whose it is",
    ),
)
register.add(
    "surveys.Begun",
    Declaration(
        "Answers begun and not sent yet, sealed with a key that the person’s own link gives",
        PUBLIC_TASK,
        "Until they are sent; 30 days after the last change",
        "Not exported: only the person’s own link opens it",
        "Deleted after 30 days",
        delete_old_beginnings,
    ),
)
register.add(
    "surveys.Sampled",
    Declaration(
        "Weighting: of which stratum of a sample somebody is who was invited by lot; of anonymous surveys only until it"
        " is sent",
        PUBLIC_TASK,
        "Until the survey has closed; of a sample that is not sent, until another is drawn",
        "In the answer to a subject access request",
        "Deleted",
        forget_samples,
        "Surveys you were drawn for by lot",
        sample_rows,
        lambda person: Sampled.objects.filter(member=person.member_id).delete()[0],
    ),
)
for label, purpose in {
    "surveys.Survey": "Who made a survey",
    "surveys.Mailing": "Who sent the invitations to a survey",
}.items():
    register.add(
        label, Declaration(purpose, EMPLOYER, "As long as the survey", "By an administrator", "Kept: a public record")
    )
register.add(
    "surveys.PulseProgramme",
    Declaration(
        "Who set how people are asked after alerts",
        EMPLOYER,
        "As long as people are asked",
        "By an administrator",
        "Kept: a public record",
    ),
)
