"""The trail's nights: seal the day that has ended, keep the months."""

from peelian.audit import actions
from peelian.core import jobs


@jobs.periodic("20 3 * * *", "audit.seal")
def seal() -> None:
    actions.seal()


@jobs.periodic("40 3 * * *", "audit.months")
def keep_months() -> None:
    actions.keep_months()
