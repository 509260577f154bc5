from __future__ import annotations

from django.db import models


class Area(models.Model):
    """A place with a boundary. Administrative kinds form a tree and hold people by membership; the others by H3
    ranges."""

    class Kind(models.TextChoices):
        FORCE = "force", "Force"
        POLICING_AREA = "policing-area", "Policing area"
        SECTOR = "sector", "Sector"
        WARD = "ward", "Ward"
        SMALL_AREA = "small-area", "Small area"
        IMPACT_AREA = "impact-area", "Impact area"
        HOTSPOT = "hotspot", "Hotspot"
        DRAWN = "drawn", "Drawn"

    ADMINISTRATIVE = (
        Kind.FORCE,
        Kind.POLICING_AREA,
        Kind.SECTOR,
        Kind.WARD,
    )  # from the largest to the smallest

    kind = models.CharField(max_length=16, choices=Kind.choices)
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    boundary = models.BinaryField()  # WKB, WGS84, snapped to 1e-7 degree
    outline = models.JSONField()  # GeoJSON geometry, simplified for maps
    longitude = models.FloatField()  # a point inside, for labels
    latitude = models.FloatField()
    # West, south, east, north in 1e-7 degree
    west = models.IntegerField()
    south = models.IntegerField()
    east = models.IntegerField()
    north = models.IntegerField()
    cover = models.BinaryField()  # H3 ranges and border edges, as places.covers packs them
    # True when the areas below it (or, for the lowest, it alone) make up exactly this area, so that membership answers
    by_membership = models.BooleanField(default=False)
    parent_given = models.BooleanField(default=False)  # the file named the parent; otherwise it was found on the map

    class Meta:
        ordering = ["name", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["code"], condition=models.Q(valid_to=None), name="a_current_code_is_one_area"
            ),
        ]
        indexes = [models.Index(fields=["kind", "name"], name="areas_by_kind")]

    def __str__(self) -> str:
        return self.name


class Postcode(models.Model):
    """A live postcode and its centroid. `code` has no space and is upper case; `shown` is how people write it."""

    code = models.CharField(max_length=7, primary_key=True)
    longitude = models.IntegerField()  # 1e-7 degree
    latitude = models.IntegerField()

    @property
    def shown(self) -> str:
        return f"{self.code[:-3]} {self.code[-3:]}"
