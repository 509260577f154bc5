from datetime import datetime, timedelta

from allauth.account.models import EmailAddress

from peelian.accounts.models import Staff
from peelian.accounts.sessions import forget_second_steps
from peelian.core.personal_data import EMPLOYER, Declaration, register

KEPT_AFTER_LEAVING = timedelta(days=2 * 365)


def empty_old_accounts(now: datetime) -> int:
    """Empty accounts disabled for two years: name, title, address, second steps and teams go. The row stays, because
    alerts name their author by id."""
    old = Staff.objects.filter(disabled_at__lt=now - KEPT_AFTER_LEAVING).exclude(email__startswith="erased-")
    for person in old:
        forget_second_steps(person)
        EmailAddress.objects.filter(user_id=person.pk).delete()
        person.teams.clear()
        person.set_unusable_password()
        person.name, person.job_title, person.show_name = "", "", False
        person.email = f"erased-{person.pk}@staff.example"
        person.save()
    return len(old)


register.add(
    "accounts.Staff",
    Declaration(
        "Sign-in, rights and authorship of staff",
        EMPLOYER,
        "Two years after the account is disabled",
        "By an administrator, from the account's page",
        "Name, title, address, second steps and teams are emptied; the number stays in the audit trail",
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
