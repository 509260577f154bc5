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


@jobs.task("surveys.count_audience")
def count_audience(*, mailing_id: int, staff_id: int) -> None:
    actions.count_as_asked(mailing_id=mailing_id, staff_id=staff_id)


@jobs.task("surveys.invite")
def invite(*, mailing_id: int) -> None:
    actions.invite_as_decided(mailing_id=mailing_id)


@jobs.task("surveys.remind")
def remind(*, mailing_id: int) -> None:
    actions.remind_as_planned(mailing_id=mailing_id)
