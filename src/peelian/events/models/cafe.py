"""A World Café: people at small tables answer one question a round; what they say is noted, sorted and given back."""

from __future__ import annotations

from django.db import models

from peelian.accounts.models import Staff
from peelian.events.models.meetings import Event


class CafeRound(models.Model):
    """One question, which all tables talk about at the same time."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="rounds")
    number = models.PositiveSmallIntegerField()
    question = models.CharField(max_length=200)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["event", "number"], name="a_round_has_its_number")]


class CafeTable(models.Model):
    """One table. `host` says who takes notes by role or agency; `key` is in the link by which they do."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="tables")
    number = models.PositiveSmallIntegerField()
    host = models.CharField(max_length=80, blank=True)
    key = models.SlugField(max_length=24, unique=True)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["event", "number"], name="a_table_has_its_number")]


class CafeTheme(models.Model):
    """What several notes are about, by a name somebody gave it."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="themes")
    title = models.CharField(max_length=60)

    class Meta:
        ordering = ["title"]
        constraints = [models.UniqueConstraint(fields=["event", "title"], name="a_theme_is_there_once")]

    def __str__(self) -> str:
        return self.title


class CafeNote(models.Model):
    """Something said at a table in a round, in words of no name. `by` is empty where the table's host took it."""

    round = models.ForeignKey(CafeRound, models.CASCADE, related_name="notes")
    table = models.ForeignKey(CafeTable, models.CASCADE, related_name="notes")
    said = models.CharField(max_length=500)
    themes = models.ManyToManyField(CafeTheme, blank=True, related_name="notes")
    by = models.ForeignKey(Staff, models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]


class CafeInsight(models.Model):
    """What we learned, in a sentence that participants read."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="insights")
    theme = models.ForeignKey(CafeTheme, models.SET_NULL, null=True, blank=True, related_name="+")
    learned = models.CharField(max_length=400)

    class Meta:
        ordering = ["pk"]
