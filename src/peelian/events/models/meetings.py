"""Meetings and other events of a team, what was raised there and what somebody promised to do."""

from __future__ import annotations

from datetime import date, datetime

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from peelian.accounts.models import Staff, Team
from peelian.alerts.models import Alert
from peelian.core import clock
from peelian.places.models import Area


class Series(models.Model):
    """Events that come again by a rule. Each is an event of its own, made ahead of time, by the pattern of the last."""

    class Every(models.TextChoices):
        WEEK = "week", "Every week"
        FORTNIGHT = "fortnight", "Every two weeks"
        MONTH = "month", "Every month"

    every = models.CharField(max_length=9, choices=Every.choices)
    first_day = models.DateField()  # its weekday, and which of the month it is, are the rule
    starts = models.TimeField()  # on a London clock
    ends = models.TimeField()
    last_day = models.DateField(null=True, blank=True)  # null: until somebody ends it
    made_until = models.DateField()  # the events up to this day are there
    ended_at = models.DateTimeField(null=True, blank=True)


class Event(models.Model):
    """One meeting, stall, visit or panel. `starts_at` and `ends_at` are moments; pages say them on a London clock."""

    class Kind(models.TextChoices):
        PACT = "pact", _("PACT meeting")
        WARD = "ward", _("Ward meeting")
        SURGERY = "surgery", _("Police surgery")
        CAFE = "cafe", _("World Café")
        SCHOOL = "school", _("School visit")
        STALL = "stall", _("Street stall")
        SCRUTINY = "scrutiny", _("Scrutiny panel")
        ADVISORY = "advisory", _("Independent Advisory Group")
        FORUM = "forum", _("Community forum")
        OTHER = "other", _("Other event")

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        PUBLISHED = "published", "Published"
        CANCELLED = "cancelled", "Cancelled"

    class Access(models.TextChoices):
        STEP_FREE = "step-free", _("Step-free way in")
        HEARING_LOOP = "hearing-loop", _("Hearing loop")
        TOILETS = "toilets", _("Accessible toilet")
        PARKING = "parking", _("Blue Badge parking")
        QUIET_SPACE = "quiet-space", _("Quiet space")

    RESTRICTED = frozenset({Kind.ADVISORY})  # never public, whatever the form says

    ref = models.SlugField(max_length=12, unique=True)
    kind = models.CharField(max_length=9, choices=Kind.choices)
    title = models.CharField(max_length=120)
    summary = models.TextField(blank=True)  # Markdown
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    team = models.ForeignKey(Team, models.PROTECT, related_name="+")
    author = models.ForeignKey(Staff, models.SET_NULL, null=True, blank=True, related_name="+")
    series = models.ForeignKey(Series, models.SET_NULL, null=True, blank=True, related_name="events")
    state = models.CharField(max_length=9, choices=State.choices, default=State.DRAFT)
    public = models.BooleanField(default=True)  # else for staff and those they invite
    # Where
    venue = models.CharField(max_length=120, blank=True)
    address = models.CharField(max_length=200, blank=True)
    postcode = models.CharField(max_length=7, blank=True)  # as places.Postcode.code
    longitude = models.IntegerField(null=True, blank=True)  # 1e-7 degree
    latitude = models.IntegerField(null=True, blank=True)
    access = models.JSONField(default=list, blank=True)  # values of Access that the venue has
    online_url = models.URLField(blank=True)
    # Who it is with and for
    offered = models.CharField(max_length=300, blank=True)  # tea, somebody to look after children
    languages = models.CharField(max_length=200, blank=True)  # spoken or interpreted
    partners = models.CharField(max_length=300, blank=True)
    takes_sign_ups = models.BooleanField(default=False)
    capacity = models.PositiveIntegerField(null=True, blank=True)  # people; null: as many as come
    # What became of it
    sequence = models.PositiveIntegerField(default=0)  # of the calendar file: rises with each change people must know
    changed_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_because = models.CharField(max_length=300, blank=True)
    attended = models.PositiveIntegerField(null=True, blank=True)  # about how many people came
    bands = models.JSONField(default=dict, blank=True)  # actions.figures.BANDS → about how many of them
    figures_at = models.DateTimeField(null=True, blank=True)
    minutes = models.TextField(blank=True)  # Markdown
    minutes_published_at = models.DateTimeField(null=True, blank=True)
    # Of a World Café: what happens next, since when it stands on the page, when participants were told
    cafe_next = models.TextField(blank=True, default="", db_default="")  # Markdown
    cafe_published_at = models.DateTimeField(null=True, blank=True)
    cafe_sent_at = models.DateTimeField(null=True, blank=True)
    alert = models.ForeignKey(Alert, models.SET_NULL, null=True, blank=True, related_name="+")  # drafted from it

    class Meta:
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="an_event_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=models.Q(capacity=None) | models.Q(capacity__gt=0), name="a_capacity_is_somebody"
            ),
            models.CheckConstraint(
                condition=models.Q(longitude=None, latitude=None)
                | models.Q(longitude__isnull=False, latitude__isnull=False),
                name="a_venue_is_placed_wholly_or_not",
            ),
        ]
        indexes = [
            models.Index(fields=["starts_at", "id"], name="events_by_time"),
            models.Index(fields=["area", "starts_at"], name="events_by_area"),
            models.Index(fields=["team", "starts_at"], name="events_by_team"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("events:page", args=[self.ref])

    @property
    def day(self) -> date:
        """On a London calendar."""
        return self.starts_at.astimezone(clock.LONDON).date()

    @property
    def is_over(self) -> bool:
        return self.ends_at <= clock.now()

    @property
    def has_begun(self) -> bool:
        return self.starts_at <= clock.now()

    @property
    def is_shown(self) -> bool:
        """Whether residents may read its page."""
        return self.public and self.state != self.State.DRAFT

    @property
    def access_words(self) -> list[str]:
        return [str(self.Access(code).label) for code in self.access]

    @property
    def lacks_figures(self) -> bool:
        return self.state == self.State.PUBLISHED and self.is_over and self.attended is None

    def overlaps(self, moment: datetime) -> bool:
        return self.starts_at <= moment < self.ends_at


class RaisedIssue(models.Model):
    """What somebody raised at an event, in words of no name."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="raised")
    said = models.CharField(max_length=500)
    people = models.PositiveIntegerField(null=True, blank=True)  # about how many said so
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]


class Action(models.Model):
    """What somebody said they would do after an event."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="actions")
    text = models.CharField(max_length=300)
    owner = models.ForeignKey(Staff, models.SET_NULL, null=True, blank=True, related_name="+")
    partner = models.CharField(max_length=80, blank=True)  # an agency, where it is none of ours
    due_on = models.DateField()
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["due_on", "pk"]

    @property
    def is_overdue(self) -> bool:
        return self.done_at is None and self.due_on < clock.today()
