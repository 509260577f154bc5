"""Jobs of alerts. Thin, by id, and may run twice."""

from peelian.alerts import actions, dose
from peelian.alerts.digest import opening
from peelian.alerts.quality import rolling
from peelian.core import jobs


@jobs.task("alerts.freeze")
def freeze(*, alert_id: int) -> None:
    actions.freeze(alert_id=alert_id)


@jobs.task("alerts.check_paper")
def check_paper(*, enclosure_id: int) -> None:
    actions.check_paper(enclosure_id=enclosure_id)


@jobs.periodic("*/10 * * * *", "alerts.check_papers")
def check_papers() -> None:
    actions.check_papers()


class NotAllTranslated(Exception):
    """The translator could not be asked for everything; the job is tried again."""


@jobs.task("alerts.translate", tries=5)
def translate(*, alert_id: int) -> None:
    if not actions.translate(alert_id=alert_id):
        raise NotAllTranslated


@jobs.periodic("* * * * *", "alerts.freeze_overdue")
def freeze_overdue() -> None:
    actions.freeze_overdue()


@jobs.periodic("* * * * *", "alerts.fold_responses")
def fold_responses() -> None:
    actions.fold_responses()


@jobs.task("alerts.answered")
def count_answer(*, object_id: int) -> None:
    actions.count_reply(alert_id=object_id)


@jobs.periodic("*/10 * * * *", "alerts.roll_up")
def roll_up() -> None:
    rolling.roll_up()


@jobs.periodic("20 2 * * *", "alerts.delete_practice")
def delete_practice() -> None:
    actions.delete_practice()


@jobs.periodic("*/5 * * * *", "alerts.dose")
def keep_up_doses() -> None:
    dose.keep_up()


@jobs.periodic("40 2 * * *", "alerts.dose_anew")
def count_doses_anew() -> None:
    dose.count_anew()


@jobs.periodic("*/5 * * * *", "alerts.digests")
def open_digests() -> None:
    opening.open_due()
