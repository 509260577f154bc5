"""How long things about the doorstep are kept, and the rule of coming back. Times are on a London clock."""

from datetime import datetime, time, timedelta

from peelian.core import clock

KEPT = timedelta(hours=24)  # a sign-up on a phone that had no signal, and what opens it
NOTES_KEPT = timedelta(days=30)  # a note about a door
DOORS_KEPT = timedelta(days=365)  # what came of knocking, so that nobody who refused is asked again soon
STREETS_KEPT = timedelta(days=365)  # a street that is finished
EVENING, MORNING = time(18), time(9)


def come_back(now: datetime) -> datetime:
    """When to try a door again where nobody answered: at six the same day, after six at nine the next morning."""
    local = now.astimezone(clock.LONDON)
    if local.time() < EVENING:
        return clock.london(local.date(), EVENING)
    return clock.london(local.date() + timedelta(days=1), MORNING)
