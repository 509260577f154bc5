"""What one member raised, and what came of it: for their own eyes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import F
from django.db.models.functions import Coalesce

from peelian.priorities.models import Issue, Priority, Promise
from peelian.priorities.queries.telling import BUT_SENSITIVE

# By name alone, never by an address that a household shares; what is the same counts as one. Of a conversation that is
# sensitive nothing stands on a page that whoever shares the screen could read
_RAISED = f"""
SELECT coalesce(i.merged_into_id, i.id), min(p.day), count(*) OVER () FROM priorities_raiser r
  JOIN priorities_issuereport p ON p.id = r.report_id JOIN priorities_issue i ON i.id = p.issue_id
 WHERE r.member_id = %(member)s AND {BUT_SENSITIVE}
 GROUP BY 1 ORDER BY 2 DESC, 1 DESC LIMIT %(most)s
"""


SHOWN = [Promise.State.OPEN, *Promise.ENDED]


@dataclass
class Mine:
    """An issue as staff wrote it down, on the day on which the member raised it first, with what is public of it."""

    issue: Issue
    on: date
    promises: list[Promise] = field(default_factory=list)  # the newest first
    priority: Priority | None = None  # of an agreed list that residents read

    @property
    def is_closed(self) -> bool:
        return self.issue.closed_on is not None


def raised_by(member_id: int, most: int) -> tuple[list[Mine], int]:
    """What the member raised, the newest first, MOST at most, and how much there is in all. Four statements."""
    with connection.cursor() as cursor:
        cursor.execute(_RAISED, {"member": member_id, "most": most})
        rows = cursor.fetchall()
    if not rows:
        return [], 0
    issues = Issue.objects.select_related("area").in_bulk([row[0] for row in rows])
    found = {pk: Mine(issues[pk], day) for pk, day, _ in rows}
    for root, promise in _linked(Promise.issues.through, "promise", found, state__in=SHOWN):
        if promise not in found[root].promises:
            found[root].promises.append(promise)
    listed = {"state": Priority.State.LISTED, "public": True, "sector__valid_to": None}
    for root, priority in _linked(Priority.issues.through, "priority", found, **listed):
        found[root].priority = priority
    return list(found.values()), rows[0][2]


def _linked(through: Any, name: str, roots: Iterable[int], **public: Any) -> list[tuple[int, Any]]:
    """What is linked to these issues or to any that is merged into them, each with the issue at last; newest first."""
    at_last = Coalesce(F("issue__merged_into_id"), F("issue_id"))
    rows = through.objects.annotate(root=at_last).filter(root__in=list(roots))
    rows = rows.filter(**{f"{name}__{field}": value for field, value in public.items()})
    place = "area" if name == "promise" else "sector"
    return [(one.root, getattr(one, name)) for one in rows.select_related(f"{name}__{place}").order_by(f"-{name}_id")]
