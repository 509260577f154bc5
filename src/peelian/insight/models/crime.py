from __future__ import annotations

from django.db import models

from peelian.places.models import Area


class CrimeFile(models.Model):
    """One month of one kind of police open data by one reporting force, as data.police.uk publishes it. A file that is
    imported again takes the place of what it said before."""

    class Dataset(models.TextChoices):
        STREET = "street", "Street-level crime"
        OUTCOMES = "outcomes", "Outcomes"
        SEARCHES = "stop-and-search", "Stop and search"

    dataset = models.CharField(max_length=15, choices=Dataset.choices)
    month = models.DateField()  # its first day
    reported_by = models.CharField(max_length=80)
    types = models.CharField(max_length=10, blank=True)  # which list of crime types (crime.types.LISTS)
    sha256 = models.CharField(max_length=64)  # of the whole file
    rows = models.PositiveIntegerField()
    counted = models.PositiveIntegerField(default=0)  # within the force's area
    without_place = models.PositiveIntegerField()
    outside = models.PositiveIntegerField(default=0)
    loaded_at = models.DateTimeField()
    areas_version = models.CharField(max_length=80, blank=True)  # of the areas that it was counted by

    class Meta:
        ordering = ["-month", "dataset", "reported_by"]
        constraints = [
            models.UniqueConstraint(fields=["dataset", "month", "reported_by"], name="a_month_is_reported_once_by_each")
        ]


class CrimePoint(models.Model):
    """How many of one kind a file has at one point of the published map. Such a point stands for several addresses;
    what told one row from another (its number, its street, its outcome) is not kept. Borders change; points do not."""

    file = models.ForeignKey(CrimeFile, models.CASCADE, related_name="points", db_constraint=False)
    kind = models.CharField(max_length=60)
    longitude = models.IntegerField()  # 1e-7 degree
    latitude = models.IntegerField()
    n = models.PositiveIntegerField()

    class Meta:
        db_table = "insight_crimepoint"


class CrimeCount(models.Model):
    """How many of one kind a file has in one area: added up from its points, and again when areas change."""

    file = models.ForeignKey(CrimeFile, models.CASCADE, related_name="counts", db_constraint=False)
    area = models.ForeignKey(Area, models.CASCADE, related_name="+", db_constraint=False, db_index=False)
    kind = models.CharField(max_length=60)
    n = models.PositiveIntegerField()

    class Meta:
        indexes = [models.Index(fields=["area", "file"], include=["kind", "n"], name="crime_in_an_area")]


class SeverityWeight(models.Model):
    """How much one crime of a kind weighs, in one version of somebody's severity score."""

    version = models.CharField(max_length=40)
    kind = models.CharField(max_length=60)
    weight = models.FloatField()
    source = models.CharField(max_length=200, blank=True)
    loaded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "kind"], name="a_crime_has_one_weight_in_a_version"),
            models.CheckConstraint(condition=models.Q(weight__gte=0), name="a_crime_weighs_something"),
        ]
