"""Promising, saying what became of it, and telling everybody who raised it."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction

from peelian.accounts.models import Staff
from peelian.accounts.queries import nearest_team, teams_to_write_for
from peelian.alerts import actions as alerts
from peelian.alerts.models import Alert
from peelian.audit.actions import SYSTEM, record
from peelian.core import clamd, clock, files, jobs, pictures
from peelian.core.references import with_new_ref
from peelian.delivery import actions as delivery
from peelian.delivery import queries as deliveries
from peelian.delivery.models import Lane
from peelian.members.models import Topic
from peelian.places.models import Area
from peelian.priorities import errors, queries
from peelian.priorities.actions import papers
from peelian.priorities.actions.issues import check_area
from peelian.priorities.models import Issue, Priority, Promise, PromiseChange, PromisePaper, PromiseTold, Raiser

RENDERER = "priorities.promise"
LONGEST_SIDE = 1_200  # points of a picture
_State, _What = Promise.State, PromiseChange.What
ENDINGS = {_What.KEPT: _State.KEPT, _What.PARTLY: _State.PARTLY, _What.COULD_NOT: _State.COULD_NOT}


@transaction.atomic
def make_promise(
    *,
    area: Area,
    said: str,
    channel: str,
    will_do: str,
    due_on: date | None,
    owner: Staff,
    issues: Sequence[Issue],
    by: Staff,
    priority: Priority | None = None,
) -> Promise:
    """Write a promise; residents read it once somebody who may has published it. Raises NeedsDay without a day,
    DayPassed, NotYourArea, NoTeam."""
    check_area(area, by)
    day = checked_day(due_on)
    team = nearest_team(area)
    if team is None:
        raise errors.NoTeam
    now = clock.now()
    made = with_new_ref(
        Promise,
        lambda ref: Promise.objects.create(
            ref=ref, area=area, said=said, channel=channel, will_do=will_do, due_on=day, owner=owner, team=team,
            priority=priority, made_at=now, changed_at=now,
        ),
    )  # fmt: skip
    made.issues.set(issues)
    PromiseChange.objects.create(
        promise=made, what=_What.PROMISED, text=will_do, due_on=day, written_by=by, written_at=now
    )
    record("promise.written", "promise", made.pk, by=by, area=area.pk, due=due_on, issues=[one.pk for one in issues])
    return made


def checked_day(due_on: date | None) -> date:
    if due_on is None:
        raise errors.NeedsDay
    if due_on < clock.today():
        raise errors.DayPassed
    return due_on


@transaction.atomic
def change_draft(*, promise: Promise, by: Staff, issues: Sequence[Issue], **fields: Any) -> Promise:
    """Say it better before anybody has read it. Raises IsPublic, NeedsDay, DayPassed, NotYourArea."""
    current = Promise.objects.select_for_update().get(pk=promise.pk)
    if current.is_public:
        raise errors.IsPublic
    checked_day(fields["due_on"])
    check_area(fields["area"], by)
    for name in ("area", "said", "channel", "will_do", "due_on", "owner", "priority"):
        setattr(current, name, fields[name])
    current.save()
    current.issues.set(issues)
    waiting = current.changes.filter(published_at=None, what=_What.PROMISED)
    waiting.update(text=current.will_do, due_on=current.due_on, written_by=by, written_at=clock.now())
    record("promise.changed", "promise", current.pk, by=by, issues=[one.pk for one in issues])
    return current


@dataclass(frozen=True)
class Paper:
    """A PDF as it was given; `public` where residents may get it."""

    content: bytes
    title: str
    public: bool = False


def write_change(
    *,
    promise: Promise,
    what: str,
    text: str,
    by: Staff,
    due_on: date | None = None,
    photo: bytes = b"",
    alt: str = "",
    paper: Paper | None = None,
) -> PromiseChange:
    """Write what became of a promise. Where the virus scanner does not answer at once a paper is kept, waiting; where
    it finds something, nothing is. Raises NotPublic, PromiseEnded, NotEnded, NeedsDay, DayPassed, ChangeWaits,
    NotAPicture, NoAlt, NotAPaper, NoTitle, VirusFound, and core.files' TooLarge and Empty."""
    made = _write(promise, what, text, by, due_on, photo, alt, paper)
    if paper is not None:
        with suppress(clamd.NotChecked):
            papers.check_paper(change_id=made.pk, timeout=papers.AT_ONCE)
        made.paper.refresh_from_db()
        if made.paper.state == PromisePaper.State.INFECTED:
            discard_change(change=made, by=by)
            raise errors.VirusFound
    return made


@transaction.atomic
def _write(
    promise: Promise, what: str, text: str, by: Staff, due_on: date | None, photo: bytes, alt: str, paper: Paper | None
) -> PromiseChange:
    current = Promise.objects.select_for_update().get(pk=promise.pk)
    if not current.is_public:
        raise errors.NotPublic
    again = what == _What.REOPENED
    if again and current.state == _State.OPEN:
        raise errors.NotEnded
    if not again and current.state != _State.OPEN:
        raise errors.PromiseEnded
    if what in PromiseChange.WITH_A_DAY:
        checked_day(due_on)
    kept = _picture(photo, alt) if photo else {}
    try:
        with transaction.atomic():
            made = PromiseChange.objects.create(
                promise=current,
                what=what,
                text=text,
                due_on=due_on if what in PromiseChange.WITH_A_DAY else None,
                written_by=by,
                written_at=clock.now(),
                **kept,
            )
    except IntegrityError:
        raise errors.ChangeWaits from None
    if paper is not None:
        papers.put_paper(change=made, content=paper.content, title=paper.title, public=paper.public)
    record(
        "promise.change_written", "promise", current.pk, by=by, change=made.pk, what=what, picture=bool(kept),
        paper=paper is not None,
    )  # fmt: skip
    return made


def _picture(content: bytes, alt: str) -> dict[str, Any]:
    """Made anew, without where it was taken; the alerts' way."""
    alt = " ".join(alt.split())
    if not alt:
        raise errors.NoAlt
    if len(content) > files.LARGEST:
        raise files.TooLarge
    try:
        made, media_type = pictures.remade(content, LONGEST_SIDE)
    except (pictures.Unreadable, pictures.TooManyPoints):
        raise errors.NotAPicture from None
    width, height = pictures.size(made)
    kept = files.keep(made, media_type)
    return {"picture": kept, "key": secrets.token_urlsafe(16), "alt": alt, "width": width, "height": height}


@transaction.atomic
def discard_change(*, change: PromiseChange, by: Staff) -> None:
    """Throw away what waits to be published; of a promise nobody has read, the promise too. Raises ChangeGone."""
    promise = Promise.objects.select_for_update().get(pk=change.promise_id)
    if not PromiseChange.objects.filter(pk=change.pk, published_at=None).delete()[0]:
        raise errors.ChangeGone
    record("promise.change_discarded", "promise", promise.pk, by=by, what=change.what)
    if not promise.is_public:
        promise.delete()


@transaction.atomic
def publish_change(*, change: PromiseChange, by: Staff) -> Promise:
    """Residents read it from now on, and whoever raised it is told: now, or when quiet hours are over. Raises
    ChangeGone, DayPassed."""
    promise = Promise.objects.select_for_update().get(pk=change.promise_id)
    as_read = PromiseChange.objects.filter(pk=change.pk, published_at=None, written_at=change.written_at)
    current = as_read.select_for_update().first()
    if current is None:
        raise errors.ChangeGone
    if current.due_on is not None:
        checked_day(current.due_on)
    now = clock.now()
    PromiseChange.objects.filter(pk=current.pk).update(published_at=now, published_by=by)
    _follow(promise, current, now)
    record("promise.published", "promise", promise.pk, by=by, change=current.pk, what=current.what, state=promise.state)
    jobs.enqueue("priorities.tell", at=_when(now), change_id=current.pk)
    return promise


def _follow(promise: Promise, change: PromiseChange, now: datetime) -> None:
    """The promise as its last published change has it."""
    promise.changed_at = now
    if change.what == _What.PROMISED:
        promise.published_at, promise.first_due_on = now, promise.due_on
    if change.what in ENDINGS:
        promise.state, promise.did, promise.ended_on = ENDINGS[_What(change.what)], change.text, clock.today()
    elif change.what in (_What.PROMISED, _What.REOPENED, _What.LATER):
        promise.state, promise.ended_on = _State.OPEN, None
        promise.due_on = change.due_on or promise.due_on
    else:
        promise.did = change.text
    promise.save()


def _when(now: datetime) -> datetime | None:
    """None for at once, or when the quiet hours are over: an address that is nobody's has no hours of its own."""
    quiet = settings.PEELIAN_QUIET_HOURS
    local = now.astimezone(clock.LONDON)
    if not quiet or not clock.within(local.time(), *quiet):
        return None
    ends = clock.london(local.date(), quiet[1])
    return ends if ends > now else clock.london(local.date() + timedelta(days=1), quiet[1])


@transaction.atomic
def tell(*, change_id: int) -> bool:
    """Tell everybody who raised it of one change: once, whoever asks how often. Consent, what is stopped, the member's
    own hours and weekly limit hold as for every message (delivery.claim). True for the one caller that did."""
    change = PromiseChange.objects.select_for_update().select_related("promise__team__organisation").get(pk=change_id)
    if change.published_at is None or PromiseTold.objects.filter(change=change).exists():
        return False
    found = queries.audience_of(change.promise)
    send = None
    if found.count():
        send = delivery.open_send(
            renderer=RENDERER,
            object_id=change.pk,
            lane=Lane.ROUTINE,
            rows=found.rows_sql(),
            organisation_id=found.organisation.pk,
            counted=True,
        )
    people = send.recipients if send else 0
    PromiseTold.objects.create(change=change, send=send, people=people, at=clock.now())
    record("promise.told", "promise", change.promise_id, by=SYSTEM, change=change.pk, people=people)
    return True


@transaction.atomic
def stop_telling(*, token: str) -> Promise:
    """Whoever a message about a promise went to is told no more of it. Raises BadToken, NotFound, NoSuchPromise."""
    promise, recipient = told_by(token)
    issues = queries.family(list(promise.issues.values_list("pk", flat=True)))
    rows = Raiser.objects.filter(report__issue__in=issues, stopped_at=None)
    of_address = rows.filter(address_id=recipient.address_id)
    stopped = of_address.update(stopped_at=clock.now())
    if recipient.member_id:
        stopped += rows.filter(member_id=recipient.member_id).update(stopped_at=clock.now())
    record("promise.stopped", "promise", promise.pk, by=_Reader(recipient.member_id), rows=stopped)
    return promise


def told_by(token: str) -> tuple[Promise, deliveries.Recipient]:
    """The promise that a message was about, and whom it went to. Raises BadToken, NotFound, NoSuchPromise."""
    recipient = deliveries.recipient(token)
    promise = Promise.objects.filter(changes=recipient.object_id).first() if recipient.renderer == RENDERER else None
    if promise is None:
        raise errors.NoSuchPromise
    return promise, recipient


class _Reader:
    """Somebody who used a link: the member it was for, who need not be the one who used it."""

    def __init__(self, member_id: int | None) -> None:
        self.audit_actor: tuple[str, int | None, str] = ("member", member_id, "by link")


@transaction.atomic
def draft_alert(*, promise: Promise, by: Staff) -> Alert:
    """A draft that says what was said and what we did or will do, to everybody in the promise's area: to be read over
    and sent like any alert. Raises NotPublic, NotYourTeams, and what drafting raises."""
    if not promise.is_public:
        raise errors.NotPublic
    teams = teams_to_write_for(by).order_by("name")
    team = teams.filter(pk=promise.team_id).first() or teams.first()
    if team is None:
        raise errors.NotYourTeams
    alert = alerts.create_draft(team=team, by=by)
    address = settings.PEELIAN_BASE_URL + promise.get_absolute_url()
    ended = promise.state in Promise.ENDED
    doing = promise.did if ended else f"{promise.will_do}\n\n{promise.did}".strip()
    fields: dict[str, Any] = {
        "title": f"You said, we {'did' if ended else 'will do'}: {promise.said}"[:120].strip(),
        "happening": f"You told us: “{promise.said}”",
        "doing": doing,
        "can_do": f"Read what we promised and tell us what you think: {address}",
        "audience": {"clauses": [{"effect": "include", "kind": "areas", "values": [promise.area.code]}]},
    }
    if topic := Topic.objects.filter(slug="local-news").first():
        fields["topic"] = topic
    alert = alerts.save_draft(alert=alert, version=alert.version, by=by, **fields)
    record("promise.alert_drafted", "promise", promise.pk, by=by, alert=alert.pk)
    return alert
