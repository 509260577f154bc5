"""What people do in a conversation. Each is one transaction with its row in the audit trail, which holds no words."""

import re
import unicodedata
from datetime import timedelta

from django.db import transaction

from peelian.accounts.models import Staff, Team
from peelian.audit.actions import Actor, record
from peelian.conversations import errors, translating
from peelian.conversations.models import Message, Thread
from peelian.core import clock, limits

LONGEST = 20_000  # characters in one message, from either side
LONGEST_REASON = 300
MOST_AN_HOUR = 20  # messages from one address, whatever they are about


@transaction.atomic
def open_or_continue(
    *,
    team: Team,
    subject: str,
    about: str,
    text: str,
    address_id: int,
    member_id: int | None,
    how: Message.How,
    by: Actor,
) -> Thread:
    """Take in what a resident wrote: in the thread that this address has about ABOUT, else in a new one.

    A closed thread opens again. Raises NothingWritten, TooLong and limits.TooMany.
    """
    words = _clean(text)
    _limit(address_id)
    now = clock.now()
    opening = {
        "team": team,
        "member_id": member_id,
        "subject": one_line(subject)[:200],
        "last_at": now,
        "waiting_since": now,
    }
    if about:
        thread, new = Thread.objects.get_or_create(defaults=opening, address_id=address_id, about=about)
    else:
        thread, new = Thread.objects.create(address_id=address_id, about="", **opening), True
    return _take_in(thread.pk, words, how, by, new=new)


@transaction.atomic
def write_again(*, thread_id: int, text: str, how: Message.How, by: Actor) -> Thread:
    """Take in what the resident of this thread writes next, in answer to us. Raises as `open_or_continue` does."""
    words = _clean(text)
    _limit(Thread.objects.values_list("address_id", flat=True).get(pk=thread_id))
    return _take_in(thread_id, words, how, by, new=False)


def _limit(address_id: int | None) -> None:
    limits.limit(f"conversations:{address_id}", most=MOST_AN_HOUR, window=timedelta(hours=1))


def _take_in(thread_id: int, words: str, how: Message.How, by: Actor, *, new: bool) -> Thread:
    thread = Thread.objects.select_for_update(of=("self",)).get(pk=thread_id)
    reopened = thread.state == Thread.State.CLOSED
    thread.last_at = clock.now()
    thread.waiting_since = thread.waiting_since or thread.last_at
    thread.state, thread.seen_at, thread.closed_reason = Thread.State.WAITING_FOR_US, None, ""
    thread.save()
    message = Message.objects.create(thread=thread, how=how, text=words, at=thread.last_at)
    translating.of_resident(message)
    verb = "conversation.opened" if new else "conversation.reopened" if reopened else "conversation.continued"
    record(verb, "thread", thread.pk, by=by, message=message.pk, team=thread.team_id, about=thread.about, how=how)
    return thread


@transaction.atomic
def answer(*, thread: Thread, text: str, by: Staff, read_up_to: int | None = None) -> Message:
    """Send the team's answer to the resident.

    READ_UP_TO is the id of the last message the writer saw; when something newer stands there, SaidMeanwhile is raised
    and nothing is sent. Raises also AlreadyClosed, NobodyToAnswer, NothingWritten, TooLong.
    """
    words = _clean(text)
    locked = _open_thread(thread)
    if read_up_to is not None and locked.messages.filter(pk__gt=read_up_to).exists():
        raise errors.SaidMeanwhile
    locked.state = Thread.State.WAITING_FOR_RESIDENT
    message = _say(locked, words, by)
    record("conversation.answered", "thread", locked.pk, by=by, message=message.pk)
    return message


@transaction.atomic
def close(*, thread: Thread, reason: str, by: Staff) -> Message:
    """Close the conversation and tell the resident why. Raises as `answer` does."""
    words = _clean(reason, LONGEST_REASON)
    locked = _open_thread(thread)
    locked.state, locked.closed_reason = Thread.State.CLOSED, words
    message = _say(locked, words, by, closing=True)
    record("conversation.closed", "thread", locked.pk, by=by, message=message.pk)
    return message


@transaction.atomic
def assign(*, thread: Thread, to: Staff | None, by: Staff) -> None:
    """Say who of the team sees to it; None hands it back to all. Raises NotOfTheTeam."""
    if to is not None and not thread.team.people.filter(pk=to.pk, is_active=True).exists():
        raise errors.NotOfTheTeam
    Thread.objects.filter(pk=thread.pk).update(assigned_to=to)
    record("conversation.assigned", "thread", thread.pk, by=by, to=to.pk if to else None)


@transaction.atomic
def mark_seen(*, thread: Thread, by: Staff) -> None:
    """Somebody of the team has opened it; the first to do so since the resident wrote stands in the trail."""
    if Thread.objects.filter(pk=thread.pk, seen_at=None).update(seen_at=clock.now()):
        record("conversation.read", "thread", thread.pk, by=by)


def _open_thread(thread: Thread) -> Thread:
    locked = Thread.objects.select_for_update(of=("self",)).select_related("team").get(pk=thread.pk)
    if locked.state == Thread.State.CLOSED:
        raise errors.AlreadyClosed
    if locked.address_id is None:
        raise errors.NobodyToAnswer
    return locked


def _say(thread: Thread, words: str, by: Staff, *, closing: bool = False) -> Message:
    """Keep the team's words and put them on their way, in front of every alert that waits."""
    thread.last_at = clock.now()
    thread.waiting_since, thread.seen_at = None, thread.last_at
    thread.save()
    message = Message.objects.create(
        thread=thread, how=Message.How.STAFF, by=by, text=words, closing=closing, at=thread.last_at
    )
    translating.put_on_its_way(message)
    return message


def one_line(text: str) -> str:
    """The text in one line, without what could end a mail header."""
    return re.sub(r"\s+", " ", _without_controls(text)).strip()


def _clean(text: str, longest: int = LONGEST) -> str:
    words = _without_controls(text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if not words:
        raise errors.NothingWritten
    if len(words) > longest:
        raise errors.TooLong
    return words


def _without_controls(text: str) -> str:
    """Line ends and tabs stay; other control characters (PostgreSQL refuses one of them) go."""
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))
