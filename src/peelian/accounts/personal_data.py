from datetime import datetime, timedelta

from allauth.account.models import EmailAddress

from peelian.accounts.models import Staff
from peelian.accounts.sessions import forget_second_steps
from peelian.core.personal_data import EMPLOYER, PUBLIC_TASK, Declaration, register

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
        person.photo, person.photo_alt, person.photo_key = None, "", None
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
        "Name, title, photograph, address, second steps and teams are emptied; the number stays in the audit trail",
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
register.add(
    "mfa.Authenticator",
    Declaration(
        "The second step of a staff account: an app's secret, encrypted, or a passkey, and recovery codes",
        EMPLOYER,
        "As long as the account",
        "Named on the person's own page; a secret is never exported",
        "With the account, or when an administrator sends a new set-up link",
    ),
)
for label, purpose in {
    "account.EmailAddress": "The address of a staff account as the sign-in library keeps it",
    "account.EmailConfirmation": "Not used: an administrator gives the address",
}.items():
    kept = "As long as the account"
    register.add(label, Declaration(purpose, EMPLOYER, kept, "With the account", "With the account"))
register.add(
    "sessions.Session",
    Declaration(
        "Keeping staff and residents signed in, and a registration between its pages",
        PUBLIC_TASK,
        "30 idle minutes; deleted the night after",
        "Not exported: it is of no use",
        "Deleted",
    ),
)
