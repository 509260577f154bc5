"""The least that issues, lists and promises need."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from peelian.accounts.models import Staff
from peelian.core import clock
from peelian.places.models import Area
from peelian.priorities import actions, queries
from peelian.priorities.actions.issues import Heard
from peelian.priorities.actions.lists import Choice
from peelian.priorities.models import Cycle, Issue, Priority, Promise, PromiseChange


def make_issue(area: Area, by: Staff, words: str = "Cars race along Mill Lane at night.", **given: Any) -> Issue:
    """Told to an officer, unless a source is given."""
    given.setdefault("label", "Told to an officer")
    given.setdefault("day", clock.today())
    return actions.make_issue(words=words, area=area, heard=Heard(**given), by=by)


def told_by(*member_ids: int, day: date | None = None, source_id: int = 1) -> Heard:
    """Heard from members by the source that conversations have."""
    when = day or clock.today()
    return Heard("A message to the team", when, "conversations.thread", source_id, None, tuple(member_ids))


def make_priority(sector: Area, by: Staff, title: str = "Racing cars on Mill Lane", **given: Any) -> Priority:
    fields = {"source": "community", "evidence": "41 calls in May.", "doing": "We patrol there.", "public": True}
    return actions.propose_priority(sector=sector, title=title, by=by, **{**fields, "issues": [], **given})


def agree(sector: Area, by: Staff, *order: Priority, drop: tuple[Priority, ...] = (), **given: Any) -> Cycle:
    """Agree the list in this order."""
    choices = [Choice(one.pk, place, "Still raised.") for place, one in enumerate(order, 1)]
    choices += [Choice(one.pk, None, "Solved.") for one in drop]
    seen = queries.fingerprint(list(queries.open_priorities(sector)))
    return actions.agree_list(sector=sector, choices=choices, seen=given.pop("seen", seen), by=by, **given)


def make_promise(area: Area, by: Staff, *issues: Issue, publisher: Staff | None = None, **given: Any) -> Promise:
    """Public where a PUBLISHER is given; due in ten days."""
    fields = {"said": "Cars race at night.", "channel": "In messages to the team", "will_do": "We check speed weekly."}
    due = given.pop("due_on", clock.today() + timedelta(days=10))
    made = actions.make_promise(
        area=area, by=by, due_on=due, **{**fields, "owner": by, "issues": list(issues), **given}
    )
    if publisher is not None:
        publish(made, publisher)
    return made


def publish(promise: Promise, by: Staff) -> PromiseChange:
    change = promise.changes.get(published_at=None)
    actions.publish_change(change=change, by=by)
    promise.refresh_from_db()
    change.refresh_from_db()
    return change


def say(promise: Promise, what: str, by: Staff, text: str = "We checked speed.", **given: Any) -> PromiseChange:
    actions.write_change(promise=promise, what=what, text=text, by=by, **given)
    return publish(promise, by)
