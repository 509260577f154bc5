"""Jobs of the interfaces: thin, and safe to run twice."""

from datetime import timedelta

from peelian.api import actions
from peelian.api.bundle import making
from peelian.api.webhooks import happening, sending
from peelian.core import clock, jobs

TOLD_KEPT = timedelta(days=30)


@jobs.periodic("35 * * * *", "api.forget_answers")
def forget_answers() -> None:
    actions.forget_answers()


@jobs.task("api.tell")
def tell(*, telling_id: int, round: int) -> None:  # noqa: A002 (the column's name)
    sending.tell(telling_id=telling_id, round=round)


@jobs.periodic("* * * * *", "api.look")
def look() -> None:
    happening.look()


@jobs.periodic("15 3 * * *", "api.forget_told")
def forget_told() -> None:
    happening.forget(clock.now() - TOLD_KEPT)


@jobs.periodic("10 4 * * *", "api.publish")
def publish() -> None:
    making.publish_due()
