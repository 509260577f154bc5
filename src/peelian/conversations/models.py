from __future__ import annotations

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.urls import reverse

from peelian.accounts.models import Staff, Team
from peelian.contacts.models import Address
from peelian.members.models import Member
from peelian.places.models import Area


class Thread(models.Model):
    """What one resident (or a bare address) and one team say to each other about one thing."""

    class State(models.TextChoices):
        WAITING_FOR_US = "waiting-for-us", "Waiting for us"
        WAITING_FOR_RESIDENT = "waiting-for-resident", "Waiting for the resident"
        CLOSED = "closed", "Closed"

    team = models.ForeignKey(Team, models.PROTECT, related_name="threads")
    member = models.ForeignKey(Member, models.SET_NULL, null=True, blank=True, related_name="+")
    address = models.ForeignKey(Address, models.SET_NULL, null=True, blank=True, related_name="+")
    subject = models.CharField(max_length=200)
    about = models.CharField(max_length=30, blank=True)  # "alert:<ref>", a plain reference upwards
    state = models.CharField(max_length=22, choices=State.choices, default=State.WAITING_FOR_US)
    assigned_to = models.ForeignKey(Staff, models.SET_NULL, null=True, blank=True, related_name="+")
    closed_reason = models.CharField(max_length=300, blank=True)
    opened_at = models.DateTimeField(auto_now_add=True)
    last_at = models.DateTimeField()
    waiting_since = models.DateTimeField(null=True, blank=True)  # the resident's first words we have not answered
    seen_at = models.DateTimeField(null=True, blank=True)  # by anybody of the team, since the resident last wrote
    due_at = models.DateTimeField(null=True, blank=True)  # by when the team has promised its answer
    language = models.CharField(max_length=8, blank=True, default="", db_default="")  # BCP 47; empty: not known
    area = models.ForeignKey(Area, models.SET_NULL, null=True, blank=True, related_name="+")  # the resident's ward
    sensitive = models.BooleanField(default=False, db_default=False)  # messages only say that there is an answer
    tags = models.ManyToManyField("conversations.Tag", blank=True, related_name="threads")
    emptied_at = models.DateTimeField(null=True, blank=True)  # passed on as intelligence, its words deleted here

    said_before = False  # not kept: what was just handed in stands here already, and nothing was added

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["address", "about"], condition=~models.Q(about=""), name="one_thread_about_a_thing"
            ),
            models.CheckConstraint(
                condition=models.Q(state="waiting-for-us", waiting_since__isnull=False)
                | (~models.Q(state="waiting-for-us") & models.Q(waiting_since=None)),
                name="a_clock_runs_while_we_are_waited_for",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="closed") | ~models.Q(closed_reason=""),
                name="nothing_is_closed_without_a_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(waiting_since=None, due_at=None)
                | models.Q(waiting_since__isnull=False, due_at__isnull=False),
                name="who_waits_has_been_promised_a_time",
            ),
        ]
        indexes = [
            models.Index(fields=["team", "state", "last_at"], name="threads_of_a_team"),
            models.Index(
                fields=["team", "due_at", "id"], condition=models.Q(state="waiting-for-us"), name="threads_that_are_due"
            ),
        ]

    def __str__(self) -> str:
        return self.subject

    def get_absolute_url(self) -> str:
        return reverse("conversations_staff:thread", args=[self.pk])

    @property
    def is_unread(self) -> bool:
        """Nobody of the team has opened it since the resident last wrote."""
        return self.state == self.State.WAITING_FOR_US and self.seen_at is None


class Message(models.Model):
    """One thing said in a thread."""

    class How(models.TextChoices):
        LINK = "link", "By link, not verified"
        CODE = "code", "Signed in"
        EMAIL = "email", "By email"
        OTHER = "other", "By email from another address, not verified"
        TEXT = "text", "By text"
        CONFIRM = "confirm", "Email address confirmed"
        STAFF = "staff", "From the team"
        NOTICE = "notice", "Sent by itself"  # the receipt, or to whom the conversation went

    OURS = (How.STAFF, How.NOTICE)
    FROM_PAGES = (How.LINK, How.CODE, How.CONFIRM)

    thread = models.ForeignKey(Thread, models.CASCADE, related_name="messages")
    how = models.CharField(max_length=8, choices=How.choices)
    by = models.ForeignKey(Staff, models.SET_NULL, null=True, blank=True, related_name="+")
    text = models.TextField()
    closing = models.BooleanField(default=False)  # the text is the reason the team gave for closing
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        indexes = [BrinIndex(fields=["at"], name="messages_by_time")]  # for what came since the last count

    @property
    def is_ours(self) -> bool:
        """The team's words, or what we send by ourselves."""
        return self.how in self.OURS


class MessageTranslation(models.Model):
    """What a machine made of a message: of a resident's for the team, or of the team's for the resident."""

    class State(models.TextChoices):
        WAITING = "waiting", "Being translated"
        MACHINE = "machine", "Translated by machine"
        SAME = "same", "It is in English already"
        FAILED = "failed", "Could not be translated"

    message = models.OneToOneField(Message, models.CASCADE, primary_key=True, related_name="translation")
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    source = models.CharField(max_length=8, blank=True)  # BCP 47; of a resident's message as the machine found
    target = models.CharField(max_length=8)
    text = models.TextField(blank=True)
    note = models.CharField(max_length=300, blank=True)  # that a machine translated it, in the language too
    translator = models.CharField(max_length=40, blank=True)
    why = models.CharField(max_length=300, blank=True)  # it failed
    asked_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["asked_at"], condition=models.Q(state="waiting"), name="messages_to_translate"),
        ]


from peelian.conversations.desks import Desk, DutyContact, SavedAnswer, Tag, Trigger  # noqa: E402
from peelian.conversations.inbound.models import Attachment, Inbound  # noqa: E402
from peelian.conversations.ledger import Handover, Letter, PassedOn, Raised, Wait  # noqa: E402 (they point to Thread)

__all__ = [
    "Attachment",
    "Desk",
    "DutyContact",
    "Handover",
    "Inbound",
    "Letter",
    "Message",
    "MessageTranslation",
    "PassedOn",
    "Raised",
    "SavedAnswer",
    "Tag",
    "Thread",
    "Trigger",
    "Wait",
]
