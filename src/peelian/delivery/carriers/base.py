"""What a carrier is: it takes messages for one channel and says of each what became of it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from peelian.delivery.rendering import Envelope


class Fate(Enum):
    """What became of a message. UNKNOWN: it may or may not have been taken."""

    ACCEPTED = "accepted"
    REFUSED = "refused"  # for good: this address
    LATER = "later"  # not now; does not count as a try when `reached` is false
    UNKNOWN = "unknown"
    HELD = "held"  # we did not want it any more when its turn came


@dataclass(frozen=True)
class Result:
    key: int
    fate: Fate
    reached: bool = True


StillWanted = Callable[[], Awaitable[bool]]


class Carrier(Protocol):
    """One method that hands messages over, and one that lets go of connections."""

    def hand_over(
        self, send_id: int, envelopes: Sequence[Envelope], still_wanted: StillWanted
    ) -> AsyncIterator[Result]: ...

    async def close(self) -> None: ...
