"""What a member's account holds besides their settings: holidays, earlier homes and addresses, and their rights."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from peelian.accounts.models import Staff
from peelian.contacts.models import Address
from peelian.places.models import Area


class Holiday(models.Model):
    """From the first day to the last, both included, nothing is sent. The next one, or the last there was."""

    member = models.OneToOneField("members.Member", models.CASCADE, primary_key=True, related_name="holiday")
    first_day = models.DateField()  # on a London calendar
    last_day = models.DateField()
    urgent_passes = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="a_holiday_ends_after_it_begins")
        ]


class PastHome(models.Model):
    """The area somebody lived in before they moved: no postcode and no point, only what a report later needs."""

    member = models.ForeignKey("members.Member", models.CASCADE, related_name="past_homes")
    area = models.ForeignKey(Area, models.SET_NULL, null=True, related_name="+")
    since = models.DateField()
    until = models.DateField()  # the day they told us of the move

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(until__gt=F("since")), name="a_home_lasts_a_day")]


class FormerAddress(models.Model):
    """An address that was a member's. Its words are forgotten at night when nobody uses it; its number remains, so that
    the member still finds what was sent there."""

    member = models.ForeignKey("members.Member", models.CASCADE, related_name="former_addresses")
    address = models.ForeignKey(Address, models.CASCADE, related_name="+")
    until = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "address"], name="a_former_address_stands_once")]


class NewContact(models.Model):
    """An address that a member gave and has not confirmed yet; until then the one they had stays in use."""

    member = models.ForeignKey("members.Member", models.CASCADE, related_name="new_contacts")
    address = models.ForeignKey(Address, models.CASCADE, related_name="+")
    code = models.ForeignKey("members.Code", models.SET_NULL, null=True, blank=True, related_name="+")
    asked_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "address"], name="a_new_contact_stands_once")]


class ErasedNumber(models.Model):
    """A keyed sum of the number that somebody erased had in the list they came from (members.importing.erased)."""

    digest = models.CharField(max_length=64, primary_key=True)


class LegalHold(models.Model):
    """Why nothing of a member's may be erased. Member.legal_hold is true while one of theirs has not ended."""

    member = models.ForeignKey("members.Member", models.CASCADE, related_name="legal_holds")
    reason = models.CharField(max_length=300)
    begun_on = models.DateField()
    review_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)
    begun_by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    ended_by = models.ForeignKey(Staff, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["review_on"], condition=Q(ended_on=None), name="holds_to_review")]


class RightsRequest(models.Model):
    """Somebody uses a right over their data: what was asked and by whom, by when it is due, and what was done."""

    class Kind(models.TextChoices):
        ACCESS = "access", "A copy of their data"
        RECTIFICATION = "rectification", "To put something right"
        ERASURE = "erasure", "To be erased"
        RESTRICTION = "restriction", "To stop using their data"

    class How(models.TextChoices):
        EMAIL = "email", "By email"
        LETTER = "letter", "By letter"
        PHONE = "phone", "By phone"
        IN_PERSON = "in-person", "In person"

    class Outcome(models.TextChoices):
        OPEN = "", "Open"
        DONE = "done", "Done"
        REFUSED = "refused", "Refused, with the reason"
        NOTHING_HELD = "nothing-held", "We hold nothing about them"
        TAKEN_BACK = "taken-back", "They took it back"

    kind = models.CharField(max_length=14, choices=Kind.choices)
    member = models.ForeignKey("members.Member", models.SET_NULL, null=True, blank=True, related_name="rights_requests")
    asked_by = models.CharField(max_length=120)  # "the person", or who for them and on what authority
    how = models.CharField(max_length=10, choices=How.choices)
    received_on = models.DateField()
    due_on = models.DateField()  # a calendar month after it came; later where it was extended
    extended_on = models.DateField(null=True, blank=True)
    extended_because = models.CharField(max_length=300, blank=True)
    identity_check = models.CharField(max_length=300, blank=True)  # how we know that it is them; empty: not checked yet
    outcome = models.CharField(max_length=12, choices=Outcome.choices, default="", blank=True)
    outcome_note = models.CharField(max_length=500, blank=True)
    opened_at = models.DateTimeField(auto_now_add=True)
    opened_by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(Staff, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="", closed_at=None) | (~Q(outcome="") & Q(closed_at__isnull=False)),
                name="a_closed_request_has_an_outcome",
            ),
        ]
        indexes = [
            models.Index(fields=["due_on"], condition=Q(closed_at=None), name="rights_open_by_due"),
            models.Index(fields=["closed_at"], name="rights_closed"),
        ]
