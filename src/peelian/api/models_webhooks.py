"""Who is told by webhook what happened, and how that went. No row holds words or people's names: ids alone."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from peelian.accounts.models import Staff


class Webhook(models.Model):
    """An address that is told when something happens among the teams in its administrator's scope."""

    class Kind(models.TextChoices):
        ALERT_SENT = "alert.sent", "An alert was sent"
        REPLY_RECEIVED = "reply.received", "A resident wrote"
        PROMISE_CHANGED = "promise.changed", "A promise changed"

    name = models.CharField(max_length=80)
    url = models.CharField(max_length=500)
    secret = models.TextField()  # encrypted: it has to sign
    kinds = models.JSONField(default=list)
    made_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    failing_since = models.DateTimeField(null=True, blank=True)  # the first failure after the last success
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_why = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return self.name


class Happened(models.Model):
    """One thing that happened, as it is told: whoever is told twice knows it by `uid`."""

    uid = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=20)  # of Webhook.Kind, or "test"
    about = models.CharField(max_length=60)  # "alert:12": the same thing happens once
    payload = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "about"], name="a_thing_happens_once")]
        indexes = [models.Index(fields=["at"], name="happened_by_time")]


class Telling(models.Model):
    """One thing told to one address: tried until it is taken."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        TAKEN = "taken", "Taken"
        GIVEN_UP = "given-up", "Given up"

    webhook = models.ForeignKey(Webhook, models.CASCADE, related_name="tellings", db_index=False)
    happened = models.ForeignKey(Happened, models.CASCADE, related_name="+")
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    round = models.PositiveSmallIntegerField(default=1)  # raised by each "tell it again": a job of an older one stops
    status = models.PositiveSmallIntegerField(null=True, blank=True)  # of the last answer
    why = models.CharField(max_length=200, blank=True)  # it was not taken
    tried_at = models.DateTimeField(null=True, blank=True)
    next_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["webhook", "happened"], name="an_address_is_told_a_thing_once")]
        indexes = [
            models.Index(fields=["webhook", "-id"], name="tellings_of_an_address"),
            models.Index(fields=["next_at"], condition=Q(state="waiting"), name="tellings_that_wait"),
        ]


class Looked(models.Model):
    """Up to when a kind of thing has been looked for that nobody announces."""

    kind = models.CharField(max_length=20, primary_key=True)
    until = models.DateTimeField()
