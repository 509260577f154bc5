"""What a team knows of a neighbourhood and means to do there: looked at anew every year, with its history."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import models

from peelian.accounts.models import Staff, Team
from peelian.core import clock
from peelian.places.models import Area

GOOD_FOR = 12  # calendar months after it was refreshed (R23 paragraph 49)
SOON = timedelta(days=60)


class Profile(models.Model):
    """The community profile and engagement plan of one neighbourhood. `draft` is what is being written; what counts is
    the newest version."""

    area = models.OneToOneField(Area, models.PROTECT, related_name="+")
    team = models.ForeignKey(Team, models.PROTECT, related_name="+")
    owner = models.ForeignKey(Staff, models.SET_NULL, null=True, blank=True, related_name="+")  # who is responsible
    draft = models.JSONField(default=dict)  # section code → text
    edit = models.PositiveIntegerField(default=0)  # rises with each save, so that nobody saves over another
    begun_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    refreshed_on = models.DateField(null=True, blank=True)  # the day of the newest version

    class Meta:
        indexes = [models.Index(fields=["refreshed_on"], name="profiles_by_refresh")]

    @property
    def due_on(self) -> date | None:
        """The last day on which it is fresh; None before it was ever finished."""
        return clock.months_after(self.refreshed_on, GOOD_FOR) if self.refreshed_on else None

    @property
    def is_overdue(self) -> bool:
        """More than twelve months have passed, or it was begun and never finished for as long."""
        due = self.due_on or clock.months_after(self.begun_at.astimezone(clock.LONDON).date(), GOOD_FOR)
        return clock.today() > due

    @property
    def is_due_soon(self) -> bool:
        return not self.is_overdue and self.due_on is not None and self.due_on - clock.today() <= SOON


class ProfileVersion(models.Model):
    """The profile and plan as they stood when somebody said they were refreshed. Never changed."""

    profile = models.ForeignKey(Profile, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    sections = models.JSONField()  # section code → text
    by = models.ForeignKey(Staff, models.SET_NULL, null=True, blank=True, related_name="+")
    on = models.DateField()

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["profile", "number"], name="a_version_has_its_number")]
