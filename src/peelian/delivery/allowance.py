"""How much of a batch may be claimed next: what its carrier's limits and those of mail domains let through now."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from peelian.delivery.models import Lane
from peelian.delivery.pacing import Lease, Pacing

OTHERS = ""  # mail domains without a limit, all together
RESTING = {Lane.TRANSACTIONAL: 2, Lane.URGENT: 1, Lane.ROUTINE: 1}  # runs of a process: half of its slots (worker)
LOOKS_A_SECOND = 10  # of a process, at batches that wait for tokens


class Seats:
    """Who may wait where they are for the next tokens: one run for each limit, which keeps it busy, and no more than
    half the slots of a lane. Everybody else comes back later and makes room for what has no limit."""

    def __init__(self) -> None:
        self._seats: dict[tuple[Lane, str], object] = {}
        self._line = 0.0

    def take(self, lane: Lane, subject: str, who: object) -> bool:
        """Whether WHO may wait for SUBJECT's tokens; if so, until they `leave`."""
        if (lane, subject) in self._seats:
            return self._seats[lane, subject] is who
        sitting = {id(one) for (of_lane, _), one in self._seats.items() if of_lane == lane}
        if len(sitting | {id(who)}) > RESTING[lane]:
            return False
        self._seats[lane, subject] = who
        return True

    def leave(self, who: object) -> None:
        self._seats = {key: one for key, one in self._seats.items() if one is not who}

    def turn(self, earliest: float) -> float:
        """Seconds until a batch that waits for tokens may look again: the longer the line, the later, so that looking
        costs the database little however many wait."""
        now = time.monotonic()
        self._line = max(self._line, now) + 1 / LOOKS_A_SECOND
        return max(self._line - now, earliest)


@dataclass
class Allowance:
    """Of one run over a batch by one carrier. `left` counts what waits for each mail domain that has a limit, and for
    OTHERS; empty where no domain has one."""

    pacing: Pacing
    carrier: str
    left: dict[str, int]
    again: datetime | None = None  # when more of what was held back may go, and what holds it back
    short: str = ""
    _leases: dict[str, Lease] = field(default_factory=dict)

    async def lease(self, most: int) -> int:
        """Take tokens for MOST messages at most; returns for how many. Afterwards `domains` says of which."""
        if self.left and max(self.left.values()) <= 0:  # nobody waits, so nothing holds anybody back
            self._leases, self.again = {}, None
            return 0
        wanted = {one: min(waiting, most) for one, waiting in self.left.items() if one != OTHERS and waiting > 0}
        self._leases = await self.pacing.lease({self.carrier: most, **wanted})
        for subject, lease in self._leases.items():
            if lease.again is not None and (self.again is None or lease.again < self.again):
                self.again, self.short = lease.again, subject
        number = self._leases[self.carrier].number
        only_limited = bool(self.left) and self.left.get(OTHERS, 0) <= 0
        return 0 if only_limited and not any(self.domains.values()) else number

    @property
    def domains(self) -> dict[str, int]:
        """Mail domain → how many to it may be claimed. Any other has no limit."""
        return {subject: lease.number for subject, lease in self._leases.items() if subject != self.carrier}

    async def settle(self, claimed: Iterable[str], not_sent: Iterable[str] = ()) -> None:
        """Give back the tokens that these claimed addresses did not use."""
        leases, self._leases = self._leases, {}
        if not self.left:  # no domain has a limit
            used, gone = Counter({OTHERS: sum(1 for _ in claimed)}), Counter[str]()
        else:
            used, gone = self._by_domain(claimed), self._by_domain(not_sent)
        used[self.carrier] = used.total()
        await self.pacing.give_back([(lease, lease.number - used[one]) for one, lease in leases.items()])
        for domain in self.left:
            self.left[domain] -= used[domain] + gone[domain]

    def _by_domain(self, addresses: Iterable[str]) -> Counter[str]:
        found = (address.partition("@")[2] for address in addresses)
        return Counter(domain if domain in self.left else OTHERS for domain in found)
