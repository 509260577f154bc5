"""Somebody who helps a member with messages."""

from __future__ import annotations

from django.db import models

from peelian.contacts.models import Address


class Helper(models.Model):
    """Somebody who gets a member's messages on their behalf, when the member and the helper have both agreed. From
    `begun_at` to `ended_at` their address stands on the member as the member's own, so that every rule holds for it,
    one copy for an address among them."""

    member = models.ForeignKey("members.Member", models.CASCADE, related_name="helpers")
    address = models.ForeignKey(Address, models.CASCADE, related_name="+")  # an email address or a mobile number
    name = models.CharField(max_length=80, blank=True)  # their first name, as the member gave it
    wording = models.ForeignKey("members.Wording", models.PROTECT, null=True, related_name="+")  # what they agreed to
    asked_at = models.DateTimeField()
    agreed_at = models.DateTimeField(null=True, blank=True)
    begun_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member", "address"], condition=models.Q(ended_at=None), name="a_helper_helps_somebody_once"
            ),
        ]
