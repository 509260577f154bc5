"""Making an issue of what was raised, merging what is the same, closing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction

from peelian.accounts.models import Staff
from peelian.accounts.queries import scope_area_ids
from peelian.audit.actions import record
from peelian.core import clock
from peelian.core.raising import IssueSource, Raised
from peelian.core.references import with_new_ref
from peelian.places.models import Area
from peelian.priorities import errors
from peelian.priorities.models import Issue, IssueReport, Merge, Raiser
from peelian.priorities.models.issues import BY_HAND
from peelian.priorities.naming import names_one_of


@dataclass(frozen=True)
class Heard:
    """Where and when something was raised, and who is told what comes of it. `source_id` is None for what was told to
    an officer: then nobody's name is kept, and nobody is told."""

    label: str
    day: date
    source: str = BY_HAND
    source_id: int | None = None
    people: int | None = None
    member_ids: tuple[int, ...] = ()
    address_ids: tuple[int, ...] = ()

    @classmethod
    def of(cls, source: IssueSource, pk: int, raised: Raised) -> Heard:
        return cls(
            source.label, raised.on, source.code, pk, raised.people, tuple(raised.member_ids), tuple(raised.address_ids)
        )


def _words(text: str, heard: Heard | None) -> str:
    words = " ".join(text.replace("\x00", "").split())
    if not words:
        raise errors.NoWords
    if heard is not None and names_one_of(words, heard.member_ids):
        raise errors.NamesSomebody
    return words


def check_area(area: Area, by: Staff) -> None:
    """Raises NotYourArea where the person does not work there."""
    ids = scope_area_ids(by)
    if ids is not None and area.pk not in ids:
        raise errors.NotYourArea


@transaction.atomic
def make_issue(*, words: str, area: Area, heard: Heard, by: Staff) -> Issue:
    """An issue in AREA, raised as HEARD. Raises NoWords, NamesSomebody, NotYourArea."""
    said = _words(words, heard)
    check_area(area, by)
    now = clock.now()
    issue = with_new_ref(
        Issue,
        lambda ref: Issue.objects.create(
            ref=ref, words=said, area=area, first_raised=heard.day, made_by=by, made_at=now
        ),
    )
    record("issue.made", "issue", issue.pk, by=by, area=area.pk, source=heard.source, source_id=heard.source_id)
    _report(issue, heard, by)
    return issue


@transaction.atomic
def add_report(*, issue: Issue, heard: Heard, by: Staff) -> IssueReport:
    """The same was raised once more. Raises RaisedAlready, MergedAlready, IssueClosed."""
    current = Issue.objects.select_for_update().get(pk=issue.pk)
    if current.merged_into_id:
        raise errors.MergedAlready
    if current.closed_on:
        raise errors.IssueClosed
    made = _report(current, heard, by)
    if heard.day < current.first_raised:
        current.first_raised = heard.day
        current.save(update_fields=["first_raised"])
    record("issue.raised_again", "issue", issue.pk, by=by, source=heard.source, source_id=heard.source_id)
    return made


def _report(issue: Issue, heard: Heard, by: Staff) -> IssueReport:
    try:
        with transaction.atomic():
            made = IssueReport.objects.create(
                issue=issue,
                source=heard.source,
                source_id=heard.source_id,
                label=heard.label,
                day=heard.day,
                people=heard.people,
                by=by,
                at=clock.now(),
            )
    except IntegrityError:
        raise errors.RaisedAlready from None
    told = [Raiser(report=made, member_id=pk) for pk in dict.fromkeys(heard.member_ids)]
    told += [Raiser(report=made, address_id=pk) for pk in dict.fromkeys(heard.address_ids)]
    Raiser.objects.bulk_create(told)
    return made


@transaction.atomic
def change_issue(*, issue: Issue, words: str, area: Area, by: Staff) -> Issue:
    """Tidy its words, or say better where it is. Raises NoWords, NamesSomebody, NotYourArea."""
    check_area(area, by)
    raisers = Raiser.objects.filter(report__issue=issue, member__isnull=False)
    ids = tuple(raisers.values_list("member_id", flat=True))
    said = _words(words, Heard("", issue.first_raised, member_ids=tuple(pk for pk in ids if pk is not None)))
    Issue.objects.filter(pk=issue.pk).update(words=said, area=area)
    issue.refresh_from_db()
    record("issue.changed", "issue", issue.pk, by=by, area=area.pk)
    return issue


@transaction.atomic
def merge_issue(*, issue: Issue, into: Issue, by: Staff) -> Merge:
    """ISSUE is the same as INTO, which has its reports from now on. Raises SameIssue, MergedAlready."""
    if issue.pk == into.pk:
        raise errors.SameIssue
    both = {one.pk: one for one in Issue.objects.select_for_update().filter(pk__in=[issue.pk, into.pk]).order_by("pk")}
    if both[issue.pk].merged_into_id or both[into.pk].merged_into_id:
        raise errors.MergedAlready
    below = list(Issue.objects.filter(merged_into=issue).order_by("pk").values_list("pk", flat=True))
    moved = [issue.pk, *below]
    Issue.objects.filter(pk__in=moved).update(merged_into=into)
    made = Merge.objects.create(kept=into, gone=issue, moved=moved, by=by, at=clock.now())
    _count_first_day(into.pk)
    record("issue.merged", "issue", issue.pk, by=by, into=into.pk, moved=moved)
    return made


@transaction.atomic
def undo_merge(*, merge: Merge, by: Staff) -> Issue:
    """Both stand apart again, each with its own reports. Raises TooLateToUndo after a day, or where what it was merged
    into has been merged further."""
    current = Merge.objects.select_for_update().select_related("kept", "gone").get(pk=merge.pk)
    as_it_was = Issue.objects.filter(pk__in=current.moved, merged_into=current.kept)
    if not current.may_be_undone or current.kept.merged_into_id or as_it_was.count() != len(current.moved):
        raise errors.TooLateToUndo
    Issue.objects.filter(pk=current.gone_id).update(merged_into=None)
    Issue.objects.filter(pk__in=current.moved).exclude(pk=current.gone_id).update(merged_into=current.gone)
    Merge.objects.filter(pk=current.pk).update(undone_at=clock.now())
    for pk in (current.kept_id, current.gone_id):
        _count_first_day(pk)
    record("issue.merge_undone", "issue", current.gone_id, by=by, into=current.kept_id)
    return current.gone


def _count_first_day(issue_id: int) -> None:
    """When it was first raised, all that is merged into it included."""
    days = IssueReport.objects.filter(issue__in=[issue_id, *_merged_into(issue_id)]).values_list("day", flat=True)
    if days:
        Issue.objects.filter(pk=issue_id).update(first_raised=min(days))


def _merged_into(issue_id: int) -> list[int]:
    return list(Issue.objects.filter(merged_into=issue_id).values_list("pk", flat=True))


@transaction.atomic
def close_issue(*, issue: Issue, why: str, by: Staff) -> Issue:
    """Nothing more comes of it, for a reason. Raises NoWords, MergedAlready, IssueClosed."""
    why = " ".join(why.split())
    if not why:
        raise errors.NoWords("Say why nothing more comes of it.")
    current = Issue.objects.select_for_update().get(pk=issue.pk)
    if current.merged_into_id:
        raise errors.MergedAlready
    if current.closed_on:
        raise errors.IssueClosed
    current.closed_on, current.closed_why = clock.today(), why
    current.save(update_fields=["closed_on", "closed_why"])
    record("issue.closed", "issue", issue.pk, by=by)
    return current


@transaction.atomic
def reopen_issue(*, issue: Issue, by: Staff) -> Issue:
    """It is open again; one that is open stays so."""
    if Issue.objects.filter(pk=issue.pk, closed_on__isnull=False).update(closed_on=None, closed_why=""):
        record("issue.reopened", "issue", issue.pk, by=by)
    issue.refresh_from_db()
    return issue
