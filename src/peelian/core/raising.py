"""What people raised with us, wherever they said it: in a reply, at a meeting, in a survey, in the street. The app that
heard it registers a source; priorities, which knows none of them, reads it there when somebody makes an issue of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from peelian.core.registries import Registry


@dataclass(frozen=True)
class Raised:
    """One thing that was raised. `said` is in the words it was heard in; `people` is how many said it, where that was
    counted. `member_ids` and `address_ids` are those who are told what comes of it, by their own channel: ids only, and
    nobody who raised it without a name."""

    said: str
    on: date
    area_id: int | None = None
    people: int | None = None
    member_ids: tuple[int, ...] = ()
    address_ids: tuple[int, ...] = ()


@dataclass(frozen=True)
class IssueSource:
    """Where something can be raised. `label` is what the public reads: "Reply to an alert". `read` gives one thing by
    its id to a member of staff, and raises core.errors.NotFound where it is not theirs to see. `url` is where they read
    more of it; empty where there is no page."""

    code: str
    label: str
    read: Callable[[Any, int], Raised]
    url: Callable[[int], str] = lambda pk: ""


# Under the source's code: "conversations.thread", "events.raised", "surveys.comment", "events.street"
issue_sources: Registry[IssueSource] = Registry("issue_sources")
