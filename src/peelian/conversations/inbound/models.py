from __future__ import annotations

from django.db import models

from peelian.accounts.models import Staff, Team
from peelian.contacts.models import Address
from peelian.core.models import StoredFile


class Inbound(models.Model):
    """A message that came by email or text, as it came: what became of it, and the whole of it for those who look.

    Each is one of three things: a message in a thread, an automatic report, or kept aside until a person decides.
    """

    class Way(models.IntegerChoices):
        EMAIL = 1, "email"
        TEXT = 2, "text"

    class State(models.TextChoices):
        TAKEN = "taken", "In a conversation"
        REPORT = "report", "Automatic"
        ASIDE = "aside", "Kept aside"
        DISCARDED = "discarded", "Discarded"

    way = models.SmallIntegerField(choices=Way.choices)
    state = models.CharField(max_length=9, choices=State.choices)
    reason = models.CharField(max_length=200, blank=True)  # why it is no message in a thread
    key = models.CharField(max_length=64)  # of what makes it the same message when it comes twice
    message = models.OneToOneField(
        "conversations.Message", models.CASCADE, null=True, blank=True, related_name="inbound"
    )
    team = models.ForeignKey(Team, models.SET_NULL, null=True, blank=True, related_name="+")  # whose it seems to be
    address = models.ForeignKey(Address, models.SET_NULL, null=True, blank=True, related_name="+")  # that we wrote to
    sender = models.CharField(max_length=254, blank=True)  # as it says itself
    text = models.TextField(blank=True)  # the whole of it as text, with what it quotes
    raw = models.BinaryField(null=True, blank=True)  # the bytes as they came, for 30 days
    size = models.IntegerField()  # of these bytes
    received_at = models.DateTimeField()
    settled_by = models.ForeignKey(Staff, models.SET_NULL, null=True, blank=True, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key"], name="a_message_from_outside_is_taken_once"),
            models.CheckConstraint(
                condition=(models.Q(state="taken") & models.Q(message__isnull=False))
                | (~models.Q(state="taken") & models.Q(message=None)),
                name="what_is_taken_is_a_message",
            ),
        ]
        indexes = [
            models.Index(fields=["received_at", "id"], condition=models.Q(state="aside"), name="kept_aside_by_time"),
            models.Index(fields=["received_at", "id"], condition=models.Q(state="report"), name="reports_by_time"),
        ]


class Attachment(models.Model):
    """A file that came with a message. It is shown only after its bytes were looked at."""

    class State(models.TextChoices):
        WAITING = "waiting", "Being checked"
        SHOWN = "shown", "Checked"
        REFUSED = "refused", "Not taken"
        INFECTED = "infected", "Removed: a virus was found in it"
        UNCHECKED = "unchecked", "Kept aside: it could not be checked for viruses"

    inbound = models.ForeignKey(Inbound, models.CASCADE, related_name="attachments")
    number = models.SmallIntegerField()  # which of the message's files, from 0
    name = models.CharField(max_length=120)
    state = models.CharField(max_length=9, choices=State.choices, default=State.WAITING)
    why = models.CharField(max_length=200, blank=True)  # a sentence, of those that are not taken
    size = models.IntegerField()  # bytes as they came
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    scanned = models.BooleanField(default=False)  # a scanner looked at it

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["inbound", "number"], name="a_file_of_a_message_is_one_row"),
            models.CheckConstraint(
                condition=models.Q(state="shown", file__isnull=False)
                | (~models.Q(state="shown") & models.Q(file=None)),
                name="only_a_checked_file_is_kept",
            ),
        ]
        indexes = [
            models.Index(
                fields=["id"], condition=models.Q(state__in=["waiting", "unchecked"]), name="files_to_be_checked"
            )
        ]

    @property
    def file_size(self) -> int:
        """Bytes of what is handed out."""
        return self.file.size if self.file else self.size
