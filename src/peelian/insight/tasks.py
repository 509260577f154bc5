"""Jobs of insight. Thin, and may run twice."""

from peelian.core import jobs
from peelian.insight import rollups


@jobs.periodic("7 * * * *", "insight.refresh")
def refresh() -> None:
    rollups.refresh_all(due=True)


@jobs.task("insight.refresh_now")
def refresh_now() -> None:
    rollups.refresh_all()
