"""Reads of the residents' pages: where a postcode lies, the areas by policing area, who looks after an area."""

from collections import Counter
from dataclasses import dataclass, field

from django.conf import settings
from django.db.models import F

from peelian.accounts import queries as accounts
from peelian.accounts import social
from peelian.accounts.models import Team
from peelian.accounts.queries import PublicPerson
from peelian.accounts.social import Link
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


def neighbourhoods_named(text: str) -> list[Area]:
    """The neighbourhoods that go by a name in any case; where none does, those whose name holds it."""
    found = [area for group in neighbourhoods_by_policing_area(text) for area in group.areas] if text.strip() else []
    exact = [area for area in found if area.name.casefold() == text.strip().casefold()]
    return exact or found


def neighbourhoods_by_policing_area(part_of_name: str = "") -> list[AreaGroup]:
    """All neighbourhoods, or those whose own name or that of an area they lie in holds PART_OF_NAME, under the policing
    areas they lie in."""
    wanted = list(places.neighbourhoods().only("pk", "name", "code", "parent_id"))
    above = {
        area.pk: area
        for area in places.current_areas()
        .filter(kind__in=Area.ADMINISTRATIVE)
        .only("pk", "name", "code", "kind", "parent_id")
    }
    groups: dict[str, AreaGroup] = {}
    part = part_of_name.strip().casefold()
    for area in wanted:
        if part and not any(part in one.name.casefold() for one in _with_those_above(area, above)):
            continue
        over = _policing_area(area, above)
        code = over.code if over else ""
        groups.setdefault(code, AreaGroup(over.name if over else "", code)).areas.append(area)
    return sorted(groups.values(), key=lambda group: (not group.name, group.name))


def _with_those_above(area: Area, above: dict[int, Area]) -> list[Area]:
    """The area and those it lies in, but the force, in which all of them lie."""
    found, at = [area], above.get(area.parent_id or 0)
    while at is not None and at.kind != Area.Kind.FORCE:
        found.append(at)
        at = above.get(at.parent_id or 0)
    return found


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

    pk: int
    name: str
    about: str
    email: str
    phone: str
    named: list[PublicPerson]
    unnamed: list[str]  # "2 PCSOs"
    photo_key: str
    photo_alt: str
    links: list[Link]

    @property
    def phone_link(self) -> str:
        return "".join(character for character in self.phone if character in "+0123456789")


def teams_for(area: Area, above: list[Area]) -> list[PublicTeam]:
    """The teams nearest to an area: its own, else those of the area above it (ABOVE: the nearest first), at last those
    of the whole force."""
    keys = [area.pk, *(one.pk for one in above)]
    rows = Team.objects.filter(areas__in=keys).annotate(at=F("areas")).order_by("name")
    found: dict[int, list[Team]] = {}
    for team in rows:
        found.setdefault(team.at, []).append(team)
    nearest = next((found[key] for key in keys if key in found), None)
    return [_shown(team) for team in (nearest or Team.objects.filter(areas=None).order_by("name"))]


def _shown(team: Team) -> PublicTeam:
    people = accounts.public_people(team)
    unnamed = Counter(person.title for person in people if not person.name)
    return PublicTeam(
        team.pk, team.name, team.about, team.public_email, team.public_phone,
        [person for person in people if person.name], [_so_many(title, number) for title, number in unnamed.items()],
        team.photo_key or "", team.photo_alt, social.links(team.social),
    )  # fmt: skip


def _so_many(title: str, number: int) -> str:
    """PCSO, 2 PCSOs, 3 police constables. Titles are staff's own words: one that ends strangely keeps its form."""
    if number == 1:
        return title
    if not title[-1:].isalpha() or title[-1:] in "sxzyhSXZYH":
        return f"{title} ({number})"
    return f"{number} {title if title[1:2].isupper() else title[:1].lower() + title[1:]}s"
