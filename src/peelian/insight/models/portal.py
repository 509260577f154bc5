from __future__ import annotations

from django.db import models

from peelian.accounts.models import Staff


class WeeklyEmail(models.Model):
    """A sergeant's email about a week, sent once however often its job runs."""

    staff = models.ForeignKey(Staff, models.CASCADE, related_name="+", db_index=False)
    week = models.DateField()  # its Monday
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["staff", "week"], name="a_weekly_email_is_sent_once")]


class WeeklyChoice(models.Model):
    """What a person chose about the weekly email; without a row, supervisors get it and nobody else does."""

    staff = models.OneToOneField(Staff, models.CASCADE, primary_key=True, related_name="+")
    wants = models.BooleanField()
