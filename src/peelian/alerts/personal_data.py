from datetime import datetime, timedelta

from peelian.alerts.models import Rating
from peelian.core.personal_data import EMPLOYER, PUBLIC_TASK, Declaration, register
from peelian.members.queries import addresses_on_hold

RATINGS_KEPT = timedelta(days=2 * 365)


def delete_old_ratings(now: datetime) -> int:
    """Delete single ratings after two years; not those of people under a legal hold."""
    return Rating.objects.filter(at__lt=now - RATINGS_KEPT).exclude(address__in=addresses_on_hold()).delete()[0]


register.add(
    "alerts.Rating",
    Declaration(
        "Learning which messages help, and why one did not",
        PUBLIC_TASK,
        "Two years",
        "In the answer to a subject access request",
        "Deleted",
        delete_old_ratings,
    ),
)
register.add(
    "alerts.Dose",
    Declaration(
        "Not frightening people with too many messages about crime",
        PUBLIC_TASK,
        "30 days",
        "In the answer to a subject access request",
        "Deleted with the member",
    ),
)
for label, purpose in {
    "alerts.Alert": "Who wrote and who approved an alert",
    "alerts.Translation": "Who read a translation of an alert over",
    "alerts.Decision": "Who decided what about an alert, and why",
}.items():
    register.add(
        label, Declaration(purpose, EMPLOYER, "As long as the alert", "By an administrator", "Kept: a public record")
    )
