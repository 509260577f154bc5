"""Jobs: thin, and safe to run twice."""

from peelian.core import jobs
from peelian.priorities import actions


@jobs.task("priorities.tell")
def tell(*, change_id: int) -> None:
    actions.tell(change_id=change_id)
