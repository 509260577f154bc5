"""Groups by invitation, and the key individual network on top of one. models.py imports this."""

from __future__ import annotations

from django.db import models

from peelian.accounts.models import Staff
from peelian.core import clock


class Removed(models.TextChoices):
    """Why staff took somebody out of a closed group: chosen, so that no story about a person is kept."""

    ASKED = "asked", "They asked us to"
    MOVED = "moved", "They no longer belong to it, or moved away"
    MISTAKE = "mistake", "They were invited by mistake"
    AGREED = "agreed", "They did not keep to what the group agreed"


class GroupInvitation(models.Model):
    """Somebody asked to be in a closed group, with the words they were shown, and what they answered: the record of
    consent, which outlasts their being in the group."""

    group = models.ForeignKey("members.Group", models.CASCADE, related_name="invitations")
    member = models.ForeignKey("members.Member", models.CASCADE, related_name="invitations")
    wording = models.ForeignKey("members.Wording", models.PROTECT, related_name="+")
    invited_by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    invited_at = models.DateTimeField()
    # For a key individual network: whom they know, and as what
    community = models.CharField(max_length=80, blank=True)
    role = models.CharField(max_length=60, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    accepted = models.BooleanField(default=False)
    withdrawn_at = models.DateTimeField(null=True, blank=True)  # when they left again, or were taken out
    removed_by = models.ForeignKey(Staff, models.SET_NULL, null=True, blank=True, related_name="+")
    removed_why = models.CharField(max_length=12, choices=Removed.choices, blank=True, default="", db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["group", "member"],
                condition=models.Q(answered_at=None),
                name="one_invitation_waits_for_an_answer",
            ),
            models.CheckConstraint(
                condition=models.Q(accepted=False) | models.Q(answered_at__isnull=False),
                name="an_invitation_is_accepted_by_an_answer",
            ),
        ]


class KeyIndividual(models.Model):
    """Somebody who knows a community well and has agreed that we may ask them: in a group that is a network."""

    group = models.ForeignKey("members.Group", models.CASCADE, related_name="key_individuals")
    member = models.ForeignKey("members.Member", models.CASCADE, related_name="key_individuals")
    community = models.CharField(max_length=80)
    role = models.CharField(max_length=60)
    keeper = models.ForeignKey(Staff, models.SET_NULL, null=True, blank=True, related_name="+")  # who keeps in touch
    every_days = models.PositiveSmallIntegerField(default=90)
    last_contact = models.DateField(null=True, blank=True)
    next_contact = models.DateField()
    invitation = models.ForeignKey(GroupInvitation, models.PROTECT, related_name="+")  # the consent

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["group", "member"], name="a_key_individual_is_in_a_network_once"),
            models.CheckConstraint(
                condition=models.Q(every_days__range=(7, 730)), name="a_key_individual_is_met_weekly_to_every_two_years"
            ),
        ]

    @property
    def overdue(self) -> bool:
        return self.next_contact < clock.today()


class NetworkContact(models.Model):
    """We spoke. What was said is not kept here."""

    class How(models.TextChoices):
        MET = "met", "Met"
        PHONED = "phoned", "Phoned"
        WROTE = "wrote", "Wrote"

    key = models.ForeignKey(KeyIndividual, models.CASCADE, related_name="contacts")
    on = models.DateField()
    how = models.CharField(max_length=6, choices=How.choices)
    staff = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["-on", "-id"]
