"""Reads of what came from outside. A message in a thread is seen by those who see the thread; what is kept aside by
those of the team it seems to be for, and what seems nobody's by people of the whole force."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from email import policy
from email.parser import BytesParser

from django.db.models import Q, QuerySet

from peelian.accounts.models import Staff
from peelian.accounts.queries import scope_area_ids, teams_in_scope
from peelian.conversations.inbound import letter, redacting
from peelian.conversations.models import Attachment, Inbound, Thread
from peelian.core.errors import NotFound

LISTS = {
    "aside": "Kept aside for you",
    "report": "Automatic messages",
    "discarded": "Discarded",
}
SOURCE = 100_000  # bytes of an email as it came that are shown


class NoSuchMessage(NotFound):
    """There is no such message, or it is another team's."""


@dataclass(frozen=True)
class Beneath:
    """What stands under a message that came by email or text."""

    inbound_id: int
    message_id: int
    thread_id: int
    has_more: bool  # the email says more than the words above
    files: list[Attachment] = field(default_factory=list)


@dataclass(frozen=True)
class Whole:
    """An email or text in full, for reading."""

    inbound: Inbound
    fields: list[tuple[str, str]]
    source: str  # the beginning of the bytes as they came, as text; empty when they are deleted
    cut: bool


def beneath(message_ids: Sequence[int]) -> dict[int, Beneath]:
    """By message: in two queries, however many."""
    rows = Inbound.objects.filter(message__in=message_ids, way=Inbound.Way.EMAIL).select_related("message")
    found = {
        row.message_id: Beneath(row.pk, row.message_id or 0, row.message.thread_id if row.message else 0, True)
        for row in rows.defer("raw", "text")
    }
    if not found:
        return {}
    by_inbound = {one.inbound_id: one for one in found.values()}
    rows_of_files = Attachment.objects.filter(inbound__in=by_inbound).select_related("file").defer("file__content")
    for attachment in rows_of_files.order_by("inbound", "number"):
        by_inbound[attachment.inbound_id].files.append(attachment)
    return {key: one for key, one in found.items() if key is not None}


def aside_for(staff: Staff) -> QuerySet[Inbound]:
    """What did not become a message, of the person's teams; of no team, for people of the whole force."""
    ids = scope_area_ids(staff)
    mine = Q(team__in=teams_in_scope(staff).values("pk"))
    seen = Inbound.objects.exclude(state=Inbound.State.TAKEN).defer("raw")
    return seen if ids is None else seen.filter(mine)


def listed(staff: Staff, show: str) -> QuerySet[Inbound]:
    """One of LISTS."""
    state = show if show in LISTS else "aside"
    return aside_for(staff).filter(state=state).select_related("team")


def one_aside(staff: Staff, pk: int) -> Inbound:
    """NoSuchMessage when it is out of scope."""
    found = aside_for(staff).select_related("team", "settled_by").filter(pk=pk).first()
    if found is None:
        raise NoSuchMessage
    return found


def of_thread(thread: Thread, message_id: int) -> Inbound:
    """The email or text that a message of the thread came in."""
    found = Inbound.objects.filter(message=message_id, message__thread=thread).first()
    if found is None:
        raise NoSuchMessage
    return found


def file_of(thread: Thread, pk: int) -> Attachment:
    """A file that may be shown."""
    found = Attachment.objects.select_related("file", "inbound")
    row = found.filter(pk=pk, inbound__message__thread=thread, state=Attachment.State.SHOWN).first()
    if row is None:
        raise NoSuchMessage
    return row


def unchecked_files() -> int:
    """Files that wait for a scanner that does not answer."""
    return Attachment.objects.filter(state=Attachment.State.UNCHECKED).count()


def whole_in_thread(inbound: Inbound) -> Whole:
    """The whole of a message for staff of its thread: without where its writer can be reached, which is looked up
    elsewhere, and with a reason."""
    found = whole(inbound)
    hidden = redacting.masked(inbound.sender)
    fields = [(name, hidden if name == "From" else value) for name, value in found.fields]
    inbound.text = inbound.text.replace(inbound.sender, hidden) if inbound.sender else inbound.text
    return Whole(inbound, fields, "", cut=False)


def whole(inbound: Inbound) -> Whole:
    """The whole of a message, as text; nothing of it is HTML any more, and no token of ours is in it."""
    raw = bytes(inbound.raw) if inbound.raw is not None else b""
    if inbound.way == Inbound.Way.TEXT:
        return Whole(inbound, [("From", inbound.sender)], "", cut=False)
    try:
        message = BytesParser(policy=policy.compat32).parsebytes(raw[:64_000], headersonly=True)
        fields = [(name, letter.field_text(message, name)[:300]) for name in ("From", "Date", "Subject")]
    except (ValueError, TypeError, LookupError, AttributeError):
        fields = [("From", inbound.sender)]
    source = redacting.without_tokens(letter.clean(raw[:SOURCE].decode("utf-8", "replace")))
    return Whole(inbound, [(name, value) for name, value in fields if value], source, cut=len(raw) > SOURCE)


def threads_to_attach_to(staff: Staff, inbound: Inbound) -> list[Thread]:
    """The newest conversations with whoever the message says to be from, in the person's scope."""
    same = Q(address=inbound.address_id) if inbound.address_id else Q(pk=None)
    if inbound.sender:
        same |= Q(address__value=inbound.sender)
    mine = Thread.objects.filter(same, team__in=teams_in_scope(staff).values("pk"))
    return list(mine.select_related("team").order_by("-last_at")[:10])
