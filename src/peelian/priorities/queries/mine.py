"""What one member raised, and what came of it: for their own eyes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

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
    at_last = Coalesce(F("issue__merged_into_id"), F("issue_id"))
    promised = Promise.issues.through.objects.annotate(root=at_last).filter(root__in=found)
    promised = promised.exclude(promise__state=Promise.State.DRAFT).select_related("promise__area")
    for row in promised.order_by("-promise__published_at", "-promise__pk"):
        if row.promise not in found[row.root].promises:
            found[row.root].promises.append(row.promise)
    listed = Priority.issues.through.objects.annotate(root=at_last).filter(root__in=found)
    listed = listed.filter(priority__state=Priority.State.LISTED, priority__public=True)
    for row in listed.filter(priority__sector__valid_to=None).select_related("priority__sector").order_by("priority"):
        found[row.root].priority = row.priority
    return list(found.values()), rows[0][2]
