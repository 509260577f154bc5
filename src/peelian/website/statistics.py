"""How the force does, in public: whom it reaches, how people rate what it sends, whether it answers in time. For the
force and for each policing area, each figure with what it is of, in the order of the alphabet: these are no ranks."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext

from peelian.conversations import figures
from peelian.conversations.figures import DAYS, Kept
from peelian.core import wording
from peelian.places import queries as places
from peelian.places.models import Area
from peelian.priorities import queries as priorities
from peelian.website import neighbourhood
from peelian.website.neighbourhood import Rated, Reached


@dataclass(frozen=True)
class Place:
    """One row. What may not be told of it, or is not known, is None."""

    area: Area
    rated: Rated | None
    reached: Reached | None
    answered: Kept | None

    @property
    def rated_said(self) -> str:
        if self.rated is None:
            return gettext("too few to say")
        low, high = self.rated.between
        figures = {"mean": f"{self.rated.mean:.1f}", "low": low, "high": high, "base": wording.number(self.rated.base)}
        return gettext("%(mean)s of 6 (%(low)s to %(high)s), from %(base)s ratings") % figures

    @property
    def reached_said(self) -> str:
        if self.reached is None:
            return gettext("not known")
        found = {"members": wording.number(self.reached.members), "people": wording.number(self.reached.residents)}
        return gettext("%(members)s of %(people)s people") % found

    @property
    def answered_said(self) -> str:
        if self.answered is None:
            return gettext("too few to say")
        found = {"kept": wording.number(self.answered.kept), "base": wording.number(self.answered.base)}
        return gettext("%(kept)s of %(base)s in time") % found


def of_the_force() -> Place | None:
    """None before the force has an area."""
    force = places.force()
    return _place(force, figures.told_areas()) if force else None


def by_policing_area() -> list[Place]:
    told = figures.told_areas()
    return [_place(one, told) for one in places.current_areas(Area.Kind.POLICING_AREA).order_by("name")]


def _place(area: Area, told: frozenset[int]) -> Place:
    answered = figures.of_area(area) if area.pk in told else None
    return Place(
        area, neighbourhood.rated(area), neighbourhood.reached(area),
        answered if answered and answered.base >= figures.LEAST else None,
    )  # fmt: skip


@dataclass(frozen=True)
class Promised:
    """The public promises of the force. `kept` of `ended` were kept, wholly or in part."""

    kept: int
    ended: int
    open: int
    overdue: int


def promised() -> Promised | None:
    """None before anything was promised."""
    counts = priorities.counts()
    ended = counts["kept"] + counts["could_not"]
    return Promised(counts["kept"], ended, counts["open"], counts["overdue"]) if ended or counts["open"] else None


ANSWERED_OVER = DAYS
