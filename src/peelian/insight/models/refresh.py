from __future__ import annotations

from django.db import models


class Refresh(models.Model):
    """When a rollup was last brought up to date. The row is also its lock: two never refresh the same at once."""

    name = models.CharField(max_length=60, primary_key=True)
    as_of = models.DateTimeField(null=True)  # what happened before then is in it; null: never refreshed
    seconds = models.FloatField(default=0, db_default=0)  # the last time took so long
    problem = models.CharField(
        max_length=200, blank=True, default="", db_default=""
    )  # the last try failed: the error's name
