"""Promises: what was said, what we will do and by when, and every word we gave about it since."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.text import slugify

from peelian.accounts.models import Staff, Team
from peelian.core import clock
from peelian.core.models import StoredFile
from peelian.delivery.models import Send
from peelian.places.models import Area
from peelian.priorities.models.issues import Issue
from peelian.priorities.models.lists import Priority


class Promise(models.Model):
    """What we said we will do about what was raised. Residents read it once its first change is published; `state`,
    `did` and `due_on` are then as the last published change has them. `first_due_on` is the day that was promised at
    first: whether a promise was kept in time is counted by it, however often the day was moved."""

    class State(models.TextChoices):
        DRAFT = "draft", "Not public yet"
        OPEN = "open", "Promised"
        KEPT = "kept", "Kept"
        PARTLY = "partly", "Partly kept"
        COULD_NOT = "could-not", "Could not be kept"

    ENDED = (State.KEPT, State.PARTLY, State.COULD_NOT)

    ref = models.SlugField(max_length=12, unique=True)
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    said = models.TextField(max_length=600)
    channel = models.CharField(max_length=80)  # where it was said, as the public reads it; never by whom
    will_do = models.TextField(max_length=600)
    due_on = models.DateField()
    first_due_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=9, choices=State.choices, default=State.DRAFT)
    did = models.TextField(max_length=1_000, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    owner = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    team = models.ForeignKey(Team, models.PROTECT, related_name="+")
    issues = models.ManyToManyField(Issue, blank=True, related_name="promises")
    priority = models.ForeignKey(Priority, models.PROTECT, null=True, blank=True, related_name="promises")
    made_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField()  # by what residents read

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="draft", published_at=None, first_due_on=None)
                | (~models.Q(state="draft") & models.Q(published_at__isnull=False, first_due_on__isnull=False)),
                name="a_promise_is_public_from_its_first_day",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["draft", "open"], ended_on=None)
                | (~models.Q(state__in=["draft", "open"]) & models.Q(ended_on__isnull=False)),
                name="a_promise_ends_on_a_day",
            ),
        ]
        indexes = [
            models.Index(fields=["area", "-published_at"], name="promises_of_an_area"),
            models.Index(fields=["state", "due_on"], name="promises_by_day"),
            models.Index(fields=["owner", "due_on"], condition=models.Q(state="open"), name="promises_of_somebody"),
            models.Index(fields=["-changed_at", "-id"], name="promises_last_changed_first"),
        ]

    def __str__(self) -> str:
        return self.will_do

    def get_absolute_url(self) -> str:
        return reverse("priorities:promise", args=[self.ref])

    @property
    def is_public(self) -> bool:
        return self.state != self.State.DRAFT

    @property
    def overdue(self) -> int:
        """For how many days an open promise is overdue; 0 where it is not."""
        return max(0, (clock.today() - self.due_on).days) if self.state == self.State.OPEN else 0

    @property
    def was_moved(self) -> bool:
        return self.first_due_on is not None and self.first_due_on != self.due_on

    @property
    def in_time(self) -> bool:
        """Kept, wholly, on or before the day that was promised at first."""
        return bool(
            self.state == self.State.KEPT and self.ended_on and self.ended_on <= (self.first_due_on or date.min)
        )


class PromiseChange(models.Model):
    """One word we gave about a promise. Written by anybody who works there; once published, residents read it and the
    database refuses to change it (migration 0003)."""

    class What(models.TextChoices):
        PROMISED = "promised", "Promised"
        PROGRESS = "progress", "What we did so far"
        LATER = "later", "It takes longer"
        KEPT = "kept", "Kept"
        PARTLY = "partly", "Partly kept"
        COULD_NOT = "could-not", "Could not be kept"
        REOPENED = "reopened", "Promised again"

    WITH_A_DAY = (What.LATER, What.REOPENED)
    ENDS = (What.KEPT, What.PARTLY, What.COULD_NOT)

    promise = models.ForeignKey(Promise, models.CASCADE, related_name="changes")
    what = models.CharField(max_length=9, choices=What.choices)
    text = models.TextField(max_length=1_000)  # what we did, or why
    due_on = models.DateField(null=True, blank=True)
    picture = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    key = models.CharField(max_length=24, blank=True)  # of the picture's address
    alt = models.CharField(max_length=250, blank=True)
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    written_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    published_by = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["written_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["promise"], condition=models.Q(published_at=None), name="one_change_waits_for_a_promise"
            ),
            models.CheckConstraint(
                condition=models.Q(what__in=["promised", "later", "reopened"], due_on__isnull=False)
                | (~models.Q(what__in=["promised", "later", "reopened"]) & models.Q(due_on=None)),
                name="a_promise_has_a_day",
            ),
            models.CheckConstraint(condition=~models.Q(text=""), name="a_change_says_something"),
        ]
        indexes = [models.Index(fields=["-published_at"], name="promise_changes_by_time")]

    @property
    def ends(self) -> bool:
        return self.what in self.ENDS

    @property
    def seen(self) -> str:
        """Names these very words: what is written anew while somebody reads has another."""
        return f"{self.pk}.{int(self.written_at.timestamp() * 1_000_000)}"


class PromisePaper(models.Model):
    """A PDF that shows what became of a promise: kept as it came, handed out as a download alone, by its key, and by
    its key to nobody unless `public`. Where there is a virus scanner it waits until that has looked."""

    class State(models.TextChoices):
        SHOWN = "shown", "There"
        WAITING = "waiting", "Not checked for viruses yet"
        INFECTED = "infected", "Deleted: a virus was found in it"

    change = models.OneToOneField(PromiseChange, models.CASCADE, primary_key=True, related_name="paper")
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=8, choices=State.choices)
    scanned = models.BooleanField(default=False)  # a virus scanner looked at it
    title = models.CharField(max_length=100)
    key = models.CharField(max_length=24, unique=True)
    public = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="infected", file=None)
                | (~models.Q(state="infected") & models.Q(file__isnull=False)),
                name="of_a_virus_in_a_promise_nothing_is_kept",
            ),
            models.CheckConstraint(condition=~models.Q(title=""), name="a_paper_of_a_promise_has_a_title"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_there(self) -> bool:
        return self.state == self.State.SHOWN

    @property
    def said(self) -> str:
        """With its kind and, where it is there, its size."""
        size = f", {filesizeformat(self.file.size)}".replace("\xa0", " ") if self.file else ""
        return f"{self.title} (PDF{size})"

    @property
    def file_name(self) -> str:
        return f"{slugify(self.title) or 'paper'}.pdf"


class PromiseTold(models.Model):
    """That everybody who raised it was told of a change, in one send; written when that was opened."""

    change = models.OneToOneField(PromiseChange, models.CASCADE, primary_key=True, related_name="told")
    send = models.OneToOneField(Send, models.PROTECT, null=True, blank=True, related_name="+")
    people = models.PositiveIntegerField()
    at = models.DateTimeField()
