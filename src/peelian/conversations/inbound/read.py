"""One message from the door's store (delivery.incoming) to where it belongs, in the transaction that takes it out of
there: a message in a thread, an automatic report, or kept aside for a person. There is no fourth way.

The same message twice is one. What breaks while it is read is kept aside with all its bytes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

import structlog
from django.conf import settings
from django.db import DataError, transaction

from peelian.accounts import queries as accounts
from peelian.accounts.models import Team
from peelian.audit.actions import SYSTEM, Actor
from peelian.contacts import queries as contacts
from peelian.contacts.models import Address
from peelian.conversations import actions, queries
from peelian.conversations.inbound import attachments, authenticated, automatic, letter, redacting, trimming
from peelian.conversations.models import Inbound, Message, Thread
from peelian.core import clock, jobs, limits
from peelian.core.errors import PeelianError
from peelian.core.messages import Answerable, Topic, renderers
from peelian.delivery import queries as delivery
from peelian.delivery.queries import Recipient
from peelian.members import queries as members
from peelian.members.actions import MemberActor

log = structlog.get_logger("peelian.conversations")

TEXT_ANSWERS: Final = timedelta(days=14)  # so long a text is taken for an answer to the last message that we texted
ONE_TALK: Final = timedelta(days=14)  # … or goes on with what the same number wrote about nothing in particular
MORE: Final = "\n\n[There is more. Open the whole email to read it.]"
ANSWER = "conversations.answer"


class Aside(Exception):
    """It is for a person; the sentence says why."""


# What reading something can end with, whatever it is. That the database is away is none of it: then it is read later
_ANYTHING: Final = (
    Aside, letter.Unreadable, PeelianError, DataError, ValueError, TypeError, LookupError, AttributeError,
    AssertionError, RecursionError, MemoryError, OSError,
)  # fmt: skip


@dataclass(frozen=True)
class Came:
    """A message as it came, and what is known of it so far."""

    way: Inbound.Way
    key: str
    raw: bytes
    at: datetime
    sender: str = ""
    text: str = ""
    address_id: int | None = None
    team_id: int | None = None

    def kept(self, state: Inbound.State, reason: str = "", message: Message | None = None) -> Inbound:
        return Inbound.objects.create(
            way=self.way,
            state=state,
            reason=reason[:200],
            key=self.key,
            message=message,
            address_id=self.address_id,
            team_id=self.team_id,
            sender=self.sender[:254],
            text=self.text,
            raw=self.raw,
            size=len(self.raw),
            received_at=self.at,
        )


@dataclass(frozen=True)
class About:
    """Where somebody's words belong."""

    team: Team
    subject: str
    about: str
    address_id: int
    member_id: int | None
    thread_id: int | None = None
    counted_by: tuple[str, int] | None = None


# What the store gives (delivery.hooks.mailboxes) -----------------------------------------------------------------


def is_answer(rest: str) -> bool:
    """Whether the door knows such an address: only those that we made."""
    return delivery.is_answer(rest)


def answer(rest: str, content: bytes, at: datetime) -> str:
    """An email to `reply+…`: it answers the message that the address names."""
    came = Came(Inbound.Way.EMAIL, letter.key(f"reply+{rest}", content), content, at)
    return _settled(came, lambda: _email(came, rest), rest)


def unasked(rest: str, content: bytes, at: datetime) -> str:
    """An email to the address that our messages come from: its writer's program passed over where answers go."""
    came = Came(Inbound.Way.EMAIL, letter.key(settings.PEELIAN_MAIL_FROM, content), content, at)
    return _settled(came, lambda: _email(came, ""))


def text(rest: str, content: bytes, at: datetime) -> str:
    """A text to one of our numbers."""
    came = Came(Inbound.Way.TEXT, _text_key(content), content, at)
    return _settled(came, lambda: _text(came))


def aside(rest: str, content: bytes, at: datetime) -> str:
    """What the door could not take apart, with its reason."""
    came = Came(Inbound.Way.EMAIL, letter.key(f"aside:{rest}", content), content, at)

    def straight() -> None:
        raise Aside(rest)

    return _settled(came, straight)


def _settled(came: Came, take: Callable[[], Any], name: str = "") -> str:
    if Inbound.objects.filter(key=came.key).exists():
        return ""
    try:
        with transaction.atomic():
            take()
    except (Aside, letter.Unreadable, PeelianError) as problem:
        reason = str(problem)
    except _ANYTHING as problem:
        log.warning("message from outside kept aside", error=type(problem).__name__)
        reason = f"It could not be read ({type(problem).__name__})."
    else:
        return ""
    _described(came, name).kept(Inbound.State.ASIDE, reason)
    return ""


def _described(came: Came, name: str = "") -> Came:
    """With whom it says to be from, what it says and whose it seems to be, as far as that can be read at all."""
    for part in (_with_words, _with_team):
        with suppress(*_ANYTHING), transaction.atomic():
            came = part(came, name)
    return came


def _with_words(came: Came, name: str) -> Came:
    if came.way == Inbound.Way.TEXT:
        told = _told(came.raw)
        return replace(came, sender=told["from"], text=told["words"])
    found = letter.read(came.raw)
    return replace(came, sender=found.sender, text=redacting.without_tokens(found.text))


def _with_team(came: Came, name: str) -> Came:
    if came.way == Inbound.Way.TEXT:
        address_ids = contacts.of_number(_told(came.raw)["from"])
        if not address_ids:
            return came
        came = replace(came, address_id=address_ids[0])
        return replace(came, team_id=_texted(address_ids).team.pk)
    recipient = _recipient(name)
    if recipient is None:
        return came
    came = replace(came, address_id=recipient.address_id)
    return replace(came, team_id=_about(recipient).team.pk)


# Emails ----------------------------------------------------------------------------------------------------------


def _email(came: Came, name: str) -> Inbound:
    found = letter.read(came.raw)
    recipient = _recipient(name)
    whole = redacting.without_tokens(found.text)
    described = replace(came, sender=found.sender, text=whole)
    if recipient:
        described = replace(described, address_id=recipient.address_id)
    if reason := automatic.why(found.message, sender=found.sender):
        return described.kept(Inbound.State.REPORT, reason)
    if reason := authenticated.why_not(found.message):
        raise Aside(reason)
    if recipient is None:
        raise Aside("It was sent to the address our messages come from, so it is not known what it answers.")
    words = trimming.said(whole)
    if not words.strip() and not found.files:
        raise Aside("It has no words that can be read.")
    same = Address.objects.filter(pk=recipient.address_id, value=found.sender).exists()
    how = Message.How.EMAIL if same else Message.How.OTHER
    about = _about(recipient)
    message = _said(about, _short(words) or "[Only a file was sent.]", how)
    kept = replace(described, team_id=about.team.pk).kept(Inbound.State.TAKEN, message=message)
    attachments.receive(kept, found.files)
    return kept


def _recipient(name: str) -> Recipient | None:
    if not name:
        return None
    try:
        return delivery.recipient_of_answer(name)
    except PeelianError:
        raise Aside("It answers a message that we no longer keep a record of.") from None


def _about(recipient: Recipient) -> About:
    """What an answer to this message is about: its own thread, the thing its renderer names, or the neighbourhood."""
    ids = recipient.address_id, recipient.member_id
    if recipient.renderer == ANSWER:
        try:
            thread = queries.thread_answered(recipient.object_id, recipient.address_id)
        except queries.NoSuchThread:  # passed on as intelligence, or too long ago: somebody reads it all the same
            return _neighbourhood(*ids)
        return About(thread.team, thread.subject, thread.about, *ids, thread_id=thread.pk)
    renderer: object = renderers.get(recipient.renderer)
    topic = renderer.topic(recipient.object_id) if isinstance(renderer, Answerable) else None
    if topic is None:
        return _neighbourhood(*ids)
    return _of_topic(topic, recipient)


def _of_topic(topic: Topic, recipient: Recipient) -> About:
    counted = (topic.counted_by, recipient.object_id) if topic.counted_by else None
    team = Team.objects.get(pk=topic.team_id)
    return About(team, topic.subject, topic.about, recipient.address_id, recipient.member_id, counted_by=counted)


def _neighbourhood(address_id: int, member_id: int | None) -> About:
    """The team nearest to where the resident lives, in the talk they have with it about nothing in particular."""
    known = members.member_for_address(address_id)
    if not known and member_id is None:
        raise Aside("Nobody who is registered uses that address or number any more, so no team is known for it.")
    resident = next((one for one in known if one.pk == member_id), known[0] if known else None)
    team = accounts.nearest_team(resident.area if resident else None)
    if team is None:
        raise Aside("There is no team for where its writer lives.")
    since = Thread.objects.filter(address_id=address_id, about="", team=team).exclude(state=Thread.State.CLOSED)
    talk = since.filter(last_at__gte=_ago(ONE_TALK)).order_by("-last_at").first()
    own = member_id or (resident.pk if resident and len(known) == 1 else None)
    return About(team, "A message to the team", "", address_id, own, talk.pk if talk else None)


def _said(about: About, words: str, how: Message.How) -> Message:
    """The words as a message in the thread they belong to. Raises limits.TooMany and what the actions raise."""
    by: Actor = MemberActor(about.member_id) if about.member_id else SYSTEM
    if about.thread_id is not None:
        thread = actions.write_again(thread_id=about.thread_id, text=words, how=how, by=by)
    else:
        thread = actions.open_or_continue(
            team=about.team,
            subject=about.subject,
            about=about.about,
            text=words,
            address_id=about.address_id,
            member_id=about.member_id,
            how=how,
            by=by,
        )
    if about.counted_by:
        jobs.enqueue(about.counted_by[0], object_id=about.counted_by[1])
    newest = thread.messages.filter(how=how).order_by("-pk").first()  # it is locked: nobody else writes in it now
    assert newest is not None
    return newest


def _short(words: str) -> str:
    longest = actions.LONGEST - len(MORE)
    return words if len(words) <= longest else words[:longest] + MORE


def _ago(time: timedelta) -> datetime:
    return clock.now() - time


# Texts -----------------------------------------------------------------------------------------------------------


def _text(came: Came) -> Inbound:
    told = _told(came.raw)
    address_ids = contacts.of_number(told["from"])
    described = replace(came, sender=told["from"], text=told["words"])
    if address_ids:
        described = replace(described, address_id=address_ids[0])
    heard = told.get("heard", "")
    if heard in ("stop", "start"):
        return described.kept(Inbound.State.REPORT, f"The word {heard.upper()}: it was done at once.")
    if not told["words"].strip():
        raise Aside("It has no words.")
    if heard == "help" and _answer_help(told, address_ids):
        return described.kept(Inbound.State.REPORT, "The word HELP: it was answered with who we are and how to stop.")
    if not address_ids:
        raise Aside("Nobody we know uses this number.")
    about = _texted(address_ids)
    message = _said(about, _short(_with_pictures(told)), Message.How.TEXT)
    return replace(described, team_id=about.team.pk).kept(Inbound.State.TAKEN, message=message)


def _texted(address_ids: list[int]) -> About:
    answerable = [name for name, one in renderers.items() if isinstance(one, Answerable)]
    last = delivery.last_text(address_ids, [*answerable, ANSWER], _ago(TEXT_ANSWERS))
    return _about(last) if last else _neighbourhood(address_ids[0], None)


def _with_pictures(told: dict[str, str]) -> str:
    number = told.get("pictures", "0")
    if not number.isdecimal() or int(number) == 0:
        return told["words"]
    return f"{told['words']}\n\n[A picture came with this text. Pictures by text are not fetched.]"


def _answer_help(told: dict[str, str], address_ids: list[int]) -> bool:
    """Say once in a day who we are. Whoever sends the word again is heard as anybody who writes: it may be a call for
    help. Whether this one is answered, by us or by the carrier itself."""
    number = hashlib.sha256(told["from"].encode()).hexdigest()[:32]
    if limits.count(f"conversations.help:{number}", window=timedelta(days=1)) > 1:
        return False
    if told.get("answered"):
        return True
    if not address_ids:
        return False
    jobs.enqueue(
        "delivery.transactional",
        queue=jobs.TRANSACTIONAL,
        renderer="conversations.help",
        object_id=address_ids[0],
        address_id=address_ids[0],
        member_id=None,
    )
    return True


def _told(raw: bytes) -> dict[str, str]:
    told = json.loads(raw)
    if not isinstance(told, dict):
        raise Aside("It is not what a carrier tells us of a text.")
    found = {str(name): letter.clean(str(value)) for name, value in told.items()}
    return {"from": "", "words": "", **found}


def _text_key(raw: bytes) -> str:
    """A carrier tells us again of a text that it thinks we missed: its own id says which."""
    try:
        told = _told(raw)
    except (ValueError, RecursionError, Aside):
        return hashlib.sha256(raw).hexdigest()
    same = [told.get("carrier", ""), told["id"]] if told.get("id") else sorted(told.items())
    return hashlib.sha256(json.dumps(["text", same]).encode()).hexdigest()
