"""Reads of surveys. Staff see those of teams in their scope and their own; residents see what is open."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Count, Q, QuerySet

from peelian.accounts.models import Staff, Team
from peelian.accounts.queries import teams_in_scope
from peelian.conversations.models import Thread
from peelian.delivery import tokens
from peelian.delivery.models import Delivery
from peelian.members.models import Member
from peelian.surveys import sealing
from peelian.surveys.definition import Questionnaire
from peelian.surveys.doors import Door, mark_of
from peelian.surveys.errors import NoSuchSurvey
from peelian.surveys.frames.models import Frame
from peelian.surveys.models import Answered, Begun, Boxed, Comment, Mailing, Survey, Version
from peelian.surveys.reading import lenient

LONGEST_NUMBER = 5  # digits of a version's number
MADE_READY = Q(settings__has_key="looked")  # models.Mailing.is_being_made

# Staff ------------------------------------------------------------------------------------------------------------


def surveys_of(staff: Staff) -> QuerySet[Survey]:
    """Every survey the person may see; not the pulse's, which has pages of its own."""
    own = Q(team__in=teams_in_scope(staff).values("pk")) | Q(author=staff)
    return Survey.objects.filter(own, pulse=None)


def survey_for(staff: Staff, ref: str) -> Survey:
    """One survey; NoSuchSurvey when it is out of scope."""
    found = surveys_of(staff).select_related("team__organisation", "author", "live", "first").filter(ref=ref).first()
    if found is None:
        raise NoSuchSurvey
    return found


def may_write_for(staff: Staff, team: Team) -> bool:
    """Whether the person may make and change surveys of this team: their own, or one in their scope."""
    return teams_in_scope(staff).filter(pk=team.pk).exists()


def listed(staff: Staff, state: str = "") -> QuerySet[Survey]:
    """The surveys the person may see, last saved first."""
    found = surveys_of(staff).select_related("team")
    return (found.filter(state=state) if state else found).order_by("-saved_at", "-pk")


def answered(surveys: Sequence[Survey]) -> dict[int, int]:
    """How many have answered each of these, those in the box among them; asked once for all, of the index alone."""
    marks = Answered.objects.filter(survey__in=surveys).order_by().values_list("survey")
    return dict(marks.annotate(n=Count("pk")))


def working(survey: Survey) -> Version:
    """The version that is being written, or the last that was."""
    return survey.versions.order_by("-number")[:1].get()


def has_changes(survey: Survey) -> bool:
    """Whether something was changed that people are not asked yet."""
    live = survey.live
    return live is not None and working(survey).number > live.number


def unsent(survey: Survey) -> Mailing | None:
    """The invitation that is being written."""
    found = survey.mailings.select_related("survey__team__organisation")
    return found.filter(send=None, kind=Mailing.Kind.INVITATION, frame=None).last()


def waiting(survey: Survey) -> Mailing | None:
    """The invitation that waits for a second person, or that a job makes ready since somebody let it go."""
    found = survey.mailings.filter(kind=Mailing.Kind.INVITATION, send=None)
    return found.filter(Q(asked_at__isnull=False) | MADE_READY).select_related("asked_by").last()


def to_approve(staff: Staff) -> QuerySet[Mailing]:
    """The invitations that wait for this person's decision, longest wait first; none for those who may not decide."""
    if not staff.may("alerts.approve"):
        return Mailing.objects.none()
    rows = Mailing.objects.filter(~MADE_READY, send=None, asked_at__isnull=False)
    rows = rows.exclude(asked_by=staff).exclude(by=staff)
    rows = rows.filter(survey__team__in=teams_in_scope(staff).values("pk"))
    return rows.select_related("survey__team", "asked_by").order_by("asked_at", "pk")


def planned_reminder(survey: Survey, frame: Frame | None = None) -> Mailing | None:
    """The reminder that goes by itself on a day to come, or is being made ready."""
    return survey.mailings.filter(kind=Mailing.Kind.REMINDER, send=None, frame=frame).first()


def mailing_for(staff: Staff, ref: str, pk: int) -> Mailing:
    """One invitation of a survey the person may see; NoSuchSurvey else."""
    survey = survey_for(staff, ref)
    found = survey.mailings.select_related("survey__team__organisation", "send").filter(pk=pk, frame=None).first()
    if found is None:
        raise NoSuchSurvey
    return found


def mailings(survey: Survey) -> list[Mailing]:
    """What has been sent, in turn."""
    return list(survey.mailings.filter(send__isnull=False).select_related("send", "by", "approved_by"))


def answers_so_far(survey: Survey) -> int:
    """How many have answered, those in the box among them."""
    return Answered.objects.filter(survey=survey).count()


def boxed(survey: Survey) -> int:
    """How many answers wait for company."""
    return Boxed.objects.filter(survey=survey).count()


def comment_for(staff: Staff, pk: int) -> Comment:
    """One free text of a survey the person may see; NoSuchSurvey else."""
    found = Comment.objects.select_related("survey", "answer").filter(survey__in=surveys_of(staff), pk=pk).first()
    if found is None:
        raise NoSuchSurvey
    return found


# Residents --------------------------------------------------------------------------------------------------------


def public_survey(ref: str) -> Survey:
    """A survey by its open address; NoSuchSurvey for a draft and for one that has no open link."""
    found = Survey.objects.select_related("team__organisation", "live").filter(ref=ref, open_link=True)
    survey = found.exclude(state=Survey.State.DRAFT).first()
    if survey is None:
        raise NoSuchSurvey
    return survey


def is_answered(door: Door) -> bool:
    """Whether nothing more may come by this door. An embedded question's answer counts, and the rest may follow it."""
    if door.is_embedded and is_begun(door):
        return False
    return Answered.objects.filter(survey=door.survey, mark=door.mark).exists()


def is_begun(door: Door) -> bool:
    return Begun.objects.filter(mark=door.begun_mark).exists()


def begun(door: Door) -> tuple[Version, dict[str, object]] | None:
    """What was begun behind this door: the version, and {"answers", "language"}."""
    row = Begun.objects.select_related("version").filter(mark=door.begun_mark, survey=door.survey).first()
    if row is None:
        return None
    try:
        kept = sealing.unseal(row.sealed, door.survey.pk, door.own)
    except sealing.CannotOpen:
        return None
    return row.version, kept


def version_of(survey: Survey, number: str) -> Version | None:
    """A version that people are or were asked, by its number as a form says it."""
    is_number = number.isdecimal() and len(number) <= LONGEST_NUMBER  # of anything else int may make an error
    if survey.live is None or not is_number or not 1 <= int(number) <= survey.live.number:
        return None
    return survey.versions.filter(number=int(number)).first()


def questionnaire(version: Version) -> Questionnaire:
    return lenient(version.definition)


def waiting_for(member_id: int) -> list[tuple[Survey, str]]:
    """The open surveys that a member was invited to and has not answered, each with the token of their link, the one
    that closes soonest first."""
    member = Member.objects.filter(pk=member_id).values_list("email_id", "mobile_id").first()
    addresses = [pk for pk in member or () if pk]
    found = Mailing.objects.filter(survey__state=Survey.State.OPEN, send__isnull=False).select_related("survey")
    surveys = {one.send_id: one.survey for one in found if one.send_id and one.survey.takes_answers}
    invited = Delivery.objects.filter(send_id__in=surveys, address_id__in=addresses, member_id=member_id)
    waiting: dict[int, tuple[Survey, str]] = {}
    for send_id, address_id in invited.values_list("send_id", "address_id"):
        survey = surveys[send_id]
        if not Answered.objects.filter(survey=survey, mark=mark_of(survey.pk, address_id, member_id)).exists():
            waiting[survey.pk] = survey, tokens.make(send_id, address_id)
    return sorted(waiting.values(), key=lambda one: (one[0].closes is None, one[0].closes, one[0].pk))


def after_conversation(thread_id: int) -> Survey | None:
    """The newest open survey that the team of a closed conversation offers afterwards."""
    return _offered(Thread.objects.filter(pk=thread_id, state=Thread.State.CLOSED), after_conversation=True)


def after_report(thread_id: int) -> Survey | None:
    """The newest open survey whose first question the team asks when somebody has written to it."""
    return _offered(Thread.objects.filter(pk=thread_id), after_report=True)


def _offered(threads: QuerySet[Thread], **where: bool) -> Survey | None:
    team_id = threads.values_list("team_id", flat=True).first()
    if team_id is None:
        return None
    offered = Survey.objects.filter(team_id=team_id, open_link=True, state=Survey.State.OPEN, **where)
    own = offered.select_related("live").order_by("-opened_on", "-pk")
    return next((survey for survey in own if survey.takes_answers), None)
