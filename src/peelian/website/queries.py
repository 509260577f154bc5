"""Reads of the residents' pages: where a postcode lies, the areas by policing area, who looks after an area."""

from collections import Counter
from dataclasses import dataclass, field

from django.conf import settings

from peelian.accounts import queries as accounts
from peelian.accounts.models import Team
from peelian.core.errors import NotFound
from peelian.members import queries as members
from peelian.members.models import Wording
from peelian.places import queries as places
from peelian.places.models import Area


class NoSuchNeighbourhood(NotFound):
    """There is no area of that code, or it is not one that has a page."""


@dataclass
class AreaGroup:
    """A policing area and the neighbourhoods in it; `name` is empty for those that lie in none."""

    name: str
    code: str
    areas: list[Area] = field(default_factory=list)


def neighbourhood_of(postcode: str) -> Area | None:
    """The neighbourhood that holds a postcode; None when we know neither."""
    known = places.postcode(postcode)
    if known is None:
        return None
    holding = places.areas_holding(known.longitude, known.latitude)
    kind = settings.PEELIAN_NEIGHBOURHOOD_KIND
    return next((area for area in reversed(holding) if area.kind == kind), None)


def neighbourhoods_by_policing_area(part_of_name: str = "") -> list[AreaGroup]:
    """All neighbourhoods, or those whose name holds PART_OF_NAME, under the policing areas they lie in."""
    wanted = places.neighbourhoods().only("pk", "name", "code", "parent_id")
    if part_of_name.strip():
        wanted = wanted.filter(name__icontains=part_of_name.strip())
    above = {
        area.pk: area
        for area in places.current_areas()
        .filter(kind__in=Area.ADMINISTRATIVE)
        .only("pk", "name", "code", "kind", "parent_id")
    }
    groups: dict[str, AreaGroup] = {}
    for area in wanted:
        over = _policing_area(area, above)
        code = over.code if over else ""
        groups.setdefault(code, AreaGroup(over.name if over else "", code)).areas.append(area)
    return sorted(groups.values(), key=lambda group: (not group.name, group.name))


def _policing_area(area: Area, above: dict[int, Area]) -> Area | None:
    at: Area | None = area
    while at is not None and at.parent_id is not None:
        at = above.get(at.parent_id)
        if at is not None and at.kind == Area.Kind.POLICING_AREA:
            return at
    return None


def public_area(code: str) -> Area:
    """An area that has a page of its own: an administrative one. Hotspots and drawn areas are the force's business."""
    area = places.area(code)
    if area.kind not in Area.ADMINISTRATIVE:
        raise NoSuchNeighbourhood
    return area


def privacy_notice() -> Wording | None:
    """The notice as it stands now; None before the force has written one."""
    try:
        return members.wording("privacy")
    except Wording.DoesNotExist:
        return None


@dataclass(frozen=True)
class PublicTeam:
    """A team as residents see it. People appear by role, by name where the force and the person allow it."""

    name: str
    about: str
    email: str
    phone: str
    people: list[str]

    @property
    def phone_link(self) -> str:
        return "".join(character for character in self.phone if character in "+0123456789")


def teams_for(area: Area) -> list[PublicTeam]:
    """The teams nearest to an area: its own, else those of the area above it, at last those of the whole force."""
    for place in [area, *reversed(places.ancestors(area))]:
        if teams := list(place.teams.order_by("name")):
            return [_shown(team) for team in teams]
    return [_shown(team) for team in Team.objects.filter(areas=None)]


def _shown(team: Team) -> PublicTeam:
    people = accounts.public_people(team)
    named = [f"{person.name}, {person.title}" for person in people if person.name]
    unnamed = Counter(person.title for person in people if not person.name)
    listed = named + [_so_many(title, number) for title, number in unnamed.items()]
    return PublicTeam(team.name, team.about, team.public_email, team.public_phone, listed)


def _so_many(title: str, number: int) -> str:
    """PCSO, 2 PCSOs, 3 police constables. Titles are staff's own words: one that ends strangely keeps its form."""
    if number == 1:
        return title
    if not title[-1:].isalpha() or title[-1:] in "sxzyhSXZYH":
        return f"{title} ({number})"
    return f"{number} {title if title[1:2].isupper() else title[:1].lower() + title[1:]}s"
