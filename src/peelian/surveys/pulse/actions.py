"""Switching the pulse on and off, asking, counting who answered."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import timedelta

from django.db import connection, transaction
from django.db.models import Q

from peelian.accounts.models import Staff, Team
from peelian.alerts import holdout
from peelian.alerts.models import Alert
from peelian.audit.actions import SYSTEM, record
from peelian.core import clock
from peelian.core.references import with_new_ref
from peelian.delivery import actions as delivery
from peelian.delivery.models import Delivery, Lane
from peelian.members.models import Topic
from peelian.surveys.doors import pulse_mark
from peelian.surveys.errors import NotAllowed
from peelian.surveys.models import Answered, Survey, Version
from peelian.surveys.pulse import asked, drawing, renderer
from peelian.surveys.pulse.drawing import Part
from peelian.surveys.pulse.models import PulseProgramme, PulseRound, PulseSlice

RENDERER = "surveys.pulse"
DAYS_OPEN = 14
LATEST = timedelta(days=3)  # after it was due, nobody is asked about an alert any more
_LOCK = "SELECT pg_advisory_xact_lock(7307)"


def programme() -> PulseProgramme | None:
    """As it is kept; None before somebody saved it for the first time."""
    return PulseProgramme.objects.select_related("survey__team__organisation").first()


@transaction.atomic
def save_programme(
    *, by: Staff, team: Team, on: bool, topics: Collection[Topic], most: int, hours: int, rest_days: int
) -> PulseProgramme:
    """Keep how the pulse is asked. Switched on, it asks about alerts that go out from now. Raises NotAllowed."""
    if not by.may("surveys.pulse"):
        raise NotAllowed
    with connection.cursor() as cursor:
        cursor.execute(_LOCK)
    kept = programme() or PulseProgramme(pk=1, survey=_survey(by, team))
    if on and not kept.on:
        kept.since = clock.now()
    if kept.survey.team_id != team.pk:
        Survey.objects.filter(pk=kept.survey_id).update(team=team)
    kept.on, kept.most, kept.hours, kept.rest_days, kept.saved_by = on, most, hours, rest_days, by
    kept.save()
    kept.topics.set(topics)
    given = {"on": on, "most": most, "hours": hours, "rest_days": rest_days}
    record("pulse.saved", "pulse", kept.pk, by=by, topics=sorted(one.slug for one in topics), **given)
    return kept


def _survey(by: Staff, team: Team) -> Survey:
    """The questionnaire, which is the programme's own: nobody can change what all alerts are compared by."""
    words = asked.words()
    survey = with_new_ref(
        Survey, lambda ref: Survey.objects.create(ref=ref, team=team, author=by, open_link=False, **words)
    )
    survey.live = Version.objects.create(survey=survey, number=1, definition=asked.definition(), frozen=True)
    survey.state, survey.opened_on = Survey.State.OPEN, clock.today()
    survey.save(update_fields=["live", "state", "opened_on"])
    return survey


def ask_due() -> int:
    """Ask about every alert that went out so many hours ago. Returns about how many. Safe to run twice or at once."""
    kept = programme()
    if kept is None or not kept.on or kept.since is None:
        return 0
    until = clock.now() - timedelta(hours=kept.hours)
    since = max(kept.since, until - LATEST)
    due = Alert.objects.filter(
        _may_be_asked_about(), topic__in=kept.topics.all(), send__finished_at__range=(since, until),
        sent_at__gte=since - LATEST,
    ).exclude(pk__in=PulseRound.objects.values("alert"))  # fmt: skip
    return sum(ask(alert_id=pk) for pk in list(due.order_by("pk").values_list("pk", flat=True)))


def _may_be_asked_about() -> Q:
    """Not after what was urgent, nor after an update, nor where the words were for few: an answer would be about
    something else, or somebody in the middle of it would be asked how they feel."""
    fit = Q(state=Alert.State.SENT, practice=False, restricted=False, relation=Alert.Relation.NEW)
    return fit & ~Q(priority=Alert.Priority.URGENT)


@transaction.atomic
def ask(*, alert_id: int) -> bool:
    """Draw whom to ask about an alert and write to them, once. Returns whether this call did it. Who was held out is
    forgotten with that."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK)  # of two alerts at once neither asks whom the other asks
    kept = programme()
    alert = Alert.objects.select_related("send", "topic").get(pk=alert_id)
    if kept is None or not kept.on or PulseRound.objects.filter(alert=alert).exists():
        return False
    closes = clock.today() + timedelta(days=DAYS_OPEN)
    made = PulseRound.objects.create(alert=alert, seed=secrets.token_hex(16), closes=closes)
    counts: dict[str, int] = {}
    for part in drawing.parts(kept, alert, made.seed):
        counts[part.arm] = counts.get(part.arm, 0) + _open(made, part, kept)
    holdout.forget(alert)
    record("pulse.asked", "alert", alert.ref, by=SYSTEM, **counts)
    return True


def _open(made: PulseRound, part: Part, kept: PulseProgramme) -> int:
    """Write to those of one cell; returns how many addresses that is."""
    one = PulseSlice.objects.create(round=made, arm=part.arm, dose=part.dose)
    organisation = kept.survey.team.organisation
    one.send = delivery.open_send(
        renderer=RENDERER, object_id=one.pk, lane=Lane.ROUTINE, rows=drawing.rows_sql(part.members, organisation),
        organisation_id=organisation.pk, counted=True, text_parts=renderer.text_parts(one),
    )  # fmt: skip
    one.asked = one.send.recipients
    one.save(update_fields=["send", "asked"])
    return one.asked


def count_over() -> int:
    """Count once who answered the rounds that nobody can answer any more. Returns how many rounds."""
    over = PulseRound.objects.filter(counted=False, closes__lt=clock.today())
    return sum(_count(pk) for pk in list(over.values_list("pk", flat=True)))


@transaction.atomic
def _count(round_id: int) -> bool:
    """Their marks go with that: they kept a link from being used twice, and now it is not used at all."""
    made = PulseRound.objects.select_for_update().get(pk=round_id)
    kept = programme()
    if made.counted or kept is None:
        return False
    for one in made.slices.filter(send__isnull=False):
        addresses = Delivery.objects.filter(send=one.send).values_list("address_id", flat=True)
        marks = [pulse_mark(kept.survey_id, one.pk, address) for address in addresses]
        one.answered = Answered.objects.filter(survey_id=kept.survey_id, mark__in=marks).delete()[0]
        one.save(update_fields=["answered"])
    made.counted = True
    made.save(update_fields=["counted"])
    return True
