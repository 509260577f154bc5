"""Proposing priorities, and agreeing a sector's list each fortnight with a reason for everything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from peelian.accounts.models import Staff
from peelian.audit.actions import record
from peelian.core import clock
from peelian.core.references import with_new_ref
from peelian.places.models import Area
from peelian.priorities import errors, queries
from peelian.priorities.models import Cycle, Decision, Issue, Priority
from peelian.priorities.models.lists import CYCLE

_What, _State = Decision.What, Priority.State


@dataclass(frozen=True)
class Choice:
    """What is to become of one priority: its place among those that stay (None: it is dropped), and why."""

    priority_id: int
    place: int | None
    why: str


@dataclass(frozen=True)
class Planned:
    """The same as it will be kept."""

    priority: Priority
    what: str
    rank: int | None
    why: str

    @property
    def label(self) -> str:
        return str(_What(self.what).label)


@transaction.atomic
def propose_priority(
    *,
    sector: Area,
    title: str,
    source: str,
    evidence: str,
    doing: str,
    public: bool,
    issues: Sequence[Issue],
    by: Staff,
) -> Priority:
    """Put something up for a sector's list; it comes onto it when the list is agreed. Raises SectorGone."""
    if sector.valid_to is not None:
        raise errors.SectorGone
    made = with_new_ref(
        Priority,
        lambda ref: Priority.objects.create(
            ref=ref, sector=sector, title=title, source=source, evidence=evidence, doing=doing, public=public,
            proposed_by=by, proposed_at=clock.now(),
        ),
    )  # fmt: skip
    made.issues.set(issues)
    record("priority.proposed", "priority", made.pk, by=by, sector=sector.pk, issues=[one.pk for one in issues])
    return made


@transaction.atomic
def change_priority(*, priority: Priority, by: Staff, issues: Sequence[Issue], **fields: object) -> Priority:
    """Say it better. What is on the list is changed by those who may agree it. Raises PriorityClosed, OnTheList."""
    current = Priority.objects.select_for_update().select_related("sector").get(pk=priority.pk)
    if current.state == _State.CLOSED:
        raise errors.PriorityClosed
    if current.state == _State.LISTED and not queries.may_agree(by, current.sector):
        raise errors.OnTheList
    unknown = set(fields) - {"title", "source", "evidence", "doing", "public"}
    if unknown:
        raise TypeError(f"change_priority takes no {', '.join(sorted(unknown))}.")
    for name, value in fields.items():
        setattr(current, name, value)
    current.save(update_fields=[*fields])
    current.issues.set(issues)
    record("priority.changed", "priority", current.pk, by=by, fields=sorted(fields), issues=[one.pk for one in issues])
    return current


@transaction.atomic
def move_priority(*, priority: Priority, to: Area, by: Staff) -> Priority:
    """Put a priority of a sector that ended up for another's list: it keeps all but its rank, and comes onto the list
    when that is agreed. Raises SectorGone, PriorityClosed."""
    current = Priority.objects.select_for_update().get(pk=priority.pk)
    if to.valid_to is not None:
        raise errors.SectorGone
    if current.state == _State.CLOSED:
        raise errors.PriorityClosed
    before = current.sector_id
    current.sector, current.state, current.rank = to, _State.PROPOSED, None
    current.save(update_fields=["sector", "state", "rank"])
    record("priority.moved", "priority", current.pk, by=by, before=before, to=to.pk)
    return current


def plan(priorities: Sequence[Priority], choices: Sequence[Choice]) -> list[Planned]:
    """What agreeing would decide: those that stay by their new rank, then those that are dropped. Raises ListChanged
    where the choices are not about just these, NeedsReason, NotOneOrder."""
    chosen = {one.priority_id: one for one in choices}
    if set(chosen) != {one.pk for one in priorities}:
        raise errors.ListChanged
    if any(not one.why.strip() for one in choices):
        raise errors.NeedsReason
    places = [one.place for one in choices if one.place is not None]
    if len(set(places)) != len(places):
        raise errors.NotOneOrder
    staying = sorted(
        (one for one in priorities if chosen[one.pk].place is not None), key=lambda one: chosen[one.pk].place or 0
    )
    order = [one.pk for one in staying if one.state == _State.LISTED]
    before = [one.pk for one in sorted(priorities, key=lambda one: one.rank or 0) if one.pk in order]
    planned = []
    for rank, one in enumerate(staying, 1):
        if one.state != _State.LISTED:
            what = _What.ADDED
        else:
            what = _What.KEPT if order.index(one.pk) == before.index(one.pk) else _What.MOVED
        planned.append(Planned(one, what, rank, chosen[one.pk].why.strip()))
    dropped = [one for one in priorities if chosen[one.pk].place is None]
    return planned + [Planned(one, _What.DROPPED, None, chosen[one.pk].why.strip()) for one in dropped]


@transaction.atomic
def agree_list(*, sector: Area, choices: Sequence[Choice], seen: str, by: Staff, starts: date | None = None) -> Cycle:
    """Agree a sector's list as it will be. SEEN is the fingerprint of what the person had before them; STARTS fixes the
    first cycle's first day. Raises SectorGone, ListChanged, TooEarly and what `plan` raises."""
    locked = Area.objects.select_for_update().only("pk", "valid_to").get(pk=sector.pk)
    if locked.valid_to is not None:
        raise errors.SectorGone
    on_it = Priority.objects.select_for_update().filter(sector=sector).exclude(state=_State.CLOSED)
    priorities = list(on_it.order_by("rank", "pk"))
    if queries.fingerprint(priorities) != seen:
        raise errors.ListChanged
    planned = plan(priorities, choices)
    cycle = _cycle(sector, starts, by)
    for one in planned:
        _decide(one, cycle, by)
    counts = {str(what): sum(one.what == what for one in planned) for what in _What.values}
    record("priorities.agreed", "cycle", cycle.pk, by=by, sector=sector.pk, begins=cycle.begins, **counts)
    return cycle


def _cycle(sector: Area, starts: date | None, by: Staff) -> Cycle:
    today, now = clock.today(), clock.now()
    begins = queries.next_cycle_begins(sector, today)
    if begins is None:
        first = starts or clock.week_start(today)
        if first > today:
            raise errors.TooEarly
        begins = first + ((today - first).days // CYCLE.days) * CYCLE
    found, new = Cycle.objects.get_or_create(
        sector=sector, begins=begins, defaults={"agreed_at": now, "last_at": now, "agreed_by": by}
    )
    if not new:
        found.last_at = now
        found.save(update_fields=["last_at"])
    return found


def _decide(planned: Planned, cycle: Cycle, by: Staff) -> None:
    one, today = planned.priority, clock.today()
    Decision.objects.create(
        cycle=cycle, priority=one, what=planned.what, rank_before=one.rank, rank=planned.rank, why=planned.why,
        by=by, at=cycle.last_at,
    )  # fmt: skip
    if planned.rank is None:
        one.state, one.rank, one.closed_on, one.closed_why = _State.CLOSED, None, today, planned.why
    else:
        one.state, one.rank, one.reviewed_on = _State.LISTED, planned.rank, today
        one.opened_on = one.opened_on or today
    one.save(update_fields=["state", "rank", "closed_on", "closed_why", "reviewed_on", "opened_on"])
