"""Jobs of events. Thin, and may run twice."""

from peelian.core import jobs
from peelian.events import actions


@jobs.periodic("10 * * * *", "events.remind")
def remind() -> None:
    actions.remind()


@jobs.periodic("20 2 * * *", "events.make_ahead")
def make_ahead() -> None:
    actions.make_ahead()
