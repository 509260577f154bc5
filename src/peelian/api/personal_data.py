from datetime import datetime, timedelta

from peelian.api.models import Token
from peelian.core.personal_data import EMPLOYER, Declaration, register

KEPT_AFTER = timedelta(days=366)


def delete_ended(now: datetime) -> int:
    """Tokens that have not worked for a year; the trail keeps what they did by their number."""
    day = (now - KEPT_AFTER).date()
    deleted, _ = Token.objects.filter(expires_on__lt=day).delete()
    return deleted


register.add(
    "api.Token",
    Declaration(
        "Letting a program act for a member of staff: what it is for, what it may do, the day it was last used",
        EMPLOYER,
        "A year after its last day",
        "Named on the administrators' page; the secret is kept nowhere",
        "With the account; an administrator ends it at any time",
        delete_ended,
    ),
)
register.add(
    "api.Webhook",
    Declaration(
        "Which administrator had another program told what happens; what it is told are numbers and references",
        EMPLOYER,
        "Until it is no longer needed; what it was told, 30 days",
        "Named on the administrators' page; the secret is never exported",
        "The number stays; the account's name goes with the account",
    ),
)
