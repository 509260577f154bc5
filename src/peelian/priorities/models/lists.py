"""Priorities, one list for each sector, and the record of what was decided about them every fortnight."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import models
from django.urls import reverse

from peelian.accounts.models import Staff
from peelian.core import clock
from peelian.places.models import Area
from peelian.priorities.models.issues import Issue

CYCLE = timedelta(days=14)


class Priority(models.Model):
    """Something a sector works on. Proposed by anybody who works there; on the list, with a rank, once agreed; closed
    with the reason for which it was dropped. Residents read title and `doing` of what is on the list and `public`."""

    class Source(models.TextChoices):
        COMMUNITY = "community", "The community"
        FORCE = "force", "The force"

    class State(models.TextChoices):
        PROPOSED = "proposed", "Proposed"
        LISTED = "listed", "On the list"
        CLOSED = "closed", "Closed"

    ref = models.SlugField(max_length=12, unique=True)
    sector = models.ForeignKey(Area, models.PROTECT, related_name="+")
    title = models.CharField(max_length=120)
    source = models.CharField(max_length=9, choices=Source.choices)
    evidence = models.TextField(max_length=3_000, blank=True)  # read by staff alone
    doing = models.TextField(max_length=1_000, blank=True)  # read by residents: never how
    public = models.BooleanField(default=True)
    issues = models.ManyToManyField(Issue, blank=True, related_name="priorities")
    state = models.CharField(max_length=8, choices=State.choices, default=State.PROPOSED)
    rank = models.PositiveSmallIntegerField(null=True, blank=True)  # 1 is first
    opened_on = models.DateField(null=True, blank=True)  # came onto the list
    reviewed_on = models.DateField(null=True, blank=True)  # the list it is on was agreed
    closed_on = models.DateField(null=True, blank=True)
    closed_why = models.CharField(max_length=300, blank=True)
    proposed_by = models.ForeignKey(Staff, models.SET_NULL, null=True, blank=True, related_name="+")
    proposed_at = models.DateTimeField()

    class Meta:
        ordering = ["rank", "proposed_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="listed", rank__isnull=False, opened_on__isnull=False)
                | (~models.Q(state="listed") & models.Q(rank=None)),
                name="what_is_on_the_list_has_a_rank",
            ),
            models.CheckConstraint(
                condition=models.Q(state="closed", closed_on__isnull=False) & ~models.Q(closed_why="")
                | (~models.Q(state="closed") & models.Q(closed_on=None, closed_why="")),
                name="a_priority_is_closed_with_a_reason",
            ),
        ]
        indexes = [models.Index(fields=["sector", "state", "rank"], name="priorities_of_a_sector")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("priorities_staff:priority", args=[self.ref])


class Cycle(models.Model):
    """A fortnight of a sector in which its list was agreed. The first fixes when those after it begin."""

    sector = models.ForeignKey(Area, models.PROTECT, related_name="+")
    begins = models.DateField()
    agreed_at = models.DateTimeField()  # first
    last_at = models.DateTimeField()  # and last, where it was agreed again within it
    agreed_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-begins"]
        constraints = [models.UniqueConstraint(fields=["sector", "begins"], name="a_sector_has_a_cycle_once")]
        indexes = [models.Index(fields=["sector", "-last_at"], name="cycles_of_a_sector")]

    @property
    def ends(self) -> date:
        return self.begins + CYCLE - timedelta(days=1)

    @property
    def agreed_on(self) -> date:
        return self.last_at.astimezone(clock.LONDON).date()


class Decision(models.Model):
    """What was decided about one priority when a list was agreed, and why. Rows are added and never changed: the
    database refuses (migration 0002)."""

    class What(models.TextChoices):
        ADDED = "added", "Added"
        KEPT = "kept", "Kept"
        MOVED = "moved", "Moved"
        DROPPED = "dropped", "Dropped"

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="decisions")
    priority = models.ForeignKey(Priority, models.PROTECT, related_name="decisions")
    what = models.CharField(max_length=7, choices=What.choices)
    rank_before = models.PositiveSmallIntegerField(null=True, blank=True)
    rank = models.PositiveSmallIntegerField(null=True, blank=True)
    why = models.CharField(max_length=300)
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "rank", "pk"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(why=""), name="a_decision_has_a_reason"),
            models.CheckConstraint(
                condition=models.Q(what="dropped", rank=None)
                | (~models.Q(what="dropped") & models.Q(rank__isnull=False)),
                name="what_stays_has_a_rank",
            ),
        ]
