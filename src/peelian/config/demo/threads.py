"""What residents of the demonstration force wrote back, and what they were answered."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from peelian.alerts.models import Response
from peelian.config.demo import waiting, words
from peelian.config.demo.alerts import Written
from peelian.config.demo.ledger import Ledger
from peelian.config.demo.writing import copy, settle_ids
from peelian.conversations import promise
from peelian.conversations.models import Desk, Message, Raised, Thread, Wait

# How many replies an alert of the type draws on average, where it is not half of one
ASKED = {"information-request": 2.6, "feedback-request": 2.2, "meeting-notice": 1.0, "participation-notice": 1.2,
         "residential-asb": 1.2, "road-safety": 1.1}  # fmt: skip
_THREAD = (
    "id", "team_id", "member_id", "address_id", "subject", "about", "state", "assigned_to_id", "closed_reason",
    "opened_at", "last_at", "waiting_since", "seen_at", "due_at",
)  # fmt: skip
_WAIT = ("thread_id", "team_id", "first", "began_at", "due_at", "ended_at", "outcome")
DESK = Desk()  # every team of the demonstration keeps the hours that one begins with


def write(ledger: Ledger) -> None:
    """Threads about the year's alerts; most are answered, the latest wait."""
    threads: list[tuple[Any, ...]] = []
    messages: list[tuple[Any, ...]] = []
    replies: dict[int, int] = {}
    for number, one in enumerate(ledger.written, 1):
        for address, member in _writers(ledger, number, one):
            replies[number] = replies.get(number, 0) + 1
            _talk(ledger, one, (len(threads) + 1, address, member), threads, messages)
    raised = _wait(ledger, threads, messages)
    copy(Thread, _THREAD, threads)
    copy(Wait, _WAIT, _waits(threads, messages))
    copy(Message, ("thread_id", "how", "by_id", "text", "closing", "at"), messages)
    copy(Response, ("alert_id", "kind", "n"), ((number, "reply", n) for number, n in replies.items()))
    settle_ids(Thread)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE conversations_thread t SET area_id = m.area_id, language = m.language"
            " FROM members_member m WHERE m.id = t.member_id"
        )
        cursor.execute(
            "UPDATE conversations_wait w SET area_id = t.area_id FROM conversations_thread t WHERE t.id = w.thread_id"
        )
    Raised.objects.bulk_create(Raised(thread_id=number, why=Raised.Why.WORDS, at=at) for number, at in raised)


def _wait(
    ledger: Ledger, threads: list[tuple[Any, ...]], messages: list[tuple[Any, ...]]
) -> list[tuple[int, datetime]]:
    """The first sector's teams have letters that wait for an answer; returns those with words that raise them."""
    raised = []
    today = _midnight(ledger, ledger.written[0].at)
    for letter in waiting.letters(ledger.desk.roster.teams[0], today):
        number, at = len(threads) + 1, letter.at
        messages.append((number, "code", None, letter.text, False, at))
        threads.append(
            (number, letter.team.pk, letter.member.pk, letter.member.email_id, letter.subject, "",
             Thread.State.WAITING_FOR_US.value, letter.assigned.pk if letter.assigned else None, "", at, at, at,
             letter.seen, promise.due(DESK, at))
        )  # fmt: skip
        if letter.raises:
            raised.append((number, at))
    return raised


def _waits(threads: list[tuple[Any, ...]], messages: list[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    """Each time somebody waited, read from what was said: from words of theirs to the next of ours."""
    teams = {row[0]: row[1] for row in threads}
    since: dict[int, datetime] = {}
    waited: set[int] = set()
    for thread, how, _, _, closing, at in messages:
        if how != "staff":
            since.setdefault(thread, at)
        elif thread in since:
            began = since.pop(thread)
            end = Wait.End.CLOSED if closing else Wait.End.ANSWERED
            yield thread, teams[thread], thread not in waited, began, promise.due(DESK, began), at, end.value
            waited.add(thread)
    for thread, began in since.items():
        yield thread, teams[thread], thread not in waited, began, promise.due(DESK, began), None, ""


def _writers(ledger: Ledger, number: int, one: Written) -> Iterator[tuple[int, int]]:
    """Addresses and members of some who read it."""
    if number not in ledger.given or one.state != "sent":
        return
    given, rng = ledger.given[number], ledger.desk.rng
    readers = given.readers()
    wanted = min(int(rng.poisson(ASKED.get(one.topic.slug, 0.5))), len(readers))
    for at in rng.choice(readers, wanted, replace=False) if wanted else ():
        yield int(given.addresses[at]), int(given.members[at])


def _talk(
    ledger: Ledger,
    one: Written,
    who: tuple[int, int, int],
    threads: list[tuple[Any, ...]],
    messages: list[tuple[Any, ...]],
) -> None:
    """One thread: a reply, mostly an answer, sometimes more of it, sometimes closed."""
    rng = ledger.desk.rng
    number, address, member = who
    opened = one.at + timedelta(minutes=int(rng.exponential(500)) + 5)
    if opened >= _midnight(ledger, opened):
        opened = one.at + timedelta(minutes=5)
    recent = ledger.desk.people.today - opened.date() < timedelta(days=9)
    answered = rng.random() < (0.35 if recent else 0.96)
    state, last, closed = Thread.State.WAITING_FOR_US, opened, ""
    waiting: datetime | None = opened
    seen: datetime | None = None
    messages.append((number, "link", None, _pick(rng, words.REPLIES).format(**one.filling), False, opened))
    if answered:
        last = min(opened + timedelta(hours=int(rng.exponential(14)) + 1), _midnight(ledger, opened))
        messages.append((number, "staff", one.author.pk, _pick(rng, words.ANSWERS), False, last))
        state, waiting, seen = Thread.State.WAITING_FOR_RESIDENT, None, last
        luck = rng.random()
        if luck < 0.25 and not recent:
            last += timedelta(hours=20)
            messages.append((number, "link", None, _pick(rng, words.FURTHER), False, last))
        if not recent:
            last, closed = last + timedelta(days=2), words.CLOSED
            messages.append((number, "staff", one.author.pk, closed, True, last))
            state = Thread.State.CLOSED
    assigned = one.author.pk if answered or rng.random() < 0.3 else None
    threads.append(
        (number, one.team.pk, member, address, one.title, f"alert:{one.ref}", state.value, assigned, closed, opened,
         last, waiting, seen, promise.due(DESK, waiting) if waiting else None)
    )  # fmt: skip


def _pick(rng: Any, texts: tuple[str, ...]) -> str:
    return texts[int(rng.integers(len(texts)))]


def _midnight(ledger: Ledger, like: datetime) -> datetime:
    """The start of today: nothing is dated later."""
    today = ledger.desk.people.today
    return datetime(today.year, today.month, today.day, tzinfo=like.tzinfo)
