"""What a carrier is: it takes messages of one send by one channel, and says of each what became of it."""

from __future__ import annotations

from collections.abc import AsyncIterable, Callable
from enum import Enum
from typing import NamedTuple, Protocol, runtime_checkable

from peelian.delivery.database import Connections
from peelian.delivery.models import Lane


class Fate(Enum):
    """What became of a message."""

    TAKEN = "taken"  # the carrier has it and will go on by itself
    ARRIVED = "arrived"  # the carrier knows that it is there
    REFUSED = "refused"  # for good
    LATER = "later"  # not now: the carrier takes nothing, or not this
    DEFERRED = "deferred"  # not now for this recipient; the carrier itself is well
    UNREACHABLE = "unreachable"  # the carrier itself cannot be reached: nothing was tried
    UNKNOWN = "unknown"  # it may or may not have been taken
    NOTHING = "nothing"  # there is nothing for this recipient any more
    HELD = "held"  # our side no longer wanted it when its turn came


class Key(NamedTuple):
    """Which delivery of the send: its address, and how often it was tried before."""

    address_id: int
    tries: int


class WireReady(bytes):
    """RFC 5322 in ASCII that ends in CRLF and where no line begins with a dot: what SMTP takes as it is, without a
    look."""

    __slots__ = ()


class Message(NamedTuple):
    """One message, complete. `content` is RFC 5322 with CRLF, or the words in UTF-8; `language` is that of the words of
    a call (BCP 47), empty for British English."""

    key: Key
    recipient: str
    content: bytes
    subject: str = ""
    language: str = ""

    def __repr__(self) -> str:
        return f"Message({self.key!r}, {len(self.content)} bytes)"  # never the address or the words


# Whether messages of this send may still go; asked shortly before each leaves, so it has to be quick
Wanted = Callable[[], bool]


class Done(Protocol):
    """Told once of every message taken from the source. CODE is what the other side gave with a refusal for good: an
    enhanced status code, or its reply code (delivery.status_codes)."""

    def __call__(self, key: Key, fate: Fate, code: str = "") -> None: ...


class Given(NamedTuple):
    """What a carrier is made from: one URL of a setting, read. `kind` is its scheme and the folder it lives in."""

    name: str
    kind: str
    channel: int
    lane: Lane
    url: str  # as the administrator gave it, secrets and all: never logged
    connections: Connections

    def __repr__(self) -> str:
        return f"Given({self.name!r}, channel={self.channel})"


class Carrier(Protocol):
    """Takes chunks as it can use them, and calls `done` for each message as soon as it knows."""

    async def check(self) -> str:
        """Ask whether the carrier could be used now, sending nothing: empty, or a sentence that says what is wrong."""

    async def hand_over(
        self, send_id: int, chunks: AsyncIterable[list[Message]], *, wanted: Wanted, done: Done
    ) -> None:
        """Returns when the source has ended and every message taken has its fate; then raises what it raised."""

    async def close(self) -> None:
        """Let go of connections. What is on its way gets its fate all the same."""


@runtime_checkable
class Resting(Protocol):
    """What a carrier offers that may be asked to be left alone for a while."""

    def rest(self) -> int:
        """Whole seconds, rounded up, before which it is given nothing; 0: it may be used."""
