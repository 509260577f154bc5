"""How much of a batch may be claimed next: what its carrier's limits and those of mail domains let through now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from peelian.delivery.pacing import Lease, Pacing


@dataclass
class Allowance:
    """Of one run over a batch by one carrier. `left` counts what waits for each mail domain that has a limit."""

    pacing: Pacing
    carrier: str
    left: dict[str, int]
    again: datetime | None = None  # when more of what was held back may go
    _leases: dict[str, Lease] = field(default_factory=dict)

    async def lease(self, most: int) -> int:
        """Take tokens for MOST messages at most; returns for how many. Afterwards `domains` says of which."""
        of_carrier = await self.pacing.lease(self.carrier, most)
        self._leases = {self.carrier: of_carrier}
        self._hold(of_carrier)
        if of_carrier.number:
            for domain, waiting in self.left.items():
                one = self._leases[domain] = await self.pacing.lease(domain, min(waiting, of_carrier.number))
                self._hold(one)
        return of_carrier.number

    @property
    def domains(self) -> dict[str, int]:
        """Mail domain → how many to it may be claimed. Any other has no limit."""
        return {subject: lease.number for subject, lease in self._leases.items() if subject != self.carrier}

    async def settle(self, addresses: Iterable[str]) -> None:
        """Give back the tokens that these claimed addresses did not use."""
        counted = Counter(address.partition("@")[2] for address in addresses)
        used = {domain: counted[domain] for domain in self.left} | {self.carrier: counted.total()}
        for subject, lease in self._leases.items():
            await self.pacing.give_back(lease, lease.number - used[subject])
        self.left = {domain: waiting - used[domain] for domain, waiting in self.left.items() if waiting > used[domain]}
        self._leases = {}

    def _hold(self, lease: Lease) -> None:
        if lease.again is not None and (self.again is None or lease.again < self.again):
            self.again = lease.again
