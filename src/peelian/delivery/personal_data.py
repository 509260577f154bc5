from datetime import datetime, timedelta

from django.db import connection

from peelian.core.personal_data import PUBLIC_TASK, Declaration, register
from peelian.delivery.models import Outgoing

LEDGER_KEPT = timedelta(days=2 * 365)
OUTBOX_KEPT = timedelta(days=30)


def drop_old_ledger(now: datetime) -> int:
    """Delete the deliveries of sends two years old, except to people under a legal hold; their tallies stay, and name
    nobody."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM delivery d USING delivery_send s WHERE s.id = d.send_id AND s.created_at < %s"
            " AND coalesce(d.member_id, 0) NOT IN (SELECT id FROM members_member WHERE legal_hold)",
            [now - LEDGER_KEPT],
        )
        return int(cursor.rowcount)


def drop_old_outbox(now: datetime) -> int:
    """Delete messages in the local outbox after 30 days."""
    return Outgoing.objects.filter(at__lt=now - OUTBOX_KEPT).delete()[0]


register.add(
    "delivery.Delivery",
    Declaration(
        "Knowing who was sent what, and that it arrived",
        PUBLIC_TASK,
        "Two years",
        "In the answer to a subject access request",
        "Rows are deleted; tallies stay",
        drop_old_ledger,
    ),
)
register.add(
    "delivery.Outgoing",
    Declaration(
        "Showing messages where no mail server is set",
        PUBLIC_TASK,
        "30 days, and the newest 20,000 only",
        "In the answer to a subject access request",
        "Deleted",
        drop_old_outbox,
    ),
)
register.add(
    "procrastinate.ProcrastinateJob",
    Declaration(
        "Which message goes to whom next, by number: no name, address or text",
        PUBLIC_TASK,
        "24 hours after it is done",
        "Not exported: it is of no use",
        "Deleted",
    ),
)
