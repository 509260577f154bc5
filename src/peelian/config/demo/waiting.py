"""What waits in the inbox of the first sector's teams this morning, and the words they need not write anew."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from peelian.accounts.models import Staff, Team
from peelian.config.demo.staff import Roster, SectorTeam
from peelian.conversations import sorting
from peelian.members.models import Member
from peelian.places.models import Area

OVERDUE = 9 * 24 - 10  # hours before today began: over three working days ago, whatever holidays there are
LAMPS = (
    "The lamps on the path behind the allotments have been out since the storm. My daughter walks home that way from"
    " work at ten. Who mends them, and could somebody walk by until then?"
)
KNIFE = (
    "Two lads were arguing by the garages this evening and one of them had a knife. They went off towards the park when"
    " a neighbour came out. Nobody was hurt. I can show you from my window where it was."
)
BIKES = (
    "Is it true that you mark bicycles at the library? We are four and would come on a Saturday. Do we need to bring"
    " anything?"
)
PARKING = (
    "Cars stand on the pavement outside the chemist’s every morning. I use a wheelchair and have to go round them on"
    " the road. Could somebody come between eight and nine and see?"
)
SAVED = (
    (
        "We have been and looked",
        "Thank you for telling us. We were on [street] on [day]. [What we saw and did.] Please tell us if it goes on.",
    ),
    (
        "Report it, so that it is counted",
        "Thank you. Please report this online or ring 101 as well, so that it is counted and gets a number: [link]."
        " Ring 999 when it is happening or somebody is in danger.",
    ),
    (
        "Passed on to the council",
        "Thank you. The council looks after this, and we told them on [day]. We ask them again on [day] and tell you"
        " what they say.",
    ),
)


@dataclass(frozen=True)
class Letter:
    """What a resident began by themselves, and who has it."""

    team: Team
    member: Member
    text: str
    at: datetime
    seen: datetime | None = None
    assigned: Staff | None = None
    raises: bool = False

    @property
    def subject(self) -> str:
        """Never in the resident's words (conversations.letters)."""
        return f"A message about {self.member.area}"


def letters(sector: SectorTeam, today: datetime) -> list[Letter]:
    """Three to the ward's team (one of them overdue, one with a word that raises it) and one to the sector's."""
    ward, wide, pcso = sector.ward_team, sector.team, sector.officers[0]
    overdue, evening, afternoon, before = (today - timedelta(hours=hours) for hours in (OVERDUE, 4, 9, 30))
    near, further = _writers(sector.wards[0], 3), _writers(sector.wards[-1], 1)
    found = [Letter(wide, member, PARKING, before) for member in further]
    for member, (text, at) in zip(near, ((LAMPS, overdue), (KNIFE, evening), (BIKES, afternoon)), strict=False):
        read = text == LAMPS
        found.append(
            Letter(
                ward, member, text, at, raises=text == KNIFE,
                seen=at + timedelta(hours=20) if read else None, assigned=pcso if read else None,
            )
        )  # fmt: skip
    return found


def _writers(ward: Area, count: int) -> list[Member]:
    """Of a ward: adults who confirmed and are written to in English by email."""
    found = Member.objects.filter(
        area=ward, confirmed_at__isnull=False, young=False, language="en", email__suppression=""
    )  # fmt: skip
    return list(found.select_related("area").order_by("pk")[:count])


def keep_texts(roster: Roster) -> None:
    """Answers to begin with, for the first ward's team."""
    first = roster.teams[0]
    for title, text in SAVED:
        sorting.save_answer(saved=None, team=first.ward_team, title=title, text=text, by=first.sergeant)
