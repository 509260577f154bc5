"""Joining at the door: what a phone's waiting sign-ups are sealed with, each sign-up once, and the streets to visit."""

from __future__ import annotations

import uuid

from django.db import models

from peelian.accounts.models import Staff, Team
from peelian.places.models import Area


class DoorstepKey(models.Model):
    """With this, and with the installation's secret key, what waits on one officer's phone can be opened. The row goes
    when they sign out there or after a day (doorstep.KEPT), and without its salt nobody makes the key again."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    staff = models.ForeignKey(Staff, models.CASCADE, related_name="+")
    salt = models.BinaryField(max_length=32)
    made_at = models.DateTimeField(db_index=True)


class Street(models.Model):
    """A street that a team means to visit. Any one postcode of it says where it is."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="+")
    name = models.CharField(max_length=80)
    postcode = models.CharField(max_length=7)  # as places.Postcode.code
    longitude = models.IntegerField()  # 1e-7 degree
    latitude = models.IntegerField()
    area = models.ForeignKey(Area, models.SET_NULL, null=True, blank=True, related_name="+")  # lowest administrative
    added_by = models.ForeignKey(Staff, models.SET_NULL, null=True, blank=True, related_name="+")
    added_on = models.DateField()
    hidden_until = models.DateTimeField(null=True, blank=True)  # to come back to those who did not answer
    finished_at = models.DateTimeField(null=True, blank=True)  # done with it: it leaves the list

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["team", "name", "postcode"],
                condition=models.Q(finished_at=None),
                name="a_street_is_on_a_teams_list_once",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Door(models.Model):
    """A door of a street by its number, and what came of knocking there last; nothing yet where it is only to be
    visited. Holds nobody's name."""

    class Outcome(models.TextChoices):
        NO_ANSWER = "no-answer", "No answer"
        DONE = "done", "Done"
        REFUSED = "refused", "Refused"

    street = models.ForeignKey(Street, models.CASCADE, related_name="doors")
    number = models.CharField(max_length=12)  # "12", "12a", "Flat 3, 12"
    outcome = models.CharField(max_length=9, choices=Outcome.choices, blank=True)
    at = models.DateTimeField(null=True, blank=True)
    day = models.DateField(null=True, blank=True)  # of `at`, in London
    hidden_until = models.DateTimeField(null=True, blank=True)  # after no answer: when to try again
    note = models.CharField(max_length=200, blank=True)
    note_at = models.DateTimeField(null=True, blank=True)
    staff = models.ForeignKey(Staff, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["street", "number"], name="a_door_of_a_street_is_one_row"),
            models.CheckConstraint(
                condition=models.Q(outcome="no-answer") | models.Q(hidden_until=None),
                name="only_doors_without_an_answer_wait",
            ),
        ]


class DoorstepSignUp(models.Model):
    """Somebody whom an officer signed up, once: the phone makes `id`, so that sending again after a lost answer finds
    what the first sending did. When the member is erased, place and street go; what a trial counts stays."""

    class Source(models.TextChoices):
        DOOR = "door", "At their door"
        STREET = "street", "In the street"
        EVENT = "event", "At an event"
        SOCIAL_MEDIA = "social-media", "From social media"
        QR = "qr", "From a QR code"

    id = models.UUIDField(primary_key=True, editable=False)
    staff = models.ForeignKey(Staff, models.SET_NULL, null=True, blank=True, related_name="+")
    member = models.ForeignKey("members.Member", models.SET_NULL, null=True, blank=True, related_name="doorstep")
    source = models.CharField(max_length=12, choices=Source.choices)
    place = models.CharField(max_length=80, blank=True)
    street = models.ForeignKey(Street, models.SET_NULL, null=True, blank=True, related_name="+")
    hotspot = models.ForeignKey(Area, models.SET_NULL, null=True, blank=True, related_name="+")  # of a trial
    agreed_at = models.DateTimeField()  # by the phone's clock, held between a day ago and now
    received_at = models.DateTimeField(db_index=True)
