"""What a person decides about a message that was kept aside: it belongs in a conversation, or nowhere."""

from __future__ import annotations

from django.db import transaction

from peelian.accounts.models import Staff
from peelian.audit.actions import record
from peelian.conversations import actions, errors
from peelian.conversations.inbound import attachments, letter, trimming
from peelian.conversations.models import Inbound, Message, Thread
from peelian.core import clock

LONGEST_REASON = 300


@transaction.atomic
def attach(*, inbound: Inbound, thread: Thread, by: Staff) -> Message:
    """Put a message that was kept aside into a conversation, as its resident's words. Raises AlreadySettled, and what
    conversations.actions.write_again does."""
    row = _unsettled(inbound)
    words = trimming.said(row.text) if row.way == Inbound.Way.EMAIL else row.text
    how = Message.How.OTHER if row.way == Inbound.Way.EMAIL else Message.How.TEXT
    words = words.strip()[: actions.LONGEST] or "[It had no words that could be read.]"
    actions.write_again(thread_id=thread.pk, text=words, how=how, by=by)
    message = thread.messages.filter(how=how).order_by("-pk").first()
    assert message is not None
    row.state, row.message, row.team_id, row.reason = Inbound.State.TAKEN, message, thread.team_id, ""
    _settle(row, by)
    if row.way == Inbound.Way.EMAIL and row.raw is not None:
        attachments.receive(row, _files(bytes(row.raw)))
    record("inbound.attached", "inbound", row.pk, by=by, thread=thread.pk, message=message.pk)
    return message


@transaction.atomic
def discard(*, inbound: Inbound, reason: str, by: Staff) -> None:
    """Say that a message belongs nowhere, and why. It is deleted with the others, 30 days later. Raises AlreadySettled
    and NothingWritten."""
    words = actions.one_line(reason)[:LONGEST_REASON]
    if not words:
        raise errors.NothingWritten
    row = _unsettled(inbound)
    row.state, row.settled_reason = Inbound.State.DISCARDED, words
    _settle(row, by)
    record("inbound.discarded", "inbound", row.pk, by=by)


def _unsettled(inbound: Inbound) -> Inbound:
    """The row itself, locked. An automatic message can be taken into a conversation too: a rule may have been wrong."""
    row = Inbound.objects.select_for_update(of=("self",)).get(pk=inbound.pk)
    if row.state not in (Inbound.State.ASIDE, Inbound.State.REPORT):
        raise errors.AlreadySettled
    return row


def _settle(row: Inbound, by: Staff) -> None:
    row.settled_by, row.settled_at = by, clock.now()
    row.save()


def _files(raw: bytes) -> tuple[letter.File, ...]:
    try:
        return letter.read(raw).files
    except letter.Unreadable:
        return ()
