"""What people raised: in words that name nobody, from where, and who wants to be told what comes of it."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.urls import reverse

from peelian.accounts.models import Staff
from peelian.contacts.models import Address
from peelian.core import clock
from peelian.members.models import Member
from peelian.places.models import Area

BY_HAND = "by-hand"  # the source of what somebody told an officer


class Issue(models.Model):
    """One thing that people raised, about one area. `merged_into` is what it is the same as: that one then has its
    reports, and is never merged itself."""

    ref = models.SlugField(max_length=12, unique=True)
    words = models.TextField(max_length=500)
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    first_raised = models.DateField()
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged")
    closed_on = models.DateField(null=True, blank=True)
    closed_why = models.CharField(max_length=300, blank=True)
    made_by = models.ForeignKey(Staff, models.SET_NULL, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(closed_on=None, closed_why="")
                | (models.Q(closed_on__isnull=False) & ~models.Q(closed_why="")),
                name="an_issue_is_closed_with_a_reason",
            ),
            models.CheckConstraint(
                condition=~models.Q(merged_into=models.F("id")), name="an_issue_is_not_merged_into_itself"
            ),
        ]
        indexes = [
            models.Index(fields=["area", "-made_at"], name="issues_of_an_area"),
            models.Index(fields=["-made_at", "-id"], name="issues_newest_first"),
            GinIndex(SearchVector("words", config="english"), name="issues_by_words"),
        ]

    def __str__(self) -> str:
        return self.words

    def get_absolute_url(self) -> str:
        return reverse("priorities_staff:issue", args=[self.ref])

    @property
    def state(self) -> str:
        if self.merged_into_id:
            return "merged"
        return "closed" if self.closed_on else "open"


class IssueReport(models.Model):
    """One time that an issue was raised. `label` is what the public reads of its source ("Reply to an alert"); `people`
    is how many said it, where that was counted. A report stays with the issue it was made for, merged or not."""

    issue = models.ForeignKey(Issue, models.CASCADE, related_name="reports")
    source = models.CharField(max_length=40)  # of core.raising.issue_sources, or BY_HAND
    source_id = models.BigIntegerField(null=True, blank=True)
    label = models.CharField(max_length=80)
    day = models.DateField()
    people = models.PositiveIntegerField(null=True, blank=True)
    by = models.ForeignKey(Staff, models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["day", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["issue", "source", "source_id"],
                condition=models.Q(source_id__isnull=False),
                name="what_was_raised_is_in_an_issue_once",
            ),
        ]
        indexes = [models.Index(fields=["source", "source_id"], name="reports_by_source")]


class Raiser(models.Model):
    """Somebody who raised it and is told what comes of it: a member or, of whom we know no more, an address."""

    report = models.ForeignKey(IssueReport, models.CASCADE, related_name="raisers")
    member = models.ForeignKey(Member, models.CASCADE, null=True, blank=True, related_name="+")
    address = models.ForeignKey(Address, models.CASCADE, null=True, blank=True, related_name="+")
    stopped_at = models.DateTimeField(null=True, blank=True)  # they asked not to be told any more

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report", "member"], name="a_member_raised_it_once_in_a_report"),
            models.UniqueConstraint(fields=["report", "address"], name="an_address_raised_it_once_in_a_report"),
            models.CheckConstraint(
                condition=models.Q(member=None, address__isnull=False) | models.Q(member__isnull=False, address=None),
                name="who_raised_it_is_a_member_or_an_address",
            ),
        ]


class Merge(models.Model):
    """Two issues are the same. `moved` are the ids of all that were put into `kept` by it, so that it can be undone."""

    UNDONE_WITHIN = timedelta(days=1)

    kept = models.ForeignKey(Issue, models.CASCADE, related_name="+")
    gone = models.ForeignKey(Issue, models.CASCADE, related_name="merges")
    moved = models.JSONField(default=list)
    by = models.ForeignKey(Staff, models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)

    @property
    def may_be_undone(self) -> bool:
        return self.undone_at is None and clock.now() < self.at + self.UNDONE_WITHIN
