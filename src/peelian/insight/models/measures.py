"""What the force measures, how it stands, and what named people say about it and do."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from peelian.accounts.models import Staff
from peelian.core import clock
from peelian.core.measures import ratio
from peelian.core.periods import Period
from peelian.places.models import Area


class Aim(models.Model):
    """What the plan wants: "Reductions in burglary". Measures stand under it, in its order."""

    title = models.CharField(max_length=200, unique=True)
    position = models.PositiveSmallIntegerField(default=100)

    class Meta:
        ordering = ["position", "title"]

    def __str__(self) -> str:
        return self.title


class Measure(models.Model):
    """Something measured. What it means is in its definitions, of which one is current."""

    code = models.SlugField(max_length=60, unique=True)
    position = models.PositiveSmallIntegerField(default=100)  # under its aim
    computed = models.BooleanField(default=False)  # by Peelian (core.measures); others come in by file
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        return reverse("insight_staff:measure", args=[self.code])


class MeasureDefinition(models.Model):
    """How a measure is defined. A row is never changed: a new version takes its place, with the reason."""

    class Frequency(models.TextChoices):
        MONTH = "month", "Monthly"
        QUARTER = "quarter", "Quarterly"
        YEAR = "year", "Years, ending with any month"

    class Good(models.TextChoices):
        UP = "up", "Higher is better"
        DOWN = "down", "Lower is better"
        NEITHER = "", "Neither"

    measure = models.ForeignKey(Measure, models.CASCADE, related_name="definitions")
    version = models.PositiveSmallIntegerField(default=1)
    current = models.BooleanField(default=True)
    aim = models.ForeignKey(Aim, models.PROTECT, related_name="definitions")
    name = models.CharField(max_length=200)
    definition = models.TextField()
    unit = models.CharField(max_length=60)  # what follows the figure: "per 1,000 people", "%", "days"
    per = models.PositiveIntegerField(
        null=True, blank=True
    )  # 1 a mean, 100 a percentage; null: a count (core.measures)
    places = models.PositiveSmallIntegerField(default=0)  # decimals
    adds_up = models.BooleanField(default=True)  # months may be summed to a year
    base_adds_up = models.BooleanField(default=True)  # the denominators too; a population does not
    numerator = models.CharField(max_length=200)
    denominator = models.CharField(max_length=200, blank=True)
    source = models.CharField(max_length=200)
    source_url = models.URLField(max_length=300, blank=True)
    frequency = models.CharField(max_length=7, choices=Frequency.choices, default=Frequency.MONTH)
    good = models.CharField(max_length=4, choices=Good.choices, default=Good.NEITHER, blank=True)
    target = models.FloatField(null=True, blank=True)
    target_by = models.DateField(null=True, blank=True)
    group_name = models.CharField(max_length=80, blank=True, default="most similar forces")
    nation_name = models.CharField(max_length=80, blank=True, default="England and Wales")
    # Change is counted from this period; the limits of the chart rest on the observations between the other two
    baseline_start = models.DateField(null=True, blank=True)
    baseline_end = models.DateField(null=True, blank=True)
    limits_from = models.DateField(null=True, blank=True)
    limits_to = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True)  # why this version took the place of the one before it
    made_by = models.ForeignKey(Staff, models.SET_NULL, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["measure", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["measure", "version"], name="a_version_of_a_measure_is_one_definition"),
            models.UniqueConstraint(
                fields=["measure"], condition=Q(current=True), name="a_measure_has_one_current_definition"
            ),
            models.CheckConstraint(
                condition=Q(baseline_start=None, baseline_end=None) | Q(baseline_start__lte=F("baseline_end")),
                name="a_baseline_begins_before_it_ends",
            ),
            models.CheckConstraint(
                condition=Q(limits_from=None, limits_to=None) | Q(limits_from__lte=F("limits_to")),
                name="limits_rest_on_a_span_of_time",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def baseline(self) -> Period | None:
        if self.baseline_start is None or self.baseline_end is None:
            return None
        return Period(self.baseline_start, self.baseline_end)

    @property
    def limits(self) -> Period | None:
        if self.limits_from is None or self.limits_to is None:
            return None
        return Period(self.limits_from, self.limits_to)

    @property
    def is_count(self) -> bool:
        return self.per is None

    def value_of(self, numerator: float | None, denominator: float | None) -> float | None:
        return ratio(numerator, denominator, self.per)


class Observation(models.Model):
    """What a measure was, in one area and period. A figure that changes becomes a new row; the one before stays."""

    class Status(models.TextChoices):
        PROVISIONAL = "provisional", "Provisional"
        FINAL = "final", "Final"
        REVISED = "revised", "Revised"
        NO_UPDATE = "no-update", "No update"

    measure = models.ForeignKey(Measure, models.CASCADE, related_name="observations")
    definition = models.ForeignKey(MeasureDefinition, models.PROTECT, related_name="+")  # the one it was measured by
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="+")  # null: the whole force
    start = models.DateField()
    end = models.DateField()  # the last day
    numerator = models.FloatField(null=True, blank=True)
    denominator = models.FloatField(null=True, blank=True)
    value = models.FloatField(null=True, blank=True)  # as printed; null where there is none
    group_value = models.FloatField(null=True, blank=True)
    nation_value = models.FloatField(null=True, blank=True)
    status = models.CharField(max_length=11, choices=Status.choices, default=Status.FINAL)
    note = models.CharField(max_length=300, blank=True)
    revision = models.PositiveSmallIntegerField(default=0)  # 0 the first
    current = models.BooleanField(default=True)
    source = models.CharField(max_length=200, blank=True)  # the file it came in
    entered_by = models.ForeignKey(Staff, models.SET_NULL, null=True, blank=True, related_name="+")
    entered_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["end", "start"]
        constraints = [
            models.UniqueConstraint(
                fields=["measure", "area", "start", "end"],
                condition=Q(current=True),
                nulls_distinct=False,
                name="a_measure_has_one_figure_for_an_area_and_period",
            ),
            models.CheckConstraint(condition=Q(start__lte=F("end")), name="an_observation_begins_before_it_ends"),
            models.CheckConstraint(
                condition=~Q(status="no-update") | Q(numerator=None, value=None), name="no_update_has_no_figure"
            ),
        ]
        indexes = [
            models.Index(
                fields=["measure", "area", "end"], condition=Q(current=True), name="observations_by_measure_area"
            ),
        ]

    @property
    def period(self) -> Period:
        return Period(self.start, self.end)


class Commentary(models.Model):
    """What a named person has to say about a measure in a period, or what is done about it, by when, and who read and
    signed it: never its author."""

    class Kind(models.TextChoices):
        COMMENTARY = "commentary", "Commentary"
        RESPONSE = "response", "Response"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    measure = models.ForeignKey(Measure, models.CASCADE, related_name="commentaries")
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="+")
    start = models.DateField()
    end = models.DateField()
    author = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    due_on = models.DateField()
    text = models.TextField(blank=True)  # Markdown
    asked_by = models.ForeignKey(Staff, models.SET_NULL, null=True, blank=True, related_name="+")
    asked_at = models.DateTimeField(default=clock.now)
    written_at = models.DateTimeField(null=True, blank=True)
    signed_by = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")
    signed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "measure", "area", "start", "end"],
                nulls_distinct=False,
                name="one_commentary_and_one_response",
            ),
            models.CheckConstraint(
                condition=Q(signed_by=None) | ~Q(signed_by=F("author")), name="nobody_signs_their_own_commentary"
            ),
            models.CheckConstraint(
                condition=Q(signed_by=None, signed_at=None)
                | Q(signed_by__isnull=False, signed_at__isnull=False, written_at__isnull=False),
                name="what_is_signed_was_written",
            ),
        ]

    @property
    def period(self) -> Period:
        return Period(self.start, self.end)

    @property
    def written(self) -> bool:
        return self.written_at is not None

    @property
    def overdue(self) -> bool:
        """Due before today and not written."""
        return not self.written and self.due_on < clock.today()

    @property
    def state(self) -> str:
        """In words."""
        if self.signed_by_id:
            return "Signed"
        if self.written:
            return "Waiting to be signed"
        return "Overdue" if self.overdue else "To be written"

    @property
    def days_overdue(self) -> int:
        return max(0, (clock.today() - self.due_on).days) if not self.written else 0


def month_before(day: date) -> Period:
    """The newest month of which every day is over."""
    return Period.month_of(day).previous()
