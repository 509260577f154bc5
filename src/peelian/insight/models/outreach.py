from __future__ import annotations

from django.db import models
from django.urls import reverse

from peelian.accounts.models import Staff, Team
from peelian.core.statistics import Shrunk
from peelian.members.models import DoorstepSignUp, Street
from peelian.places.models import Area


class WatchCover(models.Model):
    """Households under Neighbourhood Watch in an area, as a file says. A new file takes the place of the one before."""

    area = models.OneToOneField(Area, models.CASCADE, primary_key=True, related_name="+")
    households = models.PositiveIntegerField()
    as_of = models.DateField()
    file = models.CharField(max_length=120)


class OverlayWeights(models.Model):
    """Weights of the overlay under a name, so that a board sees the same again."""

    name = models.CharField(max_length=80, unique=True)
    weights = models.JSONField()  # part → 0 to 10
    topic = models.CharField(max_length=40, blank=True)
    groups = models.JSONField(default=list)  # categories of the topic
    crime = models.CharField(max_length=13, default="all")
    saved_by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    saved_at = models.DateTimeField()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class OutreachTally(models.Model):
    """How many people officers signed up, and in which time, by source and by where those people live. Time that
    nobody recorded is counted in sessions: a person's day with one source, divided among the places it touched."""

    source = models.CharField(max_length=12)  # DoorstepSignUp.Source
    area_id = models.BigIntegerField()  # the lowest administrative area; 0: none
    small_area_id = models.BigIntegerField()  # 0: none
    sign_ups = models.IntegerField(default=0)  # in sessions
    sessions = models.FloatField(default=0)
    recorded = models.IntegerField(default=0)  # sign-ups of plans whose hours were recorded
    hours = models.FloatField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "area_id", "small_area_id"], name="a_tally_of_outreach_is_one_row"
            )
        ]


class OutreachPlan(models.Model):
    """Who goes where on a day, with what was expected of it; and afterwards what came of it."""

    team = models.ForeignKey(Team, models.PROTECT, related_name="+")
    area = models.ForeignKey(Area, models.SET_NULL, null=True, related_name="+")  # whose members were compared
    day = models.DateField()
    source = models.CharField(max_length=12, choices=DoorstepSignUp.Source.choices)
    topic = models.CharField(max_length=40)
    session_hours = models.FloatField()  # the assumption it was made with
    officers = models.ManyToManyField(Staff, through="OutreachOfficer", related_name="+")
    made_by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    recorded_at = models.DateTimeField(null=True)
    elsewhere = models.IntegerField(null=True)  # their sign-ups of that day that are in none of its places

    class Meta:
        ordering = ["-day", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_source_display()}, {self.team}"

    def get_absolute_url(self) -> str:
        return reverse("insight_staff:outreach_plan", args=[self.pk])


class OutreachShape(models.Model):
    """A shape that somebody drew to plan within, for their team."""

    name = models.CharField(max_length=80)
    team = models.ForeignKey(Team, models.CASCADE, related_name="+")
    geometry = models.JSONField()  # a Polygon or MultiPolygon of GeoJSON
    drawn_by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    drawn_at = models.DateTimeField()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["team", "name"], name="a_team_has_one_shape_of_a_name")]

    def __str__(self) -> str:
        return self.name


class OutreachOfficer(models.Model):
    plan = models.ForeignKey(OutreachPlan, models.CASCADE, related_name="+")
    staff = models.ForeignKey(Staff, models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "staff"], name="an_officer_is_in_a_plan_once")]


class OutreachPlace(models.Model):
    """A place of a plan with what was forecast for it: members an officer hour as a gamma distribution, and how many
    points of representation a member there is worth."""

    class Kind(models.TextChoices):
        SMALL_AREA = "small-area", "Small areas"
        STREET = "street", "Streets on our lists"
        VENUE = "venue", "Venues and events"

    plan = models.ForeignKey(OutreachPlan, models.CASCADE, related_name="places")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    label = models.CharField(max_length=140)
    area_id = models.BigIntegerField(default=0)  # the lowest administrative area it is in
    small_area_id = models.BigIntegerField(default=0)
    street = models.ForeignKey(Street, models.SET_NULL, null=True, related_name="+")
    campaign_id = models.BigIntegerField(default=0)  # of a venue
    hours = models.FloatField()
    shape = models.FloatField()
    rate = models.FloatField()
    worth = models.FloatField()
    hours_spent = models.FloatField(null=True)
    sign_ups = models.IntegerField(null=True)  # as our own records count them

    class Meta:
        ordering = ["pk"]

    @property
    def forecast(self) -> Shrunk:
        return Shrunk(self.shape, self.rate, 0, 0.0)
