"""Talks in the street, logged where they were."""

from __future__ import annotations

from datetime import timedelta

from django.db import models

from peelian.accounts.models import Staff, Team
from peelian.core import clock
from peelian.places.models import Area

MENDED_FOR = timedelta(hours=24)


class Spot(models.Model):
    """A place where a team talks to people, by the name the team gave it, so that one tap chooses it again."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="+")
    label = models.CharField(max_length=60)
    longitude = models.IntegerField()  # 1e-7 degree
    latitude = models.IntegerField()
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    used_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "label"], name="a_team_names_a_spot_once")]
        indexes = [models.Index(fields=["team", "-used_at"], name="spots_used_last")]

    def __str__(self) -> str:
        return self.label


class StreetContact(models.Model):
    """Somebody of a team talked to some people. `people` is what the size they tapped counts as. Nobody who was talked
    to is in it."""

    class Kind(models.TextChoices):
        TALK = "talk", "In the street"
        DOOR = "door", "At a door"
        SHOP = "shop", "Shop or business"
        SCHOOL = "school", "School or college"
        YOUTH = "youth", "Young people"
        FAITH = "faith", "Place of worship"
        GREEN = "green", "Park or playground"
        OTHER = "other", "Elsewhere"

    class Size(models.TextChoices):
        ONE = "1", "1"
        FEW = "2-5", "2 to 5"
        SOME = "6-10", "6 to 10"
        MANY = "11-20", "11 to 20"
        CROWD = "over-20", "More"

    # What a size counts as in the force's figures: the middle of it; of more than 20 somewhat more
    COUNTS_AS = {Size.ONE: 1, Size.FEW: 3, Size.SOME: 8, Size.MANY: 15, Size.CROWD: 25}

    staff = models.ForeignKey(Staff, models.SET_NULL, null=True, blank=True, related_name="+")
    team = models.ForeignKey(Team, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=6, choices=Kind.choices)
    size = models.CharField(max_length=7, choices=Size.choices)
    people = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    shift_day = models.DateField()  # of the shift it was in: one that began yesterday ends at 5am
    spot = models.ForeignKey(Spot, models.SET_NULL, null=True, blank=True, related_name="+")
    longitude = models.IntegerField(null=True, blank=True)  # 1e-7 degree; null where only the ward was given
    latitude = models.IntegerField(null=True, blank=True)
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    hotspot = models.ForeignKey(Area, models.SET_NULL, null=True, blank=True, related_name="+")  # of a running trial
    said = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["team", "-at"], name="street_by_team"),
            models.Index(fields=["staff", "-at"], name="street_by_staff"),
            models.Index(fields=["at", "area"], name="street_by_time"),
        ]

    @property
    def where(self) -> str:
        return f"{self.spot.label}, {self.area.name}" if self.spot else self.area.name

    def may_be_mended_by(self, staff: Staff) -> bool:
        """By who logged it, for a day."""
        return self.staff_id == staff.pk and clock.now() - self.at < MENDED_FOR
