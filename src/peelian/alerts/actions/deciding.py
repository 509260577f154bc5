"""The second person: asking, approving, sending back. Nobody approves their own, nor what they asked for themselves."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from peelian.accounts.models import Staff
from peelian.alerts import errors, policy
from peelian.alerts.actions import release, translating
from peelian.alerts.actions.release import Stage
from peelian.alerts.actions.trail import claim, must, note
from peelian.alerts.models import Alert
from peelian.core import clock

LONGEST_COMMENT = 500


@transaction.atomic
def ask_for_approval(
    *,
    alert: Alert,
    by: Staff,
    at: datetime | None = None,
    again: bool = False,
    confirmed: bool = False,
    stage: Stage | None = None,
) -> Alert:
    """Put a draft before somebody who may approve it. AT is when it should go once approved; none: at once. The rest
    as in sending.send_now.

    Raises NotADraft, and what release.check and release.planned_time raise.
    """
    must(by, "alerts.write")
    planned = release.planned_time(at)
    counted = release.check(alert, at=planned, again=again, confirmed=confirmed)
    claim(
        alert,
        states=[Alert.State.DRAFT],
        version=alert.version,
        refused=errors.NotADraft,
        state=Alert.State.WAITING,
        asked_at=clock.now(),
        asked_by=by,
        people=counted.people,
        scheduled_for=planned if at else None,
        fingerprint=alert.fingerprint,
        stopped_because="",
        **release.stage_fields(stage),
    )
    release.record_decision(alert, "asked", by=by, people=counted.people)
    reasons = [reason.code for reason in policy.reasons(alert, by=by, people=counted.people)]
    note(
        "alert.asked",
        alert,
        by=by,
        reasons=reasons,
        for_time=at,
        overridden=release.overridden(alert),
        **release.counts(counted, alert),
    )
    translating.ask_for(alert)
    return alert


@transaction.atomic
def approve(
    *, alert: Alert, by: Staff, version: int | None = None, again: bool = False, confirmed: bool = False
) -> Alert:
    """Let an alert go, at the time that was asked for or, where that has passed or none was named, now.

    VERSION is the one the approver read. The audience is counted anew. Raises AlreadyDecided, OwnAlert,
    NotYoursToApprove and what release.check raises.
    """
    _must_decide(alert, by)
    planned = max(alert.scheduled_for or clock.now(), clock.now())
    counted = release.check(alert, at=planned, again=again, confirmed=confirmed)
    claim(
        alert,
        states=[Alert.State.WAITING],
        version=version,
        refused=errors.AlreadyDecided,
        state=Alert.State.SCHEDULED,
        approved_at=clock.now(),
        approved_by=by,
        released_by=by,
        people=counted.people,
        scheduled_for=planned,
        fingerprint=alert.fingerprint,
    )
    release.record_decision(alert, "approved", by=by, people=counted.people)
    overridden = release.overridden(alert)
    note("alert.approved", alert, by=by, for_time=planned, overridden=overridden, **release.counts(counted, alert))
    release.start_at(alert, planned)
    return alert


@transaction.atomic
def send_back(*, alert: Alert, comment: str, by: Staff) -> Alert:
    """Return an alert to its author with what should change. Raises NotReady without a comment, and as `approve`
    does."""
    _must_decide(alert, by)
    comment = comment.replace("\x00", "").strip()
    if not comment:
        raise errors.NotReady(["Say what should change, so that the author can change it."])
    if len(comment) > LONGEST_COMMENT:
        raise errors.NotReady([f"The comment is longer than {LONGEST_COMMENT} characters. Shorten it."])
    _back_to_draft(alert)
    release.record_decision(alert, "returned", by=by, people=alert.people or 0, comment=comment)
    note("alert.returned", alert, by=by)
    return alert


@transaction.atomic
def take_back(*, alert: Alert, by: Staff) -> Alert:
    """Withdraw the question before anybody has decided, to go on writing. Raises AlreadyDecided."""
    must(by, "alerts.write")
    _back_to_draft(alert)
    note("alert.taken_back", alert, by=by)
    return alert


def _must_decide(alert: Alert, by: Staff) -> None:
    alert.refresh_from_db()
    if alert.state != Alert.State.WAITING:
        raise errors.AlreadyDecided
    refused = policy.refusal(alert, by)
    if refused is not None:
        raise refused


def _back_to_draft(alert: Alert) -> None:
    claim(
        alert,
        states=[Alert.State.WAITING],
        refused=errors.AlreadyDecided,
        state=Alert.State.DRAFT,
        asked_at=None,
        asked_by=None,
        scheduled_for=None,
    )
