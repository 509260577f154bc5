"""The programme, and whom it asked about which alert. The answers are Answer rows of the programme's own anonymous
survey: their `stratum` is a cell, and nothing here says which cell an answer that lies in the box belongs to."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from peelian.accounts.models import Staff
from peelian.alerts.models import Alert
from peelian.delivery.models import Send
from peelian.members.models import Topic


class Arm(models.TextChoices):
    """Why somebody is asked. Only the first two are compared with each other."""

    GOT = "got", "Got the alert"
    HELD = "held", "Held out by lot"
    ALONE = "alone", "Got an alert that nobody was held out of"


class Dose(models.TextChoices):
    """How many alerts about crime somebody had in the 30 days before, without the one that is asked about: what an
    alert adds may differ by how many there were already, and the alert itself must not decide where they stand."""

    FEW = "0-1", "None or one"
    SOME = "2-7", "2 to 7"
    MANY = "8+", "8 or more"

    @classmethod
    def of(cls, alerts: int) -> Dose:
        return cls.FEW if alerts < 2 else cls.SOME if alerts < 8 else cls.MANY


class PulseProgramme(models.Model):
    """How the pulse is asked; one row at most."""

    on = models.BooleanField(default=False)
    since = models.DateTimeField(null=True, blank=True)  # switched on: nobody is asked about an alert from before
    survey = models.OneToOneField("surveys.Survey", models.PROTECT, related_name="pulse")
    topics = models.ManyToManyField(Topic, related_name="+")
    most = models.PositiveSmallIntegerField(
        default=200, validators=[MinValueValidator(20), MaxValueValidator(1_000)]
    )  # people asked about an alert, of each arm
    hours = models.PositiveSmallIntegerField(
        default=24, validators=[MinValueValidator(2), MaxValueValidator(96)]
    )  # after the last message was handed over
    rest_days = models.PositiveSmallIntegerField(
        default=90, validators=[MinValueValidator(30), MaxValueValidator(365)]
    )  # nobody is asked twice within them
    saved_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="there_is_one_pulse")]

    def __str__(self) -> str:
        return "The pulse"


class PulseRound(models.Model):
    """That people have been asked about an alert, or that they were too few."""

    alert = models.OneToOneField(Alert, models.CASCADE, related_name="+")
    seed = models.CharField(max_length=32)  # draws who is asked
    opened_at = models.DateTimeField(auto_now_add=True)
    closes = models.DateField()  # the last day on which an answer is taken
    counted = models.BooleanField(default=False)  # it is over, and `answered` stands

    class Meta:
        indexes = [models.Index(fields=["closes"], condition=Q(counted=False), name="pulses_to_count")]

    def __str__(self) -> str:
        return f"The pulse after {self.alert_id}"


class PulseSlice(models.Model):
    """Those of a round who stand in one arm and had so many alerts: a send of its own, so that the link in a message
    says which cell an answer belongs to and no row has to say it of a person."""

    round = models.ForeignKey(PulseRound, models.CASCADE, related_name="slices", db_index=False)
    arm = models.CharField(max_length=5, choices=Arm.choices)
    dose = models.CharField(max_length=3, choices=Dose.choices)
    send = models.OneToOneField(Send, models.PROTECT, null=True, related_name="+")  # null while it is being opened
    asked = models.PositiveIntegerField(default=0)  # addresses
    answered = models.PositiveIntegerField(null=True, blank=True)  # counted once, when nobody can answer any more

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "arm", "dose"], name="a_round_has_a_slice_once"),
            models.CheckConstraint(condition=Q(arm__in=Arm.values), name="a_slice_has_an_arm"),
            models.CheckConstraint(
                condition=Q(answered=None) | Q(answered__lte=models.F("asked")), name="no_more_answer_than_asked"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round_id}, {self.arm}, {self.dose}"


def cell(topic: str, arm: str, dose: str) -> str:
    """The name of the people who are counted together, as it stands in Answer.stratum. TOPIC is a slug."""
    return f"{topic}/{arm}/{dose}"
