"""Jobs of insight. Thin, and may run twice."""

from peelian.core import jobs
from peelian.insight import rollups, warming
from peelian.insight.portal.actions import send_weekly


@jobs.periodic("7 * * * *", "insight.refresh")
def refresh() -> None:
    rollups.refresh_all(due=True)
    warming.warm()


@jobs.task("insight.refresh_now")
def refresh_now() -> None:
    rollups.refresh_all()
    warming.warm()


@jobs.periodic("0 7 * * 1", "insight.weekly")
def weekly() -> None:
    send_weekly()
