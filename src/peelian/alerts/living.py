"""Who lives in an area, as an alert from the police would find them: for the page of the area."""

from __future__ import annotations

from peelian.members.audience import Clause, Selection
from peelian.members.models import CHANNELS
from peelian.members.queries import organisations
from peelian.places.hooks import Living


def living_in(area_id: int) -> Living:
    """Confirmed residents with a place in the area who agreed to hear from the police, by the channels they chose."""
    police = organisations()[0]
    everything = sum(CHANNELS.values())
    area = Clause("include", "areas", areas=(area_id,))
    counted = Selection([area], topic=None, organisation=police, channels=everything).count()
    by_channel = {name: counted.by_channel[bit] for name, bit in CHANNELS.items() if counted.by_channel.get(bit)}
    return Living(counted.people, by_channel)
