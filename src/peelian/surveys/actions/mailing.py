"""Inviting: the audience of an invitation, the second person where one is needed, and sending it."""

from __future__ import annotations

from typing import Any

import structlog
from django.db import transaction

from peelian.accounts.models import Staff
from peelian.alerts import policy
from peelian.audit.actions import record
from peelian.core import clock, gsm, jobs
from peelian.core.errors import RuleBroken
from peelian.core.messages import TOKEN
from peelian.delivery import actions as delivery
from peelian.delivery.models import Lane, Send
from peelian.surveys import inviting, queries, sampling
from peelian.surveys.actions.counting import forget_count
from peelian.surveys.errors import (
    DecidedAlready,
    GoesAlready,
    NotAllowed,
    NotReady,
    NotYoursToDecide,
    NotYourTeam,
    OwnInvitation,
    SentAlready,
    WaitsForApproval,
)
from peelian.surveys.frames.renderer import FrameRenderer
from peelian.surveys.inviting import Count
from peelian.surveys.models import Mailing, Sampled, Survey
from peelian.surveys.renderer import InvitationRenderer
from peelian.surveys.sampling import Plan

log = structlog.get_logger("peelian.surveys")
RENDERERS = {  # by kind, and whether it goes to a list
    (Mailing.Kind.INVITATION, False): "surveys.invitation",
    (Mailing.Kind.REMINDER, False): "surveys.reminder",
    (Mailing.Kind.INVITATION, True): "surveys.frame_invitation",
    (Mailing.Kind.REMINDER, True): "surveys.frame_reminder",
}


@transaction.atomic
def choose_audience(
    *, survey: Survey, by: Staff, audience: dict[str, Any], channels: int, sample: Plan | None = None
) -> Mailing:
    """Keep whom the next invitation goes to, all of them or a SAMPLE; nothing is sent. One at a time is being written.
    What a job has counted is kept while the choices are the same. Raises WaitsForApproval, GoesAlready, SentAlready."""
    must_write(survey, by)
    Survey.objects.select_for_update(no_key=True).get(pk=survey.pk)  # one at a time
    before = queries.unsent(survey)
    mailing = _to_change(before) if before else Mailing(survey=survey, by=by)
    same = (mailing.audience, mailing.channels, sampling.plan_of(mailing.settings)) == (audience, channels, sample)
    mailing.audience, mailing.channels, mailing.by = audience, channels, by
    if before is None or not same:
        mailing.settings = sampling.stored(sample)
        Sampled.objects.filter(mailing=before).delete()
    mailing.settings.pop("refused", None)
    mailing.save()
    return mailing


@transaction.atomic
def send_invitations(*, mailing: Mailing, by: Staff) -> Send | None:
    """Freeze the audience and send; None where it is so large that a job does. Raises NotReady with why BY may not,
    SentAlready, WaitsForApproval, GoesAlready."""
    must_write(mailing.survey, by)
    mailing = _to_change(mailing)
    counted = _counted(mailing, alone=by)
    mailing.by = by
    return _let_go(mailing, counted, by)


@transaction.atomic
def ask_for_approval(*, mailing: Mailing, by: Staff) -> Mailing:
    """Put an invitation before somebody who may approve it. Raises NotReady, SentAlready, WaitsForApproval."""
    must_write(mailing.survey, by)
    mailing = _to_change(mailing)
    counted = _counted(mailing)
    reasons = [one.code for one in inviting.reasons(mailing, by=by, people=counted.people)]
    mailing.asked_at, mailing.asked_by, mailing.by, mailing.people = clock.now(), by, by, counted.people
    mailing.save(update_fields=["asked_at", "asked_by", "by", "people"])
    given = {"people": counted.people, "mailing": mailing.pk, "reasons": reasons, "audience": mailing.audience}
    plan = sampling.stored(sampling.plan_of(mailing.settings))
    record("survey.invitation_asked", "survey", mailing.survey.ref, by=by, **given, **plan)
    return mailing


@transaction.atomic
def approve_invitation(*, mailing: Mailing, by: Staff) -> Send | None:
    """Let it go to whom it reaches now; None where a job does. Raises DecidedAlready, OwnInvitation, NotYoursToDecide,
    NotReady."""
    mailing = _to_decide(mailing, by)
    mailing.approved_by = by
    return _let_go(mailing, _counted(mailing), by)


@transaction.atomic
def invite_as_decided(*, mailing_id: int) -> None:
    """The job of an invitation to many that somebody let go: look whom it reaches now, and send. Where it may not go
    any more nobody is invited; its page, the trail and the log say why."""
    held = Mailing.objects.select_for_update(of=("self",)).filter(pk=mailing_id, send=None)
    mailing = held.select_related("survey__team__organisation", "by", "approved_by", "asked_by").first()
    if mailing is None or not mailing.is_being_made:
        return
    by = mailing.approved_by or mailing.by
    try:
        if not by.is_active:
            raise NotReady(["Whoever let it go works here no more."])
        counted = inviting.count(mailing)
        _may_go(mailing, counted, alone=None if mailing.approved_by else by)
    except RuleBroken as refused:
        forget_count(mailing)
        mailing.settings |= {"refused": str(refused)}
        mailing.approved_by = mailing.asked_at = mailing.asked_by = None
        mailing.save(update_fields=["settings", "approved_by", "asked_at", "asked_by"])
        record("survey.invitation_not_sent", "survey", mailing.survey.ref, by=by, because=str(refused))
        log.warning("invitation_not_sent", survey=mailing.survey_id, mailing=mailing.pk)
    else:
        _send(mailing, counted, by)


@transaction.atomic
def send_back_invitation(*, mailing: Mailing, by: Staff) -> Mailing:
    """Not like this: whoever asked chooses anew. Raises as approving does."""
    mailing = _to_decide(mailing, by)
    return _not_asked(mailing, by, "survey.invitation_returned")


@transaction.atomic
def take_back_invitation(*, mailing: Mailing, by: Staff) -> Mailing:
    """Withdraw the question before anybody has decided. Raises DecidedAlready."""
    must_write(mailing.survey, by)
    mailing = _held(mailing)
    if not mailing.waits:
        raise DecidedAlready
    return _not_asked(mailing, by, "survey.invitation_taken_back")


def may_decide(mailing: Mailing, by: Staff) -> bool:
    """Whether BY may approve it or send it back."""
    return mailing.waits and _refusal(mailing, by) is None


def _held(mailing: Mailing) -> Mailing:
    """Locked, as it is now. Raises SentAlready."""
    held = Mailing.objects.select_for_update(of=("self",)).select_related("survey__team__organisation")
    found = held.get(pk=mailing.pk)
    if found.send_id is not None:
        raise SentAlready
    return found


def _to_change(mailing: Mailing) -> Mailing:
    """Held. Raises SentAlready, WaitsForApproval, GoesAlready."""
    mailing = _held(mailing)
    if mailing.is_being_made:
        raise GoesAlready
    if mailing.waits:
        raise WaitsForApproval
    return mailing


def _counted(mailing: Mailing, alone: Staff | None = None) -> Count:
    """Of many as it is kept. Raises NotReady as _may_go does, and where many are not counted."""
    counted = inviting.kept(mailing)
    if counted is None:
        if inviting.are_many(mailing):
            raise NotReady(["They are counted first. Look at it again when it is said how many they are."])
        counted = inviting.count(mailing)
    _may_go(mailing, counted, alone)
    return counted


def _may_go(mailing: Mailing, counted: Count, alone: Staff | None = None) -> None:
    """Raises NotReady where it can go to nobody now, or where somebody may not send it ALONE."""
    found = inviting.stops(mailing, people=counted.people)
    if alone is not None:
        found += [one.sentence for one in inviting.reasons(mailing, by=alone, people=counted.people)]
    if found:
        raise NotReady(found)


def _let_go(mailing: Mailing, counted: Count, by: Staff) -> Send | None:
    if not counted.is_for_a_job:
        return _send(mailing, counted if counted.drawn else inviting.count(mailing), by)
    mailing.settings.pop("refused", None)
    mailing.settings |= {"looked": 0}
    mailing.people = counted.people
    mailing.save(update_fields=["people", "by", "approved_by", "settings"])
    jobs.enqueue("surveys.invite", mailing_id=mailing.pk)
    return None


def _send(mailing: Mailing, counted: Count, by: Staff) -> Send:
    drawn = counted.drawn
    assert drawn is not None
    send = freeze(mailing, drawn.rows)
    mailing.people = counted.people
    if drawn.table:
        forget_count(mailing)  # it was drawn anew: nothing of a draw before stays
    mailing.settings = sampling.sent(mailing.settings, drawn.strata)
    if mailing.survey.is_anonymous:
        Sampled.objects.filter(mailing=mailing).delete()
    else:
        drawn.remember(mailing.pk)
    mailing.save(update_fields=["people", "by", "approved_by", "settings"])
    given = {"people": counted.people, "send": send.pk, "mailing": mailing.pk, "audience": mailing.audience}
    if mailing.approved_by_id:
        given["asked_by"] = mailing.asked_by_id
    record("survey.invited", "survey", mailing.survey.ref, by=by, **given, **mailing.settings)
    return send


def freeze(mailing: Mailing, rows: tuple[str, dict[str, Any]]) -> Send:
    """Put ROWS into the ledger, as the mailing's send."""
    mailing.send = delivery.open_send(
        renderer=RENDERERS[Mailing.Kind(mailing.kind), mailing.frame_id is not None],
        object_id=mailing.pk,
        lane=Lane.ROUTINE,
        rows=rows,
        organisation_id=mailing.survey.team.organisation_id,
        counted=True,
        text_parts=_text_parts(mailing),
    )
    mailing.save(update_fields=["send"])
    return mailing.send


def _text_parts(mailing: Mailing) -> int:
    """How many parts a text of it has, in English."""
    shown = FrameRenderer() if mailing.frame_id else InvitationRenderer()
    return gsm.parts(shown.text(mailing.pk).replace(TOKEN, "A" * 28)).parts


def _to_decide(mailing: Mailing, by: Staff) -> Mailing:
    mailing = _held(mailing)
    if not mailing.waits:
        raise DecidedAlready
    if refused := _refusal(mailing, by):
        raise refused
    return mailing


def _refusal(mailing: Mailing, by: Staff) -> NotYoursToDecide | OwnInvitation | None:
    """By the rule of alerts: nobody decides on their own, and whoever decides covers the team."""
    if by.pk in (mailing.by_id, mailing.asked_by_id):
        return OwnInvitation()
    return NotYoursToDecide() if policy.refusal(inviting.as_alert(mailing), by) else None


def _not_asked(mailing: Mailing, by: Staff, verb: str) -> Mailing:
    mailing.asked_at = mailing.asked_by = None
    mailing.save(update_fields=["asked_at", "asked_by"])
    record(verb, "survey", mailing.survey.ref, by=by, mailing=mailing.pk)
    return mailing


def must_write(survey: Survey, by: Staff) -> None:
    if not by.may("surveys.write"):
        raise NotAllowed
    if not queries.may_write_for(by, survey.team):
        raise NotYourTeam
