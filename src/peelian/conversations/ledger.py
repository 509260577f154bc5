"""Tables of what happens to a conversation: how long the resident waited, who was told to look, where it went."""

from __future__ import annotations

from django.db import models

from peelian.accounts.models import Staff, Team
from peelian.contacts.models import Address
from peelian.conversations.models import Thread
from peelian.places.models import Area


class Wait(models.Model):
    """One time that a resident waited for us: from their first words without an answer to what ended it. What teams
    promised and kept is counted from these narrow rows, never from messages."""

    class End(models.TextChoices):
        ANSWERED = "answered", "Answered"
        CLOSED = "closed", "Closed with a reason"
        PASSED_ON = "passed-on", "Passed on as intelligence"  # counts neither for nor against

    thread = models.ForeignKey(Thread, models.CASCADE, related_name="waits")
    team = models.ForeignKey(Team, models.CASCADE, related_name="+", db_index=False)
    area = models.ForeignKey(Area, models.SET_NULL, null=True, blank=True, related_name="+", db_index=False)
    first = models.BooleanField()  # the first of its thread
    began_at = models.DateTimeField()
    due_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=9, choices=End.choices, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["thread"], condition=models.Q(ended_at=None), name="a_thread_waits_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at=None, outcome="")
                | (models.Q(ended_at__isnull=False) & ~models.Q(outcome="")),
                name="a_wait_ends_somehow",
            ),
        ]
        indexes = [
            models.Index(fields=["area", "due_at"], include=["ended_at", "outcome"], name="waits_of_an_area"),
            models.Index(
                fields=["team", "due_at"],
                include=["area", "began_at", "ended_at", "outcome", "first"],
                name="waits_of_a_team",
            ),
        ]


class Raised(models.Model):
    """A thread that a supervisor is to look at, and who was told so far."""

    class Why(models.TextChoices):
        WORDS = "words", "Certain words"
        YOUNG = "young", "Somebody under 18"

    thread = models.ForeignKey(Thread, models.CASCADE, related_name="raised")
    why = models.CharField(max_length=5, choices=Why.choices)
    at = models.DateTimeField()
    told = models.PositiveSmallIntegerField(default=0)  # how often the duty contact was
    next_at = models.DateTimeField(null=True, blank=True)  # when to tell, or tell again; null: nobody is told
    seen_at = models.DateTimeField(null=True, blank=True)
    seen_by = models.ForeignKey(Staff, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["thread", "why"], condition=models.Q(seen_at=None), name="a_thread_is_raised_once_at_a_time"
            )
        ]
        indexes = [
            models.Index(fields=["at", "id"], condition=models.Q(seen_at=None), name="raised_and_not_seen"),
            models.Index(fields=["next_at"], condition=models.Q(seen_at=None), name="raised_to_tell_of"),
        ]


class Handover(models.Model):
    """A conversation went from one team to another."""

    thread = models.ForeignKey(Thread, models.CASCADE, related_name="handovers")
    from_team = models.ForeignKey(Team, models.CASCADE, related_name="+")
    to_team = models.ForeignKey(Team, models.CASCADE, related_name="+")
    by = models.ForeignKey(Staff, models.SET_NULL, null=True, blank=True, related_name="+")
    note = models.CharField(max_length=500)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]


class PassedOn(models.Model):
    """A conversation was marked as intelligence for a named receiver. When the receiver has it, its words are deleted
    here; this row stays and says so."""

    thread = models.ForeignKey(Thread, models.CASCADE, related_name="passed_on")
    asked_by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    asked_at = models.DateTimeField()
    receiver = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    reference = models.CharField(max_length=40, blank=True)  # in the system of intelligence
    received_at = models.DateTimeField(null=True, blank=True)  # and the words deleted
    messages = models.PositiveIntegerField(null=True, blank=True)  # how many were deleted
    taken_back_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["thread"],
                condition=models.Q(received_at=None, taken_back_at=None),
                name="a_thread_is_passed_on_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(received_at=None) | models.Q(taken_back_at=None), name="what_was_received_stays_so"
            ),
        ]


class Letter(models.Model):
    """What somebody without an account wrote to a team, until they confirm their email address. No member of staff sees
    it before."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="+")
    area = models.ForeignKey(Area, models.SET_NULL, null=True, blank=True, related_name="+")
    address = models.ForeignKey(Address, models.CASCADE, related_name="+")
    language = models.CharField(max_length=8)
    text = models.TextField()
    written_at = models.DateTimeField()
