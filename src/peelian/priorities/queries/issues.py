"""Reads of issues."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db import connection
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from peelian.accounts.models import Staff
from peelian.core.errors import NotFound
from peelian.core.raising import IssueSource, Raised, issue_sources
from peelian.places import queries as places
from peelian.places.models import Area
from peelian.priorities.errors import NoSuchIssue
from peelian.priorities.models import Issue, IssueReport, Merge, Raiser
from peelian.priorities.queries.areas import in_scope

MOST_SIMILAR = 5
SHOWN = {"open": "Open", "new": "On no priority and without a promise", "closed": "Closed", "all": "All"}
STATES = {"open": Q(closed_on=None), "closed": Q(closed_on__isnull=False)}


def issues_for(
    staff: Staff, *, show: str = "open", q: str = "", area: Area | None = None, source: str = ""
) -> QuerySet[Issue]:
    """The person's issues, each with `raised` (how often it was raised, all that is merged into it included). Q is
    looked for in the words, AREA includes all below it, SOURCE is where it was raised."""
    found = in_scope(Issue.objects.filter(merged_into=None).filter(STATES.get(show, Q())), staff)
    if area is not None:
        found = found.filter(area__in=places.with_descendants([area.pk]))
    if q:
        found = found.annotate(found=SearchVector("words", config="english")).filter(
            found=SearchQuery(q, config="english", search_type="websearch")
        )
    if source:
        of_source = IssueReport.objects.filter(source=source).annotate(at_last=_at_last("issue__"))
        found = found.filter(pk__in=of_source.values("at_last"))
    return found.select_related("area").annotate(raised=_times_raised())


def _at_last(prefix: str = "") -> Coalesce:
    """The issue that one is the same as, or itself."""
    return Coalesce(F(f"{prefix}merged_into_id"), F(f"{prefix}id"))


def _times_raised() -> Coalesce:
    same = Q(issue=OuterRef("pk")) | Q(issue__merged_into=OuterRef("pk"))
    counted = IssueReport.objects.filter(same).order_by().annotate(all=Value(1)).values("all")
    return Coalesce(Subquery(counted.annotate(n=Count("pk")).values("n")), 0)


def issue_for(staff: Staff, ref: str) -> Issue:
    """One issue, merged or not; NoSuchIssue when it is out of scope."""
    found = in_scope(Issue.objects.filter(ref=ref), staff).select_related("area", "merged_into", "made_by").first()
    if found is None:
        raise NoSuchIssue
    return found


def family(issue_ids: list[int]) -> list[int]:
    """These issues, what they are merged into, and all that is merged into it."""
    last = Issue.objects.filter(pk__in=issue_ids).annotate(at_last=_at_last()).values_list("at_last", flat=True)
    roots = list(last)
    return list(Issue.objects.filter(Q(pk__in=roots) | Q(merged_into__in=roots)).values_list("pk", flat=True))


def reports_of(issue: Issue) -> QuerySet[IssueReport]:
    """Each time it was raised, all that is merged into it included, the first first."""
    found = IssueReport.objects.filter(Q(issue=issue) | Q(issue__merged_into=issue))
    return found.select_related("issue").order_by("day", "pk")


def last_merge(issue: Issue) -> Merge | None:
    """The merge that brought it into another, while that can be undone."""
    found = Merge.objects.filter(gone=issue, undone_at=None).select_related("kept").order_by("-at").first()
    return found if found is not None and found.may_be_undone else None


def issues_of_source(code: str, pk: int) -> list[Issue]:
    """The issues that one thing somebody raised is in, as they stand today."""
    rows = IssueReport.objects.filter(source=code, source_id=pk).annotate(at_last=_at_last("issue__"))
    return list(Issue.objects.filter(pk__in=rows.values("at_last")).select_related("area").order_by("pk"))


_SIMILAR = """
WITH asked AS (SELECT replace(plainto_tsquery('english', %(words)s)::text, '&', '|')::tsquery AS q)
SELECT i.id FROM priorities_issue i, asked
 WHERE asked.q <> ''::tsquery AND to_tsvector('english'::regconfig, coalesce(i.words, '')) @@ asked.q
   AND i.area_id = ANY(%(areas)s) AND i.merged_into_id IS NULL AND i.closed_on IS NULL AND i.id <> %(but)s
 ORDER BY ts_rank(to_tsvector('english'::regconfig, coalesce(i.words, '')), asked.q) DESC, i.id DESC LIMIT %(most)s
"""


def similar(staff: Staff, words: str, area: Area, *, but: Issue | None = None) -> list[Issue]:
    """Open issues that share words with these, in the area, those above and all below it, the most alike first; those
    the person may see."""
    wanted = places.with_descendants([area.pk]) | {one.pk for one in places.ancestors(area)}
    values: dict[str, Any] = {
        "words": words,
        "areas": list(wanted),
        "but": but.pk if but else 0,
        "most": MOST_SIMILAR * 4,
    }
    with connection.cursor() as cursor:
        cursor.execute(_SIMILAR, values)
        ids = [row[0] for row in cursor.fetchall()]
    rows = {one.pk: one for one in issues_for(staff).filter(pk__in=ids)}
    return [rows[pk] for pk in ids if pk in rows][:MOST_SIMILAR]


def raised(staff: Staff, code: str, pk: int) -> tuple[IssueSource, Raised]:
    """What was raised, from where it was heard. NotFound where there is no such source, or it is not theirs to read."""
    source = issue_sources.get(code)
    if source is None:
        raise NotFound
    return source, source.read(staff, pk)


@dataclass(frozen=True)
class WantsToKnow:
    """How many people are told what comes of an issue: never who."""

    members: int
    addresses: int

    @property
    def people(self) -> int:
        return self.members + self.addresses


def wants_to_know(issues: list[int]) -> WantsToKnow:
    """How many wanted to be told when they raised these issues, each once; whether they still can be is asked when
    something goes."""
    rows = Raiser.objects.filter(report__issue__in=family(issues), stopped_at=None)
    members = rows.filter(member__isnull=False).values("member").distinct().count()
    return WantsToKnow(members, rows.filter(address__isnull=False).values("address").distinct().count())


@dataclass(frozen=True)
class HeardRow:
    """One report on the page of an issue; `url` leads to where it was heard, where the person may read that."""

    report: IssueReport
    url: str
    from_merged: bool


def heard_in(staff: Staff, issue: Issue) -> list[HeardRow]:
    """Each time it was raised, with a link for those who may follow it."""
    rows = []
    for one in reports_of(issue):
        source = issue_sources.get(one.source)
        url = source.url(one.source_id) if source and one.source_id and _may_read(staff, source, one.source_id) else ""
        rows.append(HeardRow(one, url, one.issue_id != issue.pk))
    return rows


def _may_read(staff: Staff, source: IssueSource, pk: int) -> bool:
    try:
        source.read(staff, pk)
    except NotFound:
        return False
    return True


def merges_into(issue: Issue) -> list[Merge]:
    """What was merged into it within the last day, the newest first."""
    rows = Merge.objects.filter(kept=issue, undone_at=None).select_related("gone").order_by("-at")
    return [one for one in rows if one.may_be_undone]
