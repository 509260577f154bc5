from __future__ import annotations

from django.db import models
from django.urls import reverse

from peelian.accounts.models import Staff, Team
from peelian.contacts.models import Address
from peelian.members.models import Member


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
        ]
        indexes = [models.Index(fields=["team", "state", "last_at"], name="threads_of_a_team")]

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
        STAFF = "staff", "From the team"

    thread = models.ForeignKey(Thread, models.CASCADE, related_name="messages")
    how = models.CharField(max_length=8, choices=How.choices)
    by = models.ForeignKey(Staff, models.SET_NULL, null=True, blank=True, related_name="+")
    text = models.TextField()
    closing = models.BooleanField(default=False)  # the text is the reason the team gave for closing
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]


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


from peelian.conversations.inbound.models import Attachment, Inbound  # noqa: E402 (they point to Message)

__all__ = ["Attachment", "Inbound", "Message", "MessageTranslation", "Thread"]
