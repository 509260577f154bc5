"""The streets that the first team means to visit, one of them begun this morning."""

from __future__ import annotations

import numpy as np

from peelian.config.demo import names
from peelian.config.demo.staff import Roster
from peelian.members import actions
from peelian.members.models import Door, Member

BEGUN = ((1, Door.Outcome.DONE), (3, Door.Outcome.NO_ANSWER), (5, Door.Outcome.DONE), (7, Door.Outcome.REFUSED))


def write(rng: np.random.Generator, roster: Roster) -> None:
    """Three streets of the first ward team's ward, each by the postcode of somebody who lives there."""
    first = roster.teams[0]
    ward, officer = first.ward_team.areas.get(), first.officers[0]
    living = Member.objects.filter(area=ward).exclude(postcode="").order_by("pk")
    postcodes = list(dict.fromkeys(living.values_list("postcode", flat=True)[:50]))[:3]
    called = {names.street(rng): None for _ in range(20)}
    streets = [
        actions.add_street(team=first.ward_team, name=name, postcode=postcode, by=officer, doors=doors)
        for name, postcode, doors in zip(called, postcodes, (map(str, range(1, 32, 2)), (), ()), strict=False)
    ]
    for number, outcome in BEGUN if streets else ():
        actions.knock(street=streets[0], number=str(number), outcome=outcome, by=officer)
