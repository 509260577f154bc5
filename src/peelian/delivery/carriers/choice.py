"""Which carrier has the next share of a channel, by the shares that stand in delivery_carrier; and how each is doing.

One for each worker. Shares are read once a second. A carrier that takes nothing several times in a row loses its share
at once (delivery.shifting), without waiting for the check that runs every minute.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from typing import NamedTuple

import structlog

from peelian.delivery import shifting
from peelian.delivery.carriers import registry
from peelian.delivery.carriers.base import Fate
from peelian.delivery.database import LOST, Connections, in_thread
from peelian.delivery.models import Channel

log = structlog.get_logger("peelian.delivery")
FRESH_SECONDS = 1.0
BREAK_AT = 5  # messages in a row that a carrier did not take
TAKEN = (Fate.TAKEN, Fate.ARRIVED, Fate.REFUSED)  # it works: a refusal is an answer too
# What concerns the carrier. DEFERRED is neither: a mail domain that has everybody wait says nothing of who brings it
TROUBLE = (Fate.LATER, Fate.UNREACHABLE, Fate.UNKNOWN)

_SHARES = "SELECT id, weight, problem = '' FROM delivery_carrier WHERE id = ANY(%s)"


class Picked(NamedTuple):
    """A configured carrier and the id of its row."""

    id: int
    named: registry.Named

    @property
    def is_practice(self) -> bool:
        return self.id == NO_ROW


NO_ROW = 0  # of the simulator for practice: it has no row, so it is in no list of carriers, and has no share or limit


def for_practice(channel: int) -> Picked:
    """What takes a practice alert, whatever carriers are set: the simulator, which reaches nobody."""
    return Picked(NO_ROW, registry.Named("practice", "simulator", channel, "simulator://", 0))


class Choice:
    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        self._carriers: list[Picked] = []
        self._weights: dict[int, int] = {}
        self._well: dict[int, bool] = {}
        self._read_at = 0.0
        self._in_a_row: Counter[int] = Counter()
        self._told: Counter[tuple[int, str]] = Counter()

    async def pick(self, channel: int) -> Picked:
        """One of the channel's carriers, at random by their shares now; where none has any, one that is well."""
        await self._refresh()
        there = [one for one in self._carriers if one.named.channel == channel]
        parts = self._parts(channel)
        return random.choices(there, [parts[one.id] for one in there])[0]  # noqa: S311  no secret hangs on it

    def _parts(self, channel: int) -> dict[int, float]:
        """Carrier → its part of the channel; where none has any, those that are well, or all."""
        there = [one for one in self._carriers if one.named.channel == channel]
        parts = shifting.shares([(self._weights.get(one.id, one.named.share), one.named.share) for one in there])
        if not any(parts):
            well = [float(self._well.get(one.id, True)) for one in there]
            parts = well if any(well) else [1.0] * len(there)
        return dict(zip((one.id for one in there), parts, strict=True))

    def may_go_on(self, picked: Picked) -> bool:
        """Whether a run should still give to this carrier."""
        return picked.is_practice or self._parts(picked.named.channel).get(picked.id, 0) > 0

    def has_another(self, picked: Picked) -> bool:
        """Whether another carrier of its channel has a part of it now, or would have when this one is left."""
        if picked.is_practice:
            return False
        if any(part for one, part in self._parts(picked.named.channel).items() if one != picked.id):
            return True
        others = [one for one in self._carriers if one.named.channel == picked.named.channel and one.id != picked.id]
        return any(not one.named.share and self._well.get(one.id, True) for one in others)

    async def _refresh(self) -> None:
        if not self._carriers:
            ids = await in_thread(registry.row_ids)
            everyone = [one for channel in Channel for one in registry.configured(channel)]
            self._carriers = [Picked(ids[one.name, one.channel], one) for one in everyone]
        if time.monotonic() - self._read_at < FRESH_SECONDS:
            return
        try:
            rows = await self._connections.execute(_SHARES, [[one.id for one in self._carriers]])
        except LOST:  # the run that asks finds out by itself
            return
        self._weights = {carrier: weight for carrier, weight, _ in rows}
        self._well = {carrier: well for carrier, _, well in rows}
        self._read_at = time.monotonic()

    async def tell(self, picked: Picked, fates: Counter[Fate]) -> None:
        """What became of messages that this carrier was given."""
        if picked.is_practice:
            return
        taken, trouble = sum(fates[one] for one in TAKEN), sum(fates[one] for one in TROUBLE)
        self._told[picked.id, shifting.TAKEN] += taken
        self._told[picked.id, shifting.TROUBLE] += trouble
        if taken or fates[Fate.DEFERRED]:
            self._in_a_row[picked.id] = 0
            return
        self._in_a_row[picked.id] += trouble
        weight = self._weights.get(picked.id, picked.named.share)
        if self._in_a_row[picked.id] >= BREAK_AT and weight and self.has_another(picked):
            self._in_a_row[picked.id] = 0
            self._weights[picked.id], self._well[picked.id] = 0, False
            try:
                await in_thread(shifting.shift, picked.id, weight=0, problem=shifting.NOTHING_TAKEN)
            except Exception as problem:  # this worker keeps away from it for a second all the same
                log.warning("carrier shift lost", carrier=picked.named.name, error=type(problem).__name__)

    async def report(self) -> None:
        """Add what was told since the last time to the counts that all workers share; once a second does."""
        told, self._told = self._told, Counter()
        counts = {key: number for key, number in told.items() if number}
        if counts:
            try:
                await in_thread(shifting.count, counts)
            except Exception as problem:  # figures for people; the ledger has what counts
                log.warning("carrier counts lost", error=type(problem).__name__)
