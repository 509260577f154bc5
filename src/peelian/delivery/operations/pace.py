"""How fast it goes: messages a minute over the last hour, from the counters that workers share.

They are lost when the database crashes, and then the hour begins anew. Limits and their use are delivery.pacing's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import connection

from peelian.core import clock
from peelian.delivery import shifting
from peelian.delivery.models import Carrier, Channel

MINUTES = 60  # that the page shows
RECENT = 5  # whole minutes that the present pace is the mean of
_COUNTS = "SELECT key, starts, n FROM core_counter WHERE key = ANY(%s) AND starts >= %s"


@dataclass
class Minute:
    """What carriers took in a minute, by channel."""

    starts: datetime
    taken: dict[int, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return sum(self.taken.values())

    @property
    def numbers(self) -> list[int]:
        """By channel, in their order."""
        return [self.taken.get(channel, 0) for channel in Channel]


@dataclass
class Pace:
    """The last hour, the oldest minute first; its last minute is not over yet. `of`: carrier → taken and trouble."""

    minutes: list[Minute]
    of: dict[int, dict[str, int]]

    def recent(self, channel: int | None = None) -> float:
        """Messages a minute, by the last whole minutes."""
        whole = self.minutes[-RECENT - 1 : -1]
        return sum(one.total if channel is None else one.taken.get(channel, 0) for one in whole) / RECENT

    def did(self, carrier: Carrier) -> tuple[int, int]:
        """What it took in the hour, and what it did not."""
        counts = self.of.get(carrier.pk, {})
        return counts.get(shifting.TAKEN, 0), counts.get(shifting.TROUBLE, 0)


def read(carriers: Sequence[Carrier]) -> Pace:
    """The last hour of these carriers, in one statement."""
    now = clock.now().replace(second=0, microsecond=0)
    minutes = {at: Minute(at) for at in (now - timedelta(minutes=n) for n in range(MINUTES - 1, -1, -1))}
    keys = {shifting.key(one.pk, what): (one, what) for one in carriers for what in (shifting.TAKEN, shifting.TROUBLE)}
    found: dict[int, dict[str, int]] = defaultdict(lambda: {shifting.TAKEN: 0, shifting.TROUBLE: 0})
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, [list(keys), min(minutes)])
        for key, starts, number in cursor.fetchall():
            carrier, what = keys[key]
            found[carrier.pk][what] += number
            if what == shifting.TAKEN and starts in minutes:
                taken = minutes[starts].taken
                taken[carrier.channel] = taken.get(carrier.channel, 0) + number
    return Pace(list(minutes.values()), found)
