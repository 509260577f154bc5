from datetime import datetime, timedelta

from peelian.accounts.models import Staff
from peelian.core.personal_data import EMPLOYER, Declaration, register

KEPT_AFTER_LEAVING = timedelta(days=2 * 365)


def empty_old_accounts(now: datetime) -> int:
    """Take name and address out of accounts disabled for two years. The row stays: alerts name their author by id."""
    old = Staff.objects.filter(disabled_at__lt=now - KEPT_AFTER_LEAVING).exclude(email__startswith="erased-")
    for person in old:
        Staff.objects.filter(pk=person.pk).update(name="", email=f"erased-{person.pk}@staff.example", show_name=False)
    return len(old)


register.add(
    "accounts.Staff",
    Declaration(
        "Sign-in, rights and authorship of staff",
        EMPLOYER,
        "Two years after the account is disabled",
        "By an administrator, from the account's page",
        "Name and address are emptied; the number stays in the audit trail",
        empty_old_accounts,
    ),
)
register.add(
    "accounts.Team",
    Declaration(
        "Which staff belong to which team, and the team's public contact",
        EMPLOYER,
        "While the person is in the team",
        "With the account",
        "With the account",
    ),
)
