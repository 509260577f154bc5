"""What this app declares in the register of personal data (core.personal_data)."""

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from peelian.conversations.models import Message, Thread
from peelian.core.personal_data import PUBLIC_TASK, Declaration, Person, Rows, register

KEPT = timedelta(days=2 * 365)  # after the last word in it


def forget_old_threads(now: datetime) -> int:
    """Delete conversations in which nothing was said for two years, their messages with them."""
    old = Thread.objects.filter(last_at__lt=now - KEPT)
    return old.exclude(member__legal_hold=True).delete()[1].get("conversations.Thread", 0)


def threads_of(person: Person) -> QuerySet[Thread]:
    """A member's own, and those that came from an address that nobody else uses."""
    return Thread.objects.filter(Q(member_id=person.member_id) | Q(member=None, address__in=person.alone_ids))


def thread_rows(person: Person) -> Rows:
    found = threads_of(person).order_by("pk").select_related("team")
    return [
        {
            "conversation": thread.pk,
            "subject": thread.subject,
            "about": thread.about,
            "team": thread.team.name,
            "state": thread.get_state_display(),
            "closed because": thread.closed_reason,
            "opened_at": thread.opened_at,
            "last_at": thread.last_at,
        }
        for thread in found
    ]


def message_rows(person: Person) -> Rows:
    found = Message.objects.filter(thread__in=threads_of(person)).select_related("thread__team")
    return [
        {
            "conversation": message.thread_id,
            "at": message.at,
            "from": message.thread.team.name if message.how == Message.How.STAFF else "you",
            "text": message.text,
        }
        for message in found.order_by("thread_id", "at", "pk")
    ]


register.add(
    "conversations.Thread",
    Declaration(
        purpose="To answer residents who write to their neighbourhood team",
        lawful_basis=PUBLIC_TASK,
        retention="Two years after the last message in it",
        export="What the resident is writing about, with all its messages",
        erase="Deleted with its messages",
        expire=forget_old_threads,
        called="Your conversations with our teams",
        rows=thread_rows,
        remove=lambda person: threads_of(person).delete()[0],
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
        called="What was said in them",
        rows=message_rows,
    ),
)
register.add(
    "conversations.MessageTranslation",
    Declaration(
        purpose="Understanding a resident who writes in another language, and being understood",
        lawful_basis=PUBLIC_TASK,
        retention="As the message",
        export="In the answer to a subject access request",
        erase="Deleted with its message",
    ),
)
