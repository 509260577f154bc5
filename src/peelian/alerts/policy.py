"""Who may send what by themselves, and who may decide for others. One place, in words that pages show as they are.

A person sends without a second one when the alert is not urgent, reaches at least five people and no more than their
role's cap (accounts.roles.CAP) and the installation's (PEELIAN_MOST_PEOPLE), and reaches only their own area. Own
area: every area that is included lies in the person's scope and every drawing lies inside it; a group counts as own
when it belongs to one of the person's teams; people who got an earlier alert count as that alert's audience does;
languages and everybody have no place, so they count as own only for somebody whose scope is the whole force, or where
an "only people in …" condition keeps them inside the scope.
"""

from __future__ import annotations

from typing import Any

import shapely
from django.conf import settings
from django.core.cache import cache

from peelian.accounts import queries as accounts
from peelian.accounts.models import Staff
from peelian.accounts.roles import CAP, Role
from peelian.alerts import errors
from peelian.alerts.audience import clauses_of
from peelian.alerts.errors import Reason
from peelian.alerts.models import Alert
from peelian.core.errors import RuleBroken
from peelian.members import queries as members
from peelian.members.models import Group
from peelian.places import queries as places
from peelian.places.geometry import drawn_polygon
from peelian.places.models import Area

FEW = 5  # fewer people than this could be pointed at
LARGE_FROM = 1_000  # people; fewer are never a large audience, however small the force
KEPT = 600  # seconds that the number of all members is remembered
SLACK = 1e-7  # degrees, about a centimetre: the grid on which shapes lie


def reasons(alert: Alert, *, by: Staff, people: int) -> list[Reason]:
    """Why BY may not send this alert to PEOPLE people alone; empty when they may."""
    found = []
    cap = min(CAP.get(by.role, 0), settings.PEELIAN_MOST_PEOPLE)
    if people > cap:
        found.append(Reason("cap", f"It reaches {people:,} people and your role may send to {cap:,} by itself."))
    if 0 < people < FEW:
        found.append(Reason("few", "It reaches fewer than 5 people, who could be recognised."))
    if alert.priority == Alert.Priority.URGENT:
        found.append(Reason("urgent", "It is urgent."))
    if not within_scope(alert.audience, by):
        found.append(Reason("outside", "It reaches people outside your own area."))
    return found


def reasons_told(alert: Alert, *, of: Staff, people: int) -> list[str]:
    """Why OF may not send this alert alone, for whoever decides on it."""
    theirs = {
        "cap": f"It reaches {people:,} people, more than {of} may send to alone.",
        "outside": f"It reaches people outside the area of {of}.",
    }
    return [theirs.get(reason.code, reason.sentence) for reason in reasons(alert, by=of, people=people)]


def is_large(people: int) -> bool:
    """Whether so many are so large a share of all members that the number has to be typed in words."""
    if people < LARGE_FROM:
        return False
    everybody = cache.get_or_set("alerts.everybody", members.count_reachable, KEPT)
    return people > (everybody or 0) * settings.PEELIAN_LARGE_SHARE / 100


def may_decide(alert: Alert, by: Staff) -> bool:
    """Whether BY may approve this alert or send it back."""
    return refusal(alert, by) is None


def refusal(alert: Alert, by: Staff) -> RuleBroken | None:
    """Why BY may not decide on this alert: the error to raise, or None."""
    if by.pk in (alert.author_id, alert.asked_by_id):
        return errors.OwnAlert()
    if not by.may("alerts.approve") or not covers_team(by, alert.team_id):
        return errors.NotYoursToApprove()
    if 0 < (alert.people or 0) < FEW and by.role != Role.SUPERVISOR:
        return errors.SupervisorNeeded()
    return None


def covers_team(by: Staff, team_id: int) -> bool:
    return accounts.teams_in_scope(by).filter(pk=team_id).exists()


def within_scope(stored: Any, by: Staff) -> bool:
    """Whether a stored audience reaches nobody outside BY's scope. An audience that cannot be read is outside."""
    scope = accounts.scope_area_ids(by)
    if scope is None:
        return True
    judge = _Scope(by, scope)
    given = [raw for raw in clauses_of(stored) if isinstance(raw, dict)]
    if any(raw.get("effect") == "must" and judge.is_place_inside(raw) for raw in given):
        return True
    included = [raw for raw in given if raw.get("effect") == "include"]
    return bool(included) and all(judge.is_inside(raw) for raw in included)


class _Scope:
    """A person's own area: ids of administrative areas, and their shape when a drawing has to be judged."""

    def __init__(self, by: Staff, ids: frozenset[int]) -> None:
        self.by, self.ids = by, ids
        self._shape: Any = None

    def is_inside(self, raw: dict[str, Any]) -> bool:
        values = [str(value) for value in raw.get("values") or []]
        if raw.get("kind") == "groups":
            own = accounts.teams_to_write_for(self.by).values("pk")
            return Group.objects.filter(slug__in=values, team__in=own).count() == len(set(values)) > 0
        if raw.get("kind") == "received":
            earlier = list(Alert.objects.filter(ref__in=values))
            return bool(earlier) and all(within_scope(alert.audience, self.by) for alert in earlier)
        return self.is_place_inside(raw)

    def is_place_inside(self, raw: dict[str, Any]) -> bool:
        if raw.get("kind") == "areas":
            codes = {str(value) for value in raw.get("values") or []}
            areas = list(places.current_areas().filter(code__in=codes))
            return len(areas) == len(codes) > 0 and all(self._holds_area(area) for area in areas)
        if raw.get("kind") == "everybody":
            force = places.force()
            return force is not None and force.pk in self.ids
        if raw.get("kind") == "polygon":
            try:
                return self._holds(drawn_polygon(raw.get("polygon") or {}))
            except ValueError:
                return False
        return False

    def _holds_area(self, area: Area) -> bool:
        """Administrative areas by the tree; the others, which lie across it, by their shape."""
        return area.pk in self.ids or (area.kind not in Area.ADMINISTRATIVE and self._holds(places.shape(area)))

    def _holds(self, shape: Any) -> bool:
        if self._shape is None:
            self._shape = _shape_of(self.by)
        return bool(shapely.covers(self._shape, shape))


def _shape_of(by: Staff) -> Any:
    """The union of the person's areas, wider by a grid step so that a line drawn along the border counts as inside."""
    return shapely.buffer(shapely.union_all([places.shape(area) for area in by.scope.all()]), SLACK)
