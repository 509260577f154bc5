"""What people do in a conversation. Each is one transaction with its row in the audit trail, which holds no words."""

import re
import unicodedata
from datetime import timedelta
from typing import Any

from django.db import transaction

from peelian.accounts.models import Staff, Team
from peelian.audit.actions import Actor, record
from peelian.conversations import errors, notices, promise, raising, translating, waits
from peelian.conversations.models import Message, SavedAnswer, Thread, Wait
from peelian.core import clock, limits
from peelian.members.models import Member

LONGEST = 20_000  # characters in one message, from either side
LONGEST_REASON = 300
MOST_AN_HOUR = 20  # messages from one address, whatever they are about
AGAIN = timedelta(minutes=10)  # the same words within it are a button pressed twice, or a page loaded again
TO_FILL_IN = re.compile(r"\[[^\[\]\n]+\]")  # such as [day]: what a saved answer leaves to whoever sends it


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
    language: str = "",
    area_id: int | None = None,
    automatic: bool = False,
) -> Thread:
    """Take in what a resident wrote: in the thread that this address has about ABOUT, else in a new one.

    A closed thread opens again. LANGUAGE and AREA_ID are taken from the member where they are not given. AUTOMATIC
    words (a machine's, RFC 3834) get no receipt. The same words sent twice are taken in once (`Thread.said_before`).
    Raises NothingWritten, TooLong and limits.TooMany.
    """
    words = cleaned(text)
    _limit(address_id)
    if said := _said_before(words, how, thread__address=address_id, thread__about=about, thread__team=team):
        return said
    now = clock.now()
    known = _about_member(member_id)
    opening = {
        "team": team,
        "member_id": member_id,
        "subject": one_line(subject)[:200],
        "language": language or known.get("language", ""),
        "area_id": area_id or known.get("area_id"),
        "last_at": now,
        "waiting_since": now,
        "due_at": promise.due(waits.desk_of(team), now),
    }
    if about:
        thread, new = Thread.objects.get_or_create(defaults=opening, address_id=address_id, about=about)
    else:
        thread, new = Thread.objects.create(address_id=address_id, about="", **opening), True
    return _take_in(thread.pk, words, how, by, new=new, automatic=automatic)


def _about_member(member_id: int | None) -> dict[str, Any]:
    if member_id is None:
        return {}
    found = Member.objects.filter(pk=member_id).values_list("language", "area_id").first()
    return {"language": found[0], "area_id": found[1]} if found else {}


@transaction.atomic
def write_again(*, thread_id: int, text: str, how: Message.How, by: Actor, automatic: bool = False) -> Thread:
    """Take in what the resident of this thread writes next, in answer to us. Raises as `open_or_continue` does."""
    words = cleaned(text)
    _limit(Thread.objects.values_list("address_id", flat=True).get(pk=thread_id))
    if said := _said_before(words, how, thread=thread_id):
        return said
    return _take_in(thread_id, words, how, by, new=False, automatic=automatic)


def _limit(address_id: int | None) -> None:
    """Counting holds the address's row until the end, so that of two requests at once the second sees the first."""
    limits.limit(f"conversations:{address_id}", most=MOST_AN_HOUR, window=timedelta(hours=1))


def _said_before(words: str, how: Message.How, **where: Any) -> Thread | None:
    """The thread whose newest words are these, came from the same page and are minutes old. WHERE says which threads.
    An email or a text that comes twice is known by its number (`inbound`)."""
    if how not in Message.FROM_PAGES:
        return None
    recent = Message.objects.filter(at__gt=clock.now() - AGAIN, **where).exclude(how=Message.How.NOTICE)
    newest = recent.select_related("thread").order_by("-at", "-pk").first()
    if newest is None or (newest.text, newest.how) != (words, how):
        return None
    newest.thread.said_before = True
    return newest.thread


def _take_in(thread_id: int, words: str, how: Message.How, by: Actor, *, new: bool, automatic: bool) -> Thread:
    locked = Thread.objects.select_for_update(of=("self",)).select_related("team__desk", "member")
    thread = locked.get(pk=thread_id)
    reopened = thread.state == Thread.State.CLOSED
    thread.last_at = clock.now()
    waits.begin(thread)
    thread.state, thread.seen_at, thread.closed_reason = Thread.State.WAITING_FOR_US, None, ""
    thread.save()
    message = Message.objects.create(thread=thread, how=how, text=words, at=thread.last_at)
    translating.of_resident(message)
    verb = "conversation.opened" if new else "conversation.reopened" if reopened else "conversation.continued"
    record(verb, "thread", thread.pk, by=by, message=message.pk, team=thread.team_id, about=thread.about, how=how)
    raising.look(thread, words)
    if (new or reopened) and not automatic:
        notices.send_receipt(thread)
    return thread


@transaction.atomic
def answer(*, thread: Thread, text: str, by: Staff, read_up_to: int | None = None) -> Message:
    """Send the team's answer to the resident.

    READ_UP_TO is the id of the last message the writer saw; when something newer stands there, SaidMeanwhile is raised
    and nothing is sent. Raises also AlreadyClosed, NobodyToAnswer, NothingWritten, TooLong, and for a saved answer
    that nobody has made to fit WordForWord or StillToFillIn.
    """
    words = cleaned(text)
    locked = _open_thread(thread)
    _made_to_fit(words, locked.team)
    if read_up_to is not None and locked.messages.filter(pk__gt=read_up_to).exclude(how=Message.How.NOTICE).exists():
        raise errors.SaidMeanwhile
    locked.state = Thread.State.WAITING_FOR_RESIDENT
    message = _say(locked, words, by)
    record("conversation.answered", "thread", locked.pk, by=by, message=message.pk)
    return message


def _made_to_fit(words: str, team: Team) -> None:
    saved = SavedAnswer.objects.filter(team=team).values_list("text", flat=True)
    if words in saved:
        raise errors.WordForWord
    left = {gap for text in saved for gap in TO_FILL_IN.findall(text)}.intersection(TO_FILL_IN.findall(words))
    if left:
        raise errors.StillToFillIn(sorted(left))


@transaction.atomic
def close(*, thread: Thread, reason: str, by: Staff) -> Message:
    """Close the conversation and tell the resident why. Raises as `answer` does."""
    words = cleaned(reason, LONGEST_REASON)
    locked = _open_thread(thread)
    locked.state, locked.closed_reason = Thread.State.CLOSED, words
    message = _say(locked, words, by, closing=True)
    record("conversation.closed", "thread", locked.pk, by=by, message=message.pk)
    return message


@transaction.atomic
def reopen(*, thread: Thread, by: Staff) -> None:
    """Take the closing back: the conversation waits for the resident again, who has the reason all the same."""
    closed = Thread.objects.filter(pk=thread.pk, state=Thread.State.CLOSED, emptied_at=None)
    if not closed.update(state=Thread.State.WAITING_FOR_RESIDENT, closed_reason="", last_at=clock.now()):
        raise errors.NotClosed
    record("conversation.opened_again", "thread", thread.pk, by=by)


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
    waits.end(thread, Wait.End.CLOSED if closing else Wait.End.ANSWERED)
    thread.seen_at = thread.last_at
    thread.save()
    message = Message.objects.create(
        thread=thread, how=Message.How.STAFF, by=by, text=words, closing=closing, at=thread.last_at
    )
    translating.put_on_its_way(message)
    return message


def one_line(text: str) -> str:
    """The text in one line, without what could end a mail header."""
    return re.sub(r"\s+", " ", _without_controls(text)).strip()


def cleaned(text: str, longest: int = LONGEST) -> str:
    """The words as they are kept. Raises NothingWritten and TooLong."""
    words = _without_controls(text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if not words:
        raise errors.NothingWritten
    if len(words) > longest:
        raise errors.TooLong
    return words


def _without_controls(text: str) -> str:
    """Line ends and tabs stay; other control characters (PostgreSQL refuses one of them) go."""
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))
