"""Board papers as they were made, what the checker found in them, and who signed them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from peelian.accounts.models import Staff
from peelian.core import clock
from peelian.core.models import StoredFile
from peelian.core.periods import Period
from peelian.places.models import Area


class BoardPaper(models.Model):
    """One paper: made from data by a job, kept as it was, checked, and then signed by somebody who did not write it."""

    class State(models.TextChoices):
        MAKING = "making", "Being made"
        FAILED = "failed", "Could not be made"
        WAITING = "waiting", "Waiting to be signed"
        SIGNED = "signed", "Signed"

    start = models.DateField()
    end = models.DateField()
    areas = models.ManyToManyField(Area, blank=True, related_name="+")  # none: the whole force
    public = models.BooleanField(default=False)  # small numbers are hidden, and what is not signed is left out
    state = models.CharField(max_length=8, choices=State.choices, default=State.MAKING)
    steps_done = models.PositiveSmallIntegerField(default=0)
    steps = models.PositiveSmallIntegerField(default=0)  # of how many; 0 until the job has begun
    problem = models.CharField(max_length=300, blank=True)
    made_by = models.ForeignKey(Staff, models.SET_NULL, null=True, blank=True, related_name="+")
    asked_at = models.DateTimeField(default=clock.now)
    made_at = models.DateTimeField(null=True, blank=True)
    data = models.JSONField(null=True, blank=True)  # all that it says; the files are made from it
    html = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    pdf = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    signed_by = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")
    signed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(signed_by=None) | Q(made_by=None) | ~Q(signed_by=F("made_by")),
                name="nobody_signs_their_own_paper",
            ),
            models.CheckConstraint(
                condition=(Q(state="signed") & Q(signed_at__isnull=False)) | (~Q(state="signed") & Q(signed_at=None)),
                name="a_signed_paper_says_when",
            ),
        ]

    def __str__(self) -> str:
        return f"Headline report, {self.period.label()}"

    def get_absolute_url(self) -> str:
        return reverse("insight_staff:paper", args=[self.pk])

    @property
    def period(self) -> Period:
        return Period(self.start, self.end)


class PaperFinding(models.Model):
    """Something that the checker found in a paper: mended by making the paper again, or accepted with a reason."""

    paper = models.ForeignKey(BoardPaper, models.CASCADE, related_name="findings")
    place = models.CharField(max_length=300)
    kind = models.CharField(max_length=40)
    printed = models.CharField(max_length=300, blank=True)
    expected = models.CharField(max_length=300, blank=True)
    why = models.TextField()
    accepted_by = models.ForeignKey(Staff, models.SET_NULL, null=True, blank=True, related_name="+")
    accepted_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(accepted_at=None) | ~Q(reason=""), name="an_accepted_finding_says_why")
        ]
