"""What goes to a resident by itself: that we have their message, and to whom it went. Each is a message of the thread,
so that staff read what the resident was told. In the caller's transaction."""

from __future__ import annotations

from datetime import timedelta

from peelian.accounts.models import Team
from peelian.conversations import promise, translating, waits
from peelian.conversations.models import Message, Thread
from peelian.core import clock

NOT_AGAIN = timedelta(days=1)


def send_receipt(thread: Thread) -> None:
    """Tell whoever wrote that we have it, who reads it and when. To one address once a day at most, whatever it
    writes about: two machines that answer each other end here."""
    if thread.address_id is None:
        return
    lately = Message.objects.filter(thread__address=thread.address_id, how=Message.How.NOTICE)
    if not lately.filter(at__gt=clock.now() - NOT_AGAIN).exists():
        translating.put_on_its_way(keep(thread, receipt(thread.team)))


def receipt(team: Team) -> str:
    """The words of the receipt. 999, 101 and Crimestoppers stand in the foot of every email, and here for texts."""
    desk = waits.desk_of(team)
    return (
        f"We have your message. The {team.name} reads it: {promise.hours_in_words(desk)}."
        f" We answer within {promise.target_in_words(desk)}. Nobody reads it at other times.\n\n"
        "In danger? Call 999. For anything else that cannot wait, call 101."
        " To stay unnamed, call Crimestoppers on 0800 555 111."
    )


def say_where_it_went(thread: Thread, to: Team) -> None:
    """Tell the resident which team answers them now."""
    desk = waits.desk_of(to)
    words = (
        f"Your message is now with the {to.name}, who can answer it better. They read it:"
        f" {promise.hours_in_words(desk)}. When we promised you an answer has not changed."
    )
    translating.put_on_its_way(keep(thread, words))


def keep(thread: Thread, words: str) -> Message:
    return Message.objects.create(thread=thread, how=Message.How.NOTICE, text=words, at=clock.now())
