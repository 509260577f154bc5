"""Jobs of alerts. Thin, by id, and may run twice."""

from peelian.alerts import actions
from peelian.core import jobs


@jobs.task("alerts.freeze")
def freeze(*, alert_id: int) -> None:
    actions.freeze(alert_id=alert_id)


@jobs.periodic("* * * * *", "alerts.freeze_overdue")
def freeze_overdue() -> None:
    actions.freeze_overdue()


@jobs.periodic("* * * * *", "alerts.fold_responses")
def fold_responses() -> None:
    actions.fold_responses()
