from peelian.accounts import actions
from peelian.core import jobs
from peelian.core.sessions import SessionStore


@jobs.periodic("10 3 * * *", "accounts.disable_unused")
def disable_unused() -> None:
    """Accounts that nobody has used for 90 days."""
    actions.disable_unused()


@jobs.periodic("50 3 * * *", "accounts.forget_sessions")
def forget_sessions() -> None:
    """Sessions that have ended."""
    SessionStore.clear_expired()
