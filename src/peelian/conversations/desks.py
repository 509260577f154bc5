"""Tables of what a team has set up for its conversations: its promise and hours, who is told outside them, its tags and
saved answers, and the words that bring a message to a supervisor."""

from __future__ import annotations

from datetime import time

from django.db import models

from peelian.accounts.models import Team
from peelian.contacts.models import Address


class Desk(models.Model):
    """When a team works and by when it promises an answer. A team without a row has all of it as here by default."""

    team = models.OneToOneField(Team, models.CASCADE, primary_key=True, related_name="desk")
    days = models.PositiveSmallIntegerField(default=3)  # working days to a first answer
    weekdays = models.PositiveSmallIntegerField(default=31)  # bits, Monday 1 … Sunday 64
    opens = models.TimeField(default=time(8))  # on a London clock
    closes = models.TimeField(default=time(18))
    bank_holidays = models.BooleanField(default=False)  # works on them
    minutes = models.PositiveSmallIntegerField(default=15)  # until the duty contact is told again

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(days__range=(1, 20)), name="a_promise_is_1_to_20_days"),
            models.CheckConstraint(condition=models.Q(weekdays__range=(1, 127)), name="a_desk_has_a_day"),
            models.CheckConstraint(condition=models.Q(opens__lt=models.F("closes")), name="a_desk_opens_then_closes"),
            models.CheckConstraint(condition=models.Q(minutes__range=(5, 240)), name="a_duty_has_5_to_240_minutes"),
        ]


class DutyContact(models.Model):
    """Who is told outside a team's hours that there is something to look at, in this order; without a team: for every
    team that has nobody of its own."""

    team = models.ForeignKey(Team, models.CASCADE, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=80)  # of the duty, "Force control room"
    address = models.ForeignKey(Address, models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering = ["position", "pk"]


class Trigger(models.Model):
    """Words that bring a message to a supervisor, whole and in this form alone."""

    language = models.CharField(max_length=8)  # BCP 47
    words = models.CharField(max_length=80)  # as triggers.plain writes them
    out_of_hours = models.BooleanField(default=True)  # tell the duty contact too

    class Meta:
        ordering = ["language", "words"]
        constraints = [models.UniqueConstraint(fields=["language", "words"], name="a_trigger_is_listed_once")]

    def __str__(self) -> str:
        return self.words


class Tag(models.Model):
    """A word of the team's own under which it finds its conversations."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="+")
    name = models.CharField(max_length=40)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["team", "name"], name="a_team_has_a_tag_once")]

    def __str__(self) -> str:
        return self.name


class SavedAnswer(models.Model):
    """Words that a team often answers with. A person puts them in the box and makes them fit; they never go as they
    are."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="+")
    title = models.CharField(max_length=80)
    text = models.TextField()

    class Meta:
        ordering = ["title", "pk"]

    def __str__(self) -> str:
        return self.title
