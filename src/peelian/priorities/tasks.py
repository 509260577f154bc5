"""Jobs: thin, and safe to run twice."""

from peelian.core import jobs
from peelian.priorities import actions


@jobs.task("priorities.tell")
def tell(*, change_id: int) -> None:
    actions.tell(change_id=change_id)


@jobs.task("priorities.check_paper")
def check_paper(*, change_id: int) -> None:
    actions.check_paper(change_id=change_id)


@jobs.periodic("*/10 * * * *", "priorities.check_papers")
def check_papers() -> None:
    actions.check_papers()
