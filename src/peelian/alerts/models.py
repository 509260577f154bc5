from __future__ import annotations

from datetime import timedelta

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from peelian.accounts.models import Staff, Team
from peelian.contacts.models import Address
from peelian.core import clock
from peelian.core.models import StoredFile
from peelian.delivery.models import Send
from peelian.members.models import Member, Pace, Topic


class Alert(models.Model):
    """What a team wants people to know, whom it concerns, and how far it has got."""

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        WAITING = "waiting", "Waiting for approval"
        SCHEDULED = "scheduled", "Scheduled"
        SENDING = "sending", "Sending"
        PAUSED = "paused", "Paused"
        SENT = "sent", "Sent"
        RECALLED = "recalled", "Recalled"
        WITHDRAWN = "withdrawn", "Withdrawn"

    class Priority(models.TextChoices):
        ROUTINE = "routine", "Routine"
        IMPORTANT = "important", "Important"
        URGENT = "urgent", "Urgent"

    class Relation(models.TextChoices):
        NEW = "", "New"
        UPDATE = "update", "Update"
        CORRECTION = "correction", "Correction"

    OUT = (State.SENDING, State.PAUSED, State.SENT, State.RECALLED)  # some people may have been handed it

    ref = models.SlugField(max_length=12, unique=True)
    title = models.CharField(max_length=120, blank=True)
    topic = models.ForeignKey(Topic, models.PROTECT, null=True, blank=True, related_name="+")
    priority = models.CharField(max_length=10, choices=Priority.choices, default=Priority.ROUTINE)
    team = models.ForeignKey(Team, models.PROTECT, related_name="alerts")
    author = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    happening = models.TextField(blank=True)
    doing = models.TextField(blank=True)
    can_do = models.TextField(blank=True)
    outcome = models.TextField(blank=True)  # what the page shows after the end date
    audience = models.JSONField(default=dict)  # {"clauses": […]}, read by alerts.audience.parse
    channels = models.PositiveSmallIntegerField(default=1)  # bits
    restricted = models.BooleanField(default=False)  # no public page, no feed
    practice = models.BooleanField(default=False, db_default=False)  # for training: alerts.actions.practising
    planned_for = models.DateField(null=True, blank=True)  # the day it was begun for; the time is chosen when it goes
    relation = models.CharField(max_length=10, choices=Relation.choices, default="", blank=True)
    first = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="later")
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    version = models.PositiveIntegerField(default=1)  # raised by each save of a draft
    scheduled_for = models.DateTimeField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    first_stage = models.PositiveIntegerField(null=True, blank=True)  # so many go first, and then it waits
    stage_minutes = models.PositiveIntegerField(null=True, blank=True)  # for so long, unless somebody looks
    people = models.IntegerField(null=True, blank=True)  # the count when it was asked for, approved or frozen
    send = models.OneToOneField(Send, models.PROTECT, null=True, blank=True, related_name="+")
    fingerprint = models.CharField(max_length=64, blank=True)  # of wording and audience, to notice an identical send
    created_at = models.DateTimeField(auto_now_add=True)
    saved_at = models.DateTimeField(auto_now=True)
    asked_at = models.DateTimeField(null=True, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")
    asked_by = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")
    released_by = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")  # pressed send
    translating_until = models.DateTimeField(null=True, blank=True)  # for no longer does a send wait for translations
    stopped_because = models.CharField(max_length=300, blank=True)  # why it went back to draft when its time came
    by_channel = models.JSONField(default=dict)  # recipients by channel name, as frozen
    held_out = models.PositiveIntegerField(default=0, db_default=0)  # people of `people` from whom it was withheld
    sent_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=models.F("author")), name="nobody_approves_their_own"
            ),
            models.CheckConstraint(
                condition=Q(relation="", first=None) | (~Q(relation="") & Q(first__isnull=False)),
                name="an_update_has_a_first_alert",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "waiting", "scheduled", "withdrawn"]) | Q(send__isnull=False),
                name="what_is_out_has_a_send",
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | Q(asked_by=None) | ~Q(approved_by=models.F("asked_by")),
                name="nobody_approves_what_they_asked_for",
            ),
            models.CheckConstraint(
                condition=~Q(state="scheduled") | Q(scheduled_for__isnull=False), name="what_is_scheduled_has_a_time"
            ),
        ]
        indexes = [
            models.Index(fields=["state", "-sent_at"], name="alerts_by_state"),
            models.Index(fields=["team", "-saved_at"], name="alerts_of_a_team"),
            models.Index(fields=["fingerprint"], condition=~Q(fingerprint=""), name="alerts_alike"),
            GinIndex(SearchVector("title", "happening", "doing", "can_do", config="english"), name="alerts_by_words"),
        ]

    def __str__(self) -> str:
        title = self.title or "Untitled draft"
        return f"Practice: {title}" if self.practice else title

    def get_absolute_url(self) -> str:
        return reverse("alerts:page", args=[self.ref])

    @property
    def is_out(self) -> bool:
        """Whether some people may have been handed it and it still stands."""
        return self.state in self.OUT

    @property
    def has_ended(self) -> bool:
        """After its end date the public page shows the outcome only, and nobody indexes it."""
        return self.ends_on is not None and self.ends_on < clock.today()

    @property
    def root(self) -> Alert:
        """The alert that this one updates or corrects; itself when it is the first."""
        return self.first or self


class Translation(models.Model):
    """An alert's words in another language, and who has read them over. Markdown, as in the alert."""

    class State(models.TextChoices):
        WAITING = "waiting", "Not translated yet"
        MACHINE = "machine", "Translated by machine"
        PERSON = "person", "Translated by a person"
        REVIEWED = "reviewed", "Checked by a person"
        REJECTED = "rejected", "Rejected"
        FAILED = "failed", "Could not be translated"

    SAID = (State.MACHINE, State.PERSON, State.REVIEWED)  # what may be sent and shown

    alert = models.ForeignKey(Alert, models.CASCADE, related_name="translations", db_index=False)
    language = models.CharField(max_length=8)  # BCP 47
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    title = models.CharField(max_length=300, blank=True)
    happening = models.TextField(blank=True)
    doing = models.TextField(blank=True)
    can_do = models.TextField(blank=True)
    phrases = models.JSONField(default=dict)  # our own fixed words, where no catalogue has them (alerts.phrases)
    fingerprint = models.CharField(max_length=64, blank=True)  # of the words that were translated
    people = models.IntegerField(default=0)  # of the audience who asked for this language
    translator = models.CharField(max_length=40, blank=True)  # which machine
    written_by = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")  # where it was none
    why = models.CharField(max_length=300, blank=True)  # it failed, or was rejected
    made_at = models.DateTimeField(null=True, blank=True)
    reviewed_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["alert", "language"], name="a_language_is_translated_once"),
            models.CheckConstraint(
                condition=~Q(state="reviewed") | Q(reviewed_by__isnull=False), name="what_is_checked_has_a_reader"
            ),
        ]
        indexes = [models.Index(fields=["made_at"], condition=Q(state="machine"), name="translations_to_review")]

    def __str__(self) -> str:
        return f"{self.alert_id} {self.language}"


class AlertArea(models.Model):
    """An administrative area the alert is about, as ticked or, for a drawing, as touched; follows from the audience
    when it is frozen. Pages and feeds of the areas above and below show the alert too
    (alerts.queries.public_alerts)."""

    alert = models.ForeignKey(Alert, models.CASCADE, related_name="areas")
    area = models.ForeignKey("places.Area", models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["alert", "area"], name="an_area_shows_an_alert_once")]


class Enclosure(models.Model):
    """A picture or a paper that goes with an alert, as a link to our own server. Whoever holds the link may open it:
    `key` cannot be guessed. A paper's link works so many days after the alert went out."""

    class Kind(models.TextChoices):
        PICTURE = "picture", "Picture"
        PAPER = "paper", "File"

    class State(models.TextChoices):
        SHOWN = "shown", "Goes with the alert"
        WAITING = "waiting", "Not checked for viruses yet"
        INFECTED = "infected", "Removed: a virus was found in it"

    alert = models.ForeignKey(Alert, models.CASCADE, related_name="enclosures")
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")  # null where a virus was found
    state = models.CharField(max_length=8, choices=State.choices, default=State.SHOWN, db_default=State.SHOWN.value)
    scanned = models.BooleanField(default=False, db_default=False)  # a virus scanner looked at it
    key = models.CharField(max_length=22, unique=True)
    kind = models.CharField(max_length=7, choices=Kind.choices)
    title = models.CharField(max_length=100, blank=True)  # of a paper
    alt = models.CharField(max_length=250, blank=True)  # of a picture: what it shows, in words
    width = models.PositiveSmallIntegerField(null=True, blank=True)  # points
    height = models.PositiveSmallIntegerField(null=True, blank=True)
    days = models.PositiveSmallIntegerField(null=True, blank=True)  # of a paper; null: as long as the alert is kept

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(kind="picture") | ~Q(alt=""), name="a_picture_is_said_in_words"),
            models.CheckConstraint(condition=~Q(kind="paper") | ~Q(title=""), name="a_paper_has_a_title"),
            models.CheckConstraint(
                condition=Q(state="infected", file=None) | (~Q(state="infected") & Q(file__isnull=False)),
                name="of_a_virus_nothing_is_kept",
            ),
        ]


class Decision(models.Model):
    """Asked for, approved, or sent back with a comment."""

    alert = models.ForeignKey(Alert, models.CASCADE, related_name="decisions")
    verb = models.CharField(max_length=12)  # asked, approved, returned
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    people = models.IntegerField()
    comment = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["at"]


class Rating(models.Model):
    """What one recipient thought of an alert, 1 to 6; the last one given counts. `why` is asked after a low one."""

    class Why(models.TextChoices):
        FRIGHTENING = "frightening", _("It was frightening")
        NOT_LOCAL = "not-local", _("It was not about where I live")
        TOO_LONG = "too-long", _("It was too long")
        NOT_USEFUL = "not-useful", _("It was of no use to me")
        TOO_MANY = "too-many", _("I get too many messages")

    alert = models.ForeignKey(Alert, models.CASCADE, related_name="ratings", db_index=False)
    address = models.ForeignKey(Address, models.CASCADE, related_name="+")
    value = models.PositiveSmallIntegerField()
    why = models.CharField(max_length=12, choices=Why.choices, blank=True, default="", db_default="")
    comment = models.CharField(max_length=500, blank=True, default="", db_default="")
    at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["alert", "address"], name="the_last_rating_counts"),
            models.CheckConstraint(condition=Q(value__gte=1, value__lte=6), name="a_rating_is_1_to_6"),
        ]
        indexes = [models.Index(fields=["alert", "value"], name="ratings_of_an_alert")]


class SavedText(models.Model):
    """What somebody need not write anew: a whole alert to begin with, or a piece to put into one part. {Words} in
    braces stand for what has to be filled in before it can go."""

    class Kind(models.TextChoices):
        TEMPLATE = "template", "Template"
        SNIPPET = "snippet", "Snippet"

    class Part(models.TextChoices):
        HAPPENING = "happening", "What is happening"
        DOING = "doing", "What we are doing"
        CAN_DO = "can_do", "What you can do"

    kind = models.CharField(max_length=8, choices=Kind.choices)
    name = models.CharField(max_length=80)
    topic = models.ForeignKey(Topic, models.PROTECT, null=True, blank=True, related_name="+")  # null: for every type
    title = models.CharField(max_length=120, blank=True)
    happening = models.TextField(blank=True)
    doing = models.TextField(blank=True)
    can_do = models.TextField(blank=True)
    part = models.CharField(max_length=9, choices=Part.choices, blank=True)  # of a snippet: where it goes
    text = models.TextField(blank=True)  # of a snippet

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind="template") | ~Q(part=""), name="a_snippet_goes_into_a_part")
        ]

    def __str__(self) -> str:
        return self.name


class Jargon(models.Model):
    """Words of the trade that residents may not know, and what to write instead. Words in capitals are looked for in
    capitals only."""

    words = models.CharField(max_length=60)
    instead = models.CharField(max_length=120)  # said after "write": “crash”

    class Meta:
        ordering = [Lower("words")]
        constraints = [models.UniqueConstraint(Lower("words"), name="jargon_stands_once")]

    def __str__(self) -> str:
        return self.words


class Response(models.Model):
    """Counted per alert and kind: visits by share link, leaving because of it. Deltas, folded like delivery.Tally."""

    class Kind(models.TextChoices):
        VISIT = "visit", "Visits by share link"
        LEFT = "left", "People who left or turned it down because of it"
        REPLY = "reply", "Replies"

    alert = models.ForeignKey(Alert, models.CASCADE, related_name="responses", db_index=False)
    kind = models.CharField(max_length=6, choices=Kind.choices)
    n = models.IntegerField(default=1)

    class Meta:
        indexes = [models.Index(fields=["alert", "kind"], include=["n"], name="responses_of_an_alert")]


class Rollup(models.Model):
    """How one alert reads and what came back, for figures of a team over a quarter. Made from the tallies every ten
    minutes (alerts.quality.rolling), so that a page reads one narrow row for each alert."""

    alert = models.OneToOneField(Alert, models.CASCADE, primary_key=True, related_name="rollup")
    complete = models.BooleanField()  # all three parts are written
    ease = models.FloatField(null=True)  # Flesch; null under 30 words
    handed = models.IntegerField(default=0)  # addresses
    ratings = models.IntegerField(default=0)
    rating_total = models.IntegerField(default=0)
    replies = models.IntegerField(default=0)
    visits = models.IntegerField(default=0)
    left = models.IntegerField(default=0)


class Dose(models.Model):
    """How many alerts about crime a member was handed in the last 30 days; no row: none. Kept by alerts.dose."""

    member = models.OneToOneField(Member, models.CASCADE, primary_key=True, related_name="+")
    alerts = models.PositiveSmallIntegerField()


class DoseSend(models.Model):
    """A send that is counted in the doses."""

    send = models.OneToOneField(Send, models.CASCADE, primary_key=True, related_name="+")


class Digest(models.Model):
    """What is sent on a day to those who get their digest daily, or weekly. One for each, however often it is due."""

    kind = models.CharField(max_length=6, choices=Pace.Digest.choices)
    day = models.DateField()  # on a London calendar
    send = models.OneToOneField(Send, models.SET_NULL, null=True, related_name="+")  # null: there was nothing to send

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "day"], name="a_digest_a_day")]


class HoldoutDecision(models.Model):
    """That an ethics body agreed to withhold some alerts from a small share of people, at random, to learn whether
    they worry (alerts.holdout). Nothing changes but its end; another share or another list is another decision."""

    LONGEST = timedelta(days=366)

    body = models.CharField(max_length=120)  # who decided
    decided_on = models.DateField()
    until = models.DateField()  # the last day on which it holds
    reference = models.CharField(max_length=60)
    text = models.TextField()  # what was decided, in the body's own words
    percent = models.PositiveSmallIntegerField()  # of an audience
    topics = models.ManyToManyField(Topic, related_name="+")  # of these types alone
    seed = models.CharField(max_length=32)  # drawn when it was entered: nobody chooses who
    entered_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)  # before its last day, or by another
    ended_by = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(percent__range=(1, 10)), name="a_holdout_is_1_to_10_percent"),
            models.CheckConstraint(
                condition=Q(until__gte=models.F("decided_on"))
                & Q(until__lte=models.F("decided_on") + models.Value(timedelta(days=366))),
                name="a_holdout_lasts_a_year_at_most",
            ),
            models.UniqueConstraint(
                fields=["ended_at"], condition=Q(ended_at=None), nulls_distinct=False, name="one_holdout_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.body}, {self.reference}"


class HeldOut(models.Model):
    """From whom an alert was withheld, until they have been asked what the others are asked (alerts.holdout)."""

    alert = models.ForeignKey(Alert, models.CASCADE, related_name="+", db_index=False)
    member = models.ForeignKey(Member, models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["alert", "member"], name="a_member_is_held_out_once")]
