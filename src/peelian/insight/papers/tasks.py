"""The job that makes a paper."""

from peelian.core import jobs
from peelian.insight.papers import actions


@jobs.task("insight.make_paper", tries=2)
def make_paper(*, paper_id: int) -> None:
    actions.make_paper(paper_id)
