"""Taking the answers of somebody invited by telephone: found by reference or address, each look with its reason."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from peelian.accounts.models import Staff
from peelian.audit.actions import record
from peelian.contacts import queries as contacts
from peelian.core import limits
from peelian.core.errors import RuleBroken
from peelian.delivery.models import Delivery
from peelian.surveys import queries, tokens
from peelian.surveys.doors import door, must_be_open
from peelian.surveys.errors import AnsweredAlready, NotAllowed
from peelian.surveys.frames.importing import reference_mark
from peelian.surveys.frames.models import FramePerson
from peelian.surveys.models import Survey

REASONS = {
    "asked": "They asked to answer by telephone",
    "help": "They cannot use the link, or need help with it",
    "silent": "We call those who have not answered",
}
LOOKS_AN_HOUR = 60


class NotInvited(RuleBroken):
    """Nobody with that reference, address or number was invited to this survey, or their list has been deleted."""


class NoReason(RuleBroken):
    """Choose why you look somebody up."""


def call(*, survey: Survey, who: str, reason: str, by: Staff) -> str:
    """The token of the questionnaire to fill in for somebody who was invited: their invitation counts as used by it.
    The look is in the trail, with its reason, whether it found anybody or not; what was typed is not. Raises
    NotAllowed, NoReason, Closed, NotOpenYet, NotInvited, AnsweredAlready, TooMany."""
    if not by.may("surveys.call"):
        raise NotAllowed
    if reason not in REASONS:
        raise NoReason
    must_be_open(survey)
    limits.limit(f"survey-call-{by.pk}", most=LOOKS_AN_HOUR, window=timedelta(hours=1))
    found = _looked_up(survey, who.strip(), reason, by)
    if found is None:
        raise NotInvited
    token = tokens.make_called(survey.pk, found.send_id, found.address_id)
    if queries.is_answered(door(token)):
        raise AnsweredAlready
    return token


@transaction.atomic
def _looked_up(survey: Survey, who: str, reason: str, by: Staff) -> Delivery | None:
    """Committed by itself, so that a look that leads nowhere is in the trail all the same."""
    found = _invited(survey, who)
    ids = [found.address_id] if found else []
    record("survey.invitee_looked_up", "survey", survey.ref, by=by, reason=reason, found=bool(found), addresses=ids)
    return found


def _invited(survey: Survey, who: str) -> Delivery | None:
    """The newest message of this survey to them."""
    mark = reference_mark(survey, who)
    person = FramePerson.objects.filter(survey=survey, reference=mark).values_list("address", flat=True).first()
    address = contacts.find(who) if person is None else None
    address_id = person or (address.pk if address else None)
    if address_id is None:
        return None
    sends = survey.mailings.filter(send__isnull=False).values("send")
    return Delivery.objects.filter(send__in=sends, address_id=address_id).order_by("-send").first()
