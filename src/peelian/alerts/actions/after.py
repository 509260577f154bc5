"""When it is out: taken away, followed up, ended."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from peelian.accounts.models import Staff
from peelian.alerts import audience, errors
from peelian.alerts.actions import release
from peelian.alerts.actions.drafting import LONGEST_PART, LONGEST_TITLE, must_write_for, new_draft
from peelian.alerts.actions.trail import claim, must, note
from peelian.alerts.markdown import one_line
from peelian.alerts.models import Alert
from peelian.core import clock
from peelian.delivery import actions as delivery

LONGEST_REASON = 200


@transaction.atomic
def withdraw(*, alert: Alert, reason: str, by: Staff) -> Alert:
    """Take the alert away from page, feeds and search, with a reason that is shown in its place, and stop what is
    unsent.

    Raises NotReady without a reason, NotNow for what was never out, NotAllowed.
    """
    must(by, "alerts.withdraw")
    reason = one_line(reason)
    if not reason:
        raise errors.NotReady(["Say why it is withdrawn: the reason stands where the alert was."])
    if len(reason) > LONGEST_REASON:
        raise errors.NotReady([f"The reason is longer than {LONGEST_REASON} characters. Shorten it."])
    before = Alert.objects.values_list("state", flat=True).get(pk=alert.pk)
    claim(
        alert,
        states=Alert.OUT,
        state=Alert.State.WITHDRAWN,
        withdrawn_at=clock.now(),
        withdrawn_reason=reason,
    )
    stopped = 0
    if before in (Alert.State.SENDING, Alert.State.PAUSED) and alert.send_id is not None:
        stopped = delivery.recall(send_id=alert.send_id, by=by)
    note("alert.withdrawn", alert, by=by, before=before, stopped=stopped)
    return alert


@transaction.atomic
def follow_up(*, alert: Alert, relation: str, by: Staff) -> Alert:
    """A new draft that updates or corrects an alert, to exactly those who were handed the first of them.

    It keeps the first's type, team and channels. An alert that was withdrawn may be corrected too: those who have
    it should hear. Raises NotNow for what was never out, NotYourTeam, NotAllowed.
    """
    must(by, "alerts.write")
    must_write_for(by, alert.team)
    first = alert.root
    if alert.practice or first.send_id is None or relation not in (Alert.Relation.UPDATE, Alert.Relation.CORRECTION):
        raise errors.NotNow
    lead = Alert.Relation(relation).label
    return new_draft(
        by=by,
        team=first.team,
        topic=first.topic,
        priority=first.priority,
        channels=first.channels,
        restricted=first.restricted,
        relation=relation,
        first=first,
        audience=audience.received(first.ref),
        title=f"{lead}: {first.title}"[:LONGEST_TITLE],
    )


@transaction.atomic
def set_outcome(*, alert: Alert, outcome: str, by: Staff) -> Alert:
    """What came of it: the page shows this at once, and nothing else once the alert has ended. Raises NotNow,
    NotReady."""
    must(by, "alerts.write")
    outcome = outcome.replace("\r\n", "\n").replace("\x00", "").strip()
    if len(outcome) > LONGEST_PART:
        raise errors.NotReady([f"That is longer than {LONGEST_PART:,} characters. Shorten it."])
    claim(alert, states=Alert.OUT, outcome=outcome)
    note("alert.outcome", alert, by=by)
    return alert


@transaction.atomic
def set_end_date(*, alert: Alert, ends_on: date, by: Staff) -> Alert:
    """Show the alert for longer or shorter. A day before today ends it at once. Raises BadEndDate, NotNow."""
    must(by, "alerts.write")
    sent = alert.sent_at or clock.now()
    release.check_end_date(alert, ends_on, sent_on=sent.astimezone(clock.LONDON).date())
    claim(alert, states=Alert.OUT, ends_on=ends_on)
    note("alert.end_date", alert, by=by, ends_on=ends_on)
    return alert
