from __future__ import annotations

from django.db import models

from peelian.core.models import StoredFile


class Bundle(models.Model):
    """The open data of one month, as it was put together once: what was published stays as it is."""

    month = models.DateField(unique=True)  # its first day
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-month"]

    @property
    def name(self) -> str:
        return f"{self.month:%Y-%m}"
