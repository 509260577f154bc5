"""Addresses at which officers ask the questions of a survey. No row here meets an answer: what is kept of a visit is
the day, never the time, and nothing says who went or in which order (docs/security.md, "Surveys")."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from peelian.accounts.models import Staff, Team


class Round(models.Model):
    """A list of addresses to visit for a survey: all of them, or every so-many-th from a random start."""

    survey = models.ForeignKey("surveys.Survey", models.CASCADE, related_name="rounds")
    name = models.CharField(max_length=80)
    every = models.PositiveSmallIntegerField(default=1)  # 1: all
    start = models.PositiveSmallIntegerField(default=1)  # the first taken, counted from 1; drawn with `seed`
    seed = models.PositiveIntegerField(default=0)
    listed = models.PositiveIntegerField()  # addresses on the list before any was drawn or left out
    left_out = models.PositiveIntegerField(default=0)  # drawn, and not to be called at again
    delete_on = models.DateField()  # its addresses go, at the latest
    totals = models.JSONField(default=dict)  # doors by outcome, once the addresses are gone
    made_by = models.ForeignKey(Staff, models.SET_NULL, null=True, blank=True, related_name="+")
    made_on = models.DateField()

    class Meta:
        ordering = ["-made_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(every__gte=1, start__gte=1, start__lte=models.F("every")),
                name="a_round_starts_within_its_step",
            )
        ]

    def __str__(self) -> str:
        return self.name


class RoundStreet(models.Model):
    round = models.ForeignKey(Round, models.CASCADE, related_name="streets")
    name = models.CharField(max_length=80)
    due: int  # doors to visit now, where queries.streets_to_visit has counted them

    class Meta:
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["round", "name"], name="a_street_is_in_a_round_once")]

    def __str__(self) -> str:
        return self.name


class RoundDoor(models.Model):
    """One address, by its number. Holds nobody's name, and no answer."""

    class Outcome(models.TextChoices):
        DONE = "done", "Done"
        REFUSED = "refused", "Refused"
        NOT_IN = "not-in", "Not in"
        NEVER = "never", "Do not call again"

    street = models.ForeignKey(RoundStreet, models.CASCADE, related_name="doors")
    number = models.CharField(max_length=12)  # "12", "12a", "Flat 3, 12"
    outcome = models.CharField(max_length=7, choices=Outcome.choices, blank=True)
    day = models.DateField(null=True, blank=True)  # of the last visit; a time would say whose answer is whose
    hidden_until = models.DateTimeField(null=True, blank=True)  # where nobody was in: when to try again

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["street", "number"], name="a_door_of_a_round_is_one_row"),
            models.CheckConstraint(
                condition=Q(outcome="not-in") | Q(hidden_until=None), name="only_who_was_not_in_is_hidden"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.street}"


class NotAgain(models.Model):
    """An address at which a team does not call for surveys any more, because somebody there said so."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="+")
    street = models.CharField(max_length=80)  # in small letters
    number = models.CharField(max_length=12)
    day = models.DateField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["team", "street", "number"], name="an_address_is_spared_once"),
        ]
