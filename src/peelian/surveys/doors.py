"""What stands behind the link of a questionnaire: which survey, the way it is answered, and for the invited which
invitation. Mail is forwarded: no page shows who it went to."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import QuerySet

from peelian.core import clock, languages
from peelian.core.errors import NotFound
from peelian.delivery import queries as delivery
from peelian.delivery import tokens as delivered
from peelian.delivery.errors import BadToken
from peelian.delivery.queries import Recipient
from peelian.surveys import sealing, tokens
from peelian.surveys.errors import LinkRefused, NotOpenYet, closed_on
from peelian.surveys.models import How, Survey
from peelian.surveys.pulse.models import PulseSlice, cell

RENDERERS = ("surveys.invitation", "surveys.reminder", "surveys.frame_invitation", "surveys.frame_reminder")


@dataclass(frozen=True)
class Door:
    """One questionnaire to fill in. `identity` is the same for an invitation and its reminders."""

    token: str
    survey: Survey
    how: How
    identity: bytes
    recipient: Recipient | None = None
    area_id: int | None = None
    draft: bytes = b""  # of somebody called: their own beginnings are not for others to read
    company: str = ""  # the cell of a pulse, with whose answers alone this one leaves the box
    until: date | None = None  # the last day of this invitation, where it has one of its own

    @property
    def mark(self) -> str:
        """Stands in Answered once it is used."""
        return sealing.mark("answered", self.survey.pk, self.identity)

    @property
    def own(self) -> bytes:
        """What opens the answers begun behind this door."""
        return self.draft or self.identity

    @property
    def begun_mark(self) -> str:
        return sealing.mark("begun", self.survey.pk, self.own)

    @property
    def kept_as(self) -> How:
        """The way that stands with an anonymous answer. Of somebody called it is their invitation: who was looked up
        stands in the trail, and of few who were called one could be told by it."""
        return How.INVITATION if self.draft else self.how

    @property
    def is_embedded(self) -> bool:
        """Whether the first answer came from a page of another kind, and the rest may follow it."""
        return self.how == How.REPORT

    @property
    def row_id(self) -> uuid.UUID:
        """Of the row that holds an embedded question's answer, so that the rest can come to it."""
        return uuid.UUID(sealing.mark("row", self.survey.pk, self.identity))

    @property
    def by_staff(self) -> bool:
        """Whether somebody of ours fills it in with or for the person."""
        return self.how in (How.STREET, How.DOORSTEP, How.TELEPHONE, How.PAPER)

    def must_be_open(self) -> None:
        if self.until is not None and self.until < clock.today():
            raise closed_on(self.until)
        must_be_open(self.survey)


def must_be_open(survey: Survey) -> None:
    """Raises Closed and NotOpenYet, with the day."""
    if survey.takes_answers:
        return
    if survey.state == Survey.State.CLOSED and survey.closed_on:
        raise closed_on(survey.closed_on)
    over = survey.closes is not None and survey.closes < clock.today()
    if survey.state == Survey.State.OPEN and survey.closes and over:
        raise closed_on(survey.closes)
    raise NotOpenYet


def invited_identity(address_id: int, member_id: int | None) -> bytes:
    """What somebody's invitation is known by, whichever message it came in: a member by their number, so that an email
    and a text to the same person count once together."""
    return b"invited:%d" % address_id if member_id is None else b"member:%d" % member_id


def mark_of(survey_id: int, address_id: int, member_id: int | None = None) -> str:
    """The mark that stands in Answered once this invitation is used."""
    return sealing.mark("answered", survey_id, invited_identity(address_id, member_id))


def marker(survey_id: int, *, of_addresses: bool) -> Callable[[int], str]:
    """As mark_of, for a great many numbers of members (or OF_ADDRESSES) of one survey: the key is derived once."""
    mark = sealing.marker("answered", survey_id)
    if of_addresses:
        return lambda address_id: mark(invited_identity(address_id, None))
    return lambda member_id: mark(invited_identity(0, member_id))


def _identity(to: Recipient) -> bytes:
    return invited_identity(to.address_id, to.member_id)


def _pulse_identity(slice_id: int, address_id: int) -> bytes:
    return b"pulse:%d:%d" % (slice_id, address_id)


def pulse_mark(survey_id: int, slice_id: int, address_id: int) -> str:
    """The same for somebody who was asked after an alert: once for each alert, not once for ever."""
    return sealing.mark("answered", survey_id, _pulse_identity(slice_id, address_id))


def door(token: str) -> Door:
    """Raises LinkRefused for a token that is not ours, or whose message is no longer kept."""
    if len(token) == delivered.LENGTH:
        return _invited(token)
    own = tokens.read(token)
    survey = _surveys().filter(pk=own.survey_id).first()
    if survey is None:
        raise LinkRefused
    if own.invited is not None:
        return _called(token, survey, own.invited)
    return Door(token, survey, own.how, b"own:" + own.number, area_id=own.area_id)


def _called(token: str, survey: Survey, invited: tuple[int, int]) -> Door:
    """Somebody of ours fills in the questionnaire of an invitation. What they began by themselves stays theirs."""
    there = _invited(delivered.make(*invited))
    if there.survey.pk != survey.pk:
        raise LinkRefused
    return replace(there, token=token, how=How.TELEPHONE, draft=b"called:" + there.identity)


def _invited(token: str) -> Door:
    try:
        recipient = delivery.recipient(token)
    except (BadToken, NotFound):
        raise LinkRefused from None
    if recipient.renderer == "surveys.pulse":
        return _of_pulse(token, recipient)
    if recipient.renderer not in RENDERERS:
        raise LinkRefused
    survey = _surveys().filter(mailings=recipient.object_id).first()
    if survey is None:
        raise LinkRefused
    return Door(token, survey, How.INVITATION, _identity(recipient), recipient)


def _of_pulse(token: str, recipient: Recipient) -> Door:
    one = PulseSlice.objects.select_related("round__alert__topic").filter(pk=recipient.object_id).first()
    survey = _surveys().filter(pulse__isnull=False).first()
    if one is None or survey is None or one.round.alert.topic is None:
        raise LinkRefused
    company = cell(one.round.alert.topic.slug, one.arm, one.dose)
    identity = _pulse_identity(one.pk, recipient.address_id)
    return Door(token, survey, How.INVITATION, identity, recipient, company=company, until=one.round.closes)


def _surveys() -> QuerySet[Survey]:
    return Survey.objects.select_related("team__organisation", "live")


def language_of(survey: Survey, asked: str) -> str:
    """The language to ask in: the one asked for where the survey has it, else English ("")."""
    return next((code for code in survey.languages if code == asked or languages.base(code) == asked), "")
