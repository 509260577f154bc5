"""What this app declares in the register of personal data (core.personal_data)."""

from datetime import datetime, timedelta

from peelian.conversations.models import Thread
from peelian.core.personal_data import PUBLIC_TASK, Declaration, register

KEPT = timedelta(days=2 * 365)  # after the last word in it


def forget_old_threads(now: datetime) -> int:
    """Delete conversations in which nothing was said for two years, their messages with them."""
    old = Thread.objects.filter(last_at__lt=now - KEPT)
    return old.exclude(member__legal_hold=True).delete()[1].get("conversations.Thread", 0)


register.add(
    "conversations.Thread",
    Declaration(
        purpose="To answer residents who write to their neighbourhood team",
        lawful_basis=PUBLIC_TASK,
        retention="Two years after the last message in it",
        export="What the resident is writing about, with all its messages",
        erase="Deleted with its messages",
        expire=forget_old_threads,
    ),
)
register.add(
    "conversations.Message",
    Declaration(
        purpose="What the resident and the team wrote to each other",
        lawful_basis=PUBLIC_TASK,
        retention="As the conversation it stands in",
        export="Its words and when they were written; staff by role and team",
        erase="Deleted with its conversation",
    ),
)
