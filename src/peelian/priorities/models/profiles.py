"""Problem management profiles: how a priority is worked on, by OSARA (objectives, scanning, analysis, response,
assessment), and what was learned when it ended. Read by staff alone."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.urls import reverse

from peelian.accounts.models import Staff
from peelian.core import clock
from peelian.places.models import Area
from peelian.priorities.models.lists import Priority

PARTS = ("objectives", "scanning", "analysis", "response", "assessment")
# What the whole force reads once it is closed: what was tried and what it did. Where, when, to whom and by whom
# (scanning, analysis), partners, tasks and reviews stay with those whose sector it is
SHARED = ("objectives", "response", "tactics", "assessment", "learned")


class Profile(models.Model):
    """The profile of one priority. `partners` names organisations, one in each line; `learned` is filled in when it is
    closed. Whoever works elsewhere then reads and searches what is SHARED of it."""

    priority = models.OneToOneField(Priority, models.PROTECT, related_name="profile")
    owner = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    objectives = models.TextField(max_length=5_000)
    scanning = models.TextField(max_length=5_000, blank=True)
    analysis = models.TextField(max_length=5_000, blank=True)
    response = models.TextField(max_length=5_000, blank=True)
    assessment = models.TextField(max_length=5_000, blank=True)
    tactics = models.TextField(max_length=5_000, blank=True)
    partners = models.TextField(max_length=2_000, blank=True)
    review_on = models.DateField()
    opened_on = models.DateField()
    closed_on = models.DateField(null=True, blank=True)
    learned = models.TextField(max_length=5_000, blank=True)
    version = models.PositiveIntegerField(default=1)  # raised by each save

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(closed_on=None) | ~models.Q(learned=""), name="a_profile_is_closed_with_learning"
            )
        ]
        indexes = [
            GinIndex(
                SearchVector(*PARTS, "tactics", "partners", "learned", config="english"), name="profiles_by_words"
            ),
            GinIndex(SearchVector(*SHARED, config="english"), name="profiles_by_shared_words"),
            models.Index(fields=["review_on"], condition=models.Q(closed_on=None), name="profiles_to_review"),
        ]

    def __str__(self) -> str:
        return self.priority.title

    def get_absolute_url(self) -> str:
        return reverse("priorities_staff:profile", args=[self.priority.ref])

    @property
    def overdue(self) -> int:
        """For how many days its review is overdue."""
        return 0 if self.closed_on else max(0, (clock.today() - self.review_on).days)


class ProfileTask(models.Model):
    """Something to do by a day; `who` is a role or an organisation."""

    profile = models.ForeignKey(Profile, models.CASCADE, related_name="tasks")
    what = models.CharField(max_length=200)
    who = models.CharField(max_length=80)
    due_on = models.DateField()
    done_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["due_on", "pk"]

    @property
    def overdue(self) -> bool:
        return self.done_on is None and self.due_on < clock.today()


class ProfileMeasure(models.Model):
    """What shows whether it works: an output (what we do) or an outcome (what changes), from BASELINE to TARGET. With a
    `code` its newest figure is read from what is kept of that measure; otherwise somebody fills in `latest`."""

    class Kind(models.TextChoices):
        OUTPUT = "output", "Output: what we do"
        OUTCOME = "outcome", "Outcome: what changes"

    profile = models.ForeignKey(Profile, models.CASCADE, related_name="measures")
    kind = models.CharField(max_length=7, choices=Kind.choices)
    name = models.CharField(max_length=120)
    code = models.CharField(max_length=60, blank=True)  # of core.measures
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="+")  # of it; null: the force
    baseline = models.FloatField()
    baseline_of = models.CharField(max_length=60)  # "May 2026"
    target = models.FloatField()
    latest = models.FloatField(null=True, blank=True)
    latest_of = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ["-kind", "pk"]  # outputs before outcomes


class ProfileReview(models.Model):
    """What was found when it was looked at again."""

    profile = models.ForeignKey(Profile, models.CASCADE, related_name="reviews")
    on = models.DateField()
    found = models.TextField(max_length=2_000)
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-on", "-pk"]
