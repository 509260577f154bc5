"""Members' jobs."""

from peelian.core import jobs
from peelian.members import retention, sources


@jobs.periodic("20 2 * * *", "members.retention")
def expire() -> None:
    retention.enforce()


@jobs.periodic("7,37 * * * *", "members.count_sources")
def count_sources() -> None:
    sources.count()
