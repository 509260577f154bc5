"""On its way: now or at a time, frozen, paused, recalled."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db import transaction

from peelian.accounts.models import Staff
from peelian.alerts import audience, charge, errors, holdout, policy, reach
from peelian.alerts.actions import practising, release, translating, writing
from peelian.alerts.actions.release import Stage
from peelian.alerts.actions.trail import claim, must, note
from peelian.alerts.audience import Forecast
from peelian.alerts.models import Alert, AlertArea
from peelian.audit.actions import SYSTEM
from peelian.core import clock, jobs
from peelian.core.errors import RuleBroken
from peelian.delivery import actions as delivery
from peelian.delivery.models import Lane, Priority, Send

RENDERER, PRACTICE_RENDERER = "alerts.alert", "alerts.practice"
PRIORITIES = {
    Alert.Priority.ROUTINE: Priority.ROUTINE,
    Alert.Priority.IMPORTANT: Priority.IMPORTANT,
    Alert.Priority.URGENT: Priority.URGENT,
}
OVERDUE = timedelta(minutes=1)


def send_now(
    *, alert: Alert, by: Staff, again: bool = False, confirmed: bool = False, stage: Stage | None = None
) -> Alert:
    """Send without a second person, where policy lets BY. Raises NeedsSecondPerson, NotADraft, and as release.check
    does.

    AGAIN: the same alert may go twice. CONFIRMED: the number of people was typed. STAGE: some go first.
    """
    return _release(alert, by=by, at=None, again=again, confirmed=confirmed, stage=stage)


def schedule(
    *, alert: Alert, at: datetime, by: Staff, again: bool = False, confirmed: bool = False, stage: Stage | None = None
) -> Alert:
    """As `send_now`, but at AT; without a zone, AT is the time on a London clock. Raises also PastTime, NotATime."""
    return _release(alert, by=by, at=at, again=again, confirmed=confirmed, stage=stage)


def sending_time(day: date, at: time) -> datetime:
    """The moment of a day and a time on a London clock; when the clocks go back, the first of the two. Raises PastTime,
    NotATime."""
    return release.planned_time(datetime.combine(day, at))


@transaction.atomic
def _release(
    alert: Alert, *, by: Staff, at: datetime | None, again: bool, confirmed: bool, stage: Stage | None
) -> Alert:
    must(by, "alerts.write")
    planned = release.planned_time(at)
    counted = release.check(alert, at=planned, again=again, confirmed=confirmed)
    reasons = policy.reasons(alert, by=by, people=counted.people)
    if reasons:
        raise errors.NeedsSecondPerson(reasons)
    claim(
        alert,
        states=[Alert.State.DRAFT],
        version=alert.version,
        refused=errors.NotADraft,
        state=Alert.State.SCHEDULED,
        released_by=by,
        people=counted.people,
        scheduled_for=planned,
        fingerprint=alert.fingerprint,
        stopped_because="",
        **release.stage_fields(stage),
    )
    verb = "alert.scheduled" if at else "alert.released"
    note(verb, alert, by=by, for_time=planned, overridden=release.overridden(alert), **release.counts(counted, alert))
    release.start_at(alert, planned)
    return alert


@transaction.atomic
def unschedule(*, alert: Alert, by: Staff) -> Alert:
    """Back to a draft before its time; an approval is void with it. Raises NotNow once it is being sent."""
    must(by, "alerts.write")
    _to_draft(alert)
    note("alert.unscheduled", alert, by=by)
    return alert


def _to_draft(alert: Alert, because: str = "") -> None:
    claim(
        alert,
        states=[Alert.State.SCHEDULED],
        state=Alert.State.DRAFT,
        scheduled_for=None,
        approved_by=None,
        approved_at=None,
        asked_by=None,
        asked_at=None,
        released_by=None,
        stopped_because=because[:300],
    )


def freeze(*, alert_id: int) -> bool:
    """Fix who gets the alert and start sending, in one transaction. Runs when its time has come, and may run twice.

    Returns whether this call did it. An audience that has meanwhile become nobody, or that grew past what its
    sender may send alone, goes back to draft with the reason, and nothing is sent.
    """
    with transaction.atomic():
        rows = Alert.objects.select_for_update(of=("self",)).select_related("team", "topic")
        alert = rows.filter(pk=alert_id).first()
        if alert is None:  # a practice alert whose 30 days were over
            return False
        due = alert.scheduled_for is not None and alert.scheduled_for <= clock.now()
        if alert.state != Alert.State.SCHEDULED or not due:
            return False
        if translating.must_wait(alert):
            return False
        try:
            counted = _recount(alert)
            with transaction.atomic():
                _open(alert, counted)
        except RuleBroken as problem:
            alert = Alert.objects.select_related("team", "topic").get(pk=alert_id)
            _to_draft(alert, because=str(problem))
            note("alert.stopped", alert, by=SYSTEM, why=type(problem).__name__, audience=alert.audience)
            return False
        return True


def _recount(alert: Alert) -> Forecast:
    """Whom it reaches now. Clauses that match nobody any more do no harm here; an empty audience does."""
    counted = audience.forecast(alert)
    if counted.people == 0:
        raise errors.NobodyThere
    assert alert.released_by is not None
    if alert.approved_by_id is None:
        reasons = policy.reasons(alert, by=alert.released_by, people=counted.people)
        if reasons:
            raise errors.NeedsSecondPerson(reasons)
    return counted


def _open(alert: Alert, counted: Forecast) -> None:
    alert.held_out = holdout.withhold(alert, people=counted.people)
    send = practising.open_send(alert) if alert.practice else _open_send(alert)
    now = clock.now()
    alert.state, alert.send, alert.people, alert.sent_at = Alert.State.SENDING, send, counted.people, now
    if alert.practice:
        alert.by_channel = practising.by_channel(send)
    else:
        # With one channel there is no need to count again, which takes as long as the freezing
        only = next(iter(counted.by_channel)) if len(counted.by_channel) == 1 else ""
        alert.by_channel = {only: send.recipients} if only else reach.recipients_by_channel(alert)
        writing.note_people(alert)
        AlertArea.objects.bulk_create(AlertArea(alert=alert, area_id=pk) for pk in reach.areas_shown(alert))
    assert alert.topic is not None
    alert.ends_on = alert.ends_on or clock.today() + timedelta(days=alert.topic.days_shown)
    alert.save(update_fields=["state", "send", "people", "sent_at", "ends_on", "by_channel", "held_out"])
    note(
        "alert.frozen", alert, by=SYSTEM, send=send.pk, recipients=send.recipients, people=counted.people,
        by_channel=alert.by_channel, audience=alert.audience, held_out=alert.held_out,
    )  # fmt: skip


def _open_send(alert: Alert) -> Send:
    assert alert.topic is not None
    rows = holdout.without(alert, audience.selection(alert).rows_sql())
    send = delivery.open_send(
        renderer=RENDERER,
        object_id=alert.pk,
        lane=Lane.URGENT if alert.priority == Alert.Priority.URGENT else Lane.ROUTINE,
        rows=rows,
        organisation_id=alert.team.organisation_id,
        topic_bit=alert.topic.bit,
        promotion=alert.topic.purpose == "promotion",
        priority=PRIORITIES[Alert.Priority(alert.priority)],
        counted=True,
        text_parts=charge.text_parts(alert),
        language_parts=charge.language_parts(alert),
        first_stage=alert.first_stage,
        stage_minutes=alert.stage_minutes,
    )
    charge.book(alert, send)
    return send


def freeze_overdue() -> int:
    """Enqueue again what should have gone a minute ago, should its job have been lost. Returns how many."""
    late = Alert.objects.filter(state=Alert.State.SCHEDULED, scheduled_for__lt=clock.now() - OVERDUE)
    ids = list(late.values_list("pk", flat=True))
    for pk in ids:
        jobs.enqueue("alerts.freeze", once_as=f"alerts.freeze:{pk}", alert_id=pk)
    return len(ids)


_STATES = {
    Send.State.SENT: (Alert.State.SENT, "alert.sent"),
    Send.State.PAUSED: (Alert.State.PAUSED, "alert.staged"),
    Send.State.SENDING: (Alert.State.SENDING, "alert.resumed"),
}


@transaction.atomic
def follow_send(send: Send) -> None:
    """The state of a send has changed by itself: if it is an alert's, the alert follows. For
    delivery.hooks.send_moved."""
    if send.renderer not in (RENDERER, PRACTICE_RENDERER):
        return
    state, verb = _STATES[Send.State(send.state)]
    if Alert.objects.filter(send=send, state__in=[Alert.State.SENDING, Alert.State.PAUSED]).update(state=state):
        note(verb, Alert.objects.get(send=send), by=SYSTEM, send=send.pk)


@transaction.atomic
def pause(*, alert: Alert, by: Staff) -> Alert:
    """Hand over nothing more for now. Raises NotNow unless it is being sent."""
    must(by, "alerts.write")
    claim(alert, states=[Alert.State.SENDING], state=Alert.State.PAUSED)
    delivery.pause(send_id=_send_id(alert), by=by)
    note("alert.paused", alert, by=by)
    return alert


@transaction.atomic
def resume(*, alert: Alert, by: Staff) -> Alert:
    """Go on where it was paused. Raises NotNow unless it is paused."""
    must(by, "alerts.write")
    claim(alert, states=[Alert.State.PAUSED], state=Alert.State.SENDING)
    delivery.resume(send_id=_send_id(alert), by=by)
    note("alert.resumed", alert, by=by)
    return alert


@transaction.atomic
def recall(*, alert: Alert, by: Staff) -> int:
    """Stop what is unsent and mark the public page. Returns how many deliveries were stopped. Raises NotNow unless
    it is out; what has been handed over cannot be called back."""
    must(by, "alerts.write")
    before = Alert.objects.values_list("state", flat=True).get(pk=alert.pk)
    claim(alert, states=[Alert.State.SENDING, Alert.State.PAUSED, Alert.State.SENT], state=Alert.State.RECALLED)
    stopped = 0 if before == Alert.State.SENT else delivery.recall(send_id=_send_id(alert), by=by)
    note("alert.recalled", alert, by=by, stopped=stopped)
    return stopped


def _send_id(alert: Alert) -> int:
    assert alert.send_id is not None
    return alert.send_id
