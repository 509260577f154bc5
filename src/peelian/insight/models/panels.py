from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from peelian.accounts.models import Organisation, Staff, Team
from peelian.alerts.models import Alert
from peelian.members.models import Topic
from peelian.places.models import Area


class AlertCount(models.Model):
    """An alert as the panels count it: the day it went, whose it was, where it was about, by which channels, for how
    much. Follows from alerts, audience and tallies; made by insight.panels.counting."""

    alert = models.OneToOneField(Alert, models.CASCADE, primary_key=True, related_name="+")
    day = models.DateField()  # it went, on a London calendar
    team = models.ForeignKey(Team, models.PROTECT, related_name="+", db_index=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    author = models.ForeignKey(Staff, models.PROTECT, related_name="+", db_index=False)
    topic = models.ForeignKey(Topic, models.PROTECT, null=True, related_name="+", db_index=False)
    areas = ArrayField(models.BigIntegerField())  # it is about, with all areas above them
    tools = ArrayField(models.CharField(max_length=20))  # of insight.panels.tools that it made use of
    emails = models.IntegerField(default=0)  # handed over
    texts = models.IntegerField(default=0)
    calls = models.IntegerField(default=0)
    text_pence = models.DecimalField(max_digits=12, decimal_places=3, default=0)
    call_pence = models.DecimalField(max_digits=12, decimal_places=3, default=0)

    class Meta:
        indexes = [models.Index(fields=["day"], name="insight_alerts_by_day")]


class AlertDay(models.Model):
    """What came back on an alert on one day, on a London calendar."""

    pk = models.CompositePrimaryKey("alert", "day")
    alert = models.ForeignKey(Alert, models.CASCADE, related_name="+", db_index=False)
    day = models.DateField()
    replies = models.IntegerField(default=0)
    email_replies = models.IntegerField(default=0)
    ratings = models.IntegerField(default=0)
    rating_total = models.IntegerField(default=0)
    visits = models.IntegerField(default=0)
    left = models.IntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["day"], name="insight_answers_by_day")]


class StandingDay(models.Model):
    """How the members of a lowest area stood at the last count of a day. `contacted` are those who had received
    anything since the month began."""

    day = models.DateField()
    area = models.ForeignKey(Area, models.CASCADE, null=True, related_name="+", db_index=False)  # null: no place
    members = models.IntegerField()
    comms_issues = models.IntegerField()
    incommunicado = models.IntegerField()
    contacted = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["day", "area"], name="an_area_stands_once_a_day", nulls_distinct=False)
        ]
