from peelian.accounts import actions
from peelian.core import jobs


@jobs.periodic("10 3 * * *", "accounts.disable_unused")
def disable_unused() -> None:
    """Accounts that nobody has used for 90 days."""
    actions.disable_unused()
