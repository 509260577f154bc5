"""Who may be asked in a survey of victims: as little of each person as asking them once takes, and not for long."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from peelian.accounts.models import Staff
from peelian.contacts.models import Address
from peelian.places.models import Area


class Frame(models.Model):
    """One list that was imported for a survey: how many rows it had, and why which were left out. What was left out is
    counted and nowhere kept. Its people are deleted after the last reminder (surveys.frames.keeping); the numbers
    stay."""

    survey = models.ForeignKey("surveys.Survey", models.CASCADE, related_name="frames")
    by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")  # null: the command line
    at = models.DateTimeField(auto_now_add=True)
    rows = models.IntegerField()
    people = models.IntegerField()  # taken
    left_out = models.JSONField(default=dict)  # reason (surveys.frames.rules) → how many
    without_area = models.IntegerField(default=0)  # taken, of an area that we do not know
    deleted_on = models.DateField(null=True, blank=True)  # its people

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["at"], condition=Q(deleted_on=None), name="frames_with_people")]

    def __str__(self) -> str:
        return f"List {self.pk}"


class FrameCell(models.Model):
    """How many people of a frame had one type of crime in one area and month. Stays when they have been deleted."""

    frame = models.ForeignKey(Frame, models.CASCADE, related_name="cells")
    crime = models.CharField(max_length=60)
    area = models.ForeignKey(Area, models.SET_NULL, null=True, blank=True, related_name="+")
    month = models.DateField()  # its first day
    people = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["frame", "crime", "area", "month"], name="a_frame_has_a_cell_once",
                                    nulls_distinct=False),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.crime}, {self.month:%Y-%m}"


class FramePerson(models.Model):
    """Somebody who may be asked. `reference` is a keyed hash: it says that a reference is here already, and which
    crime it is nobody reads out of it. No name, no day, nothing of what happened but the cell."""

    survey = models.ForeignKey("surveys.Survey", models.CASCADE, related_name="+", db_index=False)
    cell = models.ForeignKey(FrameCell, models.CASCADE, related_name="+")
    address = models.ForeignKey(Address, models.CASCADE, related_name="+")
    reference = models.CharField(max_length=32)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["survey", "reference"], name="a_reference_is_in_a_survey_once"),
            models.UniqueConstraint(fields=["survey", "address"], name="a_person_is_in_a_survey_once"),
        ]

    def __str__(self) -> str:
        return f"Person {self.pk}"


class Surveyed(models.Model):
    """That somebody was asked as a victim, so that nobody asks again within a year: a keyed hash of the address."""

    mark = models.CharField(max_length=32, primary_key=True)
    month = models.DateField()  # its first day

    def __str__(self) -> str:
        return self.mark
