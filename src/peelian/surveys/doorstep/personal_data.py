"""What rounds keep about people, and what the nightly job takes away."""

from datetime import datetime, timedelta

from django.db.models import Q

from peelian.core import clock
from peelian.core.personal_data import EMPLOYER, PUBLIC_TASK, Declaration, register
from peelian.surveys.doorstep import actions
from peelian.surveys.doorstep.models import NotAgain, Round, RoundStreet
from peelian.surveys.models import Survey

NOT_AGAIN_KEPT = timedelta(days=2 * 365)


def forget_addresses(now: datetime) -> int:
    """Delete the addresses of rounds whose survey has closed, or whose day has come."""
    day = now.astimezone(clock.LONDON).date()
    over = Round.objects.filter(Q(survey__state=Survey.State.CLOSED) | Q(delete_on__lt=day))
    due = list(over.filter(pk__in=RoundStreet.objects.values("round")))
    for found in due:
        actions.forget_addresses(found=found)
    return len(due)


def call_again(now: datetime) -> int:
    """Delete addresses that were spared for two years."""
    return NotAgain.objects.filter(day__lt=(now - NOT_AGAIN_KEPT).date()).delete()[0]


register.add(
    "surveys.RoundDoor",
    Declaration(
        "At which doors of a survey officers have been, on which day, and what came of it: no name, no time, no answer",
        PUBLIC_TASK,
        "Until the survey closes, or the day that was set for the round",
        "Not exported: it is kept by the number of a door, and names nobody",
        "Deleted with the round’s addresses",
        forget_addresses,
    ),
)
register.add(
    "surveys.RoundStreet",
    Declaration(
        "In which streets officers ask the questions of a survey",
        PUBLIC_TASK,
        "Until the survey closes, or the day that was set for the round",
        "Not exported: it is about a street",
        "Deleted with the round’s addresses",
    ),
)
register.add(
    "surveys.NotAgain",
    Declaration(
        "Not calling for surveys where somebody asked us not to: a street, a door’s number and the day",
        PUBLIC_TASK,
        "Two years",
        "Not exported: it is kept by the number of a door, and names nobody",
        "Deleted after two years",
        call_again,
    ),
)
register.add(
    "surveys.Round",
    Declaration(
        "Who made a list of addresses for a survey",
        EMPLOYER,
        "As long as the survey",
        "By an administrator",
        "The officer is taken out with their account",
    ),
)
