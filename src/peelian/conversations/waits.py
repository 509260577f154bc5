"""The clock of a thread: it begins with the resident's first words that we have not answered, and ends with ours.
Everything here runs in its caller's transaction, with the thread locked."""

from __future__ import annotations

from peelian.accounts.models import Team
from peelian.conversations import promise
from peelian.conversations.desks import Desk
from peelian.conversations.models import Thread, Wait
from peelian.core import clock


def desk_of(team: Team) -> Desk:
    """How the team works; the default where nobody has set it."""
    try:
        return team.desk
    except Desk.DoesNotExist:
        return Desk(team=team)


def begin(thread: Thread) -> None:
    """Start the clock, unless it runs. The caller saves the thread."""
    began = thread.waiting_since or clock.now()
    thread.waiting_since = began
    thread.due_at = thread.due_at or promise.due(desk_of(thread.team), began)
    waits = Wait.objects.filter(thread=thread)
    if not waits.filter(ended_at=None).exists():
        Wait.objects.create(
            thread=thread,
            team_id=thread.team_id,
            area_id=thread.area_id,
            first=not waits.exists(),
            began_at=began,
            due_at=thread.due_at,
        )


def end(thread: Thread, how: Wait.End) -> None:
    """Stop the clock, if it runs. The caller saves the thread."""
    thread.waiting_since = thread.due_at = None
    Wait.objects.filter(thread=thread, ended_at=None).update(ended_at=clock.now(), outcome=how)


def move(thread: Thread, to: Team) -> None:
    """The conversation goes to another team: the resident has waited since the same moment, and the promise stands."""
    Wait.objects.filter(thread=thread, ended_at=None).update(team=to)
