from peelian.core import jobs
from peelian.surveys import actions
from peelian.surveys.pulse import actions as pulses


@jobs.periodic("*/20 * * * *", "surveys.empty_boxes")
def empty_boxes() -> None:
    actions.empty_due()


@jobs.task("surveys.empty")
def empty(*, survey_id: int) -> None:
    actions.empty_boxes(survey_id=survey_id)


@jobs.periodic("5 * * * *", "surveys.close_over")
def close_over() -> None:
    actions.close_over()


@jobs.periodic("*/15 * * * *", "surveys.pulse")
def pulse() -> None:
    pulses.ask_due()


@jobs.periodic("50 2 * * *", "surveys.count_pulses")
def count_pulses() -> None:
    pulses.count_over()


@jobs.task("surveys.remind")
def remind(*, mailing_id: int) -> None:
    actions.remind_as_planned(mailing_id=mailing_id)
