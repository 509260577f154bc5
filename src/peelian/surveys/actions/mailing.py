"""Inviting: the audience of an invitation, and sending it."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from peelian.accounts.models import Staff
from peelian.audit.actions import record
from peelian.delivery import actions as delivery
from peelian.delivery.models import Lane, Send
from peelian.surveys import inviting, queries, renderer
from peelian.surveys.errors import NotAllowed, NotReady, NotYourTeam, SentAlready
from peelian.surveys.inviting import Count
from peelian.surveys.models import Mailing, Survey

RENDERERS = {Mailing.Kind.INVITATION: "surveys.invitation", Mailing.Kind.REMINDER: "surveys.reminder"}


@transaction.atomic
def choose_audience(*, survey: Survey, by: Staff, audience: dict[str, Any], channels: int) -> Mailing:
    """Keep whom the next invitation goes to; nothing is sent. One at a time is being written."""
    _must_write(survey, by)
    mailing = queries.unsent(survey) or Mailing(survey=survey, by=by)
    mailing.audience, mailing.channels, mailing.by = audience, channels, by
    mailing.save()
    return mailing


def count_audience(*, mailing: Mailing, by: Staff) -> Count:
    """Whom it reaches now. The count goes into the trail, with its shape. Raises AudienceProblem."""
    counted = inviting.count(mailing)
    given = {"people": counted.people, "audience": mailing.audience}
    record("survey.audience_counted", "survey", mailing.survey.ref, by=by, **given)
    return counted


@transaction.atomic
def send_invitations(*, mailing: Mailing, by: Staff) -> Send:
    """Freeze the audience and send. Raises NotReady with why BY may not, SentAlready."""
    _must_write(mailing.survey, by)
    held = Mailing.objects.select_for_update(of=("self",)).select_related("survey__team__organisation")
    mailing = held.get(pk=mailing.pk)
    if mailing.send_id is not None:
        raise SentAlready
    counted = inviting.count(mailing)
    if found := inviting.reasons(mailing, by=by, people=counted.people):
        raise NotReady(found)
    send = delivery.open_send(
        renderer=RENDERERS[Mailing.Kind(mailing.kind)],
        object_id=mailing.pk,
        lane=Lane.ROUTINE,
        rows=inviting.rows_sql(mailing),
        organisation_id=mailing.survey.team.organisation_id,
        counted=True,
        text_parts=renderer.text_parts(mailing),
    )
    mailing.send, mailing.people, mailing.by = send, counted.people, by
    mailing.save(update_fields=["send", "people", "by"])
    given = {"people": counted.people, "send": send.pk, "mailing": mailing.pk, "audience": mailing.audience}
    record("survey.invited", "survey", mailing.survey.ref, by=by, **given)
    return send


def _must_write(survey: Survey, by: Staff) -> None:
    if not by.may("surveys.write"):
        raise NotAllowed
    if not queries.may_write_for(by, survey.team):
        raise NotYourTeam
