"""Writing an alert: drafts, autosave, counting, a test to oneself."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F

from peelian.accounts.models import Staff, Team
from peelian.accounts.queries import teams_to_write_for
from peelian.alerts import audience, errors
from peelian.alerts.actions.trail import must, note
from peelian.alerts.audience import Forecast
from peelian.alerts.markdown import one_line
from peelian.alerts.models import Alert, SavedText
from peelian.contacts import actions as contacts
from peelian.contacts.models import Address
from peelian.core import clock, jobs, limits
from peelian.core.references import with_new_ref

LONGEST_TITLE = 120
LONGEST_PART = 5_000
MOST_TESTS_AN_HOUR = 20

TEXTS = ("happening", "doing", "can_do")
FIELDS = ("title", "topic", "priority", *TEXTS, "audience", "channels", "restricted", "ends_on", "team")
FIXED = ("topic", "audience", "channels", "team")  # of an update or correction


@transaction.atomic
def create_draft(
    *,
    team: Team,
    by: Staff,
    template: SavedText | None = None,
    practice: bool = False,
    planned_for: date | None = None,
) -> Alert:
    """A draft in the name of one of BY's teams, empty or as TEMPLATE has it. PRACTICE is for training and stays so: it
    can never become an alert to residents. PLANNED_FOR is the day it is meant for. Raises NotAllowed, NotYourTeam."""
    must(by, "alerts.write")
    must_write_for(by, team)
    given: dict[str, Any] = {}
    if template is not None:
        given = {name: getattr(template, name) for name in ("title", "topic", *TEXTS)}
    return new_draft(team=team, by=by, practice=practice, planned_for=planned_for, **given)


def new_draft(*, by: Staff, **values: Any) -> Alert:
    """A draft with a ref of its own."""
    alert = with_new_ref(Alert, lambda ref: Alert.objects.create(ref=ref, author=by, **values))
    marked = {"practice": True} if alert.practice else {}
    note("alert.drafted", alert, by=by, team=alert.team_id, **marked)
    return alert


def must_write_for(by: Staff, team: Team) -> None:
    if not teams_to_write_for(by).filter(pk=team.pk).exists():
        raise errors.NotYourTeam


@transaction.atomic
def save_draft(*, alert: Alert, version: int, by: Staff, **fields: Any) -> Alert:
    """Keep what was written (FIELDS, any of those named above). VERSION is the one the writer had before them.

    Raises DraftChanged when somebody saved in between: it carries the alert as it is now and what was not saved. Raises
    NotADraft, NotAllowed, NotYourTeam, NotReady for text that is too long, Fixed for what an update may not change.
    Saving what is there already changes nothing.
    """
    must(by, "alerts.write")
    changes = _cleaned(fields)
    current = Alert.objects.select_related("team").get(pk=alert.pk)
    _check_changes(current, changes, by)
    if current.state == Alert.State.DRAFT and current.version == version:
        changes = {name: value for name, value in changes.items() if getattr(current, name) != value}
        if not changes:
            return current
    saved = Alert.objects.filter(pk=alert.pk, state=Alert.State.DRAFT, version=version)
    if not saved.update(**changes, version=F("version") + 1, saved_at=clock.now(), stopped_because=""):
        current.refresh_from_db()
        if current.state != Alert.State.DRAFT:
            raise errors.NotADraft
        raise errors.DraftChanged(current, fields)
    alert.refresh_from_db()
    shapes = {"audience": changes["audience"]} if "audience" in changes else {}
    note("alert.saved", alert, by=by, version=alert.version, fields=sorted(changes), **shapes)
    return alert


def _cleaned(fields: dict[str, Any]) -> dict[str, Any]:
    unknown = set(fields) - set(FIELDS)
    if unknown:
        raise TypeError(f"save_draft takes no {', '.join(sorted(unknown))}.")
    changes = dict(fields)
    if "title" in changes:
        changes["title"] = one_line(changes["title"])
    for name in TEXTS:
        if name in changes:
            changes[name] = changes[name].replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").strip()
    return changes


def _check_changes(current: Alert, changes: dict[str, Any], by: Staff) -> None:
    too_long = []
    if len(changes.get("title", "")) > LONGEST_TITLE:
        too_long.append(f"The title is longer than {LONGEST_TITLE} characters. Shorten it.")
    names = {"happening": "What is happening", "doing": "What we are doing", "can_do": "What you can do"}
    for name, heading in names.items():
        if len(changes.get(name, "")) > LONGEST_PART:
            too_long.append(f"“{heading}” is longer than {LONGEST_PART:,} characters. Shorten it.")
    if too_long:
        raise errors.NotReady(too_long)
    if current.relation and any(name in changes and getattr(current, name) != changes[name] for name in FIXED):
        raise errors.Fixed
    if "team" in changes and changes["team"] != current.team:
        must_write_for(by, changes["team"])


@transaction.atomic
def discard_draft(*, alert: Alert, by: Staff) -> None:
    """Throw a draft away. Raises NotADraft for anything that has been asked for, sent or scheduled."""
    must(by, "alerts.write")
    note("alert.discarded", alert, by=by)
    deleted, _ = Alert.objects.filter(pk=alert.pk, state=Alert.State.DRAFT).delete()
    if not deleted:
        raise errors.NotADraft


@transaction.atomic
def count_audience(*, alert: Alert, by: Staff, stored: dict[str, Any] | None = None) -> Forecast:
    """Whom the alert's audience reaches now, or the audience STORED in its place. Asking is in the trail, shape and
    number: counts of small shapes, asked again and again, could point at one person. Raises AudienceProblem."""
    if stored is not None:
        alert = _with_audience(alert, stored)
    counted = audience.forecast(alert)
    note("alert.counted", alert, by=by, audience=alert.audience, people=counted.people, by_channel=counted.by_channel)
    return counted


def _with_audience(alert: Alert, stored: dict[str, Any]) -> Alert:
    """A copy in memory: counting changes no draft."""
    copy = Alert(pk=alert.pk, ref=alert.ref, audience=stored, channels=alert.channels)
    copy.team, copy.topic, copy.relation = alert.team, alert.topic, alert.relation
    return copy


@transaction.atomic
def send_test(*, alert: Alert, by: Staff) -> None:
    """Send the alert, marked as a test, to the email address of BY and nobody else."""
    must(by, "alerts.write")
    if not alert.title or not any(getattr(alert, name) for name in TEXTS):
        raise errors.NotReady(["Write a title and at least one of the three parts first."])
    limits.limit(f"alerts.test:{by.pk}", most=MOST_TESTS_AN_HOUR, window=timedelta(hours=1))
    own = contacts.address(Address.Kind.EMAIL, by.email)
    note("alert.tested", alert, by=by, version=alert.version)
    jobs.enqueue(
        "delivery.transactional",
        queue=jobs.TRANSACTIONAL,
        renderer="alerts.test",
        object_id=alert.pk,
        address_id=own.pk,
        member_id=None,
    )
