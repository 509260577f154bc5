from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

from peelian.core.messages import renderers
from peelian.core.registries import Registry

__all__ = ["Mailbox", "mailboxes", "renderers", "send_moved"]

# Called with the models.Send whose state changed by itself, in the transaction that changes it: sent, which happens
# once, paused after its first stage, or sending again (no type: hooks stand below models)
send_moved: Registry[Callable[[Any], None]] = Registry("send_moved")


class Mailbox(NamedTuple):
    """Who reads mail to the addresses at our mail domain whose local part begins with the name in the registry."""

    # Told what stands after the name, in lower case: is there such an address? What is not known is refused at the door
    knows: Callable[[str], bool]
    # Given that, the message and when it came: an empty answer, or a sentence that says why it is kept unread for a
    # week. In the transaction that takes the message away; the same one may come again.
    read: Callable[[str, bytes, datetime], str]
    # To one address; what is more is to come again later. Nought: as many as come
    most_an_hour: int = 0


# Two names are of no addresses: "texts" reads what came to our numbers, "aside" what is kept for a person
mailboxes: Registry[Mailbox] = Registry("mailboxes")
