"""Surveys: what is asked (frozen once it was answered), what was answered, and who has answered already.

Of an anonymous survey, an answer and the mark that an invitation was used share nothing: no id, no time, no order of
rows (surveys.sealing, surveys.actions.emptying). Whatever is added here keeps that promise.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse

from peelian.accounts.models import Staff, Team
from peelian.contacts.models import Address
from peelian.core import clock
from peelian.delivery.models import Send
from peelian.members.models import Member
from peelian.places.models import Area


class Survey(models.Model):
    """One wave of questions to people. A later wave points to the first; each is opened and closed by itself."""

    class Mode(models.TextChoices):
        ANONYMOUS = "anonymous", "Anonymous: nobody can tell whose answer is whose"
        IDENTIFIED = "identified", "With the person: staff can see who answered what"

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        OPEN = "open", "Open"
        CLOSED = "closed", "Closed"

    ref = models.SlugField(max_length=12, unique=True)
    title = models.CharField(max_length=120)
    purpose = models.TextField(blank=True)  # residents read it first: why we ask, and what we do with the answers
    closing = models.TextField(blank=True)  # residents read it last: what happens next
    said = models.JSONField(default=dict)  # language → {"title", "purpose", "closing"}
    team = models.ForeignKey(Team, models.PROTECT, related_name="surveys")
    author = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    mode = models.CharField(max_length=10, choices=Mode.choices, default=Mode.ANONYMOUS)
    languages = models.JSONField(default=list)  # BCP 47; English is always there and not named
    state = models.CharField(max_length=6, choices=State.choices, default=State.DRAFT)
    opens = models.DateField(null=True, blank=True)
    closes = models.DateField(null=True, blank=True)  # the last day on which it may be answered
    opened_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    live = models.ForeignKey("Version", models.PROTECT, null=True, blank=True, related_name="+")  # what is asked now
    open_link = models.BooleanField(default=True)  # whoever has the address may answer, not the invited alone
    after_conversation = models.BooleanField(default=False)  # offered when a conversation has been closed
    after_report = models.BooleanField(default=False)  # its first question stands where a message to us has been sent
    first = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="later")
    wave = models.PositiveSmallIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="draft") | Q(live__isnull=False), name="what_is_open_has_questions"
            ),
            models.CheckConstraint(
                condition=Q(wave=1, first=None) | (Q(wave__gt=1) & Q(first__isnull=False)),
                name="a_later_wave_has_a_first",
            ),
            models.UniqueConstraint(fields=["first", "wave"], name="a_wave_has_its_number_once"),
        ]
        indexes = [models.Index(fields=["state", "-saved_at"], name="surveys_by_state")]

    def __str__(self) -> str:
        return f"{self.title} (wave {self.wave})" if self.wave > 1 else self.title

    def get_absolute_url(self) -> str:
        return reverse("surveys:intro", args=[self.ref])

    @property
    def is_anonymous(self) -> bool:
        return self.mode == self.Mode.ANONYMOUS

    @property
    def takes_answers(self) -> bool:
        """Open, begun, and not past its last day."""
        today = clock.today()
        begun = self.opens is None or self.opens <= today
        return self.state == self.State.OPEN and begun and (self.closes is None or today <= self.closes)

    def words(self, name: str, language: str = "") -> str:
        """The title, purpose or closing words in a language, in English where nobody translated them."""
        return str(self.said.get(language, {}).get(name) or getattr(self, name))


class Version(models.Model):
    """The questions as they stood, read by surveys.definition. Frozen as soon as somebody began to answer: a change
    after that is the next number."""

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    definition = models.JSONField(default=dict)
    frozen = models.BooleanField(default=False)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["survey", "number"], name="a_version_has_its_number_once")]

    def __str__(self) -> str:
        return f"{self.survey_id}, version {self.number}"


class How(models.TextChoices):
    """The way an answer came."""

    INVITATION = "invitation", "By invitation"
    LINK = "link", "By the open link"
    QR = "qr", "By a QR code or short link"
    KIOSK = "kiosk", "On a tablet in a public place"
    STREET = "street", "In the street, with an officer"
    DOORSTEP = "doorstep", "At the door, with an officer"
    TELEPHONE = "telephone", "By telephone"
    PAPER = "paper", "On paper"
    CONVERSATION = "conversation", "After a conversation"
    REPORT = "report", "After a message to us"


class Answer(models.Model):
    """One person's answers. `answers` maps a question's key to: a code (single, likert), a list of codes (multiple), a
    whole number (rating), a mapping of rows to codes (grid), an H3 cell as text (place). Free texts are Comments.

    Of an anonymous survey `member`, `address`, `area`, `language`, `source` and `stratum` are empty whatever is known
    (but the cell of a pulse, which ten share at least), the id says nothing, and `day` is the day only where ten
    answered on it (surveys.actions.emptying)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    survey = models.ForeignKey(Survey, models.CASCADE, related_name="answers", db_index=False)
    version = models.ForeignKey(Version, models.CASCADE, related_name="+")
    day = models.DateField()
    how = models.CharField(max_length=12, choices=How.choices)
    source = models.CharField(max_length=40, blank=True)  # what it came with, such as "alert:k3mt7xwq"
    stratum = models.CharField(max_length=60, blank=True)  # of the sample, where there was one; of a pulse, its cell
    language = models.CharField(max_length=8, blank=True)  # it was answered in; empty: English
    area = models.ForeignKey(Area, models.SET_NULL, null=True, blank=True, related_name="+")
    member = models.ForeignKey(Member, models.SET_NULL, null=True, blank=True, related_name="+")
    address = models.ForeignKey(Address, models.SET_NULL, null=True, blank=True, related_name="+")
    answers = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["survey", "day"], name="answers_of_a_survey")]

    def __str__(self) -> str:
        return str(self.pk)


class Comment(models.Model):
    """A free text somebody wrote under a question of theirs."""

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="comments", db_index=False)
    answer = models.ForeignKey(Answer, models.CASCADE, related_name="comments")
    question = models.CharField(max_length=30)
    text = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["answer", "question"], name="a_question_has_one_comment")]
        indexes = [
            models.Index(fields=["survey", "question", "id"], name="comments_of_a_survey"),
            GinIndex(SearchVector("text", config="english"), name="comments_by_words"),
        ]

    def __str__(self) -> str:
        return f"Comment {self.pk}"


class Tag(models.Model):
    """What comments of a survey are about, as staff sort them by hand."""

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="tags", db_index=False)
    name = models.CharField(max_length=40)
    comments = models.ManyToManyField(Comment, related_name="tags")

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint("survey", Lower("name"), name="a_survey_has_a_tag_once")]

    def __str__(self) -> str:
        return self.name


class Answered(models.Model):
    """That an invitation, or one opening of a link, has been used. `mark` is a keyed hash: who holds the list of the
    invited and not the secret key cannot tell which mark is whose."""

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="+", db_index=False)
    mark = models.CharField(max_length=32)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["survey", "mark"], name="an_invitation_is_answered_once")]

    def __str__(self) -> str:
        return self.mark


class Boxed(models.Model):
    """An answer to an anonymous survey until ten have come: sealed, all of one length or a doubling of it, and
    readable with the secret key alone."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    survey = models.ForeignKey(Survey, models.CASCADE, related_name="+")
    sealed = models.BinaryField()

    def __str__(self) -> str:
        return str(self.pk)


class Begun(models.Model):
    """Answers that somebody has begun and not sent yet, sealed with a key that only their own link gives. Deleted when
    they are sent, or 30 days after the last change."""

    mark = models.CharField(max_length=32, primary_key=True)
    survey = models.ForeignKey(Survey, models.CASCADE, related_name="+")
    version = models.ForeignKey(Version, models.CASCADE, related_name="+")
    sealed = models.BinaryField()
    kept_on = models.DateField()

    def __str__(self) -> str:
        return self.mark


class Mailing(models.Model):
    """An invitation, or a reminder, that went to many people at once. `audience` is as alerts store one."""

    class Kind(models.TextChoices):
        INVITATION = "invitation", "Invitation"
        REMINDER = "reminder", "Reminder"

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="mailings")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.INVITATION)
    audience = models.JSONField(default=dict)
    channels = models.PositiveSmallIntegerField(default=3)  # bits
    people = models.IntegerField(null=True, blank=True)  # as frozen
    send = models.OneToOneField(Send, models.PROTECT, null=True, blank=True, related_name="+")  # null: not sent yet
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    frame = models.ForeignKey("Frame", models.PROTECT, null=True, blank=True, related_name="mailings")  # in place of it
    # Of a sample (surveys.sampling); of an invitation to many, what a job does or did (surveys.actions.counting); of a
    # reminder, its numbers
    settings: Any = models.JSONField(default=dict)
    asked_at = models.DateTimeField(null=True, blank=True)  # put before a second person
    asked_by = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")
    approved_by = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")
    due_on = models.DateField(null=True, blank=True)  # a reminder that goes by itself

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(asked_at=None, asked_by=None) | Q(asked_at__isnull=False, asked_by__isnull=False),
                name="who_asks_for_approval_is_known",
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=models.F("asked_by")),
                name="nobody_approves_their_own_mailing",
            ),
            models.UniqueConstraint(
                fields=["survey", "frame"],
                condition=Q(kind="reminder", send=None),
                name="one_reminder_of_each_waits",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} to {self.survey}"

    @property
    def waits(self) -> bool:
        """Whether somebody else is to decide on it."""
        return self.asked_at is not None and self.send_id is None and not self.is_being_made

    @property
    def is_being_made(self) -> bool:
        """Whether somebody let it go, and a job looks whom it goes to: of an invitation, who they are now; of a
        reminder, who of them has answered."""
        return self.send_id is None and "looked" in self.settings

    @property
    def is_being_counted(self) -> bool:
        """Whether a job counts whom it reaches and draws its sample (surveys.actions.counting)."""
        return "counting" in self.settings


class Sampled(models.Model):
    """Of which stratum of a sample somebody is, by its place in the mailing's settings: kept until the survey
    has closed. Of an anonymous survey there is none once it is sent: its answers say nothing of strata."""

    pk = models.CompositePrimaryKey("mailing", "member")
    mailing = models.ForeignKey(Mailing, models.CASCADE, related_name="+", db_index=False)
    member = models.ForeignKey(Member, models.CASCADE, related_name="+")
    stratum = models.PositiveSmallIntegerField()


from peelian.surveys.doorstep.models import NotAgain, Round, RoundDoor, RoundStreet  # noqa: E402, F401 (of this app)
from peelian.surveys.frames.models import Frame, FrameCell, FramePerson, Surveyed  # noqa: E402, F401 (as below)
from peelian.surveys.pulse.models import PulseProgramme, PulseRound, PulseSlice  # noqa: E402, F401 (found by Django here)
