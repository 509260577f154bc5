"""A conversation as something that was raised: what priorities reads when somebody makes an issue of it."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from peelian.conversations import queries
from peelian.conversations.models import Message, MessageTranslation, Thread
from peelian.core import clock
from peelian.core.errors import NotFound
from peelian.core.raising import IssueSource, Raised

CODE = "conversations.thread"


def read(staff: Any, pk: int) -> Raised:
    """What the resident wrote first, in English where a machine has translated it. Of a sensitive conversation neither
    the words nor who it was are passed on, nor of one that was passed on as intelligence: what comes of it is told in
    the conversation itself, where it stands behind a code."""
    if not staff.may("conversations.read"):
        raise NotFound
    thread = queries.thread_for(staff, pk)
    day = thread.opened_at.astimezone(clock.LONDON).date()
    if thread.sensitive or thread.emptied_at:
        return Raised("", day, thread.area_id)
    members = (thread.member_id,) if thread.member_id else ()
    addresses = (thread.address_id,) if thread.address_id and not members else ()
    return Raised(_first_words(thread), day, thread.area_id, None, members, addresses)


def _first_words(thread: Thread) -> str:
    said = thread.messages.exclude(how__in=Message.OURS).select_related("translation").first()
    if said is None:
        return ""
    made: MessageTranslation | None = getattr(said, "translation", None)
    return made.text if made is not None and made.state == MessageTranslation.State.MACHINE else said.text


SOURCE = IssueSource(CODE, "A message to the team", read, lambda pk: reverse("conversations_staff:thread", args=[pk]))
