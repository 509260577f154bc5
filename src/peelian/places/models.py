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
    vintage = models.CharField(
        max_length=20, blank=True, default="", db_default=""
    )  # of the boundary, as the file's owner calls it
    boundary_changed_at = models.DateTimeField(null=True, blank=True)  # the last time it got another boundary

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


class PopulationTable(models.Model):
    """One published table about the people of areas: a topic, as it was at one time (`vintage`).

    `counts` says what its rows hold: people by category, the class of a whole small area, or that of a postcode.
    """

    class Counts(models.TextChoices):
        PEOPLE = "people", "People"
        AREAS = "areas", "Small areas, each of one class"
        POSTCODES = "postcodes", "Postcodes, each of one class"

    topic = models.CharField(max_length=40)
    vintage = models.CharField(max_length=20, blank=True)  # "2021"; empty where the file's owner gave none
    year = models.PositiveSmallIntegerField(default=0)  # the first year named in the vintage, for the order of tables
    boundary_vintage = models.CharField(max_length=20, blank=True)
    source = models.CharField(max_length=200, blank=True)
    counts = models.CharField(max_length=9, choices=Counts.choices, default=Counts.PEOPLE)
    labels = models.JSONField(default=list)  # [category, what people call it], in the order of pages
    rows = models.PositiveIntegerField(default=0)
    loaded_at = models.DateTimeField()
    # So many of its areas have another boundary than when it was loaded
    boundaries_changed = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["topic", "-year", "-loaded_at"]
        constraints = [
            models.UniqueConstraint(fields=["topic", "vintage"], name="a_topic_has_one_table_of_a_vintage"),
        ]

    def __str__(self) -> str:
        return f"{self.topic} {self.vintage}".strip()


class Population(models.Model):
    """The people of one category in one area, as published; of a table of classes no number, but the area's class, and
    where the source gives them its rank (1: the most deprived) and score."""

    table = models.ForeignKey(PopulationTable, models.CASCADE, related_name="figures")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    category = models.CharField(max_length=40)
    people = models.PositiveIntegerField(null=True, blank=True)
    rank = models.PositiveIntegerField(null=True, blank=True)
    score = models.FloatField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["table", "area", "category"], name="an_area_has_a_category_once_in_a_table")
        ]


class PostcodeClass(models.Model):
    """The class that a vendor's coding gives a postcode."""

    table = models.ForeignKey(PopulationTable, models.CASCADE, related_name="+")
    code = models.CharField(max_length=7)  # as Postcode.code
    category = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["table", "code"], name="a_postcode_has_one_class_in_a_table")]


class SmallArea(models.Model):
    """What is known of where the residents of a small area live within it. Made anew when areas, postcodes or tables
    change, as are the two models below."""

    class How(models.TextChoices):
        POSTCODES = "postcodes", "by its postcodes"
        LOWER = "lower", "by the small areas in it"
        INTERIOR = "interior", "by a point inside it"

    area = models.OneToOneField(Area, models.CASCADE, primary_key=True, related_name="+")
    finest = models.BooleanField()  # no smaller one lies in it
    how = models.CharField(max_length=9, choices=How.choices)
    people = models.FloatField(null=True)  # of the newest table that counts people in it


class LivingPoint(models.Model):
    """A point of a small area that stands for WEIGHT of its residents; the weights of a small area add up to 1."""

    unit = models.ForeignKey(Area, models.CASCADE, related_name="+", db_constraint=False)  # decision 0005
    longitude = models.IntegerField()  # 1e-7 degree
    latitude = models.IntegerField()
    weight = models.FloatField()


class Share(models.Model):
    """The share of a small area's residents who live in a larger area, where that is not nothing."""

    unit = models.ForeignKey(Area, models.CASCADE, related_name="+")
    area = models.ForeignKey(Area, models.CASCADE, related_name="+")
    weight = models.FloatField()
    split = models.BooleanField()  # the border goes through it, so that the weight is an estimate

    class Meta:
        constraints = [models.UniqueConstraint(fields=["area", "unit"], name="a_small_area_has_one_share_in_an_area")]


class Residents(models.Model):
    """The answer of one table about one area, added up beforehand."""

    table = models.ForeignKey(PopulationTable, models.CASCADE, related_name="+")
    area = models.ForeignKey(Area, models.CASCADE, related_name="+")
    figures = models.JSONField()  # category → people
    estimated = models.FloatField()  # the share of the people that rests on best fit, 0 to 1
    covered = models.FloatField(default=1.0)  # the share of the area's residents whose small areas the table has
    score = models.FloatField(null=True)  # the mean score of its people's small areas, where the table has scores

    class Meta:
        constraints = [models.UniqueConstraint(fields=["area", "table"], name="a_table_has_one_answer_for_an_area")]
