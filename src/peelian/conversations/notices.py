"""What goes to a resident by itself: that we have their message, and to whom it went. Each is a message of the thread,
so that staff read what the resident was told: in the language that the resident asked for, where we have a catalogue
for it, and in English below. In the caller's transaction."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.utils.translation import gettext

from peelian.accounts.models import Team
from peelian.conversations import promise, translating, waits
from peelian.conversations.models import Message, Thread
from peelian.core import clock, languages

NOT_AGAIN = timedelta(days=1)
BELOW = "\n\n———\n\n"  # between what the resident reads and the English that staff read


def send_receipt(thread: Thread) -> None:
    """Tell whoever wrote that we have it, who reads it and when. To one address once a day at most, whatever it
    writes about: two machines that answer each other end here."""
    if thread.address_id is None:
        return
    lately = Message.objects.filter(thread__address=thread.address_id, how=Message.How.NOTICE)
    if not lately.filter(at__gt=clock.now() - NOT_AGAIN).exists():
        _tell(thread, lambda: receipt(thread.team))


def receipt(team: Team) -> str:
    """The words of the receipt. 999, 101 and Crimestoppers stand in the foot of every email, and here for texts."""
    said = gettext(
        "We have your message. The %(team)s reads it: %(hours)s. We answer within %(target)s. Nobody reads it at other "
        "times."
    )
    danger = gettext(
        "In danger? Call 999. For anything else that cannot wait, call 101. To stay unnamed, call Crimestoppers on "
        "0800 555 111."
    )
    return f"{said % _named(team)}\n\n{danger}"


def say_where_it_went(thread: Thread, to: Team) -> None:
    """Tell the resident which team answers them now."""
    _tell(thread, lambda: _where(to))


def _where(to: Team) -> str:
    said = gettext(
        "Your message is now with the %(team)s, who can answer it better. They read it: %(hours)s. When we promised "
        "you an answer has not changed."
    )
    return said % _named(to)


def _named(team: Team) -> dict[str, str]:
    desk = waits.desk_of(team)
    return {"team": team.name, "hours": promise.hours_in_words(desk), "target": promise.target_in_words(desk)}


def _tell(thread: Thread, words: Callable[[], str]) -> None:
    """Say WORDS in English, whatever page this is called from, below the same in the resident's own language."""
    with languages.reading(languages.ENGLISH):
        english = words()
    language = translating.language_asked_for(thread)
    if languages.is_english(languages.catalogue(language)):
        translating.put_on_its_way(keep(thread, english))
        return
    with languages.reading(language):
        translating.send(keep(thread, f"{words()}{BELOW}{english}"))


def in_both(text: str) -> tuple[str, str]:
    """What `_tell` said in the resident's language, or nothing, and in English."""
    own, _, english = text.rpartition(BELOW)
    return own, english


def keep(thread: Thread, words: str) -> Message:
    return Message.objects.create(thread=thread, how=Message.How.NOTICE, text=words, at=clock.now())
