"""The one place that knows what time it is and where: the database keeps UTC, people read Europe/London."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


class NoSuchTime(ValueError):
    """The clocks go forward that night: there is no such time. Choose a time before 1am or after 2am."""

    def __str__(self) -> str:
        return " ".join((type(self).__doc__ or "").split())


def now() -> datetime:
    """The moment, aware, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The date on a London wall calendar."""
    return now().astimezone(LONDON).date()


def london(day: date, at: time) -> datetime:
    """The instant a London clock first shows DAY and AT. When the clocks go back, 1:30am happens twice: the first
    counts.

    Raises NoSuchTime for the hour that is skipped when the clocks go forward.
    """
    moment = datetime.combine(day, at, LONDON)
    if moment.astimezone(UTC).astimezone(LONDON).replace(fold=0) != moment:
        raise NoSuchTime
    return moment.astimezone(UTC)
