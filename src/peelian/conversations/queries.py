"""Reads of conversations. Staff see those of teams in their scope; what lies outside is not found."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Left

from peelian.accounts.models import Staff
from peelian.accounts.queries import teams_in_scope
from peelian.conversations.inbound import queries as inbound
from peelian.conversations.inbound.queries import Beneath
from peelian.conversations.models import Message, MessageTranslation, Thread
from peelian.core import keyset
from peelian.core.errors import NotFound

OUTSIDE = {Message.How.LINK, Message.How.EMAIL, Message.How.OTHER, Message.How.TEXT}
FILTERS = {
    "waiting": "Waiting for us",
    "unread": "Not read yet",
    "mine": "Mine to see to",
    "resident": "Waiting for the resident",
    "closed": "Closed",
    "all": "All",
}
SNIPPET = 140  # characters of the latest message shown in the list


class NoSuchThread(NotFound):
    """There is no such conversation, or it is another team's."""


@dataclass(frozen=True)
class Said:
    """One message as a page shows it. `who` is a team and role, or a name where that is public."""

    text: str
    who: str
    ours: bool
    unverified: bool
    closing: bool
    at: datetime
    pk: int = 0
    translation: MessageTranslation | None = None
    how: str = ""  # where that is worth knowing: how the words came
    beneath: Beneath | None = None  # what came with them by email


def threads_of(staff: Staff) -> QuerySet[Thread]:
    """Every conversation that the person may read."""
    return Thread.objects.filter(team__in=teams_in_scope(staff).values("pk"))


def inbox(staff: Staff, *, show: str = "waiting", cursor: str = "") -> keyset.Slice[Thread]:
    """A page of conversations; those that wait for us come longest wait first, all others newest first.

    Each row carries `latest`, the beginning of what was last said.
    """
    latest = Message.objects.filter(thread=OuterRef("pk")).order_by("-at", "-pk")
    rows = (
        threads_of(staff)
        .filter(_shown(staff, show))
        .select_related("team", "assigned_to")
        .annotate(latest=Subquery(latest.annotate(start=Left("text", SNIPPET)).values("start")[:1]))
    )
    if show in ("waiting", "unread"):
        return keyset.page(rows, "waiting_since", cursor, oldest_first=True)
    return keyset.page(rows, "last_at", cursor)


def _shown(staff: Staff, show: str) -> Q:
    unanswered = Q(state=Thread.State.WAITING_FOR_US)
    known = {
        "waiting": unanswered,
        "unread": unanswered & Q(seen_at=None),
        "mine": Q(assigned_to=staff) & ~Q(state=Thread.State.CLOSED),
        "resident": Q(state=Thread.State.WAITING_FOR_RESIDENT),
        "closed": Q(state=Thread.State.CLOSED),
    }
    return known.get(show, Q())


def waiting_for(staff: Staff) -> QuerySet[Thread]:
    """What waits for an answer from the person's teams, longest wait first."""
    return (
        threads_of(staff)
        .filter(state=Thread.State.WAITING_FOR_US)
        .select_related("team")
        .order_by("waiting_since", "pk")
    )


def thread_for(staff: Staff, pk: int) -> Thread:
    """One conversation; NoSuchThread when it is out of scope."""
    found = threads_of(staff).select_related("team", "address", "assigned_to").filter(pk=pk).first()
    if found is None:
        raise NoSuchThread
    return found


def said_in(thread: Thread) -> list[Said]:
    """What was said, the oldest first."""
    messages = list(thread.messages.select_related("by", "translation"))
    beneath = inbound.beneath([message.pk for message in messages])
    return [
        Said(
            text=message.text,
            who=who_said(message, thread),
            ours=message.how == Message.How.STAFF,
            unverified=message.how in (Message.How.LINK, Message.How.OTHER),
            closing=message.closing,
            at=message.at,
            pk=message.pk,
            translation=getattr(message, "translation", None),
            how=str(message.get_how_display()) if message.how in OUTSIDE else "",
            beneath=beneath.get(message.pk),
        )
        for message in messages
    ]


def who_said(message: Message, thread: Thread) -> str:
    """The resident is never named. Staff appear by role and team; by name where the force and the person allow it."""
    if message.how != Message.How.STAFF:
        return "Resident"
    if message.by is None:
        return thread.team.name
    role = message.by.public_title
    named = settings.PEELIAN_SHOW_OFFICER_NAMES and message.by.show_name and message.by.name
    return f"{message.by.name}, {role}, {thread.team.name}" if named else f"{role}, {thread.team.name}"


def message_for(staff: Staff, pk: int) -> Message:
    """One message of a resident, for the team; NoSuchThread when it is out of scope."""
    rows = Message.objects.filter(thread__in=threads_of(staff)).exclude(how=Message.How.STAFF)
    found = rows.select_related("thread").filter(pk=pk).first()
    if found is None:
        raise NoSuchThread
    return found


def last_message_id(thread: Thread) -> int | None:
    return thread.messages.order_by("-pk").values_list("pk", flat=True).first()


def message(pk: int) -> Message:
    """A message of ours for its email, with thread, team and writer. NoSuchThread when it has been erased."""
    found = Message.objects.select_related("thread__team", "by", "translation").filter(pk=pk).first()
    if found is None:
        raise NoSuchThread
    return found


def thread_answered(message_id: int, address_id: int) -> Thread:
    """The thread to which our message belongs, for the address it went to; NoSuchThread for any other."""
    found = Thread.objects.select_related("team").filter(messages=message_id, address_id=address_id).first()
    if found is None:
        raise NoSuchThread
    return found
