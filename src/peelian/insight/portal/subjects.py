"""Whose engagement is shown: the neighbourhoods and teams in a person's scope."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from peelian.accounts import queries as accounts
from peelian.accounts.models import Staff, Team
from peelian.core.errors import NotFound
from peelian.insight.portal.history import Kind
from peelian.places import queries as places
from peelian.places.models import Area


@dataclass(frozen=True)
class Subject:
    kind: Kind
    key: int
    code: str  # an area's code or a team's name in addresses
    name: str
    note: str = ""  # what it is, or where

    @property
    def url(self) -> str:
        return reverse(f"insight_staff:engagement_{self.kind}", args=[self.code])

    @property
    def area_id(self) -> int | None:
        return self.key if self.kind == "area" else None

    @property
    def team_id(self) -> int | None:
        return self.key if self.kind == "team" else None


def neighbourhoods(staff: Staff) -> list[Subject]:
    """By name."""
    within = accounts.scope_area_ids(staff)
    found = places.neighbourhoods()
    if within is not None:
        found = found.filter(pk__in=within)
    rows = found.select_related("parent").only("code", "name", "parent__name").order_by("name", "code")
    return [_area(one) for one in rows]


def teams(staff: Staff) -> list[Subject]:
    return [_team(one) for one in accounts.teams_in_scope(staff).select_related("organisation").order_by("name")]


def neighbourhood(staff: Staff, code: str) -> Subject:
    """Any administrative area in scope; NotFound."""
    return _area(places.area(code, within=accounts.scope_area_ids(staff)))


def team(staff: Staff, slug: str) -> Subject:
    found = accounts.teams_in_scope(staff).select_related("organisation").filter(slug=slug).first()
    if found is None:
        raise NotFound
    return _team(found)


def _area(one: Area) -> Subject:
    return Subject("area", one.pk, one.code, one.name, one.parent.name if one.parent else "")


def _team(one: Team) -> Subject:
    return Subject("team", one.pk, one.slug, one.name, one.organisation.name)
