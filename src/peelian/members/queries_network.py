"""Reads of key individual networks, for those who keep them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from peelian.accounts import queries as accounts
from peelian.accounts.models import Staff
from peelian.accounts.roles import Role
from peelian.core import clock
from peelian.core.errors import NotFound
from peelian.members.models import Group, KeyIndividual
from peelian.places import queries as places
from peelian.places.models import Area


def networks_for(staff: Staff) -> QuerySet[Group]:
    """The networks of the teams in the person's scope."""
    found = Group.objects.filter(network=True)
    if accounts.scope_area_ids(staff) is None:
        return found
    return found.filter(Q(team=None) | Q(team__in=accounts.teams_in_scope(staff)))


def keys_for(staff: Staff) -> QuerySet[KeyIndividual]:
    """The key individuals of those networks who live in the person's scope, whom to speak to first at the top."""
    found = KeyIndividual.objects.filter(group__in=networks_for(staff), member__left_at=None)
    scope = accounts.scope_area_ids(staff)
    if scope is not None:
        found = found.filter(member__area_id__in=scope)
    return found.select_related("member__area", "group", "keeper").order_by("next_contact", "pk")


def contacts_due(staff: Staff) -> QuerySet[KeyIndividual]:
    """Whom of them to speak to by now: of those the person keeps and those whom nobody keeps; of everybody's for
    whoever supervises."""
    due = keys_for(staff).filter(next_contact__lte=clock.today())
    return due if staff.role == Role.SUPERVISOR else due.filter(Q(keeper=staff) | Q(keeper=None))


def key_for(staff: Staff, pk: int) -> KeyIndividual:
    """One of them with the consent; NotFound when out of scope."""
    found = (
        keys_for(staff)
        .filter(pk=pk)
        .select_related(
            "member__area",
            "member__email",
            "member__mobile",
            "member__landline",
            "group",
            "keeper",
            "invitation__wording",
        )
    )
    one = found.first()
    if one is None:
        raise NotFound
    return one


@dataclass(frozen=True)
class Covered:
    """A ward or a community: how many key individuals, and how many of them we should have spoken to by now."""

    name: str
    people: int
    overdue: int

    @property
    def gap(self) -> str:
        """What is missing, in words; nothing where nothing is."""
        if not self.people:
            return "Nobody yet"
        return "All overdue" if self.overdue == self.people else ""


@dataclass(frozen=True)
class Coverage:
    wards: list[Covered]
    communities: list[Covered]
    people: int
    overdue: int

    def without(self, rows: list[Covered]) -> int:
        return sum(not row.people for row in rows)

    @property
    def empty_wards(self) -> int:
        return self.without(self.wards)

    @property
    def ward_count(self) -> str:
        return f"{len(self.wards):,}"

    @property
    def community_count(self) -> str:
        return f"{len(self.communities):,}"

    @property
    def empty_communities(self) -> int:
        return self.without(self.communities)


def coverage_for(staff: Staff) -> Coverage:
    """Where there is somebody whom we may ask, and where nobody. Communities are those that the networks mean to reach
    and those that somebody there knows; letter case does not tell them apart."""
    keys = list(keys_for(staff))
    wards = list(_wards(staff))
    by_ward = Counter(key.member.area_id for key in keys)
    late_by_ward = Counter(key.member.area_id for key in keys if key.overdue)
    names: dict[str, str] = {}
    for text in networks_for(staff).values_list("communities", flat=True):
        names |= {line.strip().casefold(): line.strip() for line in text.splitlines() if line.strip()}
    for key in keys:
        names.setdefault(key.community.casefold(), key.community)
    by_community = Counter(key.community.casefold() for key in keys)
    late_by_community = Counter(key.community.casefold() for key in keys if key.overdue)
    return Coverage(
        _gaps_first(Covered(ward.name, by_ward[ward.pk], late_by_ward[ward.pk]) for ward in wards),
        _gaps_first(Covered(name, by_community[at], late_by_community[at]) for at, name in names.items()),
        len(keys),
        sum(key.overdue for key in keys),
    )


def _wards(staff: Staff) -> QuerySet[Area]:
    found = places.current_areas().filter(kind__in=Area.ADMINISTRATIVE, children=None)
    scope = accounts.scope_area_ids(staff)
    return found if scope is None else found.filter(pk__in=scope)


def _gaps_first(rows: Iterable[Covered]) -> list[Covered]:
    return sorted(rows, key=lambda row: (row.people > 0, not row.gap, row.name))
