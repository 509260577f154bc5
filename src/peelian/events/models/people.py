"""Who comes to an event: those who signed up, and those whose name was written down with their consent."""

from __future__ import annotations

from django.db import models

from peelian.accounts.models import Staff
from peelian.contacts.models import Address
from peelian.delivery.models import Send
from peelian.events.models.meetings import Event
from peelian.members.models import Member


class SignUp(models.Model):
    """Somebody who wants to come: a member, or whoever reads mail at an address. `people` come with it, themselves
    counted. `placed_at` is when they asked for a place, which is their turn on the waiting list."""

    class State(models.TextChoices):
        ASKED = "asked", "Not confirmed"
        BOOKED = "booked", "Has a place"
        WAITING = "waiting", "On the waiting list"
        CANCELLED = "cancelled", "Does not come"

    event = models.ForeignKey(Event, models.CASCADE, related_name="sign_ups")
    address = models.ForeignKey(Address, models.CASCADE, related_name="+")
    member = models.ForeignKey(Member, models.CASCADE, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=9, choices=State.choices, default=State.ASKED)
    name = models.CharField(max_length=80, blank=True)
    needs = models.CharField(max_length=300, blank=True)  # what they need to take part; emptied 30 days after
    people = models.PositiveSmallIntegerField(default=1)
    wants_back = models.BooleanField(default=False)  # to hear what came of it
    language = models.CharField(max_length=8, default="en")
    asked_at = models.DateTimeField()
    placed_at = models.DateTimeField(null=True, blank=True)
    moved_up_at = models.DateTimeField(null=True, blank=True)  # from the waiting list
    cancelled_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["placed_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "address", "member"], nulls_distinct=False, name="somebody_signs_up_once"
            ),
            models.CheckConstraint(condition=models.Q(people__range=(1, 6)), name="one_to_six_come"),
        ]
        indexes = [
            models.Index(fields=["event", "state", "placed_at"], name="sign_ups_in_turn"),
            models.Index(fields=["member"], name="sign_ups_of_member"),
        ]


class Telling(models.Model):
    """One message to all who signed up whom it concerns, sent as one: it says how the event stands when it goes."""

    class What(models.TextChoices):
        CHANGED = "changed", "The event changed, or does not take place"
        REMINDER = "reminder", "It is tomorrow"
        BACK = "back", "What came of it"

    event = models.ForeignKey(Event, models.CASCADE, related_name="tellings")
    what = models.CharField(max_length=8, choices=What.choices)
    language = models.CharField(max_length=8, blank=True)  # of those who are no members; empty: each member’s own
    send = models.OneToOneField(Send, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]


class Attendee(models.Model):
    """Somebody who came and agreed to have their name kept. `wording` is what they were told, word for word."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="attendees")
    name = models.CharField(max_length=80)
    address = models.ForeignKey(Address, models.CASCADE, null=True, blank=True, related_name="+")
    wants_back = models.BooleanField(default=False)
    wording = models.CharField(max_length=300)
    by = models.ForeignKey(Staff, models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
