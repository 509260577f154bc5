"""Members' jobs."""

from peelian.core import jobs
from peelian.members import retention


@jobs.periodic("20 2 * * *", "members.retention")
def expire() -> None:
    retention.enforce()
