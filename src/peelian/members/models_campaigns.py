"""What brings residents to us: posters, venues, events, officers with a card. models.py imports this."""

from __future__ import annotations

from django.db import models

from peelian.accounts.models import Staff, Team
from peelian.core import clock
from peelian.places.models import Area

# Neither vowels (no code spells a word) nor what is mistaken for something else in print or on the telephone: l 1 0
ALPHABET = "bcdfghjkmnpqrstvwxyz23456789"
LENGTH = 6


class Campaign(models.Model):
    """Something with a short link and a QR code of its own, so that a team sees how residents found it."""

    class Kind(models.TextChoices):
        CAMPAIGN = "campaign", "Campaign"
        VENUE = "venue", "Venue"
        EVENT = "event", "Event"
        OFFICER = "officer", "Officer"
        OTHER = "other", "Something else"

    code = models.CharField(max_length=12, unique=True)  # of ALPHABET; public, printed on posters
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.CAMPAIGN)
    name = models.CharField(max_length=80)  # for staff; no resident sees it
    team = models.ForeignKey(Team, models.PROTECT, related_name="campaigns")
    area = models.ForeignKey(Area, models.SET_NULL, null=True, blank=True, related_name="+")
    officer = models.ForeignKey(Staff, models.SET_NULL, null=True, blank=True, related_name="+")  # whose card it is
    starts = models.DateField()
    ends = models.DateField(null=True, blank=True)  # the last day; the link works afterwards too
    ended_at = models.DateTimeField(null=True, blank=True)  # ended by hand
    created_by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-starts", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends=None) | models.Q(ends__gte=models.F("starts")),
                name="a_campaign_ends_after_it_starts",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def over(self) -> bool:
        """Whether it has ended, by its last day or by hand. Nothing stops working then."""
        return self.ended_at is not None or (self.ends is not None and self.ends < clock.today())

    @property
    def state(self) -> str:
        if self.over:
            return "Ended"
        return "Running" if self.starts <= clock.today() else "To come"


class SourceTally(models.Model):
    """How many people joined in a month, and from where: what pages read in place of the members, who are many.

    Rows with `erased=False` are made anew from the members (members.sources.count); those with `erased=True` are what
    is known of people whose own data has gone."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, null=True, blank=True, related_name="+")
    officer = models.ForeignKey(Staff, models.SET_NULL, null=True, blank=True, related_name="+")
    area = models.ForeignKey(Area, models.SET_NULL, null=True, blank=True, related_name="+")
    source = models.CharField(max_length=40)  # as Member.source
    month = models.DateField()  # its first day
    erased = models.BooleanField(default=False)
    joined = models.IntegerField()
    confirmed = models.IntegerField()
    measured = models.IntegerField()  # confirmed thirty days ago or longer
    stayed = models.IntegerField()  # of the measured
    counted_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["month"], name="source_tallies_by_month")]
