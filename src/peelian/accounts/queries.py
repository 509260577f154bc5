"""Reads of staff and teams, scoped to who asks."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db import connection
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Greatest

from peelian.accounts.errors import NoSuchStaff, NoSuchTeam
from peelian.accounts.models import Organisation, Staff, Team
from peelian.accounts.roles import Role
from peelian.core.models import StoredFile
from peelian.places import queries as places
from peelian.places.models import Area

# Nobody whom residents would meet
BEHIND_THE_SCENES = (Role.ADMINISTRATOR, Role.AUDITOR, Role.ANALYST)
UNSET = {"password__startswith": "!"}  # how Django marks a password that nobody has set
STATES = {"active": "Active", "pending": "Invited", "disabled": "Disabled"}


@dataclass(frozen=True)
class PublicPerson:
    """One of a team as residents see them. `name` is empty unless the force and the person both allow it; only who is
    named has a photograph, if any."""

    title: str
    name: str
    photo_key: str = ""
    photo_alt: str = ""


def scope_area_ids(staff: Staff) -> frozenset[int] | None:
    """The ids of all areas in the person's scope, those below included; None for the whole force."""
    roots = list(staff.scope.values_list("pk", flat=True))
    return places.with_descendants(roots) if roots else None


def teams_in_scope(staff: Staff) -> QuerySet[Team]:
    """The person's own teams and every team that looks after an area in their scope. Force-wide teams are in scope of
    force-wide people and of their own members only."""
    ids = scope_area_ids(staff)
    if ids is None:
        return Team.objects.all()
    return Team.objects.filter(Q(people=staff) | Q(areas__in=ids)).distinct()


def teams_to_write_for(staff: Staff) -> QuerySet[Team]:
    """The teams in whose name the person may send; a person in no team has none."""
    return Team.objects.filter(people=staff)


def nearest_team(area: Area | None) -> Team | None:
    """The team that looks after where somebody lives: the area's own, else that of the nearest area above it, else one
    of the whole force. Of several the police's, then the first by name."""
    for place in [area, *reversed(places.ancestors(area))] if area else []:
        if team := _first(place.teams.all()):
            return team
    return _first(Team.objects.filter(areas=None))


def _first(teams: QuerySet[Team]) -> Team | None:
    return teams.order_by("organisation__bit", "name").first()


def teams_near(area: Area) -> list[Team]:
    """The teams of an area: its own, else those of the nearest area above it, at last those of the whole force."""
    for place in [area, *reversed(places.ancestors(area))]:
        if found := list(place.teams.order_by("organisation__bit", "name")):
            return found
    return list(Team.objects.filter(areas=None).order_by("organisation__bit", "name"))


def public_teams() -> QuerySet[Team]:
    """The teams that residents meet: of areas that have pages, and of the whole force."""
    shown = Q(areas=None) | Q(areas__kind__in=Area.ADMINISTRATIVE)
    return Team.objects.filter(shown).distinct().select_related("organisation").prefetch_related("areas")


def public_people(team: Team) -> list[PublicPerson]:
    """The team's active people by role; by name only where the force's policy and the person's own choice allow it."""
    people = team.people.filter(is_active=True).exclude(role__in=BEHIND_THE_SCENES)
    return sorted(map(_public, people), key=lambda person: (not person.name, person.title, person.name))


def _public(one: Staff) -> PublicPerson:
    if not (settings.PEELIAN_SHOW_OFFICER_NAMES and one.show_name):
        return PublicPerson(one.public_title, "")
    return PublicPerson(one.public_title, one.name, one.photo_key or "", one.photo_alt)


def names_shown(team_ids: Iterable[int]) -> str:
    """A fingerprint of who of these teams is shown by name and how: another as soon as anybody takes theirs back."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT md5(string_agg(concat_ws('|', s.id, s.name, s.job_title, s.photo_key), ',' ORDER BY s.id))"
            "  FROM accounts_staff s WHERE s.show_name AND s.is_active AND EXISTS (SELECT 1 FROM accounts_team_people p"
            " WHERE p.staff_id = s.id AND p.team_id = ANY(%s))",
            [list(team_ids)],
        )
        return str(cursor.fetchone()[0])


def photo(key: str) -> StoredFile:
    """A photograph that residents may see: of a team, or of a person who is shown by name. NotFound for any other."""
    pk = _photo_id(key)
    if pk is None:
        raise NoSuchStaff
    return StoredFile.objects.get(pk=pk)


def has_photo(key: str) -> bool:
    """Whether it may still be seen."""
    return _photo_id(key) is not None


def _photo_id(key: str) -> int | None:
    of_team = Team.objects.filter(photo_key=key).values_list("photo_id", flat=True).first()
    if of_team or not settings.PEELIAN_SHOW_OFFICER_NAMES:
        return of_team
    shown = Staff.objects.filter(photo_key=key, is_active=True, show_name=True)
    return shown.values_list("photo_id", flat=True).first()


# For administrators -------------------------------------------------------------------------------------------------


def areas_to_give(by: Staff) -> QuerySet[Area]:
    """The areas an administrator may put in somebody's scope: those in their own."""
    ids = scope_area_ids(by)
    found = places.current_areas().filter(kind__in=Area.ADMINISTRATIVE)
    return found if ids is None else found.filter(pk__in=ids)


def staff_in_scope(by: Staff) -> QuerySet[Staff]:
    """The people an administrator may manage: everybody, or those whose whole scope lies in their own."""
    ids = scope_area_ids(by)
    if ids is None:
        return Staff.objects.all()
    within = Staff.objects.filter(scope__in=ids).exclude(scope__in=Area.objects.exclude(pk__in=ids))
    return within.distinct()


def staff_listed(by: Staff, *, role: str = "", team: Team | None = None, state: str = "") -> QuerySet[Staff]:
    """The people in scope, narrowed."""
    found = staff_in_scope(by).prefetch_related("scope", "teams")
    if role:
        found = found.filter(role=role)
    if team:
        found = found.filter(teams=team)
    if state == "disabled":
        found = found.filter(is_active=False)
    elif state:
        waiting = Q(**UNSET)
        found = found.filter(waiting if state == "pending" else ~waiting, is_active=True)
    return found.order_by("name", "email")


def staff_for(by: Staff, pk: int) -> Staff:
    """One person; NoSuchStaff when out of scope."""
    found = staff_in_scope(by).filter(pk=pk).first()
    if found is None:
        raise NoSuchStaff
    return found


def team_for(by: Staff, slug: str) -> Team:
    """One team to manage; NoSuchTeam when out of scope."""
    found = teams_in_scope(by).filter(slug=slug).select_related("organisation").first()
    if found is None:
        raise NoSuchTeam
    return found


def team_named(name: str) -> Team:
    """A team by its name in any case, or its slug; NoSuchTeam with the names there are."""
    found = Team.objects.filter(Q(name__iexact=name) | Q(slug=name)).first()
    if found is None:
        known = ", ".join(Team.objects.values_list("name", flat=True)[:20])
        raise NoSuchTeam(f"There is no team {name!r}. There are: {known}.")
    return found


def force_team() -> Team:
    """The team that every installation begins with."""
    return Team.objects.get(slug="force")


def organisations() -> QuerySet[Organisation]:
    return Organisation.objects.all()


def able_administrators() -> QuerySet[Staff]:
    """The administrators who can sign in, the one seen last first."""
    active = Staff.objects.filter(role=Role.ADMINISTRATOR, is_active=True).exclude(**UNSET)
    return active.order_by(F("last_seen_at").desc(nulls_last=True), "pk")


def unused_since(moment: object) -> QuerySet[Staff]:
    """Active accounts that nobody has used, joined or enabled since then. Demo accounts are left to demo mode."""
    used = Greatest("last_seen_at", "joined_at", "enabled_at")  # PostgreSQL passes over nulls
    return Staff.objects.filter(is_active=True, is_demo=False).annotate(used=used).filter(used__lt=moment)
